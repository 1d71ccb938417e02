"""Reading of what the provider tells of an account."""

from datetime import UTC, datetime, timedelta, timezone
import json
from typing import Any

import pytest

from custom_components.cecula_sync.api.exceptions import CeculaUnreadableError
from custom_components.cecula_sync.api.models import Dialect
from custom_components.cecula_sync.api.responses import (
    parse_balance,
    parse_number,
    parse_sim_status,
    parse_subscription,
)
from tests.conftest import NUMBER

DIALECT = Dialect()


@pytest.fixture(autouse=True)
def _custom_integrations() -> None:
    """Leave Home Assistant out of these tests."""


def told(**answer: Any) -> bytes:
    """Return an answer."""
    return json.dumps(answer).encode()


@pytest.mark.parametrize("balance", [2034.4, "2034.4", " 2034.4 "])
def test_the_balance_is_a_number(balance: Any) -> None:
    """However it is spelt."""
    assert parse_balance(told(balance=balance)) == 2034.4


@pytest.mark.parametrize("msisdn", [NUMBER, NUMBER[1:], "08176470634", 2348176470634])
def test_the_number_is_e164(msisdn: Any) -> None:
    """However it is spelt."""
    assert parse_number(told(msisdn=msisdn)) == NUMBER


def test_the_subscription_is_read_as_far_as_it_is_told() -> None:
    """Only its status must be there."""
    body = told(
        subscriptionStatus="ACTIVE", subscriptionPlan="M", expiryDate="2026/12/31 09:00"
    )
    full = parse_subscription(body, DIALECT)
    lagos = timezone(timedelta(hours=1))
    assert (full.active, full.plan) == (True, "M")
    assert full.expires_at == datetime(2026, 12, 31, 9, tzinfo=lagos)
    bare = parse_subscription(told(subscriptionStatus="Inactive"), Dialect(zone=UTC))
    assert (bare.status, bare.active) == ("inactive", False)
    assert (bare.plan, bare.expires_at) == (None, None)


@pytest.mark.parametrize("name", ["status", "simStatus", "sim_status", "SIMStatus"])
def test_the_state_of_the_sim_is_in_lower_case(name: str) -> None:
    """No source names its field."""
    assert parse_sim_status(told(**{name: "IN CALL"})) == "in call"


@pytest.mark.parametrize(
    "read",
    [
        parse_balance,
        parse_number,
        lambda body: parse_subscription(body, DIALECT),
        parse_sim_status,
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="array"),
        pytest.param(told(), id="empty object"),
        pytest.param(told(secret="secret"), id="other fields"),  # noqa: S106
        pytest.param(
            told(balance=None, msisdn="", subscriptionStatus=True, status=[]),
            id="other types",
        ),
        pytest.param(told(balance="much"), id="no number"),
        pytest.param(b'{"balance":1e999}', id="infinite"),
    ],
)
def test_an_answer_without_what_was_asked_for_is_unreadable(
    read: Any, body: bytes
) -> None:
    """It is never guessed at, and its values are not shown."""
    with pytest.raises(CeculaUnreadableError) as caught:
        read(body)
    assert ": secret" not in str(caught.value)


def test_a_number_that_is_none_is_unreadable() -> None:
    """The error shows nothing of it."""
    with pytest.raises(CeculaUnreadableError) as caught:
        parse_number(told(msisdn="secret"))
    assert "secret" not in str(caught.value)
