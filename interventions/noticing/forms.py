"""What the pages of the notification centre are asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from interventions.noticing.kinds import SORTS, How, Kind


class FilterForm(forms.Form):
    """Filters in an address: what is not understood is left out."""

    unread = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kinds: Sequence[Kind], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"] = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in kinds], required=False)

    def asked(self) -> dict[str, str]:
        """`kind` and `unread`, "" for what is not asked."""
        self.is_valid()
        found = self.cleaned_data
        return {"kind": found.get("kind", ""), "unread": "1" if found.get("unread") else ""}


class ChoicesForm(forms.Form):
    """A choice of way for each kind, under the kind's own name."""

    def __init__(self, data: Any = None, *, chosen: Mapping[Kind, How]) -> None:
        super().__init__(data)
        self.kinds = list(chosen)
        for kind, how in chosen.items():
            ways = [(way.value, way.label) for way in reversed(SORTS[kind].ways)]
            self.fields[kind.value] = forms.ChoiceField(
                choices=ways, initial=how.value, label=kind.label, help_text=SORTS[kind].said
            )

    @property
    def chosen(self) -> dict[Kind, How]:
        return {kind: How(self.cleaned_data[kind.value]) for kind in self.kinds}
