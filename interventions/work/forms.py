"""What the list of interventions sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from interventions.requests.forms import WORDS_MAX
from interventions.work.lifecycle import MOVES


class MoveForm(forms.Form):
    """A move of the table; photos come beside it, under `key`, and are checked one by one."""

    move = forms.ChoiceField(choices=[(name, each.label) for name, each in MOVES.items()])
    text = forms.CharField(label=_("What was done"), required=False, max_length=WORDS_MAX)
    key = forms.UUIDField(required=False)
