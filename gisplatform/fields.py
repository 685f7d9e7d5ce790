"""Fields of forms that several rooms ask for: a day, a box or a point on the map."""

import datetime
import math
from typing import Any

from django import forms
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gisplatform.errors import InvalidGeometry
from gisplatform.geo import WEB_MERCATOR, WGS84, point


class DayField(forms.DateField):
    """A day of the platform's time zone, in a year that can be reckoned with."""

    def clean(self, value: Any) -> datetime.date | None:
        day = super().clean(value)
        if day is not None and not 1970 <= day.year < 3000:
            raise ValidationError(_("Give a day after 1970."))
        return day


class BoxField(forms.CharField):
    """`west,south,east,north` in degrees; its value is the same box in EPSG:3857, where its sides stay straight."""

    def clean(self, value: Any) -> Polygon | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(number) for number in text.split(","))
        except ValueError:
            raise ValidationError(_("Write a box as west,south,east,north, in degrees.")) from None
        # 85.06° is where the web Mercator square ends.
        if not (-180 <= west < east <= 180 and -85.06 <= south < north <= 85.06):
            raise ValidationError(_("The box is empty or leaves the world: write west,south,east,north."))
        box = Polygon.from_bbox((west, south, east, north))
        box.srid = WGS84
        box.transform(WEB_MERCATOR)
        return box


class PointField(forms.CharField):
    """`lon,lat` in degrees; its value is the point in the storage CRS."""

    def clean(self, value: Any) -> GEOSGeometry | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            lon, lat = (float(number) for number in text.split(","))
        except ValueError:
            lon = lat = math.nan
        if not (math.isfinite(lon) and math.isfinite(lat)):  # "nan" and "inf" are numbers to Python
            raise ValidationError(_("Write a point as lon,lat, in degrees."))
        try:
            return point(lon, lat)
        except InvalidGeometry as error:
            raise ValidationError(str(error)) from None
