"""How the state of a request is shown: its word, its drawing, and the colour of its family (components.css)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gisplatform.templatetags.platform import icon
from interventions.requests.lifecycle import State

register = template.Library()


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """`{% state_badge request.state %}`"""
    drawing = icon(state.replace("_", "-"))
    return format_html('<span class="badge" data-state="{}">{}{}</span>', state, drawing, State(state).label)
