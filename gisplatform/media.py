"""Media types of the machine interfaces: how bodies are read, and what answers are written as."""

import json
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer


class TooLarge(APIException):
    """The body of a call is larger than `DATA_UPLOAD_MAX_MEMORY_SIZE`, photos left out."""

    status_code = 413
    default_detail = gettext_lazy("This is too much at once: send less.")
    default_code = "too_large"


class GeoJSON(JSONRenderer):
    """RFC 7946's media type."""

    media_type = "application/geo+json"
    format = "geojson"


class JPEG(BaseRenderer):
    """A photo: the answer's data are its bytes."""

    media_type = "image/jpeg"
    format = "jpg"
    charset = None
    render_style = "binary"

    def render(self, data: bytes, *_args: Any, **_kwargs: Any) -> bytes:
        return data


class JSONBody(BaseParser):
    """A JSON body of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes: DRF's own parser knows no bound."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], *_args: Any, **_kwargs: Any) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            return json.loads(body)
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ParseError(_("The body is not JSON: see line %(line)d, column %(column)d.") % place) from None
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not JSON we can read.")) from None


class FormBody(MultiPartParser):
    """multipart/form-data, its faults told in our words."""

    def parse(self, *args: Any, **kwargs: Any) -> DataAndFiles:
        try:
            return super().parse(*args, **kwargs)
        except ParseError:
            raise ParseError(_("The form cannot be read: see its boundary.")) from None
