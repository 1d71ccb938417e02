"""Whose SIM an action means: the one it names, its contacts', or the only one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from homeassistant.components.notify.const import DOMAIN as NOTIFY_DOMAIN
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    config_validation as cv,
    entity_registry as er,
    service,
)
import probatio as vol

from .api.masking import mask_numbers
from .const import DOMAIN
from .recipients import Rejection, require_recipients

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from homeassistant.core import HomeAssistant, ServiceCall

    from .models import CeculaConfigEntry
    from .recipients import Recipient


# How every action may name its SIM.
LINE_SCHEMA: Final = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Target:
    """Whose SIM is meant, who is to be reached, each once, and what is nobody.

    `picked` are the subentry ids of the contacts and groups that were picked.
    """

    entry: CeculaConfigEntry
    recipients: list[Recipient]
    rejected: list[Rejection]
    picked: list[str]


def resolve(
    call: ServiceCall, typed: Sequence[object], contacts: Sequence[object]
) -> Target:
    """Return whom an action means.

    `typed` are numbers as people type them, `contacts` ids of notify entities of ours,
    of contacts and groups. One that is nobody keeps no text from the others. Raises
    `ServiceValidationError` where all are.
    """
    found, rejected = _found(call.hass, contacts)
    if not (typed or found):
        require_recipients((), rejected)
    entry = _entry_of_all(call, found, rejected)
    phone_book = entry.runtime_data.phone_book
    recipients, no_numbers = phone_book.read(typed)
    rejected = [*no_numbers, *rejected]
    picked: list[str] = []
    for entity_id, (_, subentry_id) in found.items():
        try:
            recipients += phone_book.recipients_of(subentry_id)
        except ServiceValidationError as err:
            rejected.append(_rejected(entity_id, err))
        else:
            picked.append(subentry_id)
    require_recipients(recipients, rejected)
    return Target(
        entry=entry,
        recipients=list({each.number: each for each in recipients}.values()),
        rejected=rejected,
        picked=picked,
    )


def _entry_of_all(
    call: ServiceCall,
    found: Mapping[str, tuple[str, str]],
    rejected: Sequence[Rejection],
) -> CeculaConfigEntry:
    """Return the entry that is meant; also a contact that is disabled may tell."""
    entities = er.async_get(call.hass)
    disabled = (entities.async_get(each.recipient) for each in rejected)
    of_contacts = {entry_id for entry_id, _ in found.values()} or {
        entity.config_entry_id
        for entity in disabled
        if entity and entity.platform == DOMAIN and entity.config_entry_id
    }
    try:
        return entry_of(call, of_contacts)
    except ServiceValidationError as err:
        # It would have told; that it can't is what has to be mended.
        raise rejected[0].error if rejected else err from None


def _found(
    hass: HomeAssistant, picked: Iterable[object]
) -> tuple[dict[str, tuple[str, str]], list[Rejection]]:
    """Return the ids of what was picked, by what was written, and what is nobody."""
    found: dict[str, tuple[str, str]] = {}
    rejected: list[Rejection] = []
    for each in map(str, picked):
        try:
            found[each] = contact_ids(hass, each)
        except ServiceValidationError as err:
            rejected.append(_rejected(each, err))
    return found, rejected


def _rejected(entity_id: str, error: ServiceValidationError) -> Rejection:
    return Rejection(
        recipient=entity_id,
        reason=error.translation_key or "",
        masked=mask_numbers(entity_id),
        error=error,
    )


def require_at_most_one(call: ServiceCall, number: str, contact: str) -> None:
    """Raise `ServiceValidationError` where both fields are given."""
    if number in call.data and contact in call.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="number_or_contact"
        )


def split_contacts(value: object) -> list[object]:
    """Take a list of entity ids apart: text with commas, a list or tuple, or one.

    Blanks, as a template gives for nobody, are dropped. Whatever else was written is
    left to `contact_ids`: core's own check would log a phone number whole.
    """
    if isinstance(value, str):
        value = value.split(",")
    picked = value if isinstance(value, list | tuple) else [value]
    return [each for each in picked if each is not None and str(each).strip()]


def contact_ids(hass: HomeAssistant, picked: object) -> tuple[str, str]:
    """Return the entry id and subentry id of one of our notify entities.

    Raises `ServiceValidationError` for any other entity, for a disabled one, and for
    what is no entity at all, such as a phone number.
    """
    entity_id = str(picked).strip().lower()
    entity = er.async_get(hass).async_get(entity_id)
    if (
        entity is None
        or entity.platform != DOMAIN
        or entity.domain != NOTIFY_DOMAIN
        or entity.config_entry_id is None
        or entity.config_subentry_id is None
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_contact",
            translation_placeholders={"entity": mask_numbers(entity_id) or '""'},
        )
    if entity.disabled:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="contact_disabled",
            translation_placeholders={"entity": mask_numbers(entity_id)},
        )
    return entity.config_entry_id, entity.config_subentry_id


def entry_of(call: ServiceCall, of_contacts: set[str]) -> CeculaConfigEntry:
    """Return the entry that is named, that the contacts have, or the only one.

    Raises `ServiceValidationError` where there are several, for a text must not leave
    from the wrong SIM, or none.
    """
    named = call.data.get(ATTR_CONFIG_ENTRY_ID)
    candidates = of_contacts | ({named} if named else set())
    if len(candidates) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="several_lines_mixed"
        )
    if not candidates:
        candidates = {
            entry.entry_id
            for entry in call.hass.config_entries.async_entries(
                DOMAIN, include_ignore=False, include_disabled=False
            )
        }
    if len(candidates) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="which_line"
        )
    entry: CeculaConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, next(iter(candidates), None)
    )
    return entry
