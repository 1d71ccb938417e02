"""Names that more than one room needs."""

from enum import StrEnum
import logging
from typing import Final

DOMAIN: Final = "cecula_sync"
LOGGER: Final = logging.getLogger(__package__)

MANUFACTURER: Final = "Cecula"

CONF_BASE_URL: Final = "base_url"
CONF_NUMBER: Final = "number"
CONF_NOTIFY_ACTION: Final = "notify_action"
CONF_LISTENING_SINCE: Final = "listening_since"
CONF_SHOWN_ADDRESS: Final = "shown_address"

CONF_COUNTRY: Final = "country"
CONF_INBOUND: Final = "inbound"
CONF_KEEP_MESSAGES: Final = "keep_messages"
INBOUND_WEBHOOK: Final = "webhook"
INBOUND_POLLING: Final = "polling"
DEFAULT_KEEP_MESSAGES: Final = 30  # days

CONF_LOW_BALANCE: Final = "low_balance"
CONF_MAX_PER_HOUR: Final = "max_per_hour"
CONF_MAX_PER_DAY: Final = "max_per_day"

SUBENTRY_TYPE_CONTACT: Final = "contact"
SUBENTRY_TYPE_GROUP: Final = "group"
CONF_ALLOW_COMMANDS: Final = "allow_commands"
CONF_CONTACTS: Final = "contacts"

ATTR_CONTACT: Final = "contact"
ATTR_CONTACTS: Final = "contacts"
ATTR_IGNORE_LIMIT: Final = "ignore_limit"
ATTR_MESSAGE: Final = "message"
ATTR_RECIPIENTS: Final = "recipients"
ATTR_TIMEOUT: Final = "timeout"

EVENT_SMS_RECEIVED: Final = "cecula_sync_sms_received"
EVENT_CALL_RECEIVED: Final = "cecula_sync_call_received"
EVENT_SMS_RECEIVED_LATE: Final = "cecula_sync_sms_received_late"
EVENT_CALL_RECEIVED_LATE: Final = "cecula_sync_call_received_late"
EVENT_SMS_STATUS: Final = "cecula_sync_sms_status"
EVENT_CALL_STATUS: Final = "cecula_sync_call_status"


class Total(StrEnum):
    """What is counted of texts; failed are those that expired, too."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class EventKey(StrEnum):
    """The event entities of a number, by the end of their unique ids."""

    SMS = "sms"
    INCOMING_CALL = "incoming_call"
    LATE = "late"
    DELIVERY = "delivery"
    OUTGOING_CALL = "outgoing_call"


class ReceivedType(StrEnum):
    """The event types under which event entities tell what came in."""

    SMS = "sms_received"
    LATE_SMS = "sms"
    MISSED_CALL = "missed_call"
    ANSWERED_CALL = "answered_call"


class Kind(StrEnum):
    """What a message was."""

    SMS = "sms"
    CALL = "call"
