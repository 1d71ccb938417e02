"""What goes on in a house for a long time, and what must be so at its end."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import Event

    from ..faults.ground import Ground
    from ..faults.trial import Census

_SENDERS = ("+2348183172770", "+2348031234567", "+447911123456", "MTN", "55019")
_OUTAGE_STEPS = 7
_REPORTED_AFTER = (1, 12)
_TIMERS_MORE = 10
_EVENTS = {
    "cecula_sync_sms_received": "message",
    "cecula_sync_sms_received_late": "message",
    "cecula_sync_call_received": "caller",
    "cecula_sync_call_received_late": "caller",
}


@dataclass
class _Came:
    """What came in, and what went out."""

    marks: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    late: int = 0
    ids: list[str] = field(default_factory=list)
    delivered: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    reloads: int = 0
    outages: int = 0
    failures: int = 0


class Life:
    """A house in which something happens all the time, by a seed.

    `step` lets time pass; what happens is as likely in each step.
    """

    def __init__(
        self, ground: Ground, step: Callable[[], Awaitable[None]], seed: int
    ) -> None:
        """Take where it happens; nothing happens yet."""
        self._ground = ground
        self._step = step
        self._random = Random(seed)
        self._numbers = count(1)
        self._reports: list[tuple[int, str, str]] = []
        self._outage = 0
        self._now = 0
        self.came = _Came()
        for event in _EVENTS:
            ground.hass.bus.async_listen(event, self._tell)
        ground.hass.bus.async_listen("cecula_sync_sms_status", self._tell_status)

    @callback
    def _tell(self, event: Event[Any]) -> None:
        kind = str(event.event_type)
        self.came.told[event.data[_EVENTS[kind]]] += 1
        self.came.late += kind.endswith("late")

    @callback
    def _tell_status(self, event: Event[Any]) -> None:
        if event.data["status"] == "delivered":
            self.came.delivered[event.data["tracking_id"]] += 1

    async def live(self, steps: int) -> None:
        """Let so many steps pass, and in each what chance wants."""
        for _ in range(steps):
            self._now += 1
            for one_in, happen in (
                (12, self._text_in),
                (30, self._call_in),
                (60, self._lose_text_in),
                (14, self._text_out),
                (80, self._call_out),
                (300, self._begin_outage),
                (400, self._reload),
            ):
                if not self._random.randrange(one_in):
                    await happen()
            await self._report_due()
            self._end_outage()
            await self._step()

    async def rest(self, steps: int) -> None:
        """Let time pass in which nothing new happens."""
        while self._reports or self._outage:
            self._now += 1
            await self._report_due()
            self._end_outage()
            await self._step()
        for _ in range(steps):
            await self._step()

    async def _text_in(self) -> None:
        text = f"Text {next(self._numbers)}"
        self.came.marks.append(text)
        await self._ground.line.receive_sms(self._random.choice(_SENDERS), text)

    async def _lose_text_in(self) -> None:
        """Let a text come whose post gets lost; only a look finds it."""
        self._ground.simulator.arm("lost_inbound", operation="sms")
        await self._text_in()

    async def _call_in(self) -> None:
        caller = f"+234803{next(self._numbers):07}"
        self.came.marks.append(caller)
        await self._ground.line.receive_call(caller, self._random.choice((0, 20)))

    async def _text_out(self) -> None:
        numbers = [f"+2348031{self._random.randrange(10**6):06}" for _ in range(3)]
        response = await self._act(
            "send_sms",
            recipients=numbers[: self._random.randint(1, 3)],
            message=f"Out {next(self._numbers)}",
        )
        for item in response.get("recipients", ()):
            if (tracking_id := item["tracking_id"]) is not None:
                self.came.ids.append(tracking_id)
                due = self._now + self._random.randint(*_REPORTED_AFTER)
                self._reports.append((due, tracking_id, "SENT"))
                self._reports.append((due + 1, tracking_id, "DELIVERED"))

    async def _call_out(self) -> None:
        response = await self._act("make_call", recipient=_SENDERS[0])
        if response:
            self.came.calls += 1
            await self._ground.line.answer(response["call_id"], answered=True)

    async def _act(self, action: str, **data: Any) -> dict[str, Any]:
        """Do it; an error is what is expected in an outage, and only there."""
        try:
            response = await self._ground.hass.services.async_call(
                "cecula_sync", action, data, blocking=True, return_response=True
            )
        except Exception:
            self.came.failures += 1
            if not self._outage:
                raise
            return {}
        return dict(response or {})

    async def _begin_outage(self) -> None:
        if not self._outage:
            self.came.outages += 1
            self._outage = _OUTAGE_STEPS
            self._ground.simulator.arm("http_500", times=0)

    def _end_outage(self) -> None:
        if self._outage:
            self._outage -= 1
            if not self._outage:
                self._ground.simulator.disarm("http_500")

    async def _reload(self) -> None:
        """Load the number anew, as after another key; in an outage it would wait."""
        if not self._outage:
            self.came.reloads += 1
            hass, entry = self._ground.hass, self._ground.entry
            await hass.config_entries.async_reload(entry.entry_id)

    async def _report_due(self) -> None:
        due = [each for each in self._reports if each[0] <= self._now]
        self._reports = [each for each in self._reports if each[0] > self._now]
        for _, tracking_id, status in due:
            await self._ground.line.report(tracking_id, status)

    def wrong(self, before: Census, after: Census) -> list[str]:
        """Return what was lost, doubled or left behind."""
        came, line = self.came, self._ground.line
        lost = [mark for mark in came.marks if not came.told[mark]]
        doubled = [mark for mark, times in came.told.items() if times > 1]
        untold = [each for each in came.ids if came.delivered[each] != 1]
        sent = Counter((sms.text, sms.recipient) for sms in line.sent)
        return [
            *(f"lost: {mark}" for mark in lost),
            *(f"doubled: {mark}" for mark in doubled),
            *(f"delivery told {came.delivered[each]} times" for each in untold),
            *(
                f"sent {times} times: {key[0]}"
                for key, times in sent.items()
                if times > 1
            ),
            *before.leaks(after, 2 * _TIMERS_MORE),
        ]
