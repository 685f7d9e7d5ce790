"""Classes of a choropleth: the same on the page, in its legend and in the stand-alone map."""

CLASSES = 5
NICE = (1, 2, 3, 4, 5, 6, 8, 10)


def steps(most: int) -> list[int]:
    """The least count of each class, from 1: as many equal steps as it takes to hold `most`, at most CLASSES.

    `steps(37)` is [1, 9, 17, 25, 33]: 1 to 8, 9 to 16, … Nothing counted gives no class.
    """
    if most < 1:
        return []
    width = _nice(-(-most // CLASSES))
    return list(range(1, most + 1, width))


def _nice(width: int) -> int:
    """The least round number that is no less: 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, …"""
    power = 1
    while True:
        for each in NICE:
            if each * power >= width:
                return each * power
        power *= 10
