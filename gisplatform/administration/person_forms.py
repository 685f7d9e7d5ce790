"""Opening and changing an account: roles by what they let a person do, and no way to shut oneself out."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
    UsernameField,
)
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform.models import User
from gisplatform.roles import PERMISSIONS, ROLES, Scope

SEES = {
    Scope.NOTHING: gettext_lazy("Sees no request."),
    Scope.OWN: gettext_lazy("Sees the requests they logged."),
    Scope.DEPARTMENT: gettext_lazy("Sees the requests of their department."),
    Scope.AUTHORITY: gettext_lazy("Sees the requests of their authority."),
    Scope.EVERYTHING: gettext_lazy("Sees every request."),
}


class RolesField(forms.ModelMultipleChoiceField):
    """The groups of `roles.ROLES`, each with what it lets a person do."""

    def __init__(self) -> None:
        super().__init__(
            Group.objects.filter(name__in=ROLES).order_by("id"),
            required=False,
            label=gettext_lazy("Roles"),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "roles"}),
        )

    def label_from_instance(self, obj: Group) -> SafeString:
        role = ROLES[obj.name]
        may = " · ".join(str(words) for name, words in PERMISSIONS.items() if name in role.permissions)
        return format_html('{} <span class="help">{} {}</span>', role.label, SEES[role.scope], may)


class PasswordButton(ReadOnlyPasswordHashWidget):
    """The way to a new password, without the words on how the old one is kept."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "summary": []}


HELP = {
    "username": gettext_lazy("Typed to sign in: letters, digits and @ . + - _"),
    "email": gettext_lazy("Where the platform writes to this person."),
    "department": gettext_lazy("What the person sees depends on it: without one, hardly any role shows a request."),
    "is_active": gettext_lazy(
        "Untick to close the account: the person and their tokens no longer enter. Undone by ticking."
    ),
    "is_superuser": gettext_lazy("May do everything and enters this administration."),
}


class NewPersonForm(UserCreationForm):
    groups = RolesField()

    class Meta(UserCreationForm.Meta):
        model = User
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("temporary password")
        self.fields["password1"].help_text = _("At least 12 letters; tell it to the person yourself.")


class PersonForm(UserChangeForm):
    groups = RolesField()
    password = ReadOnlyPasswordHashField(
        label=gettext_lazy("Password"),
        widget=PasswordButton,
        help_text=gettext_lazy("Nobody can read it. Give a temporary one to whoever has forgotten theirs."),
    )
    acting: User  # who fills in the form; set by the list

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "department", "groups", "is_active", "is_superuser")
        field_classes = {"username": UsernameField}
        labels = {"is_active": gettext_lazy("Account open"), "is_superuser": gettext_lazy("Administrator")}
        help_texts = HELP

    def clean(self) -> dict[str, Any] | None:
        """Nobody shuts the door behind themselves: an administrator always remains."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk == self.acting.pk:
            for name in ("is_active", "is_superuser"):
                if not cleaned.get(name):
                    self.add_error(name, _("Ask another administrator: you cannot do this to your own account."))
        return cleaned
