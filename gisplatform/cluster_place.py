"""Where the private PostGIS cluster lives, and as whom it runs.

Usually `.local/pg`, with its socket in `.local/run`. PostgreSQL refuses to run as root, so root hands it to the
user `postgres`; where that user cannot reach `.local/` (say under a 0700 home) the cluster goes to a folder of its
own under /var/lib/gisplatform, and `.local/cluster.json` says so.
"""

import hashlib
import json
import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ELSEWHERE = Path("/var/lib/gisplatform")
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 107  # bytes: sun_path of unix(7), less its closing zero


class ClusterError(RuntimeError):
    """The private cluster cannot be made or started; the message, in French, says what to do."""


@dataclass(frozen=True)
class Place:
    data: Path
    sockets: Path


def find(local: Path) -> Place:
    """The place noted in `local`, or the usual one; nothing is made."""
    note = local / "cluster.json"
    if note.exists():
        noted = json.loads(note.read_text())
        return Place(Path(noted["data"]), Path(noted["sockets"]))
    return Place(local / "pg", _sockets(local, local))


def choose(local: Path) -> Place:
    """Picks the place of a new cluster and notes it in `local` when it lies elsewhere."""
    owner = account()
    usual = Place(local / "pg", _sockets(local, local))
    if run_as(owner, ["test", "-x", str(local)]).returncode == 0:
        base = local
    else:
        base = ELSEWHERE / f"{local.parent.name}-{_mark(local)}"
        base.mkdir(parents=True, exist_ok=True, mode=0o755)
    place = Place(base / "pg", _sockets(local, base))
    if place != usual or place.sockets.parent != local:
        note = {"data": str(place.data), "sockets": str(place.sockets)}
        (local / "cluster.json").write_text(json.dumps(note, indent=2) + "\n")
    return place


def account() -> pwd.struct_passwd:
    """Who runs a new cluster: `postgres` when we are root, ourselves otherwise."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise ClusterError("L'utilisateur « postgres » n'existe pas : installez PostgreSQL (make setup).") from None


def owner_of(data: Path) -> pwd.struct_passwd:
    """Who runs an existing cluster: the owner of its files, whom only he and root may act for."""
    owner = pwd.getpwuid(data.stat().st_uid)
    if os.geteuid() not in (0, owner.pw_uid):
        raise ClusterError(f"La base {data} appartient à « {owner.pw_name} » : utilisez ce compte, ou sudo.")
    return owner


def run_as(owner: pwd.struct_passwd, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs `command` as `owner`; the caller looks at the exit code.

    The environment is made anew: PROJ_DATA of the Python wheels, for one, does not fit PostGIS's own PROJ.
    """
    other = os.geteuid() != owner.pw_uid
    return subprocess.run(  # noqa: S603 (fixed commands)
        command,
        user=owner.pw_uid if other else None,
        group=owner.pw_gid if other else None,
        extra_groups=os.getgrouplist(owner.pw_name, owner.pw_gid) if other else None,
        env={"PATH": "/usr/bin:/bin", "HOME": owner.pw_dir, "LC_ALL": "C.UTF-8"},
        cwd="/",
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


def programs(data: Path) -> Path:
    """The folder of initdb and pg_ctl: of the cluster's own version, or of the newest that has PostGIS."""
    found = {
        int(folder.parent.name): folder
        for folder in Path("/usr/lib/postgresql").glob("[0-9]*/bin")
        if Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists()
    }
    version_file = data / "PG_VERSION"
    if version_file.exists():
        version = int(version_file.read_text())
        if version not in found:
            raise ClusterError(f"La base est de PostgreSQL {version} : réinstallez cette version avec PostGIS.")
        return found[version]
    recent = [version for version in found if version >= 15]
    if not recent:
        raise ClusterError("PostgreSQL 15 ou plus récent avec PostGIS est introuvable : lancez « make setup ».")
    return found[max(recent)]


def own_folder(folder: Path, owner: pwd.struct_passwd) -> None:
    """Makes `folder` readable by `owner` (and root) alone; refuses one that somebody else laid there before."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.pw_uid or found.st_mode & 0o077:
            raise ClusterError(f"{folder} n'est pas un dossier réservé à « {owner.pw_name} » : supprimez-le.") from None
    else:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _sockets(local: Path, base: Path) -> Path:
    """The folder of the socket: beside the data, or a short one when the path would not fit in a socket address."""
    usual = base / "run"
    if len(os.fsencode(usual / SOCKET)) <= SOCKET_PATH_MAX:
        return usual
    if os.geteuid() == 0:
        return Path("/run/gisplatform") / _mark(local)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / f"gisplatform-{_mark(local)}" if runtime else Path(f"/tmp/gisplatform-{_mark(local)}")  # noqa: S108 (own_folder refuses another's)


def _mark(local: Path) -> str:
    return hashlib.sha256(os.fsencode(local)).hexdigest()[:8]
