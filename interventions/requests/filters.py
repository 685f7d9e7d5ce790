"""Which requests a list shows: one set of filters for the page, its exports and the REST interface."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.gis.db.models.aggregates import Union
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import F, Q, Subquery
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from gisplatform.fields import BoxField, DayField
from gisplatform.geo import around_in_storage
from gisplatform.models import Department
from interventions.events.models import Event
from interventions.glossary.models import Category
from interventions.requests import search
from interventions.requests.lifecycle import AWAITED, ENDED, OPEN, State
from interventions.requests.lookups import Among
from interventions.requests.models import Channel, Requester, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from layers.models import Zone

# Words for several states at once, beside the states themselves.
GROUPS = {"open": OPEN, "ended": ENDED}
GROUP_LABELS = [("open", _("All open")), ("ended", _("All ended"))]
NONE = "-"
# Machines that date what they send may be behind each other; nothing is closed longer before it is received.
CLOCKS_DIFFER = datetime.timedelta(days=1)


class Words(forms.SelectMultiple):
    """Several words: the name repeated, or once with commas between."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = super().value_from_datadict(data, files, name) or []
        return [word for value in values for word in value.split(",") if word]


class CodesField(forms.Field):
    """Codes; `-` stands for those that have none."""

    widget = Words

    def clean(self, value: list[str]) -> list[str]:
        for code in value:
            validate_slug(code)
        return value


class ZoneField(forms.CharField):
    """`layer:code`, as in `poles:rive-droite`."""

    def clean(self, value: Any) -> tuple[str, str] | None:
        layer, colon, code = super().clean(value).partition(":")
        if not layer and not colon:
            return None
        if not (layer and code):
            raise ValidationError(_("Write a zone as layer:code."))
        return layer, code


class CodesFilter(filters.Filter):
    """Requests whose `field_name` is a row of `model` with one of these codes in its column `by`.

    The database finds their ids first, so that an index which begins with them leads along the order of the list.
    """

    field_class = CodesField

    def __init__(self, *, model: type[Category | Department], by: str = "code", **facts: Any) -> None:
        super().__init__(**facts)
        self.told_by, self.by = model, by

    def filter(self, qs: ServiceRequestQuerySet, value: list[str] | None) -> ServiceRequestQuerySet:
        if not value:
            return qs
        ids = self.told_by.objects.filter(**{f"{self.by}__in": value}).values("pk")
        if len(value) == 1 and self.by == "code":
            among = Q(**{self.field_name: Subquery(ids)})
        else:
            among = Q(Among(F(f"{self.field_name}_id"), ArraySubquery(ids)))
        return qs.filter(among | Q(**{f"{self.field_name}__isnull": True}) if NONE in value else among)


class DayFilter(filters.Filter):
    field_class = DayField


class ZoneFilter(filters.Filter):
    field_class = ZoneField


class BoxFilter(filters.Filter):
    field_class = BoxField


class RequestFilter(filters.FilterSet):
    """Give it `queryset=…visible_to(user)` and the HTTP `request`: who asks decides where `q` may look."""

    state = filters.MultipleChoiceFilter(
        label=_("State"), choices=[*GROUP_LABELS, *State.choices], method="in_states", widget=Words
    )
    late = filters.BooleanFilter(label=_("Late"), method="past_their_date")
    family = CodesFilter(label=_("Family"), field_name="category", model=Category, by="family__code")
    category = CodesFilter(label=_("Category"), field_name="category", model=Category)
    department = CodesFilter(label=_("Department"), field_name="department", model=Department)
    authority = CodesFilter(label=_("Authority"), field_name="department", model=Department, by="authority__code")
    zone = ZoneFilter(label=_("Zone"), method="in_zone")
    # Every request is there once: DISTINCT would read them all.
    channel = filters.MultipleChoiceFilter(label=_("Origin"), choices=Channel.choices, widget=Words, distinct=False)
    received_from = DayFilter(label=_("Received from"), field_name="submitted_at", method="since")
    received_to = DayFilter(label=_("until"), field_name="submitted_at", method="until")
    closed_from = DayFilter(label=_("Closed from"), field_name="closed_at", method="since")
    closed_to = DayFilter(label=_("Closed until"), field_name="closed_at", method="ended_until")
    q = filters.CharFilter(label=_("Words"), method="with_words")
    mine = filters.BooleanFilter(label=_("Logged by me"), method="logged_by_me")
    unreached = filters.BooleanFilter(label=_("Requester not reached"), method="not_reached")
    rerouted = filters.NumberFilter(label=_("Moved by the rules"), method="moved_by_pass", min_value=1)
    bbox = BoxFilter(label=_("Box"), method="in_box")

    class Meta:
        model = ServiceRequest
        fields: list[str] = []

    def span(self, order: str) -> ServiceRequestQuerySet:
        """All requests, anybody's, between the dates that bound this order: what a page is looked for in."""
        days, found = self.form.cleaned_data, ServiceRequest.objects.all()
        if order != "latest":
            return found
        if days.get("received_from"):
            found = self.since(found, "submitted_at", days["received_from"])
        if days.get("received_to"):
            found = self.until(found, "submitted_at", days["received_to"])
        return found.filter(received_by(days["closed_to"])) if days.get("closed_to") else found

    def in_states(self, requests: ServiceRequestQuerySet, _name: str, words: list[str]) -> ServiceRequestQuerySet:
        if not words:
            return requests
        return requests.filter(state__in={state for word in words for state in GROUPS.get(word, (word,))})

    def past_their_date(self, requests: ServiceRequestQuerySet, _name: str, late: bool) -> ServiceRequestQuerySet:
        overdue = Q(due_at__lt=Now(), state__in=AWAITED)
        return requests.filter(overdue) if late else requests.exclude(overdue)

    def in_zone(self, requests: ServiceRequestQuerySet, _name: str, zone: tuple[str, str]) -> ServiceRequestQuerySet:
        """Those that meet the zone in force today, its border included."""
        layer, code = zone
        shape = (
            Zone.objects.in_force(timezone.localdate())
            .filter(version__layer__code=layer, code=code)
            .values("version_id")
            .annotate(whole=Union("geom"))
            .values("whole")
        )
        # A scalar sub-select: PostgreSQL reads the zone once, then the requests through their GiST index.
        return requests.filter(geom__intersects=shape)

    def in_box(self, requests: ServiceRequestQuerySet, _name: str, box: Polygon) -> ServiceRequestQuerySet:
        around = around_in_storage(box)
        near = requests.filter(geom__bboverlaps=around) if around else requests  # the index is on these places
        return near.filter(geom_3857__intersects=box)

    def since(self, requests: ServiceRequestQuerySet, name: str, day: datetime.date) -> ServiceRequestQuerySet:
        return requests.filter(**{f"{name}__gte": midnight(day)})

    def until(self, requests: ServiceRequestQuerySet, name: str, day: datetime.date) -> ServiceRequestQuerySet:
        """That day included."""
        return requests.filter(**{f"{name}__lt": midnight(day + datetime.timedelta(days=1))})

    def ended_until(self, requests: ServiceRequestQuerySet, name: str, day: datetime.date) -> ServiceRequestQuerySet:
        """That day included."""
        return self.until(requests, name, day).filter(received_by(day))

    def logged_by_me(self, requests: ServiceRequestQuerySet, _name: str, mine: bool) -> ServiceRequestQuerySet:
        by_me = Q(author=self.request.user)
        return requests.filter(by_me) if mine else requests.exclude(by_me)

    def not_reached(self, requests: ServiceRequestQuerySet, _name: str, unreached: bool) -> ServiceRequestQuerySet:
        """Those whose requester nothing reaches; told to who may see requesters."""
        if not self.request.user.may("see_requester"):
            return requests.none() if unreached else requests
        lost = Requester.objects.filter(unreached_at__isnull=False).values("pk")
        among = Q(Among(F("requester_id"), ArraySubquery(lost)))
        return requests.filter(among if unreached else ~among | Q(requester=None))

    def moved_by_pass(self, requests: ServiceRequestQuerySet, _name: str, number: Decimal) -> ServiceRequestQuerySet:
        """Those that one re-routing gave to another department, wherever they are now."""
        return requests.filter(pk__in=Event.objects.filter(rerouting_id=int(number)).values("request_id"))

    def with_words(self, requests: ServiceRequestQuerySet, _name: str, words: str) -> ServiceRequestQuerySet:
        """Each word stands somewhere (`interventions.requests.search`)."""
        return requests.filter(search.matching(words, people=self.request.user.may("see_requester")))


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def received_by(closed_on: datetime.date) -> Q:
    """What was closed by that day had been received: a bound for the order of the list."""
    return Q(submitted_at__lt=midnight(closed_on + datetime.timedelta(days=1) + CLOCKS_DIFFER))
