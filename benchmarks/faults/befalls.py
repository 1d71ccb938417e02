"""The faults: what befalls a request, by the words of the table."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from aiohttp import ClientTimeout
from yarl import URL

from custom_components.cecula_sync.api import client
from demo.processes import HOST, free_port
from simulator.faults import REQUEST_FAULTS, WRONG_JSON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from .ground import Ground

# A read gives up after 20 seconds and a send after 60; nobody waits so long here.
_PATIENCE = ClientTimeout(total=0.25)
_SLOW_SECONDS = 0.5

# They distort what a send is answered; no other answer has such fields.
OF_SENDS = frozenset({"no_ids", "duplicate_id", "partial"})

CODES = (
    *("CE1000", "CE1001", "CE1005", "CE1013", "CE1100", "CE1102", "CE1103", "CE1104"),
    *("CE1802", "CE1804", "CE2000", "CE2001", "CE3001"),
)
UNKNOWN_CODE = "CE9999"
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, kw_only=True)
class Befall:
    """A fault, and how to bring it about for one operation of the provider."""

    name: str
    group: str
    """The word for it and others like it, where all end alike."""
    kind: str
    """The simulator's name of it, or "network"."""
    befall: Callable[[Ground, str, bool], AbstractContextManager[None]]
    """Takes the ground, the operation, and whether its first request is spared."""


def _armed(name: str, kind: str, /, *, group: str = "", **params: Any) -> Befall:
    @contextmanager
    def befall(ground: Ground, operation: str, spare: bool) -> Iterator[None]:  # noqa: FBT001
        given = dict(params)
        if "location" in given:
            given["location"] = f"{ground.stranger.url}/sync/api/{operation}"
        if spare:
            ground.simulator.arm("slow", operation=operation, times=1, seconds=0.0)
        ground.simulator.arm(kind, operation=operation, times=0, **given)
        with ExitStack() as exits:
            if kind.startswith("slow"):
                for limit in ("_SEND_TIMEOUT", "_READ_TIMEOUT"):
                    exits.enter_context(patch.object(client, limit, _PATIENCE))
            yield
        ground.simulator.disarm()

    return Befall(name=name, group=group or name, kind=kind, befall=befall)


def _moved(name: str, where: Callable[[Ground], str]) -> Befall:
    """Let the provider be where it can't be reached."""

    @contextmanager
    def befall(ground: Ground, _operation: str, _spare: bool) -> Iterator[None]:  # noqa: FBT001
        base = URL(where(ground))
        moved = patch.object(
            client.CeculaSyncClient, "_url", lambda _, *path: base.joinpath(*path)
        )
        with moved:
            yield

    return Befall(name=name, group="no connection", kind="network", befall=befall)


def _secure(ground: Ground) -> str:
    return ground.simulator.base_url.replace("http://", "https://")


NETWORK = (
    _moved("connection refused", lambda _: f"http://{HOST}:{free_port()}/sync/api"),
    # A label may have 63 letters: no resolver asks anybody for this one.
    _moved("name not found", lambda _: f"http://{'n' * 64}.example/sync/api"),
    _moved("TLS fails", _secure),
)

ARMED = (
    _armed("reset", "drop", group="connection lost", reset=True),
    _armed("dropped", "drop", group="connection lost"),
    _armed(
        "reset (done)", "accept_then_drop", group="connection lost (done)", reset=True
    ),
    _armed("dropped (done)", "accept_then_drop", group="connection lost (done)"),
    _armed("too slow (done)", "slow", seconds=_SLOW_SECONDS),
    _armed("too slow (done later)", "slow_before", seconds=_SLOW_SECONDS),
    _armed("truncated (done)", "truncated"),
    _armed("truncated", "truncated", processed=False),
    _armed("empty answer (done)", "empty_200"),
    _armed("broken JSON (done)", "broken_json"),
    _armed("HTML with 200", "html_200"),
    _armed("HTML with 200 (done)", "html_200", processed=True),
    _armed("500", "http_500"),
    _armed("500 (done)", "http_500", processed=True),
    _armed("503 with HTML", "http_503_html"),
    _armed("401", "unauthorized"),
    _armed("429", "rate_limited"),
    *(
        _armed(
            f"JSON {kind} instead (done)",
            "wrong_json_type",
            group="other JSON (done)",
            kind=kind,
        )
        for kind in WRONG_JSON
    ),
    *(
        _armed(
            f"{status} to another host",
            "redirect",
            group="redirect to another host",
            location="",
            status=status,
        )
        for status in _REDIRECTS
    ),
    _armed("no ids (done)", "no_ids"),
    _armed("one id for all (done)", "duplicate_id"),
    _armed("told of one (all done)", "partial"),
    _armed("told of one (one done)", "partial", send_rest=False),
    *(
        _armed(
            f"error {code} with {status}",
            "http_error",
            group=f"error {code}",
            error_code=code,
            status=status,
        )
        for code in (404, 405, 415)
        for status in (200, code)
    ),
    *(
        _armed(f"{code} with {status}", "code", group=code, code=code, status=status)
        for code in (*CODES, UNKNOWN_CODE)
        for status in (200, 400)
    ),
)

FAULTS = (*NETWORK, *ARMED)
_SHORT_KINDS = (
    *("network", "drop", "accept_then_drop", "truncated", "html_200"),
    *("slow", "unauthorized", "redirect", "code"),
)
SHORT = tuple(
    next(fault for fault in FAULTS if fault.kind == kind) for kind in _SHORT_KINDS
)
"""One fault of each kind that ends in its own way, for the suite."""

if missing := REQUEST_FAULTS.keys() - {fault.kind for fault in FAULTS}:
    words = f"The table lacks the simulator's {sorted(missing)}"
    raise RuntimeError(words)
