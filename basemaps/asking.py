"""One question to another server, answered in JSON within a deadline, or not at all.

What is asked is not logged: it may be a person's address. A server that failed is left in peace for a while, so that
nobody waits for it at each letter they type.
"""

import hashlib
import http.client
import json
import logging
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError

from django.core.cache import cache

logger = logging.getLogger(__name__)

MOST_BYTES = 2**20
PEACE_S = 20
NOT_UNDERSTOOD = 400  # what the services answer to a text that they find too short or too odd
# A socket's time-out begins anew with each packet, and knows nothing of name servers: only a thread can be left alone.
_ASKERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="asking")


def ask(url: str, *, within_s: float, kept_s: int) -> Any:
    """The JSON of an answer, {} when the question was not understood; None when none came in time that could be read.

    An answer is kept for `kept_s` seconds, under a digest of its address.
    """
    key = f"basemaps.asking.{hashlib.sha256(url.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is not None:
        return kept
    server = url.partition("?")[0]
    failed = f"basemaps.asking.failed.{hashlib.sha256(server.encode()).hexdigest()}"
    if cache.get(failed):
        return None
    asked = _ASKERS.submit(_fetched, url, within_s)
    try:
        answer = asked.result(timeout=within_s)
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:  # TimeoutError is an OSError
        asked.cancel()
        logger.warning("no answer", extra={"server": server, "reason": type(error).__name__})
        cache.set(failed, True, timeout=PEACE_S)
        return None
    cache.set(key, answer, timeout=kept_s)
    return answer


def _fetched(url: str, within_s: float) -> Any:
    until = time.monotonic() + within_s
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "gisplatform"})  # noqa: S310 (the setting takes http and https only)
    try:
        with urllib.request.urlopen(request, timeout=within_s) as answer:  # noqa: S310
            content = b""
            while block := answer.read1():
                content += block
                if len(content) > MOST_BYTES or time.monotonic() > until:
                    raise ValueError("too long")
    except HTTPError as error:
        error.close()
        if error.code == NOT_UNDERSTOOD:
            return {}
        raise
    return json.loads(content)
