"""Reports on what was sent, as the events that tell of them."""

from typing import TYPE_CHECKING

from .api.models import CallReport, SmsReport
from .const import Kind
from .events import CallStatusChanged, SmsStatusChanged

if TYPE_CHECKING:
    from .recipients import Contact, PhoneBook, Recipient
    from .tracked import MessageKey

type Report = SmsReport | CallReport


def report_key(report: Report) -> MessageKey:
    """Return the kind and id; the provider numbers texts and calls apart."""
    if isinstance(report, SmsReport):
        return Kind.SMS, report.tracking_id
    return Kind.CALL, report.call_id


def as_event(
    report: Report, recipient: Recipient | None, phone_book: PhoneBook
) -> SmsStatusChanged | CallStatusChanged:
    """Return the event of a report; `recipient` is who the house sent to."""
    if isinstance(report, SmsReport):
        return sms_event(report, recipient, phone_book)
    return call_event(report, recipient, phone_book)


def sms_event(
    report: SmsReport, recipient: Recipient | None, phone_book: PhoneBook
) -> SmsStatusChanged:
    """Return the event of an SMS's report."""
    number, contact = _who(report, recipient, phone_book)
    return SmsStatusChanged(
        contact=contact,
        tracking_id=report.tracking_id,
        recipient=number,
        status=report.status,
        sent_at=report.sent_at,
        done_at=report.done_at,
    )


def call_event(
    report: CallReport, recipient: Recipient | None, phone_book: PhoneBook
) -> CallStatusChanged:
    """Return the event of a call's report."""
    number, contact = _who(report, recipient, phone_book)
    return CallStatusChanged(
        contact=contact,
        call_id=report.call_id,
        recipient=number,
        status=report.status,
        duration=report.duration,
        called_at=report.called_at,
    )


def _who(
    report: Report, recipient: Recipient | None, phone_book: PhoneBook
) -> tuple[str | None, Contact | None]:
    """Return the number and the contact, who may have another number by now."""
    number = recipient.number if recipient else report.recipient
    if recipient and recipient.contact:
        return number, phone_book.contact(recipient.contact.contact_id)
    return number, phone_book.contact_of(number)
