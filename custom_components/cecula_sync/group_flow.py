"""Groups as subentries: several contacts under one name."""

from typing import TYPE_CHECKING, Any

from homeassistant.components.notify.const import DOMAIN as NOTIFY_DOMAIN
from homeassistant.config_entries import (
    ConfigSubentryFlow,
    UnknownEntry,
    UnknownSubEntry,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
import probatio as vol

from .const import CONF_CONTACTS, CONF_NOTIFY_ACTION
from .recipients import PhoneBook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.config_entries import SubentryFlowResult

    from .recipients import Contact


GROUP_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(TextSelectorConfig(autocomplete="off")),
        # The contacts that there are when the form is shown take this one's place.
        vol.Required(CONF_CONTACTS): SelectSelector(SelectSelectorConfig(options=[])),
    }
)


class GroupSubentryFlow(ConfigSubentryFlow):
    """Adds or changes a group. A group holds the ids of its contacts."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a group, once there are contacts."""
        if self.hass.config_entries.async_get_entry(self._entry_id) is None:
            return self.async_abort(reason="line_removed")
        if not self._contacts:
            return self.async_abort(reason="no_contacts")
        errors: dict[str, str] = {}
        if user_input is not None:
            name, members, errors = self._read(user_input)
            if not errors:
                return self.async_create_entry(
                    title=name, data={CONF_CONTACTS: members}
                )
        # Without a suggestion the first contact would be chosen already.
        values = user_input or {CONF_CONTACTS: []}
        return self._form(step_id="user", values=values, errors=errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a group's name or contacts."""
        try:
            subentry = self._get_reconfigure_subentry()
        except UnknownEntry, UnknownSubEntry:
            return self.async_abort(reason="group_removed")
        if not self._contacts:
            return self.async_abort(reason="no_contacts")
        errors: dict[str, str] = {}
        if user_input is not None:
            name, members, errors = self._read(user_input)
            if not errors:
                return self.async_update_and_abort(
                    self._get_entry(),
                    subentry,
                    title=name,
                    data_updates={CONF_CONTACTS: members},
                    reason="group_changed",
                )
        known = {
            CONF_NAME: subentry.title,
            CONF_CONTACTS: self._still_there(subentry.data[CONF_CONTACTS]),
        }
        action = subentry.data.get(CONF_NOTIFY_ACTION, "-")
        return self._form(
            step_id="reconfigure",
            values=user_input or known,
            errors=errors,
            placeholders={"action": f"{NOTIFY_DOMAIN}.{action}"},
        )

    @property
    def _contacts(self) -> list[Contact]:
        return PhoneBook(self.hass, self._get_entry()).contacts

    def _still_there(self, members: Sequence[str]) -> list[str]:
        phone_book = PhoneBook(self.hass, self._get_entry())
        return [contact.contact_id for contact in phone_book.contacts_of(members)]

    def _read(self, typed: dict[str, Any]) -> tuple[str, list[str], dict[str, str]]:
        """Return the name, the contacts and the form's errors.

        A contact may be removed while the form is open.
        """
        errors: dict[str, str] = {}
        name = " ".join(typed[CONF_NAME].split())
        if not name:
            errors[CONF_NAME] = "empty_name"
        members = self._still_there(typed[CONF_CONTACTS])
        if not members:
            errors[CONF_CONTACTS] = "nobody"
        return name, members, errors

    def _form(
        self,
        *,
        step_id: str,
        values: dict[str, Any],
        errors: dict[str, str],
        placeholders: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        options = [
            SelectOptionDict(value=contact.contact_id, label=contact.name)
            for contact in self._contacts
        ]
        contacts = SelectSelector(
            SelectSelectorConfig(options=options, multiple=True, sort=True)
        )
        schema = GROUP_SCHEMA.extend({vol.Required(CONF_CONTACTS): contacts})
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, values),
            errors=errors,
            description_placeholders=placeholders,
        )
