"""What every template may use without loading it."""

import datetime
import json

from django import template
from django.conf import settings
from django.template.base import NodeList
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from gisplatform import moments, statics

register = template.Library()

# What would end the script element early, or open a comment in it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of our sprite; silent for screen readers unless it has a `label`."""
    address = static("gisplatform/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, address, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name)


@register.simple_tag
def vendor(package: str, file: str) -> str:
    """The address of a vendor's file, without its version."""
    return static(statics.vendor(package, file))


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """The names our modules import each other by. Once a page, before its first module."""
    names = json.dumps({"imports": statics.import_map()}).translate(ESCAPES)
    nonce = context["request"].csp_nonce
    # The map holds our own file names only, and what could leave the element is escaped above.
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(names))  # noqa: S308


@register.simple_tag(takes_context=True)
def live(context: Context, name: str, *args: str) -> str:
    """Where the news of a page come from and begin, as attributes of its body; nothing where pages do not follow."""
    if not settings.LIVE:
        return ""
    after = getattr(context.get("request"), "live_after", "")
    return format_html(' data-live="{}" data-live-after="{}"', reverse(name, args=args), after)


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """What the page put in `block title`, a second time: a template may name a block only once."""
    return BlockNode("title", NodeList()).render(context).strip()


@register.filter(expects_localtime=False)
def day(moment: datetime.datetime | datetime.date | None, shape: str) -> str:
    """`{{ due_at|day:"l j F" }}`: « dimanche 1er mars »; empty for None."""
    return moments.day(moment, shape) if moment else ""


@register.filter(expects_localtime=False)
def ago(moment: datetime.datetime | datetime.date | None) -> str:
    """« hier 14 h 05 », with the full date on hover; empty for None."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        moments.in_full(moment),
        moments.in_words(moment, now=timezone.now()),
    )


@register.filter
def grouped(number: int) -> str:
    """`{{ count|grouped }}`: « 1 000 000 »."""
    return number_format(number, force_grouping=True)
