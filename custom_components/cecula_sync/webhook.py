"""The webhook: its URL, with Home Assistant Cloud or without, and what is posted."""

from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs
from aiohttp.web import Request, Response
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.network import NoURLAvailableError
from yarl import URL

from .api.exceptions import CeculaUnreadableError
from .api.models import (
    CallReport,
    Dialect,
    InboundCall,
    InboundSms,
    SmsReport,
    WebhookItem,
)
from .api.numbers import same_line
from .api.webhook import parse_webhook
from .const import CONF_NUMBER, DOMAIN, LOGGER
from .events import Channel

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .delivery import DeliveryTracker
    from .inbox import Inbox

# Ten pages of text in the widest escapes fit in a tenth of it.
_LARGEST_BODY: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAddress:
    """Where the provider is to post; `public` tells whether it can get there."""

    url: str
    public: bool


async def async_address(hass: HomeAssistant, webhook_id: str) -> WebhookAddress | None:
    """Return the webhook's URL, or None where Home Assistant has no public one."""
    if (url := await _async_cloudhook(hass, webhook_id)) is not None:
        return WebhookAddress(url=url, public=True)
    try:
        url = webhook.async_generate_url(hass, webhook_id, allow_internal=False)
    except NoURLAvailableError:
        return None
    if _is_private_address(URL(url).host):
        return None
    return WebhookAddress(url=url, public=url.startswith("https://"))


def _is_private_address(host: str | None) -> bool:
    """Tell an address that ends at the house's own router; a name is none."""
    try:
        return not ip_address(host or "").is_global
    except ValueError:
        return False


async def _async_cloudhook(hass: HomeAssistant, webhook_id: str) -> str | None:
    if "cloud" not in hass.config.components:
        return None
    # Cloud drags in half of Home Assistant, so it is imported where it is set up.
    from homeassistant.components import cloud  # noqa: PLC0415

    if not cloud.async_active_subscription(hass):
        return None
    try:
        return await cloud.async_get_or_create_cloudhook(hass, webhook_id)
    except Exception as err:  # noqa: BLE001 (the cloud's client has errors of its own)
        LOGGER.warning("Home Assistant Cloud gave no address: %s", type(err).__name__)
        return None


async def async_forget_cloudhook(hass: HomeAssistant, webhook_id: str) -> None:
    """Delete the cloudhook of a webhook that is no more, if there was one."""
    if "cloud" not in hass.config.components:
        return
    from homeassistant.components import cloud  # noqa: PLC0415

    try:
        await cloud.async_delete_cloudhook(hass, webhook_id)
    except cloud.CloudNotAvailable, ValueError:
        LOGGER.debug("There was no cloudhook to delete")


class WebhookManager:
    """Receives what the provider posts for one dedicated number."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        dialect: Dialect,
        inbox: Inbox,
        delivery: DeliveryTracker,
    ) -> None:
        """Take whose webhook it is, how that line spells, and who gets what came."""
        self._hass = hass
        self._entry = entry
        self._dialect = dialect
        self._inbox = inbox
        self._delivery = delivery
        self._listening = False

    @callback
    def async_register(self) -> None:
        """Listen until the entry is unloaded."""
        webhook_id = self._entry.data[CONF_WEBHOOK_ID]
        webhook.async_register(
            self._hass,
            DOMAIN,
            "Cecula Sync",
            webhook_id,
            self._async_handle,
            # Core would log the id of a webhook that is asked in a way not allowed.
            allowed_methods=webhook.SUPPORTED_METHODS,
        )

        self._listening = True

        @callback
        def unregister() -> None:
            self._listening = False
            webhook.async_unregister(self._hass, webhook_id)

            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)

        self._entry.async_on_unload(unregister)

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
        if not self._listening:
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, "unloaded meanwhile")
        try:
            return self._receive(body)
        except Exception as err:  # noqa: BLE001 (the provider must hear that it failed)
            LOGGER.error("A post to the webhook failed: %s", type(err).__name__)
            return _refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "failed")

    @callback
    def _receive(self, body: bytes | None) -> Response:
        """Take an item; 2xx only when it was taken."""
        if body is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too large")
        try:
            item = parse_webhook(body, self._dialect)
        except CeculaUnreadableError as err:
            LOGGER.debug("A post to the webhook can't be read: %s", err)
            return _refuse(HTTPStatus.BAD_REQUEST, "unreadable")
        if not self._is_for_this_line(item):
            self._other_number_posted()
            return _refuse(HTTPStatus.FORBIDDEN, "another number")
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        self._take(item)
        return Response(status=HTTPStatus.OK)

    @property
    def _issue_id(self) -> str:
        return f"another_number_{self._entry.entry_id}"

    def _other_number_posted(self) -> None:
        """Tell the user, until something for this number comes in."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="another_number",
            translation_placeholders={"line": self._entry.title},
        )

    def _is_for_this_line(self, item: WebhookItem) -> bool:
        match item:
            case InboundSms() | InboundCall():
                own = item.receiver
            case SmsReport() | CallReport():
                own = item.originator
        # A name or a short code is how the SIM may show itself, not another number.
        if own is None or not own.startswith("+"):
            return True
        return same_line(own, self._entry.data[CONF_NUMBER])

    @callback
    def _take(self, item: WebhookItem) -> None:
        match item:
            case InboundSms() | InboundCall():
                self._inbox.async_receive(item, Channel.WEBHOOK)
            case SmsReport() | CallReport():
                self._delivery.async_report(item)


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
