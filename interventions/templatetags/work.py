"""How an intervention is shown."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gisplatform.models import User
from gisplatform.templatetags.platform import icon
from interventions.requests.models import ServiceRequest
from interventions.work.lifecycle import State
from interventions.work.models import Intervention

register = template.Library()

# The drawing and the colour of the request's state that says the same.
LIKE = {
    State.TO_VALIDATE: "to_evaluate",
    State.TO_DO: "planned",
    State.IN_PROGRESS: "in_progress",
    State.DONE: "done",
    State.CANCELLED: "cancelled",
}


@register.simple_tag
def work_badge(state: str) -> SafeString:
    like = LIKE[State(state)]
    drawing = icon(like.replace("_", "-"))
    return format_html('<span class="badge" data-state="{}">{}{}</span>', like, drawing, State(state).label)


@register.inclusion_tag("contractor/of_request.html")
def interventions_of(request: ServiceRequest, user: User) -> dict[str, Any]:
    """What was ordered for a request, the latest first, as this person may see it. One query."""
    rows = Intervention.objects.visible_to(user).filter(requests=request)
    return {"interventions": rows.select_related("executed_by").order_by("-id"), "may_open": user.may("work_request")}
