"""Posts hostile requests from a process of its own, over connections that it keeps.

Run as `python -m benchmarks.fuzz.poster <port> <path> <seed> <number>`; it tells on
its last line how often which status came.
"""

import asyncio
from collections import Counter
from contextlib import suppress
import json
import sys
from typing import TYPE_CHECKING

from demo.processes import HOST

from .bodies import Bodies

if TYPE_CHECKING:
    from .bodies import Hostile

_CONNECTIONS = 8
_PATIENCE = 30
_NEWS_EVERY = 20_000
NO_ANSWER = "no answer"
CLOSED = "closed"


def encode(request: Hostile, path: str) -> bytes:
    """Return a request as it goes over the wire."""
    headers = {"Host": HOST, **request.headers}
    body = request.body
    if request.chunks:
        headers["Transfer-Encoding"] = "chunked"
        body = b"".join(_chunks(body, request.chunks)) + b"0\r\n\r\n"
    else:
        headers["Content-Length"] = str(len(body))
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"{request.method} {path} HTTP/1.1", *lines, "", ""])
    return head.encode() + body


def _chunks(body: bytes, number: int) -> list[bytes]:
    size = max(len(body) // number, 1)
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return [f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts]


class Connection:
    """One connection, opened again when the other side closed it."""

    def __init__(self, port: int, path: str) -> None:
        """Take where to post."""
        self._port, self._path = port, path
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Hostile) -> str:
        """Return the status of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        try:
            async with asyncio.timeout(_PATIENCE):
                writer.write(encode(request, self._path))
                status, stays = await _read(reader, request.method)
        except TimeoutError:
            await self.close()
            return NO_ANSWER
        except OSError, asyncio.IncompleteReadError:
            await self.close()
            return CLOSED
        if not stays:
            await self.close()
        return status

    async def close(self) -> None:
        """Leave nothing open."""
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader, method: str) -> tuple[str, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = head.split(" ", 2)[1]
    _, _, length = head.partition("content-length: ")
    if length and method != "HEAD":
        await reader.readexactly(int(length.split("\r\n", 1)[0]))
    return status, "connection: close" not in head


async def post_all(port: int, path: str, seed: int, number: int) -> Counter[str]:
    """Post so many; return how often which status came."""
    bodies = Bodies(seed)
    left = number
    statuses: Counter[str] = Counter()

    async def work() -> None:
        nonlocal left
        connection = Connection(port, path)
        while left > 0:
            left -= 1
            statuses[await connection.ask(bodies.next())] += 1
            if statuses.total() % _NEWS_EVERY == 0:
                print(f"{statuses.total()} of {number}", flush=True)
        await connection.close()

    await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))
    return statuses


def main() -> None:
    """Do it."""
    port, path, seed, number = sys.argv[1:]
    statuses = asyncio.run(post_all(int(port), path, int(seed), int(number)))
    print(json.dumps(statuses), flush=True)


if __name__ == "__main__":
    main()
