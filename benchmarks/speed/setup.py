"""Setting an entry up, at 200 ms of latency, beside two of core's own."""

import asyncio
import subprocess
import sys
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aiohttp import web
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.util.hass_dict import HassKey

from demo.processes import HOST

from ..home import Home
from ..page import table
from ..peers import have_peers
from ..watch import LoopWatch
from .figures import p50

if TYPE_CHECKING:
    from collections.abc import Callable

_LATENCY = 0.2
_TIMES = 5
_IMPORTS = 5
_OURS = "cecula_sync"
_OVERSEERR_ID = "overseerr" * 7
_WEBHOOK = "/api/v1/settings/notifications/webhook"
_REQUESTS_COUNTS = {
    **dict.fromkeys(("total", "movie", "tv", "pending", "approved"), 0),
    **dict.fromkeys(("declined", "processing", "available", "completed"), 0),
}
_ISSUE_COUNTS = dict.fromkeys(
    ("total", "video", "audio", "subtitles", "others", "open", "closed"), 0
)
_NTFY_ACCOUNT = {
    "username": "*",
    "role": "anonymous",
    "limits": {
        **dict.fromkeys(("messages", "messages_expiry_duration", "emails", "calls"), 0),
        **dict.fromkeys(("reservations", "attachment_total_size"), 0),
        **dict.fromkeys(("attachment_file_size", "attachment_expiry_duration"), 0),
        **dict.fromkeys(("attachment_bandwidth",), 0),
    },
    "stats": {
        **dict.fromkeys(("messages", "messages_remaining", "emails"), 0),
        **dict.fromkeys(("emails_remaining", "calls", "calls_remaining"), 0),
        **dict.fromkeys(("reservations", "reservations_remaining"), 0),
        **dict.fromkeys(("attachment_total_size",), 0),
        **dict.fromkeys(("attachment_total_size_remaining",), 0),
    },
}
_ANSWERS: dict[str, Any] = {
    "/v1/account": _NTFY_ACCOUNT,
    "/v1/version": {"version": "2.15.0", "commit": "bench", "date": "2026-01-01"},
    "/api/v1/request/count": _REQUESTS_COUNTS,
    "/api/v1/issue/count": _ISSUE_COUNTS,
}


class _Server:
    """Answers the peers, each time after the latency."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.requests = 0
        self.port = 0

    async def start(self) -> web.AppRunner:
        """Listen on a free port; return what is to be cleaned up."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self.port = runner.addresses[0][1]
        return runner

    async def _answer(self, request: web.Request) -> web.Response:
        self.requests += 1
        await asyncio.sleep(_LATENCY)
        return web.json_response(_ANSWERS.get(request.path, {}))


def _peer(domain: str, data: dict[str, Any]) -> ConfigEntry[Any]:
    return ConfigEntry(
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=domain,
        minor_version=99,
        options={},
        source="user",
        subentries_data=[],
        title=domain,
        unique_id=domain,
        version=1,
    )


async def measure() -> str:
    """Measure; takes half a minute. Return two tables."""
    missing = have_peers()
    server = _Server()
    rows = []
    async with Home() as home:
        runner = await server.start()
        home.simulator.arm("slow_before", times=0, seconds=_LATENCY)
        entry = await home.add_entry()
        rows.append(
            await _again(home, entry, _OURS, lambda: len(home.simulator.requests))
        )
        peers: list[ConfigEntry[Any]] = []
        if not missing:
            # Else it asks a server that is not on this machine for its newest version.
            home.hass.data[HassKey("ntfy")] = _NoUpdates()
            _ANSWERS[_WEBHOOK] = _as_registered()
            peers = [
                _peer("ntfy", {"url": f"http://{HOST}:{server.port}/", "token": None}),
                _peer(
                    "overseerr",
                    {
                        "host": HOST,
                        "port": server.port,
                        "ssl": False,
                        "api_key": "bench",
                        "webhook_id": _OVERSEERR_ID,
                    },
                ),
            ]
        for peer in peers:
            await home.hass.config_entries.async_add(peer)
            rows.append(await _again(home, peer, peer.domain, lambda: server.requests))
        await runner.cleanup()
    head = ("Set up again", "Time", "Round trips", "Requests", "CPU", "Longest hold")
    note = f"\n\nNot compared with others: {missing}" if missing else ""
    return f"{table(head, rows)}{note}\n\n{_imports(bool(missing))}"


def _as_registered() -> dict[str, Any]:
    """Return what overseerr's server says where nothing is to be changed."""
    from homeassistant.components.overseerr.const import (  # noqa: PLC0415 (a peer's)
        JSON_PAYLOAD,
        REGISTERED_NOTIFICATIONS,
    )

    url = f"https://house.example/api/webhook/{_OVERSEERR_ID}"
    return {
        "enabled": True,
        "types": REGISTERED_NOTIFICATIONS,
        "options": {"webhookUrl": url, "jsonPayload": JSON_PAYLOAD},
    }


class _NoUpdates:
    """Stands where ntfy looks for news of its server's software."""

    last_update_success = False
    data = None

    def async_add_listener(self, *_: object) -> Callable[[], None]:
        """Tell nothing."""
        return lambda: None


async def _again(
    home: Home, entry: ConfigEntry[Any], name: str, asked: Callable[[], int]
) -> tuple[str, ...]:
    """Set an entry up some times more; the first time imports, too."""
    if entry.state is not ConfigEntryState.LOADED:
        return (name, f"not set up: {entry.state.value} {entry.reason}", *("",) * 4)
    took, cpu, requests, hold = [], [], 0, 0.0
    entries = home.hass.config_entries
    for _ in range(_TIMES):
        await entries.async_unload(entry.entry_id)
        await home.hass.async_block_till_done(wait_background_tasks=True)
        with LoopWatch() as loop:
            before, busy, began = asked(), time.process_time(), time.monotonic()
            await entries.async_setup(entry.entry_id)
            took.append(time.monotonic() - began)
            cpu.append((time.process_time() - busy) * 1000)
            requests = asked() - before
            # What holds the loop is known when the step has ended.
            await asyncio.sleep(0)
        hold = max(hold, loop.longest.cpu)
    return (
        name,
        f"{p50(took):.2f} s",
        f"{p50(took) / _LATENCY:.1f}",
        str(requests),
        f"{p50(cpu):.0f} ms",
        f"{hold:.1f} ms",
    )


def _imports(ours_only: bool) -> str:  # noqa: FBT001 (where the peers are missing)
    """Measure how long a fresh Python takes more to import each, in turn."""
    modules = {_OURS: f"custom_components.{_OURS}"}
    if not ours_only:
        modules |= {
            each: f"homeassistant.components.{each}" for each in ("ntfy", "overseerr")
        }
    took: dict[str, list[float]] = {name: [] for name in modules}
    for _ in range(_IMPORTS):
        for name, module in modules.items():
            took[name].append(_import(module))
    return table(
        ("Imported", "CPU"),
        [(name, f"{p50(each):.0f} ms") for name, each in took.items()],
    )


def _import(module: str) -> float:
    """Return the processor's time for an import, all platforms with it, in ms.

    What every Home Assistant has imported by then is not counted.
    """
    platforms = ("config_flow", "sensor", "event")
    lines = (
        f"import sys, time; sys.path = {sys.path!r}",
        "import homeassistant.components.webhook, homeassistant.components.sensor",
        "import homeassistant.components.event, homeassistant.components.notify",
        "import homeassistant.components.cloud, homeassistant.components.update",
        "import homeassistant.components.button",
        "began = time.process_time()",
        f"import {module}",
        *(f"import {module}.{platform}" for platform in platforms),
        "print((time.process_time() - began) * 1000)",
    )
    done = subprocess.run(  # noqa: S603 (our own lines)
        (sys.executable, "-c", "\n".join(lines)),
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)
