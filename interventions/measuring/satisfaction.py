"""How content requesters are: what they answered on their page, among the requests that are counted."""

from dataclasses import dataclass

from django.db.models import Count

from interventions.requests.models import Satisfaction
from interventions.requests.queries import ServiceRequestQuerySet


@dataclass(frozen=True)
class Answers:
    """How many answered so; `share` is of those who are content, in percent, None where nobody answered."""

    good: int = 0
    fair: int = 0
    poor: int = 0

    @property
    def given(self) -> int:
        return self.good + self.fair + self.poor

    @property
    def share(self) -> int | None:
        return round(100 * self.good / self.given) if self.given else None


def answers(requests: ServiceRequestQuerySet) -> Answers:
    """One query: from the answers, which are few, to their requests."""
    among = Satisfaction.objects.filter(request__in=requests.order_by().values("pk"))
    return Answers(**dict(among.values("mark").annotate(held=Count("pk")).order_by().values_list("mark", "held")))
