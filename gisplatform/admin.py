"""People and where they work: accounts, their tokens, authorities, departments."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform.administration.entries import Entries, PlainLists, RetirableEntries, ServiceLife
from gisplatform.administration.forms import CodedForm, RetirableForm
from gisplatform.administration.issuing import Tokens
from gisplatform.administration.people import People
from gisplatform.announcements import unended
from gisplatform.models import Authority, Department, SiteMessage, Token, User

admin.site.register(User, People)
admin.site.unregister(Group)  # comes with Django's list of people; roles are written by gisplatform.roles


class DepartmentForm(RetirableForm):
    class Meta:
        help_texts = {
            "name": gettext_lazy("As residents and colleagues read it, in full."),
            "authority": gettext_lazy("The body this department belongs to; its people see that body’s requests."),
            "parent": gettext_lazy("The department it is part of; people there also see what comes here."),
            "email": gettext_lazy("Where the department is written to."),
            "retired_on": gettext_lazy("From that day on it is no longer offered. Its history stays."),
        }

    def clean_parent(self) -> Department | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.pk in {self.instance.pk, *Department.ids_below(self.instance.pk)}:
            raise forms.ValidationError(_("A department cannot be part of itself: choose one that is above it."))
        return parent


@admin.register(Department)
class Departments(RetirableEntries):
    form = DepartmentForm
    list_display = ("name", "kind", "authority", "parent", "people", "email", "phone", "retired_on")
    list_filter = (ServiceLife, "kind", "authority")
    list_select_related = ("authority", "parent")
    search_fields = ("name__unaccent", "code", "authority__name__unaccent")
    autocomplete_fields = ("authority", "parent")
    readonly_fields = ("used_by",)
    fieldsets = (
        (None, {"fields": ["name", "code", "kind", "authority", "parent"]}),
        (gettext_lazy("Contact"), {"fields": ["email", "phone"]}),
        RetirableEntries.LIFE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        working = Count("members", filter=Q(members__is_active=True))
        return super().get_queryset(request).annotate(people=working)

    @admin.display(description=gettext_lazy("people"), ordering="people")
    def people(self, department: Any) -> int:
        return department.people


class Moment(forms.DateTimeInput):
    """One control with one label, where Django's administration has two without."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SiteMessageForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "text": gettext_lazy("One or two sentences: what is the matter, until when, whom to call."),
            "kind": gettext_lazy("A warning is for what keeps people from working."),
            "shown_until": gettext_lazy("Left empty, it stays until you take it away."),
            "everyone": gettext_lazy("Also on the sign-in page and on the pages of residents."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("shown_from"), cleaned.get("shown_until")
        if begins and ends and ends <= begins:
            self.add_error("shown_until", _("It would end before it begins: choose a later moment."))
        return cleaned


@admin.register(SiteMessage)
class SiteMessages(PlainLists, admin.ModelAdmin):
    """Shown at once by the process that saves it, by the others within seconds."""

    form = SiteMessageForm
    list_display = ("text", "kind", "shown_from", "shown_until", "everyone")
    list_filter = ("kind", "everyone")
    search_fields = ("text__unaccent",)
    formfield_overrides: ClassVar[Any] = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": Moment}}
    ordering = ("-shown_from",)

    def save_model(self, *args: Any) -> None:
        super().save_model(*args)
        unended.forget()

    def delete_model(self, *args: Any) -> None:
        super().delete_model(*args)
        unended.forget()

    def delete_queryset(self, *args: Any) -> None:
        super().delete_queryset(*args)
        unended.forget()


class AuthorityForm(CodedForm):
    siren = forms.CharField(
        label=gettext_lazy("SIREN"), required=False, help_text=gettext_lazy("Nine digits."),
        validators=[RegexValidator(r"^\d{9}$", gettext_lazy("A SIREN number has nine digits."))],
    )  # fmt: skip

    class Meta:
        help_texts = {
            "name": gettext_lazy("In full, as residents read it."),
            "short_name": gettext_lazy("For narrow places, for example “CU”. May stay empty."),
            "jurisdiction": gettext_lazy(
                "Its jurisdiction_id for Open311 clients, for example “caen.fr”. May stay empty."
            ),
        }


@admin.register(Authority)
class Authorities(Entries):
    form = AuthorityForm
    list_display = ("name", "short_name", "code", "department_count", "email", "phone")
    search_fields = ("name__unaccent", "short_name__unaccent", "code", "siren")
    readonly_fields = ("used_by",)
    fieldsets = (
        (None, {"fields": ["name", "short_name", "code", "siren", "jurisdiction"]}),
        (gettext_lazy("Contact"), {"fields": ["email", "phone"]}),
        (gettext_lazy("Service life"), {"fields": ["used_by"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        today = timezone.localdate()
        in_service = Q(departments__retired_on=None) | Q(departments__retired_on__gt=today)
        counted = Count("departments", filter=Q(departments__isnull=False) & in_service)
        return super().get_queryset(request).annotate(department_count=counted)

    @admin.display(description=gettext_lazy("departments in service"), ordering="department_count")
    def department_count(self, authority: Any) -> int:
        return authority.department_count


admin.site.register(Token, Tokens)
