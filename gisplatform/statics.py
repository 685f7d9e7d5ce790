"""Static files: ours get a hash in their name, vendors' keep theirs under a folder that carries the version.

MapLibre's modules import each other and their worker by name, so renaming its files would break it.
"""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

VENDOR = "vendor/"


class HashedExceptVendor(CompressedManifestStaticFilesStorage):
    manifest_strict = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        if name.startswith(VENDOR):
            return name
        return super().hashed_name(name, content, filename)


def immutable(_path: str, url: str) -> bool:
    """For whitenoise: may a browser keep `url` for ever? A vendor's version or our hash is in it."""
    name = url.rsplit("/", 1)[-1]
    parts = name.split(".")
    return f"/{VENDOR}" in url or (len(parts) > 2 and len(parts[-2]) == 12)
