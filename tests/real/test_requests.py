"""Requests as cities publish them: Paris (DansMaRue) and Boston (311)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pandas
import pytest
from django.db import connection
from django.db.models import Count, F

from gisplatform.models import Authority, Department
from interventions.events.models import Event
from interventions.glossary.models import Category, Family
from interventions.importing.rows import key_of
from interventions.requests.lifecycle import State
from interventions.requests.models import ServiceRequest
from interventions.routing.models import RoutingRule
from layers.models import Layer
from tests.layers.commands import run

DATA = Path(os.environ.get("GISPLATFORM_TEST_DATA", ""))
ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif("GISPLATFORM_TEST_DATA" not in os.environ, reason="GISPLATFORM_TEST_DATA is not set"),
]
PARIS = DATA / "requests/paris/dansmarue_10k.csv"
COLUMNS = {
    "lon": "lon", "lat": "lat", "category_field": "soustype", "family_field": "type", "opened_field": "datedecl",
    "id_field": "id_dmr", "address_field": "adresse",
}  # fmt: skip
ROWS = 10_000
ON_A_BORDER = 40  # of the labels, that many differ at most: 99.6 %
EVERYWHERE = {"valid_from": "2020-01-01"}


def arrondissements() -> Layer:
    run("import_layer", DATA / "requests/paris/paris_arrondissements.geojson", layer="arrondissements",
        code_field="c_ar", name_field="l_ar", valid_from="2020-01-01", publish=True, reason="essai")  # fmt: skip
    return Layer.objects.get(code="arrondissements")


def answer(department: str, *, layer: Layer, **what: object) -> None:
    authority, _made = Authority.objects.get_or_create(code="ville", defaults={"name": "Ville"})
    there, _made = Department.objects.get_or_create(
        code=department.lower().replace(" ", "-")[:50], defaults={"name": department[:120], "authority": authority}
    )
    number = RoutingRule.objects.count()
    RoutingRule.objects.create(
        code=f"r{number}", name=f"R{number}", layer=layer, department=there, **EVERYWHERE, **what
    )


def one_department_for_all(layer: Layer, table: pandas.DataFrame) -> None:
    for number, name in enumerate(sorted(table["type"].unique())):
        family = Family.objects.create(code=f"f{number}", name=name)
        answer("tout", layer=layer, family=family)


@pytest.fixture
def table() -> pandas.DataFrame:
    return pandas.read_csv(PARIS, dtype=str)


@pytest.mark.django_db
def test_paris_goes_in_and_lies_where_it_says(table, record_property):
    one_department_for_all(arrondissements(), table)
    told = run("import_requests", PARIS, source="dansmarue", create_categories=True, **COLUMNS)
    assert told["imported"] + len(told["refused"]) == ROWS
    assert told["skipped"] == 0
    zones = dict(ServiceRequest.objects.values_list("key", "decision__reason__zone__code"))
    here = [zones.get(key_of("dansmarue", [id_])) for id_ in table["id_dmr"]]
    agree = sum(zone == said for zone, said in zip(here, table["arrondissement"], strict=True))
    record_property(
        "figure",
        f"Paris: {told['imported']} in, {len(told['refused'])} refused; arrondissements as labelled"
        f" {agree / ROWS:.2%}, {ROWS - agree} otherwise or nowhere",
    )
    assert agree >= ROWS - ON_A_BORDER
    again = run("import_requests", PARIS, source="dansmarue", create_categories=True, **COLUMNS)
    assert (again["imported"], again["skipped"]) == (0, told["imported"])
    assert Event.objects.count() == told["imported"]


@pytest.mark.django_db
def test_rules_learnt_on_even_rows_answer_odd_rows_as_the_table_says(table, tmp_path, record_property):
    layer = arrondissements()
    even, odd = table.iloc[::2], table.iloc[1::2]
    # The one named most often; of two named as often the first of the alphabet.
    majority = even.groupby("soustype")["intervenant"].agg(lambda names: names.mode().iloc[0]).to_dict()
    family = Family.objects.create(code="tout", name="Tout")
    for number, (name, department) in enumerate(sorted(majority.items())):
        answer(
            department, layer=layer, category=Category.objects.create(code=f"c{number}", name=name[:120], family=family)
        )
    path = tmp_path / "impaires.csv"
    odd.to_csv(path, index=False)
    told = run("import_requests", path, source="impaires", create_categories=True, **COLUMNS)
    assert told["imported"] == len(odd)
    answers = {
        key: (name, state)
        for key, name, state in ServiceRequest.objects.values_list("key", "department__name", "state")
    }
    unseen = placed = right = 0
    for row in odd.itertuples():
        name, state = answers[key_of("impaires", [row.id_dmr])]
        if row.soustype not in majority:
            unseen += 1
            assert (name, state) == (None, State.TO_SORT)
        else:
            placed += 1
            right += row.intervenant == name
            assert (name, state) == (majority[row.soustype], State.TO_EVALUATE), row.id_dmr
    record_property(
        "figure",
        f"Paris, odd rows: {placed} answered by rules learnt on even rows, {right} of them as Paris did"
        f" ({right / placed:.2%}); {unseen} of unseen kinds, to sort",
    )
    assert (placed + unseen, unseen > 0) == (len(odd), True)
    assert right / placed > 0.99


CUT = """
import sys, django
django.setup()
from django.core.management import call_command
from interventions.importing import services
services.CHUNK = 1000
call_command("import_requests", *sys.argv[1:])
"""


def outcome() -> dict[UUID, tuple[object, ...]]:
    """What became of each row of the file, by its key, in words that do not depend on numbers given on the way."""
    rows = ServiceRequest.objects.annotate(
        told=Count("events", distinct=True), decided=Count("decisions", distinct=True)
    ).values_list(
        "key", "category__code", "category__family__name", "state", "department__code", "decision__reason__zone__code",
        "submitted_at", "closed_at", "due_at", "geom", "address", "told", "decided",
    )  # fmt: skip
    return {key: tuple(facts) for key, *facts in rows}


def as_if_nothing_had_been_imported() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interventions_servicerequest, interventions_reason CASCADE")
    Category.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_halfway_and_run_again_ends_as_one_left_alone(table):
    one_department_for_all(arrondissements(), table)
    whole = run("import_requests", PARIS, source="dansmarue", create_categories=True, **COLUMNS)
    undisturbed = outcome()
    as_if_nothing_had_been_imported()
    options = [f"--{name.replace('_', '-')}={column}" for name, column in COLUMNS.items()]
    facts = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gisplatform.settings",
        "DATABASE_URL": f"postgresql://{facts['USER']}@/{facts['NAME']}?host={facts['HOST']}",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", CUT, str(PARIS), "--source=dansmarue", "--create-categories", *options],
        cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in child.stderr:
        if "4000 " in line:
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    child.stderr.close()
    before = ServiceRequest.objects.count()
    assert 4000 <= before < ROWS
    told = run("import_requests", PARIS, source="dansmarue", create_categories=True, **COLUMNS)
    assert (told["imported"], told["skipped"]) == (ROWS - len(told["refused"]) - before, before)
    assert told["refused"] == whole["refused"]
    ended = outcome()
    assert ended.keys() == undisturbed.keys()
    assert {key: (facts, undisturbed[key]) for key, facts in ended.items() if facts != undisturbed[key]} == {}
    assert ended.keys() <= {key_of("dansmarue", [id_]) for id_ in table["id_dmr"]}
    assert len(ended) == Event.objects.count() == ROWS - len(told["refused"])
    assert not ServiceRequest.objects.exclude(decision__request=F("pk")).exists()


BOSTON = """
import json, sys, django
django.setup()
import datetime
from django.core.management import call_command
from io import StringIO
from gisplatform.models import Authority, Department
from interventions.glossary.models import Family
from interventions.requests.models import ServiceRequest
from interventions.routing.models import RoutingRule
from layers.models import Layer
def run(*words):
    out = StringIO()
    call_command(*words, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())
call_command("migrate", verbosity=0)
data = sys.argv[1]
wards = run("import_layer", f"{data}/boston_wards.geojson", "--layer=wards", f"--code-field={sys.argv[2]}",
            "--valid-from=2010-01-01", "--publish", "--reason=essai")
file = [f"{data}/boston311_2015_h1.csv.gz", "--source=boston", "--lon=LONGITUDE", "--lat=LATITUDE",
        "--category-field=TYPE", "--family-field=REASON", "--opened-field=OPEN_DT", "--closed-field=CLOSED_DT",
        "--id-field=CASE_ENQUIRY_ID", "--create-categories"]
authority = Authority.objects.create(code="boston", name="Boston")
department = Department.objects.create(code="all", name="All", authority=authority)
import csv, gzip
with gzip.open(file[0], "rt") as source:
    families = sorted({row["REASON"] for row in csv.DictReader(source)})
for number, name in enumerate(families):
    family = Family.objects.create(code=f"f{number}", name=name)
    RoutingRule.objects.create(code=f"r{number}", name=name, family=family, layer=Layer.objects.get(),
                               department=department, valid_from=datetime.date(2010, 1, 1))
told = run("import_requests", *file)
print(json.dumps({"wards": wards, "told": told, "zones": {
    str(key): zone for key, zone in ServiceRequest.objects.values_list("key", "decision__reason__zone__code")}}))
"""


@pytest.fixture
def a_database_of_its_own(django_db_setup, django_db_blocker):
    """An empty database beside the test's, and the address it has; taken away afterwards."""
    name = f"{connection.settings_dict['NAME']}_boston"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    facts = connection.settings_dict
    yield f"postgresql://{facts['USER']}@/{name}?host={facts['HOST']}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def test_boston_in_its_own_coordinate_system(a_database_of_its_own, record_property):
    done = subprocess.run(
        [sys.executable, "-c", BOSTON, str(DATA / "requests/boston"), "WARD"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gisplatform.settings", "DATABASE_URL": a_database_of_its_own,
             "GISPLATFORM_STORAGE_SRID": "26986"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    repaired = said["wards"]["repaired"]
    assert len(repaired) == 3
    assert all(isinstance(each["area_change_m2"], float) for each in repaired)
    told = said["told"]
    table = pandas.read_csv(DATA / "requests/boston/boston311_2015_h1.csv.gz", dtype=str)
    assert told["imported"] + told["skipped"] + len(told["refused"]) == len(table)
    table["zone"] = [said["zones"].get(str(key_of("boston", [id_]))) for id_ in table["CASE_ENQUIRY_ID"]]
    labelled = table[table["ward"].notna()].copy()
    labelled["agrees"] = labelled["ward"].str.extract(r"(\d+)")[0].astype(int) == labelled["zone"].astype(float)
    fallback = (table["LONGITUDE"] == "-71.0587") & (table["LATITUDE"] == "42.3594")
    everywhere, placed = labelled["agrees"].mean(), labelled[~fallback.loc[labelled.index]]["agrees"].mean()
    nowhere = int(labelled["zone"].isna().sum())
    record_property(
        "figure",
        f"Boston: {told['imported']} in, {len(told['refused'])} refused; wards as labelled {everywhere:.2%},"
        f" {placed:.2%} without the fallback point, {nowhere} of {len(labelled)} in no ward;"
        f" repaired {[each['area_change_m2'] for each in repaired]} m²",
    )
    assert fallback.sum() == 8752  # rows nobody placed, all put on one point
    assert nowhere == 4  # a few steps off every ward; they count as disagreeing
    assert everywhere > 0.94
    assert placed > 0.985
