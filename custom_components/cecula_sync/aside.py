"""What was read and can't be understood: kept, told of, and tried again."""

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback

from .api.exceptions import CeculaUnreadableError
from .api.models import UnreadableItem
from .api.webhook import parse_missed_calls, parse_sms_list
from .const import Kind
from .issues import Issue, async_close_issue, async_raise_issue
from .section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from homeassistant.core import HomeAssistant

    from .api.models import Dialect, InboundItem
    from .models import CeculaConfigEntry
    from .store import Journal

_FILED: Final = "filed:"
_MOST_ASIDE: Final = 200


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
        self, hass: HomeAssistant, entry: CeculaConfigEntry, journal: Journal
    ) -> None:
        """Take the journal that keeps them."""
        self._hass = hass
        self._entry = entry
        self._kept = Section(journal, "aside:")

    @callback
    def async_put(
        self, kind: Kind, items: Sequence[UnreadableItem], *, filed: bool = False
    ) -> None:
        """Keep the unreadable items of one answer; the list may bring them again.

        Those to be `filed` are of the baseline: they are not told later either.
        """
        for item, count in Counter(items).items():
            digest = sha256(item.raw.encode("utf-8", "surrogatepass")).hexdigest()[:32]
            name = f"{kind}:{_FILED if filed else ''}{digest}"
            raw = _repeated(item.raw, count)
            if len(self._kept.get(name) or "") < len(raw):
                # A list that never empties would bring back what had to make room.
                if name in self._kept or len(list(self._kept)) < _MOST_ASIDE:
                    self._kept.put(name, raw)
                async_raise_issue(
                    self._hass, self._entry, Issue.UNREADABLE_ITEM, shape=item.shape
                )

    @callback
    def async_read_again(
        self, dialect: Dialect
    ) -> Iterator[tuple[list[InboundItem], bool]]:
        """Yield the items of each answer that can be read by now.

        And whether they are to be filed, not told. A newer version may know how.
        """
        kept = self._kept.read(
            lambda name, text: parse_list(_kind_of(name), text, dialect)
        )
        for name, items in kept.items():
            readable = [item for item in items if not isinstance(item, UnreadableItem)]
            if len(readable) == len(items):
                self._kept.remove(name, shred=True)
                yield readable, _FILED in name
        if not list(self._kept):
            async_close_issue(self._hass, self._entry, Issue.UNREADABLE_ITEM)


def _kind_of(name: str) -> Kind:
    return Kind(name.partition(":")[0])


def _repeated(raw: str, count: int) -> str:
    """Return the list of one item as one of so many equal ones."""
    return raw if count == 1 else f"[{', '.join([raw[1:-1]] * count)}]"
