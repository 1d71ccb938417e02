"""The provider's fields: every known spelling, and how each kind of value is read.

A field is found under any of its spellings; null and empty count as absent.
Readers return None for what is absent and for what they cannot read.
"""

from collections.abc import Mapping
from datetime import datetime
import json
import math
from typing import Any

from .exceptions import CeculaUnreadableError
from .masking import mask_numbers
from .models import CallStatus, Dialect, SmsStatus

type JsonObject = Mapping[str, Any]

# Published reference: statusCode, reports, messageId, receiver. PHP client and
# its consumer: status, report, trackingId, recipient. Older libraries: code.
SEND_CODE = ("status", "code", "statusCode")
REPORT_LIST = ("reports", "report")
TRACKING_ID = ("messageId", "trackingId")
CALL_ID = ("callId", "trackingId")
RECIPIENT = ("receiver", "recipient")
# Assumptions of ours: the reference names no key for the SIM's state, and a
# list may come bare, as documented, or inside an object.
SIM_STATUS = ("status", "simStatus", "sim_status", "SIMStatus")
LIST_ENVELOPE = ("data", "messages", "calls", "reports", "report")

_TIME_FORMATS = ("%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d")
_KNOWN_STATUSES = frozenset({*SmsStatus, *CallStatus})
# The first and last year of a calendar have days that are not in every zone.
_FIRST_YEAR, _LAST_YEAR = 2, 9998
_WEEK = 7 * 24 * 3600
_SHAPE_KEYS = 20
_SHAPE_DEPTH = 3


def decode(body: bytes) -> Any:
    """Decode JSON; raise `CeculaUnreadableError` for anything that is none."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as err:
        kind = "empty body" if not body.strip() else "no JSON"
        raise CeculaUnreadableError(kind) from err


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def as_object(value: Any) -> JsonObject:
    """Return a JSON object; raise `CeculaUnreadableError` for any other shape."""
    if not isinstance(value, dict):
        raise CeculaUnreadableError(shape(value))
    return value


def shape(value: Any, depth: int = 0) -> str:
    """Describe keys and types, never values, for an error that is safe to log."""
    if depth == _SHAPE_DEPTH and isinstance(value, dict | list):
        return "object" if isinstance(value, dict) else "list"
    if isinstance(value, dict):
        keys = [
            f"{mask_numbers(key[:40])!r}: {shape(item, depth + 1)}"
            for key, item in list(value.items())[:_SHAPE_KEYS]
        ]
        return "{" + ", ".join(keys) + "}"
    if isinstance(value, list):
        first = f" of {shape(value[0], depth + 1)}" if value else ""
        return f"list({len(value)}){first}"
    return type(value).__name__


def text(source: JsonObject, *names: str) -> str | None:
    """Read a text or number as text; ids and codes come as either."""
    for name in names:
        value = source.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, str) and value.strip():
            return clean(value.strip())
        if isinstance(value, int | float):
            return str(value)
    return None


def clean(spelling: str) -> str:
    """Replace NUL and lone surrogates, which no database or JSON writer takes."""
    whole = spelling.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def number(source: JsonObject, *names: str) -> float | None:
    """Read a finite number that may be spelt as text."""
    spelling = text(source, *names)
    try:
        value = float(spelling) if spelling is not None else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def seconds(source: JsonObject, *names: str) -> int | None:
    """Read a duration in whole seconds; one that no call can have is unreadable."""
    value = number(source, *names)
    return math.ceil(value) if value is not None and 0 <= value <= _WEEK else None


def items(source: JsonObject, *names: str) -> list[Any] | None:
    """Read a list."""
    for name in names:
        value = source.get(name)
        if isinstance(value, list):
            return value
    return None


def status(source: JsonObject) -> str | None:
    """Read a status: a known one in our spelling, else as it came in lower case."""
    spelling = text(source, "status")
    if spelling is None:
        return None
    lowered = spelling.lower()
    known = "_".join(lowered.replace("-", " ").replace("_", " ").split())
    return known if known in _KNOWN_STATUSES else lowered


def time(source: JsonObject, dialect: Dialect, *names: str) -> datetime | None:
    """Read a time; one without a zone is taken in the dialect's zone."""
    spelling = text(source, *names)
    if spelling is None:
        return None
    moment = _parse_time(spelling)
    if moment is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=dialect.zone)


def _parse_time(spelling: str) -> datetime | None:
    try:
        # With dashes, the provider's usual "2026/11/25 08:30" is of ISO too.
        return datetime.fromisoformat(spelling.replace("/", "-"))
    except ValueError:
        pass
    for pattern in _TIME_FORMATS:
        try:
            return datetime.strptime(spelling, pattern)  # noqa: DTZ007 (zone follows)
        except ValueError:
            continue
    return None
