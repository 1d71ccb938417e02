"""What the checks share: both sides, what happened so far, and patience."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import DemoError
from ..line import DOMAIN

if TYPE_CHECKING:
    from ..stage import Stage
    from ..websocket import Json

EMEKA = "+2348031234567"
PRICE = 2.5
"""What a page and a call cost, in Cecula credit."""

type Memory = Mapping[str, object]
"""What was so before a restart, by what it is."""

_EVENTS = ("sms_received", "call_received", "sms_status", "call_status")
_PATIENCE = 20
_POLL_SECONDS = 0.05


class CheckError(DemoError):
    """Something is not as it must be."""


def expect(truth: object, otherwise: str) -> None:
    """Raise `CheckError` unless something is so."""
    if not truth:
        raise CheckError(otherwise)


class Scene:
    """A stage while it is checked."""

    def __init__(self, stage: Stage, memory: Memory | None = None) -> None:
        """Take a stage that is up, and what was so before it was restarted."""
        self.memory = memory or {}
        self.stage = stage
        self.home = stage.home
        self.phone = stage.phone
        self.spent = 0.0
        self.tracking_ids: list[str] = []
        self._queues: dict[str, asyncio.Queue[Json]] = {}
        self._happened: dict[str, list[Json]] = {kind: [] for kind in _EVENTS}

    async def listen(self) -> None:
        """Hear the integration's events from now on; make the simulator quick."""
        await self.phone.act(
            "set_switches", sent_after=0.1, delivered_after=0.1, answer_after=0.5
        )
        for kind in _EVENTS:
            events = await self.home.connection.events(f"{DOMAIN}_{kind}")
            self._queues[kind] = events

    def entity(self, key: str) -> str:
        """Return an entity's id by what it is."""
        found = self.stage.entities.get(key)
        if found is None:
            message = f"there is no entity for {key}"
            raise CheckError(message)
        return found

    def happened(self, kind: str, **fields: Any) -> Json | None:
        """Return the data of the last event with these fields, if there was one."""
        queue = self._queues[kind]
        while not queue.empty():
            self._happened[kind].append(queue.get_nowait()["data"])
        for data in reversed(self._happened[kind]):
            if all(data.get(name) == value for name, value in fields.items()):
                return data
        return None

    async def event(self, kind: str, **fields: Any) -> Json:
        """Wait for an event with these fields; return its data."""

        async def look() -> Json | None:
            return self.happened(kind, **fields)

        return await self.until(look, f"no event {DOMAIN}_{kind} with {fields}")

    async def state(self, entity_id: str) -> str:
        """Return an entity's state."""
        state = await self.home.state(entity_id)
        if state is None:
            message = f"{entity_id} has no state"
            raise CheckError(message)
        return str(state["state"])

    async def becomes(self, entity_id: str, state: str) -> None:
        """Wait until an entity has a state."""

        async def look() -> bool:
            return await self.state(entity_id) == state

        await self.until(look, f"{entity_id} did not become {state}")

    async def shows(self, key: str, **attributes: Any) -> None:
        """Wait until an event entity has these attributes."""
        entity_id = self.entity(key)

        async def look() -> bool:
            state = await self.home.state(entity_id) or {"attributes": {}}
            return bool(attributes.items() <= state["attributes"].items())

        await self.until(look, f"{entity_id} did not show {attributes}")

    async def until[T](
        self, look: Callable[[], Awaitable[T | None]], otherwise: str
    ) -> T:
        """Wait for something true, and return it; else raise `CheckError`."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not (seen := await look()):
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as err:
            raise CheckError(otherwise) from err
        return seen

    async def arrives(self, recipient: str, text: str) -> Json:
        """Wait until a phone outside was texted; return what the provider sent."""

        async def look() -> Json | None:
            for sms in reversed((await self.phone.line())["sent"]):
                if (sms["recipient"], sms["text"]) == (recipient, text):
                    return dict(sms)
            return None

        sms = await self.until(look, f"no text {text!r} to {recipient} left the house")
        self.spent += PRICE
        return sms
