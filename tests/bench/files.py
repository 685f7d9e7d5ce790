"""Files as they come from elsewhere."""

import csv
from pathlib import Path

import numpy as np
from pyproj import Transformer

from tests.bench import town_of_500_zones
from tests.bench.territory import SOUTH, WEST


def csv_of_requests(folder: Path, count: int) -> Path:
    """Requests all over the town, with a category and a day."""
    dice = np.random.default_rng(5)
    side = town_of_500_zones.SIDE_M
    xy = dice.uniform((WEST, SOUTH), (WEST + side, SOUTH + side), (count, 2))
    lons, lats = Transformer.from_crs(2154, 4326, always_xy=True).transform(xy[:, 0], xy[:, 1])
    path = folder / f"requests-{count}.csv"
    with path.open("w", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["id", "lon", "lat", "category", "day"])
        for number in range(count):
            day = f"2025-{1 + number % 12:02}-{1 + number % 28:02}"
            rows.writerow([number, lons[number], lats[number], f"c{number % 30}", day])
    return path
