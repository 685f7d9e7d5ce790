"""Requests from a CSV: what is taken, what is refused, and what a second run finds."""

import datetime
import gzip

import pytest
from django.db import connection

from interventions.events.models import Event
from interventions.glossary.models import Category
from interventions.importing import services
from interventions.importing.dates import Dates
from interventions.importing.seeding import NothingToSeed, seed
from interventions.informing.models import Message
from interventions.management.commands.import_requests import Command
from interventions.requests.lifecycle import State
from interventions.requests.models import Channel, ServiceRequest
from interventions.routing.decide import decide
from interventions.routing.models import Decision
from tests.layers.commands import run
from tests.town import BORDER, CORNER, FAR_AWAY, FOUNTAIN, GAP, NOW, STALL, degrees, point

FIELDS = {"lon": "lon", "lat": "lat", "category_field": "type", "id_field": "id", "opened_field": "le"}
NAMED = {"Fontaine": FOUNTAIN, "Étal": STALL, "Limite": BORDER, "Angle": CORNER, "Trou": GAP, "Loin": FAR_AWAY}


@pytest.fixture
def ruled(town):
    for code in ("WEST", "NORTH", "SOUTH", "ISLAND"):
        town.rule(code.lower(), zones=(code,))
    town.rule("market", layer="market", priority=50)
    return town


@pytest.fixture
def csv(tmp_path):
    def write(*lines: str, encoding: str = "utf-8", name: str = "demandes.csv"):
        path = tmp_path / name
        text = "\n".join(lines).encode(encoding)
        path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
        return path

    return write


def row(number: int, place=FOUNTAIN, category: str = "Graffiti", opened: str = "2026-01-05", **more: str) -> str:
    lon, lat = degrees(place)
    return ",".join([str(number), str(lon), str(lat), category, opened, *more.values()])


HEAD = "id,lon,lat,type,le"


def taken(path, **options):
    return run("import_requests", path, source="ancien outil", **{**FIELDS, **options})


def test_each_row_becomes_a_routed_request_with_its_events(ruled, csv):
    told = taken(csv(HEAD, row(1), row(2, STALL), row(3, GAP)))
    assert (told["imported"], told["skipped"], told["refused"], told["to_sort"]) == (3, 0, [], 1)
    west, market, gap = ServiceRequest.objects.order_by("reference")
    assert [each.department and each.department.code for each in (west, market, gap)] == ["west", "market", None]
    assert [each.state for each in (west, market, gap)] == [State.TO_EVALUATE, State.TO_EVALUATE, State.TO_SORT]
    assert (west.channel, west.submitted_at.date()) == (Channel.IMPORT, datetime.date(2026, 1, 4))  # midnight in Paris
    assert west.reference.startswith("2026-")
    (event,) = west.events.all()
    assert (event.kind, event.at, event.to_state) == (Event.Kind.SUBMITTED, west.submitted_at, State.TO_EVALUATE)
    assert event.text == "Importée de ancien outil, numéro 1"
    assert market.decision.reason.trace["candidates"][1]["reason"] == "priority"


def test_an_imported_request_has_the_decision_it_would_have_had_alone(ruled, csv):
    taken(csv(HEAD, *(row(number, place) for number, place in enumerate(NAMED.values()))))
    for request in ServiceRequest.objects.select_related("decision__reason"):
        (alone,) = decide([request.pk], now=request.decision.decided_at)
        for fact in ("department_id", "rule_id", "zone_id", "share", "doubtful", "trace"):
            assert getattr(request.decision.reason, fact) == getattr(alone, fact), fact


def test_a_closed_request_stays_closed_and_its_timeline_says_so(ruled, csv):
    told = taken(csv(HEAD + ",fin", row(1, fin="2026-01-09"), row(2, fin="")), closed_field="fin")
    assert told["imported"] == 2
    closed, still_open = ServiceRequest.objects.order_by("reference")
    assert (closed.state, still_open.state) == (State.CLOSED, State.TO_EVALUATE)
    assert (closed.closed_at - closed.submitted_at).days == 4
    assert [(event.kind, event.to_state) for event in closed.events.order_by("id")] == [
        (Event.Kind.SUBMITTED, State.TO_EVALUATE),
        (Event.Kind.MOVED, State.CLOSED),
    ]


def test_nobody_is_written_to(ruled, csv):
    from procrastinate.contrib.django.models import ProcrastinateJob

    before = ProcrastinateJob.objects.count()
    taken(csv(HEAD, row(1)))
    assert (ProcrastinateJob.objects.count(), Message.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,,49.1,Graffiti,2026-01-05", "Elle n’a pas de position."),
        ("1,ici,49.1,Graffiti,2026-01-05", "« ici » n’est pas un nombre."),
        ("1,454302,6903373,Graffiti,2026-01-05", "« 454302 » n’est ni une longitude ni une latitude en degrés."),
        ("1,0,-90,Graffiti,2026-01-05", "Sa position est trop lointaine pour être dessinée sur la carte."),
        (row(1, category="Licorne"), "La catégorie « Licorne » n’existe pas."),
        (row(1, category=""), "Elle ne nomme aucune catégorie."),
        (row(1, opened="hier"), "« hier » n’est pas une date."),
        (row(1, opened="2026-13-01"), "« 2026-13-01 » n’est pas une date."),
        (row(1, opened="2999-01-01"), "« 2999-01-01 » est dans l’avenir."),
        (row(1, opened=""), "Elle n’a pas de date."),
        (row(1).replace("1,", ",", 1), "Elle n’a pas d’identifiant."),
        ("1,0.1", "2 cellules au lieu des 5 colonnes de la première ligne."),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_good_ones_go_in(ruled, csv, line, reason):
    told = taken(csv(HEAD, row(7), line, row(8)))
    assert (told["imported"], told["refused"]) == (2, [{"line": 3, "reason": reason}])


def test_what_is_closed_before_it_was_received_is_refused_unless_two_clocks_explain_it(ruled, csv):
    lines = [
        row(1, opened="2026-01-05 12:00:30", fin="2026-01-05 12:00:19"),
        row(2, opened="2026-01-05", fin="2026-01-04"),
    ]
    told = taken(csv(HEAD + ",fin", *lines), closed_field="fin")
    assert told["refused"] == [{"line": 3, "reason": "Elle est close avant d’avoir été reçue."}]
    request = ServiceRequest.objects.get()
    assert request.closed_at == request.submitted_at


def test_a_second_run_adds_nothing(ruled, csv):
    path = csv(HEAD, row(1), row(2), row(2))
    assert (taken(path)["imported"], taken(path)["skipped"]) == (2, 3)
    assert taken(csv(HEAD, row(1), row(3)))["imported"] == 1
    assert ServiceRequest.objects.count() == 3


def test_the_same_number_of_another_source_is_another_request(ruled, csv):
    path = csv(HEAD, row(1))
    taken(path)
    assert run("import_requests", path, source="autre", **FIELDS)["imported"] == 1


def test_without_an_identifier_a_row_is_known_by_what_it_says(ruled, csv):
    path = csv(HEAD, row(1), row(2))
    assert (taken(path, id_field="")["imported"], taken(path, id_field="")["skipped"]) == (2, 2)


def test_an_import_that_was_cut_goes_on_and_ends_the_same(ruled, csv, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 2)
    path = csv(HEAD, *(row(number) for number in range(7)))
    stopped = []

    def cut(report, _share):
        stopped.append(report.imported)
        if len(stopped) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Command, "_progress", lambda _command, *told: cut(*told))
    with pytest.raises(KeyboardInterrupt):
        taken(path)
    assert ServiceRequest.objects.count() == 4
    told = taken(path)
    assert (told["imported"], told["skipped"]) == (3, 4)
    assert Event.objects.count() == ServiceRequest.objects.count() == 7


def test_nothing_is_left_on_the_way(ruled, csv):
    taken(csv(HEAD, row(1)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM interventions_incoming")
        assert cursor.fetchone() == (0,)


def test_a_rehearsal_tells_and_keeps_nothing(ruled, csv):
    told = taken(csv(HEAD, row(1, category="Licorne")), dry_run=True, create_categories=True)
    assert (told["imported"], told["created_categories"]) == (1, ["Licorne"])
    assert not ServiceRequest.objects.exists()
    assert not Category.objects.filter(name="Licorne").exists()


def test_missing_categories_are_made_once_with_their_family(ruled, csv):
    long = "Dépôt sauvage " + "très " * 40 + "long"
    path = csv(HEAD + ",groupe", row(1, category="Licorne", groupe="Bêtes"), row(2, category="LICORNE ", groupe=""),
               row(3, category=long, groupe="BETES"))  # fmt: skip
    told = taken(path, create_categories=True, family_field="groupe")
    assert (told["imported"], len(told["created_categories"])) == (3, 2)
    assert taken(path, create_categories=True, family_field="groupe")["created_categories"] == []
    assert {each.family.name for each in Category.objects.filter(name__in=["Licorne", long[:120]])} == {"Bêtes"}


def test_a_category_is_known_by_its_code_or_its_name(ruled, csv):
    category = ruled.categories["graffiti"]
    told = taken(csv(HEAD, row(1, category=category.code.upper()), row(2, category=f" {category.name.lower()} ")))
    assert (told["imported"], told["refused"]) == (2, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_encoding_separator_and_decimal_commas_are_recognised(ruled, csv, encoding, name):
    line = row(1, category="Bête à cornes").replace(",", ";").replace(".", ",")
    told = taken(csv(HEAD.replace(",", ";"), line, encoding=encoding, name=name), create_categories=True)
    assert (told["imported"], told["refused"], told["recognised"]["separator"]) == (1, [], ";")
    assert Category.objects.filter(name="Bête à cornes").exists()
    assert ServiceRequest.objects.get().geom.distance(point(FOUNTAIN)) < 0.001


def test_a_long_address_loses_nothing(ruled, csv):
    address = "rue " * 80
    taken(csv(HEAD + ",adresse", row(1, adresse=address)), address_field="adresse")
    request = ServiceRequest.objects.get()
    assert (len(request.address), request.description) == (200, address.strip())


@pytest.mark.parametrize(
    ("samples", "order", "text", "day"),
    [
        (["13/02/2026", "01/02/2026"], "DD/MM/YYYY", "01/02/2026", (2, 1)),
        (["02/13/2026", "01/02/2026"], "MM/DD/YYYY", "01/02/2026 12:30:00 AM", (1, 2)),
        (["01/02/2026"], "DD/MM/YYYY", "01.02.2026 14:30", (2, 1)),
        (["2026-02-01"], "YYYY-MM-DD", "2026-02-01T10:00:00Z", (2, 1)),
        ([], "YYYY-MM-DD", "2026/02/01", (2, 1)),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_file(samples, order, text, day):
    dates = Dates(samples)
    read = dates.read(text)
    assert (dates.order, read.month, read.day) == (order, *day)
    assert dates.read("31/02/2026") is None
    assert dates.read("demain") is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"lon": "x"}, "Le fichier n’a pas de colonne « x ». Ses colonnes : id, lon, lat, type, le."),
        ({"category_field": "genre"}, "Le fichier n’a pas de colonne « genre »"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_those_that_are(ruled, csv, options, sentence):
    assert sentence in taken(csv(HEAD, row(1)), **options).refusal


def test_a_file_with_no_good_row_ends_in_an_error(ruled, csv):
    told = taken(csv(HEAD, row(1, opened="hier")))
    assert told.refusal == "Aucune ligne n’a pu être reprise."
    assert len(told["refused"]) == 1


def test_a_person_reads_what_was_recognised_and_refused(ruled, csv, capsys):
    from django.core.management import call_command

    call_command("import_requests", str(csv(HEAD, row(1), row(2, opened="hier"))), source="x", **FIELDS)
    said = capsys.readouterr()
    assert "Fichier en utf-8, cellules séparées par « , », dates écrites YYYY-MM-DD." in said.out
    assert "Ligne 3 refusée : « hier » n’est pas une date." in said.out
    assert "1 importées (0 à trier), 0 passées, 1 refusées." in said.out
    assert "100 % du fichier" in said.err


def test_made_up_requests_are_the_same_for_the_same_seed(ruled):
    def made() -> list[tuple]:
        ServiceRequest.objects.update(decision=None)
        Event.objects.all().delete()
        Decision.objects.all().delete()
        ServiceRequest.objects.all().delete()
        assert seed(count=200, seed=3, now=NOW) == 200
        facts = ("key", "category__code", "geom", "submitted_at", "closed_at", "state", "department__code")
        return list(ServiceRequest.objects.order_by("key").values_list(*facts))

    first = made()
    assert made() == first
    states = {state for *_facts, state, _department in first}
    assert State.CLOSED in states
    assert states & {State.TO_SORT, State.TO_EVALUATE}
    assert seed(count=200, seed=3, now=NOW) == 0
    assert seed(count=60, seed=4, now=NOW) == 60


def test_nothing_is_made_up_without_a_territory(db):
    with pytest.raises(NothingToSeed):
        seed(count=1, now=NOW)
