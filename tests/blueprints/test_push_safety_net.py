"""What nobody saw on the phone comes as a text."""

from datetime import timedelta
from typing import Any

from homeassistant.core import CoreState, HomeAssistant, ServiceCall, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from tests.conftest import ADA, BEN
from tests.doors import remember

from .house import AUTOMATION, House
from .log_watch import LogWatch

FILE = "push_safety_net"
FREEZER = "binary_sensor.freezer"
WARM = "The freezer is warm."
TEXT = (ADA, f"Home\n{WARM}")
SERVICE = "mobile_app_ada_s_phone"


@pytest.fixture
def phone(hass: HomeAssistant) -> str:
    """Return the device of Ada's phone."""
    entry = MockConfigEntry(domain="mobile_app")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("mobile_app", "ada")},
        name="Ada's phone",
    )
    return device.id


@pytest.fixture
def pushed(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what Ada's phone was sent."""
    return async_mock_service(hass, "notify", SERVICE)


def sense(house: House, state: str = "on") -> None:
    """Have the freezer say something."""
    house.hass.states.async_set(FREEZER, state)


def is_on(house: House) -> bool:
    """Tell whether the automation is on."""
    return house.hass.states.is_state(AUTOMATION, "on")


async def set_up(house: House, phone: str, **inputs: Any) -> None:
    """Have a freezer, and Ada told of it."""
    sense(house, "off")
    await house.set_up(FILE, **(chosen(phone) | inputs))


def chosen(phone: str) -> dict[str, Any]:
    """Return what somebody fills in."""
    return {
        "when": [{"trigger": "state", "entity_id": FREEZER, "to": "on"}],
        "message": WARM,
        "phone": phone,
        "contact": "notify.ada",
    }


async def warm(house: House) -> None:
    """Have the freezer become warm."""
    sense(house, "off")
    sense(house)
    await house.settle()


async def test_what_nobody_saw_becomes_a_text(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await set_up(house, phone)
    await warm(house)
    assert [(call.data["title"], call.data["message"]) for call in pushed] == [
        ("Home", WARM)
    ]
    await house.pass_time(595)
    assert house.texts() == []
    await house.pass_time(10)
    assert house.texts() == [TEXT]
    await house.pass_time(3600)
    assert (len(pushed), len(house.texts()), is_on(house)) == (1, 1, True)


@pytest.mark.parametrize("platform", ["Android", "iOS"])
async def test_what_was_seen_costs_nothing(
    house: House, phone: str, pushed: list[ServiceCall], platform: str
) -> None:
    """Its button tells, on both in the same way, but for what else Android tells."""
    await set_up(house, phone)
    await warm(house)
    await house.pass_time(300)
    pressed = pushed[0].data["data"]["actions"][0]
    assert pressed["title"] == "Seen"
    data = {"action": pressed["action"]}
    if platform == "Android":
        data |= {"tag": pushed[0].data["data"]["tag"], "action_1_title": "Seen"}
    house.hass.bus.async_fire("mobile_app_notification_action", data)
    await house.pass_time(3600)
    assert house.texts() == []


@pytest.mark.parametrize("counts", [True, False])
async def test_what_was_swiped_away_was_seen_if_that_counts(
    house: House, phone: str, pushed: list[ServiceCall], counts: bool
) -> None:
    await set_up(house, phone, swipe=counts)
    await warm(house)
    house.hass.bus.async_fire(
        "mobile_app_notification_cleared", {"tag": pushed[0].data["data"]["tag"]}
    )
    await house.pass_time(1200)
    assert house.texts() == ([] if counts else [TEXT])


async def test_what_happens_to_another_notification_says_nothing_of_this_one(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    """Each has a button of its own."""
    await set_up(house, phone)
    await warm(house)
    await warm(house)
    first, second = (call.data["data"] for call in pushed)
    assert first["tag"] != second["tag"]
    for kind, data in (
        ("action", {"action": "Seen"}),
        ("action", {"action": first["actions"][0]["action"]}),
        ("cleared", {"tag": "cecula_sync_"}),
    ):
        house.hass.bus.async_fire(f"mobile_app_notification_{kind}", data)
    await house.pass_time(1200)
    assert house.texts() == [TEXT]


async def test_a_phone_that_can_not_be_reached_stops_no_text(
    house: House, phone: str, log_watch: LogWatch
) -> None:
    await set_up(house, phone)

    def fail(_call: ServiceCall) -> None:
        message = "It is off"
        raise HomeAssistantError(message)

    house.hass.services.async_register("notify", SERVICE, fail)
    await warm(house)
    await house.pass_time(605)
    assert house.texts() == [TEXT]
    log_watch.expect("It is off")


async def test_a_phone_that_is_gone_stops_no_text(
    house: House, phone: str, log_watch: LogWatch
) -> None:
    await set_up(house, phone)
    dr.async_get(house.hass).async_remove_device(phone)
    await warm(house)
    await house.pass_time(605)
    assert house.texts() == [TEXT]
    log_watch.expect("Action notify.mobile_app_gone not found")


async def test_what_is_no_longer_so_is_not_texted(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    still = [{"condition": "state", "entity_id": FREEZER, "state": "on"}]
    await set_up(house, phone, still=still)
    await warm(house)
    sense(house, "off")
    await house.pass_time(605)
    assert (len(pushed), house.texts()) == (1, [])
    await warm(house)
    await house.pass_time(605)
    assert house.texts() == [TEXT]


async def test_what_is_not_wanted_is_not_even_pushed(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await set_up(house, phone, conditions=["{{ is_state('sun.sun', 'up') }}"])
    await warm(house)
    assert pushed == []
    house.hass.states.async_set("sun.sun", "up")
    await warm(house)
    assert len(pushed) == 1


async def test_there_are_no_more_texts_in_a_day_than_are_allowed(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    """Other texts to the same contact are not counted, nor count they."""
    await set_up(house, phone, max_texts=2, wait={"minutes": 1})
    for _ in range(5):
        await house.hass.services.async_call(
            "notify",
            "send_message",
            {"entity_id": "notify.ada", "message": "Hi"},
            blocking=True,
        )
        await warm(house)
        await house.pass_time(90)
    assert len(pushed) == 5
    assert house.texts().count(TEXT) == 2
    house.freezer.tick(24 * 3600)
    await warm(house)
    await house.pass_time(90)
    assert house.texts().count(TEXT) == 3


async def test_what_happens_at_once_is_counted_too(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await set_up(house, phone, max_texts=1)
    for _ in range(6):
        sense(house, "off")
        sense(house)
    await house.settle()
    assert len(pushed) == 6
    await house.pass_time(700)
    assert house.texts() == [TEXT]


async def test_a_text_to_a_group_counts_for_each_of_its_contacts(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await set_up(house, phone, contact="notify.family", max_texts=2)
    for _ in range(2):
        await warm(house)
        await house.pass_time(605)
    assert house.texts() == [TEXT, (BEN, TEXT[1])]


async def test_where_texts_can_not_be_counted_there_is_one(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    """Also if three wait; then it is off, and it is said why."""
    house.hass.config_entries.async_update_entry(
        house.entry, options={"keep_messages": 0}
    )
    await set_up(house, phone)
    for _ in range(3):
        await warm(house)
    await house.pass_time(700)
    assert not is_on(house)
    assert "Keep messages" in str(house.hass.data["persistent_notification"])
    await warm(house)
    await house.pass_time(700)
    assert house.texts() == [TEXT]


async def test_a_machine_that_answers_the_text_costs_no_more(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await set_up(house, phone)
    await warm(house)
    await house.pass_time(605)
    assert await house.converse(ADA, "I'm driving", lambda _said: "I'm driving") == 0
    assert house.texts() == [TEXT]


async def restart(house: House, phone: str, minutes_ago: float) -> None:
    """Have Home Assistant restart, so long after a notification was pushed."""
    await begin_to_start(house, minutes_ago)
    await set_up(house, phone)
    await house.start()


async def begin_to_start(house: House, minutes_ago: float) -> None:
    """Let Home Assistant be about to start, and know of a notification."""
    house.hass.set_state(CoreState.starting)
    last = dt_util.utcnow() - timedelta(minutes=minutes_ago)
    attributes = {"last_triggered": last.isoformat()}
    await remember(house.hass, State(AUTOMATION, "on", attributes))


async def test_after_a_restart_in_the_middle_it_begins_anew(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await restart(house, phone, minutes_ago=8)
    assert (len(pushed), house.texts()) == (1, [])
    await house.pass_time(605)
    assert house.texts() == [TEXT]


async def test_who_changes_the_automation_in_the_middle_ends_nothing(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    """Changes to other automations are none of its business."""
    await set_up(house, phone)
    await warm(house)
    await house.change(FILE, **chosen(phone))
    assert len(pushed) == 1
    await house.change(FILE, **chosen(phone), wait={"minutes": 4})
    assert len(pushed) == 2
    await house.pass_time(245)
    assert house.texts() == [TEXT]


async def test_what_was_seen_after_a_restart_costs_nothing(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await restart(house, phone, minutes_ago=8)
    action = pushed[0].data["data"]["actions"][0]["action"]
    house.hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    await house.pass_time(605)
    assert house.texts() == []


async def test_a_restart_long_after_is_none_of_its_business(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    await restart(house, phone, minutes_ago=21)
    await house.pass_time(605)
    assert (pushed, house.texts()) == ([], [])


async def test_what_was_texted_before_the_restart_is_not_texted_again(
    house: House, phone: str, pushed: list[ServiceCall]
) -> None:
    """It may be pushed again: nobody knows whether it was seen."""
    await house.set_up_line()
    await house.hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.ada", "message": WARM, "title": "Home"},
        blocking=True,
    )
    await begin_to_start(house, minutes_ago=10)
    await house.automate(FILE, **chosen(phone))
    await house.start()
    await house.pass_time(605)
    assert (len(pushed), house.texts()) == (1, [TEXT])
