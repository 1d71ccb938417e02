"""The legacy notify actions, which `alert` and old blueprints call."""

from typing import Any

from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, Post, captured
from .doors import placeholders_of
from .spending import limit
from .translation_guard import english

LINE_ACTION = "cecula_sync_0634"
ADA_ACTION = "cecula_sync_0634_ada"


async def notify(
    hass: HomeAssistant,
    action: str = LINE_ACTION,
    context: Context | None = None,
    **data: Any,
) -> None:
    """Call a legacy notify action."""
    await hass.services.async_call(
        "notify", action, {"message": "Hi", **data}, blocking=True, context=context
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"target": [BEN, ADA]}, id="list"),
        pytest.param({"target": (BEN, ADA)}, id="tuple"),
        pytest.param({"target": f"{BEN},{ADA}"}, id="text"),
        pytest.param({"target": [f"{BEN}, {ADA}"]}, id="text in a list"),
        pytest.param({"target": [2348031234567, 2348183172770]}, id="integers"),
        pytest.param({"target": ["08031234567", BEN, ADA]}, id="two spellings"),
        pytest.param({"data": {"target": [BEN, ADA]}}, id="as alert does it"),
        pytest.param({"data": {"target": f"{BEN},{ADA}"}}, id="as alert, text"),
        pytest.param({"target": BEN, "data": {"target": [BEN, ADA]}}, id="both"),
        pytest.param({"target": [BEN, ADA], "data": None}, id="no data"),
    ],
)
async def test_the_line_s_action_texts_its_targets(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, data: dict[str, Any]
) -> None:
    """However they are written, each gets it once."""
    await notify(hass, title="Alarm", **data)
    assert [sms.recipient for sms in line.sent] == [BEN, ADA]
    assert {sms.text for sms in line.sent} == {"Alarm\nHi"}


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param({}, "target_missing", id="no target"),
        pytest.param({"data": {"color": "red"}}, "target_missing", id="other data"),
        pytest.param({"target": []}, "target_missing", id="empty list"),
        pytest.param({"target": ","}, "no_recipient", id="only a comma"),
        pytest.param({"target": 8031234567}, "recipient_unquoted", id="integer"),
        pytest.param({"target": "notify.ada"}, "recipient_not_a_number", id="entity"),
        pytest.param({"target": BEN, "message": ""}, "empty_text", id="no text"),
    ],
)
async def test_what_cannot_be_sent_gets_an_error_that_says_what_to_do(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    data: dict[str, Any],
    key: str,
) -> None:
    """Nothing is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await notify(hass, **data)
    assert caught.value.translation_key == key
    assert simulator.requests_to("send-sms") == []


async def test_one_bad_target_does_not_silence_the_others(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The error names it, masked."""
    with pytest.raises(HomeAssistantError) as caught:
        await notify(hass, target=[BEN, "+23480312345"])
    assert caught.value.translation_key == "not_to_all"
    assert placeholders_of(caught)["rejected"] == "+234…345 (not_valid)"
    assert [sms.recipient for sms in line.sent] == [BEN]


async def test_a_contact_s_own_action_texts_that_contact(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, post: Post
) -> None:
    """It needs no target, and its cause goes along."""
    reports = captured(hass, "sms_status")
    context = Context()
    await notify(hass, ADA_ACTION, context, title="Alarm")
    (sms,) = line.sent
    assert (sms.recipient, sms.text) == (ADA, "Alarm\nHi")
    await post(f'{{"messageId":"{sms.tracking_id}","status":"SENT"}}'.encode())
    assert [report.context for report in reports] == [context]


async def test_a_refused_text_is_an_error_of_the_action(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Of the line's and of the contact's."""
    simulator.arm("code", operation="send-sms", times=0, code="CE3001")
    for action in (LINE_ACTION, ADA_ACTION):
        with pytest.raises(HomeAssistantError) as caught:
            await notify(hass, action, target=[BEN])
        assert caught.value.translation_key == "refused_ce3001"


@pytest.mark.parametrize("action", [LINE_ACTION, ADA_ACTION])
async def test_an_alarm_may_pass_the_limits(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, action: str
) -> None:
    """By its `data`, which is all that `alert` lets through."""
    await limit(hass, loaded, per_hour=1)
    data = {"target": BEN, "colour": "red"}
    await notify(hass, action, data=data)
    for no in (False, None, ""):
        refused = data | {"ignore_limit": no}
        with pytest.raises(ServiceValidationError) as caught:
            await notify(hass, action, data=refused)
        assert caught.value.translation_key == "limit_reached"
    await notify(hass, action, data=data | {"ignore_limit": True})
    assert len(line.sent) == 2
    with pytest.raises(vol.Invalid):
        await notify(hass, action, data=data | {"ignore_limit": "perhaps"})
    assert len(line.sent) == 2


async def test_alert_reaches_targets_and_contacts(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Core's `alert` knows legacy notify actions only, and passes no target."""
    alert = {
        "name": "Back door",
        "entity_id": "binary_sensor.back_door",
        "repeat": 30,
        "title": "Alarm",
        "message": "The door is {{ 'open' }}",
        "notifiers": [LINE_ACTION, ADA_ACTION],
        "data": {"target": ["08031234567"]},
    }
    assert await async_setup_component(hass, "alert", {"alert": {"door": alert}})
    hass.states.async_set("binary_sensor.back_door", "on")
    await hass.async_block_till_done()
    assert [(sms.recipient, sms.text) for sms in line.sent] == [
        (BEN, "Alarm\nThe door is open"),
        (ADA, "Alarm\nThe door is open"),
    ]
    hass.states.async_set("binary_sensor.back_door", "off")
    await hass.async_block_till_done()


async def test_the_line_s_name_may_be_another_s_action(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    issue_registry: ir.IssueRegistry,
) -> None:
    """That is left alone, over unloading too, and an issue tells of it."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "notify_action": LINE_ACTION}
    )
    calls: list[ServiceCall] = []
    hass.services.async_register("notify", LINE_ACTION, calls.append)
    assert await hass.config_entries.async_setup(entry.entry_id)
    (issue,) = issue_registry.issues.values()
    assert issue.translation_placeholders == {"action": f"notify.{LINE_ACTION}"}
    await notify(hass, target=[BEN])
    assert (len(calls), line.sent) == (1, [])
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert issue_registry.issues == {}
    assert hass.services.has_service("notify", LINE_ACTION)


async def described(hass: HomeAssistant, action: str) -> dict[str, Any]:
    """Return what the visual editor is told of an action."""
    descriptions = await async_get_all_descriptions(hass)
    found: dict[str, Any] = descriptions["notify"][action]
    return found


async def test_the_editor_says_whom_an_action_texts(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A contact's needs no target; a new name is said, though the action keeps its."""
    ada = await described(hass, ADA_ACTION)
    assert (ada["name"], ada["description"]) == (
        "Send SMS to Ada",
        f"Sends an SMS to Ada, from {loaded.title}.",
    )
    assert list(ada["fields"]) == ["message", "title"]
    assert ada["fields"]["message"]["name"] == "Message"

    of_line = await described(hass, LINE_ACTION)
    assert of_line["name"] == f"Send SMS from {loaded.title}"
    assert list(of_line["fields"]) == ["message", "title", "target"]
    fields = [*ada["fields"].values(), *of_line["fields"].values()]
    assert all(each["name"] and each["description"] for each in fields)

    (contact,) = loaded.subentries.values()
    hass.config_entries.async_update_subentry(loaded, contact, title="Ada {x}")
    await hass.async_block_till_done()
    assert (await described(hass, ADA_ACTION))["name"] == "Send SMS to Ada {x}"


async def test_the_editor_says_it_in_the_language_of_the_house(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """Live in a house that speaks German."""
    hass.config.language = "de"
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (await described(hass, ADA_ACTION))["name"] == "SMS an Ada senden"


def test_every_text_of_an_action_is_asked_for() -> None:
    """Compare the keys."""
    asked = {
        f"notify_{of}_{part}"
        for of in ("contact", "line", "title")
        for part in ("name", "description")
    }
    texts = {key for key in english()["common"] if key.startswith("notify_")}
    assert texts == asked
