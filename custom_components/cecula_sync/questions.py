"""Open questions: who was asked what, and which text or call is the answer."""

import asyncio
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .clock import Moment, this_moment
from .const import DOMAIN, Kind
from .endings import Fate
from .events import CallReceived, Channel, SmsReceived, async_subscribe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from homeassistant.core import Context, Event, HomeAssistant
    from homeassistant.util.json import JsonObjectType

    from .answers import Answers
    from .endings import SentRecipient
    from .events import CeculaEvent
    from .models import CeculaConfigEntry
    from .recipients import Recipient


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ending:
    """How the waiting for an answer ended; an answer with no id is a free sentence."""

    id: str | None = None
    sentence: str | None = None
    sender: str | None = None
    contact: str | None = None
    answered_by: Kind | None = None
    timed_out: bool = False
    superseded: bool = False

    def as_response(self) -> JsonObjectType:
        """Return it as response data."""
        return asdict(self)


class Question:
    """One question, and those who were asked it: the first answer ends it."""

    def __init__(self, answers: Answers, number: int) -> None:
        """Take what is an answer; of two questions the higher number is the newer."""
        self.number = number
        self._answers = answers
        self._asked: dict[str, Moment] = {}
        self._is_sent = False
        self._ending: asyncio.Future[Ending | None]
        self._ending = asyncio.get_running_loop().create_future()

    @callback
    def async_gain(self, number: str) -> None:
        """Wait for somebody, who is asked as of now."""
        self._asked[number] = this_moment()

    def asked_at(self, number: str) -> Moment:
        """Return when somebody was asked."""
        return self._asked[number]

    @callback
    def async_lose(self, number: str) -> None:
        """Wait no longer for somebody who was asked something newer."""
        del self._asked[number]
        self._end_if_alone()

    @callback
    def async_sent(self) -> None:
        """Note that nobody more will be asked."""
        self._is_sent = True
        self._end_if_alone()

    def _end_if_alone(self) -> None:
        if self._is_sent and not self._asked:
            self.async_end(Ending(superseded=True))

    @callback
    def async_hear(self, number: str, event: SmsReceived | CallReceived) -> None:
        """Take what came in from somebody after they were asked."""
        match event:
            case SmsReceived(message=text):
                answer_id = self._answers.id_of(text)
                if answer_id is None and self._answers.only_listed:
                    return
                ending = Ending(id=answer_id, sentence=text, answered_by=Kind.SMS)
            case CallReceived() if self._answers.call_back is not None:
                ending = Ending(id=self._answers.call_back, answered_by=Kind.CALL)
            case _:
                return
        contact = event.contact.name if event.contact else None
        self.async_end(replace(ending, sender=number, contact=contact))

    @callback
    def async_end(self, ending: Ending | None) -> None:
        """End it, unless it has ended; None interrupts who waits."""
        if not self._ending.done():
            self._ending.set_result(ending)

    async def async_wait(self, seconds: float) -> Ending:
        """Return how it ended. Raises `HomeAssistantError` if it was interrupted."""
        # Unlike a timeout around it, this can't lose what came at the last moment.
        await asyncio.wait([self._ending], timeout=seconds)
        if not self._ending.done():
            return Ending(timed_out=True)
        if (ending := self._ending.result()) is None:
            raise _interrupted()
        return ending


class Questions:
    """The open questions of one dedicated number, each person's newest one.

    A newer question takes over whom it reaches: what they say from then on answers it
    alone. The older one goes on with the others it asked, and ends, superseded, when
    there are none. Newer is what was asked later, even if an older question takes
    longer to leave: who feeds the dog never blocks a fire alarm.
    """

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take the entry whose events may be answers."""
        self._hass = hass
        self._entry = entry
        self._open: set[Question] = set()
        self._newest: dict[str, Question] = {}
        self._numbers = count()
        self._is_closed = False

    @callback
    def async_start(self) -> None:
        """Listen until the entry is unloaded or Home Assistant stops."""
        for stop in (
            async_subscribe(self._hass, self._entry.entry_id, self.async_hear),
            self._hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self.async_close),
            self.async_close,
        ):
            self._entry.async_on_unload(stop)

    @callback
    def async_close(self, _event: Event | None = None) -> None:
        """Interrupt all who wait, and take no more questions."""
        self._is_closed = True
        for question in self._open:
            question.async_end(None)

    @contextmanager
    def open(self, answers: Answers) -> Iterator[Question]:
        """Open a question that asks nobody yet, and forget it in the end.

        Raises `HomeAssistantError` if nobody could wait for an answer.
        """
        if self._is_closed:
            raise _interrupted()
        question = Question(answers, next(self._numbers))
        self._open.add(question)
        try:
            yield question
        finally:
            self._open.discard(question)
            self._newest = {
                number: newest
                for number, newest in self._newest.items()
                if newest is not question
            }

    @callback
    def async_accepted(self, question: Question, sent: Iterable[SentRecipient]) -> None:
        """Wait, as of now, for those for whom the provider took the question."""
        self.async_asked(
            question, [item.recipient for item in sent if item.fate is Fate.QUEUED]
        )

    @callback
    def async_asked(self, question: Question, recipients: Iterable[Recipient]) -> None:
        """Wait, as of now, for those whom no newer question has asked."""
        if question not in self._open:
            return
        for number in [recipient.number for recipient in recipients]:
            newest = self._newest.get(number)
            if newest is not None and newest.number > question.number:
                continue
            self._newest[number] = question
            question.async_gain(number)
            if newest is not None:
                newest.async_lose(number)

    @callback
    def async_hear(self, event: CeculaEvent, _context: Context | None) -> None:
        """Hand what comes in to the question that its sender was asked."""
        match event:
            case SmsReceived(sender=str(number)) | CallReceived(caller=str(number)):
                question = self._newest.get(number)
                if question and self._is_newer(event, question.asked_at(number)):
                    question.async_hear(number, event)

    def _is_newer(self, event: SmsReceived | CallReceived, asked_at: Moment) -> bool:
        """Tell whether what came in can be an answer to what was asked before.

        What is posted has just come, whatever the clocks say, of whose zones we are
        not sure; so has what polling finds if a look after the question did not. What
        else a look found may have lain there for longer, and its time must tell, which
        has a grain of one minute. Being late is no reason to drop it: it opens no gate
        by itself, but answers somebody who still waits.
        """
        if isinstance(event, SmsReceived):
            kind, moment = Kind.SMS, event.received_at
        else:
            kind, moment = Kind.CALL, event.called_at
        if not event.late:
            catch_up = self._entry.runtime_data.catch_up
            is_posted = event.channel is Channel.WEBHOOK
            if is_posted or catch_up.has_looked_since(asked_at, kind):
                return True
        return moment.timestamp() >= asked_at[0] // 60 * 60


def _interrupted() -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="ask_interrupted"
    )
