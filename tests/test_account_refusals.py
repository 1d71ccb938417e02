"""Repair issues of an account come from refused sends, and go when it is well."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .accounts import (
    AFTER_A_SEND,
    ERROR,
    be_refused,
    details_of,
    issue_of,
    ring,
    set_up,
    text,
    told,
    wait,
)
from .conftest import BEN
from .doors import act_blindly, add_second_line, restart, until


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


async def test_a_status_that_nobody_lists_neither_raises_nor_refutes_anything(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What it means for sends, only a send can tell."""
    line.subscription.status = "ON HOLD"
    await wait(hass, freezer)
    assert told(hass) == {}
    line.subscription.status = "INACTIVE"
    await be_refused(hass)
    line.subscription.status = "ON HOLD"
    await wait(hass, freezer)
    await restart(hass, loaded)
    assert told(hass) == {"subscription_inactive": ERROR}
    line.subscription.status = "ACTIVE"
    await wait(hass, freezer)
    assert told(hass) == {}


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
