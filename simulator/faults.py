"""Faults by name, armed for the next so many times."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from types import UnionType

ANY = "*"

REQUEST_FAULTS: dict[str, dict[str, Any]] = {
    "http_500": {"processed": False},
    "http_503_html": {"processed": False},
    "html_200": {"processed": False},
    "empty_200": {"processed": True},
    "broken_json": {"processed": True},
    "wrong_json_type": {"processed": True, "kind": "array"},
    "truncated": {"processed": True},
    "accept_then_drop": {"reset": False},
    "drop": {"reset": False},
    "slow": {"seconds": 5.0},
    "slow_before": {"seconds": 5.0},
    "redirect": {"location": "/elsewhere", "status": 302},
    "unauthorized": {},
    "rate_limited": {"retry_after": 30},
    "http_error": {"error_code": 404, "status": None},
    "code": {"code": "CE1001", "status": None, "error": None},
    "partial": {"keep": 1, "send_rest": True},
    "no_ids": {},
    "duplicate_id": {},
}
"""What can befall a request, with its parameters and their defaults."""

WEBHOOK_FAULTS: dict[str, dict[str, Any]] = {
    "duplicate_report": {},
    "late_report": {"seconds": 60.0},
    "out_of_order_reports": {},
    "lost_report": {},
    "lost_inbound": {},
    "duplicate_inbound": {},
}
"""What can befall a webhook's post."""

_ALIKE: dict[type, type | UnionType] = {
    bool: bool,
    int: int,
    float: int | float,
    str: str,
}
"""What may stand in for a default of each type."""

WRONG_JSON: dict[str, Any] = {
    "array": [],
    "string": "OK",
    "number": 1801,
    "null": None,
    "object": {},
}
"""Valid JSON that is no answer, by its kind."""

type Kind = Literal["sms", "call", "sms_status", "call_status"]

INBOUND_KINDS: tuple[Kind, ...] = ("sms", "call")
REPORT_KINDS: tuple[Kind, ...] = ("sms_status", "call_status")
WEBHOOK_KINDS = (*INBOUND_KINDS, *REPORT_KINDS)


@dataclass(slots=True)
class Fault:
    """One armed fault."""

    name: str
    operation: str
    times: int
    line: str | None
    params: dict[str, Any]
    used: int = 0

    @property
    def spent(self) -> bool:
        """Tell whether it has happened as often as it was to."""
        return self.times > 0 and self.used >= self.times

    def hits(self, operation: str, line: str | None) -> bool:
        """Tell whether it befalls this operation, or kind of webhook."""
        return (
            self.operation in (ANY, operation)
            and self.line in (None, line)
            and _concerns(self.name, operation)
        )


class FaultBox:
    """All that is armed, the oldest first."""

    def __init__(self) -> None:
        """Start without a fault."""
        self.armed: list[Fault] = []

    def arm(
        self,
        name: str,
        *,
        operation: str,
        times: int,
        line: str | None,
        **params: Any,
    ) -> Fault:
        """Let a fault happen so many times; 0 is until it is disarmed."""
        known = (REQUEST_FAULTS | WEBHOOK_FAULTS).get(name)
        if known is None:
            message = f"There is no fault {name!r}"
            raise ValueError(message)
        for param, value in params.items():
            _check(name, known, param, value)
        if not isinstance(times, int) or times < 0:
            message = "A fault happens so many times, or 0: until it is disarmed"
            raise ValueError(message)
        fault = Fault(name, operation, times, line, known | params)
        self.armed.append(fault)
        return fault

    def disarm(self, name: str | None = None) -> None:
        """Call off all faults, or those of one name."""
        self.armed = [fault for fault in self.armed if name not in (None, fault.name)]

    def take(self, operation: str, line: str | None) -> Fault | None:
        """Return the fault that befalls this operation now, and count it."""
        fault = next((each for each in self.armed if each.hits(operation, line)), None)
        if fault is not None:
            fault.used += 1
            self.armed = [each for each in self.armed if not each.spent]
        return fault


def _check(name: str, known: dict[str, Any], param: str, value: Any) -> None:
    if param not in known:
        message = f"The fault {name!r} has no parameter {param!r}"
        raise ValueError(message)
    message = f"{value!r} is no {param!r} of the fault {name!r}"
    if not isinstance(value, _ALIKE.get(type(known[param]), object)):
        raise TypeError(message)
    if param == "kind" and value not in WRONG_JSON:
        raise ValueError(message)


def _concerns(name: str, operation: str) -> bool:
    if name in REQUEST_FAULTS:
        return operation not in WEBHOOK_KINDS
    return operation in (INBOUND_KINDS if "inbound" in name else REPORT_KINDS)
