"""What became of what was sent: by report, or by asking where none came."""

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from .api.exceptions import CeculaError
from .api.models import SmsStatus
from .clock import ClockWatch
from .const import LOGGER, Kind, Total
from .errors import start_reauth_if_refused
from .listeners import Listeners
from .progress import SMS_ACCEPTED, UNKNOWN, Progress, advance
from .reports import as_event, call_event, report_key, sms_event
from .status_checks import StatusChecks, pause_of
from .store import SEND_PATIENCE_SECONDS, JournalError
from .tracked import MessageKey, Tracked, TrackedMessages
from .waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Mapping, Sequence

    from homeassistant.core import Context, HomeAssistant

    from .api.client import CeculaSyncClient
    from .events import CallStatusChanged, Events, SmsStatusChanged
    from .history import History
    from .models import CeculaConfigEntry
    from .recipients import PhoneBook, Recipient
    from .reports import Report


class DeliveryTracker:
    """Joins reports with what was sent, and tells each news once."""

    def __init__(  # noqa: PLR0913, PLR0917 (it stands between all of these)
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        client: CeculaSyncClient,
        phone_book: PhoneBook,
        events: Events,
        history: History,
        messages: TrackedMessages,
    ) -> None:
        """Take where to ask, whose numbers these are, and where to tell and keep."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._phone_book = phone_book
        self._events = events
        self._history = history
        self._messages = messages
        self._checks = StatusChecks[MessageKey](hass, entry, self._async_check)
        self._clock = ClockWatch()
        self._clock.jump()
        self._waiting = Waiting()
        self._sends: set[asyncio.Future[None]] = set()
        self._listeners = Listeners(hass)
        self._stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is told any more."""
        return self._stopped

    @property
    def totals(self) -> Mapping[str, int]:
        """Return how many texts there were of each `Total`, ever."""
        return self._messages.totals

    @callback
    def async_listen_to_totals(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener soon after totals changed; return how to stop.

        All that changes at once, as in a text to many, is told together.
        """
        return self._listeners.async_add(listener)

    @callback
    def async_start(self) -> None:
        """Ask, in time, for what was open when the house was last up."""
        self._schedule(*self._messages.open_keys())

    @callback
    def async_stop(self) -> None:
        """Tell nothing more, and let those who wait go with what is known."""
        self._stopped = True
        self._checks.async_stop()
        self._waiting.end_all()

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Have it known that a send is under way, whose answer may bring an id."""
        send: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sends.add(send)
        try:
            yield
        finally:
            self._sends.discard(send)
            send.set_result(None)

    @callback
    def async_track_sms(
        self, tracking_id: str | None, recipient: Recipient, context: Context
    ) -> None:
        """Remember an accepted SMS; one without an id is counted, no more."""
        self._messages.count(Total.SENT)
        if tracking_id is not None:
            self._track((Kind.SMS, tracking_id), recipient, context, SMS_ACCEPTED)
        self._listeners.async_changed()

    @callback
    def async_track_call(
        self, call_id: str, recipient: Recipient, context: Context
    ) -> None:
        """Remember a placed call."""
        self._track((Kind.CALL, call_id), recipient, context, UNKNOWN)

    def _track(
        self,
        key: MessageKey,
        recipient: Recipient,
        context: Context,
        progress: Progress,
    ) -> None:
        tracked = Tracked(
            recipient=recipient,
            context=context,
            progress=progress,
            accepted_at=self._now(),
        )
        for forgotten in self._messages.add(key, tracked):
            self._checks.async_forget(forgotten)
        self._schedule(key)

    def _now(self) -> float:
        """Return the time; where the clock was set, what left before follows it."""
        if jump := self._clock.jump():
            self._messages.shift(jump)
        return dt_util.utcnow().timestamp()

    async def async_keep(self) -> None:
        """Return when all is on disk; what the disk refuses is tracked all the same.

        Nobody waits long for a disk that hangs.
        """
        try:
            await self._messages.async_commit(patience=SEND_PATIENCE_SECONDS)
        except JournalError as err:
            LOGGER.error("Deliveries could not be kept on disk: %s", err)

    def may_be_of_a_send(self, report: Report) -> bool:
        """Whether a report's id may be in the answer to a send under way."""
        return bool(self._sends) and self._messages.get(report_key(report)) is None

    async def async_sends_answered(self, report: Report) -> None:
        """Return when a report's id is known, or no send of now can bring it."""
        sends = set(self._sends)
        while sends and self._messages.get(report_key(report)) is None:
            _, sends = await asyncio.wait(sends, return_when=asyncio.FIRST_COMPLETED)

    async def async_take_report(self, report: Report) -> None:
        """Take a posted report; return when it is told and on disk.

        One for an id that is not ours is told without a context. Raises
        `JournalError`.
        """
        self._report(report)
        await self._messages.async_commit()

    def _report(self, report: Report) -> None:
        if self._stopped:
            return
        key = report_key(report)
        tracked = self._messages.get(key)
        if tracked is None:
            self._events.async_fire(as_event(report, None, self._phone_book))
            return
        if (progress := advance(tracked.progress, report.status)) is None:
            return
        self._events.async_fire(
            as_event(report, tracked.recipient, self._phone_book), tracked.context
        )
        self._advance(key, progress)

    def _advance(self, key: MessageKey, progress: Progress) -> None:
        """Keep a status that was told, and let those go who waited for it."""
        self._messages.advance(key, progress)
        self._history.async_set_status(*key, progress.status)
        if not progress.final:
            return
        self._checks.async_forget(key)
        if key[0] is Kind.SMS:
            is_there = progress.status == SmsStatus.DELIVERED
            self._messages.count(Total.DELIVERED if is_there else Total.FAILED)
            self._listeners.async_changed()
        self._waiting.end(key)

    async def async_wait(
        self, kind: Kind, ids: Sequence[str], seconds: float
    ) -> dict[str, str]:
        """Return each id's status once all are final, or as they are when time is up.

        Asks the provider in between, for its webhook may not be set up.
        """
        keys = [key for each in set(ids) if self._open(key := (kind, each))]
        try:
            with self._waiting.for_ends(keys) as ends:
                self._schedule(*keys)
                async with asyncio.timeout(seconds):
                    await asyncio.gather(*ends)
        except TimeoutError:
            LOGGER.debug("Not all that was waited for has ended")
        finally:
            # The pauses of others who wait stay as they are.
            self._schedule(*(key for key in keys if self._waiting.asked(key) is None))
        return {each: self.status(kind, each) for each in ids}

    def knows(self, kind: Kind, message_id: str) -> bool:
        """Whether a message left this house, as far as that is remembered."""
        return self._messages.get((kind, message_id)) is not None

    def status(self, kind: Kind, message_id: str) -> str:
        """Return what is known of a message."""
        tracked = self._messages.get((kind, message_id))
        return tracked.progress.status if tracked else UNKNOWN.status

    async def async_sms_status(self, tracking_id: str) -> SmsStatusChanged:
        """Ask about an SMS, of this house or not. Raises `CeculaError`."""
        report = await self._async_ask_for(self._client.sms_status(tracking_id))
        return sms_event(report, self._recipient_of(report), self._phone_book)

    async def async_call_status(self, call_id: str) -> CallStatusChanged:
        """Ask about a call, of this house or not. Raises `CeculaError`."""
        report = await self._async_ask_for(self._client.call_status(call_id))
        return call_event(report, self._recipient_of(report), self._phone_book)

    async def _async_ask_for[R: Report](self, question: Awaitable[R]) -> R:
        """Ask, and take the answer as a report where the message was ours."""
        try:
            report = await question
        except CeculaError as err:
            start_reauth_if_refused(self._hass, self._entry, err)
            raise
        if self._messages.get(report_key(report)) is not None:
            self._report(report)
            await self.async_keep()
        return report

    def _recipient_of(self, report: Report) -> Recipient | None:
        tracked = self._messages.get(report_key(report))
        return tracked.recipient if tracked else None

    def _open(self, key: MessageKey) -> Tracked | None:
        """Return a message that more may be told of."""
        tracked = self._messages.get(key)
        is_over = self._stopped or tracked is None or tracked.progress.final
        return None if is_over else tracked

    def _schedule(self, *keys: MessageKey) -> None:
        """Have messages asked for: soon if somebody waits, else ever more slowly."""
        now = self._now()
        for key in keys:
            if (tracked := self._open(key)) is None:
                continue
            age = max(now - tracked.accepted_at, 0)
            pause = pause_of(key[0], age, self._waiting.asked(key))
            if pause is not None:
                self._checks.async_schedule(key, pause)

    async def _async_check(self, key: MessageKey) -> None:
        kind, each = key
        self._waiting.count(key)
        try:
            if kind is Kind.SMS:
                await self._async_ask_for(self._client.sms_status(each))
            else:
                await self._async_ask_for(self._client.call_status(each))
        except CeculaError as err:
            LOGGER.debug("A status check failed: %s", type(err).__name__)
        self._schedule(key)
