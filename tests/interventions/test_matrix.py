"""Nine accounts × every address of the platform: who is let in."""

import uuid

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver, reverse
from django.utils import timezone

from gisplatform.models import Department, User
from interventions.exchanging.models import Export
from interventions.requests.models import ServiceRequest
from interventions.rerouting.models import Rerouting
from interventions.simulating.models import Simulation
from interventions.work.models import Intervention
from layers.models import LayerVersion
from tests.house.test_access import EVERY, addresses, declared
from tests.interventions.conftest import a_photo

ACCOUNTS = ["agent", "technicien", "regulateur", "responsable", "voirie", "prestataire", "dechets", "analyste", "admin"]
EVERYONE = set(ACCOUNTS)
STAFF = EVERYONE - {"prestataire"}
LOGGING = STAFF - {"analyste"}
EVALUATING = {"regulateur", "responsable", "admin"}
WORKING = EVALUATING | {"voirie", "dechets"}
COMPANY = {"prestataire", "admin"}
GIS = {"analyste", "admin"}
IN_THE_STREET = WORKING | {"technicien"}
FIGURES = {"responsable", "analyste", "admin"}

# URL name → who may open it, by POST where it stands in POSTED, else by GET.
EXPECTED = {
    "home": EVERYONE,
    "tiles-zones": STAFF,
    "tilejson-zones": STAFF,
    "tiles-version": STAFF,
    "tilejson-version": STAFF,
    "tiles-requests": STAFF,
    "tilejson-requests": STAFF,
    "layers": STAFF,
    "layer": STAFF,
    "layer-version": STAFF,
    "layer-compare": STAFF,
    "layer-export": STAFF,
    "layer-import": GIS,
    "layer-check": GIS,
    "layer-check-progress": STAFF,
    "layer-publish": GIS,
    "layer-restore": GIS,
    "layer-settings": GIS,
    "layer-findings": STAFF,
    "layer-zones": STAFF,
    "layer-import-preview": GIS,
    "layer-import-drawn": GIS,
    "rerouting": STAFF,
    "reroutings": STAFF,
    "requests": STAFF,
    "intake": LOGGING,
    "intake-categories": LOGGING,
    "intake-answer": LOGGING,
    "intake-photos": LOGGING,
    "intake-photo": LOGGING,
    "intake-photo-removal": LOGGING,
    "received": LOGGING,
    "request": STAFF,
    "requests-export": STAFF,
    "requests-export-ordered": STAFF,
    "requests-export-file": STAFF,
    "request-move": EVALUATING,
    "request-note": LOGGING,
    "request-contact": LOGGING - {"technicien"},
    "request-photo": STAFF,
    "request-photo-shown": EVALUATING,
    "field": IN_THE_STREET,
    "field-usual": IN_THE_STREET,
    "field-captures": IN_THE_STREET,
    "field-ticket": IN_THE_STREET,
    "field-manifest": IN_THE_STREET,
    "field-worker": IN_THE_STREET,
    "desk": EVALUATING,
    "desk-evaluate": EVALUATING,
    "work": WORKING,
    "work-export": WORKING,
    "work-move": WORKING,
    "work-photo": WORKING,
    "contractor": COMPANY,
    "contractor-move": COMPANY,
    "contractor-photo": COMPANY,
    "live": EVERYONE,
    "notifications": EVERYONE,
    "notifications-unread": EVERYONE,
    "notifications-read": EVERYONE,
    "notice-settings": EVERYONE,
    "notification": EVERYONE,
    "notification-read": EVERYONE,
    "overview": FIGURES,
    "overview-zones": FIGURES,
    "overview-map": FIGURES,
    "api-statistics": FIGURES,
    "api-schema": EVERYONE,
    "api-docs": EVERYONE,
    "api-departments": EVERYONE,
    "address-search": STAFF,
    "address-reverse": STAFF,
    "api-requests": STAFF,
    "api-request": STAFF,
    "api-photo": STAFF,
    "api-request-moves": EVALUATING,
    "api-request-notes": LOGGING,
    "api-request-events": STAFF,
    "api-interventions": EVERYONE,
    "api-intervention": EVERYONE,
    "api-intervention-moves": EVALUATING,
    "api-categories": EVERYONE,
    "api-routing-preview": STAFF,
    "simulation-of-version": GIS,
    "simulation": STAFF,
    "simulation-again": GIS,
    "api-layers": STAFF,
    "api-layer-versions": GIS,
    "api-zones": STAFF,
    "api-notifications": EVERYONE,
    "api-notifications-read": EVERYONE,
}
POSTED = {
    "api-request-moves", "api-request-notes", "api-intervention-moves", "intake-photo-removal", "request-move",
    "request-contact", "request-note", "request-photo-shown", "desk-evaluate", "work-move", "contractor-move",
    "layer-check", "layer-publish", "simulation-again", "layer-restore", "api-layer-versions", "notifications-read",
    "notification-read", "api-notifications-read",
}  # fmt: skip
# What is opened by GET and sent something by POST as well: who may send. Nothing else takes a second method.
SENT_TO = {
    "api-requests": LOGGING, "intake": LOGGING, "intake-photos": LOGGING, "layer-import": GIS, "requests-export": STAFF,
    "simulation-of-version": GIS, "layer-settings": GIS, "layer-import-preview": GIS,
    "notice-settings": EVERYONE,
}  # fmt: skip
QUERIES = {
    "api-zones": {"layer": "poles"},
    "intake-photos": {"key": str(uuid.uuid4())},
    "address-search": {"q": "rue"},
    "address-reverse": {"lon": "-0.37", "lat": "49.18"},
    "api-statistics": {"by": "state"},
    "api-routing-preview": {"category": "graffiti", "lon": "-0.37", "lat": "49.18"},
}
# Refusing a request is for those who evaluate; "?" is no move: the answer tells whether the door was open, not more.
BODIES = {
    "api-request-moves": {"move": "refuse"}, "api-intervention-moves": {"move": "cancel"}, "api-request-notes": {},
    "request-move": {"move": "refuse"}, "work-move": {"move": "?"}, "contractor-move": {"move": "?"},
}  # fmt: skip
DOORS = [(where, pattern.name) for where, pattern in EVERY if declared(pattern.callback) != ["public"]]


NOTHING = {"reroutings", "work-export", "api-interventions", "api-requests", "requests-export", "intake-photos"}


def arguments(name: str, user: User) -> list:
    """What the address holds: a thing this person may see, or any when they see none."""
    if name in NOTHING:
        return []
    if name in {"tiles-requests", "tilejson-requests"}:
        return [12, 2043, 1404] if name == "tiles-requests" else []
    if name.startswith(("tile", "layer", "api-layer-")):
        return of_a_layer(name)
    if name.startswith(("simulation", "rerouting")):
        return of_a_change(name, user)
    if name.startswith("intake-photo"):
        return [a_photo(uploaded_by=user).pk]
    if name.startswith("requests-export-"):
        return [an_export(user).pk]
    if name.startswith(("work-", "contractor-", "api-intervention")):
        work = Intervention.objects.visible_to(user).first() or Intervention.objects.first()
        return [work.reference, a_photo(intervention=work).pk] if name.endswith("photo") else [work.reference]
    if name.startswith(("request-", "desk-", "received", "api-request", "api-photo")) or name == "request":
        seen = ServiceRequest.objects.visible_to(user).order_by("id").first()
        request = seen or ServiceRequest.objects.first()
        return [request.reference, a_photo(request=request).pk] if "photo" in name else [request.reference]
    if name in {"notification", "notification-read"}:
        return [0]  # nobody's
    return []


MAY_HOLD_NOTHING = {
    "work-move", "work-photo", "api-intervention", "layer-import-drawn", "notification", "notification-read",
    "layer-check-progress",
}  # fmt: skip
OF_A_VERSION = {
    "layer-version",
    "layer-check",
    "layer-check-progress",
    "layer-publish",
    "layer-restore",
    "layer-findings",
    "layer-zones",
}


def of_a_layer(name: str) -> list:
    if name in {"layers", "layer-import"}:
        return []
    if name.startswith("layer-import-"):
        return ["nobodys"]
    if name.startswith("api-"):
        return ["poles"]
    if name.startswith("layer"):
        return ["poles", 1] if name in OF_A_VERSION else ["poles"]
    version = [1] if name.endswith("version") else []
    return ["poles", *version, *([12, 2043, 1404] if name.startswith("tiles-") else [])]


def of_a_change(name: str, user: User) -> list:
    if name == "simulation-of-version":
        return ["poles", 1]
    return [a_pass().pk if name == "rerouting" else a_simulation(user).pk]


def an_export(user: User) -> Export:
    facts = {"format": "csv", "srid": 4326, "state": "ready", "total": 1, "file": "photos/some.jpg"}
    return Export.objects.create(requested_by=user, created_at=timezone.now(), **facts)


def a_simulation(user: User) -> Simulation:
    today = timezone.localdate()
    version = LayerVersion.objects.get(layer__code="poles", number=1)
    facts = {"state": "ready", "total": 0, "day": today, "rules_of": today, "created_at": timezone.now()}
    return Simulation.objects.create(version=version, requested_by=user, **facts)


def a_pass() -> Rerouting:
    now = timezone.now()
    return Rerouting.objects.create(day=timezone.localdate(now), ordered_at=now, begun_at=now, ended_at=now)


def knock(client, name: str, user: User) -> int:
    address = reverse(name, args=arguments(name, user))
    if name in POSTED:
        form = {"content_type": "application/json"} if name.startswith("api-") else {}
        return client.post(address, BODIES.get(name, {}), **form).status_code
    return client.get(address, QUERIES.get(name, {})).status_code


def test_the_table_names_every_address_that_is_not_public():
    assert {name for _where, name in DOORS} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_account_is_let_in_where_the_table_says(client, person, account, name):
    user = person(account)
    client.force_login(user)
    status = knock(client, name, user)
    if account in EXPECTED[name]:
        # From inside, 404: some departments have no work ordered, and nobody has sent a file.
        assert status not in {401, 403}, status
        assert status != 404 or name in MAY_HOLD_NOTHING
    else:
        # What one may not see does not exist: that comes before what one may not do.
        assert status == 403 or (status == 404 and name == "api-intervention-moves")


@pytest.mark.parametrize("name", EXPECTED)
def test_nobody_enters_without_an_account(client, person, name):
    status = knock(client, name, person("admin"))
    assert status in {302, 401}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_no_other_method_is_a_way_in(client, person, account):
    user = person(account)
    client.force_login(user)
    for name in EXPECTED:
        address = reverse(name, args=arguments(name, user))
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if method == "POST" and name in POSTED:
                continue
            status = client.generic(method, address, b"{}", content_type="application/json").status_code
            if method == "POST" and account in SENT_TO.get(name, ()):
                # To a file that is no longer there: back to where one is sent.
                assert status in {200, 400, 422} or (status == 302 and name == "layer-import-preview"), (name, status)
            else:
                assert status in {403, 405}, (method, name, status)


def of_the_administration() -> list[str]:
    """Every address under /admin/, with a row where it wants one; its catch-all and its way out are no doors."""
    rows = {f"{each._meta.app_label}/{each._meta.model_name}": each for each in admin.site._registry}
    found = []
    for where, pattern in addresses(get_resolver().url_patterns):
        if not where.startswith("admin/") or pattern.name == "logout" or "(?P<url>" in where:
            continue
        if "(?P<app_label>" in where:
            found += [f"/admin/{label}/" for label in {each.split("/")[0] for each in rows}]
            continue
        model = rows.get("/".join(where.split("/")[1:3]))
        row = model.objects.first() if model else Department.objects.first()
        if "<" not in where or row:
            kind = ContentType.objects.get_for_model(type(row)).pk if row else ""
            ids = {"<path:object_id>": row and row.pk, "<id>": row and row.pk, "<path:content_type_id>": kind}
            for piece, value in ids.items():
                where = where.replace(piece, str(value))
            found.append(f"/{where}")
    return found


@pytest.mark.parametrize("account", ACCOUNTS)
def test_only_the_administrator_administers(client, person, account):
    client.force_login(person(account))
    doors = of_the_administration()
    assert len(doors) > 50
    assert [door for door in doors if "<" in door or "(" in door] == []
    for door in doors:
        for knock_at in (client.get, client.post):
            status = knock_at(door, follow=True).status_code
            if account != "admin":
                assert status == 403, (door, status)
            elif knock_at == client.get and not door.endswith(("/delete/", "/autocomplete/")):
                assert status in {200, 404}, (door, status)
