"""What the page of a request sends: a move, a note, or how to reach who asked."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gisplatform.models import Department
from interventions.requests import duplicates
from interventions.requests.lifecycle import MOVES
from interventions.requests.models import Notify, Requester, ServiceRequest
from interventions.requests.queries import ServiceRequestQuerySet
from interventions.requests.reach import is_refused

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


class ContactFields(forms.Form):
    """Who asks, how to reach them and how they want to be told: at intake, and where it is corrected."""

    name = forms.CharField(required=False, max_length=120, label=_("Name"))
    phone = forms.CharField(
        required=False, max_length=30, label=_("Telephone"), widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        label=_("E-mail"),
        error_messages={"invalid": _("An e-mail reads name@domain.fr: have it spelled, or leave it empty.")},
    )
    notify = forms.ChoiceField(
        required=False,
        label=_("Notified"),
        choices=Notify.choices,
        initial=Notify.EMAIL.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if not settings.SMS_URL and self.get_initial_for_field(self.fields["notify"], "notify") != Notify.SMS:
            self.fields["notify"].choices = [each for each in Notify.choices if each[0] != Notify.SMS]  # type: ignore[attr-defined]
        for name in ("name", "phone", "email"):
            # The caller's, not the agent's own that a browser remembers.
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def focus(self, *, otherwise: str) -> None:
        """Have the page begin in the first field that is wrong."""
        first = next((name for name in self.errors if name in self.fields), otherwise)
        self.fields[first].widget.attrs["autofocus"] = True


class ContactForm(ContactFields):
    """Corrects what is known of `requester`, who may be unknown so far.

    Each field carries what it held when the page was made, so that only what somebody changed is written.
    """

    def __init__(self, data: Any = None, *, requester: Requester | None) -> None:
        initial = {name: getattr(requester, name) for name in ("name", "phone", "email", "notify")} if requester else {}
        super().__init__(data, initial=initial, auto_id="contact-%s")
        self.requester = requester
        for field in self.fields.values():
            field.show_hidden_initial = True
        self.fields["email"].help_text = _("The next messages go there; those sent before are not sent again.")

    def clean_email(self) -> str:
        """An address given anew is not one of those that are known to be nobody's."""
        email = str(self.cleaned_data["email"])
        if email and "email" in self.changed_data and is_refused(email):
            raise ValidationError(_("Nothing arrives at this address: have it spelled, or leave it empty."))
        return email

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.requester is None and not self.errors and not any(found[each] for each in ("name", "phone", "email")):
            raise ValidationError(_("Give a name, a telephone number or an e-mail."))
        return found

    @property
    def changes(self) -> dict[str, str]:
        """What somebody changed, by field; no way ticked is no change."""
        found = {name: str(self.cleaned_data[name]) for name in self.changed_data}
        return {name: value for name, value in found.items() if value or name != "notify"}

    @property
    def notify_before(self) -> SafeString:
        """The hidden field of the way; its choices are drawn one by one, the other fields write theirs themselves."""
        return self["notify"].as_hidden(only_initial=True)
