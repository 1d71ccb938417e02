"""The four webhooks of a line, and what can go wrong on their way."""

import asyncio
from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from yarl import URL

from .faults import WEBHOOK_KINDS, Fault, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .line import Line


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to tell the house."""

    kind: Kind
    body: bytes
    number: str
    """The other party's number."""
    about: str
    """The id of the message or call; empty for inbound ones, which have none."""


@dataclass(frozen=True, slots=True)
class DynamicWebhook:
    """A second URL for the traffic of one number, for some time."""

    url: str
    number: str
    kinds: tuple[Kind, ...]
    until: datetime


class Webhooks:
    """Where a line's traffic is posted."""

    def __init__(self, line: Line) -> None:
        """Start without a URL."""
        self._line = line
        self.urls: dict[Kind, str] = {}
        self.dynamic: list[DynamicWebhook] = []
        self._held: list[Post] = []
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def set(self, url: str | None, *kinds: Kind) -> None:
        """Set the URL of these kinds, or of all four; None clears it."""
        if url and URL(url).scheme not in ("http", "https"):
            message = f"{url!r} is no http address"
            raise ValueError(message)
        if strangers := set(kinds) - set(WEBHOOK_KINDS):
            message = f"There is no webhook {min(strangers)!r}"
            raise ValueError(message)
        for kind in kinds or WEBHOOK_KINDS:
            self.urls.pop(kind, None)
            if url:
                self.urls[kind] = url
        self._line.world.changed()

    async def notify(
        self, kind: Kind, payload: Mapping[str, Any], *, number: str, about: str = ""
    ) -> list[int]:
        """Tell the house; return the HTTP status of each try, 0 for no answer."""
        post = Post(kind, _encode(payload), number, about)
        async with self._turn(about):
            fault = self._line.world.faults.take(kind, self._line.msisdn)
            return await self._deliver(post, fault)

    async def post(self, kind: Kind, body: bytes | Mapping[str, Any]) -> list[int]:
        """Post anything to the URL of a kind, past all faults."""
        raw = body if isinstance(body, bytes) else _encode(body)
        return await self._send(Post(kind, raw, "", ""))

    async def _deliver(self, post: Post, fault: Fault | None) -> list[int]:
        match fault.name if fault else "":
            case "lost_report" | "lost_inbound":
                return []
            case "out_of_order_reports":
                self._held.append(post)
                return []
            case "late_report" if fault:
                self._send_later(post, fault.params["seconds"])
                return []
            case "duplicate_report" | "duplicate_inbound":
                return await self._send(post) + await self._send(post)
        return await self._send(post) + await self._release(post)

    async def _release(self, newer: Post) -> list[int]:
        """Send what was held back until something newer of its kind had gone."""
        overtaken = [post for post in self._held if _is_overtaken(post, newer)]
        self._held = [post for post in self._held if post not in overtaken]
        return [status for post in overtaken for status in await self._send(post)]

    def _send_later(self, post: Post, seconds: float) -> None:
        world = self._line.world
        world.clock.call_later(seconds, lambda: world.poster.spawn(self._send(post)))

    async def _send(self, post: Post) -> list[int]:
        poster, switches = self._line.world.poster, self._line.switches
        return [
            status
            for url in self._urls_for(post)
            for status in await poster.post(url, post.body, switches)
        ]

    def _urls_for(self, post: Post) -> list[str]:
        now = self._line.world.clock.now()
        self.dynamic = [each for each in self.dynamic if each.until > now]
        main = [self.urls[post.kind]] if post.kind in self.urls else []
        return main + [
            each.url
            for each in self.dynamic
            if post.kind in each.kinds and post.number == each.number
        ]

    def _turn(self, about: str) -> asyncio.Lock:
        # Reports of one message leave in their order; all else side by side.
        lock = (self._turns.get(about) if about else None) or asyncio.Lock()
        self._turns[about] = lock
        return lock


def _is_overtaken(held: Post, newer: Post) -> bool:
    return held.kind == newer.kind and held.about == newer.about


def _encode(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, separators=(",", ":")).encode()
