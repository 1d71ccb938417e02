"""Repair issues of an account come from reads and refusals, and go by themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.account_issues import Facts, issues_of
from custom_components.cecula_sync.api.models import Subscription
from custom_components.cecula_sync.issues import Issue
from simulator import Line, Simulator

from .conftest import BEN
from .doors import act_blindly, add_second_line, pass_time, restart, until
from .flows import configure

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
POLL = 31 * 60
DAY = 24 * 3600
AFTER_A_SEND = 20
ERROR, WARNING = ir.IssueSeverity.ERROR, ir.IssueSeverity.WARNING


def issue_of(
    hass: HomeAssistant, key: str, entry_id: str = "line_one"
) -> ir.IssueEntry | None:
    """Return an issue of a number, if it is open."""
    return ir.async_get(hass).async_get_issue("cecula_sync", f"{key}_{entry_id}")


def told(hass: HomeAssistant, entry_id: str = "line_one") -> dict[str, str | None]:
    """Return the severities of a number's open issues, by their keys."""
    found = {key: issue_of(hass, key, entry_id) for key in Issue}
    return {key: issue.severity for key, issue in found.items() if issue}


def details_of(hass: HomeAssistant, key: str) -> dict[str, str]:
    """Return what an open issue fills into its text."""
    issue = issue_of(hass, key)
    assert issue is not None
    return issue.translation_placeholders or {}


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set a number up."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def wait(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = POLL
) -> None:
    """Let time pass, when nothing is under way that would then take so long."""
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_time(hass, freezer, seconds)


async def text(hass: HomeAssistant) -> None:
    """Send a text."""
    await act_blindly(hass, "send_sms", recipients=BEN, message="Hi")


async def ring(hass: HomeAssistant) -> None:
    """Ring a phone."""
    await act_blindly(hass, "make_call", recipient=BEN)


async def be_refused(hass: HomeAssistant, way: Any = text) -> None:
    """Send, and see it refused."""
    with pytest.raises(HomeAssistantError):
        await way(hass)


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
            {"subscription_inactive": {}},
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


@pytest.mark.parametrize("way", [text, ring])
@pytest.mark.parametrize(
    ("settings", "key"),
    [
        pytest.param({"barred": True}, "sim_barred", id="CE2001"),
        pytest.param({"credit": 1.0}, "credit_too_low", id="CE3001"),
        pytest.param({"subscription": {"status": "INACTIVE"}}, "subscription_inactive"),
    ],
)
async def test_what_a_send_is_refused_with_is_told_until_one_is_accepted(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    settings: dict[str, Any],
    key: str,
    way: Any,
) -> None:
    """A reload proves nothing."""
    line.update(settings)
    await be_refused(hass, way)
    assert told(hass) == {key: ERROR}
    await restart(hass, loaded)
    assert told(hass) == {key: ERROR}
    issue = issue_of(hass, key)
    assert issue is not None
    assert issue.is_persistent
    assert issue.translation_placeholders == {"line": "+234…634"}

    line.update({"barred": False, "subscription": {"status": "ACTIVE"}})
    line.credit = 5.0
    await way(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert told(hass) == {}


async def test_both_codes_for_too_little_credit_are_known(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    line.credit, line.switches.low_credit_code = 1, "CE1804"
    await be_refused(hass)
    assert told(hass) == {"credit_too_low": ERROR}


@pytest.mark.parametrize(
    ("fault", "params"),
    [
        ("code", {"code": "CE1001"}),
        ("code", {"code": "CE9999"}),
        ("http_500", {}),
        ("accept_then_drop", {}),
        ("unauthorized", {}),
    ],
)
async def test_other_ends_of_a_send_say_nothing_of_the_account(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    fault: str,
    params: dict[str, Any],
) -> None:
    for operation, way in (("send-sms", text), ("flash-number", ring)):
        simulator.arm(fault, operation=operation, **params)
        await be_refused(hass, way)
    assert told(hass) == {}


async def test_a_send_of_which_one_recipient_is_sure_counts_as_accepted(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Though it ends with an error."""
    line.barred = True
    await be_refused(hass)
    line.barred = False
    simulator.arm("partial", operation="send-sms")
    with pytest.raises(HomeAssistantError):
        await act_blindly(
            hass, "send_sms", recipients=[BEN, "+2348031111111"], message="Hi"
        )
    assert told(hass) == {}


async def test_too_little_credit_is_over_when_the_balance_rises(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """As compared with the least since then: others may have spent the rest."""
    line.credit = 2.0
    await be_refused(hass)
    await wait(hass, freezer, AFTER_A_SEND)
    line.credit = 1.0
    await wait(hass, freezer)
    await restart(hass, loaded)
    assert told(hass) == {"credit_too_low": ERROR}
    line.credit = 1.5
    await wait(hass, freezer)
    assert told(hass) == {}


async def test_a_balance_that_was_not_told_when_a_send_was_refused_is_no_rise(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is compared with from then on."""
    line.credit = 1
    refusal = simulator.arm("code", operation="cecula-balance", times=0)
    await set_up(hass, entry)
    await be_refused(hass)
    await wait(hass, freezer)
    assert refusal.used
    simulator.disarm()
    await wait(hass, freezer)
    assert told(hass) == {"credit_too_low": ERROR}
    line.credit = 2
    await wait(hass, freezer)
    assert told(hass) == {}


async def test_a_barred_sim_is_told_though_reads_go_well(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    line.barred = True
    await be_refused(hass)
    for _ in range(2):
        await wait(hass, freezer)
    assert told(hass) == {"sim_barred": ERROR}


async def test_a_refusal_counts_more_than_a_status_that_stays_active(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is over when the subscription is told as another one."""
    simulator.arm("code", operation="send-sms", code="CE2000")
    await be_refused(hass)
    await wait(hass, freezer)
    await restart(hass, loaded)
    assert told(hass) == {"subscription_inactive": ERROR}
    line.subscription.expires -= timedelta(days=30)
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


async def test_a_number_with_a_name_is_told_by_its_name(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Also if it is given meanwhile."""
    line.barred = True
    await be_refused(hass)
    hass.config_entries.async_update_entry(loaded, title="House")
    await hass.async_block_till_done()
    assert details_of(hass, "sim_barred") == {"line": "House"}


async def test_each_number_has_issues_of_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    await add_second_line(hass, simulator)
    line.barred = True
    data = {"recipients": BEN, "message": "Hi"}
    with pytest.raises(HomeAssistantError):
        await act_blindly(hass, "send_sms", **data, config_entry_id="line_one")
    await act_blindly(hass, "send_sms", **data, config_entry_id="line_two")
    assert told(hass) == {"sim_barred": ERROR}
    assert told(hass, "line_two") == {}


async def test_a_disabled_number_has_no_issue_until_it_is_enabled(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Only what is read again is then told again."""
    line.update({"barred": True, "subscription": {"status": "INACTIVE"}})
    await be_refused(hass)
    line.subscription.status = "ACTIVE"
    await be_refused(hass)
    line.subscription.status = "INACTIVE"
    assert told(hass).keys() == {"sim_barred", "subscription_inactive"}
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, disabled)
    assert told(hass) == {}
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, None)
    await hass.async_block_till_done()
    assert told(hass).keys() == {"subscription_inactive"}


@pytest.mark.parametrize("is_removed", [True, False], ids=["removed", "disabled"])
async def test_a_late_refusal_raises_nothing_for_a_number_that_is_gone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    is_removed: bool,
) -> None:
    """The answer comes after it was removed, or disabled."""
    monkeypatch.setattr("custom_components.cecula_sync.sender._PATIENCE_SECONDS", 0)
    line.barred = True
    simulator.arm("slow", operation="send-sms", seconds=0.2)
    sending = hass.async_create_task(be_refused(hass))
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    if is_removed:
        await hass.config_entries.async_remove(loaded.entry_id)
    else:
        disabled = ConfigEntryDisabler.USER
        await hass.config_entries.async_set_disabled_by(loaded.entry_id, disabled)
    await sending
    assert told(hass) == {}
