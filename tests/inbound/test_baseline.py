"""What happened before the house listened: filed, and never told."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator
from tests.conftest import ADA, BEN, captured
from tests.doors import act, until
from tests.flows import key_form, set_up, start, submit

from .house import House


async def filed(hass: HomeAssistant) -> list[tuple[Any, ...]]:
    """Return what the house remembers, the newest first."""
    response = await act(hass, "get_messages")
    return [
        (message["kind"], message["number"], message["text"], message["status"])
        for message in response["messages"]
    ]


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
@pytest.mark.parametrize("empties", [True, False])
async def test_what_the_first_look_finds_is_filed_and_not_told(
    hass: HomeAssistant, house: House, inbound: str, empties: bool
) -> None:
    """It is there when the number is set up, and no later look tells it."""
    house.line.switches.sms_list_empties = empties
    house.line.switches.call_list_empties = empties
    house.text("Old")
    house.freezer.tick(60)
    house.call(BEN)
    await house.set_up(inbound=inbound)
    assert (house.looks("sms"), house.looks("call")) == (1, 1)
    assert await filed(hass) == [
        ("call", BEN, None, "missed"),
        ("sms", ADA, "Old", "received"),
    ]
    await house.pass_time(1200)
    assert house.heard == []
    assert len(await filed(hass)) == 2


async def test_a_post_of_what_the_baseline_found_is_told(
    hass: HomeAssistant, house: House
) -> None:
    """The first look may come late, and be quicker than a post; it is one text."""
    house.simulator.arm("http_500", operation="get-new-sms", times=2)
    await house.set_up(inbound="webhook")
    await house.pass_time(60)
    text = house.text("Open")
    await house.look()
    assert not house.entry.runtime_data.catch_up.needs_baseline
    assert (house.heard, len(await filed(hass))) == ([], 1)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert await house.post(text) == 200
    assert (house.heard, len(await filed(hass))) == ([text.live()], 1)
    assert await house.post(text) == 200
    assert house.heard == [text.live(), text.live(2)]
    await house.pass_time(1200)
    assert len(house.heard) == 2


async def test_posts_of_equal_items_that_the_baseline_found_are_numbered(
    house: House,
) -> None:
    """From the first on, which is what recipes act upon."""
    house.simulator.arm("http_500", operation="new-missed-calls", times=2)
    await house.set_up(inbound="webhook")
    await house.pass_time(60)
    calls = [house.call(BEN), house.call(BEN)]
    await house.look()
    for call in calls:
        assert await house.post(call) == 200
    third = house.call(BEN)
    assert await house.post(third) == 200
    assert house.heard == [third.live(1), third.live(2), third.live(3)]


async def test_what_comes_after_the_baseline_is_counted_on(
    hass: HomeAssistant, house: House
) -> None:
    """An equal text in the same minute is the second."""
    house.line.switches.sms_list_empties = False
    house.text("Open")
    await house.set_up(inbound="polling")
    await house.pass_time(20)
    again = house.text("Open")
    await house.look()
    assert house.heard == [again.live(2, channel="poll")]
    assert len(await filed(hass)) == 2


async def test_the_first_look_that_goes_well_is_the_baseline(
    hass: HomeAssistant, house: House
) -> None:
    """A list that can't be read at set-up is not in its way, and is filed later."""
    house.simulator.arm("http_500", operation="get-new-sms")
    house.text("Old")
    house.call()
    await house.set_up(inbound="polling")
    assert [kind for kind, *_ in await filed(hass)] == ["call"]
    new = house.call(BEN)
    await house.pass_time(60)
    assert [kind for kind, *_ in await filed(hass)] == ["call", "sms", "call"]
    assert house.heard == [new.live(channel="poll")]


async def test_there_is_one_baseline(hass: HomeAssistant, house: House) -> None:
    """What is found after a reload is late, even where its file was lost."""
    await house.set_up(inbound="polling")
    await house.close()
    for path in house.kept_in().parent.glob("cecula_sync.line_one.*"):
        path.unlink()
    away = house.text("Away")
    await house.set_up()
    assert house.heard == [away.late()]


async def test_a_server_without_lists_has_an_empty_baseline(house: House) -> None:
    """What is posted is told."""
    for operation in ("get-new-sms", "new-missed-calls"):
        house.simulator.arm(
            "code", operation=operation, times=0, code="404", status=404
        )
    await house.set_up()
    assert "listening_since" in house.entry.data
    text = house.text("Open")
    await house.post(text)
    assert house.heard == [text.live()]


async def test_a_slow_list_does_not_hold_up_the_set_up(
    hass: HomeAssistant,
    line: Line,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it has is filed all the same, when it comes."""
    heard = captured(hass, "sms_received"), captured(hass, "sms_received_late")
    patience = "custom_components.cecula_sync.config_flow._BASELINE_PATIENCE_SECONDS"
    monkeypatch.setattr(patience, 0.01)
    await line.receive_sms(ADA, "Old")
    simulator.arm("slow", operation="get-new-sms", seconds=0.5)
    assert (await set_up(hass, simulator))["step_id"] == "no_webhook"
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)
    assert entry.runtime_data.catch_up.needs_baseline
    await entry.runtime_data.catch_up.async_looked()
    assert [text for _, _, text, _ in await filed(hass)] == ["Old"]
    assert heard == ([], [])


async def test_a_number_that_is_removed_meanwhile_gets_no_guide(
    hass: HomeAssistant, line: Line, simulator: Simulator
) -> None:
    """The dialog waits for the first look, and ends well."""
    simulator.arm("slow", operation="get-new-sms", seconds=0.5)
    dialog = asyncio.create_task(submit(hass, await start(hass), key_form(simulator)))
    await until(simulator, lambda: simulator.requests_to("get-new-sms"))
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)
    await hass.config_entries.async_remove(entry.entry_id)
    created = await dialog
    assert created["type"] is FlowResultType.CREATE_ENTRY
    assert "next_flow" not in created


async def test_a_dialog_that_is_closed_meanwhile_leaves_one_reader(
    hass: HomeAssistant, line: Line, simulator: Simulator
) -> None:
    """The browser goes away while the first look is under way."""
    simulator.arm("slow", operation="get-new-sms", seconds=0.5)
    dialog = asyncio.create_task(set_up(hass, simulator))
    await until(simulator, lambda: simulator.requests_to("get-new-sms"))
    dialog.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialog
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)
    await entry.runtime_data.catch_up.async_looked()
    assert not entry.runtime_data.catch_up.needs_baseline
    assert len(simulator.requests_to("get-new-sms")) == 1
