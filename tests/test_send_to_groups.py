"""What leaves the house for a group: one request, each of its contacts once."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, Post, captured, contact, group
from .doors import CHI, act, add_second_line, placeholders_of, state_of
from .flows import add_contact, add_group, remove

EMEKA = "+2348091234567"
FAMILY_ACTION = "cecula_sync_0634_family"


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have two groups that share Ben, and Emeka, who is in none."""
    return [
        contact("Ada", ADA, "ada"),
        contact("Ben", BEN, "ben"),
        contact("Emeka", EMEKA, "emeka"),
        group("Family", ["ada", "ben"], "family"),
        group("Work", ["ben"], "work"),
    ]


def reached(line: Line) -> list[str]:
    """Return whom the provider sent to."""
    return [sms.recipient for sms in line.sent]


async def notify(
    hass: HomeAssistant, action: str, context: Context | None = None, **data: Any
) -> None:
    """Call an action of notify."""
    await hass.services.async_call(
        "notify", action, {"message": "Hi", **data}, blocking=True, context=context
    )


async def test_the_entity_of_a_group_sends_one_request(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    post: Post,
) -> None:
    """With the title on a first line; the cause of all is the same."""
    reports, context = captured(hass, "sms_status"), Context()
    await notify(
        hass, "send_message", context, entity_id="notify.family", title="Alarm"
    )
    assert [(sms.recipient, sms.text) for sms in line.sent] == [
        (ADA, "Alarm\nHi"),
        (BEN, "Alarm\nHi"),
    ]
    assert len(simulator.requests_to("send-sms")) == 1
    assert state_of(hass, "notify.family").state != "unknown"
    assert state_of(hass, "notify.ada").state == "unknown"
    for sms in line.sent:
        await post(f'{{"messageId":"{sms.tracking_id}","status":"SENT"}}'.encode())
    assert [(each.data["contact"], each.context) for each in reports] == [
        ("Ada", context),
        ("Ben", context),
    ]


async def test_the_action_of_a_group_sends_one_request(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """It needs no target, and takes none."""
    await notify(hass, FAMILY_ACTION, title="Alarm", target=[CHI])
    assert [(sms.recipient, sms.text) for sms in line.sent] == [
        (ADA, "Alarm\nHi"),
        (BEN, "Alarm\nHi"),
    ]
    assert len(simulator.requests_to("send-sms")) == 1


async def test_an_alert_reaches_a_group(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """As core's `alert` calls it, beside the line's own action."""
    alert = {
        "name": "Back door",
        "entity_id": "binary_sensor.back_door",
        "repeat": 30,
        "message": "The door is open",
        "notifiers": [FAMILY_ACTION, "cecula_sync_0634"],
        "data": {"target": [CHI]},
    }
    assert await async_setup_component(hass, "alert", {"alert": {"door": alert}})
    hass.states.async_set("binary_sensor.back_door", "on")
    await hass.async_block_till_done()
    assert [(sms.recipient, sms.text) for sms in line.sent] == [
        (ADA, "The door is open"),
        (BEN, "The door is open"),
        (CHI, "The door is open"),
    ]
    hass.states.async_set("binary_sensor.back_door", "off")
    await hass.async_block_till_done()


async def test_whoever_is_meant_in_several_ways_gets_one_text(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """By two groups, as a contact, and as a number in two spellings."""
    sent = await act(
        hass,
        "send_sms",
        recipients=["0818 317 2770", ADA, "0705 551 2345"],
        contacts=["notify.family", "notify.ada", "notify.work", "notify.emeka"],
        message="Hi",
    )
    assert reached(line) == [ADA, CHI, BEN, EMEKA]
    names = [item["contact"] for item in sent["recipients"]]
    assert names == ["Ada", None, "Ben", "Emeka"]
    assert len(simulator.requests_to("send-sms")) == 1
    for picked in ("family", "ada", "work", "emeka"):
        assert state_of(hass, f"notify.{picked}").state != "unknown"
    assert state_of(hass, "notify.ben").state == "unknown"


async def test_who_of_a_group_was_not_reached_is_named(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """By the entity, and by the action."""
    ways: list[tuple[str, dict[str, Any]]] = [
        ("send_message", {"entity_id": "notify.family"}),
        (FAMILY_ACTION, {}),
    ]
    for action, data in ways:
        simulator.arm("partial", operation="send-sms", send_rest=False)
        with pytest.raises(HomeAssistantError) as caught:
            await notify(hass, action, **data)
        assert caught.value.translation_key == "partly_sent"
        assert placeholders_of(caught)["sent"] == "Ada"
        assert placeholders_of(caught)["unknown"] == "Ben"
    assert reached(line) == [ADA, ADA]
    assert state_of(hass, "notify.family").state == "unknown"


@pytest.mark.parametrize("action", ["send_sms", "make_call"])
async def test_a_group_of_another_line_does_not_mix(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, action: str
) -> None:
    """Neither with a contact or group of this one nor with its name."""
    second, _ = await add_second_line(hass, simulator)
    await add_group(hass, second, "Club", "chi")
    picked: list[dict[str, Any]] = [
        {"contacts": ["notify.club", "notify.ada"], "message": "Hi"},
        {"contacts": ["notify.family", "notify.club"], "message": "Hi"},
        {"contacts": "notify.club", "config_entry_id": "line_one", "message": "Hi"},
    ]
    if action == "make_call":
        picked = [{"contact": "notify.club", "config_entry_id": "line_one"}]
    for data in picked:
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, action, **data)
        assert caught.value.translation_key == "several_lines_mixed"
    assert simulator.requests_to("send-sms") == []
    assert simulator.requests_to("flash-number") == []


async def test_a_group_tells_which_line_sends(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Nobody needs to name it, though there are two."""
    second, second_line = await add_second_line(hass, simulator)
    await add_group(hass, second, "Club", "chi")
    await act(
        hass, "send_sms", contacts="notify.club", recipients=[EMEKA], message="Hi"
    )
    assert (reached(second_line), reached(line)) == ([EMEKA, CHI], [])


async def test_a_group_of_one_can_be_rung(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The answer names the contact."""
    response = await act(hass, "make_call", contact="notify.work")
    assert (response["recipient"], response["contact"]) == (BEN, "Ben")
    assert [call.recipient for call in line.calls] == [BEN]


async def test_a_group_of_two_rings_nobody(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A call rings one phone."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "make_call", contact="notify.family")
    assert caught.value.translation_key == "one_call_at_a_time"
    assert simulator.requests_to("flash-number") == []


async def test_a_conversation_with_a_group_is_that_of_its_contacts(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Text three, and ask for what was exchanged with a group of two."""
    for number in (ADA, BEN, EMEKA):
        await act(hass, "send_sms", recipients=number, message="Hi")
    found = await act(hass, "get_messages", contact="notify.family")
    assert [item["number"] for item in found["messages"]] == [BEN, ADA]


async def test_a_group_has_an_action_of_its_own_beside_a_contact_of_its_name(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Have a contact, and another group, that are called so as well."""
    await add_contact(hass, loaded, {"name": "Family!", "number": CHI})
    await add_group(hass, loaded, "FAMILY", "emeka")
    for action in ("", "_2", "_3"):
        await notify(hass, f"{FAMILY_ACTION}{action}")
    assert reached(line) == [ADA, BEN, CHI, EMEKA]
    entities = {f"notify.family{ending}" for ending in ("", "_2", "_3")}
    assert entities <= set(hass.states.async_entity_ids("notify"))


async def test_a_removed_group_can_t_be_picked(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """An automation may still name it."""
    await remove(hass, loaded, "family")
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "send_sms", contacts="notify.family", message="Hi")
    assert caught.value.translation_key == "not_a_contact"
    assert not hass.services.has_service("notify", FAMILY_ACTION)
    assert simulator.requests_to("send-sms") == []
