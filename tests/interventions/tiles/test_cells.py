"""The cells say what a recount would, whatever was done to the requests and however it was written."""

import datetime
import random
from collections import Counter
from contextlib import suppress
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from gisplatform.errors import MoveRefused
from interventions.importing.rows import Row, key_of
from interventions.importing.staging import log
from interventions.requests.lifecycle import MOVES
from interventions.requests.models import ServiceRequest
from interventions.requests.services import move
from interventions.requests.tiles import services
from interventions.requests.tiles.grid import BY_CATEGORY_UP_TO, COARSEST, FINEST, SPOT_BITS
from interventions.requests.tiles.models import MapCell, MapChange, MapFolded, MapKind
from interventions.routing.decide import decide_many
from tests.town import FOUNTAIN, NOW, STALL, X, Y, line, square
from tests.town_at_work import copies

DIMENSIONS = ("department_id", "issued_by_id", "author_id", "state")


def kept() -> Counter:
    rows = MapCell.objects.values_list(
        "by_category", "level", "x", "y", "kind__category_id", *(f"kind__{each}" for each in DIMENSIONS),
        "sum_x", "sum_y", "count",
    )  # fmt: skip
    return Counter({row[:-3]: (row[-1], *row[-3:-1]) for row in rows})


def recounted() -> dict:
    cells: dict = {}
    for spot_x, spot_y, category, *facts in ServiceRequest.objects.values_list(
        "spot_x", "spot_y", "category_id", *DIMENSIONS
    ):
        for by_category, finest in ((False, FINEST), (True, BY_CATEGORY_UP_TO)):
            for level in range(COARSEST, finest + 1):
                bits = SPOT_BITS - level
                key = (by_category, level, spot_x >> bits, spot_y >> bits, category if by_category else None, *facts)
                count, sum_x, sum_y = cells.get(key, (0, 0, 0))
                cells[key] = (count + 1, sum_x + spot_x, sum_y + spot_y)
    return cells


def imported(town, dice, number):
    rows = [
        (
            Row(
                line=each, key=key_of("test", [str(number), str(each)]),
                category_id=dice.choice(list(town.categories.values())).pk,
                submitted_at=NOW, closed_at=NOW if dice.random() < 0.3 else None, due_at=None, lon=0, lat=0,
                address="", description="", origin="test",
            ),
            X + dice.uniform(0, 3000), Y + dice.uniform(0, 2000),
        )
        for each in range(20)
    ]  # fmt: skip
    log(rows, now=NOW)


def moved(person, dice):
    request = dice.choice(ServiceRequest.objects.order_by("pk"))
    possible = [name for name, each in MOVES.items() if request.state in each.origins]
    if possible:
        name = dice.choice(possible)
        department = person.department if name == "redirect" else None
        joins = dice.choice(ServiceRequest.objects.order_by("pk")) if name == "merge" else None
        # What is refused (a request that joins itself) changes nothing, and is not counted.
        with suppress(MoveRefused):
            move(
                request_id=request.pk, name=name, actor=person, now=NOW, reason="Vu.", department=department,
                joins=joins,
            )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_changes_of_all_sorts_the_cells_are_those_of_a_recount(town, tiles, seed):
    dice = random.Random(seed)
    town.rule("cleaning", zones=("WEST", "SOUTH"))
    town.rule("parks", category="bins", zones=("NORTH",))
    person, everyone = town.person("manager", department="cleaning"), tiles(town.person("analyst"))
    somewhere = lambda: (dice.uniform(0, 3000), dice.uniform(0, 2000))  # noqa: E731
    some = lambda count: dice.sample(list(ServiceRequest.objects.order_by("pk").values_list("pk", flat=True)), count)  # noqa: E731
    town.request(FOUNTAIN)
    steps = [
        lambda: town.request(somewhere(), author=dice.choice([None, person])),
        lambda: town.request(line(somewhere(), somewhere())),
        lambda: town.request(square(100, 100, dice.uniform(200, 2000), 900), category=town.categories["bins"]),
        lambda: imported(town, dice, dice.random()),
        lambda: moved(person, dice),
        lambda: copies(ServiceRequest.objects.last(), 3, decision_id=lambda _number: None),
        lambda: decide_many(some(min(5, ServiceRequest.objects.count())), now=NOW),
        lambda: ServiceRequest.objects.filter(pk__in=some(1)).update(geom=line(somewhere(), somewhere())),
        lambda: ServiceRequest.objects.filter(pk__in=some(1)).update(category=town.categories["bins"]),
        lambda: ServiceRequest.objects.filter(pk__in=some(1)).update(issued_by=town.department("desk")),
        lambda: deleted(some(min(2, ServiceRequest.objects.count() - 1))),
        services.fold,
    ]  # fmt: skip
    for _turn in range(12):
        for _step in range(6):
            dice.choice(steps)()
        # As a tile tells it, folded or not.
        assert everyone.counted(8, 127, 87) + everyone.counted(8, 127, 88) == ServiceRequest.objects.count()
    services.fold()
    assert kept() == recounted()
    services.rebuild()
    assert kept() == recounted()


def deleted(ids):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("UPDATE interventions_servicerequest SET decision_id = NULL WHERE id = ANY(%s)", [ids])
        cursor.execute(
            "UPDATE interventions_servicerequest SET duplicate_of_id = NULL WHERE duplicate_of_id = ANY(%s)", [ids]
        )
        cursor.execute("DELETE FROM interventions_event WHERE request_id = ANY(%s) OR other_id = ANY(%s)", [ids, ids])
        cursor.execute("DELETE FROM interventions_decision WHERE request_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM interventions_servicerequest WHERE id = ANY(%s)", [ids])


def test_a_change_that_is_rolled_back_was_never_counted(town, tiles):
    town.request(FOUNTAIN)
    before = MapChange.objects.count()
    with transaction.atomic():
        town.request(STALL)
        transaction.set_rollback(True)
    assert MapChange.objects.count() == before


def test_an_emptied_table_leaves_nothing(town):
    town.request(FOUNTAIN)
    services.fold()
    town.request(STALL)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE interventions_servicerequest CASCADE")
    services.fold()
    assert not MapCell.objects.exists()


def test_a_statement_is_noted_once_a_request_and_not_once_a_level(town):
    first = town.request(FOUNTAIN)
    MapChange.objects.all().delete()
    copies(first, 30)
    assert MapChange.objects.count() == 30


def test_what_was_noted_while_folding_waits_and_is_not_lost(town, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    for _each in range(5):
        town.request(FOUNTAIN, key=uuid4(), now=NOW + datetime.timedelta(minutes=1))
    noted = MapChange.objects.count()
    assert services.fold() == noted
    assert kept() == recounted()
    assert MapFolded.objects.get().changes == noted
    assert MapKind.objects.filter(by_category=False).count() == len({key[5:] for key in recounted() if not key[0]})


def test_the_command_counts_anew(town, capsys):
    town.request(FOUNTAIN)
    call_command("rebuild_tiles")
    assert kept() == recounted()
    assert f"{MapCell.objects.count()} comptes" in capsys.readouterr().out
