"""Measuring: each line is our cost as a ratio to a limit, both measured in the same run on the same machine."""

import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
REPEATS = 3  # the best of them counts: noise only ever adds
SIZES = [int(os.environ["N"])] if os.environ.get("N") else [10_000, 100_000]


def best(work: Callable[[], object], *, before: Callable[[], object] = lambda: None, repeats: int = REPEATS) -> float:
    """Seconds of the fastest of a few runs; `before` is not counted."""
    seconds = []
    for _run in range(repeats):
        before()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def machine() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        postgres, postgis = cursor.fetchone()
    processor = names[0].partition(":")[2].strip() if names else platform.machine()
    return (
        f"{os.cpu_count()} × {processor}, {memory:.0f} GiB, Python {platform.python_version()},"
        f" PostgreSQL {postgres.split()[0]}, PostGIS {postgis}"
    )


class Ledger:
    """The lines of a run, printed and written when it ends."""

    def __init__(self) -> None:
        self.lines: list[dict] = []
        self.machine = ""

    def add(self, name: str, *, value: float, limit_name: str, limit_value: float, bar: float, unit: str = "s") -> None:
        self.machine = self.machine or machine()
        self.lines.append({
            "name": name, "value": round(value, 6), "unit": unit, "limit_name": limit_name,
            "limit_value": round(limit_value, 6), "ratio": round(value / limit_value, 2), "bar": bar,
        })  # fmt: skip

    def table(self) -> str:
        rows = ["| what | cost | limit | its cost | ratio | at most | |", "|---|---|---|---|---|---|---|"]
        for each in self.lines:
            kept = "" if each["ratio"] <= each["bar"] else "**over**"
            rows.append(
                f"| {each['name']} | {each['value']:.4g} {each['unit']} | {each['limit_name']} |"
                f" {each['limit_value']:.4g} {each['unit']} | {each['ratio']} | {each['bar']} | {kept} |"
            )
        return "\n".join(rows)

    def write(self, *, whole: bool) -> None:
        """Keep the lines; those of a whole run are published, at a size of one's own beside the usual ones."""
        (ROOT / ".local").mkdir(exist_ok=True)
        facts = {"machine": self.machine, "lines": self.lines}
        (ROOT / ".local/bench.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
        if whole:
            size = f"-{SIZES[0]}" if os.environ.get("N") else ""
            page = PAGE.format(machine=self.machine, table=self.table())
            (ROOT / f"docs/performance{size}.md").write_text(page)


WHOLE = {ROOT / "tests/bench", ROOT / "tests/real"}
PAGE = """# Performance

Written by `make bench` (`make bench N=1000000` writes a page of that size beside it). Each line is a ratio: our cost
divided by that of a limit, something that cannot be done with less, measured in the same run on the same machine. The
ratio says more than the seconds, which depend on the machine. A line over its bar is work to do.

Machine: {machine}.

{table}
"""


@pytest.fixture(scope="session")
def ledger(request) -> Ledger:
    found = request.config.stash.setdefault(LEDGER, Ledger())
    assert isinstance(found, Ledger)
    return found


LEDGER = pytest.StashKey[Ledger]()


def pytest_terminal_summary(terminalreporter, config) -> None:
    ledger = config.stash.get(LEDGER, None)
    if ledger is None or not ledger.lines:
        return
    ledger.write(whole={Path(each).resolve() for each in config.args} >= WHOLE)
    terminalreporter.write_line("")
    terminalreporter.write_line(ledger.machine)
    terminalreporter.write_line(ledger.table())
