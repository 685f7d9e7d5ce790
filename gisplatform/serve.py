"""The demonstration's processes: readies the database, then runs the server and the worker until told to stop.

`make demo` runs it, `make stop` ends it. It stops all it started, the private cluster included, and if one process
dies the others do not linger.
"""

import argparse
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from gisplatform import cluster
from gisplatform.cluster_place import ClusterError
from gisplatform.processes import ROOT, ServeError, Stopped, end, launch, prepare, say, tail, watch

PID_FILE = cluster.LOCAL / "demo.json"
ACCOUNTS = "agent, technicien, regulateur, responsable, voirie, prestataire, dechets, analyste, admin"
PREPARATION = {
    "Structure de la base": ["migrate"],
    "Territoire de démonstration": ["load_demo"],
}
# The vendors' development builds serve nobody and are as large as all the rest.
COLLECT = ["collectstatic", "--noinput", "--clear", "--ignore", "*-dev.mjs", "--ignore", "*-dev.mjs.map"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gisplatform.serve", description="La démonstration.")
    parser.add_argument("port", help="le port, sur 127.0.0.1, ou « stop » pour arrêter celle qui tourne")
    wanted = parser.parse_args().port
    try:
        if wanted == "stop":
            stop()
        else:
            demo(_port(wanted))
    except (ServeError, ClusterError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def demo(port: int) -> None:
    """Serves on 127.0.0.1:`port` until Ctrl-C, SIGTERM or `stop()`; ServeError if anything fails before that."""
    if _running() is not None:
        raise ServeError("La démonstration tourne déjà ; « make stop » l'arrête.")
    _refuse_a_busy_port(port)
    environment = _environment(port)
    begun = not os.environ.get("DATABASE_URL") and not cluster.answers()
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        _listen_to_signals(_on_signal)
        PID_FILE.parent.mkdir(parents=True, exist_ok=True)
        PID_FILE.write_text(json.dumps({"pid": os.getpid(), "port": port}))
        if begun:
            cluster.start()
        for title, command in PREPARATION.items():
            prepare(title, command, environment)
        _collect_static_files(environment)
        for name, command in processes(port).items():
            children[name] = launch(name, command, environment)
        _wait_until_it_answers(port, children)
        say(f"\n  http://127.0.0.1:{port}/\n\n  Comptes : {ACCOUNTS}\n  Mot de passe : demo\n\n  Ctrl-C arrête tout.")
        while True:
            watch(children)
            time.sleep(0.5)
    except Stopped:
        say("\nArrêt…")
    finally:
        _listen_to_signals(signal.SIG_IGN)
        end(children)
        if begun:
            cluster.stop(if_unused=True)
        PID_FILE.unlink(missing_ok=True)


def stop() -> None:
    """Ends the demonstration that runs, and waits for it; nothing to do is no error."""
    pid = _running()
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    for _ in range(300):
        if _running() is None:
            say("La démonstration est arrêtée.")
            return
        time.sleep(0.1)
    raise ServeError(f"La démonstration (processus {pid}) ne s'arrête pas.")


def processes(port: int) -> dict[str, list[str]]:
    """The commands of the demonstration, which are those of production."""
    bin_folder = Path(sys.executable).parent
    web = ["granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    # A page that follows stays for hours: whoever stops the server does not wait for it to leave.
    return {
        "serveur": [str(bin_folder / web[0]), *web[1:], "--workers-kill-timeout", "5", "gisplatform.asgi:application"],
        "facteur": [sys.executable, str(ROOT / "manage.py"), "procrastinate", "worker", "--concurrency", "4"],
    }


def _environment(port: int) -> Mapping[str, str]:
    """What the demonstration sets unless it is set already."""
    chosen = {"GISPLATFORM_DEBUG": "0", "GISPLATFORM_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    return {"DJANGO_SETTINGS_MODULE": "gisplatform.settings", **chosen, **os.environ}


def _collect_static_files(environment: Mapping[str, str]) -> None:
    """Only when one of them has changed since the last time: it takes seconds."""
    sources = [ROOT / "requirements.lock", ROOT / "package-lock.json", *sorted(ROOT.glob("[a-z]*/static/**/*"))]
    facts = "\n".join(f"{path} {path.stat().st_mtime_ns}" for path in sources)
    state = hashlib.sha256(facts.encode()).hexdigest()
    done = cluster.LOCAL / "has-static"
    if done.exists() and done.read_text() == state:
        return
    prepare("Fichiers du navigateur", COLLECT, environment)
    done.write_text(state)


def _wait_until_it_answers(port: int, children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(240):
        watch(children)
        try:
            browser.open(f"http://127.0.0.1:{port}/", timeout=10).close()
        except urllib.error.HTTPError as error:
            raise ServeError(f"Le serveur répond par une erreur {error.code} :\n{tail('serveur')}") from error
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise ServeError(f"Le serveur ne répond pas :\n{tail('serveur')}")


def _listen_to_signals(handler: signal.Handlers | Callable[[int, object], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup: outlive the terminal
            signal.signal(number, handler)


def _on_signal(_number: int, _frame: object) -> None:
    raise Stopped


def _running() -> int | None:
    """The process number of the demonstration that runs from this folder, if any."""
    try:
        pid = int(json.loads(PID_FILE.read_text())["pid"])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pid if b"gisplatform.serve" in command and pid != os.getpid() else None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ServeError(f"« {text} » n'est pas un port : un nombre de 1 à 65535.")
    return int(text)


def _refuse_a_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServeError(
                f"Le port {port} n'est pas libre ({error.strerror}). Essayez : make demo PORT={port + 1}"
            ) from error


if __name__ == "__main__":
    sys.exit(main())
