"""Which notifications, for whom, and what waits for somebody whether they were told or not."""

import datetime
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import Count, Q

from gisplatform.models import User
from interventions.requests.lifecycle import UNDECIDED
from interventions.requests.models import ServiceRequest
from interventions.work.models import Intervention

MOST_SAID = 99  # beyond it a bell says « 99+ »


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """This person's, without what they may not see any more."""
        requests = ServiceRequest.objects.visible_to(user).order_by()
        interventions = Intervention.objects.visible_to(user).order_by()
        return self.filter(
            Q(rerouting__isnull=False)
            | Q(request__in=requests.values("pk"))
            | Q(request=None, intervention__in=interventions.values("pk")),
            person=user,
        )

    def unread(self) -> Self:
        return self.filter(read_at=None, overtaken=False)

    def with_names(self) -> Self:
        """With all that a line names. Two queries, and one more where a re-routing is among them."""
        served = ServiceRequest.objects.select_related("category").defer("geom", "geom_3857").order_by("id")
        return (
            self.select_related(
                "event__actor", "request__category", "rerouting__version__layer", "intervention__executed_by"
            )
            .defer("request__geom", "request__geom_3857", "intervention__geom")
            .prefetch_related(models.Prefetch("intervention__requests", served), "rerouting__moves")
        )


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody now; None for what is not theirs to do."""

    to_evaluate: int | None
    late: int
    to_validate: int | None

    def __bool__(self) -> bool:
        return bool(self.to_evaluate or self.to_validate)


def waiting(user: User, *, now: datetime.datetime) -> Waiting:
    """Two queries at most."""
    to_evaluate, late, to_validate = None, 0, None
    if user.may("evaluate_request"):
        rows = ServiceRequest.objects.visible_to(user).filter(state__in=UNDECIDED).order_by()
        found = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
        to_evaluate, late = found["all"], found["late"]
    if user.may("validate_work"):
        to_validate = Intervention.objects.visible_to(user).awaiting_validation().count()
    return Waiting(to_evaluate, late, to_validate)
