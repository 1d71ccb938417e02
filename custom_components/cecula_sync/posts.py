"""Which kinds of posts come to the webhook."""

from enum import StrEnum
from typing import Final

from .api.models import CallReport, InboundCall, InboundSms, SmsReport, WebhookItem


class PostKind(StrEnum):
    """What a post was, for whoever tests the webhook or looks after it."""

    SMS = "sms"
    CALL = "call"
    SMS_STATUS = "sms_status"
    CALL_STATUS = "call_status"
    ANOTHER_NUMBER = "another_number"
    UNREADABLE = "unreadable"


# What a post is that can be read and is for this number.
POST_KINDS: Final[dict[type[WebhookItem], PostKind]] = {
    InboundSms: PostKind.SMS,
    InboundCall: PostKind.CALL,
    SmsReport: PostKind.SMS_STATUS,
    CallReport: PostKind.CALL_STATUS,
}
