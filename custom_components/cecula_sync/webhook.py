"""The webhook: hears what the provider posts, from Home Assistant's first moment on."""

import asyncio
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
from .intake import Intake
from .issues import Issue, async_close_issue, async_raise_issue
from .log_filter import async_hide_secrets
from .posts import POST_KINDS, PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .api.models import Dialect
    from .models import CeculaConfigEntry

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
        self.intake = Intake(hass, entry, self._parse)
        self._webhook_id: str | None = None
        self._waiting: set[asyncio.Future[PostKind]] = set()
        self._last_posts: dict[PostKind, datetime] = {}

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
        await self.intake.journal.async_close()

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

    async def async_detach(self) -> None:
        """Park what comes from now on, as `Intake.async_detach` does."""
        async_close_issue(self._hass, self._entry, Issue.ANOTHER_NUMBER)
        await self.intake.async_detach()

    async def async_next_post(self) -> PostKind:
        """Return what the next post is, whatever becomes of it."""
        waiter: asyncio.Future[PostKind] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            return await waiter
        finally:
            self._waiting.discard(waiter)

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
            item = self._parse(body)
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
        if not await self.intake.async_take(item, body):
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, "full")
        return Response(status=HTTPStatus.OK)

    def _parse(self, body: bytes) -> WebhookItem:
        return parse_webhook(body, self.dialect)

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
