"""What the evaluation queue sends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department
from interventions.requests.forms import REFERENCE_MAX, WORDS_MAX, JoinedField
from interventions.requests.queries import ServiceRequestQuerySet


class EvaluationForm(forms.Form):
    """One of the moves of the queue. Whether it needs its reason or its department is the domain's to say."""

    move = forms.ChoiceField(choices=[(name, name) for name in ("accept", "redirect", "refuse", "merge")])
    reason = forms.CharField(label=_("Reason"), required=False, max_length=WORDS_MAX)
    instructions = forms.CharField(label=_("Instructions"), required=False, max_length=WORDS_MAX)
    department = forms.ModelChoiceField(
        Department.objects.filter(retired_on=None), label=_("Department"), required=False, to_field_name="code"
    )
    executed_by = forms.ModelChoiceField(
        Department.objects.filter(retired_on=None, kind=Department.Kind.CONTRACTOR),
        label=_("Carried out by"), required=False, to_field_name="code",
    )  # fmt: skip
    duplicate_of = JoinedField(label=_("Reference of the first request"), required=False, max_length=REFERENCE_MAX)

    def __init__(self, *args: Any, visible: ServiceRequestQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duplicate_of"].visible = lambda: visible  # type: ignore[attr-defined]
