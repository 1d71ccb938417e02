"""The one door through which an SMS or a call leaves the house."""

import asyncio
from dataclasses import replace
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .api.exceptions import (
    CeculaConnectionError,
    CeculaError,
    CeculaOutcomeUnknownError,
    CeculaRejectedError,
)
from .api.fields import clean
from .api.text import MAX_CHARACTERS, TextSize, measure
from .const import DOMAIN
from .endings import Fate, SendResult, SentRecipient
from .errors import start_reauth_if_refused
from .history import Direction, Kind, Message

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from homeassistant.core import Context, Event, HomeAssistant

    from .api.client import CeculaSyncClient
    from .api.models import AcceptedRecipient
    from .coordinator import AccountCoordinator
    from .delivery import DeliveryTracker
    from .history import History
    from .models import CeculaConfigEntry
    from .recipients import Recipient

# How many recipients one request may name is not documented: our assumption.
MAX_RECIPIENTS: Final = 100
# A stop or a reload may take so much longer.
_PATIENCE_SECONDS: Final = 10


_MAY_HAVE_LEFT: Final = frozenset({Fate.QUEUED, Fate.UNKNOWN})


class Sender:
    """Sends texts and places calls, each once, and has them tracked."""

    def __init__(  # noqa: PLR0913, PLR0917 (every way out, and all who must know)
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        client: CeculaSyncClient,
        coordinator: AccountCoordinator,
        delivery: DeliveryTracker,
        history: History,
    ) -> None:
        """Take the way out, who tracks what left, and whose balance it changes."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._coordinator = coordinator
        self._delivery = delivery
        self._history = history
        self._under_way: set[asyncio.Task[Any]] = set()

    async def async_send_sms(
        self, text: str, recipients: Sequence[Recipient], context: Context
    ) -> SendResult:
        """Send one text to all; what the provider did is in the result, not raised.

        Raises `ServiceValidationError` for a text that can't be sent at all.
        """
        text = clean(text)
        size = _validated_size(text)
        result = SendResult(
            recipients=tuple(
                SentRecipient(recipient=item, fate=Fate.NOT_TRIED)
                for item in recipients
            ),
            size=size,
        )
        return await self._async_send_chunks(text, result, context)

    async def async_place_call(self, recipient: Recipient, context: Context) -> str:
        """Ring one recipient; return the call's id. Raises `CeculaError`."""
        end = await self._async_to_the_end(self._async_ring(recipient, context))
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

    async def _async_then_refresh[T](self, work: Coroutine[None, None, T]) -> T:
        try:
            return await work
        finally:
            self._entry.async_create_background_task(
                self._hass,
                self._coordinator.async_request_refresh(),
                f"{DOMAIN} balance after a send",
            )

    async def _async_send_chunks(
        self, text: str, result: SendResult, context: Context
    ) -> SendResult:
        done: list[SentRecipient] = []
        error: CeculaError | None = None
        for chunk in batched(result.recipients, MAX_RECIPIENTS, strict=False):
            if error is None and self._is_gone:
                error = CeculaConnectionError("the line was unloaded")
            if error is not None:
                done.extend(chunk)
                continue
            recipients_of_chunk = [item.recipient for item in chunk]
            sent, error = await self._async_to_the_end(
                self._async_send_chunk(text, recipients_of_chunk, context)
            )
            done.extend(sent)
        return replace(result, recipients=tuple(done), error=error)

    @property
    def _is_gone(self) -> bool:
        """Whether the line was unloaded or removed while it was sending."""
        return self._entry.state in {
            ConfigEntryState.NOT_LOADED,
            ConfigEntryState.UNLOAD_IN_PROGRESS,
        }

    async def _async_send_chunk(
        self, text: str, recipients: Sequence[Recipient], context: Context
    ) -> tuple[list[SentRecipient], CeculaError | None]:
        """Send one request; no ending of it is ever a reason to send it again."""
        with self._delivery.expecting():
            fates, ids, error = await self._async_request(
                text, [recipient.number for recipient in recipients]
            )
            sent = [
                SentRecipient(
                    recipient=recipient,
                    fate=fates[recipient.number],
                    tracking_id=ids.get(recipient.number),
                )
                for recipient in recipients
            ]
            for item in sent:
                if item.tracking_id is not None:
                    self._delivery.async_track_sms(
                        item.tracking_id, item.recipient, context
                    )
                if item.fate in _MAY_HAVE_LEFT:
                    self._file(
                        Kind.SMS, item.recipient, item.fate, item.tracking_id, text
                    )
        await self._delivery.async_keep()
        return sent, error

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
            return dict.fromkeys(numbers, Fate.UNKNOWN), _ids(err.accepted), err
        except CeculaError as err:
            start_reauth_if_refused(self._hass, self._entry, err)
            return dict.fromkeys(numbers, Fate.REFUSED), {}, err
        ids = _ids(receipt.accepted)
        fates = (
            dict.fromkeys(ids, Fate.QUEUED)
            | dict.fromkeys(receipt.refused, Fate.REFUSED)
            | dict.fromkeys(receipt.unconfirmed, Fate.UNKNOWN)
        )
        error: CeculaError | None = None
        if receipt.unconfirmed:
            error = CeculaOutcomeUnknownError("recipients left out")
        elif receipt.refused:
            error = CeculaRejectedError("CE1802")
        return fates, ids, error

    async def _async_ring(
        self, recipient: Recipient, context: Context
    ) -> str | CeculaError:
        with self._delivery.expecting():
            try:
                call_id = await self._client.place_call(recipient.number)
            except CeculaError as err:
                start_reauth_if_refused(self._hass, self._entry, err)
                if isinstance(err, CeculaOutcomeUnknownError):
                    self._file(Kind.CALL, recipient, Fate.UNKNOWN, None)
                return err
            self._delivery.async_track_call(call_id, recipient, context)
            self._file(Kind.CALL, recipient, Fate.UNKNOWN, call_id)
        await self._delivery.async_keep()
        return call_id


def _ids(accepted: Sequence[AcceptedRecipient]) -> dict[str, str | None]:
    return {item.recipient: item.tracking_id for item in accepted}


def _validated_size(text: str) -> TextSize:
    if not text.strip():
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="empty_text"
        )
    size = measure(text)
    if size.characters > MAX_CHARACTERS:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="text_too_long",
            translation_placeholders={
                "length": str(size.characters),
                "over": str(size.characters - MAX_CHARACTERS),
                "most": str(MAX_CHARACTERS),
            },
        )
    return size


def with_title(message: str, title: str | None) -> str:
    """Put a title on a first line of its own; an SMS has no other place for it."""
    return f"{title}\n{message}" if title else message
