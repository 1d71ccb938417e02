"""Hands on what was posted to whoever acts on it, or parks it until somebody does."""

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from .api.exceptions import CeculaUnreadableError
from .api.models import CallReport, InboundCall, InboundSms, SmsReport
from .const import DOMAIN, LOGGER
from .parking import Parking, digest_of
from .store import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeassistant.core import HomeAssistant

    from .api.models import WebhookItem
    from .delivery import DeliveryTracker
    from .inbox import Inbox
    from .models import CeculaConfigEntry
    from .parking import ParkedPost
    from .reports import Report

# How long an unload waits for posts that are being handed on; a disk may be slow.
_PATIENCE_SECONDS: Final = 10


class Intake:
    """The way of a dedicated number's posts to its inbox and its deliveries.

    Both are there only while the number is loaded; the way in is there always.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        parse: Callable[[bytes], WebhookItem],
    ) -> None:
        """Take whose posts they are, and how one is read."""
        self._hass = hass
        self._entry = entry
        self._parse = parse
        # Who acts on what comes; nobody, while the line is not loaded.
        self._rooms: tuple[Inbox, DeliveryTracker] | None = None
        self._loading: asyncio.Task[None] | None = None
        self._opening: object | None = None
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.journal = Journal(hass, f"{entry.entry_id}.inbox")
        self._parking = Parking(self.journal)

    async def async_load(self) -> None:
        """Read what lies on disk, once it went well. Raises `JournalError`."""
        if self._loading is None or (
            self._loading.done() and self._loading.exception() is not None
        ):
            self._loading = self._hass.async_create_task(self.journal.async_load())
        await asyncio.shield(self._loading)

    async def async_take(self, item: WebhookItem, body: bytes) -> bool:
        """Take a post; return when it was told, or parked, and lies on disk.

        Returns whether there was room for it. Raises `JournalError`.
        """
        await self.async_load()
        if self._rooms is None or self._hass.is_stopping:
            return await self._parking.async_park(body) is not None
        inbox, delivery = self._rooms
        match item:
            case InboundSms() | InboundCall():
                with self._at_work():
                    await inbox.async_take_post(item, digest_of(body))
            case SmsReport() | CallReport() if delivery.may_be_of_a_send(item):
                # The provider may wait for its answer before it answers the send.
                post = await self._parking.async_park(body)
                if post is None:
                    return False
                self._hand_on_later(post, item, delivery)
            case SmsReport() | CallReport():
                with self._at_work():
                    await delivery.async_take_report(item)
        return True

    async def async_open(self, inbox: Inbox, delivery: DeliveryTracker) -> bool:
        """Hand on what was parked, in its order, and from now on what comes.

        What is posted meanwhile is parked behind it. Returns whether the line is
        still the one to hand on to.
        """
        opening = self._opening = object()
        seen: set[str] = set()
        with self._at_work():
            while posts := self._parking.waiting(seen):
                for post in posts:
                    if opening is not self._opening:
                        return False
                    seen.add(post.name)
                    # Once for all: each time, the whole file is written anew.
                    is_last = post is posts[-1]
                    await self._async_unpark(post, inbox, delivery, shred=is_last)
        if opening is not self._opening:
            return False
        self._rooms = inbox, delivery
        return True

    async def async_detach(self) -> None:
        """Park what comes from now on, for the line is unloaded.

        Returns when nothing is being handed on any more: the line that comes next
        must know of it from the disk.
        """
        self._rooms = self._opening = None
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._idle.wait()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    async def _async_unpark(
        self, post: ParkedPost, inbox: Inbox, delivery: DeliveryTracker, *, shred: bool
    ) -> None:
        try:
            item = self._parse(post.body)
        except CeculaUnreadableError:
            LOGGER.error("A post that was parked can't be read any more")
        else:
            match item:
                case InboundSms() | InboundCall():
                    await self._async_unpark_item(post, item, inbox)
                case SmsReport() | CallReport() if delivery.may_be_of_a_send(item):
                    # What is behind it does not wait for that.
                    self._hand_on_later(post, item, delivery)
                    return
                case SmsReport() | CallReport():
                    await self._async_unpark_report(item, delivery)
        self._parking.remove(post, shred=shred)

    async def _async_unpark_item(
        self, post: ParkedPost, item: InboundSms | InboundCall, inbox: Inbox
    ) -> None:
        digest = digest_of(post.body)
        try:
            await inbox.async_take_post(item, digest, late=post.late)
        except Exception as err:  # noqa: BLE001 (it must not keep the line shut)
            _log_failure(err)
        is_answered = self._parking.is_answered(post)
        inbox.async_note_answer(item, digest, is_answered=is_answered)

    async def _async_unpark_report(
        self, report: Report, delivery: DeliveryTracker
    ) -> None:
        try:
            await delivery.async_take_report(report)
        except Exception as err:  # noqa: BLE001 (it must not keep the line shut)
            _log_failure(err)

    def _hand_on_later(
        self, post: ParkedPost, report: Report, delivery: DeliveryTracker
    ) -> None:
        self._entry.async_create_background_task(
            self._hass,
            self._async_hand_on_later(post, report, delivery),
            f"{DOMAIN} report before its send",
        )

    async def _async_hand_on_later(
        self, post: ParkedPost, report: Report, delivery: DeliveryTracker
    ) -> None:
        """Hand on a report once it is clear whose it is; if not, it stays parked."""
        await delivery.async_sends_answered(report)
        if not delivery.is_stopped:
            with self._at_work():
                await self._async_unpark_report(report, delivery)
                self._parking.remove(post, shred=True)


def _log_failure(err: Exception) -> None:
    kind = type(err).__name__
    LOGGER.error("A post that was parked could not be handed on: %s", kind)
