"""What the administrators have to say to everybody: a line at the top of the pages, for as long as they said."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from gisplatform.memo import Memo
from gisplatform.models import SiteMessage


def _unended() -> Sequence[SiteMessage]:
    still = Q(shown_until=None) | Q(shown_until__gt=timezone.now())
    return list(SiteMessage.objects.filter(still).order_by("-kind", "shown_from", "id"))


unended = Memo(_unended)


def announcements(request: HttpRequest) -> dict[str, Any]:
    """Context processor: those shown now; without an account, those meant for everybody."""
    user = getattr(request, "user", None)
    inside = user is not None and user.is_authenticated
    now = timezone.now()
    shown = [
        each
        for each in unended()
        if each.shown_from <= now and (each.shown_until is None or each.shown_until > now) and (inside or each.everyone)
    ]
    return {"announcements": shown}
