"""A house on a clock, its ready-made automations, and the phones around it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from simulator import IncomingCall, IncomingSms, Line, Simulator
from tests.conftest import ADA
from tests.doors import hook_up

from .rests import Rests

BLUEPRINTS = Path(__file__).parents[2] / "blueprints" / "automation" / "cecula_sync"
AUTOMATION = "automation.under_test"
SMS = "event.234_817_647_0634_sms"
CALLS = "event.234_817_647_0634_incoming_call"
# A Tuesday at noon, where the provider is, and the house.
START = "2026-11-24 11:00:00+00:00"
ZONE = "Africa/Lagos"
# How far the clock goes at once: what falls due in between is done in its order.
STRIDE = 30
# A timer that rang wakes its waiter after some rounds of the loop.
_ROUNDS = 20

type NewClient = Callable[[], Awaitable[TestClient[Any, Any]]]
type Answering = Callable[[str], str | None]


def lay_out_blueprints(hass: HomeAssistant) -> None:
    """Have the blueprints of this repository where Home Assistant looks for them."""
    folder = Path(hass.config.path("blueprints", "automation"))
    folder.mkdir(parents=True)
    (folder / "cecula_sync").symlink_to(BLUEPRINTS, target_is_directory=True)


def instance_of(file: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return an automation that is made of a blueprint."""
    return {
        "id": "under_test",
        "alias": "Under test",
        "use_blueprint": {"path": f"cecula_sync/{file}.yaml", "input": inputs},
    }


class House:
    """A line with contacts, whose provider posts to Home Assistant, on a clock."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        line: Line,
        simulator: Simulator,
        freezer: FrozenDateTimeFactory,
        new_client: NewClient,
        rests: Rests,
    ) -> None:
        """Set the clock."""
        self.hass = hass
        self.entry = entry
        self.line = line
        self.simulator = simulator
        self.freezer = freezer
        self._new_client = new_client
        self._rests = rests
        freezer.move_to(START)

    # Setting it up

    async def set_up(self, file: str, **inputs: Any) -> None:
        """Set the line up, and an automation from a blueprint; a bad one fails."""
        await self.set_up_line()
        await self.automate(file, **inputs)

    async def set_up_line(self) -> None:
        """Set the line up, and have its provider post to Home Assistant."""
        await self.hass.config.async_set_time_zone(ZONE)
        # What every Home Assistant has, and a test's has not.
        for component in (
            "homeassistant",
            "persistent_notification",
            "webhook",
            "notify",
        ):
            assert await async_setup_component(self.hass, component, {})
        hook_up(self.line, await self._new_client())
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.entry.runtime_data.catch_up.async_looked()
        await self.hass.async_block_till_done()

    async def automate(self, file: str, **inputs: Any) -> None:
        """Put up the automation of a blueprint; one that is not valid fails."""
        config = {"automation": [instance_of(file, inputs)]}
        assert await async_setup_component(self.hass, "automation", config)
        state = self.hass.states.get(AUTOMATION)
        assert state is not None
        assert state.state == "on", "the automation is not valid"

    async def change(self, file: str, **inputs: Any) -> None:
        """Save the automation with other inputs, as the editor does."""
        config = {"automation": [instance_of(file, inputs)]}
        with patch("homeassistant.config.load_yaml_config_file", return_value=config):
            await self.hass.services.async_call("automation", "reload", blocking=True)
        await self.settle()

    async def close(self) -> None:
        """End what the automation still does, as switching it off would."""
        if self.hass.states.get(AUTOMATION) is not None:
            await self.hass.services.async_call(
                "automation", "turn_off", {"entity_id": AUTOMATION}, blocking=True
            )

    async def start(self) -> None:
        """Let Home Assistant have started, a few seconds ago."""
        self.hass.set_state(CoreState.running)
        self.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()
        await self.pass_time(5)
        await self.entry.runtime_data.catch_up.async_looked()

    # What people do

    async def text(self, sender: str, text: str) -> None:
        """Have somebody text the house, and the house do what follows from it."""
        await self.line.receive_sms(sender, text)
        await self.settle()

    async def ring(self, caller: str, seconds: int = 0) -> None:
        """Have somebody ring the house; 0 seconds is a missed call."""
        await self.line.receive_call(caller, seconds)
        await self.settle()

    async def find_late(self, *, text: str | None = None, sender: str = ADA) -> None:
        """Find a text, or else a missed call, that nobody posted in time."""
        now = self.simulator.world.now()
        if text is not None:
            sms = IncomingSms(sender=sender, text=text, received_at=now)
            self.line.received.append(sms)
        else:
            call = IncomingCall(caller=sender, duration=0, called_at=now)
            self.line.received_calls.append(call)
        await self.look()
        await self.pass_time(120)

    async def look(self) -> None:
        """Look for what was not posted, as the button does."""
        self.entry.runtime_data.catch_up.async_look()
        await self.entry.runtime_data.catch_up.async_looked()
        await self.settle()

    async def pick_up(self, answered: bool = True) -> None:
        """Answer the phone that rings last, or let it ring out."""
        await self.line.answer(self.line.calls[-1].call_id, answered)
        await self.settle()

    async def converse(self, sender: str, text: str, answering: Answering) -> int:
        """Text the house, and let a machine answer each text; return how many came.

        It gives up at fifty: what is not bounded would never end.
        """
        seen = len(self.line.sent)
        pending = deque([text])
        answers = 0
        while pending and answers < 50:
            # Another minute, or equal texts would be told as the second of one.
            await self.pass_time(61)
            await self.text(sender, pending.popleft())
            for sms in self.line.sent[seen:]:
                if sms.recipient == sender:
                    answers += 1
                    pending.extend(filter(None, [answering(sms.text)]))
            seen = len(self.line.sent)
        return answers

    # What came of it

    def texts(self) -> list[tuple[str, str]]:
        """Return whom the house texted, and what."""
        return [(sms.recipient, sms.text) for sms in self.line.sent]

    def notified(self) -> str:
        """Return what stands in the notifications inside Home Assistant."""
        notes = self.hass.data.get("persistent_notification", {}).values()
        return " ".join(note["message"] for note in notes)

    def rung(self) -> list[str]:
        """Return whom the house rang."""
        return [call.recipient for call in self.line.calls]

    def last_run(self) -> datetime | None:
        """Return when the automation last did something, and not just heard of it."""
        state = self.hass.states.get(AUTOMATION)
        assert state is not None
        last: datetime | None = state.attributes["last_triggered"]
        return last

    def under_way(self) -> int:
        """Return how many runs of the automation are not over."""
        state = self.hass.states.get(AUTOMATION)
        assert state is not None
        runs: int = state.attributes["current"]
        return runs

    # Time

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and what falls due be done."""
        while seconds > 0:
            stride = min(seconds, STRIDE)
            seconds -= stride
            self.freezer.tick(timedelta(seconds=stride))
            async_fire_time_changed(self.hass, dt_util.utcnow())
            await self.settle()

    async def settle(self) -> None:
        """Wait until nothing goes on but automations that wait."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        here = {asyncio.current_task()}
        while self.hass._tasks - here - self._rests.tasks():  # noqa: ASYNC110 (the clock stands still)
            await asyncio.sleep(0)
