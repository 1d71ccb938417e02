"""The phone book: contacts, what people type, and who a number belongs to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError

from .api.masking import mask, mask_numbers
from .api.numbers import InvalidNumberError, parse_recipient, region_of
from .const import (
    CONF_ALLOW_COMMANDS,
    CONF_CONTACTS,
    CONF_COUNTRY,
    CONF_NUMBER,
    DOMAIN,
    SUBENTRY_TYPE_CONTACT,
    SUBENTRY_TYPE_GROUP,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contact:
    """A person with a number (E.164); `contact_id` is the subentry's id."""

    contact_id: str
    name: str
    number: str
    allow_commands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Group:
    """Contacts under one name; `members` are their ids, and may be of removed ones."""

    group_id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recipient:
    """An E.164 number that can be sent to, and the contact it belongs to."""

    number: str
    contact: Contact | None = None

    @property
    def masked(self) -> str:
        """How to name the recipient in a text that may be logged."""
        return mask_numbers(self.contact.name) if self.contact else mask(self.number)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Rejection:
    """Something typed or picked that is nobody; `reason` is a word for machines.

    `masked` names it in a text that may be logged, `error` tells of it alone.
    """

    recipient: str
    reason: str
    masked: str
    error: ServiceValidationError


def typing_region(hass: HomeAssistant, entry: CeculaConfigEntry) -> str:
    """Return the ISO region in which people type national numbers."""
    chosen: str | None = entry.options.get(CONF_COUNTRY)
    return chosen or hass.config.country or region_of(entry.data[CONF_NUMBER])


class PhoneBook:
    """The contacts of one dedicated number, read afresh so that edits apply at once."""

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take the entry whose subentries are the contacts."""
        self._hass = hass
        self._entry = entry

    @property
    def contacts(self) -> list[Contact]:
        """Return all contacts."""
        return [
            _as_contact(subentry)
            for subentry in self._entry.get_subentries_of_type(SUBENTRY_TYPE_CONTACT)
        ]

    def contact(self, contact_id: str) -> Contact | None:
        """Return the contact of a subentry id, unless it was removed."""
        subentry = self._entry.subentries.get(contact_id)
        if subentry is None or subentry.subentry_type != SUBENTRY_TYPE_CONTACT:
            return None
        return _as_contact(subentry)

    def contact_of(self, number: str | None) -> Contact | None:
        """Return whose number (E.164) this is; a withheld one is nobody's."""
        return next((item for item in self.contacts if item.number == number), None)

    def contacts_of(self, contact_ids: Iterable[str]) -> list[Contact]:
        """Return the contacts with these ids, each once, without removed ones."""
        found = map(self.contact, dict.fromkeys(contact_ids))
        return [contact for contact in found if contact is not None]

    @property
    def groups(self) -> list[Group]:
        """Return all groups."""
        return [
            Group(
                group_id=subentry.subentry_id,
                name=subentry.title,
                members=tuple(subentry.data[CONF_CONTACTS]),
            )
            for subentry in self._entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP)
        ]

    @callback
    def async_heal_groups(self) -> list[Group]:
        """Take contacts that are gone out of their groups; return the empty groups.

        While an entry is unloaded nobody sees a removal, and a form that was opened
        before one writes the removed contact back.
        """
        for group in self.groups:
            members = [it.contact_id for it in self.contacts_of(group.members)]
            if len(members) < len(group.members):
                subentry = self._entry.subentries[group.group_id]
                self._hass.config_entries.async_update_subentry(
                    self._entry,
                    subentry,
                    data={**subentry.data, CONF_CONTACTS: members},
                )
        return [group for group in self.groups if not group.members]

    def recipients_of(self, subentry_id: str) -> list[Recipient]:
        """Return a contact, or the members of a group, as recipients.

        Raises `ServiceValidationError` if it was removed, or if a group is empty.
        """
        group = next((it for it in self.groups if it.group_id == subentry_id), None)
        contacts = self.contacts_of([subentry_id] if group is None else group.members)
        if contacts:
            return [Recipient(number=it.number, contact=it) for it in contacts]
        if group is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="contact_removed"
            )
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="empty_group",
            translation_placeholders={"group": mask_numbers(group.name)},
        )

    def is_unknown(self, party: str) -> bool:
        """Return whether this is a number that could become a contact."""
        try:
            number = parse_recipient(party, typing_region(self._hass, self._entry))
        except InvalidNumberError:
            return False
        return number == party and self.contact_of(number) is None

    def read(self, typed: Iterable[object]) -> tuple[list[Recipient], list[Rejection]]:
        """Read what people typed: the good ones, each once, and the others."""
        region = typing_region(self._hass, self._entry)
        good: dict[str, Recipient] = {}
        rejected: list[Rejection] = []
        for item in typed:
            try:
                number = parse_recipient(item, region)
            except InvalidNumberError as err:
                rejected.append(_rejected_number(str(item), err.reason))
            else:
                contact = self.contact_of(number)
                good.setdefault(number, Recipient(number=number, contact=contact))
        return list(good.values()), rejected


def require_recipients(
    recipients: Sequence[Recipient], rejected: Sequence[Rejection]
) -> None:
    """Raise `ServiceValidationError` where there is nobody to send to."""
    if recipients:
        return
    if not rejected:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_recipient"
        )
    if len(rejected) == 1:
        raise rejected[0].error
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_valid_recipient",
        translation_placeholders={"recipients": named(rejected)},
    )


def named(rejected: Sequence[Rejection]) -> str:
    """Return what was rejected, and why, for a text that may be logged."""
    return ", ".join(f"{each.masked} ({each.reason})" for each in rejected)


def _rejected_number(typed: str, reason: str) -> Rejection:
    masked = mask(typed)
    return Rejection(
        recipient=typed,
        reason=reason,
        masked=masked,
        error=ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=f"recipient_{reason}",
            translation_placeholders={"recipient": masked},
        ),
    )


def _as_contact(subentry: ConfigSubentry) -> Contact:
    return Contact(
        contact_id=subentry.subentry_id,
        name=subentry.title,
        number=subentry.data[CONF_NUMBER],
        allow_commands=subentry.data.get(CONF_ALLOW_COMMANDS, False),
    )
