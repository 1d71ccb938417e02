"""Reads Home Assistant's log for what must not stand there."""

import re
from typing import TYPE_CHECKING

from ..line import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORD = re.compile(r"^\S+ \S+ (?P<level>[A-Z]+) \(.*?\) \[(?P<logger>[^\]]+)\] ")
# It names the action that was refused; the checks know which had to be.
_REFUSALS = "homeassistant.components.websocket_api.http.connection"


def records(log: str) -> Iterator[str]:
    """Take a log apart, each record with the lines that belong to it."""
    lines: list[str] = []
    for line in log.splitlines():
        if _RECORD.match(line) and lines:
            yield "\n".join(lines)
            lines = []
        lines.append(line)
    if lines:
        yield "\n".join(lines)


def complaints(log: str) -> list[str]:
    """Return the records that are the integration's fault."""
    return [record for record in records(log) if _is_complaint(record)]


def _is_complaint(record: str) -> bool:
    if f"custom integration '{DOMAIN}'" in record:
        return True
    if "Attempting install of" in record:
        return True
    match = _RECORD.match(record)
    if match is not None and match["logger"] == "py.warnings":
        return DOMAIN in record
    if match is None or match["level"] not in ("ERROR", "CRITICAL"):
        return _has_traceback_of_ours(record)
    if match["logger"] == _REFUSALS:
        return _has_traceback_of_ours(record)
    return DOMAIN in record


def _has_traceback_of_ours(record: str) -> bool:
    return "Traceback" in record and DOMAIN in record
