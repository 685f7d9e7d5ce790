"""The bell in the bar of every page: how many notifications its reader has not read."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gisplatform.models import User
from interventions.noticing.models import Notification
from interventions.noticing.queries import MOST_SAID


def unread(user: User) -> int:
    """How many, up to one more than is ever said. One query, beside those of the person's sight."""
    return Notification.objects.visible_to(user).unread().order_by()[: MOST_SAID + 1].count()


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `unread_notices`, asked of the database only where a page says it."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: unread(user)), "most_said": MOST_SAID}
