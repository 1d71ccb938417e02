"""What the SIM received: joins webhook and looks, and tells each item once."""

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .api.models import InboundCall, InboundItem, InboundSms
from .clock import this_moment
from .const import CONF_INBOUND, INBOUND_POLLING, LOGGER, Kind
from .events import CallReceived, Channel, Events, SmsReceived
from .history import Direction, History, Message
from .issues import Issue, async_close_issue, async_raise_issue
from .items import as_json, from_json, kind_of, moment_of, party_of
from .ledger import Ledger, Tally, key_of
from .section import Section
from .store import JournalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .clock import Moment
    from .models import CeculaConfigEntry
    from .recipients import PhoneBook
    from .store import Journal

# How long an item that a look found waits for its webhook, which makes it live. A
# provider posts within seconds; later, what it would set off is no longer wanted.
HOLD_SECONDS: Final = 90

_MISSING_WEBHOOK: Final = {
    Kind.SMS: Issue.SMS_WEBHOOK_MISSING,
    Kind.CALL: Issue.CALL_WEBHOOK_MISSING,
}


class Inbox:
    """Counts what came in by both channels, each item once, and tells it.

    What it must know after a crash is on disk before a post is answered: an item is
    told first, so that a crash in between can repeat it but not lose it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (both ends of all that comes in)
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        journal: Journal,
        phone_book: PhoneBook,
        events: Events,
        history: History,
    ) -> None:
        """Take where it is kept, whose numbers these are, and where to tell."""
        self._hass = hass
        self._entry = entry
        self._journal = journal
        self._tallies = Section(journal, "tally:")
        self._untold = Section(journal, "held:")
        self._phone_book = phone_book
        self._events = events
        self._history = history
        self._ledger = Ledger(
            self._tallies.read(lambda _key, value: Tally.from_json(value)),
            this_moment(),
        )
        # What is held, by the look that found it, the oldest first; and until when.
        self._held: list[Counter[str]] = []
        self._is_closed = False
        self._timers: set[CALLBACK_TYPE] = set()

    @property
    def remembered(self) -> int:
        """Return how many different items would not be new if they came again."""
        return len(self._ledger)

    @callback
    def async_open(self) -> None:
        """Tell what an earlier run found and did not come to tell; it is late."""
        found: Counter[str] = Counter()
        for key in self._untold.read(lambda _key, value: from_json(value)):
            tally = self._ledger.tally(key)
            if not tally.untold:
                # What is held was not told, whatever a damaged tally says.
                tally.most = tally.told + 1
            found[key] = tally.untold
        if found:
            self._hold(found, is_evidence=False)

    @callback
    def async_close(self) -> None:
        """Hold no longer; what was not told is told by the next run."""
        self._is_closed = True
        while self._timers:
            self._timers.pop()()

    async def async_take_post(
        self, item: InboundItem, digest: str, *, late: bool = False
    ) -> None:
        """Take what the webhook brought; return when it is told and on disk.

        `digest` tells the same bytes again: while a post of them was not answered,
        that is a retry. Raises `JournalError`.
        """
        key = key_of(item)
        tally = self._ledger.tally(key)
        async_close_issue(self._hass, self._entry, _MISSING_WEBHOOK[kind_of(item)])
        if digest not in tally.unanswered:
            tally.unanswered.add(digest)
            self._ledger.count_post(key, this_moment())
            if tally.untold:
                self._take_from_held(key)
                self._tell(key, item, Channel.WEBHOOK, late=late)
            elif (occurrence := self._ledger.take_from_filed(key)) is not None:
                # The first look was slow, and found what is posted only now.
                self._fire(item, occurrence, Channel.WEBHOOK, late=late)
            self._keep(key)
        await self._journal.async_commit()
        tally.unanswered.discard(digest)
        self._keep(key)

    @callback
    def async_note_answer(
        self, item: InboundItem, digest: str, *, is_answered: bool
    ) -> None:
        """Note whether the last post of these bytes surely got its answer."""
        key = key_of(item)
        unanswered = self._ledger.tally(key).unanswered
        if is_answered:
            unanswered.discard(digest)
        else:
            unanswered.add(digest)
        self._keep(key)

    @callback
    def async_file(self, items: Sequence[InboundItem]) -> None:
        """File the baseline: it happened before the house listened, and is not told."""
        samples, news = self._count(items)
        for key in news:
            while self._ledger.tally(key).untold:
                self._ledger.file(key)
                self._record(samples[key])
            self._keep(key)

    @callback
    def async_take_answer(
        self, items: Sequence[InboundItem], *, late: bool, is_evidence: bool
    ) -> None:
        """Take the items of one answer to a look.

        Where a webhook is expected they wait for it, else they are told. Evidence is
        what the webhook should have brought.
        """
        samples, news = self._count(items)
        if self._entry.options.get(CONF_INBOUND) == INBOUND_POLLING:
            for key, count in news.items():
                for _ in range(count):
                    self._tell(key, samples[key], Channel.POLL, late=late)
                self._keep(key)
            return
        for key in news:
            self._untold.put(key, as_json(samples[key]))
        if news:
            self._hold(news, is_evidence=is_evidence)

    @callback
    def async_forget(self, kind: Kind, looked_at: Moment) -> None:
        """Forget what is two days old and no longer in the list of its kind."""
        for key in self._ledger.forget(kind, looked_at):
            self._tallies.remove(key)

    def _count(
        self, items: Sequence[InboundItem]
    ) -> tuple[dict[str, InboundItem], Counter[str]]:
        """Return a sample of each key, and how many more of it there are now."""
        samples = {key_of(item): item for item in items}
        found = Counter(map(key_of, items))
        untold = {key: self._ledger.tally(key).untold for key in found}
        for key in self._ledger.count_answer(found, this_moment()):
            self._keep(key)
        news = {key: self._ledger.tally(key).untold - untold[key] for key in found}
        return samples, Counter({key: count for key, count in news.items() if count})

    def _hold(self, found: Counter[str], *, is_evidence: bool) -> None:
        async def let_go(_now: datetime) -> None:
            self._timers.discard(cancel)
            await self._async_let_go(found, is_evidence=is_evidence)

        self._held.append(found)
        cancel = async_call_later(
            self._hass, HOLD_SECONDS, HassJob(let_go, cancel_on_shutdown=True)
        )
        self._timers.add(cancel)

    def _take_from_held(self, key: str) -> None:
        """Count an item as told by its webhook: the one that waited longest."""
        oldest = next((found for found in self._held if found[key]), None)
        if oldest is not None:
            oldest[key] -= 1

    async def _async_let_go(self, found: Counter[str], *, is_evidence: bool) -> None:
        """Tell what no webhook came for; it is late.

        Each is on disk before the next is told, and may still be taken by its post.
        """
        for key in list(found):
            while found[key] > 0 and not self._is_closed:
                found[key] -= 1
                item = from_json(self._untold.get(key))
                self._tell(key, item, Channel.POLL, late=True)
                self._keep(key)
                if is_evidence:
                    issue = _MISSING_WEBHOOK[kind_of(item)]
                    async_raise_issue(self._hass, self._entry, issue)
                await self._async_commit()
        self._held = [each for each in self._held if each is not found]

    async def _async_commit(self) -> None:
        try:
            await self._journal.async_commit()
        except JournalError as err:
            LOGGER.error("What was told could not be kept on disk: %s", err)

    def _tell(
        self, key: str, item: InboundItem, channel: Channel, *, late: bool
    ) -> None:
        """Tell one item: whoever hears of it finds it in the conversation."""
        self._record(item)
        self._fire(item, self._ledger.next_occurrence(key), channel, late=late)
        if not self._ledger.tally(key).untold:
            self._untold.remove(key, shred=True)

    def _fire(
        self, item: InboundItem, occurrence: int, channel: Channel, *, late: bool
    ) -> None:
        contact = self._phone_book.contact_of(party_of(item))
        moment = moment_of(item) or dt_util.now()
        common: dict[str, Any] = {
            "contact": contact,
            "late": late,
            "receiver": item.receiver,
            "occurrence": occurrence,
            "channel": channel,
        }
        match item:
            case InboundSms(sender=sender, message=message):
                event: SmsReceived | CallReceived = SmsReceived(
                    sender=sender, message=message, received_at=moment, **common
                )
            case InboundCall(caller=caller, duration=duration, answered=answered):
                event = CallReceived(
                    caller=caller,
                    duration=duration,
                    answered=answered,
                    called_at=moment,
                    **common,
                )
        self._events.async_fire(event)

    def _keep(self, key: str) -> None:
        self._tallies.put(key, self._ledger.tally(key).as_json())

    def _record(self, item: InboundItem) -> None:
        contact = self._phone_book.contact_of(party_of(item))
        text: str | None = None
        if isinstance(item, InboundSms):
            text, status = item.message, "received"
        else:
            status = "answered" if item.answered else "missed"
        self._history.async_add(
            Message(
                direction=Direction.IN,
                kind=kind_of(item),
                number=party_of(item),
                contact_id=contact.contact_id if contact else None,
                text=text,
                time=moment_of(item) or dt_util.utcnow(),
                status=status,
            )
        )
