"""The fields of the intake screen: they parse what was typed and resolve the place; nothing is saved here."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.gis.geos import GEOSGeometry
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform import geo
from gisplatform.errors import InvalidGeometry
from gisplatform.models import Department, User
from interventions.glossary.models import Category
from interventions.glossary.queries import in_use
from interventions.requests.forms import REFERENCE_MAX, ContactFields, JoinedField
from interventions.requests.intake.nearby import FARTHEST_M
from interventions.requests.intake.place import Candidate, Meant, meant
from interventions.requests.models import Channel, Notify, ServiceRequest
from interventions.requests.services import Contact

CHANNELS = [
    (Channel.PHONE.value, gettext_lazy("Telephone")),
    (Channel.COUNTER.value, gettext_lazy("Front desk")),
    (Channel.MAIL.value, gettext_lazy("Letter")),
]


class PhotoInput(forms.FileInput):
    allow_multiple_selected = True


class IntakeForm(ContactFields):
    """`candidates` are the places that the address `asked` may mean, when the page must ask which one."""

    # What is wrong first on the page is named first: the rest follows below it.
    field_order = ("key", "address", "category", "description")

    key = forms.UUIDField(widget=forms.HiddenInput)
    geometry = forms.CharField(required=False, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    placed_by = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    address = forms.CharField(required=False, max_length=200, label=gettext_lazy("Where?"))
    candidate = forms.CharField(required=False, widget=forms.HiddenInput)
    said = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    category = forms.TypedChoiceField(
        label=gettext_lazy("What?"),
        error_messages={"required": gettext_lazy("Choose in the list what the request is about.")},
    )
    within_m = forms.IntegerField(required=False, min_value=1, max_value=FARTHEST_M, widget=forms.HiddenInput)
    duplicate_of = JoinedField(required=False, max_length=REFERENCE_MAX, widget=forms.HiddenInput)
    description = forms.CharField(
        required=False, label=gettext_lazy("Details"), widget=forms.Textarea(attrs={"rows": 2})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Origin"),
        choices=CHANNELS,
        initial=Channel.PHONE.value,
        widget=forms.RadioSelect,
    )
    issued_by = forms.ModelChoiceField(
        queryset=Department.objects.none(), to_field_name="code", required=False, label=gettext_lazy("On behalf of")
    )
    photos = forms.Field(required=False, label=gettext_lazy("Photos"), widget=PhotoInput(attrs={"accept": "image/*"}))

    def __init__(self, *args: Any, author: User, on: datetime.date, **kwargs: Any) -> None:
        initial = {"key": uuid4(), "issued_by": author.department and author.department.code}
        super().__init__(*args, **{"initial": initial, **kwargs})
        if self.is_bound:
            self.data = _without_script(self.data)  # type: ignore[arg-type]
        joined = self.fields["duplicate_of"]
        joined.visible = lambda: ServiceRequest.objects.visible_to(author)  # type: ignore[attr-defined]
        self.on = on
        self.candidates: list[Candidate] = []
        self.asked = ""
        categories = list(in_use(on))
        by_code = {each.code: each for each in categories}
        field = self.fields["category"]
        field.choices = [("", _("Choose…")), *grouped(categories)]  # type: ignore[attr-defined]
        field.coerce = by_code.get  # type: ignore[attr-defined]
        departments = Department.objects.filter(retired_on=None).order_by("name")
        if author.department and not author.is_superuser:
            departments = departments.filter(authority=author.department.authority_id)
        self.fields["issued_by"].queryset = departments  # type: ignore[attr-defined]
        self.fields["address"].widget.attrs["autocomplete"] = "off"
        self.fields["photos"].widget.attrs["multiple"] = True
        self.fields["address"].widget.attrs["data-empty"] = _(
            "No address resembles this: name a street close by, or click on the map."
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["geom"] = None
        try:
            found["geom"] = self._place(found)
        except InvalidGeometry as error:
            self.add_error("address", str(error))
        return found

    def _place(self, found: dict[str, Any]) -> GEOSGeometry | None:
        """The place drawn on the map, else the candidate confirmed, else an error that says what to do."""
        if found.get("geometry"):
            return geo.from_geojson(found["geometry"])
        text = found.get("address", "")
        if not text:
            if "address" not in self.errors:
                self.add_error("address", _("Say where it is: an address, coordinates, or a click on the map."))
            return None
        places = meant(text=text, on=self.on)
        self.asked, self.candidates = text, places.candidates
        for each in self.candidates:
            if f"{text}|{each.position}" == found.get("candidate"):
                found["address"] = each.label
                return each.geom
        self.add_error("address", _question(places, text))
        return None

    def renew_key(self) -> None:
        """Go on under a new key: the one that came is unreadable, or has already served somebody else."""
        self.data = {**self.data.dict(), "key": str(uuid4())}  # type: ignore[attr-defined]
        self.errors.pop("key", None)
        self.add_error(None, _("This page had already served. Nothing is lost: log the request again."))

    @property
    def contact(self) -> Contact:
        facts = {name: self.cleaned_data[name] for name in ("name", "email", "phone")}
        return Contact(**facts, notify=self.cleaned_data["notify"] or Notify.EMAIL)


def _without_script(sent: QueryDict) -> QueryDict:
    """What was ticked, where no script has copied it into the fields that outlive the list it was ticked in."""
    ticked = {"duplicate_of": "same", "within_m": "within"}
    missing = {field: sent.get(box, "") for field, box in ticked.items() if field not in sent}
    whole = sent.copy()
    whole.update(missing)
    return whole


def _question(places: Meant, text: str) -> str:
    found = places.candidates
    if not found and places.unanswered:
        return _(
            "Nothing here resembles “%(text)s”, and the address service does not answer: name a street close by, or "
            "click on the map."
        ) % {"text": text}
    if not found:
        return _("Nothing resembles “%(text)s”: check the spelling, name a street close by, or click on the map.") % {
            "text": text
        }
    if len(found) == 1:
        return _("Check that this is the place, then log the request again.")
    return _("Several places answer to this: choose one, then log the request again.")


def grouped(categories: Iterable[Category]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Families and their categories, as a select shows them."""
    return [
        (family, [(each.code, each.name) for each in under])
        for family, under in groupby(categories, key=lambda each: each.family.name)
    ]


class AnswerQuery(forms.Form):
    """What the preview is asked: a category, a place (`geometry`, or `lon` and `lat`), either perhaps missing."""

    category = forms.ModelChoiceField(queryset=Category.objects.none(), to_field_name="code", required=False)
    geometry = forms.CharField(required=False)
    lon = forms.FloatField(required=False)
    lat = forms.FloatField(required=False)
    accuracy_m = forms.FloatField(required=False, min_value=0)
    within_m = forms.IntegerField(required=False, min_value=1, max_value=FARTHEST_M)
    duplicate_of = JoinedField(required=False, max_length=REFERENCE_MAX)

    def __init__(self, *args: Any, author: User, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        joined = self.fields["duplicate_of"]
        joined.visible = lambda: ServiceRequest.objects.visible_to(author)  # type: ignore[attr-defined]
        self.fields["category"].queryset = in_use(on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        lon, lat = found.get("lon"), found.get("lat")
        if found.get("geometry"):
            found["geom"] = geo.from_geojson(found["geometry"])
        else:
            found["geom"] = None if lon is None or lat is None else geo.point(lon, lat)
        return found
