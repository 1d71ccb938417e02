"""Reading of the lists of texts and missed calls that the provider hands out."""

import json
from typing import Any

import pytest

from custom_components.cecula_sync.api.exceptions import CeculaUnreadableError
from custom_components.cecula_sync.api.models import Dialect, InboundSms, UnreadableItem
from custom_components.cecula_sync.api.webhook import parse_missed_calls, parse_sms_list

from .test_webhook_parser import EXAMPLES, published

DIALECT = Dialect()


@pytest.fixture(autouse=True)
def _custom_integrations() -> None:
    """Leave Home Assistant out of these tests."""


@pytest.mark.parametrize("envelope", [None, "data", "messages", "report"])
def test_a_list_is_read_item_by_item(envelope: str | None) -> None:
    """An unreadable item is kept aside, and loses no other."""
    sms = json.loads(published("inbound_sms"))
    items: list[Any] = [sms, {"originator": "secret"}, "secret", sms | {"message": "2"}]
    answer = items if envelope is None else {envelope: items}
    first, second, third, last = parse_sms_list(json.dumps(answer).encode(), DIALECT)
    assert first == EXAMPLES["inbound_sms"]
    assert second == UnreadableItem(
        shape="{'originator': str}", raw='[{"originator": "secret"}]'
    )
    assert third == UnreadableItem(shape="str", raw='["secret"]')
    assert "secret" not in repr((second, third))
    assert isinstance(last, InboundSms)
    assert last.message == "2"


def test_missed_calls_are_read_from_a_list() -> None:
    """The fields are those of the webhook."""
    body = b"[" + published("inbound_call") + b"]"
    assert parse_missed_calls(body, DIALECT) == [EXAMPLES["inbound_call"]]
    assert parse_missed_calls(b"[]", DIALECT) == []


@pytest.mark.parametrize("body", [b"{}", b'{"data":"secret"}', b'"secret"', b"null"])
def test_what_is_no_list_is_unreadable(body: bytes) -> None:
    """It is not taken for an empty one."""
    with pytest.raises(CeculaUnreadableError) as caught:
        parse_sms_list(body, DIALECT)
    assert "secret" not in str(caught.value)
