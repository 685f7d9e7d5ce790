"""The bell in the bar of every page: how many notifications its reader has not read."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gisplatform.models import User
from interventions.noticing.models import Notification
from interventions.noticing.queries import MOST_SAID


def unread(user: User) -> int:
    """How many, up to one more than is ever said. One query, beside those of the person's sight."""
    return Notification.objects.visible_to(user).unread().order_by()[: MOST_SAID + 1].count()


def unread_beside(user: User, *, request_id: int) -> tuple[int, bool]:
    """How many there are beside those about this request, and whether any is about it. As many queries as `unread`."""
    first = ExpressionWrapper(Q(request=request_id), output_field=BooleanField())
    rows = Notification.objects.visible_to(user).unread().order_by(first.desc(nulls_last=True))
    found = list(rows.values_list("request_id", flat=True)[: MOST_SAID + 1])
    beside = len(found) - found.count(request_id)
    return beside, beside < len(found)


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `unread_notices`, asked of the database only where a page says it and did not ask before."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    known = getattr(user, "unread_notices", None)
    return {
        "unread_notices": SimpleLazyObject(lambda: unread(user)) if known is None else known,
        "most_said": MOST_SAID,
    }
