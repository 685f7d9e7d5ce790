"""The words of an address as they are compared: small letters, no accents, nothing written for short."""

import re
import unicodedata
from functools import lru_cache

# What people and files write for short, as a whole word.
SHORT = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "boul": "boulevard", "bvd": "boulevard", "car": "carrefour", "cdt": "commandant", "ch": "chemin", "che": "chemin",
    "chem": "chemin", "col": "colonel", "crs": "cours", "dr": "docteur", "esp": "esplanade", "fbg": "faubourg",
    "fg": "faubourg", "gal": "general", "gen": "general", "ham": "hameau", "imp": "impasse", "lot": "lotissement",
    "lt": "lieutenant", "mal": "marechal", "pass": "passage", "pdt": "president", "pl": "place", "pr": "professeur",
    "prof": "professeur", "prom": "promenade", "qu": "quai", "r": "rue", "res": "residence", "rte": "route",
    "sq": "square", "st": "saint", "ste": "sainte", "za": "zone artisanale", "zi": "zone industrielle",
}  # fmt: skip
# Words that many names share: they tell two streets apart when nothing else does, and find none by themselves.
COMMON = frozenset({
    "a", "allee", "au", "aux", "avenue", "boulevard", "carrefour", "chemin", "cite", "clos", "cours", "d", "de", "des",
    "du", "en", "esplanade", "et", "faubourg", "hameau", "impasse", "l", "la", "le", "les", "lotissement", "passage",
    "place", "point", "pont", "promenade", "quai", "residence", "rond", "route", "rue", "ruelle", "sentier", "square",
    "sur", "venelle", "voie",
})  # fmt: skip
WHOLE = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
NOT_WORD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def compared(text: str) -> str:
    """The words of a text with one space between them: "12, Av. du Mal-Foch" is "12 avenue du marechal foch"."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(WHOLE))
    plain = NOT_WORD.sub(" ", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return " ".join(SHORT.get(word, word) for word in plain.split())
