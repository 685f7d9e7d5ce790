"""What the page of a request sends: a move, or a note."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department
from interventions.requests.lifecycle import MOVES

WORDS_MAX = 4000


class MoveForm(forms.Form):
    """A move of the lifecycle table. Whether it needs its reason or its department is the domain's to say."""

    move = forms.ChoiceField(choices=[(name, each.label) for name, each in MOVES.items()])
    reason = forms.CharField(label=_("Reason"), required=False, max_length=WORDS_MAX)
    department = forms.ModelChoiceField(
        Department.objects.filter(retired_on=None), label=_("Department"), required=False, to_field_name="code"
    )

    def clean_department(self) -> Department | None:
        """Only a redirection goes somewhere."""
        return self.cleaned_data["department"] if self.cleaned_data.get("move") == "redirect" else None


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=WORDS_MAX)
