"""Bytes into text: what a file declares, what it shows, and only then a guess that is told."""

import codecs
import json
import re

from django.utils.translation import gettext as _

from gisplatform.errors import UnreadableFile
from layers.reading.source import OwnerMustSay

USUAL = "cp1252"  # what French Windows writes; latin-1 is its subset where letters are concerned
UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NOT_ASCII = re.compile(rb"[\x80-\xff]")


def known(encoding: str) -> str:
    """The codec's own name; raises UnreadableFile when Python knows none called so."""
    try:
        "".encode(encoding)  # Python also knows codecs of other things than text: hex, zip
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise OwnerMustSay(
            _("There is no encoding called “%(encoding)s”: try utf-8, cp1252 or latin-1.") % {"encoding": encoding},
            wish="encoding",
        ) from None


def decode(raw: bytes, *, encoding: str = "") -> tuple[str, str, bool]:
    """The text, its encoding, and whether that was guessed. Byte order marks and UTF-8 are recognised.

    Raises UnreadableFile when the bytes are no text in `encoding`, or in any we try.
    """
    tried = [known(encoding)] if encoding else [json.detect_encoding(raw), USUAL]
    for name in tried:
        try:
            return raw.decode(name).removeprefix("\ufeff"), name, name == USUAL and not encoding
        except UnicodeDecodeError:
            continue
    told = _("The file is no readable text in %(encoding)s: export it again in UTF-8.") % {"encoding": tried[-1]}
    raise OwnerMustSay(told, wish="encoding") if encoding else UnreadableFile(told)


def likely_encoding(raw: bytes) -> str:
    """The encoding that the bytes of a table show: "utf-8", "cp1252", or "" when they are plain ASCII.

    Letters of UTF-8 hardly ever occur by chance in another encoding, whereas a field cut to its width may break one.
    """
    letters = UTF8_LETTER.findall(raw)
    stray = len(NOT_ASCII.findall(raw)) - sum(map(len, letters))
    if not letters and not stray:
        return ""
    return "utf-8" if len(letters) >= stray else USUAL
