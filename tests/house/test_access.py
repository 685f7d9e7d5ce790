"""Every address of the platform declares who may open it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from gisplatform.roles import PERMISSIONS

# Django's administration guards itself: staff accounts only, model by model.
GUARDED_ELSEWHERE = ("admin/",)


def addresses(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        where = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, where)
        else:
            yield where, each


EVERY = [item for item in addresses(get_resolver().url_patterns) if not item[0].startswith(GUARDED_ELSEWHERE)]


def declared(view: Any) -> list[str] | None:
    """The permissions a view declares ("" is any account), ["public"] when open to all, None when it says nothing."""
    if hasattr(view, "required_permission"):
        return [view.required_permission]
    by_class = getattr(view, "cls", getattr(view, "view_class", None))
    if by_class is not None and getattr(by_class, "public", False):
        return ["public"]
    if by_class is not None and getattr(by_class, "required_permissions", None):
        return list(by_class.required_permissions.values())
    # DRF opts out of the login middleware for all its views: only a page's own mark counts.
    if not hasattr(view, "cls") and getattr(view, "login_required", True) is False:
        return ["public"]
    return None


@pytest.mark.parametrize(("where", "pattern"), EVERY, ids=[where for where, _ in EVERY])
def test_every_address_declares_a_permission_or_is_marked_public(where, pattern):
    permissions = declared(pattern.callback)
    assert permissions is not None, f"{where} declares nothing: use requires(), for_everyone_signed_in or public"
    assert set(permissions) <= {"", "public", *PERMISSIONS}


def test_what_is_public_is_on_this_list():
    public = {where for where, pattern in EVERY if declared(pattern.callback) == ["public"]}
    assert public == {
        "connexion/",
        "deconnexion/",
        "health/",
        "fonds/style.json",
        "prevenir/<str:key>/",
        "robots.txt",
        "suivi/<str:token>/",
        "suivi/<str:token>/live/",
        "suivi/<str:token>/photos/<int:photo_id>/",
        "tiles/background/<int:z>/<int:x>/<int:y>.mvt",
        "tiles/background.json",
    }
