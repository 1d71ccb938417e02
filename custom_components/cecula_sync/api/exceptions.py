"""What can go wrong, told apart by what the caller does next.

No message here carries a phone number, a text or the key: Home Assistant logs
the text of every exception that leaves an action.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import AcceptedRecipient


class SyncError(StrEnum):
    """The codes of the provider that are known; it may have others."""

    # Its published reference.
    FIELD_EMPTY = "CE1000"
    FIELD_INVALID = "CE1001"
    FIELD_TYPE = "CE1100"
    FIELD_LENGTH = "CE1102"
    ORIGINATOR_UNREGISTERED = "CE1103"
    ORIGINATOR_UNAPPROVED = "CE1104"
    SUSPENDED = "CE2000"
    BARRED = "CE2001"
    NO_CREDIT = "CE3001"
    # Its older libraries, which share the vocabulary.
    TOO_LONG = "CE1005"
    APP_OFFLINE = "CE1013"
    NO_VALID_RECIPIENT = "CE1802"
    LOW_CREDIT = "CE1804"


class CeculaError(Exception):
    """Any failure of a request to the provider."""


class CeculaAuthenticationError(CeculaError):
    """The key is missing or invalid (401): nothing was sent; ask for another."""


class CeculaConnectionError(CeculaError):
    """The request never left: refused connection, name or TLS failure.

    Certain for a send too: trying again cannot double it.
    """


class CeculaClosedError(CeculaConnectionError):
    """The request was not made: whoever was to make it sends nothing any more."""


class CeculaRejectedError(CeculaError):
    """The provider understood the request and refused it; nothing was sent."""

    def __init__(self, code: str, reason: str = "") -> None:
        """Take the provider's code ("CE3001", or an HTTP status as text) and words."""
        super().__init__(code)
        self.code = code
        self.reason = reason


class CeculaUnavailableError(CeculaError):
    """A read got no usable answer (timeout, 5xx, redirect, dropped connection)."""


class CeculaCutShortError(CeculaUnavailableError):
    """An answer that broke off, of a read that may not give it again.

    `received` is what came of it.
    """

    def __init__(self, reason: str, received: bytes = b"") -> None:
        """Take the kind of ending and what came before it."""
        super().__init__(reason)
        self.received = received


class CeculaNotFoundError(CeculaUnavailableError):
    """The server does not know the operation, or the id that was asked for (404)."""


class CeculaUnreadableError(CeculaError):
    """An answer that cannot be read. The text tells its shape, never its values."""


class CeculaOutcomeUnknownError(CeculaError):
    """A send whose end nobody knows. It must not be repeated by itself.

    `accepted` holds the recipients whose ids were in the answer all the same.
    """

    def __init__(
        self, reason: str, accepted: tuple[AcceptedRecipient, ...] = ()
    ) -> None:
        """Take the kind of ending and the recipients that were won before it."""
        super().__init__(reason)
        self.accepted = accepted
