"""What the page of a request sends: a move, or a note."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department
from interventions.requests import duplicates
from interventions.requests.lifecycle import MOVES
from interventions.requests.models import ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet

WORDS_MAX = 4000
REFERENCE_MAX = 40  # with blanks around it


class JoinedField(forms.CharField):
    """The reference of a request to be joined, among those `visible()` gives; None when empty."""

    visible: Callable[[], ServiceRequestQuerySet]

    def clean(self, value: Any) -> ServiceRequest | None:
        reference = super().clean(value)
        try:
            return duplicates.find(reference, visible=self.visible()) if reference else None
        except duplicates.CannotJoin as error:
            raise ValidationError(str(error)) from None


class MoveForm(forms.Form):
    """A move of the lifecycle table. Whether it needs its reason, department or principal is the domain's to say."""

    move = forms.ChoiceField(choices=[(name, each.label) for name, each in MOVES.items()])
    reason = forms.CharField(label=_("Reason"), required=False, max_length=WORDS_MAX)
    department = forms.ModelChoiceField(
        Department.objects.filter(retired_on=None), label=_("Department"), required=False, to_field_name="code"
    )
    due_on = forms.DateField(label=_("The day you announce"), required=False)
    duplicate_of = JoinedField(label=_("Reference of the first request"), required=False, max_length=REFERENCE_MAX)

    def __init__(self, *args: Any, visible: ServiceRequestQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duplicate_of"].visible = lambda: visible  # type: ignore[attr-defined]

    def clean_department(self) -> Department | None:
        """Only a redirection goes somewhere."""
        return self.cleaned_data["department"] if self.cleaned_data.get("move") == "redirect" else None


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=WORDS_MAX)
