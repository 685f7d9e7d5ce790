"""What somebody asks figures of: the filters of the list, over a period."""

import datetime
from dataclasses import dataclass, field
from typing import Self

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from gisplatform.pages import SignedIn
from interventions.measuring.period import USUAL_DAYS, Period
from interventions.measuring.queries import Row
from interventions.requests.filters import NONE, RequestFilter
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet

# What an address of figures holds beside the filters; and filters that the figures themselves are told by.
OWN = ("by", "layer", "measure", "shown", "format")
TOLD_BY = ("state", "late", "closed_from", "closed_to", "cursor", "sort")
PERIOD = ("received_from", "received_to")
# How a count is asked of the list.
MEASURED = {"received": {}, "open": {"state": "open"}, "late": {"late": "true"}, "closed": {"state": "ended"}}


@dataclass(frozen=True)
class Asked:
    """`query` holds the filters without the period; `errors` are sentences, and then nothing is counted."""

    request: SignedIn
    query: QueryDict
    period: Period
    errors: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: SignedIn, *, today: datetime.date) -> Self:
        """The last thirty days when the address names no day."""
        query = request.GET.copy()
        for name in (*OWN, *TOLD_BY):
            query.pop(name, None)
        read = RequestFilter(query, queryset=ServiceRequest.objects.none(), request=request)
        errors = [str(found[0]) for found in read.form.errors.values()]
        days = read.form.cleaned_data if read.is_bound else {}
        start, end = (days.get(name) for name in PERIOD)
        end = end or max(today, start or today)
        start = start or end - datetime.timedelta(days=USUAL_DAYS - 1)
        if start > end:
            errors.append(_("The period ends before it begins."))
        for name in PERIOD:
            query.pop(name, None)
        return cls(request, query, Period(start, end) if start <= end else Period.last(USUAL_DAYS, today=today), errors)

    def requests(self, period: Period | None = None, *, column: str = "received") -> ServiceRequestQuerySet:
        """Those asked for that this person sees, received (or `closed`) in the period, this one by default."""
        visible = ServiceRequest.objects.visible_to(self.request.user)
        if self.errors:
            return visible.none()
        found = RequestFilter(
            self.with_words((period or self.period).as_filter(column)), queryset=visible, request=self.request
        )
        return found.qs

    def with_words(self, words: dict[str, str]) -> QueryDict:
        query = self.query.copy()
        for name, value in words.items():
            query[name] = value
        return query

    def address(self, **words: str) -> str:
        """The same filters and period, with these words: a query string that begins with "?"."""
        return "?" + self.with_words({**self.period.as_filter("received"), **words}).urlencode()

    def list_url(self, *, measure: str = "received", **words: str) -> str:
        """The list of the requests that were counted."""
        return reverse("requests") + self.address(**MEASURED[measure], **words)

    def row_urls(self, row: Row, *, by: str, layer: str) -> dict[str, str]:
        """The lists a row was counted from, by measure; {} where the list has no such filter."""
        if by == "zone":
            # The list is asked for one zone at a time.
            if row.key is None or self.query.get("zone"):
                return {}
            words = {"zone": f"{layer}:{row.key}"}
        else:
            words = {by: row.key or NONE}
        return {
            measure: self.list_url(measure=measure, **words)
            for measure in MEASURED
            if by != "state" or measure == "received"
        }
