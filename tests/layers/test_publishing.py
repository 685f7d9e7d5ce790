"""Which version is in force on which day, and who is routed by it."""

import datetime
import threading
import time

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from layers import publishing, quality
from layers.models import Layer, LayerVersion, Zone
from layers.publishing import PublicationRefused, PublicationStopped, publish
from tests.layers.files import box, feature, geojson
from tests.town import FAR_AWAY, FOUNTAIN, NEW_YEAR, NOW, SQUARES, square

TODAY = NOW.date()
YESTERDAY, TOMORROW = TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)
NEXT_YEAR, LAST_YEAR = NEW_YEAR.replace(year=2027), NEW_YEAR.replace(year=2025)


def draft(town, squares=SQUARES, *, layer="squares", **facts):
    where = town.layers[layer]
    version = LayerVersion.objects.create(layer=where, number=where.versions.count() + 1, imported_at=NOW, **facts)
    for code, corners in squares.items():
        Zone.objects.create(version=version, code=code, name=code, geom=MultiPolygon(square(*corners)))
    return version


def periods(layer):
    rows = LayerVersion.objects.filter(layer__code=layer).order_by("number")
    return [(row.number, row.status, row.valid_from, row.valid_to) for row in rows]


def in_force(day):
    zones = Zone.objects.in_force(day).filter(version__layer__code="squares")
    return set(zones.values_list("version__number", flat=True))


def put(version, day, **facts):
    return publish(version, **{"valid_from": day, "by": None, "now": NOW, **facts})


def test_the_version_before_ends_where_the_new_one_begins(town):
    put(draft(town), TODAY)
    assert periods("squares") == [(1, "superseded", NEW_YEAR, TODAY), (2, "published", TODAY, None)]
    assert [in_force(day) for day in (YESTERDAY, TODAY, TOMORROW)] == [{1}, {2}, {2}]


def test_a_version_of_the_future_leaves_the_present_alone(town):
    put(draft(town), NEXT_YEAR)
    assert periods("squares") == [(1, "published", NEW_YEAR, NEXT_YEAR), (2, "published", NEXT_YEAR, None)]
    assert in_force(TODAY) == {1}


def test_a_version_in_between_ends_where_the_next_begins(town):
    put(draft(town), NEXT_YEAR)
    put(draft(town), TOMORROW)
    assert periods("squares") == [
        (1, "published", NEW_YEAR, TOMORROW),
        (2, "published", NEXT_YEAR, None),
        (3, "published", TOMORROW, NEXT_YEAR),
    ]


def test_a_version_of_the_past_ends_where_history_goes_on(town):
    put(draft(town), LAST_YEAR)
    assert periods("squares") == [(1, "published", NEW_YEAR, None), (2, "published", LAST_YEAR, NEW_YEAR)]
    put(draft(town), YESTERDAY)
    assert periods("squares")[0] == (1, "superseded", NEW_YEAR, YESTERDAY)


@pytest.mark.parametrize("day", [TODAY, NEXT_YEAR])
def test_published_again_on_the_same_day_the_last_one_counts(town, day):
    put(draft(town), day)
    put(draft(town), day)
    assert periods("squares")[1:] == [(2, "superseded", day, day), (3, "published", day, None)]
    assert in_force(day) == {3}
    put(draft(town), TOMORROW if day == TODAY else NEW_YEAR.replace(year=2028))
    assert periods("squares")[1] == (2, "superseded", day, day)


def test_the_day_it_was_imported_for_counts_when_none_is_given(town):
    assert put(draft(town, valid_from=TOMORROW), None).valid_from == TOMORROW
    assert put(draft(town, layer="market"), None, reason="essai").valid_from == TODAY


def test_later_requests_are_routed_by_the_new_version(town):
    town.rule("west", zones=("WEST",))
    assert town.request(FAR_AWAY).department is None
    assert town.request(FOUNTAIN).department == town.departments["west"]
    put(draft(town, {"WEST": (8000, 8000, 10_000, 10_000)}), TODAY)
    assert town.request(FAR_AWAY).department == town.departments["west"]
    assert town.request(FOUNTAIN).department is None
    yesterday = NOW - datetime.timedelta(days=1)
    assert town.request(FOUNTAIN, now=yesterday).department == town.departments["west"]


def test_errors_stop_a_publication_whatever_the_reason(town):
    version = draft(town)
    Zone.objects.filter(version=version, code="NORTH").update(code="WEST")
    with pytest.raises(PublicationStopped, match="1 erreur") as stopped:
        put(version, TODAY, reason="il le faut")
    assert [finding.kind for finding in stopped.value.findings] == ["duplicate_code"]
    assert periods("squares") == [(1, "published", NEW_YEAR, None), (2, "draft", None, None)]


def test_warnings_stop_a_publication_without_a_reason(town):
    version = draft(town, {**SQUARES, "EXTRA": (900, 0, 1010, 100)})
    for reason in ("", "  "):
        with pytest.raises(PublicationStopped, match="2 avertissements : donnez une raison"):
            put(version, TODAY, reason=reason)
    assert periods("squares")[1] == (2, "checked", None, None)
    put(version, TODAY, reason="place à cheval, voulu")
    assert version.report["publication"]["reason"] == "place à cheval, voulu"
    assert [each.kind for each in version.findings.all()] == ["overlap", "overlap"]
    assert version.report["publication"]["accepted"] == {"overlap": 2}


def test_a_wider_tolerance_lets_warnings_pass(town):
    put(draft(town, {**SQUARES, "EXTRA": (900, 0, 1010, 100)}), TODAY, tolerance_m2=10_000)
    assert periods("squares")[1][1] == "published"


def test_what_cannot_be_published(town):
    published = put(draft(town), TODAY)
    with pytest.raises(PublicationRefused, match="déjà publiée"):
        put(published, TOMORROW)
    with pytest.raises(PublicationRefused, match="aucune zone"):
        put(draft(town, {}), TODAY)
    Layer.objects.filter(code="market").update(retired_on=TODAY)
    with pytest.raises(PublicationRefused, match="retirée"):
        put(draft(town, layer="market"), TODAY, reason="essai")


def test_the_database_is_the_last_guard(town, monkeypatch):
    monkeypatch.setattr(publishing, "_make_room", lambda *_args, **_facts: (None, None))
    with pytest.raises(PublicationRefused, match="Une autre version de cette couche est en vigueur"):
        put(draft(town), TODAY)
    assert periods("squares") == [(1, "published", NEW_YEAR, None), (2, "checked", None, None)]


@pytest.mark.django_db(transaction=True)
def test_publications_at_the_same_time_follow_each_other(town):
    versions = [draft(town) for _ in range(4)]
    faults = []

    def run(version):
        try:
            put(LayerVersion.objects.get(pk=version.pk), TODAY)
        except Exception as fault:  # noqa: BLE001  told by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[version]) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    lasting = [row for row in periods("squares") if row[2] != row[3]]
    assert [row[1:] for row in lasting] == [("superseded", NEW_YEAR, TODAY), ("published", TODAY, None)]


@pytest.mark.django_db(transaction=True)
def test_a_check_that_ends_during_a_publication_gets_in_nobodys_way(town, monkeypatch):
    version, told = draft(town), []
    quality.check_and_note(version, on=NEW_YEAR)
    seen = LayerVersion.objects.select_related("layer").get(pk=version.pk)
    check = quality.check_and_note

    def publishing_now():
        try:
            told.append(publish(seen, valid_from=NEW_YEAR, by=None, now=NOW).status)
        finally:
            connection.close()

    thread = threading.Thread(target=publishing_now)
    with transaction.atomic():
        check(version, on=NEW_YEAR)
        monkeypatch.setattr(quality, "check_and_note", lambda *_told, **_more: [])  # its own was made before
        thread.start()
        while not waiting_for_a_row():
            time.sleep(0.02)
    thread.join()
    assert told == ["published"]


def waiting_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_the_commands_import_check_and_publish(town, command, tmp_path):
    file = geojson(
        tmp_path / "a.geojson", feature(box(0, 0, 100, 100), code="a"), feature(box(90, 0, 200, 100), code="b")
    )
    stopped = command("import_layer", file, layer="market", publish=True)
    assert (stopped["version"], stopped["zones"], stopped["published"]) == (2, 2, False)
    assert [each["kind"] for each in stopped["findings"]] == ["overlap"]
    assert stopped.refusal == "Publication arrêtée par 1 avertissement : donnez une raison pour publier quand même."
    refused = command("publish_layer", "market", version=2)
    assert (refused["published"], [each["area_m2"] for each in refused["findings"]]) == (False, [1000.0])
    assert refused.refusal == stopped.refusal
    told = command("publish_layer", "market", version=2, reason="marché", valid_from="2027-01-01")
    assert (told.refusal, told["published"], told["valid_from"], told["replaces"]) == ("", True, "2027-01-01", 1)
    assert "déjà publiée" in command("publish_layer", "market", version=2).refusal
    again = command("import_layer", file, layer="market", publish=True, reason="marché", valid_from="2028-01-01")
    assert (again.refusal, again["version"], again["published"]) == ("", 3, True)


def test_people_are_told_in_french(town, tmp_path, capsys):
    file = geojson(tmp_path / "places.geojson", feature(box(0, 0, 100, 100), code="a"))
    call_command("import_layer", str(file), layer="market", publish=True, valid_from="2027-01-01")
    assert capsys.readouterr().out.splitlines() == [
        "Couche market, version 2 : 1 zone prise dans places.geojson (GeoJSON, EPSG:2154).",
        "Les codes viennent de « code », les noms de « – ».",
        "La version 2 de « marché » est en vigueur à partir du 1er janvier 2027. Elle prend la place de la version 1.",
    ]
    call_command("import_layer", str(file), layer="market")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Elle n’est pas encore en vigueur : publish_layer market --version 3"
    )
    with pytest.raises(CommandError, match="pas une date"):
        call_command("publish_layer", "market", version=3, valid_from="demain")
