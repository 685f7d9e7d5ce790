"""The identifiers of the national base that a row gives of its commune, its street and itself.

Whether they fit each other is all that can be told here: which commune has which is in the national base. Two
addresses that pass for one would overwrite each other, so those that contradict themselves are refused.
"""

import re
from uuid import UUID

from django.utils.translation import gettext as _

UID = re.compile(r"@([cva]):(\S*)")  # how BAL 1.3 put the three into one cell
NAMES = {"ban_city": "id_ban_commune", "ban_street": "id_ban_toponyme", "ban_address": "id_ban_adresse"}
LETTERS = {"c": "ban_city", "v": "ban_street", "a": "ban_address"}


class BadIdentifiers(ValueError):
    """They are no identifiers, or contradict each other."""


def of(said: dict[str, str]) -> str:
    """What the address is known by, "" when by its street and number only; raises BadIdentifiers."""
    given = {name: said[name] for name in NAMES if said.get(name)}
    given |= {LETTERS[letter]: text for letter, text in UID.findall(said.get("uid", ""))}
    for name, text in given.items():
        if not _is_uuid(text):
            raise BadIdentifiers(_("%(name)s: “%(text)s” is no UUID.") % {"name": NAMES[name], "text": text})
    if len(set(map(str.lower, given.values()))) < len(given):
        raise BadIdentifiers(_("One identifier stands for two things: commune, street or address."))
    if "key" in said or "uid" in said:
        known = [name in given for name in NAMES]
        if known != sorted(known, reverse=True):
            raise BadIdentifiers(_("An address is identified within a street, and a street within a commune."))
    return given.get("ban_address", said.get("id", "")).lower()[:60]


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
