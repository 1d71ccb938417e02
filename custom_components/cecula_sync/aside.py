"""What was read and can't be understood: kept, told of, and tried again."""

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback

from .api.exceptions import CeculaUnreadableError
from .api.models import UnreadableItem
from .api.webhook import parse_missed_calls, parse_sms_list
from .history import Kind
from .issues import Issue, async_close_issue, async_raise_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .api.models import Dialect, InboundItem
    from .store import Journal

_ASIDE: Final = "aside:"
_MOST_ASIDE: Final = 50


def parse_list(
    kind: Kind, text: str, dialect: Dialect
) -> list[InboundItem | UnreadableItem]:
    """Read the answer to a look; one that can't be read is one unreadable item."""
    body = text.encode("utf-8", "surrogateescape")
    try:
        if kind is Kind.SMS:
            return list(parse_sms_list(body, dialect))
        return list(parse_missed_calls(body, dialect))
    except CeculaUnreadableError as err:
        return [UnreadableItem(shape=str(err), raw=text)]


class Aside:
    """The unreadable items of one dedicated number, bounded."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, journal: Journal
    ) -> None:
        """Take the journal that keeps them."""
        self._hass = hass
        self._entry = entry
        self._journal = journal

    @callback
    def async_put(self, kind: Kind, item: UnreadableItem) -> None:
        """Keep an item, once: its list may hand it out again and again."""
        digest = sha256(item.raw.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        name = f"{_ASIDE}{kind}:{digest}"
        if name in self._journal.data:
            return
        self._journal.put(name, item.raw)
        for oldest in self._names()[:-_MOST_ASIDE]:
            self._journal.remove(oldest, shred=True)
        async_raise_issue(
            self._hass, self._entry, Issue.UNREADABLE_ITEM, shape=item.shape
        )

    @callback
    def async_read_again(self, dialect: Dialect) -> Iterator[InboundItem]:
        """Yield what can be read by now, for a newer version may know how."""
        for name in self._names():
            kind = Kind(name.removeprefix(_ASIDE).partition(":")[0])
            items = parse_list(kind, self._journal.data[name], dialect)
            readable = [item for item in items if not isinstance(item, UnreadableItem)]
            if len(readable) == len(items):
                self._journal.remove(name, shred=True)
                yield from readable
        if not self._names():
            async_close_issue(self._hass, self._entry, Issue.UNREADABLE_ITEM)

    def _names(self) -> list[str]:
        return [name for name in self._journal.data if name.startswith(_ASIDE)]
