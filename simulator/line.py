"""One dedicated number: its state, and what people outside do to it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from . import payloads
from .outbox import Outbox
from .poster import TAKEN
from .records import (
    IncomingCall,
    IncomingSms,
    Origin,
    OutgoingCall,
    OutgoingSms,
    ReceivedRequest,
)
from .spelling import Region, is_international
from .switches import Switches
from .webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .faults import Kind
    from .world import World

LINE_SETTINGS: dict[str, type | tuple[str, ...]] = {
    "credit": float,
    "sim_status": str,
    "frozen": bool,
    "barred": bool,
    "app_online": bool,
    "originator": ("approved", "pending", "unregistered"),
    "sms_auto_reply": str,
    "call_auto_reply": str,
}
"""What can be set from outside: a type, or the values there are."""

_FAR_EXPIRY = datetime(2099, 12, 31, 22, 59, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Subscription:
    """What the line's owner has booked."""

    status: str = "ACTIVE"
    plan: str = "Cecula Sync Cloud Monthly"
    expires: datetime = _FAR_EXPIRY

    def status_at(self, moment: datetime) -> str:
        """Return the status, which ends with the expiry."""
        if self.status == "ACTIVE" and moment >= self.expires:
            return "INACTIVE"
        return self.status

    def update(self, changes: Mapping[str, Any]) -> None:
        """Set status, plan or expiry by name; the expiry may be ISO text."""
        for name, value in changes.items():
            if name not in ("status", "plan", "expires"):
                message = f"A subscription has no {name!r}"
                raise ValueError(message)
            setattr(self, name, _moment(value) if name == "expires" else str(value))


class Line:
    """A SIM with its own key, credit, inbox and webhooks."""

    def __init__(  # noqa: PLR0913 - a line is furnished at once
        self,
        world: World,
        *,
        api_key: str,
        msisdn: str,
        credit: float = 500.0,
        switches: Switches | None = None,
        subscription: Subscription | None = None,
        webhook: str | None = None,
        trunk_prefix: str = "0",
    ) -> None:
        """Put a SIM into its gateway."""
        if not is_international(msisdn):
            message = f"A line's number is spelt +<country><number>, not {msisdn!r}"
            raise ValueError(message)
        self.world = world
        self.api_key = api_key
        self.msisdn = msisdn
        self.region = Region(msisdn, trunk_prefix)
        self.credit = credit
        self.switches = switches or Switches()
        self.subscription = subscription or Subscription()
        self.sim_status = "READY"
        self.frozen = False
        self.barred = False
        self.app_online = True
        self.originator: Literal["approved", "pending", "unregistered"] = "approved"
        self.sms_auto_reply = ""
        self.call_auto_reply = ""
        self.webhooks = Webhooks(self)
        self.webhooks.set(webhook)
        self.received: list[IncomingSms] = []
        self.received_calls: list[IncomingCall] = []
        self.outbox = Outbox(self)

    @property
    def sent(self) -> list[OutgoingSms]:
        """Return all SMS that left, the oldest first."""
        return self.outbox.messages

    @property
    def calls(self) -> list[OutgoingCall]:
        """Return all calls that the line placed, the oldest first."""
        return self.outbox.calls

    @property
    def inbox(self) -> list[IncomingSms]:
        """Return the unread SMS."""
        return [sms for sms in self.received if sms.unread]

    @property
    def missed_calls(self) -> list[IncomingCall]:
        """Return the missed calls that were not handed out yet."""
        return [call for call in self.received_calls if call.missed and call.unread]

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Return all requests that carried this line's key."""
        return [each for each in self.world.requests if each.line == self.msisdn]

    async def receive_sms(self, sender: str | None, text: str) -> list[int]:
        """Text the line; return what its webhook answered to each post."""
        number = self.region.normalise(sender or "")
        sms = IncomingSms(sender=number, text=text, received_at=self.world.now())
        self.received.append(sms)
        self._reply(number, self.sms_auto_reply, "sms_auto_reply")
        payload = payloads.inbound_sms(self, sms)
        return await self._tell(sms, "sms", payload, number)

    async def receive_call(
        self, caller: str | None, duration_seconds: int = 0
    ) -> list[int]:
        """Call the line; 0 seconds is a missed call."""
        if duration_seconds < 0:
            message = "A call does not last less than nothing"
            raise ValueError(message)
        number = self.region.normalise(caller or "")
        call = IncomingCall(
            caller=number, duration=duration_seconds, called_at=self.world.now()
        )
        self.received_calls.append(call)
        self._reply(number, self.call_auto_reply, "call_auto_reply")
        payload = payloads.inbound_call(self, call)
        return await self._tell(call, "call", payload, number)

    async def report(self, tracking_id: str, status: str) -> list[int]:
        """Let an SMS reach a status, and post it."""
        return await self.outbox.report(tracking_id, status)

    async def answer(self, call_id: str, answered: bool) -> list[int]:  # noqa: FBT001
        """Let the phone that rings be answered, or not."""
        return await self.outbox.answer(call_id, answered=answered)

    async def post_webhook(
        self, kind: Kind, body: bytes | Mapping[str, Any]
    ) -> list[int]:
        """Post anything at all to the URL of a kind."""
        return await self.webhooks.post(kind, body)

    def refresh(self) -> None:
        """Free a SIM whose messages are frozen."""
        self.frozen = False
        self.outbox.resume()
        self.world.changed()

    def update(self, changes: Mapping[str, Any]) -> None:
        """Set settings by name; a wrong name or value changes nothing."""
        settings = dict(changes)
        subscription = replace(self.subscription)
        subscription.update(settings.pop("subscription", {}))
        for name, value in settings.items():
            if not _fits(name, value):
                message = f"{value!r} is no value for {name!r} of a line"
                raise ValueError(message)
        self.subscription = subscription
        for name, value in settings.items():
            setattr(self, name, value)
        self.world.changed()

    def _reply(self, number: str, text: str, origin: Origin) -> None:
        if text and is_international(number):
            self.outbox.reply(number, text, origin)

    async def _tell(
        self,
        item: IncomingSms | IncomingCall,
        kind: Kind,
        payload: Mapping[str, Any],
        number: str,
    ) -> list[int]:
        self.world.changed()
        statuses = await self.webhooks.notify(kind, payload, number=number)
        taken = any(status in TAKEN for status in statuses)
        if taken and not self.switches.unread_after_webhook:
            item.unread = False
            self.world.changed()
        return statuses


def _fits(name: str, value: Any) -> bool:
    allowed = LINE_SETTINGS.get(name, ())
    if isinstance(allowed, tuple):
        return value in allowed
    if allowed is float:
        return type(value) in (int, float) and isfinite(value)
    return isinstance(value, allowed)


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        message = "An expiry is a time with a zone"
        raise ValueError(message)
    return moment
