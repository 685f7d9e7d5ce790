"""Static files: ours get a hash in their name, vendors' keep theirs under a folder that carries the version.

MapLibre's modules import each other and their worker by name, so renaming its files would break it. Our own modules
import each other by house name (`#gisplatform/api`), which the import map of the page turns into a hashed address:
no file is rewritten, and a module that changes renames nothing but itself.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

VENDOR = "vendor/"


class HashedExceptVendor(CompressedManifestStaticFilesStorage):
    manifest_strict = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        if name.startswith(VENDOR):
            return name
        return super().hashed_name(name, content, filename)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compresses what everybody loads; the others' source maps and API console would take most of the time."""
        rooms = tuple(f"{app.label}/" for app in _rooms())
        wanted = [path for path in paths if path.startswith((VENDOR, "admin/", *rooms)) and not path.endswith(".map")]
        yield from super().compress_files(wanted)


def vendor(package: str, file: str) -> str:
    """The static name of a vendor's file: `vendor("inter", "a.woff2")` is "vendor/inter-5.3.0/a.woff2"."""
    for prefix, _folder in settings.STATICFILES_DIRS:
        if prefix.startswith(f"{VENDOR}{package}-"):
            return f"{prefix}/{file}"
    raise LookupError(f"no vendor folder of {package} in STATICFILES_DIRS")


def import_map() -> dict[str, str]:
    """Module name → address: `#room/name` for each of our modules, and the vendors' by their own name."""
    ours = {name: static(file) for name, file in _modules().items()}
    theirs = {"idiomorph": "idiomorph.esm.js", "maplibre-gl": "maplibre-gl.mjs"}
    return {**ours, **{name: static(vendor(name, file)) for name, file in theirs.items()}}


@cache
def _modules() -> dict[str, str]:
    """Module name → static name, for every module of every room."""
    found = {}
    for room in _rooms():
        top = Path(room.path) / "static"
        for file in sorted((top / room.label / "js").rglob("*.js")):
            inside = file.relative_to(top / room.label / "js").with_suffix("")
            found[f"#{room.label}/{inside.as_posix()}"] = file.relative_to(top).as_posix()
    return found


def _rooms() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
