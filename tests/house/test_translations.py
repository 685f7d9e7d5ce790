"""Every word of a screen has its French, in the commit that adds it."""

import os
import re
import subprocess
import sys

import polib
import pytest

from tests.house.sources import ROOMS, ROOT, tracked


@pytest.fixture(scope="module", params=ROOMS)
def catalogue(request, tmp_path_factory):
    """A room's name, its French entries, and the msgids gettext finds in its sources."""
    room = request.param
    copy = tmp_path_factory.mktemp(room)
    for path in tracked(f"{room}/**.py", f"{room}/*.py", f"{room}/**.html", f"{room}/**.txt"):
        target = copy / path.relative_to(ROOT / room)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (copy / "locale").mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "fr", "-e", "html,py,txt"],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
        capture_output=True,
    )
    found = polib.pofile(str(copy / "locale/fr/LC_MESSAGES/django.po"))
    french = polib.pofile(str(ROOT / room / "locale/fr/LC_MESSAGES/django.po"))
    return room, french, found


def test_every_message_has_its_french(catalogue):
    room, french, found = catalogue
    known = {(entry.msgctxt, entry.msgid) for entry in french if entry.translated() and not entry.fuzzy}
    missing = [entry.msgid for entry in found if (entry.msgctxt, entry.msgid) not in known]
    assert missing == [], f"{room}: no French for these"


def test_no_french_is_left_over(catalogue):
    room, french, found = catalogue
    used = {(entry.msgctxt, entry.msgid) for entry in found}
    assert [entry.msgid for entry in french if (entry.msgctxt, entry.msgid) not in used] == [], f"{room}: unused"


def test_placeholders_survive_translation(catalogue):
    _room, french, _found = catalogue
    for entry in french:
        said = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + entry.msgid_plural))
        for text in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
            assert set(re.findall(r"%\(\w+\)[sd]", text)) <= said


def test_a_word_has_one_french_whatever_the_room():
    """Django looks in one room after the other: the word of the first would stand for both."""
    french: dict[tuple[str | None, str], dict[str, object]] = {}
    for room in ROOMS:
        for entry in polib.pofile(str(ROOT / room / "locale/fr/LC_MESSAGES/django.po")):
            said = (entry.msgstr, tuple(entry.msgstr_plural.values()))
            french.setdefault((entry.msgctxt, entry.msgid), {})[room] = said
    assert {key: rooms for key, rooms in french.items() if len(set(rooms.values())) > 1} == {}
