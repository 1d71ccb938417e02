"""Two SIMs in one house: what comes to one is not what comes to the other."""

import json

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.cecula_sync.const import DOMAIN
from simulator import Simulator
from tests.conftest import ADA
from tests.doors import act, add_second_line

from .house import House, NewClient


@pytest.fixture
async def second(
    hass: HomeAssistant,
    house: House,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: NewClient,
) -> House:
    """Return the same house as far as its second SIM goes; both are set up."""
    await house.set_up()
    entry, line = await add_second_line(hass, simulator)
    second = House(hass, entry, line, simulator, freezer, hass_client_no_auth)
    await second.settle()
    return second


async def settle_for(house: House, second: House, seconds: int) -> None:
    """Let time pass for both."""
    await house.pass_time(seconds)
    await second.settle()


async def test_the_same_text_to_both_is_two_items(house: House, second: House) -> None:
    """Each is told once and is the first of its line, however it came."""
    ours, theirs = house.text("Open"), second.text("Open")
    await house.post(ours)
    await second.look()
    await settle_for(house, second, 30)
    await second.post(theirs)
    await settle_for(house, second, 1800)
    assert (house.heard, second.heard) == ([ours.live()], [theirs.live()])


async def test_the_same_bytes_to_both_are_no_retry(house: House, second: House) -> None:
    """A provider may leave out whom it was for; the address tells that."""
    body = json.dumps(
        {"originator": ADA, "message": "Open", "timeReceived": "2026-11-24 08:30"}
    )
    ours, theirs = house.text("Open"), second.text("Open")
    for each, came in ((house, ours), (second, theirs)):
        client = await each.open_door()
        url = f"/api/webhook/{each.entry.data['webhook_id']}"
        async with client.post(url, data=body.encode()) as response:
            assert response.status == 200
        await each.settle()
        assert each.heard == [came.live()]


async def test_each_line_has_files_of_its_own(house: House, second: House) -> None:
    """Removing one leaves what the other keeps."""
    house.text("To the first")
    theirs = second.text("To the second")
    await house.look()
    await second.look()
    assert "To the second" not in house.kept_in().read_text()
    assert "To the first" not in second.kept_in().read_text()
    assert await house.hass.config_entries.async_remove(house.entry.entry_id)
    folder = house.kept_in().parent
    assert list(folder.glob("cecula_sync.line_one*")) == []
    assert second.kept_in().exists()
    await second.pass_time(120)
    assert (house.heard, second.heard) == ([], [theirs.late()])


async def test_each_line_remembers_its_own_messages(
    hass: HomeAssistant, house: House, second: House
) -> None:
    """What both were sent stands in both."""
    await house.post(house.text("To the first"))
    await second.post(second.text("To the second"))
    for each, text in ((house, "To the first"), (second, "To the second")):
        response = await act(hass, "get_messages", config_entry_id=each.entry.entry_id)
        assert [message["text"] for message in response["messages"]] == [text]


async def test_one_line_may_poll_while_the_other_waits_for_posts(
    house: House, second: House
) -> None:
    """Each as its own user picked."""
    house.hass.config_entries.async_update_entry(
        second.entry, options={"inbound": "polling"}
    )
    await second.settle()
    ours, theirs = house.text("Open"), second.text("Open")
    await settle_for(house, second, 60)
    assert (house.heard, second.heard) == ([], [theirs.live(channel="poll")])
    await settle_for(house, second, 840 + 90)
    assert house.heard == [ours.late()]


async def test_a_webhook_that_one_line_misses_is_its_own_matter(
    house: House, second: House
) -> None:
    """A post to the other does not close the issue."""
    ours = house.text("Open")
    await house.look()
    await settle_for(house, second, 90)
    issues = ir.async_get(house.hass)
    assert issues.async_get_issue(DOMAIN, "sms_webhook_missing_line_one")
    assert not issues.async_get_issue(DOMAIN, "sms_webhook_missing_line_two")
    await second.post(second.text("Open"))
    assert issues.async_get_issue(DOMAIN, "sms_webhook_missing_line_one")
    await house.post(ours)
    assert not issues.async_get_issue(DOMAIN, "sms_webhook_missing_line_one")


async def test_a_line_that_is_out_of_reach_does_not_hold_up_the_other(
    house: House, second: House
) -> None:
    """The provider answers for one of them only."""
    house.simulator.arm("drop", line=house.line.msisdn, times=0)
    house.hass.config_entries.async_update_entry(
        second.entry, options={"inbound": "polling"}
    )
    await second.settle()
    house.text("Open")
    theirs = second.text("Open")
    await settle_for(house, second, 60)
    assert (house.heard, second.heard) == ([], [theirs.live(channel="poll")])
