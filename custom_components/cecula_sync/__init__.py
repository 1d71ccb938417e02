"""Cecula Sync: a phone number as part of a house. This file only wires the rooms."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from homeassistant.const import CONF_WEBHOOK_ID, EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr

from .address import AddressWatch, async_forget_cloudhook
from .catch_up import CatchUp
from .connection import (
    async_teach,
    client_of,
    connection_of,
    damaged_fields,
    dialect_of,
)
from .const import DOMAIN
from .coordinator import AccountCoordinator
from .delivery import DeliveryTracker
from .entity import async_contacts_changed, line_device_info
from .events import Events
from .guard import SpendingGuard
from .history import History
from .inbox import Inbox
from .issues import (
    Issue,
    async_close_all_issues,
    async_close_issue,
    async_raise_issue,
    async_watch_disabled,
)
from .legacy_notify import LegacyNotify
from .life import async_despite_cancellation, async_open_in_time, async_quiesce
from .log_filter import async_forget_secrets, async_hide_secrets_of
from .models import CeculaRuntimeData
from .questions import Questions
from .recipients import PhoneBook
from .sender import Sender
from .services import async_setup_services
from .store import Journal, JournalError, JournalTooNewError, async_delete_journals
from .tracked import TrackedMessages
from .webhook import DATA_WEBHOOKS, WebhookManager

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

    from .api.client import CeculaSyncClient
    from .models import CeculaConfigEntry

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.BUTTON, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions, and listen for every number before it is set up."""
    async_setup_services(hass)
    hass.data[DATA_WEBHOOKS] = {}
    async_watch_disabled(hass)
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        # Core logs the id of a disabled one's webhook, which is good again later.
        async_hide_secrets_of(entry)
        if entry.disabled_by is None and not damaged_fields(entry):
            _listen(hass, entry)
    return True


def _listen(hass: HomeAssistant, entry: CeculaConfigEntry) -> WebhookManager:
    webhooks = hass.data[DATA_WEBHOOKS]
    if entry.entry_id not in webhooks:
        webhooks[entry.entry_id] = WebhookManager(hass, entry, dialect_of(entry))
        webhooks[entry.entry_id].async_listen()
    return webhooks[entry.entry_id]


async def async_setup_entry(hass: HomeAssistant, entry: CeculaConfigEntry) -> bool:
    """Set up one dedicated number."""
    async_hide_secrets_of(entry)
    if damaged := damaged_fields(entry):
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="entry_damaged",
            translation_placeholders={"fields": ", ".join(damaged)},
        )
    webhook = _listen(hass, entry)
    client = client_of(hass, entry)
    async_teach(hass, entry, webhook, client)
    coordinator = AccountCoordinator(hass, entry, client)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = await _async_furnish(hass, entry, client, coordinator, webhook)
    entry.runtime_data.questions.async_start()
    entry.runtime_data.guard.async_start()
    # Also where the set-up fails, or is cancelled, from here on.
    entry.async_on_unload(partial(async_quiesce, entry.runtime_data))
    await asyncio.sleep(0)  # what follows may have as much to look through

    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **line_device_info(entry)
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    legacy_notify = entry.runtime_data.legacy_notify
    entry.async_on_unload(legacy_notify.async_remove_all)
    legacy_notify.async_sync()
    entry.async_on_unload(
        hass.bus.async_listen(
            EVENT_HOMEASSISTANT_STOP, entry.runtime_data.sender.async_finish
        )
    )
    entry.async_on_unload(entry.add_update_listener(_async_apply))
    _heal_groups(hass, entry)
    # A contact may have come while the platforms were set up.
    async_contacts_changed(hass, entry)
    await async_open_in_time(hass, entry)
    return True


async def _async_furnish(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    client: CeculaSyncClient,
    coordinator: AccountCoordinator,
    webhook: WebhookManager,
) -> CeculaRuntimeData:
    """Make the rooms, with what lies on disk."""
    deliveries, conversation, spent = await _async_load(hass, entry, webhook)
    events = Events(hass, entry)
    phone_book = PhoneBook(hass, entry)
    history = History(hass, entry, conversation)
    await asyncio.sleep(0)  # both may have thousands to read: others have their turn
    tracked = TrackedMessages(deliveries, phone_book)
    delivery = DeliveryTracker(
        hass, entry, client, phone_book, events, history, tracked
    )
    guard = SpendingGuard(hass, entry, spent)
    inbox = Inbox(hass, entry, webhook.intake.journal, phone_book, events, history)
    address = AddressWatch(hass, entry)
    for stop in (inbox.async_close, delivery.async_stop, address.async_stop):
        entry.async_on_unload(stop)
    return CeculaRuntimeData(
        coordinator=coordinator,
        phone_book=phone_book,
        history=history,
        tracked=tracked,
        delivery=delivery,
        guard=guard,
        sender=Sender(hass, entry, client, coordinator, delivery, history, guard),
        questions=Questions(hass, entry),
        inbox=inbox,
        webhook=webhook,
        address=address,
        catch_up=CatchUp(hass, entry, client, inbox, webhook.intake.journal),
        legacy_notify=LegacyNotify(hass, entry),
        connection=connection_of(entry),
        journals=(deliveries, conversation, spent),
    )


async def _async_load(
    hass: HomeAssistant, entry: CeculaConfigEntry, webhook: WebhookManager
) -> tuple[Journal, Journal, Journal]:
    """Read what lies on disk: deliveries, the conversation, what was spent."""
    journals = (
        Journal(hass, f"{entry.entry_id}.deliveries"),
        Journal(hass, f"{entry.entry_id}.history"),
        Journal(hass, f"{entry.entry_id}.guard"),
    )
    try:
        await webhook.intake.async_load()
        for journal in journals:
            await journal.async_load()
            # Also where the set-up fails; an unload has closed it by then.
            entry.async_on_unload(journal.async_close)
    except JournalTooNewError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="store_too_new"
        ) from err
    except JournalError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="store_unreadable"
        ) from err
    return journals


async def async_unload_entry(hass: HomeAssistant, entry: CeculaConfigEntry) -> bool:
    """Unload one dedicated number; all else is undone by `async_on_unload`."""
    return await async_despite_cancellation(hass, _async_unload(hass, entry))


async def _async_unload(hass: HomeAssistant, entry: CeculaConfigEntry) -> bool:
    """Unload; its webhook goes on listening, unless the number is disabled."""
    await async_quiesce(entry.runtime_data)
    is_unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    await asyncio.gather(*(each.async_close() for each in entry.runtime_data.journals))
    if is_unloaded and entry.disabled_by is not None:
        await hass.data[DATA_WEBHOOKS].pop(entry.entry_id).async_stop()
    return is_unloaded


async def async_remove_entry(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Leave nothing behind."""
    # Where all numbers are disabled, `async_setup` has not run.
    webhook = hass.data.get(DATA_WEBHOOKS, {}).pop(entry.entry_id, None)
    if webhook is not None:
        await webhook.async_stop()
    await async_delete_journals(hass, entry.entry_id)
    if isinstance(webhook_id := entry.data.get(CONF_WEBHOOK_ID), str):
        await async_forget_cloudhook(hass, webhook_id)
    async_close_all_issues(hass, entry)
    async_forget_secrets(entry.entry_id)


async def _async_apply(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Apply a change in place; only another key or server needs a reload."""
    runtime = entry.runtime_data
    if runtime.connection != connection_of(entry):
        await hass.config_entries.async_reload(entry.entry_id)
        return
    async_contacts_changed(hass, entry)
    runtime.legacy_notify.async_sync()
    _heal_groups(hass, entry)
    runtime.history.async_apply_options()
    runtime.guard.async_apply_options()
    runtime.coordinator.issues.async_apply_options()
    runtime.catch_up.async_apply_options()
    await runtime.address.async_check()


@callback
def _heal_groups(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Let groups forget removed contacts; tell of one that nobody is left in."""
    empty = entry.runtime_data.phone_book.async_heal_groups()
    if empty:
        names = ", ".join(group.name for group in empty)
        async_raise_issue(hass, entry, Issue.EMPTY_GROUP, groups=names)
    else:
        async_close_issue(hass, entry, Issue.EMPTY_GROUP)
