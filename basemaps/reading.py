"""What a typed address may mean: words, a house number, a postcode. Nothing is looked up here."""

import re
from dataclasses import dataclass

from basemaps.words import COMMON, compared

MOST = 4  # readings of one text

# A house number anywhere in a text: "12", "12 bis", "12b", "n° 12", "12-14"; the d of "12 d'Auge" is not a part of it,
# nor the r of "12 r. Froide".
NUMBER = re.compile(
    r"(?<!\S)(?:n[°o]\.?\s*)?([1-9]\d{0,3})(?:[-/]\d{1,4})?(?:\s*(bis|ter|quater|quinquies|[a-qs-z]))?(?=[\s,]|$)",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"(?<!\S)\d{5}(?=[\s,]|$)")
LETTER = re.compile(r"[^\W\d]")


@dataclass(frozen=True)
class Reading:
    """`words` as they are compared; `number` None when this reading has none; `written` is the number as typed."""

    words: str
    number: int | None = None
    suffix: str = ""
    written: str = ""
    postcode: str = ""

    @property
    def query(self) -> str:
        """For the index of words: each that is not common, or its beginning; all when all are common. "" of none."""
        words = self.words.split()
        told = [word for word in words if word not in COMMON] or words
        return " & ".join(f"{word}:*" for word in told)

    @property
    def told(self) -> str:
        """The words that are not common, all when all are."""
        return " ".join(word for word in self.words.split() if word not in COMMON) or self.words


def readings(text: str) -> list[Reading]:
    """As typed first, then without each number that may be a house's; [] when it holds no word.

    "12 avenue du 6 juin" is a name with a 12 and a 6 in it, or number 12 of a name, or number 6 of another.
    """
    postcode = ""
    if LETTER.search(text) and (found := POSTCODE.search(text)):
        postcode, text = found[0], POSTCODE.sub(" ", text)
    read = [Reading(words=compared(text), postcode=postcode)]
    for match in NUMBER.finditer(text):
        rest = compared(text[: match.start()] + " " + text[match.end() :])
        written = " ".join(filter(None, match.groups()))
        read.append(Reading(rest, int(match[1]), compared(match[2] or ""), written, postcode))
    return [each for each in read[:MOST] if each.words]
