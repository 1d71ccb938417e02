"""The four webhook bodies, with the fields and types of the published examples."""

from typing import TYPE_CHECKING, Any

from .spelling import spell_time

if TYPE_CHECKING:
    from datetime import datetime

    from .line import Line
    from .records import IncomingCall, IncomingSms, OutgoingCall, OutgoingSms


def inbound_sms(line: Line, sms: IncomingSms) -> dict[str, Any]:
    """Return what the house learns of an SMS to it."""
    return {
        "originator": line.region.spell(sms.sender, "international"),
        "receiver": line.region.spell(line.msisdn, "national"),
        "message": sms.text,
        "timeReceived": _time(line, sms.received_at),
    }


def inbound_call(line: Line, call: IncomingCall) -> dict[str, Any]:
    """Return what the house learns of a call to it."""
    return {
        "originator": line.region.spell(call.caller, "national"),
        "receiver": line.region.spell(line.msisdn, "national"),
        "callDuration": str(call.duration),
        "callTime": _time(line, call.called_at),
    }


def sms_report(line: Line, sms: OutgoingSms) -> dict[str, Any]:
    """Return what became of an SMS so far."""
    switches = line.switches
    report: dict[str, Any] = {
        switches.report_id_field: sms.tracking_id,
        "originator": line.region.spell(line.msisdn, "national"),
        switches.report_receiver_field: line.region.spell(sms.recipient, "bare"),
        "status": sms.status,
        "sendTime": _time(line, sms.sent_at or sms.queued_at),
    }
    if sms.done_at is not None:
        return report | {"doneTime": _time(line, sms.done_at)}
    open_times: dict[str, dict[str, Any]] = {
        "empty": {"doneTime": ""},
        "null": {"doneTime": None},
    }
    return report | open_times.get(switches.open_done_time, {})


def call_status(line: Line, call: OutgoingCall) -> dict[str, Any]:
    """Return what became of a call so far."""
    ringing = line.switches.ringing_status
    return {
        "callId": call.call_id,
        "originator": line.region.spell(line.msisdn, "national"),
        "receiver": line.region.spell(call.recipient, "international"),
        "status": ringing if call.ringing else call.status,
        "callTime": _time(line, call.called_at),
    }


def _time(line: Line, moment: datetime) -> str:
    return spell_time(moment, line.switches.utc_offset_minutes)
