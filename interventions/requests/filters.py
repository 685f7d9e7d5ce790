"""Which requests a list shows: one set of filters for the page, its exports and the REST interface."""

import datetime
from typing import Any

from django import forms
from django.contrib.gis.db.models.aggregates import Union
from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from gisplatform.fields import BoxField, DayField
from interventions.requests.lifecycle import AWAITED, ENDED, OPEN, State
from interventions.requests.models import Channel, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from layers.models import Zone

# Words for several states at once, beside the states themselves.
GROUPS = {"open": OPEN, "ended": ENDED}
GROUP_LABELS = [("open", _("All open")), ("ended", _("All ended"))]
WORDS_AT_MOST = 8
NONE = "-"


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
    field_class = CodesField

    def filter(self, qs: ServiceRequestQuerySet, value: list[str] | None) -> ServiceRequestQuerySet:
        if not value:
            return qs
        among = Q(**{f"{self.field_name}__in": value})
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
    family = CodesFilter(label=_("Family"), field_name="category__family__code")
    category = CodesFilter(label=_("Category"), field_name="category__code")
    department = CodesFilter(label=_("Department"), field_name="department__code")
    authority = CodesFilter(label=_("Authority"), field_name="department__authority__code")
    zone = ZoneFilter(label=_("Zone"), method="in_zone")
    channel = filters.MultipleChoiceFilter(label=_("Origin"), choices=Channel.choices, widget=Words)
    received_from = DayFilter(label=_("Received from"), field_name="submitted_at", method="since")
    received_to = DayFilter(label=_("until"), field_name="submitted_at", method="until")
    closed_from = DayFilter(label=_("Closed from"), field_name="closed_at", method="since")
    closed_to = DayFilter(label=_("Closed until"), field_name="closed_at", method="until")
    q = filters.CharFilter(label=_("Words"), method="with_words")
    mine = filters.BooleanFilter(label=_("Logged by me"), method="logged_by_me")
    bbox = BoxFilter(label=_("Box"), method="in_box")

    class Meta:
        model = ServiceRequest
        fields: list[str] = []

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
        return requests.filter(geom_3857__intersects=box)

    def since(self, requests: ServiceRequestQuerySet, name: str, day: datetime.date) -> ServiceRequestQuerySet:
        return requests.filter(**{f"{name}__gte": midnight(day)})

    def until(self, requests: ServiceRequestQuerySet, name: str, day: datetime.date) -> ServiceRequestQuerySet:
        """That day included."""
        return requests.filter(**{f"{name}__lt": midnight(day + datetime.timedelta(days=1))})

    def logged_by_me(self, requests: ServiceRequestQuerySet, _name: str, mine: bool) -> ServiceRequestQuerySet:
        by_me = Q(author=self.request.user)
        return requests.filter(by_me) if mine else requests.exclude(by_me)

    def with_words(self, requests: ServiceRequestQuerySet, _name: str, words: str) -> ServiceRequestQuerySet:
        """Each word must stand somewhere; accents and capitals do not count."""
        columns = ["reference", "address__unaccent", "description__unaccent"]
        if self.request.user.may("see_requester"):
            columns += ["requester__name__unaccent", "requester__email", "requester__phone"]
        for word in words.split()[:WORDS_AT_MOST]:
            somewhere = Q()
            for column in columns:
                somewhere |= Q(**{f"{column}__icontains": word})
            requests = requests.filter(somewhere)
        return requests


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
