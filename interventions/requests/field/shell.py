"""What the telephone keeps to open without network, and the program that keeps it."""

import hashlib
import json
from functools import cache
from importlib import resources

from django.templatetags.static import static
from django.urls import reverse

from gisplatform import statics

STYLES = (
    "gisplatform/css/tokens.css", "gisplatform/css/base.css", "gisplatform/css/controls.css",
    "gisplatform/css/components.css", "gisplatform/css/messages.css", "gisplatform/css/layout.css",
    "gisplatform/css/menu.css", "gisplatform/css/live.css", "gisplatform/css/phone.css", "gisplatform/css/print.css",
    "gisplatform/css/map.css",
    "interventions/css/field.css", "interventions/css/field-sheet.css",
)  # fmt: skip
DRAWINGS = ("gisplatform/icons.svg", "gisplatform/favicon.svg", "gisplatform/app.svg")
VENDORS = (
    ("maplibre-gl", "maplibre-gl.mjs"), ("maplibre-gl", "maplibre-gl-worker.mjs"),
    ("maplibre-gl", "maplibre-gl-shared.mjs"), ("maplibre-gl", "maplibre-gl.css"), ("idiomorph", "idiomorph.esm.js"),
    ("inter", "inter-latin-wght-normal.woff2"),
)  # fmt: skip
MODULES = ("#gisplatform/", "#interventions/field/")


def worker() -> str:
    """The service worker's text: what to keep, named by a digest of itself, then its program."""
    program = resources.files(__package__).joinpath("worker.js").read_text(encoding="utf-8")
    kept = {"page": reverse("field"), "files": files()}
    text = json.dumps(kept, sort_keys=True)
    version = hashlib.sha256(f"{text}{program}".encode()).hexdigest()[:12]
    return f"const KEPT = {text};\nconst VERSION = {json.dumps(version)};\n{program}"


@cache
def files() -> list[str]:
    """Addresses of every file the page may load."""
    ours = [address for name, address in statics.import_map().items() if name.startswith(MODULES)]
    vendors = [static(statics.vendor(package, file)) for package, file in VENDORS]
    return [*(static(each) for each in (*STYLES, *DRAWINGS)), *vendors, *ours]
