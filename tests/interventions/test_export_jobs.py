"""Exports too large for one answer: ordered, made by a real worker, fetched by who asked and by nobody else."""

import datetime
import io

import pandas
import pytest
from django.utils import timezone

from interventions.exchanging import exports, jobs, tasks, views
from interventions.exchanging.models import Export
from interventions.requests.models import ServiceRequest
from interventions.requests.services import Contact
from tests import letterbox
from tests.town import FOUNTAIN

FORM = {"as": "csv", "crs": "4326"}


@pytest.fixture
def many(transactional_db, monkeypatch, settings, tmp_path):
    """Three requests, where two are already too many for one answer; `town` comes with a database of its own."""
    from tests import town as model_town

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(views, "AT_ONCE", 2)
    town = model_town.build()
    town.rule("cleaning")
    for number in range(3):
        town.request(FOUNTAIN, description=f"numéro {number}", contact=Contact(name="Zoé Lefèvre"))
    return town


def ordered(client, **form) -> Export:
    answer = client.post("/demandes/exporter/?category=graffiti", {**FORM, **form})
    assert answer.status_code == 302, answer.content
    export = Export.objects.latest("id")
    assert answer.url == f"/demandes/exporter/{export.pk}/"
    return export


def test_a_large_export_is_made_by_the_worker(many, client):
    client.force_login(many.person("manager", department="cleaning"))
    form = client.get("/demandes/exporter/", FORM)
    assert form.context["large"]
    export = ordered(client, personal="on")
    assert client.get(f"/demandes/exporter/{export.pk}/?format=json").json() == {
        "state": "waiting", "done": 0, "total": 3,
    }  # fmt: skip
    assert client.get(f"/demandes/exporter/{export.pk}/fichier/").status_code == 404
    letterbox.work()
    assert client.get(f"/demandes/exporter/{export.pk}/?format=json").json()["state"] == "ready"
    answer = client.get(f"/demandes/exporter/{export.pk}/fichier/")
    told = pandas.read_csv(io.BytesIO(b"".join(answer.streaming_content)), sep=";", encoding="utf-8-sig")
    assert list(told["description"]) == ["numéro 0", "numéro 1", "numéro 2"]
    assert list(told["requester"]) == ["Zoé Lefèvre"] * 3
    assert answer.headers["Content-Disposition"].endswith('.csv"')


def test_it_holds_what_its_person_may_see_when_it_is_made(many, client):
    manager = many.person("manager", department="cleaning")
    client.force_login(manager)
    export = ordered(client, personal="on")
    manager.groups.clear()
    letterbox.work()
    assert Export.objects.get(pk=export.pk).state == "ready"
    assert len(pandas.read_csv(jobs.path_of(Export.objects.get(pk=export.pk)), sep=";")) == 0


def test_nobody_else_reads_it(many, client):
    client.force_login(many.person("manager", department="cleaning"))
    export = ordered(client)
    letterbox.work()
    client.force_login(many.person("regulator", department="cleaning"))
    assert client.get(f"/demandes/exporter/{export.pk}/").status_code == 404
    assert client.get(f"/demandes/exporter/{export.pk}/fichier/").status_code == 404


def test_a_failure_is_told(many, client, monkeypatch):
    client.force_login(many.person("manager", department="cleaning"))
    export = ordered(client)

    def broken(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(exports, "write", broken)
    letterbox.work()
    assert "n’a pas pu être fait" in client.get(f"/demandes/exporter/{export.pk}/").content.decode()


def test_progress_is_told_while_it_is_made(many, monkeypatch):
    monkeypatch.setattr(jobs, "TOLD_EVERY", 1)
    export = Export.objects.create(
        requested_by=many.person("manager", department="cleaning"), format="csv", srid=4326, total=3,
        created_at=timezone.now(),
    )  # fmt: skip
    rows = jobs._counted(export.pk, ServiceRequest.objects.all())
    assert [Export.objects.get(pk=export.pk).done for _row in rows] == [0, 1, 2]


def test_after_a_day_it_goes_with_its_file(many, client):
    client.force_login(many.person("manager", department="cleaning"))
    export = ordered(client)
    letterbox.work()
    path = jobs.path_of(Export.objects.get(pk=export.pk))
    assert path.is_file()
    Export.objects.update(created_at=timezone.now() - datetime.timedelta(hours=25))
    ordered(client)
    assert not path.parent.exists()
    assert Export.objects.count() == 1


def test_the_worker_takes_old_ones_away_by_itself(many):
    facts = {"format": "csv", "srid": 4326, "total": 3, "requested_by": many.person("manager")}
    Export.objects.create(created_at=timezone.now() - datetime.timedelta(hours=25), **facts)
    young = Export.objects.create(created_at=timezone.now() - datetime.timedelta(hours=23), **facts)
    tasks.forget(timestamp=0)
    assert list(Export.objects.all()) == [young]


def test_a_few_are_answered_at_once(many, client, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 3)
    client.force_login(many.person("manager", department="cleaning"))
    assert client.get("/demandes/exporter/", FORM).streaming
    assert Export.objects.count() == 0
