"""Strangers, of whom the house tells its people, and whom it never answers."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from tests.conftest import ADA, BEN
from tests.doors import CHI, entity_id

from .house import CALLS, SMS, House

LATE = entity_id("event", "Late arrivals")
APP = "notify.phone"


async def set_up(house: House, **inputs: Any) -> None:
    """Tell Ada by SMS."""
    chosen = {"heard": [SMS, CALLS], "contacts": ["notify.ada"]} | inputs
    await house.set_up("forward_unknown", **chosen)


async def test_strangers_are_told_of_and_get_nothing_back(house: House) -> None:
    await set_up(house)
    await house.text(CHI, "Hello,\n are you  there?")
    await house.ring(CHI)
    await house.ring(CHI, 7)
    assert house.texts() == [
        (ADA, f"SMS from {CHI}: Hello, are you there?"),
        (ADA, f"Missed call from {CHI}"),
        (ADA, f"Answered call from {CHI}"),
    ]
    assert house.rung() == []


async def test_contacts_are_no_strangers(house: House) -> None:
    await set_up(house)
    await house.text(ADA, "Hello")
    await house.ring(BEN)
    assert house.texts() == []


@pytest.mark.parametrize(
    ("inputs", "texts"),
    [
        (
            {},
            [
                "SMS from MTN: 5 GB left",
                "SMS from 55019: Your code is 1234",
                "Missed call from a withheld number",
                "SMS from a withheld number: Boo",
            ],
        ),
        ({"named_senders": False, "withheld": False}, []),
    ],
)
async def test_names_codes_and_withheld_numbers_are_told_if_wanted(
    house: House, inputs: dict[str, bool], texts: list[str]
) -> None:
    await set_up(house, **inputs)
    await house.text("MTN", "5 GB left")
    await house.text("55019", "Your code is 1234")
    await house.line.receive_call(None, 0)
    await house.line.receive_sms(None, "Boo")
    await house.settle()
    assert house.texts() == [(ADA, text) for text in texts]


async def test_the_app_is_told_without_a_text(
    hass: HomeAssistant, house: House
) -> None:
    await set_up(house, contacts=[], notifiers=[APP])
    told = async_mock_service(hass, "notify", "send_message")
    await house.text(CHI, "clear_notification")
    assert [call.data for call in told] == [
        {"entity_id": [APP], "message": f"SMS from {CHI}: clear_notification"}
    ]
    assert house.texts() == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ states.lock }}", "{{ states.lock }}"),
        ("x" * 121, "x" * 120 + "..."),
        ("x" * 120, "x" * 120),
        ("🔥" * 130, "🔥" * 120 + "..."),
    ],
)
async def test_a_text_is_told_as_it_is_and_cut(
    house: House, text: str, told: str
) -> None:
    await set_up(house)
    await house.text(CHI, text)
    assert house.texts() == [(ADA, f"SMS from {CHI}: {told}")]


@pytest.mark.parametrize(("heard", "texts"), [([SMS, CALLS], 0), ([LATE], 2)])
async def test_what_is_late_is_told_if_wanted(
    house: House, heard: list[str], texts: int
) -> None:
    await set_up(house, heard=heard)
    await house.start()
    await house.find_late(text="Hello", sender=CHI)
    await house.find_late(sender=CHI)
    assert len(house.texts()) == texts


async def test_the_same_again_is_not_told_again(house: House) -> None:
    await set_up(house)
    for _ in range(3):
        await house.text(CHI, "Hello")
        await house.ring(CHI)
    assert len(house.texts()) == 2


@pytest.mark.parametrize("keep_messages", [0, 30])
async def test_a_flood_is_told_of_so_many_times_an_hour(
    hass: HomeAssistant, house: House, entry: MockConfigEntry, keep_messages: int
) -> None:
    options = {"inbound": "webhook", "keep_messages": keep_messages}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(house, most_per_hour=3)
    for number in range(8):
        await house.text(CHI, f"Spam {number}")
    assert len(house.texts()) == 3
    await house.pass_time(3600)
    await house.text(CHI, "More spam")
    assert len(house.texts()) == 4
