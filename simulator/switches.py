"""What the provider's documents leave open, decided by name."""

from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any, Literal, Self, get_args, get_origin

type Spelling = Literal["international", "bare", "national", "as_sent"]


@dataclass(slots=True, kw_only=True)
class Switches:
    """How one line answers where its documents are silent or disagree.

    A delay of None means: by hand.
    """

    # Names of fields
    code_field: Literal["status", "code", "statusCode"] = "status"
    reports_field: Literal["reports", "report"] = "reports"
    sent_id_field: Literal["trackingId", "messageId"] = "trackingId"
    report_id_field: Literal["messageId", "trackingId"] = "messageId"
    report_receiver_field: Literal["receiver", "recipient"] = "receiver"
    call_id_field: Literal["callId", "trackingId"] = "callId"
    sim_status_field: str = "status"

    # Types and spellings of values
    ids_as: Literal["string", "number"] = "string"
    codes_as: Literal["string", "number"] = "string"
    balance_as: Literal["number", "string"] = "number"
    msisdn_spelling: Literal["bare", "international", "national"] = "bare"
    recipient_spelling: Spelling = "as_sent"
    open_done_time: Literal["empty", "absent", "null"] = "empty"
    expiry_format: str = "%Y/%m/%d %H:%M"
    utc_offset_minutes: int = 60
    ringing_status: str = "RINGING"
    done_answer: Literal["status", "empty_object", "empty_body"] = "status"

    # Lists
    sms_list_empties: bool = True
    call_list_empties: bool = True
    unread_after_webhook: bool = True

    # Refusals
    error_http_status: Literal[200, 400] = 200
    number_missing: bool = False
    invalid_recipients: Literal["refuse", "skip"] = "refuse"
    over_ten_pages: Literal["send", "refuse"] = "send"
    low_credit_code: Literal["CE3001", "CE1804"] = "CE3001"
    suspension_blocks: Literal["sending", "everything"] = "sending"

    # Prices, in Cecula credit
    page_price: float = 2.5
    call_price: float = 2.5

    # What becomes of what was sent, in seconds
    sent_after: float | None = None
    delivered_after: float | None = None
    answer_after: float | None = None
    ring_for: float | None = None
    report_queued: bool = False

    # Webhooks
    webhook_retries: int = 0
    webhook_retry_delay: float = 1.0
    webhook_timeout: float = 10.0
    webhook_content_type: str = "application/json"

    @classmethod
    def demo(cls) -> Self:
        """Return delays at which a person can watch what happens."""
        return cls(sent_after=1.0, delivered_after=2.0, ring_for=30.0)

    def update(self, changes: dict[str, Any]) -> None:
        """Set switches by name; a wrong name or value changes nothing."""
        for name, value in changes.items():
            _check(name, value)
        for name, value in changes.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """Return all switches by name."""
        return asdict(self)


def choices() -> dict[str, dict[str, Any]]:
    """Describe each switch: its kind and, where there are, its values."""
    return {name: _describe(kind) for name, kind in _KINDS.items()}


def _resolve(kind: Any) -> Any:
    return getattr(kind, "__value__", kind)


_KINDS: dict[str, Any] = {
    field.name: _resolve(field.type) for field in fields(Switches)
}


def _describe(kind: Any) -> dict[str, Any]:
    if get_origin(kind) is Literal:
        return {"kind": "choice", "values": list(get_args(kind))}
    names = {bool: "flag", str: "text", int: "number", float: "number"}
    return {"kind": names.get(kind, "optional_number")}


def _check(name: str, value: Any) -> None:
    if name not in _KINDS:
        message = f"There is no switch {name!r}"
        raise ValueError(message)
    if not _fits(_KINDS[name], value):
        message = f"{value!r} is no value for the switch {name!r}"
        raise ValueError(message)


def _fits(kind: Any, value: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    if kind in (str, int):
        return isinstance(value, kind)
    if value is None:
        return kind is not float
    return isinstance(value, int | float) and isfinite(value) and value >= 0
