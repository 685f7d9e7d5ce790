"""Files on their way to becoming a version: kept for an hour, with what is asked of them and what they would become.

They lie in `MEDIA_ROOT/imports`, which no address leads to, in a folder named after a secret and its person. Names of
their owner's choosing never become paths. Whoever takes or looks at one holds its folder: of two who take it at once,
the second waits and is told what the first has made of it.
"""

import datetime
import json
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform.errors import PlatformError, UnreadableFile
from gisplatform.models import User
from layers import checking
from layers.holding import held, remove_old
from layers.importing import Target, import_file
from layers.judging import Wishes
from layers.models import LayerVersion
from layers.previewing import Told, preview
from layers.reading import forget_abandoned
from layers.reading.archives import MAIN, MAPINFO, PERHAPS, SHAPEFILE
from layers.reading.kinds import TABLES

KEPT_FOR = datetime.timedelta(hours=1)
SUFFIXES = MAIN | MAPINFO | SHAPEFILE | PERHAPS | TABLES | {".zip", ".kmz"}
TOGETHER = (SHAPEFILE, MAPINFO)
TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)
ABOUT, TOLD, DRAWN = "about.json", "told.json", "drawn.geojson"


class TakenAlready(PlatformError):
    """`version` was made of the file before."""

    status = 409

    def __init__(self, version: LayerVersion) -> None:
        self.version = version
        super().__init__(
            _("This file is version %(number)s of “%(layer)s” already: nothing was imported a second time.")
            % {"number": version.number, "layer": version.layer.name}
        )


@dataclass(frozen=True)
class Kept:
    """A file, or the parts of one, waiting in its folder; `name` is its owner's for the main one."""

    token: str
    path: Path
    name: str
    parts: list[str]
    bytes: int


def keep(files: Sequence[UploadedFile], *, by: User, now: datetime.datetime) -> Kept:
    """Lay these files aside; those of others who never came back go. Raises UnreadableFile when they are no one layer.

    Several files are the parts of one Shapefile or MapInfo table: they bear one name.
    """
    _forget_old(now)
    size = sum(each.size or 0 for each in files)
    if size > settings.LAYER_MAX_BYTES:
        raise UnreadableFile(
            _("This is too large: at most %(size)d MB. Simplify the outlines, or compress the file.")
            % {"size": settings.LAYER_MAX_BYTES // 1024 // 1024}
        )
    names = [Path(each.name or "").name for each in files]
    suffixes = [Path(name).suffix.lower() for name in names]
    main = _main(names, suffixes)
    token = secrets.token_urlsafe(24)
    folder = _folder(token, by)
    folder.mkdir(parents=True, mode=0o700)
    for upload, suffix in zip(files, suffixes, strict=True):
        with (folder / _stored(suffix)).open("wb") as sink:
            for chunk in upload.chunks():
                sink.write(chunk)
    about = {"name": names[main], "main": _stored(suffixes[main]), "parts": names, "bytes": size, "at": now.isoformat()}
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return _kept(token, folder, about)


def find(token: str, *, by: User, now: datetime.datetime) -> Kept | None:
    """What this person laid aside under that token; None when its hour is over or it never was."""
    if not TOKEN.fullmatch(token):
        return None
    folder = _folder(token, by)
    about = _noted(folder / ABOUT)
    if about is None or now - datetime.datetime.fromisoformat(about["at"]) > KEPT_FOR:
        return None
    return _kept(token, folder, about)


def made_of(token: str, *, by: User) -> LayerVersion | None:
    """The version that this person has made of what was laid aside under that token."""
    made = LayerVersion.objects.filter(report__key=str(_key(token)), imported_by=by).select_related("layer")
    return made.first()


def look(kept: Kept, *, asked: dict[str, str], wishes: Wishes, on: datetime.date) -> Told:
    """What the file would become, noted beside it with the form as it was `asked`; raises UnreadableFile."""
    folder = kept.path.parent
    with held(folder) as there:
        if not there:
            raise UnreadableFile(_("The file is no longer there: choose it again."))
        told, drawn = preview(path=kept.path, file_name=kept.name, wishes=wishes, on=on)
        (folder / DRAWN).write_text(json.dumps(drawn), encoding="utf-8")
        _note(folder, asked, told)
    return told


def note_asked(kept: Kept, asked: dict[str, str], told: Told) -> None:
    """Keep what was typed beside what the file would become, so that it is there again."""
    with held(kept.path.parent) as there:
        if there:
            _note(kept.path.parent, asked, told)


def looked_at(kept: Kept) -> tuple[dict[str, str], Told] | None:
    """The form as it was asked the last time, and what was told; None when the file was not looked at."""
    noted = _noted(kept.path.parent / TOLD)
    return (noted["asked"], noted["told"]) if noted else None


def drawn(kept: Kept) -> bytes | None:
    """Its outlines as GeoJSON, as they were when it was looked at; None when it was not."""
    try:
        return (kept.path.parent / DRAWN).read_bytes()
    except FileNotFoundError:
        return None


def take(
    kept: Kept,
    *,
    target: Target,
    wishes: Wishes,
    by: User,
    now: datetime.datetime,
    valid_from: datetime.date | None,
    key: UUID | None = None,
) -> LayerVersion:
    """A new version from what was laid aside, its faults looked for (of a large one by the worker); the file then goes.

    Raises what `import_file` raises; the file then stays. Raises TakenAlready when it has become a version before, and
    waits for whoever is making it one.
    """
    with held(kept.path.parent) as there:
        if made := made_of(kept.token, by=by):
            raise TakenAlready(made)
        if not there:
            raise UnreadableFile(_("The file is no longer there: choose it again."))
        version = import_file(
            path=kept.path,
            file_name=kept.name,
            target=target,
            wishes=wishes,
            by=by,
            now=now,
            valid_from=valid_from,
            key=key or _key(kept.token),
        )
        shutil.rmtree(kept.path.parent, ignore_errors=True)
    if "check" not in version.report:
        checking.check(version, day=valid_from or timezone.localdate(now), by=by, now=now)
    return version


def take_at_once(files: Sequence[UploadedFile], *, by: User, now: datetime.datetime, **facts: Any) -> LayerVersion:
    """A new version from files that nobody looks at first; whatever happens, nothing of them stays."""
    kept = keep(files, by=by, now=now)
    try:
        return take(kept, by=by, now=now, **facts)
    finally:
        shutil.rmtree(kept.path.parent, ignore_errors=True)


def _main(names: list[str], suffixes: list[str]) -> int:
    """Which of the files is the one to open."""
    if len(names) == 1:
        return 0
    for together in TOGETHER:
        mains = [index for index, suffix in enumerate(suffixes) if suffix in together & MAIN]
        one_name = len({Path(name).stem.casefold() for name in names}) == 1
        if len(mains) == 1 and one_name and set(suffixes) <= together and len(set(suffixes)) == len(suffixes):
            return mains[0]
    raise UnreadableFile(
        _(
            "These files are not the parts of one layer: give one file, or the .shp, .dbf, .shx and .prj of one"
            " Shapefile, under one name."
        )
    )


def _stored(suffix: str) -> str:
    return f"layer{suffix if suffix in SUFFIXES else '.dat0'}"


def _folder(token: str, by: User) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / f"{by.pk}-{token}"


def _kept(token: str, folder: Path, about: dict) -> Kept:
    return Kept(token, folder / about["main"], about["name"], about["parts"], about["bytes"])


def _key(token: str) -> UUID:
    """By which a version tells what it was made of."""
    return uuid5(NAMESPACE_OID, token)


def _note(folder: Path, asked: dict[str, str], told: Told) -> None:
    written = folder / f"{TOLD}.new"  # read by others meanwhile, whole
    written.write_text(json.dumps({"asked": asked, "told": told}), encoding="utf-8")
    written.replace(folder / TOLD)


def _noted(file: Path) -> dict[str, Any] | None:
    """None when it is not there, or goes at this moment."""
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _forget_old(now: datetime.datetime) -> None:
    forget_abandoned(now - KEPT_FOR)
    top = Path(settings.MEDIA_ROOT) / "imports"
    remove_old(top.iterdir() if top.exists() else (), before=now - KEPT_FOR)
