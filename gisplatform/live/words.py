"""How news are written: server-sent events (HTML standard, section 9.2)."""

import json
import random
from collections.abc import Mapping
from typing import Any

STILL_THERE = b": \n\n"


def event(data: Mapping[str, Any], *, position: str = "", kind: str = "") -> bytes:
    lines = [f"id: {position}"] if position else []
    if kind:
        lines.append(f"event: {kind}")
    return "\n".join([*lines, f"data: {packed(data)}", "", ""]).encode()


def packed(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def beginning(position: str) -> bytes:
    """Where the stream begins, for whom it breaks before its first news; and how long to wait before coming back."""
    return f"retry: {random.randint(2000, 5000)}\nid: {position}\n\n".encode()  # noqa: S311 (so that not all come at once)
