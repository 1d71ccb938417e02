"""What the witness noted."""

from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from demo.websocket import Json

LISTENS = "service_registered"
"""The integration listens to its webhooks from now on."""
STARTED = "homeassistant_started"
AUTOMATION = "automation"
SMS_STATUS = "cecula_sync_sms_status"
_LATE = "_late"
_ITEMS: dict[str, tuple[Kind, str]] = {
    "cecula_sync_sms_received": ("sms", "message"),
    "cecula_sync_call_received": ("call", "caller"),
}
"""Which items an event tells of, and the field by which the trials know them apart."""

type Kind = Literal["sms", "call"]
"""What comes in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that happened in Home Assistant, and when, in UTC seconds."""

    at: float
    kind: str
    data: Json

    @property
    def late(self) -> bool:
        """Tell whether it tells of an item that came late."""
        return self.kind.endswith(_LATE)

    @property
    def item(self) -> tuple[Kind, str] | None:
        """Return kind and mark of the inbound item it tells of, if it tells of one."""
        if (found := _ITEMS.get(self.kind.removesuffix(_LATE))) is None:
            return None
        kind, field = found
        return kind, str(self.data[field])


class Notes:
    """The witness's file, read while it grows."""

    def __init__(self, path: Path) -> None:
        """Take where it is or will be."""
        self._path = path
        self._offset = 0
        self._notes: list[Note] = []

    def read(self) -> list[Note]:
        """Return all notes so far."""
        if self._path.exists() and self._path.stat().st_size > self._offset:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                whole, end, _ = file.read().rpartition(b"\n")
            self._offset += len(whole) + len(end)
            self._notes += [Note(**json.loads(line)) for line in whole.splitlines()]
        return self._notes
