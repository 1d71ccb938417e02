"""One operation with one fault: what is seen, what leaves, and what must not be."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
import logging
from typing import TYPE_CHECKING

from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.cecula_sync.issues import Issue, async_close_issue

from .befalls import OF_SENDS
from .operations import see

if TYPE_CHECKING:
    from .befalls import Befall
    from .ground import Ground
    from .operations import Operation

_HOUR = timedelta(hours=1)
_SENDING = ("send-sms", "flash-number")
_KEPT = "repair issue `unreadable_item`"
# A file of Home Assistant's own that is about to be written listens for its end.
_LISTENERS_OF_OTHERS = 3
# Timers come and go with what is tracked; a leak would have one or more for each trial.
_TIMERS_PER_TRIAL = 0.5


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of it."""

    operation: Operation
    fault: Befall
    seen: str
    asked: int
    """How many requests the provider got for what was befallen."""
    left: int
    """How many texts and calls left, of those that were to."""
    stays: list[str] = field(default_factory=list)
    """What is still shown after the next good call."""
    wrong: list[str] = field(default_factory=list)
    """Which promises were broken."""


class _Log(logging.Handler):
    """Keeps what must not be logged."""

    def __init__(self) -> None:
        """Hear warnings and errors."""
        super().__init__(logging.WARNING)
        self.complaints: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep tracebacks, and what the event loop complains of."""
        is_lost = record.name == "asyncio" and record.levelno >= logging.ERROR
        if record.exc_info or record.stack_info or is_lost:
            self.complaints.append(self.format(record))


async def quiet(ground: Ground) -> None:
    """Return when nothing is under way, in the house or at the provider."""
    while ground.simulator.at_work:
        await asyncio.sleep(0.01)
    await ground.hass.async_block_till_done(wait_background_tasks=True)


async def an_hour_later(ground: Ground) -> None:
    """Let all happen that would happen by itself."""
    async_fire_time_changed(ground.hass, dt_util.utcnow() + _HOUR)
    await quiet(ground)


async def try_one(ground: Ground, operation: Operation, fault: Befall) -> Row:
    """Do it with the fault, an hour long; then once more, without."""
    log = _Log()
    logging.getLogger().addHandler(log)
    left, asked = ground.left, len(ground.simulator.requests)
    try:
        with fault.befall(ground, operation.hits, operation.spare_first):
            seen, wrong = await see(operation, ground)
            await quiet(ground)
            told = len(ground.simulator.requests)
            seen = " + ".join((seen, *_what_else(ground)))
            await an_hour_later(ground)
        row = Row(
            operation=operation,
            fault=fault,
            seen=seen,
            asked=sum(
                each.operation == operation.hits
                for each in ground.simulator.requests[asked:told]
            ),
            left=ground.left - left,
            wrong=wrong,
        )
        _judge_requests(ground, row, asked)
        await _heal(ground, row)
    finally:
        logging.getLogger().removeHandler(log)
    row.wrong.extend(log.complaints)
    return row


def _what_else(ground: Ground) -> list[str]:
    """Return what the user is asked for beside the error."""
    asks = ["asks for a new key"] if ground.forms() else []
    return [*asks, *(f"repair issue `{key}`" for key in ground.issues())]


def _judge_requests(ground: Ground, row: Row, since: int) -> None:
    """See that nothing was sent again in that hour, and the key stayed here."""
    bodies = Counter(
        each.raw_body
        for each in ground.simulator.requests[since:]
        if each.operation in _SENDING
    )
    row.wrong.extend(f"sent again: {body}" for body, n in bodies.items() if n > 1)
    row.wrong.extend(f"another host got {each}" for each in ground.stranger.heard)
    ground.stranger.heard.clear()


async def _heal(ground: Ground, row: Row) -> None:
    """See that the next good call works, and that nothing stays of the fault."""
    for form in ground.forms():
        ground.hass.config_entries.flow.async_abort(form["flow_id"])
    ground.simulator.disarm()
    if (await see(row.operation, ground))[0] != row.operation.good:
        row.wrong.append("the next good call fails")
    await ground.entry.runtime_data.coordinator.async_refresh()
    await quiet(ground)
    stays = _what_else(ground)
    if stays == [_KEPT]:
        row.stays.append(_KEPT)
        _read_what_was_kept(ground)
    elif stays:
        row.wrong.append(f"not healed: {stays}")


def _read_what_was_kept(ground: Ground) -> None:
    """Do as a newer version would that can read what was kept."""
    journal = ground.entry.runtime_data.webhook.intake.journal
    for name in [each for each in journal.data if each.startswith("aside:")]:
        journal.remove(name)
    async_close_issue(ground.hass, ground.entry, Issue.UNREADABLE_ITEM)


@dataclass(frozen=True)
class Census:
    """What is alive in a quiet house."""

    tasks: int
    listeners: int
    timers: int

    @classmethod
    def take(cls, ground: Ground) -> Census:
        """Count."""
        handles = ground.hass.loop._scheduled  # type: ignore[attr-defined]
        return cls(
            tasks=len(asyncio.all_tasks()),
            listeners=sum(ground.hass.bus.async_listeners().values()),
            timers=sum(not handle.cancelled() for handle in handles),
        )

    def leaks(self, later: Census, trials: int) -> list[str]:
        """Return what grew."""
        found = []
        if later.tasks > self.tasks:
            found.append(f"tasks grew from {self.tasks} to {later.tasks}")
        if later.listeners - self.listeners > _LISTENERS_OF_OTHERS:
            found.append(f"listeners grew from {self.listeners} to {later.listeners}")
        if later.timers - self.timers > max(trials * _TIMERS_PER_TRIAL, 5):
            found.append(f"timers grew from {self.timers} to {later.timers}")
        return found


async def try_all(
    ground: Ground, operation: Operation, faults: tuple[Befall, ...]
) -> list[Row]:
    """Try an operation with one fault after the other, in one house."""
    await see(operation, ground)
    await an_hour_later(ground)
    before = Census.take(ground)
    sends = operation.hits in _SENDING
    rows = [
        await try_one(ground, operation, fault)
        for fault in faults
        if sends or fault.kind not in OF_SENDS
    ]
    await an_hour_later(ground)
    rows[-1].wrong.extend(before.leaks(Census.take(ground), len(faults)))
    return rows
