"""People: accounts are opened, given roles and closed; never deleted, since history names them."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform.administration.entries import PlainLists
from gisplatform.administration.person_forms import NewPersonForm, PersonForm
from gisplatform.models import User
from gisplatform.roles import ROLES, Scope


class ByRole(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, role.label) for code, role in ROLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() in ROLES else queryset


class ByAccount(admin.SimpleListFilter):
    title = gettext_lazy("account")
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", _("Account open")), ("closed", _("Account closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(is_active=self.value() == "open") if self.value() else queryset


class People(PlainLists, UserAdmin):
    add_form_template = None
    add_form = NewPersonForm
    form = PersonForm
    ordering = ("last_name", "first_name", "username")
    list_display = ("username", "full_name", "department", "roles", "open", "last_login")
    list_filter = (ByAccount, ByRole, "department__authority")
    list_select_related = ("department",)
    search_fields = (
        "username", "first_name__unaccent", "last_name__unaccent", "email", "department__name__unaccent"
    )  # fmt: skip
    autocomplete_fields = ("department",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    actions = ("close", "reopen")
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "email")}),
        (gettext_lazy("Place and roles"), {"fields": ("department", "groups", "is_superuser")}),
        (gettext_lazy("Account"), {"fields": ("is_active", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "password1", "password2")}),
        (gettext_lazy("Place and roles"), {"fields": ("department", "groups")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.acting = request.user
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = obj.is_superuser  # one door, one kind of administrator
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        by_place = [ROLES[group.name] for group in person.groups.all() if group.name in ROLES]
        if person.department is None and any(role.scope in (Scope.DEPARTMENT, Scope.AUTHORITY) for role in by_place):
            sentence = _("%(person)s has a role but no department, and so sees no request: choose a department.")
            self.message_user(request, sentence % {"person": person}, messages.WARNING)

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description=gettext_lazy("account open"), boolean=True, ordering="is_active")
    def open(self, person: User) -> bool:
        return person.is_active

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person: User) -> str:
        labels = [str(ROLES[group.name].label) for group in person.groups.all() if group.name in ROLES]
        return ", ".join([_("Administrator"), *labels] if person.is_superuser else labels)

    @admin.action(description=gettext_lazy("Close the account"))
    def close(self, request: HttpRequest, queryset: QuerySet) -> None:
        if queryset.filter(pk=request.user.pk).exists():
            sentence = _("Ask another administrator: you cannot do this to your own account.")
            self.message_user(request, sentence, messages.ERROR)
        count = self._set_active(request, queryset.filter(is_active=True).exclude(pk=request.user.pk), active=False)
        said = ngettext("%(count)d account closed.", "%(count)d accounts closed.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Reopen the account"))
    def reopen(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = self._set_active(request, queryset.filter(is_active=False), active=True)
        said = ngettext("%(count)d account reopened.", "%(count)d accounts reopened.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)

    def _set_active(self, request: HttpRequest, people: QuerySet, *, active: bool) -> int:
        changed = list(people)
        for person in changed:
            person.is_active = active
            person.save(update_fields=["is_active"])
            self.log_change(request, person, [{"changed": {"fields": [_("account")]}}])
        return len(changed)
