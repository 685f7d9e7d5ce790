"""The grid of the map: spots, cells and tiles, all squares of the Web Mercator pyramid."""

from dataclasses import dataclass

from gisplatform.tiles import Tile

SPOT_BITS = 25  # a spot is a square of about 80 cm in Caen; requests keep theirs as spot_x, spot_y
COARSEST, FINEST = 8, 18  # levels that cells are kept at; a cell of the finest is about 100 m wide in Caen
BY_CATEGORY_UP_TO = 17  # beyond it, cells told apart by category would be about as many as requests
POINTS_FROM = 14  # the zoom from which tiles hold each request
ACROSS = {16: 4, 64: 6}  # cells in a row of a tile, as bits
BY_STATE = 16  # cells so wide are told by state too
OVERVIEW = 14  # the level that says where requests are at all: cells of 1.6 km in Caen
EXTENT = 4096


@dataclass(frozen=True)
class Window:
    """The cells of a level that a tile covers; at high or low zooms fewer or more than were asked for."""

    tile: Tile
    level: int

    @classmethod
    def of(cls, tile: Tile, *, across: int) -> "Window":
        return cls(tile, min(max(tile.z + ACROSS[across], COARSEST), FINEST))

    @property
    def x(self) -> range:
        return _under(self.tile.x, self.level - self.tile.z)

    @property
    def y(self) -> range:
        return _under(self.tile.y, self.level - self.tile.z)

    @property
    def spots_x(self) -> range:
        return _under(self.tile.x, SPOT_BITS - self.tile.z)

    @property
    def spots_y(self) -> range:
        return _under(self.tile.y, SPOT_BITS - self.tile.z)

    def place(self, spot_x: float, spot_y: float) -> tuple[float, float]:
        """Where in the tile a spot is drawn."""
        side = 1 << (SPOT_BITS - self.tile.z)
        # The middle of the spot.
        return (
            ((spot_x + 0.5) / side - self.tile.x) * EXTENT,
            ((spot_y + 0.5) / side - self.tile.y) * EXTENT,
        )


@dataclass
class Cell:
    """So many requests together; the sums of their spots give their middle. `state` is None when there are several."""

    x: int
    y: int
    count: int
    sum_x: int
    sum_y: int
    state: str | None

    @property
    def middle(self) -> tuple[float, float]:
        return self.sum_x / self.count, self.sum_y / self.count


def _under(number: int, bits: int) -> range:
    return range(number << bits, (number + 1) << bits)
