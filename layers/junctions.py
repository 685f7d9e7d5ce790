"""Corners of neighbours on long edges in degrees: written into these edges before they change CRS.

Between two corners a file in degrees means a line that is straight in degrees. Brought to metres only its ends move as
they should: in France the middle of an edge of 5 km stands half a metre off. Zones that share both ends still agree.
Where a neighbour has a corner in between, that corner moves as it should and the edge does not: a sliver that nobody
drew. With that corner in the edge both are the same line again; nothing else is changed or added.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely
from django.utils.translation import ngettext
from pyproj import Transformer

from gisplatform.geo import STORAGE_SRID

OFF_M = 0.001  # an edge whose middle stands off by less makes no fault that a check would tell
LEAST_DEGREES = 0.001  # shorter edges stand off by less, anywhere
ON_IT_DEGREES = 1e-9  # a tenth of a millimetre: the corner lies on the edge
AT_ONCE = 100_000  # corners looked at

POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def join(shapes: np.ndarray, kept: list[int], *, definition: str) -> list[str]:
    """Write these corners into the outlines `kept`, which are in degrees (`definition`); a note when there were any."""
    kept = [index for index in kept if shapely.get_type_id(shapes[index]) in POLYGONS]
    edges, lines = _long_edges(shapes[kept], definition)
    if not len(edges):
        return []
    on_edges = defaultdict[int, dict[bytes, list[np.ndarray]]](lambda: defaultdict(list))
    for corner, edge in _on(edges, shapely.get_coordinates(shapes[kept])):
        on_edges[kept[lines[edge]]][edges[edge].tobytes()].append(corner)
    joined = 0
    for index, corners in on_edges.items():
        shapes[index], added = _with(shapes[index], corners)
        joined += added
    if not joined:
        return []
    told = ngettext(
        "%(number)s corner of a neighbour lay on a long edge in degrees: it was written into that edge.",
        "%(number)s corners of neighbours lay on long edges in degrees: they were written into these edges.",
        joined,
    )
    return [told % {"number": joined}]


def _long_edges(shapes: np.ndarray, definition: str) -> tuple[np.ndarray, np.ndarray]:
    """Edges (n × 2 × 2) whose middle would stand off, and which of the shapes each belongs to."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, of_corner = shapely.get_coordinates(rings, return_index=True)
    follows = of_corner[1:] == of_corner[:-1]
    edges = np.stack([corners[:-1][follows], corners[1:][follows]], axis=1)
    lines = of_part[of_ring[of_corner[:-1][follows]]]
    long = np.hypot(*(edges[:, 1] - edges[:, 0]).T) >= LEAST_DEGREES
    edges, lines = edges[long], lines[long]
    if not len(edges):
        return edges, lines
    transformer = Transformer.from_crs(definition, STORAGE_SRID, always_xy=True)
    ends = [np.column_stack(transformer.transform(*edges[:, end].T)) for end in (0, 1)]
    middle = np.column_stack(transformer.transform(*edges.mean(axis=1).T))
    off = np.hypot(*(middle - (ends[0] + ends[1]) / 2).T)
    stands_off = np.isfinite(off) & (off > OFF_M)
    return edges[stands_off], lines[stands_off]


def _on(edges: np.ndarray, corners: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
    """Corners that lie on an edge, not at its ends, and which edge it is."""
    tree = shapely.STRtree(shapely.linestrings(edges))
    corners = np.unique(corners, axis=0)
    for start in range(0, len(corners), AT_ONCE):
        some = corners[start : start + AT_ONCE]
        which, on = tree.query(shapely.points(some), predicate="dwithin", distance=ON_IT_DEGREES)
        between = (np.abs(edges[on] - some[which, None]).max(axis=2) > ON_IT_DEGREES).all(axis=1)
        yield from ((some[one], int(edge)) for one, edge in zip(which[between], on[between], strict=True))


def _with(shape: shapely.Geometry, corners: dict[bytes, list[np.ndarray]]) -> tuple[shapely.Geometry, int]:
    """The outline with these corners of its edges, and how many they are."""
    added, polygons = 0, []
    for polygon in shapely.get_parts(shape):
        rings = []
        for ring in shapely.get_rings(polygon):
            points = shapely.get_coordinates(ring)
            longer = [points[:1]]
            for start, end in pairwise(points):
                between = corners.get(np.stack([start, end]).tobytes(), [])
                added += len(between)
                from_start = [float(np.dot(each - start, end - start)) for each in between]
                longer += [between[which][None] for which in np.argsort(from_start)]
                longer.append(end[None])
            rings.append(np.concatenate(longer))
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return (shapely.multipolygons(polygons) if len(polygons) > 1 else polygons[0]), added
