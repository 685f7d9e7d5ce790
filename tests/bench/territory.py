"""A made-up territory as rough as a real one: zones that fill a square, with crooked shared borders."""

import numpy as np
import shapely

WEST, SOUTH = 440_000.0, 6_890_000.0  # its corner, in EPSG:2154
PIECES = 16  # of each straight border: a zone has about a hundred vertices, as a commune has


def zones(count: int, *, side_m: float, seed: int = 1) -> list[shapely.Polygon]:
    """`count` polygons that cover the square of `side_m` metres without gap or overlap, in EPSG:2154."""
    dice = np.random.default_rng(seed)
    square = shapely.box(WEST, SOUTH, WEST + side_m, SOUTH + side_m)
    centres = shapely.MultiPoint(dice.uniform((WEST, SOUTH), (WEST + side_m, SOUTH + side_m), (count, 2)))
    straight = shapely.voronoi_polygons(centres, only_edges=True, extend_to=square)
    edges = [crooked(edge, dice) for edge in shapely.get_parts(shapely.node(shapely.intersection(straight, square)))]
    net = shapely.node(shapely.union_all([*edges, square.boundary]))
    cells = shapely.get_parts(shapely.polygonize([net]))
    return [cell for cell in cells if cell.area > 1]


def crooked(edge: shapely.LineString, dice: np.random.Generator) -> shapely.LineString:
    """A border as walked: its ends stay, what lies between swerves by up to a twentieth of its length."""
    steps = np.linspace(0, 1, PIECES + 1)
    along = shapely.get_coordinates(shapely.line_interpolate_point(edge, steps, normalized=True))
    swerve = dice.uniform(-0.05, 0.05, (PIECES + 1, 2)) * edge.length * np.minimum(steps, 1 - steps)[:, None]
    return shapely.LineString(along + swerve)
