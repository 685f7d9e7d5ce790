"""Counts of requests by cell, kept beside them. Nothing here is anybody's to write but `services` and the triggers."""

from django.contrib.gis.db import models

from gisplatform.models import Department, User
from interventions.glossary.models import Category
from interventions.requests.lifecycle import State
from interventions.requests.queries import ServiceRequestQuerySet


def _of(model: type[models.Model]) -> models.ForeignKey:
    # The requests' own keys are checked; checking their copies again would cost each request as much once more.
    return models.ForeignKey(model, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False)


def _state() -> models.CharField:
    return models.CharField(max_length=12, choices=State)


class Alike(models.Model):
    """What requests are told apart by on a map of counts."""

    category, department, issued_by, author = _of(Category), _of(Department), _of(Department), _of(User)
    state = _state()

    # Who may see the requests, and filters on these columns, hold for what stands for them.
    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        abstract = True


class MapKind(Alike):
    """Requests of one category (unless not `by_category`), department, issuer, author and state."""

    by_category = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by_category", "category", "department", "issued_by", "author", "state"],
                nulls_distinct=False,
                name="map_kind_once",
            )
        ]

    def __str__(self) -> str:
        return f"map kind {self.pk}"


class MapCell(models.Model):
    """How many requests of a kind a cell holds, and the sums of their `spot_x` and `spot_y`.

    `level` is a zoom whose tiles are the cells: `x` and `y` are the spot's first `level` bits.
    """

    pk = models.CompositePrimaryKey("by_category", "level", "x", "y", "kind")
    by_category = models.BooleanField()
    level = models.SmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    kind = models.ForeignKey(MapKind, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    state = _state()  # the kind's: what is read for each cell is spared a search of its kind
    count = models.IntegerField()
    sum_x = models.BigIntegerField()
    sum_y = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.level}/{self.x}/{self.y}: {self.count}"


class MapChange(Alike):
    """So many requests more, or fewer, at a spot: written by the triggers, not yet folded into the cells."""

    spot_x = models.IntegerField()
    spot_y = models.IntegerField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"map change {self.pk}"


class MapFolded(models.Model):
    """One row: how many changes were folded so far, and the sum of their numbers."""

    changes = models.BigIntegerField()
    numbers = models.DecimalField(max_digits=30, decimal_places=0)

    def __str__(self) -> str:
        return f"{self.changes} changes folded"
