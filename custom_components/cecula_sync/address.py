"""The webhook's URL, with Home Assistant Cloud or without, and whether it holds."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.util import dt as dt_util
from yarl import URL

from .const import CONF_INBOUND, CONF_SHOWN_ADDRESS, DOMAIN, INBOUND_POLLING, LOGGER
from .issues import Issue, async_close_issue, async_raise_issue
from .log_filter import async_forget_secrets, async_hide_secrets

if TYPE_CHECKING:
    from types import ModuleType

    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

_TIME_FOR_GUIDE: Final = timedelta(hours=1)


class AddressKind(StrEnum):
    """By which way the provider reaches the webhook, if by any."""

    CLOUDHOOK = "cloudhook"
    HTTPS = "https"
    HTTP = "http"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WebhookAddress:
    """Where the provider is to post."""

    url: str
    kind: AddressKind

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody on the way can read what is posted."""
        return self.kind is not AddressKind.HTTP


async def async_address(
    hass: HomeAssistant, entry: CeculaConfigEntry
) -> WebhookAddress | None:
    """Return the webhook's URL, or None where Home Assistant has no public one."""
    webhook_id: str = entry.data[CONF_WEBHOOK_ID]
    if (url := await _async_cloudhook(hass, entry, webhook_id)) is not None:
        return WebhookAddress(url=url, kind=AddressKind.CLOUDHOOK)
    try:
        url = webhook.async_generate_url(hass, webhook_id, allow_internal=False)
    except NoURLAvailableError:
        return None
    if _is_private_address(URL(url).host):
        return None
    is_https = url.startswith("https://")
    return WebhookAddress(
        url=url, kind=AddressKind.HTTPS if is_https else AddressKind.HTTP
    )


def _is_private_address(host: str | None) -> bool:
    """Tell an address that ends at the house's own router; a name is none."""
    try:
        return not ip_address(host or "").is_global
    except ValueError:
        return False


def _cloud(hass: HomeAssistant) -> ModuleType | None:
    """Return Home Assistant Cloud's component, where it is set up.

    It drags in half of Home Assistant, so it is imported nowhere else.
    """
    if "cloud" not in hass.config.components:
        return None
    from homeassistant.components import cloud  # noqa: PLC0415

    return cloud


async def _async_cloudhook(
    hass: HomeAssistant, entry: CeculaConfigEntry, webhook_id: str
) -> str | None:
    cloud = _cloud(hass)
    if cloud is None or not cloud.async_active_subscription(hass):
        return None
    try:
        url: str = await cloud.async_get_or_create_cloudhook(hass, webhook_id)
    except Exception as err:  # noqa: BLE001 (the cloud's client has errors of its own)
        LOGGER.warning("Home Assistant Cloud gave no address: %s", type(err).__name__)
        return None
    async_hide_secrets(webhook_id, url)
    if _has_webhook(hass, entry, webhook_id):
        return url
    # It was deleted while the cloud took its time, and nobody would do so again.
    await async_forget_cloudhook(hass, webhook_id)
    return None


def _has_webhook(
    hass: HomeAssistant, entry: CeculaConfigEntry, webhook_id: str
) -> bool:
    known = hass.config_entries.async_get_entry(entry.entry_id)
    return known is not None and known.data.get(CONF_WEBHOOK_ID) == webhook_id


async def async_forget_cloudhook(hass: HomeAssistant, webhook_id: str) -> None:
    """Delete the cloudhook of a webhook that is no more, if there was one."""
    if (cloud := _cloud(hass)) is None:
        return
    try:
        await cloud.async_delete_cloudhook(hass, webhook_id)
    except Exception as err:  # noqa: BLE001 (the cloud's client has errors of its own)
        LOGGER.debug("No cloudhook was deleted: %s", type(err).__name__)
    async_forget_secrets(webhook_id)


class AddressWatch:
    """Tells when the address that the user pasted at the provider no longer works."""

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take whose address it is."""
        self._hass = hass
        self._entry = entry
        self._kind: AddressKind | None = None
        self._is_stopped = False

    @property
    def kind(self) -> AddressKind | None:
        """Return what the address was when it was last looked at.

        None where that was not needed, as it is with polling, or not possible.
        """
        return self._kind

    @callback
    def async_start(self) -> None:
        """Look now, and whenever the address may have become another."""
        self._entry.async_on_unload(
            self._hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self.async_check)
        )
        if (cloud := _cloud(self._hass)) is not None:
            self._entry.async_on_unload(
                cloud.async_listen_connection_change(self._hass, self.async_check)
            )
        if (left := self._time_to_answer()) > 0:
            self._entry.async_on_unload(
                async_call_later(
                    self._hass, left, HassJob(self.async_check, cancel_on_shutdown=True)
                )
            )
        self._entry.async_create_background_task(
            self._hass, self.async_check(), f"{DOMAIN} address"
        )

    @callback
    def async_stop(self) -> None:
        """Tell nothing any more: the number is unloaded, and maybe removed."""
        self._is_stopped = True

    async def async_check(self, _change: object = None) -> None:
        """Tell, or take back, that there is no public address or that it changed."""
        if self._is_polling():
            self._kind = None
            async_close_issue(self._hass, self._entry, Issue.NO_PUBLIC_ADDRESS)
            async_close_issue(self._hass, self._entry, Issue.ADDRESS_CHANGED)
            return
        if _is_cloud_away(self._hass):
            return
        webhook_id = self._entry.data[CONF_WEBHOOK_ID]
        address = await async_address(self._hass, self._entry)
        is_another = self._entry.data[CONF_WEBHOOK_ID] != webhook_id
        if self._is_stopped or is_another or self._is_polling():
            return  # a late answer of the cloud
        self._kind = AddressKind.NONE if address is None else address.kind
        self._show(
            Issue.NO_PUBLIC_ADDRESS,
            is_so=address is None and self._time_to_answer() <= 0,
        )
        shown = self._entry.data.get(CONF_SHOWN_ADDRESS)
        self._show(
            Issue.ADDRESS_CHANGED,
            is_so=address is not None
            and shown is not None
            and shown != _digest(address.url),
        )

    def _is_polling(self) -> bool:
        return self._entry.options.get(CONF_INBOUND) == INBOUND_POLLING

    def _time_to_answer(self) -> float:
        """Return for how many seconds the guide alone tells of a missing address.

        It asks what to do about it; if it is closed without an answer, an issue asks.
        """
        if CONF_INBOUND in self._entry.options:
            return 0
        age = dt_util.utcnow() - self._entry.created_at
        return (_TIME_FOR_GUIDE - age).total_seconds()

    def _show(self, issue: Issue, *, is_so: bool) -> None:
        if is_so:
            async_raise_issue(self._hass, self._entry, issue)
        else:
            async_close_issue(self._hass, self._entry, issue)


@callback
def async_note_shown(hass: HomeAssistant, entry: CeculaConfigEntry, url: str) -> None:
    """Remember, as a digest, which address the user was shown to paste."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_SHOWN_ADDRESS: _digest(url)}
    )
    async_close_issue(hass, entry, Issue.ADDRESS_CHANGED)


def _is_cloud_away(hass: HomeAssistant) -> bool:
    """Tell whether there is a cloud whose address can't be asked for now."""
    if (cloud := _cloud(hass)) is None or not cloud.async_active_subscription(hass):
        return False
    return not cloud.async_is_connected(hass)


def _digest(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:32]
