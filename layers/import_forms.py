"""What is asked of whoever brings a file of zones: which layer, from whom, and what the file leaves open."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform.fields import DayField
from layers.forms import DAY
from layers.importing import Target
from layers.judging import Wishes
from layers.models import Layer

ACCEPT = (
    ".gpkg,.geojson,.json,.parquet,.zip,.shp,.shx,.dbf,.prj,.cpg,.fgb,.kml,.kmz,.gml,.csv,.tab,.dat,.map,.id,.mif,.mid"
)
SCHEMATIC = {"": None, "yes": True, "no": False}
ORIGIN = ("source", "producer", "licence")
# What the file may leave open.
WISHES = ("crs", "source_layer", "code_field", "name_field", "encoding")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class LayerField(forms.ModelChoiceField):
    def to_python(self, value: Any) -> Any:
        """No code holds a NUL, which the database would not even compare."""
        return super().to_python(value.replace("\x00", "\ufffd") if isinstance(value, str) else value)


class ImportForm(forms.Form):
    """The file itself is the view's: it may wait on the server already."""

    upload = forms.Field(
        label=gettext_lazy("File"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy(
            "GeoPackage, GeoJSON, zipped Shapefile (or its parts together), GeoParquet, FlatGeobuf, KML, GML, MapInfo,"
            " CSV."
        ),
    )
    layer = LayerField(
        Layer.objects.none(),
        label=gettext_lazy("Layer"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("A new layer"),
    )
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=120)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=50,
        help_text=gettext_lazy("Rules, tiles and programs name the layer by it. Made from the name when left empty."),
        error_messages={"invalid": gettext_lazy("Letters without accents, digits, hyphens.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Which file or service, and of when. Left empty, that of the layer stays."),
    )
    producer = forms.CharField(
        label=gettext_lazy("Producer"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Who drew these lines and answers for them."),
    )
    licence = forms.CharField(label=gettext_lazy("Licence"), required=False, max_length=120)
    schematic = forms.ChoiceField(
        label=gettext_lazy("Outlines"),
        required=False,
        choices=[
            ("", gettext_lazy("As the layer says")),
            ("no", gettext_lazy("Official")),
            ("yes", gettext_lazy("Schematic: maps say so")),
        ],
    )
    valid_from = DayField(
        label=gettext_lazy("Meant to hold from"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("Nothing is in force before you publish it."),
    )
    crs = forms.CharField(
        label=gettext_lazy("Coordinate system"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "known-crs", "placeholder": "EPSG:2154"}),
        help_text=gettext_lazy("Only when the file does not say it, or says it wrongly."),
    )
    source_layer = forms.CharField(
        label=gettext_lazy("Layer inside the file"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only when the file holds several."),
    )
    code_field = forms.CharField(
        label=gettext_lazy("Field of the codes"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Else the usual one: code, insee, id…"),
    )
    name_field = forms.CharField(
        label=gettext_lazy("Field of the names"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Else the usual one: nom, libelle, name…"),
    )
    encoding = forms.CharField(
        label=gettext_lazy("Encoding of the text"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"list": "known-encodings", "placeholder": "utf-8"}),
        help_text=gettext_lazy("Only when accents come out wrong."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        known = Layer.objects.filter(retired_on=None).order_by("name", "code")
        self.fields["layer"].queryset = known  # type: ignore[attr-defined]
        self._show_origin()

    def _show_origin(self) -> None:
        """What the layer says of itself now, which stays where nothing else is said."""
        code = str(self["layer"].value() or "").replace("\x00", "")
        layer = Layer.objects.filter(code=code).first() if code else None
        for name in ORIGIN if layer else ():
            self.fields[name].widget.attrs["placeholder"] = getattr(layer, name)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("layer") or "layer" in self.errors or "code" in self.errors:
            return found
        name = found.get("name", "")
        found["code"] = found.get("code") or slugify(name)[:50].strip("-")
        if not name:
            self.add_error("name", _("Give the new layer a name."))
        elif not found["code"]:
            self.add_error("code", _("Give a code: the name has no letter to make one from."))
        elif Layer.objects.filter(code=found["code"]).exists():
            self.add_error("code", ValidationError(_("A layer has this code already: choose it in the list above.")))
        return found

    def target(self) -> Target:
        found, layer = self.cleaned_data, self.cleaned_data["layer"]
        return Target(
            code=layer.code if layer else found["code"],
            name="" if layer else found["name"],
            source=found["source"],
            producer=found["producer"],
            licence=found["licence"],
            schematic=SCHEMATIC[found["schematic"]],
        )

    def wishes(self) -> Wishes:
        return Wishes(**{name: self.cleaned_data[name].strip() for name in WISHES})

    def offer(self, wish: str, choices: list[tuple[str, str]], *, nothing: str) -> None:
        """Show what a wish may be as a list to choose from; `nothing` is the label of leaving it open."""
        if wish in WISHES and choices:
            self.fields[wish].widget = forms.Select(choices=[("", nothing), *choices])
            self.fields[wish].help_text = ""

    def typed(self) -> dict[str, str]:
        """All that was typed, to be shown again."""
        return {name: self.data.get(name, "").replace("\x00", "") for name in self.fields if name != "upload"}

    def wished(self) -> Wishes:
        """The wishes as they were typed, when the rest of the form may still be wrong."""
        return Wishes(**{name: self.data.get(name, "").strip() for name in WISHES})
