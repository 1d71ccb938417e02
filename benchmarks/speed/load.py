"""Posts to one webhook from a process of its own, each with the time it left.

Run as `python -m benchmarks.speed.load <port> <path> <kind> <connections> <number>`;
its only line tells how long each answer took, in ms, and all together, in seconds.
"""

import asyncio
import json
import sys
import time
from urllib.parse import urlencode

from demo.processes import HOST

from ..fuzz.bodies import Hostile
from ..fuzz.poster import Connection

_NS_PER_MS = 1e6


def body_of(kind: str, mark: str) -> tuple[bytes, str]:
    """Return what a kind of webhook reads, and its content type."""
    if kind == "twilio":
        fields = {"From": "+2348183172770", "To": "+2348176470634", "message": mark}
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    item = {
        "originator": "+2348183172770",
        "receiver": "08176470634",
        "message": mark,
        "timeReceived": time.strftime(
            "%Y/%m/%d %H:%M", time.gmtime(time.time() + 3600)
        ),
    }
    return json.dumps(item).encode(), "application/json"


async def _post_all(
    port: int, path: str, kind: str, connections: int, number: int
) -> tuple[list[float], float]:
    left = number
    took: list[float] = []

    async def work() -> None:
        nonlocal left
        connection = Connection(port, path)
        while left > 0:
            left -= 1
            began = time.monotonic_ns()
            body, content_type = body_of(kind, f"{began} {left}")
            request = Hostile(body, headers={"Content-Type": content_type})
            status = await connection.ask(request)
            if status != "200":
                sys.exit(f"{HOST}:{port} answered {status}")
            took.append((time.monotonic_ns() - began) / _NS_PER_MS)
        await connection.close()

    began = time.monotonic()
    await asyncio.gather(*(work() for _ in range(connections)))
    return took, time.monotonic() - began


def main() -> None:
    """Do it."""
    port, path, kind, connections, number = sys.argv[1:]
    result = asyncio.run(
        _post_all(int(port), path, kind, int(connections), int(number))
    )
    print(json.dumps(result))


if __name__ == "__main__":
    main()
