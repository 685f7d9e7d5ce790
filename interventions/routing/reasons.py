"""How reasons are kept: as written, found by their content."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import models

from gisplatform.models import Department

if TYPE_CHECKING:
    from interventions.routing.models import Reason

BY_HAND = UUID("0d0c6b0e-8a53-4d0f-9a55-5f1b4b3a7c21")  # the space of the digests of what people decided


class WrittenJSON(models.JSONField):
    """JSON kept as the text it was written as: what is never searched need not be taken apart to be stored."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:  # noqa: ARG002
        return value  # psycopg has read it


class ReasonQuerySet(models.QuerySet["Reason"]):
    def by_hand(self, *, department: Department, words: str) -> "Reason":
        """The reason of a person: this department, with their words. Made unless it is known."""
        trace = {"candidates": [], "reason": words}
        digest = uuid5(BY_HAND, json.dumps([department.pk, words]))
        return self.get_or_create(digest=digest, defaults={"department": department, "trace": trace})[0]
