"""Words typed above a list: looked for in what a request says and, for who may see them, in who asked.

What a request says is its reference, address, description, and the names of its category and family. A word is looked
for by its French stem, without accents or capitals, so that "lampadaires" finds "lampadaire"; the last one, perhaps
unfinished, also by how it begins. What is quoted, or written together ("2026-000123", "porte-vélo", "02 31 00"), must
stand together. Who asked is found by any three letters or figures of a name, an e-mail address or a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from gisplatform import sql
from interventions.requests.lookups import Among
from interventions.requests.reference import is_reference

TERMS_AT_MOST = 8
BEGINNING_FROM = 3  # letters: what begins with fewer is half of the language
ENDING = 4  # letters a stem may be shorter than a word half typed: "reparatio" is a beginning of "réparation", "repar"
PERSON_FROM = 3  # letters or figures: what the index of who asked is made of
PEOPLE_AT_MOST = 25_000  # told by their ids; more are looked at with their requests

# A quotation (to its end, or to the end of what is typed so far), a telephone number in pairs, or a word.
TYPED = re.compile(
    r"""["«“](?P<quoted>[^"»”]*)["»”]?
      | (?<!\S)(?P<number>(?:(?:\+|00)33[ .]?\d|\d\d)(?:[ .]\d\d){2,4})(?!\S)
      | (?P<word>[^\s'’"«“]+)""",
    re.VERBOSE,
)
PARTS = re.compile(r"[^\W_]+")
ABROAD = re.compile(r"(?:\+|00)33(?=\d{9}$)")  # France as dialled from elsewhere


@dataclass(frozen=True)
class Term:
    """One thing that must stand somewhere."""

    stem: str  # for PostgreSQL's to_tsquery, which makes stems of its words
    letters: str  # for to_tsquery too, to be looked for as it is written
    person: str  # what to look for in who asked, "" when that is too short


def matching(typed: str, *, people: bool) -> Q:
    """The condition that each word stands somewhere, in who asked too with `people`. One statement.

    Words that say nothing ("de la") ask for nothing. A whole reference is that request, not those that mention it.
    """
    if is_reference(typed.strip()):
        return Q(reference=typed.strip())
    terms = list(_terms(typed))[:TERMS_AT_MOST]
    parameters: dict[str, Any] = {
        "stems": [term.stem for term in terms],
        "letters": [term.letters for term in terms],
        "people": [term.person if people else "" for term in terms],
        "most": PEOPLE_AT_MOST + 1,
    }
    said: list[str] = []
    asked = Q()
    for row in sql.rows(sql.load("interventions.requests", "words"), parameters) if terms else []:
        if row["people"] is None:
            said.append(row["query"])
        elif len(row["people"]) <= PEOPLE_AT_MOST:
            asked &= Q(words__matches=row["query"]) | Q(Among(F("requester_id"), row["people"]))
        else:
            asked &= Q(words__matches=row["query"]) | Q(requester__person__contains=row["person"])
    # Each for itself, those of fewest stems first: the index goes from one to the next of what has the first word, and
    # looks there for the others. Joined by & they would all be read to their ends.
    for query in sorted(said, key=len):
        asked &= Q(words__matches=query)
    return asked


def _terms(typed: str) -> Iterator[Term]:
    pieces = [piece for piece in TYPED.finditer(typed.lower()) if PARTS.search(piece[0])]
    for piece in pieces:
        text = piece["word"] or piece["number"] or piece["quoted"]
        *before, word = PARTS.findall(text)
        unfinished = piece is pieces[-1] and piece["quoted"] is None
        stem, letters = " <-> ".join([*before, word]), ""
        if unfinished and (len(word) >= BEGINNING_FROM or (before and word.isdigit())):
            if word.isalpha() and not before:
                letters = _beginnings(word)
            else:
                stem += ":*"
        if word.isdigit() and not before and (len(pieces) == 1 or len(word) >= BEGINNING_FROM):
            stem += f" | {word:0>6}"  # as it stands in references
        sought = ABROAD.sub("0", re.sub(r"[ .]", "", text) if piece["number"] else text.strip(".,;:!?()"))
        yield Term(stem=stem, letters=letters, person=sought if len(sought) >= PERSON_FROM else "")


def _beginnings(word: str) -> str:
    """What begins so, or may be the stem of a word that does."""
    stems = [word[:length] for length in range(max(BEGINNING_FROM, len(word) - ENDING), len(word))]
    return " | ".join([f"{word}:*", *stems])
