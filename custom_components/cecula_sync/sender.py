"""The one door through which an SMS or a call leaves the house."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util import dt as dt_util

from .api.exceptions import CeculaClosedError, CeculaError, CeculaOutcomeUnknownError
from .api.fields import clean
from .const import DOMAIN, Kind
from .endings import Fate, SendResult, SentRecipient, error_of, fates_of, ids_of
from .errors import start_reauth_if_refused
from .history import Direction, Message
from .texts import sendable_size

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from homeassistant.core import Context, Event, HomeAssistant

    from .api.client import CeculaSyncClient
    from .coordinator import AccountCoordinator
    from .delivery import DeliveryTracker
    from .endings import OnEnd
    from .guard import Reservation, SpendingGuard
    from .history import History
    from .models import CeculaConfigEntry
    from .recipients import Recipient

# How many recipients one request may name is not documented: our assumption.
MAX_RECIPIENTS: Final = 100
# The stop of Home Assistant may take so much longer.
_PATIENCE_SECONDS: Final = 10

_UNLOADED: Final = "the line was unloaded"

_MAY_HAVE_LEFT: Final = frozenset({Fate.QUEUED, Fate.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Order:
    """One text: for whom it is sent, what it may cost, and who hears of each end."""

    text: str
    context: Context
    reservation: Reservation
    on_end: OnEnd | None


class Sender:
    """Sends texts and places calls, each once, and has them tracked.

    What is refused raises `ServiceValidationError` before anything leaves: a text
    that can't be sent, and a request that the spending guard has no room for.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (every way out, and all who must know)
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        client: CeculaSyncClient,
        coordinator: AccountCoordinator,
        delivery: DeliveryTracker,
        history: History,
        guard: SpendingGuard,
    ) -> None:
        """Take the way out, who tracks what left, and whose balance it changes."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._coordinator = coordinator
        self._delivery = delivery
        self._history = history
        self._guard = guard
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    async def async_send_sms(
        self,
        text: str,
        recipients: Sequence[Recipient],
        context: Context,
        *,
        ignore_limit: bool = False,
        on_end: OnEnd | None = None,
    ) -> SendResult:
        """Send one text to all; what the provider did is in the result, not raised.

        `on_end` hears it of each request as soon as it is known.
        """
        text = clean(text)
        size = sendable_size(text)
        result = SendResult(
            recipients=tuple(
                SentRecipient(recipient=item, fate=Fate.NOT_TRIED)
                for item in recipients
            ),
            size=size,
        )
        reservation = self._guard.async_reserve(
            len(recipients), pages=size.pages, ignore_limit=ignore_limit
        )
        order = _Order(
            text=text, context=context, reservation=reservation, on_end=on_end
        )
        return await self._async_send_chunks(order, result)

    async def async_place_call(
        self, recipient: Recipient, context: Context, *, ignore_limit: bool = False
    ) -> str:
        """Ring one recipient; return the call's id. Raises `CeculaError`."""
        if self._is_closed:
            raise CeculaClosedError(_UNLOADED)
        reservation = self._guard.async_reserve(1, pages=1, ignore_limit=ignore_limit)
        end = await self._async_to_the_end(
            self._async_ring(recipient, context, reservation)
        )
        if isinstance(end, CeculaError):
            raise end
        return end

    async def _async_to_the_end[T](self, work: Coroutine[None, None, T]) -> T:
        """Let a request end though its caller is cancelled, so that its id is won.

        The work tells failures in what it returns: one that is raised when nobody
        waits any more would be logged as a fault of the event loop.
        """
        task = self._hass.async_create_task(
            self._async_then_refresh(work), f"{DOMAIN} send"
        )
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def async_finish(self, _event: Event | None = None) -> None:
        """Wait, not for long, for the answers to what has left; they hold the ids."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_PATIENCE_SECONDS)

    async def async_close(self) -> None:
        """Send nothing more; wait for the answers that are still to come.

        Who loads the line anew reads from the disk what they tell.
        """
        self._is_closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _async_then_refresh[T](self, work: Coroutine[None, None, T]) -> T:
        try:
            return await work
        finally:
            self._entry.async_create_background_task(
                self._hass,
                self._coordinator.async_request_refresh(),
                f"{DOMAIN} balance after a send",
            )

    async def _async_send_chunks(self, order: _Order, result: SendResult) -> SendResult:
        """Send as many requests as it takes, up to one that fails."""
        done: list[SentRecipient] = []
        error: CeculaError | None = None
        not_tried = list(result.recipients)
        try:
            while not_tried and error is None:
                if self._is_closed:
                    error = CeculaClosedError(_UNLOADED)
                    break
                chunk = not_tried[:MAX_RECIPIENTS]
                del not_tried[:MAX_RECIPIENTS]
                sent, error = await self._async_to_the_end(
                    self._async_send_chunk(order, chunk)
                )
                done.extend(sent)
        finally:
            order.reservation.give_back(len(not_tried))
        return replace(result, recipients=(*done, *not_tried), error=error)

    async def _async_send_chunk(
        self, order: _Order, chunk: Sequence[SentRecipient]
    ) -> tuple[list[SentRecipient], CeculaError | None]:
        """Send one request; no ending of it is ever a reason to send it again.

        It is counted even if the house goes down before the answer comes.
        """
        await self._guard.async_keep()
        with self._delivery.expecting():
            fates, ids, error = await self._async_request(
                order.text, [item.recipient.number for item in chunk]
            )
            sent = [
                replace(
                    item,
                    fate=fates[item.recipient.number],
                    tracking_id=ids.get(item.recipient.number),
                )
                for item in chunk
            ]
            self._note(order, sent)
        await self._delivery.async_keep()
        return sent, error

    def _note(self, order: _Order, sent: Sequence[SentRecipient]) -> None:
        """Have all who must know hear how a request ended."""
        order.reservation.give_back(
            sum(item.fate not in _MAY_HAVE_LEFT for item in sent)
        )
        for item in sent:
            # An answer that is unclear for all may have an id for some.
            if item.fate is Fate.QUEUED or item.tracking_id is not None:
                self._delivery.async_track_sms(
                    item.tracking_id, item.recipient, order.context
                )
            if item.fate in _MAY_HAVE_LEFT:
                self._file(
                    Kind.SMS, item.recipient, item.fate, item.tracking_id, order.text
                )
        if order.on_end is not None:
            order.on_end(sent)

    def _file(
        self,
        kind: Kind,
        recipient: Recipient,
        status: str,
        tracking_id: str | None,
        text: str | None = None,
    ) -> None:
        """Put into the conversation what left the house, or may have."""
        self._history.async_add(
            Message(
                direction=Direction.OUT,
                kind=kind,
                number=recipient.number,
                contact_id=recipient.contact.contact_id if recipient.contact else None,
                text=text,
                time=dt_util.utcnow(),
                status=status,
                tracking_id=tracking_id,
            )
        )

    async def _async_request(
        self, text: str, numbers: Sequence[str]
    ) -> tuple[dict[str, Fate], dict[str, str | None], CeculaError | None]:
        """Return what is certain of each number, the ids won, and what went wrong."""
        try:
            receipt = await self._client.send_sms(text, numbers)
        except CeculaOutcomeUnknownError as err:
            return dict.fromkeys(numbers, Fate.UNKNOWN), ids_of(err.accepted), err
        except CeculaError as err:
            self._note_refusal(err)
            return dict.fromkeys(numbers, Fate.REFUSED), {}, err
        if receipt.accepted:
            self._coordinator.issues.async_accepted()
        return fates_of(receipt), ids_of(receipt.accepted), error_of(receipt)

    async def _async_ring(
        self, recipient: Recipient, context: Context, reservation: Reservation
    ) -> str | CeculaError:
        await self._guard.async_keep()
        with self._delivery.expecting():
            try:
                call_id = await self._client.place_call(recipient.number)
            except CeculaError as err:
                self._note_refusal(err)
                if isinstance(err, CeculaOutcomeUnknownError):
                    self._file(Kind.CALL, recipient, Fate.UNKNOWN, None)
                else:
                    reservation.give_back(1)
                return err
            self._coordinator.issues.async_accepted()
            self._delivery.async_track_call(call_id, recipient, context)
            self._file(Kind.CALL, recipient, Fate.UNKNOWN, call_id)
        await self._delivery.async_keep()
        return call_id

    def _note_refusal(self, err: CeculaError) -> None:
        """Have the user hear of what only the user can mend."""
        start_reauth_if_refused(self._hass, self._entry, err)
        self._coordinator.issues.async_refused(err)


def with_title(message: str, title: str | None) -> str:
    """Put a title on a first line of its own; an SMS has no other place for it."""
    return f"{title}\n{message}" if title else message
