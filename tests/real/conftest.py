"""What the tests on real data share."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def workplace(monkeypatch, tmp_path) -> Path:
    """Where temporary files go, to see whether any stays."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place
