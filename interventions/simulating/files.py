"""The moves of a simulation as files: for a spreadsheet, for a GIS."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from gisplatform import spreadsheets
from gisplatform.spreadsheets import plain
from interventions.requests.lifecycle import State
from interventions.simulating.moves import MoveQuerySet
from interventions.simulating.queries import features

COLUMNS = (
    "request__reference", "request__category__name", "request__state", "request__address", "from_department__name",
    "from_department__authority__name", "to_department__name", "to_department__authority__name", "zone_code",
    "zone_name", "rule_name", "border_distance_m", "doubtful", "by_person", "at_work", "anyway",
)  # fmt: skip


def as_csv(moves: MoveQuerySet, *, name: str) -> StreamingHttpResponse:
    """One row a move, read as it is sent."""
    head = [
        _("Reference"), _("Category"), _("State"), _("Address"), _("From department"), _("From authority"),
        _("To department"), _("To authority"), _("Zone"), _("Name of the zone"), _("Rule"),
        _("Metres to the border"), _("Doubtful"), _("Chosen by a person"), _("Work has begun"),
        _("Moves without the change as well"),
    ]  # fmt: skip
    return spreadsheets.download(head, _rows(moves), name=name)


def _rows(moves: MoveQuerySet) -> Iterator[list[str]]:
    states, said = dict(State.choices), {True: _("yes"), False: _("no")}
    for row in moves.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=2000):
        told, border, marks = list(row[:-5]), row[-5], row[-4:]
        told[2] = str(states[told[2]])
        metres = "" if border is None else f"{border:.1f}"
        yield [*(plain(cell or "") for cell in told), metres, *(said[mark] for mark in marks)]


def as_geojson(moves: MoveQuerySet, *, name: str, at_most: int | None = None) -> StreamingHttpResponse:
    """A FeatureCollection, made piece by piece; for a map only the first `at_most`."""
    answer = StreamingHttpResponse(_collection(features(moves, at_most=at_most)), content_type="application/geo+json")
    if at_most is None:
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _collection(told: Iterator[str]) -> Iterator[str]:
    yield '{"type": "FeatureCollection", "features": [\n'
    for number, feature in enumerate(told):
        yield f",\n{feature}" if number else feature
    yield "\n]}"
