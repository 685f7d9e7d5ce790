"""The private cluster: made once, shared, closed to others, moved where `postgres` can reach it."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from gisplatform import cluster, cluster_place

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the cluster to another user")


@pytest.fixture
def local():
    """A `.local` of its own that everybody may cross: pytest's tmp_path is 0700."""
    folder = Path(tempfile.mkdtemp(dir="/tmp", prefix="gp-"))
    folder.chmod(0o755)
    yield folder / ".local"
    if (folder / ".local").exists():
        cluster.remove(folder / ".local")
    shutil.rmtree(folder)


def answer(local: Path) -> tuple[str, str]:
    with psycopg.connect(cluster.url(local)) as connection:
        row = connection.execute("SELECT current_database(), current_setting('listen_addresses')").fetchone()
    assert row is not None
    return row


def test_a_started_cluster_answers_on_its_socket_only(local):
    assert cluster.start(local) is True
    assert answer(local) == ("gisplatform", "")
    assert cluster.start(local) is False
    assert cluster.stop(local) is True
    assert cluster.stop(local) is False


def test_its_socket_is_closed_to_everyone_but_its_owner_and_root(local):
    cluster.start(local)
    place = cluster_place.find(local)
    owner = place.data.stat().st_uid
    for path in (place.data, place.sockets, place.sockets / cluster_place.SOCKET):
        assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (owner, 0o700)


def test_what_was_stored_is_there_after_a_restart(local):
    cluster.start(local)
    with psycopg.connect(cluster.url(local)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Rue Saint-Pierre' AS street")
    cluster.stop(local)
    cluster.start(local)
    with psycopg.connect(cluster.url(local)) as connection:
        assert connection.execute("SELECT street FROM kept").fetchone() == ("Rue Saint-Pierre",)


def test_names_sort_as_in_french(local):
    cluster.start(local)
    with psycopg.connect(cluster.url(local)) as connection:
        rows = connection.execute("SELECT name FROM unnest('{Zoo,Évrecy,Épron,Eterville}'::text[]) AS name ORDER BY 1")
        assert [name for (name,) in rows] == ["Épron", "Eterville", "Évrecy", "Zoo"]


def test_only_one_of_many_starts_it(local):
    with ThreadPoolExecutor(4) as pool:
        started = [pool.submit(_start_in_another_process, local) for _ in range(4)]
    assert sorted(future.result() for future in started) == ["False", "False", "False", "True"]


def _start_in_another_process(local: Path) -> str:
    code = "import pathlib, sys; from gisplatform import cluster; print(cluster.start(pathlib.Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, str(local)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_half_made_cluster_is_made_again(local):
    local.mkdir()
    (local / "pg.part").mkdir()
    (local / "pg.part" / "PG_VERSION").write_text("15")
    cluster.start(local)
    assert answer(local) == ("gisplatform", "")


def test_a_killed_server_starts_again(local):
    cluster.start(local)
    pid = int((cluster_place.find(local).data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, 9)
    assert cluster.start(local) is True
    assert answer(local) == ("gisplatform", "")


def test_it_is_left_to_whoever_else_is_connected(local):
    cluster.start(local)
    with psycopg.connect(cluster.url(local)):
        assert cluster.stop(local, if_unused=True) is False
    assert cluster.stop(local, if_unused=True) is True


def test_a_long_path_gets_a_short_socket_folder(local):
    deep = local / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    cluster.start(deep)
    place = cluster_place.find(deep)
    assert len(os.fsencode(place.sockets / cluster_place.SOCKET)) <= cluster_place.SOCKET_PATH_MAX
    assert answer(deep) == ("gisplatform", "")
    assert str(place.sockets) in (deep / "cluster.json").read_text()
    cluster.remove(deep)
    assert not place.sockets.exists()


def test_a_socket_folder_laid_by_somebody_else_is_refused(local):
    cluster.start(local)
    cluster.stop(local)
    cluster_place.find(local).sockets.chmod(0o777)
    with pytest.raises(cluster_place.ClusterError, match="réservé"):
        cluster.start(local)


@as_root
def test_where_postgres_cannot_reach_it_goes_to_a_folder_of_its_own(local):
    local.parent.chmod(0o700)
    cluster.start(local)
    place = cluster_place.find(local)
    assert cluster_place.ELSEWHERE in place.data.parents
    assert pwd.getpwuid(place.data.stat().st_uid).pw_name == "postgres"
    assert answer(local) == ("gisplatform", "")
    cluster.remove(local)
    assert not place.data.parent.exists()


@as_root
def test_root_runs_somebody_elses_cluster_as_its_owner(local):
    cluster.start(local)
    cluster.stop(local)
    nobody = pwd.getpwnam("nobody")
    place = cluster_place.find(local)
    subprocess.run(["chown", "-R", f"{nobody.pw_uid}:{nobody.pw_gid}", place.data, place.sockets], check=True)
    cluster.start(local)
    assert place.sockets.joinpath(cluster_place.SOCKET).stat().st_uid == nobody.pw_uid
