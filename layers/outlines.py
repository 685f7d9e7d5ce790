"""Outlines of a file handed to the database, a batch a statement: only there do they change CRS and get repaired."""

from collections.abc import Iterator, Mapping
from typing import Any

import shapely
from django.conf import settings
from django.db import DataError, InternalError, OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from gisplatform import sql
from gisplatform.errors import UnreadableFile
from gisplatform.geo import STORAGE_SRID
from layers.judging import Judged

BATCH = 1_000


def batches(indexes: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(indexes), BATCH):
        yield indexes[start : start + BATCH]


def run(statement: str, judged: Judged, indexes: list[int], **more: Any) -> list[dict[str, Any]]:
    """The rows of a statement that includes outlines.part.sql, for these lines; raises UnreadableFile.

    A batch gets as long as a file to be read: an outline of some thousand corners that cross each other at random would
    be repaired for hours.
    """
    lines = {"first": indexes[0] + 1, "last": indexes[-1] + 1}
    try:
        with transaction.atomic(), sql.at_most(seconds=settings.LAYER_READ_S):
            return sql.rows(statement, {**_parameters(judged, indexes), **more})
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise UnreadableFile(
            _("The outlines of lines %(first)s to %(last)s cross themselves too often: mend or simplify them first.")
            % lines
        ) from None
    except (DataError, InternalError):
        raise UnreadableFile(
            _("An outline between lines %(first)s and %(last)s cannot be brought from %(crs)s to EPSG:%(srid)s.")
            % {**lines, "crs": judged.crs.label, "srid": STORAGE_SRID}
        ) from None


def _parameters(judged: Judged, indexes: list[int]) -> Mapping[str, Any]:
    return {
        "lines": [index + 1 for index in indexes],
        "outlines": shapely.to_wkb(judged.source.geometries[indexes]).tolist(),
        "from_srid": judged.crs.srid,
        "from_crs": judged.crs.definition,
        "to_srid": STORAGE_SRID,
    }
