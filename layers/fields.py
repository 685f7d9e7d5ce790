"""Which attributes are the code and the name of a zone: those asked for, else those that are usually called so."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from layers.reading.source import OwnerMustSay

Attributes = list[dict[str, Any]]

CODES = (
    "code", "code_zone", "codezone", "code_insee", "codeinsee", "insee", "insee_com", "inseecom", "insee_code",
    "code_commune", "codgeo", "code_geo", "c_qu", "c_ar", "code_qu", "code_secteur", "code_quartier", "id_zone",
    "zone_id", "idzone", "ref", "reference", "identifiant", "numero", "num", "no", "id", "gml_id", "objectid", "fid",
)  # fmt: skip
NAMES = (
    "name", "nom", "nom_zone", "nomzone", "nom_officiel", "nom_com", "nom_commune", "libelle", "libelle_zone",
    "libgeo", "lib", "label", "intitule", "titre", "title", "toponyme", "designation", "nom_quartier", "quartier",
    "secteur", "commune", "l_qu", "l_ar", "pole",
)  # fmt: skip
LONGEST_CODE, LONGEST_NAME = 60, 200


@dataclass(frozen=True)
class Named:
    """Code and name by index; `refused` says why a line has none. `code_field` is "" where codes were made up."""

    codes: list[str]
    names: list[str]
    refused: dict[int, str]
    code_field: str
    name_field: str
    notes: list[str]


def named(attributes: Attributes, *, kept: list[int], code_field: str = "", name_field: str = "") -> Named:
    """Codes and names of the lines `kept` (indexes); raises OwnerMustSay when a field asked for does not exist."""
    fields = list(dict.fromkeys(name for index in kept for name in attributes[index]))
    name_field = _asked(name_field, fields, wish="name_field") or _usual(NAMES, fields, attributes, kept)
    code_field = _asked(code_field, fields, wish="code_field") or _usual(CODES, fields, attributes, kept)
    notes = []
    taken_from = code_field or (name_field if _tells_apart(name_field, attributes, kept) else "")
    if not code_field:
        notes.append(
            _("No field holds codes: the names serve as codes, unless you name another field.")
            if taken_from
            else _("No field holds codes: zones are numbered by their line, unless you name a field.")
        )
    codes, names, refused = [""] * len(attributes), [""] * len(attributes), {}
    for index in kept:
        code = _text(attributes[index].get(taken_from)) if taken_from else str(index + 1)
        if not code:
            refused[index] = _("its code (%(field)s) is empty") % {"field": taken_from}
        elif len(code) > LONGEST_CODE:
            refused[index] = _("its code is longer than %(number)s characters") % {"number": LONGEST_CODE}
        codes[index] = code
        names[index] = (_text(attributes[index].get(name_field)) or code)[:LONGEST_NAME]
    return Named(codes, names, refused, code_field, name_field, notes)


def _asked(wanted: str, fields: list[str], *, wish: str) -> str:
    if not wanted or wanted in fields:
        return wanted
    same = [field for field in fields if field.casefold() == wanted.casefold()]
    if len(same) == 1:
        return same[0]
    raise OwnerMustSay(
        _("The layer has no field “%(wanted)s”. Its fields: %(fields)s.")
        % {"wanted": wanted, "fields": ", ".join(fields)[:500] or "–"},
        wish=wish,
        choices=fields,
    )


def _usual(usual: tuple[str, ...], fields: list[str], attributes: Attributes, kept: list[int]) -> str:
    """The field of the most usual name: one that tells zones apart if there is, else one that most zones fill."""
    plain = {_bare(field): field for field in reversed(fields)}
    candidates = [plain[name] for name in usual if name in plain]
    for candidate in candidates:
        if _tells_apart(candidate, attributes, kept):
            return candidate
    for candidate in candidates:
        if sum(bool(_text(attributes[index].get(candidate))) for index in kept) * 2 > len(kept):
            return candidate
    return ""


def _tells_apart(field: str, attributes: Attributes, kept: list[int]) -> bool:
    values = [_text(attributes[index].get(field)) for index in kept]
    return all(values) and len(set(values)) == len(values) and max(map(len, values), default=0) <= LONGEST_CODE


def _bare(field: str) -> str:
    """ "Libellé" and "LIBELLE" are one name."""
    letters = unicodedata.normalize("NFKD", field.strip().casefold()).replace(" ", "_").replace("-", "_")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _text(value: Any) -> str:
    """A code or a name as text: 14118.0 is "14118", lists and yes/no are none."""
    match value:
        case bool() | None | dict() | list():
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()
