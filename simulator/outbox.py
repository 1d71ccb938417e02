"""What a line sends: its price, and what becomes of it in time."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from . import payloads
from .answers import SyncError
from .gsm import pages_of
from .records import (
    ANSWERED,
    FINAL_SMS_STATUSES,
    NOT_ANSWERED,
    Origin,
    OutgoingCall,
    OutgoingSms,
)

if TYPE_CHECKING:
    from .line import Line

type Posting = Coroutine[Any, Any, list[int]]

_A_DAY = 24 * 60 * 60.0


class Outbox:
    """All that left a line."""

    def __init__(self, line: Line) -> None:
        """Start empty."""
        self._line = line
        self.messages: list[OutgoingSms] = []
        self.calls: list[OutgoingCall] = []
        self._by_id: dict[str, OutgoingSms] = {}
        self._call_by_id: dict[str, OutgoingCall] = {}

    def sms(self, tracking_id: str) -> OutgoingSms:
        """Return the SMS with this id."""
        if tracking_id not in self._by_id:
            message = f"There is no SMS {tracking_id!r}"
            raise LookupError(message)
        return self._by_id[tracking_id]

    def call(self, call_id: str) -> OutgoingCall:
        """Return the call with this id."""
        if call_id not in self._call_by_id:
            message = f"There is no call {call_id!r}"
            raise LookupError(message)
        return self._call_by_id[call_id]

    def send(
        self, recipients: Sequence[str], text: str, origin: Origin = "api"
    ) -> list[OutgoingSms]:
        """Send a text to each of them, or refuse when it costs too much."""
        pages = pages_of(text)
        cost = pages.count * self._line.switches.page_price
        self._pay(cost * len(recipients))
        sent = [
            OutgoingSms(
                tracking_id=self._line.world.ids.next_tracking_id(),
                recipient=recipient,
                text=text,
                encoding=pages.encoding,
                pages=pages.count,
                cost=cost,
                origin=origin,
                queued_at=self._line.world.now(),
            )
            for recipient in recipients
        ]
        for sms in sent:
            self.keep_sms(sms)
            self._start(sms)
        self._line.world.changed()
        return sent

    def reply(self, number: str, text: str, origin: Origin) -> None:
        """Send an automatic answer, unless the credit is used up."""
        if self.affords(pages_of(text).count * self._line.switches.page_price):
            self.send([number], text, origin)

    def place_call(self, recipient: str) -> OutgoingCall:
        """Ring a phone, or refuse when it costs too much."""
        self._pay(cost := self._line.switches.call_price)
        world = self._line.world
        call = OutgoingCall(
            call_id=world.ids.next_call_id(),
            recipient=recipient,
            cost=cost,
            called_at=world.now(),
        )
        self.keep_call(call)
        self._ring(call)
        world.changed()
        return call

    async def report(self, tracking_id: str, status: str) -> list[int]:
        """Let an SMS reach a status, and post it."""
        return await self._mark_sms(self.sms(tracking_id), status)

    async def answer(self, call_id: str, *, answered: bool) -> list[int]:
        """Decide a call, and post its result."""
        return await self._mark_call(self.call(call_id), answered=answered)

    def keep_sms(self, sms: OutgoingSms) -> None:
        """Remember an SMS."""
        self.messages.append(sms)
        self._by_id[sms.tracking_id] = sms

    def keep_call(self, call: OutgoingCall) -> None:
        """Remember a call."""
        self.calls.append(call)
        self._call_by_id[call.call_id] = call

    def resume(self) -> None:
        """Go on with all that is still on its way."""
        for sms in self.messages:
            if sms.status == "QUEUED":
                self._to_the_network(sms)
            elif sms.status == "SENT":
                self._to_the_phone(sms)
        for call in self.calls:
            if call.ringing:
                self._ring(call)

    def affords(self, cost: float) -> bool:
        """Tell whether the credit is enough."""
        return self._line.credit >= cost

    def _pay(self, cost: float) -> None:
        if not self.affords(cost):
            raise SyncError(self._line.switches.low_credit_code)
        self._line.credit -= cost

    def _mark_sms(self, sms: OutgoingSms, status: str) -> Posting:
        # The state changes at once; its report goes when the loop gets to it.
        world = self._line.world
        sms.status = status
        if status != "QUEUED":
            sms.sent_at = sms.sent_at or world.now()
            self._to_the_phone(sms)
        sms.done_at = world.now() if status in FINAL_SMS_STATUSES else None
        world.changed()
        payload = payloads.sms_report(self._line, sms)
        return self._line.webhooks.notify(
            "sms_status", payload, number=sms.recipient, about=sms.tracking_id
        )

    def _mark_call(self, call: OutgoingCall, *, answered: bool) -> Posting:
        call.status = ANSWERED if answered else NOT_ANSWERED
        self._line.world.changed()
        payload = payloads.call_status(self._line, call)
        return self._line.webhooks.notify(
            "call_status", payload, number=call.recipient, about=call.call_id
        )

    def _start(self, sms: OutgoingSms) -> None:
        if self._line.switches.report_queued:
            self._line.world.poster.spawn(self._mark_sms(sms, "QUEUED"))
        self._to_the_network(sms)

    def _to_the_network(self, sms: OutgoingSms) -> None:
        def leave() -> None:
            if sms.status == "QUEUED" and not self._line.frozen:
                self._line.world.poster.spawn(self._mark_sms(sms, "SENT"))

        self._later(self._line.switches.sent_after, leave)

    def _to_the_phone(self, sms: OutgoingSms) -> None:
        fate = self._line.world.look_up(sms.recipient).fate

        def arrive() -> None:
            if sms.status == "SENT" and fate != "SENT":
                self._line.world.poster.spawn(self._mark_sms(sms, fate))

        delay = self._line.switches.delivered_after
        expires = delay is not None and fate == "EXPIRED"
        self._later(_A_DAY if expires else delay, arrive)

    def _ring(self, call: OutgoingCall) -> None:
        answers = self._line.world.look_up(call.recipient).answers
        switches = self._line.switches

        def decide(*, answered: bool) -> None:
            if call.ringing:
                work = self._mark_call(call, answered=answered)
                self._line.world.poster.spawn(work)

        after = switches.answer_after
        if answers is not None:
            after = after or 0
        self._later(after, partial(decide, answered=answers is not False))
        self._later(switches.ring_for, partial(decide, answered=False))

    def _later(self, delay: float | None, action: Callable[[], None]) -> None:
        if delay is not None:
            self._line.world.clock.call_later(delay, action)
