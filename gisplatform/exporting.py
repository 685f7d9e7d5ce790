"""What every page that exports asks and answers: a format, a coordinate system, the file."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas
from django import forms
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from gisplatform import geofiles


class ExportForm(forms.Form):
    """`as` and `crs`; a page adds its own fields below them."""

    crs = forms.TypedChoiceField(label=_("Coordinates"), choices=list(geofiles.CRS.items()), coerce=int, initial=4326)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # `as` is a word of Python.
        self.fields["as"] = forms.ChoiceField(
            label=_("Format"), choices=[(code, each.label) for code, each in geofiles.FORMATS.items()]
        )
        self.order_fields(["as", "crs"])


def download(
    content: geopandas.GeoDataFrame, *, as_: str, name: str, short: Mapping[str, str] | None = None
) -> FileResponse:
    """The rows as a file of the format `as_`, called `name`; see `geofiles.write`."""
    with tempfile.TemporaryDirectory() as folder:
        made = geofiles.write(content, as_=as_, name=name, folder=Path(folder), short=short)
        # Open, it is read to its end piece by piece though its folder goes; the answer closes it.
        return FileResponse(made.open("rb"), as_attachment=True, filename=made.name)
