"""What a look finds and the webhook should have brought is a matter for Repairs."""

from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from custom_components.cecula_sync.const import DOMAIN

from .house import Came, House

KINDS = ["sms", "call"]


def missing(house: House) -> set[str]:
    """Return of which webhooks an issue says that they are missing."""
    issues = ir.async_get(house.hass)
    return {
        kind
        for kind in KINDS
        if issues.async_get_issue(
            DOMAIN, f"{kind}_webhook_missing_{house.entry.entry_id}"
        )
    }


def comes(house: House, kind: str) -> Came:
    """Have something of a kind come to the SIM."""
    return house.text("Open") if kind == "sms" else house.call()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_find_between_two_good_looks_is_evidence(
    house: House, kind: str
) -> None:
    """Once its webhook has not come for a minute and a half."""
    await house.set_up()
    await house.pass_time(600)
    comes(house, kind)
    await house.pass_time(300 + 89)
    assert missing(house) == set()
    await house.pass_time(1)
    assert missing(house) == {kind}


@pytest.mark.parametrize("kind", KINDS)
async def test_only_a_webhook_of_its_kind_closes_it(house: House, kind: str) -> None:
    """Not time, nor looks, nor the other webhook, nor a reload."""
    (other,) = set(KINDS) - {kind}
    await house.set_up()
    comes(house, kind)
    await house.look()
    await house.pass_time(90)
    await house.post(comes(house, other))
    await house.pass_time(3600)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.pass_time(120)
    assert missing(house) == {kind}
    await house.post(comes(house, kind))
    assert missing(house) == set()


async def test_a_post_closes_it_though_its_item_was_told(house: House) -> None:
    """It proves the webhook, even where it comes too late to be live."""
    await house.set_up()
    text = house.text("Open")
    await house.look()
    await house.pass_time(90)
    assert missing(house) == {"sms"}
    await house.post(text)
    assert (missing(house), house.heard) == (set(), [text.late()])


async def test_it_is_there_after_a_restart(hass: HomeAssistant, house: House) -> None:
    """A restart proves nothing."""
    await house.set_up()
    house.text("Open")
    await house.look()
    await house.pass_time(90)
    issue_id = f"sms_webhook_missing_{house.entry.entry_id}"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.is_persistent


async def test_what_is_posted_in_time_is_no_evidence(house: House) -> None:
    """Nor is what the list hands out again after it."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    text = house.text("Open")
    await house.look()
    await house.pass_time(60)
    await house.post(text)
    await house.pass_time(2000)
    assert missing(house) == set()


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_first_look_finds_is_no_evidence(
    house: House, kind: str
) -> None:
    """The house was not there to be posted to; nor is a baseline."""
    comes(house, kind)
    await house.set_up()
    await house.close()
    house.freezer.tick(60)
    late = comes(house, kind)
    await house.set_up()
    await house.pass_time(120)
    assert (missing(house), house.heard) == (set(), [late.late()])


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_found_after_a_failed_look_is_no_evidence(
    house: House, kind: str
) -> None:
    """The house may have been out of reach; the find after it is evidence again."""
    operation = {"sms": "get-new-sms", "call": "new-missed-calls"}[kind]
    await house.set_up()
    house.simulator.arm("http_500", operation=operation)
    late = comes(house, kind)
    await house.look()
    await house.pass_time(60)
    await house.pass_time(90)
    assert (missing(house), house.heard) == (set(), [late.late()])
    comes(house, kind)
    await house.look()
    await house.pass_time(90)
    assert missing(house) == {kind}


async def test_what_is_found_after_the_account_was_out_of_reach_is_no_evidence(
    house: House,
) -> None:
    """Whichever of the house's questions met the gap."""
    await house.set_up()
    coordinator = house.entry.runtime_data.coordinator
    house.simulator.arm("http_500", operation="cecula-balance")
    await coordinator.async_refresh()
    late = house.text("Open")
    await coordinator.async_refresh()
    await house.settle()
    assert house.looks("sms") == 2
    await house.pass_time(90)
    assert (missing(house), house.heard) == (set(), [late.late()])


async def test_what_is_found_after_the_machine_was_paused_is_no_evidence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its webhook was posted to nobody; what is found later is evidence again."""
    await house.set_up()
    pause = timedelta(minutes=10)
    monkeypatch.setattr(dt_util, "utcnow", lambda: datetime.now(UTC) + pause)
    house.text("Open")
    await house.look()
    await house.pass_time(120)
    assert missing(house) == set()
    house.text("Close")
    await house.look()
    await house.pass_time(120)
    assert missing(house) == {"sms"}


async def test_a_failure_of_one_list_is_no_gap_of_the_other(house: House) -> None:
    """Calls were read well all the time."""
    await house.set_up()
    house.simulator.arm("http_500", operation="get-new-sms")
    house.text("Open")
    house.call()
    await house.look()
    await house.pass_time(180)
    assert missing(house) == {"call"}


async def test_what_was_unreadable_before_is_no_evidence(house: House) -> None:
    """A whole answer that can't be read is a failed look."""
    await house.set_up()
    house.simulator.arm("broken_json", operation="get-new-sms")
    house.text("Open")
    await house.look()
    house.line.received[0].unread = True
    await house.pass_time(60 + 120)
    assert (len(house.heard), missing(house)) == (1, set())


async def test_a_house_that_polls_misses_no_webhook(house: House) -> None:
    """It was not asked to have one."""
    await house.set_up(inbound="polling")
    house.text("Open")
    house.call()
    await house.pass_time(600)
    assert (len(house.heard), missing(house)) == (2, set())


async def test_what_came_while_the_house_polled_is_no_evidence(house: House) -> None:
    """Its webhook may have been set up since; the next find counts again."""
    await house.set_up(inbound="polling")
    await house.pass_time(120)
    house.text("Polled")
    house.hass.config_entries.async_update_entry(
        house.entry, options={"inbound": "webhook"}
    )
    await house.pass_time(180)
    assert (len(house.heard), missing(house)) == (1, set())
    house.text("Not posted")
    await house.look()
    await house.pass_time(90)
    assert (len(house.heard), missing(house)) == (2, {"sms"})
