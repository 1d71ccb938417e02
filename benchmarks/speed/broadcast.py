"""One text to many, at 200 ms of the provider's latency, beside core's twilio_sms."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
import time
from typing import TYPE_CHECKING
from unittest.mock import patch

from aiohttp import ClientSession, web

from demo.processes import HOST

from ..home import API_KEY, BEN, Home
from ..page import table
from ..peers import have_peers
from ..watch import Hold, LoopWatch
from .figures import p50, ratio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_LATENCY = 0.2
RECIPIENTS = (1, 10, 100, 1000)
_TEXT = "The front door was opened."
_TWILIO = """
twilio:
  account_sid: AC00000000000000000000000000000000
  auth_token: bench
notify:
  - platform: twilio_sms
    name: twilio
    from_number: "+15005550006"
"""
_POSTS = 200


@dataclass(kw_only=True)
class _Sent:
    """What it took to send one text to so many."""

    requests: int
    seconds: float
    cpu: float
    hold: Hold


class _Twilio:
    """Answers as Twilio's API does, as far as its client asks, after the latency."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.requests = 0
        self.url = ""

    async def start(self) -> web.AppRunner:
        """Listen on a free port; return what is to be cleaned up."""
        application = web.Application()
        application.router.add_post("/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self.url = f"http://{HOST}:{runner.addresses[0][1]}"
        return runner

    async def _answer(self, _request: web.Request) -> web.Response:
        self.requests += 1
        await asyncio.sleep(_LATENCY)
        return web.json_response({"sid": f"SM{self.requests:032}"}, status=201)


def _numbers(count: int) -> list[str]:
    return [f"+23480312{number:05}" for number in range(count)]


async def measure(recipients: Sequence[int] = RECIPIENTS) -> str:
    """Measure; takes four minutes, of which twilio_sms takes most."""
    missing = have_peers()
    rows = []
    twilio = _Twilio()
    async with Home("" if missing else _TWILIO) as home:
        await home.add_entry()
        runner = await twilio.start()
        home.simulator.arm(
            "slow_before", operation="send-sms", times=0, seconds=_LATENCY
        )

        async def ours(count: int) -> int:
            before = len(home.simulator.requests_to("send-sms"))
            data = {"recipients": _numbers(count), "message": _TEXT}
            await home.hass.services.async_call(
                "cecula_sync", "send_sms", data, blocking=True
            )
            return len(home.simulator.requests_to("send-sms")) - before

        async def theirs(count: int) -> int:
            before = twilio.requests
            data = {"target": _numbers(count), "message": _TEXT}
            with _led_to(twilio.url):
                await home.hass.services.async_call(
                    "notify", "twilio", data, blocking=True
                )
            return twilio.requests - before

        for count in recipients:
            mine = await _measure(ours, count)
            rows.append(_row(count, "cecula_sync", mine, mine))
            if not missing:
                rows.append(
                    _row(count, "twilio_sms", await _measure(theirs, count), mine)
                )
            print(rows[-1], flush=True)
        home.simulator.disarm()
        overhead = await _overhead(home)
        await runner.cleanup()
    head = ("Recipients", "Sent by", "Requests", "Time", "Time / ours", "CPU")
    content = table((*head, "Longest hold"), rows)
    note = f"\n\nNot compared with twilio_sms: {missing}" if missing else ""
    return f"{content}{note}\n\n{overhead}"


def _led_to(url: str) -> ExitStack:
    """Lead Twilio's client to a server of this machine."""
    from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 (a peer's)

    request = TwilioHttpClient.request

    def led(
        client: object, method: str, _uri: str, *rest: object, **more: object
    ) -> object:
        return request(client, method, f"{url}/Messages.json", *rest, **more)

    exits = ExitStack()
    exits.enter_context(patch.object(TwilioHttpClient, "request", led))
    return exits


async def _measure(send: Callable[[int], Awaitable[int]], count: int) -> _Sent:
    with LoopWatch() as loop:
        cpu, began = time.process_time(), time.monotonic()
        requests = await send(count)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    return _Sent(requests=requests, seconds=seconds, cpu=cpu, hold=loop.longest)


def _row(count: int, name: str, sent: _Sent, mine: _Sent) -> tuple[str, ...]:
    return (
        f"{count:,}",
        name,
        f"{sent.requests:,}",
        f"{sent.seconds:.2f} s",
        ratio(sent.seconds, mine.seconds),
        f"{sent.cpu * 1000:.0f} ms",
        f"{sent.hold.cpu:.1f} ms",
    )


async def _overhead(home: Home) -> str:
    """Compare `send_sms` to one with the bare post that it makes, in turn."""
    url = f"{home.simulator.base_url}/send-sms"
    headers = {"Authorization": f"Bearer {API_KEY}", "Connection": "close"}
    took: dict[str, list[float]] = {"bare": [], "ours": []}
    cpu: dict[str, list[float]] = {"bare": [], "ours": []}
    async with ClientSession() as session:

        async def bare() -> None:
            body = {"text": _TEXT, "recipients": BEN}
            async with session.post(url, json=body, headers=headers) as response:
                await response.read()

        async def ours() -> None:
            data = {"recipients": BEN, "message": _TEXT}
            await home.hass.services.async_call(
                "cecula_sync", "send_sms", data, blocking=True
            )

        for _ in range(_POSTS):
            for name, send in (("bare", bare), ("ours", ours)):
                busy, began = time.process_time(), time.perf_counter()
                await send()
                took[name].append((time.perf_counter() - began) * 1000)
                cpu[name].append((time.process_time() - busy) * 1000)
    return table(
        ("One text", "p50", "CPU", "p50 / bare"),
        [
            (
                name,
                f"{p50(took[key]):.2f} ms",
                f"{p50(cpu[key]):.2f} ms",
                ratio(p50(took[key]), p50(took["bare"])),
            )
            for name, key in (("bare aiohttp post", "bare"), ("`send_sms`", "ours"))
        ],
    )
