"""A house on a clock: what comes to its SIM, how it gets in, and what is heard."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
import json
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp.test_utils import TestClient
from aiohttp.web import Response
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.webhook import async_handle_webhook
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.aiohttp import MockRequest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cecula_sync.webhook import DATA_WEBHOOKS
from simulator import IncomingCall, IncomingSms, Line, Simulator, payloads
from tests.conftest import ADA

from .disk import Disk

START = "2026-11-24 07:30:00+00:00"
LISTS = {"sms": "get-new-sms", "call": "new-missed-calls"}
# How far the clock goes at once: what falls due in between is done in its order.
STRIDE = 30


type NewClient = Callable[[], Awaitable[TestClient[Any, Any]]]


class Key(NamedTuple):
    """What makes two items equal: all that is told of them, to the minute."""

    kind: str
    party: str
    content: str
    moment: str


class Heard(NamedTuple):
    """An item as the bus told it."""

    key: Key
    occurrence: int
    is_late: bool
    channel: str


@dataclass(frozen=True, slots=True)
class Came:
    """An item that came to the SIM, and the bytes that tell of it."""

    key: Key
    record: IncomingSms | IncomingCall
    body: bytes

    def live(self, occurrence: int = 1, channel: str = "webhook") -> Heard:
        """Return how it is heard in time."""
        return Heard(self.key, occurrence, is_late=False, channel=channel)

    def late(self, occurrence: int = 1, channel: str = "poll") -> Heard:
        """Return how it is heard when it opens no gates any more."""
        return Heard(self.key, occurrence, is_late=True, channel=channel)


class House:
    """A line on a clock, its SIM, and what is heard of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        line: Line,
        simulator: Simulator,
        freezer: FrozenDateTimeFactory,
        new_client: NewClient,
    ) -> None:
        """Set the clock, and listen to all that comes in."""
        self.hass = hass
        self.entry = entry
        self.line = line
        self.simulator = simulator
        self.freezer = freezer
        self.heard: list[Heard] = []
        self._new_client = new_client
        self._client: TestClient[Any, Any] | None = None
        freezer.move_to(START)
        for kind in LISTS:
            for ending in ("", "_late"):
                hass.bus.async_listen(f"cecula_sync_{kind}_received{ending}", self.hear)

    async def set_up(self, **options: Any) -> None:
        """Set the line up, and let it take its baseline if the house is up."""
        await self.open_door()
        if options:
            self.hass.config_entries.async_update_entry(self.entry, options=options)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()

    async def open_door(self) -> TestClient[Any, Any]:
        """Return who can post to the house, from its first moment on."""
        if self._client is None:
            assert await async_setup_component(self.hass, "webhook", {})
            self._client = await self._new_client()
        return self._client

    @callback
    def hear(self, event: Event) -> None:
        """Note what the bus tells of this line."""
        data = event.data
        if data["config_entry_id"] != self.entry.entry_id:
            return
        key = (
            Key("sms", data["sender"], data["message"], data["received_at"])
            if "message" in data
            else Key("call", data["caller"], str(data["duration"]), data["called_at"])
        )
        is_late = str(event.event_type).endswith("_late")
        self.heard.append(Heard(key, data["occurrence"], is_late, data["channel"]))

    def text(self, text: str, sender: str = ADA) -> Came:
        """Have a text come to the SIM, of which nobody tells the house."""
        record = IncomingSms(sender=sender, text=text, received_at=dt_util.utcnow())
        self.line.received.append(record)
        body = json.dumps(payloads.inbound_sms(self.line, record)).encode()
        return Came(Key("sms", sender, text, self.moment()), record, body)

    def call(self, caller: str = ADA, seconds: int = 0) -> Came:
        """Have a call come to the SIM, of which nobody tells the house."""
        record = IncomingCall(
            caller=caller, duration=seconds, called_at=dt_util.utcnow()
        )
        self.line.received_calls.append(record)
        body = json.dumps(payloads.inbound_call(self.line, record)).encode()
        return Came(Key("call", caller, str(seconds), self.moment()), record, body)

    def moment(self) -> str:
        """Return this minute in Lagos, in the words of a house that reads it so."""
        lagos = dt_util.utcnow() + timedelta(hours=1)
        minute = lagos.replace(second=0, microsecond=0)
        return minute.replace(tzinfo=dt_util.get_default_time_zone()).isoformat()

    async def post(self, came: Came) -> int:
        """Post an item, and let the house do what follows from it."""
        status = await self.post_only(came)
        await self.settle()
        return status

    async def post_only(self, came: Came) -> int:
        """Post an item; return what the house answers."""
        client = await self.open_door()
        async with client.post(
            f"/api/webhook/{self.entry.data['webhook_id']}",
            data=came.body,
            headers={"Connection": "close"},
        ) as response:
            status = response.status
        if status == 200:
            self._taken(came)
        return status

    async def post_by_cloud(self, came: Came) -> int:
        """Post an item through Home Assistant Cloud."""
        return (await self.start_to_post(came)).status

    async def break_off(self, came: Came, disk: Disk) -> bool:
        """Post an item and hang up; return whether it was answered before."""
        with disk.halted() as halt:
            posting = self.start_to_post(came)
            await halt.reached_by(posting)
            posting.cancel()
            await asyncio.wait([posting])
        await self.settle()
        return not posting.cancelled()

    async def post_at_once(self, came: Came, disk: Disk) -> bool:
        """Post twice at once; return whether the first was answered before."""
        with disk.halted() as halt:
            first = self.start_to_post(came)
            await halt.reached_by(first)
            answered = first.done()
            second = self.start_to_post(came)
        assert [(await first).status, (await second).status] == [200, 200]
        self._taken(came)
        await self.settle()
        return answered

    def start_to_post(self, came: Came) -> asyncio.Task[Response]:
        """Post through Home Assistant Cloud, up to where the house must wait."""
        request = MockRequest(came.body, "test", method="POST")
        return asyncio.create_task(
            async_handle_webhook(self.hass, self.entry.data["webhook_id"], request),
            eager_start=True,
        )

    def _taken(self, came: Came) -> None:
        if not self.line.switches.unread_after_webhook:
            came.record.unread = False

    async def pass_time(self, seconds: int) -> None:
        """Let time pass, and what falls due be done."""
        while seconds:
            stride = min(seconds, STRIDE)
            seconds -= stride
            await self.stride(stride)

    async def stride(self, seconds: float) -> None:
        """Let time pass at once."""
        self.freezer.tick(seconds)
        async_fire_time_changed(self.hass)
        await self.settle()

    async def look(self) -> None:
        """Look as the button does, and wait for it."""
        self.entry.runtime_data.catch_up.async_look()
        await self.settle()

    async def settle(self) -> None:
        """Wait until the house is at rest."""
        await self.hass.async_block_till_done()
        if hasattr(self.entry, "runtime_data"):
            await self.entry.runtime_data.catch_up.async_looked()
        await self.hass.async_block_till_done()

    async def close(self) -> None:
        """End this run of the house, as far as the line goes, and in order."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hang_up()

    async def hang_up(self) -> None:
        """Hear no post any more; the next set-up is another run."""
        await self.hass.data[DATA_WEBHOOKS].pop(self.entry.entry_id).async_stop()
        self.freezer.tick(1)

    def kept_in(self) -> Path:
        """Return the file that keeps what came in."""
        name = f"cecula_sync.{self.entry.entry_id}.inbox"
        return Path(self.hass.config.path(".storage", name))

    def kept(self) -> dict[str, Any]:
        """Return what that file holds at this moment."""
        found: dict[str, Any] = {}
        for line in self.kept_in().read_text().splitlines()[1:]:
            key, *values = json.loads(line)
            found.pop(key, None)
            found.update((key, value) for value in values)
        return found

    def keep(self, **values: Any) -> None:
        """Write that file, as an earlier run left it."""
        lines = [{"version": 1}, *map(list, values.items())]
        self.kept_in().parent.mkdir(exist_ok=True)
        self.kept_in().write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    def looks(self, kind: str) -> int:
        """Return how often a list was asked for so far."""
        asked = [request.operation for request in self.line.requests]
        return asked.count(LISTS[kind])
