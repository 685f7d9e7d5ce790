"""Many pages that follow, cheaply, in a process of their own: when each heard of what, and what a break cost.

`python -m tests.bench.crowd PORT COUNT BREAKS` reads one token a line, says "ready" when all are connected, and at the
end of its input prints, as JSON, for each page the instants at which it heard of each reference.
"""

import asyncio
import json
import random
import re
import sys
import time

SAID = re.compile(rb"(?:id: ([^\n]*)\n)?data: [^\n]*?\"reference\":\"([^\"]+)\"")


class Page(asyncio.Protocol):
    def __init__(self, token: str, heard: dict[str, list[float]], last: str) -> None:
        self.token, self.heard, self.last, self.rest = token, heard, last, b""
        self.open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        after = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
        head = f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n{after}\r\n"
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        now = time.time()
        if not self.open.done() and b"\n\n" in data:
            self.open.set_result(None)
        *whole, self.rest = (self.rest + data).split(b"\n\n")
        for each in whole:
            for said in SAID.finditer(each):
                self.last = (said[1] or b"").decode() or self.last
                self.heard.setdefault(said[2].decode(), []).append(now)


async def main(port: int, count: int, breaks: int, tokens: list[str]) -> None:
    loop = asyncio.get_running_loop()
    heard: list[dict[str, list[float]]] = [{} for _page in range(count)]
    pages: list[Page] = []

    async def connect(number: int, last: str = "") -> Page:
        _line, page = await loop.create_connection(
            lambda: Page(tokens[number % len(tokens)], heard[number], last), "127.0.0.1", port
        )
        await page.open
        return page

    for begun in range(0, count, 50):
        pages += await asyncio.gather(*(connect(number) for number in range(begun, begun + 50)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ended = loop.run_in_executor(None, sys.stdin.read)
    dice = random.Random(5)
    away: set[int] = set()

    async def leave(number: int, for_s: float) -> None:
        away.add(number)
        pages[number].transport.abort()
        await asyncio.sleep(for_s)
        pages[number] = await connect(number, pages[number].last)
        away.discard(number)

    breaks_begun = []
    for _break in range(breaks):
        await asyncio.sleep(0.3)
        # Only one that has heard something has a place to go on from. It misses up to a second of news.
        number = dice.choice([each for each in range(count) if pages[each].last and each not in away] or [0])
        breaks_begun.append(asyncio.create_task(leave(number, dice.random())))
    await asyncio.gather(*breaks_begun)
    await ended
    json.dump(heard, sys.stdout)


if __name__ == "__main__":
    port, count, breaks = map(int, sys.argv[1:])
    tokens = list(iter(lambda: sys.stdin.readline().strip(), ""))
    asyncio.run(main(port, count, breaks, tokens))
