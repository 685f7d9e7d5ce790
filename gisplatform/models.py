"""Who is here: authorities, their departments, the people who work in them, and their API tokens."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gisplatform import sql
from gisplatform.roles import PERMISSIONS, ROLES, Scope


class Authority(models.Model):
    """A body that answers for a territory: a city, an agglomeration, a county. Open311: jurisdiction."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    siren = models.CharField(_("SIREN number"), max_length=9, blank=True)
    jurisdiction = models.CharField(_("Open311 jurisdiction"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("authority"), _("authorities")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A unit that issues requests, answers them, or both."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("Department")
        POLE = "pole", _("Neighbourhood hub")
        UTILITY = "utility", _("Utility")
        CONTRACTOR = "contractor", _("Company")

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="departments", verbose_name=_("authority"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above it")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("department"), _("departments")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def ids_below(top: int | None) -> list[int]:
        """Ids of every department under this one, at any depth; [] for None. One query."""
        return [row["id"] for row in sql.rows(sql.load("gisplatform", "departments_below"), {"top": top})]


class User(AbstractUser):
    """A person with an account. Roles are Django groups written by `gisplatform.roles`."""

    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("department"),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")

    @cached_property
    def role_codes(self) -> frozenset[str]:
        """The codes of the person's roles; one query, kept for the life of this object."""
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def scope(self) -> Scope:
        """The widest scope of the person's roles."""
        if self.is_superuser:
            return Scope.EVERYTHING
        return max((ROLES[code].scope for code in self.role_codes if code in ROLES), default=Scope.NOTHING)

    @cached_property
    def beside(self) -> list[int]:
        """Ids of the departments of the person's authority; one query, kept for the life of this object."""
        found = Department.objects.filter(authority__departments=self.department_id)
        return list(found.order_by("pk").values_list("pk", flat=True))

    @cached_property
    def below(self) -> list[int]:
        """Ids of the person's department and of those under it; one query, kept for the life of this object."""
        return [self.department_id, *Department.ids_below(self.department_id)] if self.department_id else []

    @property
    def sight(self) -> list[int]:
        """Ids of the departments whose rows the person sees by their scope; [] for all, or for no more than their own.

        Ids, since a condition on a list of numbers is one the planner of the database can weigh; a join it cannot.
        """
        match self.scope:
            case Scope.AUTHORITY:
                return self.beside
            case Scope.DEPARTMENT:
                return self.below
            case _:
                return []

    def may(self, permission: str) -> bool:
        """True when one of the person's roles grants `permission`, a key of `roles.PERMISSIONS`."""
        if permission not in PERMISSIONS:
            raise ValueError(f"unknown permission {permission!r}")
        if not self.is_active or self.is_superuser:
            return self.is_active
        return any(permission in ROLES[code].permissions for code in self.role_codes if code in ROLES)


class SiteMessage(models.Model):
    """A line at the top of the pages: what is down tonight, whom to call."""

    class Kind(models.TextChoices):
        INFO = "info", _("Information")
        WARNING = "warning", _("Warning")

    text = models.TextField(_("text"), max_length=400)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.INFO)
    shown_from = models.DateTimeField(_("shown from"), default=timezone.now)
    shown_until = models.DateTimeField(_("shown until"), null=True, blank=True)
    everyone = models.BooleanField(_("for residents too"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("message of the platform"), _("messages of the platform")

    def __str__(self) -> str:
        return self.text[:60]


class Token(models.Model):
    """A key to the machine interfaces, acting as its user. Only a digest is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("person"))
    name = models.CharField(_("what it is for"), max_length=120, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("token"), _("tokens")

    def __str__(self) -> str:
        return self.name or f"token {self.pk}"
