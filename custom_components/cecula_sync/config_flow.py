"""Set-up of a dedicated number: prove the key; the options then lead further."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components import webhook
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowContext,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
)
from homeassistant.const import CONF_API_KEY, CONF_VERIFY_SSL, CONF_WEBHOOK_ID
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio as vol

from .api.client import CeculaSyncClient
from .api.exceptions import CeculaAuthenticationError, CeculaError
from .api.models import PROVIDER_REGION
from .api.numbers import InvalidNumberError, display
from .connection_form import (
    PASSWORD,
    RECONFIGURE_SCHEMA,
    SECTION_SERVER,
    USER_SCHEMA,
    read_connection,
)
from .const import (
    CONF_BASE_URL,
    CONF_NUMBER,
    DOMAIN,
    LOGGER,
    SUBENTRY_TYPE_CONTACT,
    SUBENTRY_TYPE_GROUP,
)
from .group_flow import GroupSubentryFlow
from .options_flow import CeculaSyncOptionsFlow
from .proof import (
    ProvenAccount,
    async_prove,
    can_be_key,
    can_be_server,
    error_key,
    read_own_number,
)
from .subentry_flow import ContactSubentryFlow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import CeculaConfigEntry

# What the first look finds is filed whenever it ends; nobody waits longer for it.
_BASELINE_PATIENCE_SECONDS: Final = 10

_PHONE = TextSelector(TextSelectorConfig(type=TextSelectorType.TEL))

NUMBER_SCHEMA = vol.Schema({vol.Required(CONF_NUMBER): _PHONE})
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): PASSWORD})


class CeculaSyncConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up a dedicated number."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._connection: dict[str, Any] = {}
        self._account = ProvenAccount(number=None, suspended=False)

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: CeculaConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to a dedicated number."""
        return {
            SUBENTRY_TYPE_CONTACT: ContactSubentryFlow,
            SUBENTRY_TYPE_GROUP: GroupSubentryFlow,
        }

    @staticmethod
    @callback
    @override
    def async_get_options_flow(
        config_entry: CeculaConfigEntry,
    ) -> CeculaSyncOptionsFlow:
        """Return the dialog that follows the set-up, and changes it later."""
        return CeculaSyncOptionsFlow()

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the key, and prove it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            connection = read_connection(user_input)
            errors = await self._async_prove(connection)
            if not errors:
                self._connection = connection
                return await self._async_step_after_proof()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(USER_SCHEMA, user_input),
            errors=errors,
        )

    async def _async_step_after_proof(self) -> ConfigFlowResult:
        self._async_abort_entries_match(
            {
                CONF_API_KEY: self._connection[CONF_API_KEY],
                CONF_BASE_URL: self._connection[CONF_BASE_URL],
            }
        )
        if self._account.number is None:
            return await self.async_step_number()
        return await self._async_step_with_number(self._account.number)

    async def async_step_number(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the number of a server that does not tell it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            region = self.hass.config.country or PROVIDER_REGION
            try:
                number = read_own_number(user_input[CONF_NUMBER], region)
            except InvalidNumberError as err:
                errors[CONF_NUMBER] = f"number_{err.reason}"
            else:
                return await self._async_step_with_number(number)
        return self.async_show_form(
            step_id="number",
            data_schema=self.add_suggested_values_to_schema(NUMBER_SCHEMA, user_input),
            errors=errors,
        )

    async def _async_step_with_number(self, number: str) -> ConfigFlowResult:
        # A dialog that was left open must not block the number.
        await self.async_set_unique_id(number, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        if self._async_current_entries(include_ignore=False):
            return await self.async_step_another_line()
        return await self._async_step_state_of_service()

    async def async_step_another_line(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell which actions must name a number from now on (there are several)."""
        if user_input is not None:
            return await self._async_step_state_of_service()
        return self.async_show_form(step_id="another_line")

    async def _async_step_state_of_service(self) -> ConfigFlowResult:
        if self._account.suspended:
            return await self.async_step_suspended()
        return self._async_create()

    async def async_step_suspended(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the service is suspended; it is set up all the same."""
        if user_input is not None:
            return self._async_create()
        return self.async_show_form(step_id="suspended")

    def _async_create(self) -> ConfigFlowResult:
        number = self.unique_id or ""
        return self.async_create_entry(
            title=display(number),
            data={
                **self._connection,
                CONF_NUMBER: number,
                CONF_WEBHOOK_ID: webhook.async_generate_id(),
            },
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Lead on to the webhook, if it listens: only then may its address be used.

        By then it is known, if the provider is quick, what came before.
        """
        entry: CeculaConfigEntry = result["result"]
        if entry.state is ConfigEntryState.LOADED:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BASELINE_PATIENCE_SECONDS):
                    await entry.runtime_data.catch_up.async_looked()
        # It may have been unloaded, or removed, meanwhile.
        if entry.state is ConfigEntryState.LOADED:
            guide = await self.hass.config_entries.options.async_init(
                entry.entry_id, context=ConfigFlowContext(source=SOURCE_USER)
            )
            result["next_flow"] = (FlowType.OPTIONS_FLOW, guide["flow_id"])
        return result

    async def async_step_reauth(
        self, _entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for another key when the provider refuses the one we have."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take another key of the same number."""
        errors: dict[str, str] = {}
        entry = self._get_reauth_entry()
        if user_input is not None:
            api_key = user_input[CONF_API_KEY].strip()
            errors = await self._async_prove({**entry.data, CONF_API_KEY: api_key})
            if not errors:
                await self.async_set_unique_id(self._account.number or entry.unique_id)
                self._abort_if_unique_id_mismatch(reason="another_number")
                return self._async_keep(
                    entry, {CONF_API_KEY: api_key}, reason="key_works"
                )
        return self.async_show_form(
            step_id="reauth_confirm", data_schema=REAUTH_SCHEMA, errors=errors
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take another key of the same number, or another server; prove them."""
        errors: dict[str, str] = {}
        entry = self._get_reconfigure_entry()
        if user_input is not None:
            connection = read_connection(user_input)
            old_key = str(entry.data.get(CONF_API_KEY, ""))
            connection[CONF_API_KEY] = connection[CONF_API_KEY] or old_key
            errors = await self._async_prove(connection)
            if not errors:
                await self.async_set_unique_id(self._account.number or entry.unique_id)
                self._abort_if_unique_id_mismatch(reason="another_number")
                return self._async_keep(entry, connection, reason="connection_works")
        known = {SECTION_SERVER: dict(entry.data)}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                RECONFIGURE_SCHEMA, user_input or known
            ),
            errors=errors,
            description_placeholders={"line": entry.title},
        )

    @callback
    def _async_keep(
        self, entry: CeculaConfigEntry, changes: dict[str, Any], *, reason: str
    ) -> ConfigFlowResult:
        """Store what was proved, and load the entry anew.

        The update listener of a loaded entry does that, if anything has changed.
        """
        is_heard = (
            entry.state is ConfigEntryState.LOADED
            and {**entry.data, **changes} != entry.data
        )
        result = self.async_update_and_abort(entry, data_updates=changes, reason=reason)
        if not is_heard:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result

    async def _async_prove(self, connection: Mapping[str, Any]) -> dict[str, str]:
        """Prove a key; return the form's errors."""
        api_key, base_url = connection[CONF_API_KEY], connection[CONF_BASE_URL]
        if not can_be_key(api_key):
            return {CONF_API_KEY: "invalid_auth"}
        if not can_be_server(base_url):
            return {"base": "invalid_url"}
        session = async_get_clientsession(self.hass, connection[CONF_VERIFY_SSL])
        client = CeculaSyncClient(session, api_key, base_url=base_url)
        try:
            self._account = await async_prove(client)
        except CeculaAuthenticationError:
            return {CONF_API_KEY: "invalid_auth"}
        except CeculaError as err:
            return {"base": error_key(err)}
        except Exception:  # noqa: BLE001 (core's accepted last resort of a form)
            LOGGER.exception("Unexpected failure while proving a key")
            return {"base": "unknown"}
        return {}
