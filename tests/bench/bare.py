"""What cannot be done with less: the same bytes written to as many sockets, by asyncio and nothing else.

`python -m tests.bench.bare PORT`: whatever comes as a datagram is written to all that are connected.
"""

import asyncio
import sys

pages: set[asyncio.Transport] = set()


class Page(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, _data: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\n\r\n: \n\n")
        pages.add(self.transport)

    def connection_lost(self, _error: Exception | None) -> None:
        pages.discard(self.transport)


class Word(asyncio.DatagramProtocol):
    def datagram_received(self, data: bytes, _address: object) -> None:
        for page in pages:
            page.write(data)


async def main(port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Word, local_addr=("127.0.0.1", port))
    server = await loop.create_server(Page, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
