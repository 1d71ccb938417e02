"""What became of what was sent: reports, or look-ups by whoever waits."""

import asyncio
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback

from .api.exceptions import CeculaError
from .api.models import CallReport, CallStatus, SmsReport, SmsStatus
from .const import LOGGER
from .events import CallStatusChanged, Events, SmsStatusChanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import Context

    from .api.client import CeculaSyncClient
    from .recipients import PhoneBook, Recipient

# A call rings for less than a minute, so its result is asked for early.
_CALL_LOOK_UPS: Final = (3, 6, 12, 12, 12, 12)
# Ids of the last month in a busy house; an older one's report has no context.
_MOST_PENDING: Final = 1000

_RANKS: Final[dict[str, int]] = {
    SmsStatus.QUEUED: 0,
    SmsStatus.SENT: 1,
    SmsStatus.DELIVERED: 2,
    SmsStatus.FAILED: 2,
    SmsStatus.EXPIRED: 2,
    CallStatus.ANSWERED: 2,
    CallStatus.NOT_ANSWERED: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an SMS or call got: its status, and every status that was told."""

    status: str
    told: frozenset[str] = frozenset()

    @property
    def final(self) -> bool:
        """Whether no later report can change the status."""
        return _RANKS.get(self.status, 0) == _RANKS[SmsStatus.DELIVERED]


def advance(progress: Progress, reported: str) -> Progress | None:
    """Return the progress after a report, or None where it brings no news.

    Late, repeated and out-of-order reports never move a status backwards. A status
    that nobody knows is told once, and kept until a known one that is further.
    """
    if progress.final or reported in progress.told:
        return None
    told = progress.told | {reported}
    if reported not in _RANKS:
        return Progress(status=reported, told=told)
    furthest = max((_RANKS.get(status, -1) for status in progress.told), default=-1)
    if _RANKS[reported] <= furthest:
        return None
    return Progress(status=reported, told=told)


# An accepted SMS waits in the provider's queue; of all else nothing is known at first.
_SMS_ACCEPTED: Final = Progress(
    status=SmsStatus.QUEUED, told=frozenset({SmsStatus.QUEUED})
)
_UNKNOWN: Final = Progress(status="unknown")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Tracked:
    recipient: Recipient
    context: Context
    progress: Progress


# The provider numbers texts and calls apart.
type _Key = tuple[type[SmsReport | CallReport], str]


def _key(report: SmsReport | CallReport) -> _Key:
    match report:
        case SmsReport():
            return SmsReport, report.tracking_id
        case CallReport():
            return CallReport, report.call_id


class DeliveryTracker:
    """Joins reports with what was sent, and tells each news once."""

    def __init__(
        self, client: CeculaSyncClient, phone_book: PhoneBook, events: Events
    ) -> None:
        """Take where to ask, whose numbers these are, and where to tell."""
        self._client = client
        self._phone_book = phone_book
        self._events = events
        self._tracked: OrderedDict[_Key, _Tracked] = OrderedDict()
        self._waiting: dict[_Key, set[asyncio.Future[str]]] = {}
        self._sends_under_way = 0
        self._early: list[SmsReport | CallReport] = []
        self._stopped = False

    @callback
    def async_stop(self) -> None:
        """Tell nothing more, and let those who wait go with what is known."""
        self._stopped = True
        for key in list(self._waiting):
            self._release(key)

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Hold reports for ids that may be in the answer to a send under way."""
        self._sends_under_way += 1
        try:
            yield
        finally:
            self._sends_under_way -= 1
            if not self._sends_under_way:
                early, self._early = self._early, []
                for report in early:
                    self.async_report(report)

    @callback
    def async_track_sms(
        self, tracking_id: str, recipient: Recipient, context: Context
    ) -> None:
        """Remember an accepted SMS."""
        self._track(
            (SmsReport, tracking_id),
            _Tracked(recipient=recipient, context=context, progress=_SMS_ACCEPTED),
        )

    @callback
    def async_track_call(
        self, call_id: str, recipient: Recipient, context: Context
    ) -> None:
        """Remember a placed call."""
        self._track(
            (CallReport, call_id),
            _Tracked(recipient=recipient, context=context, progress=_UNKNOWN),
        )

    def _track(self, key: _Key, tracked: _Tracked) -> None:
        self._tracked[key] = tracked
        if len(self._tracked) > _MOST_PENDING:
            oldest = next(item for item in self._tracked if item not in self._waiting)
            del self._tracked[oldest]

    @callback
    def async_report(self, report: SmsReport | CallReport) -> None:
        """Take a report; one for an id that is not ours is told without a context."""
        if self._stopped:
            return
        key = _key(report)
        tracked = self._tracked.get(key)
        if tracked is None and self._sends_under_way:
            self._early.append(report)
            return
        if tracked is None:
            self._events.async_fire(self._as_event(report, None))
            return
        if (progress := advance(tracked.progress, report.status)) is None:
            return
        self._tracked[key] = replace(tracked, progress=progress)
        self._events.async_fire(
            self._as_event(report, tracked.recipient), tracked.context
        )
        if progress.final:
            self._release(key)

    def _release(self, key: _Key) -> None:
        for waiter in self._waiting.get(key, ()):
            if not waiter.done():
                waiter.set_result(self._tracked[key].progress.status)

    def _as_event(
        self, report: SmsReport | CallReport, recipient: Recipient | None
    ) -> SmsStatusChanged | CallStatusChanged:
        number = recipient.number if recipient else report.recipient
        if recipient and recipient.contact:
            contact = self._phone_book.contact(recipient.contact.contact_id)
        else:
            contact = self._phone_book.contact_of(number)
        if isinstance(report, SmsReport):
            return SmsStatusChanged(
                contact=contact,
                tracking_id=report.tracking_id,
                recipient=number,
                status=report.status,
                sent_at=report.sent_at,
                done_at=report.done_at,
            )
        return CallStatusChanged(
            contact=contact,
            call_id=report.call_id,
            recipient=number,
            status=report.status,
            duration=report.duration,
            called_at=report.called_at,
        )

    async def async_wait_for_call(self, call_id: str, seconds: float) -> str:
        """Return a call's status once it is final, or as it is after so many seconds.

        Asks the provider in between, for its webhook may not be set up.
        """
        key = (CallReport, call_id)
        result: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, set()).add(result)
        if self._stopped or self._tracked[key].progress.final:
            self._release(key)
        looking = asyncio.create_task(self._async_look_for_call(call_id))
        try:
            async with asyncio.timeout(seconds):
                return await result
        except TimeoutError:
            return self._tracked[key].progress.status
        finally:
            looking.cancel()
            self._waiting[key].discard(result)
            if not self._waiting[key]:
                del self._waiting[key]

    async def _async_look_for_call(self, call_id: str) -> None:
        for pause in _CALL_LOOK_UPS:
            await asyncio.sleep(pause)
            try:
                self.async_report(await self._client.call_status(call_id))
            except CeculaError as err:
                LOGGER.debug("A look-up of a call failed: %s", type(err).__name__)
