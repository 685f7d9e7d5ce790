"""Forms of the administration: a code made from the name, lists typed as text, a day of retirement that holds."""

import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gisplatform.administration.retiring import obstacles


class CodedForm(forms.ModelForm):
    """A code left empty is made from the name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _(
                "What machines call it. Left empty, it is made from the name; once saved it no longer changes."
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "code" in self.fields and "code" not in self.errors and not cleaned.get("code") and cleaned.get("name"):
            cleaned["code"] = free_code(self._meta.model, cleaned["name"])
            if not cleaned["code"]:
                self.add_error("code", _("No code can be made from this name: please enter one."))
        return cleaned


class RetirableForm(CodedForm):
    """Refuses a day of retirement while something would still rely on it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        day: datetime.date | None = cleaned.get("retired_on")
        if day and "retired_on" in self.changed_data and self.instance.pk:
            for sentence in obstacles(self.instance, day):
                self.add_error("retired_on", sentence)
        return cleaned


class Listed(forms.Field):
    """Texts of at most `longest` letters, separated by commas or one a line; empty ones and repetitions are dropped."""

    def __init__(self, *, longest: int, one_a_line: bool = False, **kwargs: Any) -> None:
        self.longest = longest
        self.between = "\n" if one_a_line else ","
        widget = forms.Textarea(attrs={"rows": 8, "cols": 60}) if one_a_line else forms.TextInput(attrs={"size": 60})
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return (", " if self.between == "," else "\n").join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        texts = (text.strip() for text in str(value or "").split(self.between))
        return list(dict.fromkeys(text for text in texts if text))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for text in value:
            if len(text) > self.longest:
                raise forms.ValidationError(
                    _("“%(text)s” is too long: %(longest)d letters at most.") % {"text": text, "longest": self.longest}
                )


def free_code(model: type[Model], name: str) -> str:
    """A code for this name that no row has yet: `voirie`, then `voirie-2`; "" when the name has no letter to use."""
    longest = getattr(model._meta.get_field("code"), "max_length", None) or 50
    wanted = slugify(name)[: longest - 4].strip("-")
    if not wanted:
        return ""
    taken = set(model._default_manager.filter(code__startswith=wanted).values_list("code", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (wanted, *numbered) if code not in taken)
