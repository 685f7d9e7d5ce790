"""The one table of permissions: what each role may do, and which rows it sees.

Who has which role is data: each role is a Django group, made after every migration, and the administration
puts people in it. What a role may do is this table. Views ask for a permission, never for a role.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "view_requests": _("See requests"),
    "log_request": _("Log a request"),
    "capture_in_field": _("Capture in the street, by telephone"),
    "see_requester": _("See who asked and how to reach them"),
    "evaluate_request": _("Evaluate requests: accept, redirect, refuse"),
    "work_request": _("Plan, start and finish the work"),
    "company_work": _("Carry out the work entrusted to a company"),
    "close_request": _("Close and reopen requests"),
    "show_photo": _("Show photos to requesters"),
    "validate_work": _("Validate the work shown to a company"),
    "view_layers": _("See layers"),
    "manage_layers": _("Import and publish layers"),
    "view_figures": _("See figures"),
}


class Scope(IntEnum):
    """Which requests a person sees; the widest scope of their roles counts."""

    NOTHING = 0
    OWN = 1  # those they logged themselves
    DEPARTMENT = 2  # those their department (or one below it) logged or must answer
    AUTHORITY = 3  # those any department of their authority logged or must answer
    EVERYTHING = 4


@dataclass(frozen=True)
class Role:
    label: Any
    scope: Scope
    permissions: frozenset[str]


def role(label: Any, scope: Scope, permissions: str) -> Role:
    granted = frozenset(permissions.split())
    unknown = granted - PERMISSIONS.keys()
    if unknown:
        raise ValueError(f"unknown permissions: {sorted(unknown)}")
    return Role(label, scope, granted)


ROLES = {
    "agent": role(_("Front desk agent"), Scope.AUTHORITY, "view_requests log_request see_requester view_layers"),
    "technician": role(
        _("Field technician"), Scope.AUTHORITY, "view_requests log_request capture_in_field view_layers"
    ),
    "regulator": role(
        _("Central technician"), Scope.AUTHORITY,
        "view_requests log_request capture_in_field see_requester evaluate_request work_request close_request"
        " show_photo view_layers",
    ),
    "manager": role(
        _("Manager"), Scope.AUTHORITY,
        "view_requests log_request capture_in_field see_requester evaluate_request work_request close_request"
        " show_photo validate_work view_layers view_figures",
    ),
    "member": role(
        _("Member of a receiving department"), Scope.DEPARTMENT,
        "view_requests log_request capture_in_field see_requester work_request view_layers",
    ),
    "contractor": role(_("Contractor"), Scope.NOTHING, "company_work"),
    # Their layers and rules route the requests of every authority; who asked stays hidden from them.
    "analyst": role(_("GIS analyst"), Scope.EVERYTHING, "view_requests view_layers manage_layers view_figures"),
}  # fmt: skip


def write_groups(**_kwargs: Any) -> None:
    """Give every role its Django group; runs after every migration."""
    from django.contrib.auth.models import Group

    for code in ROLES:
        Group.objects.get_or_create(name=code)
