"""The webhook: hears what the provider posts, from Home Assistant's first moment on."""

import asyncio
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs
from aiohttp.web import Request, Response
from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .address import async_forget_cloudhook
from .api.exceptions import CeculaUnreadableError
from .api.models import CallReport, InboundCall, InboundSms, SmsReport, WebhookItem
from .api.numbers import same_line
from .api.webhook import parse_webhook
from .const import CONF_NUMBER, CONF_SHOWN_ADDRESS, DOMAIN, LOGGER
from .issues import Issue, async_close_issue, async_raise_issue
from .log_filter import async_hide_secrets
from .parking import Parking, digest_of
from .posts import POST_KINDS, PostKind
from .store import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .api.models import Dialect
    from .delivery import DeliveryTracker
    from .inbox import Inbox
    from .models import CeculaConfigEntry
    from .parking import ParkedPost

# Ten pages of text in the widest escapes fit in a tenth of it.
_LARGEST_BODY: Final = 64 * 1024
# How long an unload waits for posts that are being handed on; a disk may be slow.
_PATIENCE_SECONDS: Final = 10

# Beside the entries' runtime data, for it is there before and after them.
DATA_WEBHOOKS: HassKey[dict[str, WebhookManager]] = HassKey(f"{DOMAIN}_webhooks")


class WebhookManager:
    """Receives what the provider posts for one dedicated number.

    It listens from `async_setup` on, also while the line is loaded anew. While nobody
    can act on it, what comes is parked on disk; core would answer 200 for a webhook
    that it does not know, and lose the item.
    """

    def __init__(
        self, hass: HomeAssistant, entry: CeculaConfigEntry, dialect: Dialect
    ) -> None:
        """Take whose webhook it is, and how that line spells."""
        self._hass = hass
        self._entry = entry
        self.dialect = dialect
        self._webhook_id: str | None = None
        # Who acts on what comes; nobody, while the line is not loaded.
        self._rooms: tuple[Inbox, DeliveryTracker] | None = None
        self._loading: asyncio.Task[None] | None = None
        self._opening: object | None = None
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._waiting: set[asyncio.Future[PostKind]] = set()
        self._last_posts: dict[PostKind, datetime] = {}
        self.journal = Journal(hass, f"{entry.entry_id}.inbox")
        self._parking = Parking(self.journal)

    @property
    def last_posts(self) -> Mapping[PostKind, datetime]:
        """Return when the last post of each kind came since Home Assistant started."""
        return self._last_posts

    @callback
    def async_listen(self) -> None:
        """Register the webhook, if it is not."""
        if self._webhook_id is None:
            self._register(self._entry.data[CONF_WEBHOOK_ID])

    def _register(self, webhook_id: str) -> None:
        async_hide_secrets(self._entry.entry_id, webhook_id)
        webhook.async_register(
            self._hass,
            DOMAIN,
            "Cecula Sync",
            webhook_id,
            self._async_handle,
            # Core would log the id of a webhook that is asked in a way not allowed.
            allowed_methods=webhook.SUPPORTED_METHODS,
        )
        self._webhook_id = webhook_id

    async def async_stop(self) -> None:
        """Hear no more; what is parked stays on disk."""
        if self._webhook_id is not None:
            webhook.async_unregister(self._hass, self._webhook_id)
            self._webhook_id = None
        await self.journal.async_close()

    async def async_renew(self) -> None:
        """Listen at another address; the old one works until the new one does."""
        old = self._webhook_id
        new = webhook.async_generate_id()
        self._register(new)
        data = {**self._entry.data, CONF_WEBHOOK_ID: new}
        # What was pasted is void; the new address is still to be shown.
        data.pop(CONF_SHOWN_ADDRESS, None)
        self._hass.config_entries.async_update_entry(self._entry, data=data)
        if old is not None:
            webhook.async_unregister(self._hass, old)
            await async_forget_cloudhook(self._hass, old)

    async def async_next_post(self) -> PostKind:
        """Return what the next post is, whatever becomes of it."""
        waiter: asyncio.Future[PostKind] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            return await waiter
        finally:
            self._waiting.discard(waiter)

    async def async_load(self) -> None:
        """Read what lies on disk, once it went well. Raises `JournalError`."""
        if self._loading is None or (
            self._loading.done() and self._loading.exception() is not None
        ):
            self._loading = self._hass.async_create_task(self.journal.async_load())
        await asyncio.shield(self._loading)

    async def async_open(self, inbox: Inbox, delivery: DeliveryTracker) -> bool:
        """Hand on what was parked, in its order, and from now on what comes.

        What is posted meanwhile is parked behind it. Returns whether the line is
        still the one to hand on to.
        """
        opening = self._opening = object()
        with self._at_work():
            while posts := self._parking.waiting():
                for post in posts:
                    if opening is not self._opening:
                        return False
                    await self._async_unpark(post, inbox, delivery)
                    # Once for all: each time, the whole file is written anew.
                    self._parking.remove(post, shred=post is posts[-1])
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
        async_close_issue(self._hass, self._entry, Issue.ANOTHER_NUMBER)
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
        self, post: ParkedPost, inbox: Inbox, delivery: DeliveryTracker
    ) -> None:
        digest = digest_of(post.body)
        try:
            item = parse_webhook(post.body, self.dialect)
        except CeculaUnreadableError:
            LOGGER.error("A post that was parked can't be read any more")
            return
        try:
            await _async_hand_on(item, digest, inbox, delivery, late=post.late)
        except Exception as err:  # noqa: BLE001 (it must not keep the line shut)
            kind = type(err).__name__
            LOGGER.error("A post that was parked could not be handed on: %s", kind)
        if isinstance(item, InboundSms | InboundCall):
            is_answered = self._parking.is_answered(post)
            inbox.async_note_answer(item, digest, is_answered=is_answered)

    async def _async_handle(
        self, _hass: HomeAssistant, _webhook_id: str, request: Request
    ) -> Response:
        """Answer whatever happens: core logs the id with an error, and answers 200."""
        if request.method != hdrs.METH_POST:
            return _refuse(HTTPStatus.METHOD_NOT_ALLOWED, "POST only")
        try:
            body = await _read_capped(request)
        except Exception as err:  # noqa: BLE001 (whatever a stranger's stream raises)
            LOGGER.debug("A post to the webhook broke off: %s", type(err).__name__)
            return _refuse(HTTPStatus.BAD_REQUEST, "unreadable")
        if body is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too large")
        if self._webhook_id is None or self._entry.disabled_by is not None:
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, "not in use")
        try:
            return await self._async_receive(body)
        except Exception as err:  # noqa: BLE001 (the provider must hear that it failed)
            LOGGER.error("A post to the webhook failed: %s", type(err).__name__)
            return _refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "failed")

    async def _async_receive(self, body: bytes) -> Response:
        """Take an item; 2xx only when it was told, or parked, and lies on disk."""
        try:
            item = parse_webhook(body, self.dialect)
        except CeculaUnreadableError as err:
            LOGGER.debug("A post to the webhook can't be read: %s", err)
            self._heard(PostKind.UNREADABLE)
            return _refuse(HTTPStatus.BAD_REQUEST, "unreadable")
        if not self._is_for_this_line(item):
            self._heard(PostKind.ANOTHER_NUMBER)
            async_raise_issue(self._hass, self._entry, Issue.ANOTHER_NUMBER)
            return _refuse(HTTPStatus.FORBIDDEN, "another number")
        async_close_issue(self._hass, self._entry, Issue.ANOTHER_NUMBER)
        self._heard(POST_KINDS[type(item)])
        await self.async_load()
        if self._rooms is None or self._hass.is_stopping:
            if not await self._parking.async_park(body):
                return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, "full")
        else:
            with self._at_work():
                await _async_hand_on(item, digest_of(body), *self._rooms)
        return Response(status=HTTPStatus.OK)

    def _heard(self, kind: PostKind) -> None:
        self._last_posts[kind] = dt_util.utcnow()
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(kind)

    def _is_for_this_line(self, item: WebhookItem) -> bool:
        match item:
            case InboundSms() | InboundCall():
                own = item.receiver
            case SmsReport() | CallReport():
                own = item.originator
        # A name or a short code is how the SIM may show itself, not another number.
        if own is None or not own.startswith("+"):
            return True
        number: str = self._entry.data[CONF_NUMBER]
        return own == number or same_line(own, number)


async def _async_hand_on(
    item: WebhookItem,
    digest: str,
    inbox: Inbox,
    delivery: DeliveryTracker,
    *,
    late: bool = False,
) -> None:
    match item:
        case InboundSms() | InboundCall():
            await inbox.async_take_post(item, digest, late=late)
        case SmsReport() | CallReport():
            await delivery.async_take_report(item)


async def _read_capped(request: Request) -> bytes | None:
    """Read a body up to the cap, or return None.

    A request that came through Home Assistant Cloud has no `read()`, its stream has
    nothing but `read(n)` and is a new one each time it is asked for; aiohttp's own
    limit is not applied to the stream.
    """
    content, body = request.content, bytearray()
    while chunk := await content.read(_LARGEST_BODY + 1):
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)


def _refuse(status: HTTPStatus, reason: str) -> Response:
    return Response(status=status, text=reason)
