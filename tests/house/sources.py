"""The project's own files, as git knows them."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("gisplatform", "basemaps", "layers", "interventions")


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, or about to be, that match; paths from the top."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / line for line in sorted(set(listed.splitlines())) if (ROOT / line).is_file()]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each Python module of the rooms, parsed; migrations left out."""
    for path in tracked(*(f"{room}/**.py" for room in ROOMS), *(f"{room}/*.py" for room in ROOMS)):
        if "migrations" not in path.parts:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))
