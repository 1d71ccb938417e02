"""The world as JSON, to be shown, kept on disk and read back."""

from dataclasses import asdict, fields
from datetime import datetime
import json
from typing import TYPE_CHECKING, Any

from .faults import REQUEST_FAULTS, WEBHOOK_FAULTS, WEBHOOK_KINDS
from .line import LINE_SETTINGS, Line, Subscription
from .operations import OPERATIONS
from .records import IncomingCall, IncomingSms, OutgoingCall, OutgoingSms
from .switches import Switches, choices
from .world import Ids, Phone, World

if TYPE_CHECKING:
    from pathlib import Path

type Json = dict[str, Any]

_VERSION = 1


def of_world(world: World) -> Json:
    """Return all that is worth keeping."""
    return {
        "version": _VERSION,
        "ids": asdict(world.ids),
        "phones": [asdict(phone) for phone in world.phones.values()],
        "lines": [of_line(line) for line in world.lines],
    }


def of_line(line: Line, limit: int | None = None) -> Json:
    """Return a line; with a limit, only the newest of its traffic."""
    newest = slice(-limit if limit else None, None)
    return {
        "api_key": line.api_key,
        "msisdn": line.msisdn,
        "trunk_prefix": line.region.trunk_prefix,
        **{name: getattr(line, name) for name in LINE_SETTINGS},
        "subscription": of_record(line.subscription),
        "switches": line.switches.as_dict(),
        "webhooks": {**line.webhooks.urls},
        "received": [of_record(each) for each in line.received[newest]],
        "received_calls": [of_record(each) for each in line.received_calls[newest]],
        "sent": [of_record(each) for each in line.sent[newest]],
        "calls": [of_record(each) for each in line.calls[newest]],
    }


def of_record(record: Any) -> Json:
    """Return one record, its times as text."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(record).items()
    }


def of_choices() -> Json:
    """Return what can be switched, armed and asked."""
    return {
        "switches": choices(),
        "request_faults": REQUEST_FAULTS,
        "webhook_faults": WEBHOOK_FAULTS,
        "operations": [operation.name for operation in OPERATIONS],
        "webhooks": WEBHOOK_KINDS,
    }


def restore(world: World, kept: Json) -> None:
    """Read a world back, and go on with what was on its way."""
    if kept.get("version") != _VERSION:
        message = f"It is of version {kept.get('version')}, not {_VERSION}"
        raise ValueError(message)
    world.ids = Ids(**kept["ids"])
    world.phones = {each["number"]: Phone(**each) for each in kept["phones"]}
    for each in kept["lines"]:
        _restore_line(world, each)


def _restore_line(world: World, kept: Json) -> None:
    line = world.add_line(
        api_key=kept["api_key"],
        msisdn=kept["msisdn"],
        trunk_prefix=kept["trunk_prefix"],
        subscription=_record(Subscription, kept["subscription"]),
    )
    for name in LINE_SETTINGS:
        setattr(line, name, kept[name])
    known = {field.name for field in fields(Switches)}
    line.switches.update(
        {name: value for name, value in kept["switches"].items() if name in known}
    )
    line.webhooks.urls = dict(kept["webhooks"])
    line.received = [_record(IncomingSms, each) for each in kept["received"]]
    line.received_calls = [
        _record(IncomingCall, each) for each in kept["received_calls"]
    ]
    for sms in kept["sent"]:
        line.outbox.keep_sms(_record(OutgoingSms, sms))
    for call in kept["calls"]:
        line.outbox.keep_call(_record(OutgoingCall, call))
    line.outbox.resume()


def _record[Record](kind: type[Record], kept: Json) -> Record:
    times = ("expires", "queued_at", "sent_at", "done_at", "called_at", "received_at")
    return kind(
        **{
            name: datetime.fromisoformat(value) if value and name in times else value
            for name, value in kept.items()
        }
    )


def load(world: World, path: Path) -> None:
    """Read the world from a file; say plainly why it cannot be read."""
    try:
        restore(world, json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} holds no state of the simulator: {error}"
        raise ValueError(message) from error


def save(world: World, path: Path) -> None:
    """Write the world to a file, wholly or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(of_world(world), file)
    beside.replace(path)
