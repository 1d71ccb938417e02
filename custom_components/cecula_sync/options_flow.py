"""Options: the guide that follows the set-up, the webhook tried out live, settings."""

import asyncio
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.event import async_track_time_interval
import probatio as vol

from .address import async_address, async_note_shown
from .api.numbers import display
from .const import (
    CONF_ALLOW_COMMANDS,
    CONF_INBOUND,
    CONF_NUMBER,
    INBOUND_POLLING,
    INBOUND_WEBHOOK,
    SUBENTRY_TYPE_CONTACT,
)
from .first_text import FirstTextFlow
from .recipients import typing_region
from .settings_form import SETTINGS_SCHEMA, read_settings, settings_as_shown
from .subentry_flow import CONTACT_SCHEMA, read_contact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.config_entries import ConfigFlowResult

    from .models import CeculaConfigEntry
    from .webhook import WebhookManager

_LONGEST_TEST: Final = 120  # seconds
_TICK: Final = timedelta(seconds=1)

# Who leaves these empty adds nobody.
_WHO: Final = (CONF_NAME, CONF_NUMBER)
FIRST_CONTACT_SCHEMA = vol.Schema(
    {
        vol.Optional(field.schema) if field in _WHO else field: selector
        for field, selector in CONTACT_SCHEMA.schema.items()
    }
)


class CeculaSyncOptionsFlow(FirstTextFlow):
    """Leads on from the set-up; later, shows, renews and tests the webhook.

    Nothing here reloads the entry: what changes is applied in place.
    """

    def __init__(self) -> None:
        """Start with no test, nor its result."""
        self._test: asyncio.Task[str] | None = None
        self._number = ""
        self._result = ""

    @property
    @override
    def _entry(self) -> CeculaConfigEntry:
        """Return the entry; end the dialog unless it is loaded.

        An open dialog outlives an entry that is unloaded, or even removed.
        """
        entry: CeculaConfigEntry | None = self.hass.config_entries.async_get_entry(
            self.handler
        )
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            raise AbortFlow(reason="not_loaded")
        return entry

    async def async_step_init(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer what can be done; the first time, show the way."""
        if CONF_INBOUND not in self._entry.options:
            return await self.async_step_webhook()
        return self.async_show_menu(
            step_id="init",
            menu_options=["settings", "webhook", "renew_webhook", "test_webhook"],
        )

    async def async_step_webhook(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the URL that the provider is to post to, if there is a public one."""
        address = await async_address(self.hass, self._entry)
        if address is None:
            return self.async_show_menu(
                step_id="no_webhook", menu_options=["use_polling", "go_on"]
            )
        async_note_shown(self.hass, self._entry, address.url)
        return self.async_show_menu(
            step_id="webhook" if address.is_encrypted else "insecure_webhook",
            menu_options=["test_webhook", "go_on"],
            description_placeholders={"webhook_url": address.url},
        )

    async def async_step_insecure_webhook(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the URL, and that it is not https."""
        return await self.async_step_webhook()

    async def async_step_no_webhook(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that nothing can be posted, and what can be done."""
        return await self.async_step_webhook()

    async def async_step_use_polling(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Look for texts and calls instead of being told, from now on."""
        entry = self._entry
        is_first = CONF_INBOUND not in entry.options
        # Kept at once: whoever closes the dialog after this believes that it is so.
        self.hass.config_entries.async_update_entry(
            entry, options={**entry.options, CONF_INBOUND: INBOUND_POLLING}
        )
        return await self._async_step_end(is_first=is_first)

    async def async_step_go_on(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Finish; the first time, ask for a contact, unless there is one."""
        return await self._async_step_end(
            is_first=CONF_INBOUND not in self._entry.options
        )

    async def _async_step_end(self, *, is_first: bool) -> ConfigFlowResult:
        contacts = self._entry.get_subentries_of_type(SUBENTRY_TYPE_CONTACT)
        if is_first and not any(contacts):
            return await self.async_step_contact()
        return self._finish()

    async def async_step_contact(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a first contact, who may be texted at once; an empty form adds none."""
        entry = self._entry
        errors: dict[str, str] = {}
        if user_input is not None:
            if not any(user_input.get(key, "").strip() for key in _WHO):
                return self._finish()
            name, number, errors = read_contact(self.hass, entry, user_input)
            if not errors:
                contact = ConfigSubentry(
                    data=MappingProxyType(
                        {
                            CONF_NUMBER: number,
                            CONF_ALLOW_COMMANDS: user_input[CONF_ALLOW_COMMANDS],
                        }
                    ),
                    subentry_type=SUBENTRY_TYPE_CONTACT,
                    title=name,
                    unique_id=number,
                )
                self.hass.config_entries.async_add_subentry(entry, contact)
                self._addressee = contact
                return await self.async_step_first_text()
        return self.async_show_form(
            step_id="contact",
            data_schema=self.add_suggested_values_to_schema(
                FIRST_CONTACT_SCHEMA, user_input
            ),
            errors=errors,
        )

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose how things come in, how numbers are read, what is kept."""
        entry = self._entry
        if user_input is not None:
            return self._finish(read_settings(user_input))
        known = settings_as_shown(entry.options, typing_region(self.hass, entry))
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(SETTINGS_SCHEMA, known),
        )

    async def async_step_renew_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Make another URL, after a warning, and show it."""
        entry = self._entry
        if user_input is None:
            return self.async_show_form(step_id="renew_webhook")
        await entry.runtime_data.webhook.async_renew()
        return await self.async_step_webhook()

    async def async_step_test_webhook(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait for a post, however often the dialog is looked at meanwhile."""
        if self._test is None:
            entry = self._entry
            self._number = display(entry.data[CONF_NUMBER])
            self._test = entry.async_create_background_task(
                self.hass,
                self._async_listen(entry.runtime_data.webhook),
                f"Test of the webhook of {entry.title}",
            )
        if not self._test.done():
            return self.async_show_progress(
                step_id="test_webhook",
                progress_action="test_webhook",
                description_placeholders={"number": self._number},
                progress_task=self._test,
            )
        test, self._test = self._test, None
        self._result = "cut_off" if test.cancelled() else test.result()
        return self.async_show_progress_done(next_step_id=self._result)

    async def _async_listen(self, webhook: WebhookManager) -> str:
        """Wait for a post; return the step that tells of it."""
        ticks = count(1)

        @callback
        def tick(_now: datetime) -> None:
            self.async_update_progress(min(1, next(ticks) / _LONGEST_TEST))

        stop = async_track_time_interval(self.hass, tick, _TICK)
        try:
            async with asyncio.timeout(_LONGEST_TEST):
                return f"test_{await webhook.async_next_post()}"
        except TimeoutError:
            return "test_timed_out"
        finally:
            stop()

    async def async_step_cut_off(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End with a test that the entry did not outlive, though it may be back."""
        return self.async_abort(reason="not_loaded")

    async def _async_step_heard(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what came; the others of the four kinds may be tried as well."""
        return self._show_result(["test_webhook", "go_on"])

    async def _async_step_not_heard(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say why that was no success, and what to look at."""
        return self._show_result(["test_webhook", "webhook", "go_on"])

    # Of these, only the texts differ.
    async_step_test_sms = _async_step_heard
    async_step_test_call = _async_step_heard
    async_step_test_sms_status = _async_step_heard
    async_step_test_call_status = _async_step_heard
    async_step_test_another_number = _async_step_not_heard
    async_step_test_unreadable = _async_step_not_heard
    async_step_test_timed_out = _async_step_not_heard

    def _show_result(self, menu_options: list[str]) -> ConfigFlowResult:
        """Show what may follow on how the test ended."""
        return self.async_show_menu(
            step_id=self._result,
            menu_options=menu_options,
            description_placeholders={"line": self._entry.title},
        )

    @override
    def _finish(self, changes: Mapping[str, Any] | None = None) -> ConfigFlowResult:
        """Keep what was changed; that texts come by webhook is what goes without."""
        options = {CONF_INBOUND: INBOUND_WEBHOOK, **self._entry.options}
        return self.async_create_entry(data={**options, **(changes or {})})
