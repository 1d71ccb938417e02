"""Reads a list at the provider, which may not give the same answer again."""

from typing import TYPE_CHECKING, Final

from homeassistant.util import dt as dt_util

from .api.exceptions import CeculaCutShortError, CeculaUnreadableError
from .api.models import UnreadableItem
from .aside import parse_list
from .const import LOGGER, Kind
from .section import Section
from .store import JournalError

if TYPE_CHECKING:
    from .api.client import CeculaSyncClient
    from .api.models import InboundItem
    from .aside import Aside
    from .store import Journal

_NOTHING: Final = b"[]"

type _Items = list[InboundItem | UnreadableItem]


class Reader:
    """Reads the lists of one dedicated number; raw answers lie on disk until let go."""

    def __init__(
        self, client: CeculaSyncClient, journal: Journal, aside: Aside
    ) -> None:
        """Take whom to ask, and where answers lie, understood or not."""
        self._client = client
        self._journal = journal
        self._looks = Section(journal, "look:")
        self._answers = Section(journal, "answer:")
        self._aside = aside

    async def async_read(self, kind: Kind, *, filed: bool) -> _Items:
        """Read a list; its raw answer is on disk before it is parsed.

        One that can't be read is kept aside, to be told later, or `filed`. Reads
        nothing where the disk takes nothing. Raises `CeculaError`, `JournalError`.
        """
        # Nobody reads this; that it can be written is what must be known first.
        self._looks.put(kind, dt_util.utcnow().isoformat())
        await self._journal.async_commit(sync=True)
        answer = b""

        async def keep(body: bytes) -> None:
            nonlocal answer
            answer = body
            await self._async_keep(kind, body)

        try:
            if kind is Kind.SMS:
                return await self._client.take_new_sms(keep)
            return await self._client.take_missed_calls(keep)
        except CeculaUnreadableError as err:
            whole = UnreadableItem(shape=str(err), raw=_as_text(answer))
            self._aside.async_put(kind, [whole], filed=filed)
            self.let_go(kind)
            raise
        except CeculaCutShortError as err:
            # The provider may hold it for read: what came of it is all there is.
            rest = UnreadableItem(shape="cut short", raw=_as_text(err.received))
            self._aside.async_put(kind, [rest], filed=filed)
            raise

    async def _async_keep(self, kind: Kind, body: bytes) -> None:
        """Put a raw answer on disk, unless it says that there is nothing."""
        if body.strip() == _NOTHING:
            return
        self._answers.put(kind, _as_text(body))
        try:
            await self._journal.async_commit(sync=True)
        except JournalError as err:
            LOGGER.error("What was read could not be kept on disk: %s", err)

    def holds(self, kind: Kind) -> bool:
        """Tell whether an answer lies there that was not let go."""
        return kind in self._answers

    def held(self, kind: Kind) -> _Items | None:
        """Return the items of an answer that lies there, if one does."""
        answers = self._answers.read(
            lambda name, text: parse_list(Kind(name), text, self._client.dialect)
        )
        return answers.get(kind)

    def let_go(self, kind: Kind) -> None:
        """Forget an answer whose items have all been handed on."""
        self._answers.remove(kind, shred=True)


def _as_text(body: bytes) -> str:
    """Return raw bytes as text that JSON takes and that gives the same bytes again."""
    return body.decode("utf-8", "surrogateescape")
