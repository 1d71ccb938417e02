"""Trouble with the number, which is told by another way than the number."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from tests.doors import add_second_line, entity_id

from .house import House, instance_of
from .long_times import pass_hours

NAME = "+234 817 647 0634"
LOW = "Only 49.0 credits are left."
ENDED = "The subscription is not active."
SIM = "The SIM is not ready."
OUT_OF_REACH = "The account can not be read."


@pytest.fixture(autouse=True)
async def _turned_off(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Have no automation wait for its time when a test is over."""
    yield
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


def inputs_of(title: str) -> dict[str, str]:
    """Return what somebody fills in for a number."""
    return {
        "balance": entity_id("sensor", "Balance", title),
        "subscription": entity_id("sensor", "Subscription", title),
        "expiry": entity_id("sensor", "Subscription ends", title),
        "sim": entity_id("sensor", "SIM status", title),
    }


async def set_up(house: House, **inputs: Any) -> list[ServiceCall]:
    """Have the number watched, at noon; return what is told in the app."""
    chosen = {
        "notifiers": ["notify.phone", "notify.ada"],
        "actions": [],
        "trouble_for": {"minutes": 40},
    }
    await house.set_up("line_trouble", **inputs_of(NAME), **(chosen | inputs))
    return async_mock_service(house.hass, "notify", "send_message")


def messages(told: list[ServiceCall]) -> list[str]:
    """Return what was told of the number, each by the app and by nothing else."""
    assert {tuple(call.data["entity_id"]) for call in told} <= {("notify.phone",)}
    said = [call.data["message"] for call in told]
    assert all(text.startswith(f"{NAME}: ") for text in said)
    return [text.removeprefix(f"{NAME}: ") for text in said]


async def test_all_is_well_and_nothing_is_told(house: House) -> None:
    told = await set_up(house)
    house.line.sim_status = "SENDING SMS"
    await pass_hours(house, 24)
    assert messages(told) == []


async def test_low_credit_is_told_once_and_each_morning(house: House) -> None:
    told = await set_up(house)
    house.line.credit = 49
    await pass_hours(house, 0.7)
    assert messages(told) == [LOW]
    house.line.credit = 48
    await pass_hours(house, 1)
    assert messages(told) == [LOW]
    house.line.credit = 49
    await pass_hours(house, 22)
    assert messages(told) == [LOW, LOW]
    house.line.credit = 500
    await pass_hours(house, 24)
    assert len(told) == 2
    assert house.texts() == []


async def test_a_subscription_that_ends_is_told_at_once(house: House) -> None:
    told = await set_up(house)
    house.line.subscription.status = "INACTIVE"
    await pass_hours(house, 0.7)
    assert messages(told) == [ENDED]


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (9, None),
        (3, "The subscription ends on {}."),
        (-1, ENDED + " The subscription ended on {}."),
    ],
)
async def test_an_end_that_is_near_is_told_in_the_morning(
    house: House, days: int, message: str | None
) -> None:
    ends = dt_util.now() + timedelta(days=days)
    house.line.subscription.expires = ends
    told = await set_up(house)
    await pass_hours(house, 23)
    date = ends.strftime("%Y-%m-%d")
    assert messages(told) == ([message.format(date)] if message else [])


async def test_a_sim_that_stays_unready_is_told(house: House) -> None:
    told = await set_up(house)
    house.line.sim_status = "NO SIGNAL"
    await pass_hours(house, 0.7)
    house.line.sim_status = "READY"
    await pass_hours(house, 1)
    assert messages(told) == []
    house.line.sim_status = "NO SIGNAL"
    await pass_hours(house, 1.7)
    assert messages(told) == [SIM]


async def test_an_account_out_of_reach_is_told_and_its_return_is_not(
    house: House,
) -> None:
    told = await set_up(house)
    house.line.credit = 49
    await pass_hours(house, 0.7)
    house.simulator.arm("http_500", times=0)
    await pass_hours(house, 1.7)
    assert messages(told) == [LOW, OUT_OF_REACH]
    house.simulator.disarm()
    await pass_hours(house, 1)
    assert len(told) == 2


async def test_what_else_to_do_gets_the_message(house: House) -> None:
    deeds = async_mock_service(house.hass, "test", "deed")
    deed = {"action": "test.deed", "data": {"message": "{{ message }}"}}
    told = await set_up(house, actions=[deed], notifiers=["notify.ada"])
    house.line.credit = 49
    house.line.subscription.status = "INACTIVE"
    await pass_hours(house, 0.7)
    said = [call.data["message"] for call in deeds]
    assert said == [f"{NAME}: {LOW}", f"{NAME}: {LOW} {ENDED}"]
    assert told == []
    assert house.texts() == []


async def test_two_numbers_in_trouble_are_both_told_of(
    hass: HomeAssistant, house: House
) -> None:
    """Each in a notification of its own, which stays one."""
    await house.set_up_line()
    _, second_line = await add_second_line(hass, house.simulator)
    numbers = {NAME: house.line, "Second": second_line}
    automations = [
        instance_of("line_trouble", inputs_of(title)) | {"id": title}
        for title in numbers
    ]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    for line in numbers.values():
        line.subscription.status = "INACTIVE"
    await pass_hours(house, 48)
    notes = hass.data["persistent_notification"].values()
    assert sorted(note["message"] for note in notes) == [
        f"{title}: {ENDED}" for title in numbers
    ]
