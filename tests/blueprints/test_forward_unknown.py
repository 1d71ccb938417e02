"""Strangers, of whom the house tells its people, and whom it never answers."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from simulator import IncomingSms
from tests.conftest import ADA, BEN
from tests.doors import CHI, entity_id

from .house import CALLS, SMS, House
from .long_times import pass_hours

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


@pytest.mark.parametrize(("keep_messages", "most"), [(0, 1), (30, 3)])
async def test_a_flood_is_told_of_so_many_times_an_hour(
    hass: HomeAssistant,
    house: House,
    entry: MockConfigEntry,
    keep_messages: int,
    most: int,
) -> None:
    """Where no messages are kept, it tells of one in twenty minutes."""
    options = {"inbound": "webhook", "keep_messages": keep_messages}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(house, max_forwarded=3)
    await come_at_once(house, 8)
    assert told_of(house) == [f"Spam {number}" for number in range(most)]
    assert house.under_way() == 0
    await house.pass_time(3660)
    await house.text(CHI, "More spam")
    assert told_of(house)[most:] == ["More spam"]


@pytest.mark.parametrize("are_late", [False, True])
async def test_what_comes_at_once_within_the_bound_is_all_told(
    house: House, are_late: bool
) -> None:
    await set_up(house, heard=[SMS, CALLS, LATE], max_forwarded=12)
    if are_late:
        await house.start()
        two_hours_ago = house.simulator.world.now()
        await pass_hours(house, 2)
        await house.entry.runtime_data.catch_up.async_looked()
        house.line.received += [
            IncomingSms(sender=CHI, text=f"Spam {number}", received_at=two_hours_ago)
            for number in range(12)
        ]
        await house.look()
        await house.pass_time(120)
    else:
        await come_at_once(house, 12)
    assert told_of(house) == [f"Spam {number}" for number in range(12)]


async def test_what_is_left_out_anyhow_takes_nobody_s_place(house: House) -> None:
    await set_up(house, max_forwarded=1, named_senders=False, withheld=False)
    await house.text("MTN", "5 GB left")
    await house.line.receive_call(None, 0)
    await house.text(ADA, "Hello")
    await house.ring(CHI)
    assert house.texts() == [(ADA, f"Missed call from {CHI}")]


async def come_at_once(house: House, many: int) -> None:
    """Have a stranger text so often, before anybody is told of the first."""
    for number in range(many):
        await house.line.receive_sms(CHI, f"Spam {number}")
    await house.settle()


def told_of(house: House) -> list[str]:
    """Return what the stranger said, as far as it was told."""
    return [text.removeprefix(f"SMS from {CHI}: ") for _, text in house.texts()]
