"""What the provider says back."""

from dataclasses import dataclass, field
from enum import StrEnum
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Code(StrEnum):
    """The provider's own error codes."""

    EMPTY = "CE1000"
    INVALID = "CE1001"
    TOO_MANY_PAGES = "CE1005"
    APP_OFFLINE = "CE1013"
    WRONG_TYPE = "CE1100"
    WRONG_LENGTH = "CE1102"
    ORIGINATOR_UNREGISTERED = "CE1103"
    ORIGINATOR_PENDING = "CE1104"
    NO_VALID_RECIPIENT = "CE1802"
    BALANCE_LOW = "CE1804"
    SUSPENDED = "CE2000"
    BARRED = "CE2001"
    NO_CREDIT = "CE3001"


_WORDS = {
    Code.EMPTY: "Empty fields",
    Code.INVALID: "Invalid fields",
    Code.TOO_MANY_PAGES: "Message is longer than 10 pages",
    Code.APP_OFFLINE: "Sync App is offline",
    Code.WRONG_TYPE: "Invalid field: wrong type",
    Code.WRONG_LENGTH: "Invalid field: wrong length",
    Code.ORIGINATOR_UNREGISTERED: "Originator is not registered",
    Code.ORIGINATOR_PENDING: "Originator is not yet approved",
    Code.NO_VALID_RECIPIENT: "No valid recipient",
    Code.BALANCE_LOW: "Balance is low",
    Code.SUSPENDED: "Service suspended: the subscription has expired",
    Code.BARRED: "Service barred",
    Code.NO_CREDIT: "Insufficient credit",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: JSON, or a raw body that is none."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json"

    @property
    def body(self) -> bytes:
        """Return the bytes that go over the wire."""
        if self.raw is not None:
            return self.raw
        return json.dumps(self.content).encode()


def http_error(
    status: int, message: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return an HTTP error as the provider words it."""
    content = {"errorCode": status, "errorMessage": message}
    return Answer(content, status, headers or {})


def sync_error(code: str, status: int, detail: str | None = None) -> Answer:
    """Return an error of the provider's own, in whatever HTTP status."""
    text = detail or (_WORDS[Code(code)] if code in Code else "Unknown error")
    return Answer({"code": code, "error": text}, status)


class SyncError(Exception):
    """The provider refuses, with a code of its own."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        """Refuse for one of the published reasons."""
        super().__init__(code)
        self.code = code
        self.detail = detail


class HttpError(Exception):
    """The provider refuses, with an HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        """Refuse before the operation is looked at."""
        super().__init__(message)
        self.status = status
        self.message = message
