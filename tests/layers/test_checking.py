"""A large version is checked by the worker: its page follows, a killed worker's check is taken up again."""

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from layers import checking, quality
from layers.models import LayerCheck, LayerVersion
from tests.interventions.rerouting.worker import Worker, half_a_minute_passes
from tests.layers.browsing import plain, send
from tests.layers.drafts import draft
from tests.layers.files import box, feature, geojson
from tests.town import NOW, build

PAGE = "/couches/market/versions/2/"
OVERLAPPING = [("a", (0, 0, 100, 100)), ("b", (90, 0, 200, 100))]


@pytest.fixture
def large(monkeypatch):
    """Two zones are many."""
    monkeypatch.setattr(checking, "AT_ONCE", 1)


def orders():
    return list(LayerCheck.objects.order_by("pk").values_list("version__number", "state", "done", "total"))


def make_it():
    checking.make(check_id=LayerCheck.objects.latest("pk").pk)


def test_a_large_version_is_not_checked_while_somebody_waits(analyst, town, large):
    draft(town, OVERLAPPING)
    answer = analyst.post(f"{PAGE}controler/")
    assert answer.url == PAGE
    assert orders() == [(2, "waiting", 0, 5)]
    assert ProcrastinateJob.objects.filter(task_name=checking.CHECK, status="todo").count() == 1
    page = plain(analyst.get(PAGE))
    assert "Le contrôle va commencer…" in page
    assert "Contrôler" not in page
    assert analyst.get(f"{PAGE}controle/").json() == {"state": "waiting", "done": 0, "total": 5}


def test_asked_for_twice_it_is_made_once(analyst, town, large):
    draft(town, OVERLAPPING)
    for _again in range(2):
        analyst.post(f"{PAGE}controler/")
    assert len(orders()) == 1


def test_made_by_the_worker_it_says_what_a_check_says(analyst, town, large):
    version = draft(town, OVERLAPPING)
    analyst.post(f"{PAGE}controler/")
    make_it()
    told = [(each.kind, each.zones, each.area_m2) for each in version.findings.all()]
    assert orders() == [(2, "ready", 5, 5)]
    assert told == [(each.kind, each.zones, each.area_m2) for each in quality.check_and_note(version, on=NOW.date())]
    assert [kind for kind, _zones, _area in told] == ["overlap"]
    assert analyst.get(f"{PAGE}controle/").json() == {"state": "ready"}
    assert "data-checking" not in plain(analyst.get(PAGE))


def test_a_large_file_is_checked_after_its_import(analyst, tmp_path, large):
    squares = [feature(box(n * 10, 0, n * 10 + 10, 10), code=str(n)) for n in range(2)]
    send(analyst, geojson(tmp_path / "a.geojson", *squares), layer="market")
    assert orders() == [(2, "waiting", 0, 5)]


def test_a_check_that_breaks_says_so_and_may_be_asked_again(analyst, town, large, monkeypatch):
    draft(town, OVERLAPPING)
    analyst.post(f"{PAGE}controler/")
    with monkeypatch.context() as broken:
        broken.setattr(quality, "_note", lambda *_told, **_more: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            make_it()
    assert orders() == [(2, "failed", 0, 5)]
    page = plain(analyst.get(PAGE))
    assert "n’a pas abouti" in page
    assert "Contrôler" in page
    analyst.post(f"{PAGE}controler/")
    make_it()
    assert orders()[-1] == (2, "ready", 5, 5)


def test_a_check_that_nobody_makes_is_given_up(analyst, town, large):
    draft(town, OVERLAPPING)
    analyst.post(f"{PAGE}controler/")
    LayerCheck.objects.update(created_at=timezone.now() - checking.GIVEN_UP_AFTER * 1.1, state="working")
    assert "n’a pas abouti" in plain(analyst.get(PAGE))
    analyst.post(f"{PAGE}controler/")
    assert [state for _number, state, _done, _total in orders()] == ["failed", "waiting"]


def test_publishing_a_large_version_waits_for_its_check_and_makes_none_itself(analyst, town, large, monkeypatch):
    version = draft(town, OVERLAPPING)
    form = {"valid_from": "2026-04-01", "reason": "marché du vendredi"}
    page = analyst.post(f"{PAGE}publier/", form, follow=True)
    assert page.redirect_chain == [(PAGE, 302)]
    assert "lisez ce qu’il trouve, puis publiez-la" in plain(page)
    assert LayerCheck.objects.get().day.isoformat() == "2026-04-01"
    version.refresh_from_db()
    assert version.status == "draft"
    make_it()
    with monkeypatch.context() as watched:
        watched.setattr(quality, "_note", lambda *_told, **_more: pytest.fail("it was checked again"))
        assert "donnez une raison" in plain(analyst.post(f"{PAGE}publier/", {**form, "reason": ""}))
        analyst.post(f"{PAGE}publier/", form)
    version.refresh_from_db()
    assert (version.status, version.report["publication"]["accepted"]) == ("published", {"overlap": 1})


def test_another_day_or_other_limits_ask_for_another_check(town):
    version = draft(town, OVERLAPPING)
    quality.check_and_note(version, on=NOW.date())
    assert quality.still_true(version, on=NOW.date())
    assert not quality.still_true(version, on=NOW.date().replace(year=2020))  # no territory was in force
    version.layer.tolerance_m2 = 0
    assert not quality.still_true(version, on=NOW.date())


@pytest.fixture
def alone(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")  # not emptied after a test
    return build()


def state():
    return LayerCheck.objects.get().state


def test_how_far_it_is_can_be_seen_before_it_ends(alone, monkeypatch):
    version, seen = draft(alone, OVERLAPPING), []
    checking.order(version, day=NOW.date(), by=None, now=NOW)
    note = checking._note_beside

    def looked_at(check_id, done):
        note(check_id, done)
        with checking.ThreadPoolExecutor(1) as other:
            seen.append(other.submit(_seen_from_elsewhere).result())

    monkeypatch.setattr(checking, "_note_beside", looked_at)
    make_it()
    assert seen == [("working", done) for done in (1, 2, 3, 4, 5)]


def _seen_from_elsewhere():
    try:
        return LayerCheck.objects.values_list("state", "done").get()
    finally:
        connection.close()


def test_a_killed_workers_check_is_taken_up(alone, tmp_path):
    version, log = draft(alone, OVERLAPPING), tmp_path / "worker.log"
    checking.order(version, day=NOW.date(), by=None, now=timezone.now())
    with transaction.atomic():
        LayerVersion.objects.select_for_update().get(pk=version.pk)  # the check waits for it
        with Worker(log, a_step=1_000, mail_port=9) as worker:
            worker.wait(lambda: state() == "working")
            worker.kill()
    assert (state(), version.findings.count()) == ("working", 0)
    half_a_minute_passes()
    with Worker(log, a_step=1_000, mail_port=9) as worker:
        worker.wait(lambda: state() == "ready")
        worker.stop()
    assert [each.kind for each in version.findings.all()] == ["overlap"]
