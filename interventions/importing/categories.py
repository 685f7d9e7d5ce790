"""The categories a file names, found among ours or made."""

import unicodedata

from django.utils.text import slugify

from interventions.glossary.models import Category, Family

LONGEST_NAME = 120  # letters; what is longer is known by its beginning
LONGEST_FAMILY = 80


def plain(text: str) -> str:
    """As it is compared: without accents, capitals and doubled blanks."""
    marks = unicodedata.normalize("NFKD", text.strip())
    return " ".join("".join(each for each in marks if not unicodedata.combining(each)).casefold().split())


class CategoryBook:
    """Finds categories by their code or name; makes those that are missing when asked to.

    `family` is the name of the family of those that come without one.
    """

    def __init__(self, *, create: bool, family: str) -> None:
        self.create, self.family = create, family
        self.created: list[str] = []
        self._found: dict[str, Category] = {}
        for category in Category.objects.order_by("-id"):
            self._found[plain(category.name)] = category
        for category in self._found.copy().values():
            self._found[plain(category.code)] = category

    def find(self, name: str, family: str) -> Category | None:
        """The category of that code or name; None when it is unknown and none is to be made."""
        name = " ".join(name.split())[:LONGEST_NAME]
        key = plain(name)
        if key not in self._found and self.create and key:
            self._found[key] = self._make(name, " ".join(family.split())[:LONGEST_FAMILY] or self.family)
        return self._found.get(key)

    def _make(self, name: str, family: str) -> Category:
        families = {plain(each.name): each for each in Family.objects.order_by("-id")}
        home = families.get(plain(family)) or Family.objects.create(
            code=free_code(family, taken=set(Family.objects.values_list("code", flat=True))),
            name=family,
            position=len(families),
        )
        self.created.append(name)
        codes = set(Category.objects.values_list("code", flat=True))
        return Category.objects.create(family=home, code=free_code(name, taken=codes), name=name)


def free_code(name: str, *, taken: set[str]) -> str:
    """A code of at most 50 letters made of a name, with a number when another has it."""
    stem = slugify(name)[:50].strip("-_") or "x"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem[:46].rstrip('-')}-{number}", number + 1
    return code
