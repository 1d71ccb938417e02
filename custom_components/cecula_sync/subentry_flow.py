"""Contacts as subentries: add one, change one."""

from typing import TYPE_CHECKING, Any

from homeassistant.components.notify.const import DOMAIN as NOTIFY_DOMAIN
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentryFlow,
    UnknownEntry,
    UnknownSubEntry,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio as vol

from .api.numbers import InvalidNumberError, parse_recipient
from .const import CONF_ALLOW_COMMANDS, CONF_NOTIFY_ACTION, CONF_NUMBER
from .recipients import typing_region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import SubentryFlowResult
    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

CONTACT_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(TextSelectorConfig(autocomplete="off")),
        vol.Required(CONF_NUMBER): TextSelector(
            TextSelectorConfig(type=TextSelectorType.TEL, autocomplete="off")
        ),
        vol.Required(CONF_ALLOW_COMMANDS, default=False): BooleanSelector(),
    }
)


class ContactSubentryFlow(ConfigSubentryFlow):
    """Adds or changes a contact."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a contact; its number is shown back in E.164."""
        if self.hass.config_entries.async_get_entry(self._entry_id) is None:
            return self.async_abort(reason="line_removed")
        errors: dict[str, str] = {}
        if user_input is not None:
            name, number, errors = read_contact(
                self.hass, self._get_entry(), user_input
            )
            if not errors:
                return self.async_create_entry(
                    title=name,
                    data={
                        CONF_NUMBER: number,
                        CONF_ALLOW_COMMANDS: user_input[CONF_ALLOW_COMMANDS],
                    },
                    unique_id=number,
                    description="created",
                    description_placeholders={"number": number},
                )
        values = user_input or {CONF_NUMBER: self._unknown_number()}
        return self._form(step_id="user", values=values, errors=errors)

    def _unknown_number(self) -> str | None:
        """Return the number that last texted or called and is no contact's."""
        entry: CeculaConfigEntry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return None
        runtime = entry.runtime_data
        return runtime.history.last_sender(runtime.phone_book.is_unknown)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a contact's name or number, and whether it may give commands."""
        try:
            subentry = self._get_reconfigure_subentry()
        except UnknownEntry, UnknownSubEntry:
            return self.async_abort(reason="contact_removed")
        errors: dict[str, str] = {}
        if user_input is not None:
            name, number, errors = read_contact(
                self.hass, self._get_entry(), user_input, subentry.subentry_id
            )
            if not errors:
                return self.async_update_and_abort(
                    self._get_entry(),
                    subentry,
                    title=name,
                    unique_id=number,
                    data_updates={
                        CONF_NUMBER: number,
                        CONF_ALLOW_COMMANDS: user_input[CONF_ALLOW_COMMANDS],
                    },
                    reason="contact_changed",
                )
        known = {CONF_NAME: subentry.title, **subentry.data}
        action = subentry.data.get(CONF_NOTIFY_ACTION, "-")
        return self._form(
            step_id="reconfigure",
            values=user_input or known,
            errors=errors,
            placeholders={"action": f"{NOTIFY_DOMAIN}.{action}"},
        )

    def _form(
        self,
        *,
        step_id: str,
        values: dict[str, Any],
        errors: dict[str, str],
        placeholders: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(CONTACT_SCHEMA, values),
            errors=errors,
            description_placeholders=placeholders,
        )


def read_contact(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    typed: Mapping[str, Any],
    own_id: str | None = None,
) -> tuple[str, str, dict[str, str]]:
    """Return the name, the number as E.164, and the form's errors.

    A contact that is changed, `own_id`, may keep its number.
    """
    errors: dict[str, str] = {}
    name = " ".join(typed.get(CONF_NAME, "").split())
    if not name:
        errors[CONF_NAME] = "empty_name"
    number = ""
    try:
        number = parse_recipient(typed.get(CONF_NUMBER, ""), typing_region(hass, entry))
    except InvalidNumberError as err:
        errors[CONF_NUMBER] = f"number_{err.reason}"
    if number == entry.data[CONF_NUMBER]:
        errors[CONF_NUMBER] = "own_number"
    if number and any(
        subentry.unique_id == number and subentry.subentry_id != own_id
        for subentry in entry.subentries.values()
    ):
        errors[CONF_NUMBER] = "duplicate"
    return name, number, errors
