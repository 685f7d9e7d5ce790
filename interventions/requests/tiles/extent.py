"""Where requests are, told from their cells: all of them, and where nearly all of them are."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from gisplatform.tiles import EARTH_RADIUS_M, Bounds, in_degrees
from interventions.requests.tiles.grid import OVERVIEW, SPOT_BITS, Cell

STRAY = 0.01  # the share, on each side, that a first look at the map does without
SIDE = 1 << (SPOT_BITS - OVERVIEW)  # of a cell, in spots


@dataclass(frozen=True)
class Extent:
    """West, south, east, north in degrees; None when there is nothing. A few lost far away are not in `crowd`."""

    bounds: Bounds | None
    crowd: Bounds | None
    count: int

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Self:
        """From cells of the level OVERVIEW."""
        known = list(cells)
        count = sum(cell.count for cell in known)
        if not known:
            return cls(None, None, 0)
        kept = known
        for along in (lambda cell: cell.x, lambda cell: cell.y):
            kept = _without_strays(kept, along, at_most=count * STRAY)
        return cls(_around(known), _around(kept), count)


def _without_strays(cells: list[Cell], along: Callable[[Cell], int], *, at_most: float) -> list[Cell]:
    kept = sorted(cells, key=along)
    for _side in range(2):
        passed = 0
        while passed + kept[0].count <= at_most:
            passed += kept.pop(0).count
        kept.reverse()
    return kept


def _around(cells: list[Cell]) -> Bounds:
    # One request alone is where it is; several are somewhere in their cell.
    corners = [_corners(cell) for cell in cells]
    west, north = (min(corner[side] for corner in corners) for side in (0, 1))
    east, south = (max(corner[side] for corner in corners) for side in (2, 3))
    metres = 2 * math.pi * EARTH_RADIUS_M / (1 << SPOT_BITS)
    half = math.pi * EARTH_RADIUS_M
    return in_degrees((west * metres - half, half - south * metres, east * metres - half, half - north * metres))


def _corners(cell: Cell) -> tuple[int, int, int, int]:
    if cell.count == 1:
        return cell.sum_x, cell.sum_y, cell.sum_x + 1, cell.sum_y + 1
    return cell.x * SIDE, cell.y * SIDE, (cell.x + 1) * SIDE, (cell.y + 1) * SIDE
