"""Names that more than one room needs."""

import logging
from typing import Final

DOMAIN: Final = "cecula_sync"
LOGGER: Final = logging.getLogger(__package__)

MANUFACTURER: Final = "Cecula"

CONF_BASE_URL: Final = "base_url"
CONF_NUMBER: Final = "number"
CONF_NOTIFY_ACTION: Final = "notify_action"
SUBENTRY_TYPE_CONTACT: Final = "contact"

EVENT_SMS_RECEIVED: Final = "cecula_sync_sms_received"
EVENT_CALL_RECEIVED: Final = "cecula_sync_call_received"
EVENT_SMS_STATUS: Final = "cecula_sync_sms_status"
EVENT_CALL_STATUS: Final = "cecula_sync_call_status"
