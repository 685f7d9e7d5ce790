"""Conditions that Django has no word for."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup


@SearchVectorField.register_lookup
class Matches(Lookup):
    """A vector and a tsquery already made of lexemes: a constant, so that the planner knows how rare it is."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        vector, before = self.process_lhs(compiler, connection)
        return f"{vector} @@ %s::tsquery", (*before, self.rhs)


class Among(Lookup):
    """A number and a list of numbers as one value, or an array the database asks itself for once.

    As many parameters as numbers would take longer to write than to answer; a join is read for each row.
    """

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        number, before = self.process_lhs(compiler, connection)
        numbers, after = self.process_rhs(compiler, connection)
        return f"{number} = ANY({numbers}::bigint[])", (*before, *after)
