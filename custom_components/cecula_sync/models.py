"""What a loaded config entry carries."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

if TYPE_CHECKING:
    from .address import AddressWatch
    from .catch_up import CatchUp
    from .coordinator import AccountCoordinator
    from .delivery import DeliveryTracker
    from .guard import SpendingGuard
    from .history import History
    from .inbox import Inbox
    from .legacy_notify import LegacyNotify
    from .questions import Questions
    from .recipients import PhoneBook
    from .sender import Sender
    from .store import Journal
    from .tracked import TrackedMessages
    from .webhook import WebhookManager


@dataclass(frozen=True, slots=True, kw_only=True)
class CeculaRuntimeData:
    """The rooms of one dedicated number, while its entry is loaded.

    `connection` is the key, server and certificate check that they were made with.
    """

    coordinator: AccountCoordinator
    phone_book: PhoneBook
    history: History
    tracked: TrackedMessages
    delivery: DeliveryTracker
    guard: SpendingGuard
    sender: Sender
    questions: Questions
    inbox: Inbox
    webhook: WebhookManager
    address: AddressWatch
    catch_up: CatchUp
    legacy_notify: LegacyNotify
    connection: tuple[str, str, bool]
    journals: tuple[Journal, ...]


type CeculaConfigEntry = ConfigEntry[CeculaRuntimeData]
