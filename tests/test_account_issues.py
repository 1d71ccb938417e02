"""Repair issues of an account come from what is read of it, and go with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.account_issues import Facts, issues_of
from custom_components.cecula_sync.api.models import Subscription
from custom_components.cecula_sync.issues import Issue
from simulator import Line, Simulator

from .accounts import (
    AFTER_A_SEND,
    ERROR,
    WARNING,
    be_refused,
    details_of,
    set_up,
    text,
    told,
    wait,
)
from .doors import restart
from .flows import configure

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = 24 * 3600


def subscription(
    status: str = "active", expires_at: datetime | None = None
) -> Subscription:
    """Return a subscription."""
    return Subscription(status=status, plan=None, expires_at=expires_at)


@pytest.mark.parametrize(
    ("facts", "low_balance", "found"),
    [
        pytest.param({}, 10, {}, id="nothing known"),
        pytest.param({"subscription": subscription()}, 0, {}, id="no end"),
        pytest.param(
            {"subscription": subscription(expires_at=NOW + timedelta(days=7.1))},
            0,
            {},
            id="far end",
        ),
        pytest.param(
            {"subscription": subscription(expires_at=NOW + timedelta(days=7))},
            0,
            {"subscription_expires_soon": {"date": "2026-12-01"}},
            id="near end",
        ),
        pytest.param(
            {"subscription": subscription(expires_at=NOW - timedelta(hours=1))},
            0,
            {"subscription_expires_soon": {"date": "2026-11-24"}},
            id="past end of an active one",
        ),
        pytest.param(
            {"subscription": subscription("inactive", NOW)},
            0,
            {"subscription_inactive": {}},
            id="inactive",
        ),
        pytest.param(
            {"subscription": subscription("on hold")},
            0,
            {},
            id="a status that nobody lists",
        ),
        pytest.param(
            {
                "subscription": subscription(expires_at=NOW),
                "refused": {Issue.SUBSCRIPTION_INACTIVE},
            },
            0,
            {"subscription_inactive": {}},
            id="refused near its end",
        ),
        pytest.param({"balance": 9.94}, 0, {}, id="off"),
        pytest.param({"balance": -1}, 0, {}, id="off, in debt"),
        pytest.param({"balance": 10}, 10, {}, id="just enough"),
        pytest.param(
            {"balance": 9.94},
            10,
            {"low_balance": {"balance": "9.9", "limit": "10"}},
            id="low",
        ),
        pytest.param(
            {"balance": 9, "refused": {Issue.CREDIT_TOO_LOW, Issue.SIM_BARRED}},
            10,
            {"credit_too_low": {}, "sim_barred": {}},
            id="refused and low",
        ),
    ],
)
def test_facts_tell_which_issues_there_are(
    facts: dict[str, Any], low_balance: float, found: dict[str, dict[str, str]]
) -> None:
    known = {"balance": None, "subscription": None, "refused": frozenset(), **facts}
    assert issues_of(Facts(**known), low_balance, NOW) == found


async def test_an_account_that_is_well_has_no_issue(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    await text(hass)
    assert told(hass) == {}


async def test_a_subscription_that_is_not_active_at_set_up_is_told_until_it_is(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A restart closes nothing, nor does a poll that fails."""
    line.subscription.status = "INACTIVE"
    await set_up(hass, entry)
    assert told(hass) == {"subscription_inactive": ERROR}
    await restart(hass, entry)
    await wait(hass, freezer)
    line.subscription.status = "ACTIVE"
    line.world.arm("http_500", operation="cecula-balance", times=1, line=None)
    await wait(hass, freezer)
    assert told(hass) == {"subscription_inactive": ERROR}
    await wait(hass, freezer)
    assert told(hass) == {}


async def test_a_subscription_that_ends_is_told_of_a_week_before_and_when_it_has(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Though nothing else of the account changes meanwhile; renewed, it is well."""
    freezer.move_to(NOW)
    line.switches.utc_offset_minutes = -8 * 60  # a server of one's own: as the house
    line.subscription.expires = NOW + timedelta(days=8)
    await set_up(hass, entry)
    assert told(hass) == {}
    await wait(hass, freezer, DAY)
    assert told(hass) == {"subscription_expires_soon": WARNING}
    assert details_of(hass, "subscription_expires_soon") == {
        "line": "+234…634",
        "date": "2026-12-02",
    }
    await wait(hass, freezer, 7 * DAY)
    assert told(hass) == {"subscription_inactive": ERROR}
    line.subscription.expires += timedelta(days=30)
    await wait(hass, freezer)
    assert told(hass) == {}


@pytest.mark.parametrize(
    ("code", "key"),
    [("CE2000", "subscription_inactive"), ("CE2001", "sim_barred")],
)
async def test_reads_that_are_refused_tell_it_too_until_they_are_not(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
    code: str,
    key: str,
) -> None:
    """An accepted send closes nothing that the next read would tell again."""
    for operation in ("cecula-balance", "subscription-status", "sim-status"):
        simulator.arm("code", operation=operation, times=0, code=code)
    await set_up(hass, entry)
    assert told(hass) == {key: ERROR}
    await text(hass)
    assert told(hass) == {key: ERROR}
    simulator.disarm()
    await wait(hass, freezer)
    assert told(hass) == {}


async def test_a_balance_is_told_as_low_from_the_figure_on_that_the_user_gives(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """At once, and with what there is; until it is high enough, or nobody cares."""
    configure(hass, loaded, low_balance=500)
    await hass.async_block_till_done()
    assert told(hass) == {}
    await text(hass)
    await wait(hass, freezer, AFTER_A_SEND)
    assert told(hass) == {"low_balance": WARNING}
    assert details_of(hass, "low_balance") == {
        "line": "+234…634",
        "balance": "497.5",
        "limit": "500",
    }
    line.credit = 20
    await wait(hass, freezer)
    assert details_of(hass, "low_balance")["balance"] == "20.0"
    for low_balance, is_low in ((20, False), (21, True), (0, False), (21, True)):
        configure(hass, loaded, low_balance=low_balance)
        await hass.async_block_till_done()
        assert told(hass) == ({"low_balance": WARNING} if is_low else {})
    line.credit = 21
    await wait(hass, freezer)
    assert told(hass) == {}


async def test_what_is_not_told_for_once_changes_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Neither a balance nor a subscription is well because nobody tells of it."""
    configure(hass, loaded, low_balance=10)
    line.credit, line.subscription.status = 9, "INACTIVE"
    await wait(hass, freezer)
    both = {"low_balance": WARNING, "subscription_inactive": ERROR}
    assert told(hass) == both
    for operation in ("cecula-balance", "subscription-status"):
        simulator.arm("code", operation=operation, code="CE1000")
    line.credit, line.subscription.status = 500, "ACTIVE"
    await wait(hass, freezer)
    assert told(hass) == both
    await wait(hass, freezer)
    assert told(hass) == {}


async def test_only_the_worse_of_two_about_the_credit_is_told(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    configure(hass, loaded, low_balance=10)
    line.credit = 1
    await wait(hass, freezer)
    assert told(hass) == {"low_balance": WARNING}
    await be_refused(hass)
    assert told(hass) == {"credit_too_low": ERROR}
    line.credit = 2
    await wait(hass, freezer)
    assert told(hass) == {"low_balance": WARNING}
