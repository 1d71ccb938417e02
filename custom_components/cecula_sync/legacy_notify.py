"""Legacy notify actions, which `alert` and old blueprints still call.

Registered here rather than by core's discovery, which lets two titles share one
name and, on unload, removes actions that are not its own.
"""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.components.notify.const import (
    ATTR_DATA,
    ATTR_MESSAGE,
    ATTR_TARGET,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
)
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import slugify
import probatio as vol

from .api.numbers import split_recipients
from .const import ATTR_IGNORE_LIMIT, CONF_NOTIFY_ACTION, CONF_NUMBER, DOMAIN
from .entity import async_texted
from .issues import async_close_action_taken, async_raise_action_taken
from .legacy_words import async_describe_action
from .outcome import raise_unless_all_accepted
from .recipients import require_recipients
from .sender import with_title

if TYPE_CHECKING:
    from .endings import SendResult
    from .models import CeculaConfigEntry
    from .recipients import Recipient

# Targets stay what they are: an unquoted number that YAML made an integer of must
# not pass for text.
_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_MESSAGE): cv.string,
        vol.Optional(ATTR_TITLE): cv.string,
        vol.Optional(ATTR_TARGET): object,
        vol.Optional(ATTR_DATA): vol.Any(
            # What else is there is for other notify actions of the same alert.
            vol.Schema(
                # A template may give nothing, which keeps no alarm from leaving.
                {vol.Optional(ATTR_IGNORE_LIMIT): vol.Any(None, "", cv.boolean)},
                extra=vol.ALLOW_EXTRA,
            ),
            None,
        ),
    }
)
type _Handler = Callable[[ServiceCall], Coroutine[Any, Any, None]]


class LegacyNotify:
    """The notify actions of one dedicated number, its contacts and its groups."""

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take the entry, which keeps the names."""
        self._hass = hass
        self._entry = entry
        self._registered: dict[str, str] = {}
        self._refused: set[str] = set()

    @callback
    def async_sync(self) -> None:
        """Register what is new, remove what is gone, describe all; names stay."""
        wanted = dict(self._wanted())
        for owner in (self._registered.keys() | self._refused) - wanted.keys():
            self._forget(owner)
        for owner, (name, handler) in wanted.items():
            if owner not in self._registered:
                self._register(owner, name, handler)
        for owner, name in self._registered.items():
            subentry = self._entry.subentries.get(owner)
            async_describe_action(
                self._hass,
                name,
                line=self._entry.title,
                contact=subentry.title if subentry else None,
            )

    @callback
    def async_remove_all(self) -> None:
        """Remove the actions that were registered here, and no others."""
        for owner in self._registered.keys() | self._refused:
            self._forget(owner)

    def _wanted(self) -> Iterator[tuple[str, tuple[str, _Handler]]]:
        name = self._name_of_line()
        yield self._entry.entry_id, (name, self._async_send_to_targets)
        for subentry in self._entry.subentries.values():
            yield (
                subentry.subentry_id,
                (
                    self._name_of_subentry(subentry.subentry_id, name),
                    partial(self._async_send_to_members, subentry.subentry_id),
                ),
            )

    def _register(self, owner: str, name: str, handler: _Handler) -> None:
        if self._hass.services.has_service(NOTIFY_DOMAIN, name):
            self._refused.add(owner)
            async_raise_action_taken(self._hass, owner, f"{NOTIFY_DOMAIN}.{name}")
            return
        self._forget(owner)
        self._hass.services.async_register(NOTIFY_DOMAIN, name, handler, schema=_SCHEMA)
        self._registered[owner] = name

    def _forget(self, owner: str) -> None:
        """Remove an owner's action, or the issue that it has none."""
        if (name := self._registered.pop(owner, None)) is not None:
            self._hass.services.async_remove(NOTIFY_DOMAIN, name)
        if owner in self._refused:
            self._refused.remove(owner)
            async_close_action_taken(self._hass, owner)

    def _name_of_line(self) -> str:
        if (name := self._entry.data.get(CONF_NOTIFY_ACTION)) is not None:
            return str(name)
        name = self._free_name(f"cecula_sync_{self._entry.data[CONF_NUMBER][-4:]}")
        self._hass.config_entries.async_update_entry(
            self._entry, data={**self._entry.data, CONF_NOTIFY_ACTION: name}
        )
        return name

    def _name_of_subentry(self, subentry_id: str, line: str) -> str:
        subentry = self._entry.subentries[subentry_id]
        if (name := subentry.data.get(CONF_NOTIFY_ACTION)) is not None:
            return str(name)
        name = self._free_name(f"{line}_{slugify(subentry.title)}")
        self._hass.config_entries.async_update_subentry(
            self._entry, subentry, data={**subentry.data, CONF_NOTIFY_ACTION: name}
        )
        return name

    def _free_name(self, wanted: str) -> str:
        """Return a name that no action bears and none of ours is waiting for."""
        taken = set(self._hass.services.async_services_for_domain(NOTIFY_DOMAIN))
        for entry in self._hass.config_entries.async_entries(DOMAIN):
            taken.add(entry.data.get(CONF_NOTIFY_ACTION, ""))
            for subentry in entry.subentries.values():
                taken.add(subentry.data.get(CONF_NOTIFY_ACTION, ""))
        name, count = wanted, 1
        while name in taken:
            count += 1
            name = f"{wanted}_{count}"
        return name

    async def _async_send_to_targets(self, call: ServiceCall) -> None:
        """Send to the numbers in `target`; `alert` puts them into `data.target`."""
        given = call.data.get(ATTR_TARGET), _data(call).get(ATTR_TARGET)
        targets = [target for target in given if target]
        if not targets:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="target_missing"
            )
        recipients, rejected = self._entry.runtime_data.phone_book.read(
            split_recipients(targets)
        )
        require_recipients(recipients, rejected)
        result = await self._async_send(recipients, call)
        raise_unless_all_accepted(result, rejected)

    async def _async_send_to_members(self, subentry_id: str, call: ServiceCall) -> None:
        phone_book = self._entry.runtime_data.phone_book
        result = await self._async_send(phone_book.recipients_of(subentry_id), call)
        raise_unless_all_accepted(result, ())
        async_texted(self._hass, [subentry_id], call.context)

    async def _async_send(
        self, recipients: Sequence[Recipient], call: ServiceCall
    ) -> SendResult:
        return await self._entry.runtime_data.sender.async_send_sms(
            with_title(call.data[ATTR_MESSAGE], call.data.get(ATTR_TITLE)),
            recipients,
            call.context,
            ignore_limit=bool(_data(call).get(ATTR_IGNORE_LIMIT)),
        )


def _data(call: ServiceCall) -> dict[str, Any]:
    return call.data.get(ATTR_DATA) or {}
