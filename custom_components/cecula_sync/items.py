"""What an inbound item is, whether an SMS or a call."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .api.models import InboundCall, InboundSms
from .const import Kind

if TYPE_CHECKING:
    from .api.models import InboundItem


def kind_of(item: InboundItem) -> Kind:
    """Return which list and which webhook an item belongs to."""
    return Kind.SMS if isinstance(item, InboundSms) else Kind.CALL


def party_of(item: InboundItem) -> str | None:
    """Return who an item came from; None where that was withheld."""
    return item.sender if isinstance(item, InboundSms) else item.caller


def moment_of(item: InboundItem) -> datetime | None:
    """Return when it came, as far as the provider told it."""
    return item.received_at if isinstance(item, InboundSms) else item.called_at


def as_json(item: InboundItem) -> dict[str, Any]:
    """Return it as a JSON value."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(item).items()
    }


def from_json(value: dict[str, Any]) -> InboundItem:
    """Read what `as_json` returned."""
    is_sms = "message" in value
    name = "received_at" if is_sms else "called_at"
    moment = value[name] and datetime.fromisoformat(value[name])
    return (InboundSms if is_sms else InboundCall)(**{**value, name: moment})
