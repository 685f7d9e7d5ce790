"""The container files: linted, without secrets, in step with the settings. Only an engine can show that they run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.house.sources import ROOT

DOCKER = ROOT / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "gisplatform"}
IMAGES = re.findall(r"^FROM (\S+)", (DOCKER / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


def test_hadolint_finds_nothing():
    hadolint = Path(sys.executable).parent / "hadolint"
    found = subprocess.run([hadolint, "--no-color", DOCKER / "Dockerfile"], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, "")


def test_every_setting_named_is_a_setting():
    listed = re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for service in OURS.values() for name in service["environment"]}
    named |= set(re.findall(r"\b(GISPLATFORM_\w+)=", (DOCKER / "Dockerfile").read_text(encoding="utf-8")))
    assert named <= set(listed)


def test_every_secret_is_asked_for_and_none_is_written():
    text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    example = dict(
        line.split("=", 1)
        for line in (DOCKER / "example.env").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    assert asked == example.keys() - {"COMPOSE_PROJECT_NAME"}
    assert {value for name, value in example.items() if name in asked} == {""}
    for secret in ("POSTGRES_PASSWORD", "SECRET_KEY"):
        assert f"${{{secret}:?" in text, f"{secret}: an empty one must stop the start"


@pytest.mark.parametrize(
    "image", [*IMAGES, *(each["image"] for each in SERVICES.values() if each["image"] != "gisplatform")]
)
def test_every_image_has_its_version(image):
    assert re.search(r":\d", image)
    assert "latest" not in image


def test_nothing_of_ours_runs_as_root():
    assert re.search(r"^USER \d+$", (DOCKER / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    for service in OURS.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"]
        assert "user" not in service


def test_what_stays_up_says_how_it_is():
    dockerfile = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    assert "HEALTHCHECK" in dockerfile
    for name, service in SERVICES.items():
        if service.get("restart") != "no" and name not in ("web", "live"):  # the image's own asks what both answer
            assert "test" in service["healthcheck"], name


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("kept_out", [".git", ".local", ".venv", "node_modules", "**/.env", "tests"])
def test_the_image_is_made_of_the_code_alone(kept_out):
    assert kept_out in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_what_the_image_copies_exists():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
