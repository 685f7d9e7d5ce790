"""Where GDAL and GEOS are: the wheels' own, newer than many systems', or the system's when there are none."""

import importlib.util
import os
from pathlib import Path


def gdal() -> str | None:
    """The libgdal that pyogrio carries; None lets Django look for the system's."""
    found = _carried("pyogrio", "libgdal*.so*")
    data = _folder("pyogrio")
    if found and data:
        # The wheel brings the tables of its own GDAL and PROJ: another version's would not fit.
        os.environ.setdefault("GDAL_DATA", str(data / "gdal_data"))
        os.environ.setdefault("PROJ_DATA", str(data / "proj_data"))
    return found


def geos() -> str | None:
    """The libgeos_c that shapely carries; None lets Django look for the system's."""
    return _carried("shapely", "libgeos_c*.so*")


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _carried(package: str, pattern: str) -> str | None:
    folder = _folder(package)
    if folder is None:
        return None
    return next((str(path) for path in sorted((folder.parent / f"{package}.libs").glob(pattern))), None)
