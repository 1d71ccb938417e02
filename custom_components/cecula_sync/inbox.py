"""What the SIM received: each item once, told as a typed event."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .api.models import InboundCall, InboundItem, InboundSms
from .events import CallReceived, Channel, Events, SmsReceived

if TYPE_CHECKING:
    from datetime import datetime

    from .recipients import PhoneBook

# Keys are told apart by the minute; this many minutes of a busy line are enough.
_MOST_KEYS: Final = 1000

type _Key = tuple[type, str | None, str | None, str | int, str]


def _key(item: InboundItem) -> _Key:
    """Return what makes two items equal: there is no id, and a minute is the grain."""
    match item:
        case InboundSms():
            return InboundSms, item.sender, item.receiver, item.message, item.time_text
        case InboundCall():
            return (
                InboundCall,
                item.caller,
                item.receiver,
                item.duration,
                item.time_text,
            )


class Inbox:
    """Counts equal items and tells each as an event."""

    def __init__(self, phone_book: PhoneBook, events: Events) -> None:
        """Take whose numbers these are, and where to tell."""
        self._phone_book = phone_book
        self._events = events
        self._occurrences: OrderedDict[_Key, int] = OrderedDict()

    @callback
    def async_receive(self, item: InboundItem, channel: Channel) -> None:
        """Take one item and fire its event."""
        occurrence = self._count(_key(item))
        match item:
            case InboundSms():
                self._events.async_fire(self._as_sms_event(item, occurrence, channel))
            case InboundCall():
                self._events.async_fire(self._as_call_event(item, occurrence, channel))

    def _count(self, key: _Key) -> int:
        occurrence = self._occurrences.get(key, 0) + 1
        self._occurrences[key] = occurrence
        self._occurrences.move_to_end(key)
        if len(self._occurrences) > _MOST_KEYS:
            self._occurrences.popitem(last=False)
        return occurrence

    def _as_sms_event(
        self, item: InboundSms, occurrence: int, channel: Channel
    ) -> SmsReceived:
        return SmsReceived(
            contact=self._phone_book.contact_of(item.sender),
            sender=item.sender,
            receiver=item.receiver,
            message=item.message,
            received_at=_or_now(item.received_at),
            occurrence=occurrence,
            channel=channel,
        )

    def _as_call_event(
        self, item: InboundCall, occurrence: int, channel: Channel
    ) -> CallReceived:
        return CallReceived(
            contact=self._phone_book.contact_of(item.caller),
            caller=item.caller,
            receiver=item.receiver,
            duration=item.duration,
            answered=item.answered,
            called_at=_or_now(item.called_at),
            occurrence=occurrence,
            channel=channel,
        )


def _or_now(moment: datetime | None) -> datetime:
    return moment or dt_util.now()
