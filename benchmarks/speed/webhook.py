"""From a post to the automation that it sets off, beside others that do so."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
import json
import sys
import time
from types import MappingProxyType
from typing import TYPE_CHECKING

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from yarl import URL

from ..home import WEBHOOK_ID, Home
from ..page import table
from ..peers import have_peers
from ..watch import Hold, LoopWatch
from . import past
from .figures import p50, p99, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from aiohttp.web import Request
    from homeassistant.core import HomeAssistant, ServiceCall

FLOOR = "floor"
OURS = "cecula_sync"
_FLOOR_EVENT = "bench_floor"
_EVENTS = {
    FLOOR: _FLOOR_EVENT,
    OURS: "cecula_sync_sms_received",
    "twilio": "twilio_data_received",
    "ifttt": "ifttt_webhook_received",
}
_IDS = {kind: (kind[0] + "0") * 32 for kind in _EVENTS} | {OURS: WEBHOOK_ID}
_ITEMS = 10_000
_ROUNDS = 5
_POSTS = 300
SENDERS = (1, 10, 50)
_NS_PER_MS = 1e6
_MS = 1000

_HEAD = (
    *("Senders", "Webhook", "To the automation, p50", "p99", "p50 / floor"),
    *("Answered, p50", "p99", "CPU a post", "A second", "a second / floor"),
)
_AUTOMATION = """
- alias: {kind}
  mode: parallel
  max: 5000
  triggers:
    - trigger: event
      event_type: {event}
  actions:
    - action: bench.note
      data:
        kind: {kind}
        message: "{{{{ trigger.event.data.message }}}}"
"""


@dataclass
class _Measured:
    """What was measured of one kind of webhook with so many senders."""

    reached: list[float] = field(default_factory=list)
    """From the post to the automation, in ms."""
    answered: list[float] = field(default_factory=list)
    """From the post to its answer, in ms."""
    a_second: list[float] = field(default_factory=list)
    """Answers, in each round."""
    cpu: list[float] = field(default_factory=list)
    """What Home Assistant's process had of the processor for each post, in ms."""


async def _floor(hass: HomeAssistant, _id: str, request: Request) -> None:
    hass.bus.async_fire(_FLOOR_EVENT, await request.json())


def _peer(domain: str) -> ConfigEntry[Any]:
    return ConfigEntry(
        data={"webhook_id": _IDS[domain]},
        discovery_keys=MappingProxyType({}),
        domain=domain,
        minor_version=1,
        options={},
        source="user",
        subentries_data=[],
        title=domain,
        unique_id=None,
        version=1,
    )


async def measure(senders: Sequence[int] = SENDERS) -> str:
    """Measure; takes two minutes. Return a table."""
    missing = have_peers()
    kinds = [FLOOR, OURS, *(() if missing else ("twilio", "ifttt"))]
    automations = "".join(
        _AUTOMATION.format(kind=kind, event=_EVENTS[kind]) for kind in kinds
    )
    indented = automations.replace("\n", "\n  ")
    rows = []
    async with Home(f"automation:{indented}\n") as home:
        noted: defaultdict[str, list[float]] = defaultdict(list)

        async def note(call: ServiceCall) -> None:
            left = int(call.data["message"].split()[0])
            noted[call.data["kind"]].append((time.monotonic_ns() - left) / _NS_PER_MS)

        home.hass.services.async_register("bench", "note", note)
        webhook.async_register(home.hass, "bench", "Floor", _IDS[FLOOR], _floor)
        home.keep("inbox", past.tallies(_ITEMS))
        home.keep("history", past.messages(_ITEMS))
        await home.add_entry()
        for kind in kinds[2:]:
            await home.hass.config_entries.async_add(_peer(kind))
        for number in senders:
            found, held = await _rounds(home, kinds, number, noted)
            rows += _rows(found, number)
            print(f"{number} at once; the loop was held {held}", flush=True)
    content = table(_HEAD, rows)
    return content + (f"\n\nNot compared with others: {missing}" if missing else "")


async def _rounds(
    home: Home, kinds: Sequence[str], senders: int, noted: dict[str, list[float]]
) -> tuple[dict[str, _Measured], Hold]:
    """Measure each kind in turn, and that several times.

    The first round fills caches; in it, the loop is watched, which costs time.
    """
    found = {kind: _Measured() for kind in kinds}
    with LoopWatch() as loop:
        for kind in kinds:
            await _load(home, kind, senders)
            await home.hass.async_block_till_done()
    for _ in range(_ROUNDS):
        for kind in kinds:
            noted[kind].clear()
            began = time.process_time()
            answered, seconds = await _load(home, kind, senders)
            await home.hass.async_block_till_done()
            cpu = (time.process_time() - began) * _MS / _POSTS
            if len(noted[kind]) != _POSTS:
                message = f"{kind} lost {_POSTS - len(noted[kind])} of {_POSTS}"
                raise RuntimeError(message)
            found[kind].reached += noted[kind]
            found[kind].answered += answered
            found[kind].cpu.append(cpu)
            found[kind].a_second.append(_POSTS / seconds)
    return found, loop.longest


async def _load(home: Home, kind: str, senders: int) -> tuple[list[float], float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.speed.load", str(URL(home.url).port)),
        *(f"/api/webhook/{_IDS[kind]}", kind, str(senders), str(_POSTS)),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    answered, seconds = json.loads(told)
    return answered, seconds


def _rows(found: dict[str, _Measured], senders: int) -> list[tuple[str, ...]]:
    floor = found[FLOOR]
    return [
        (
            str(senders),
            kind,
            f"{p50(each.reached):.2f} ms",
            f"{p99(each.reached):.2f} ms",
            ratio(p50(each.reached), p50(floor.reached)),
            f"{p50(each.answered):.2f} ms",
            f"{p99(each.answered):.2f} ms",
            f"{p50(each.cpu):.2f} ms",
            f"{p50(each.a_second):.0f}",
            ratio(p50(each.a_second), p50(floor.a_second)),
        )
        for kind, each in found.items()
    ]
