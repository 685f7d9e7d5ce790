"""A page that follows, as a browser does it: one connection, its events, and the id it goes on from."""

import json
import socket
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    id: str
    kind: str
    data: dict[str, Any]


class Listener:
    """`with Listener(port, Cookie=…) as page: page.next()`. Read by hand, so that one may wait and go on."""

    def __init__(
        self, port: int, path: str = "/live/", *, after: str = "", timeout: float = 10, **headers: str
    ) -> None:
        self.timeout, self.last_id, self.pending = timeout, after, b""
        if after:
            headers["Last-Event-ID"] = after
        self.line = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        head = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            *(f"{name}: {each}" for name, each in headers.items()),
        ]
        self.line.sendall("\r\n".join([*head, "", ""]).encode())
        first, *fields = self._until(b"\r\n\r\n").decode().strip().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in fields)}
        self.text = b""  # of the stream, not read yet

    def __enter__(self) -> "Listener":
        assert self.status == 200, self.pending
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self.line.close()

    def next(self) -> Told:
        """The next event; ConnectionError when the stream has ended, TimeoutError when nothing comes."""
        while True:
            while b"\n\n" not in self.text:
                self.text += self._chunk()
            block, _blank, self.text = self.text.partition(b"\n\n")
            said = dict(line.split(": ", 1) for line in block.decode().split("\n") if not line.startswith(":"))
            # The beginning of a stream has an id and no event.
            self.last_id = said.get("id", self.last_id)
            if "data" in said:
                return Told(said.get("id", ""), said.get("event", "message"), json.loads(said["data"]))

    def all(self, *, within_s: float = 0.4) -> list[Told]:
        """What comes until nothing comes for so long."""
        found = []
        self.line.settimeout(within_s)
        try:
            while True:
                found.append(self.next())
        except TimeoutError:
            return found
        finally:
            self.line.settimeout(self.timeout)

    def _chunk(self) -> bytes:
        """One piece of the body; nothing of it is lost when it does not come whole in time."""
        while b"\r\n" not in self.pending:
            self._read()
        size = int(self.pending.partition(b"\r\n")[0], 16)
        begun = self.pending.index(b"\r\n") + 2
        while len(self.pending) < begun + size + 2:
            self._read()
        chunk, self.pending = self.pending[begun : begun + size], self.pending[begun + size + 2 :]
        if not size:
            raise ConnectionError("the stream has ended")
        return chunk

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.pending:
            self._read()
        found, mark, self.pending = self.pending.partition(mark)
        return found

    def _read(self) -> None:
        block = self.line.recv(65536)
        if not block:
            raise ConnectionError("the server hung up")
        self.pending += block
