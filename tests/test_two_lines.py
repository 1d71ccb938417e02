"""Several SIMs in one house: which one is meant, and that none hears another."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOK_ID, WEBHOOKS, Post, captured
from .doors import SECOND_WEBHOOK_ID, act, add_second_line, entity_id, hook_up, state_of

SEND, CALL = "send_sms", "make_call"
SMS = entity_id("event", "sms")


async def test_of_two_lines_the_contact_or_a_name_tells_which_sends(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Neither is taken for being the first."""
    second, second_line = await add_second_line(hass, simulator)
    await act(hass, SEND, contacts="notify.chi", message="By contact")
    await act(
        hass, SEND, config_entry_id=second.entry_id, recipients=BEN, message="By name"
    )
    assert [sms.text for sms in second_line.sent] == ["By contact", "By name"]
    assert line.sent == []


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param({"recipients": BEN}, "which_line", id="no name"),
        pytest.param(
            {"contacts": ["notify.ada", "notify.chi"]},
            "several_lines_mixed",
            id="contacts of both",
        ),
        pytest.param(
            {"config_entry_id": "line_one", "contacts": "notify.chi"},
            "several_lines_mixed",
            id="another one's contact",
        ),
        pytest.param(
            {"config_entry_id": "line_six", "recipients": BEN},
            "service_config_entry_not_found",
            id="unknown name",
        ),
    ],
)
async def test_with_two_lines_an_unclear_call_sends_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    data: dict[str, Any],
    key: str,
) -> None:
    """A message must not leave by the wrong SIM."""
    await add_second_line(hass, simulator)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, SEND, message="Hi", **data)
    assert caught.value.translation_key == key
    assert simulator.requests_to("send-sms") == []


async def test_a_disabled_line_does_not_make_a_call_unclear(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """What the user switched off is no line that could be meant."""
    second, _ = await add_second_line(hass, simulator)
    await hass.config_entries.async_set_disabled_by(
        second.entry_id, ConfigEntryDisabler.USER
    )
    await act(hass, SEND, recipients=BEN, message="Hi")
    assert [sms.recipient for sms in line.sent] == [BEN]


async def test_a_line_that_is_not_loaded_still_makes_a_call_unclear(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Else a message would leave by the other SIM while one of them is away."""
    second, _ = await add_second_line(hass, simulator)
    assert await hass.config_entries.async_unload(second.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, SEND, recipients=BEN, message="Hi")
    assert caught.value.translation_key == "which_line"
    assert simulator.requests_to("send-sms") == []


async def test_of_two_lines_the_contact_or_a_name_tells_which_rings(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Neither is taken for being the first."""
    second, second_line = await add_second_line(hass, simulator)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, CALL, recipient=BEN)
    assert caught.value.translation_key == "which_line"
    await act(hass, CALL, contact="notify.chi")
    await act(hass, CALL, recipient=BEN, config_entry_id=second.entry_id)
    assert (len(second_line.calls), line.calls) == (2, [])


async def test_two_lines_do_not_hear_each_other(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """Each takes its own posts at its own address."""
    _, second_line = await add_second_line(hass, simulator)
    client = await hass_client_no_auth()
    hook_up(line, client)
    hook_up(second_line, client, SECOND_WEBHOOK_ID)
    heard = captured(hass, "sms_received")
    assert await line.receive_sms(ADA, "To the first") == [200]
    assert await second_line.receive_sms(ADA, "To the second") == [200]
    assert [(item.data["config_entry_id"], item.data["message"]) for item in heard] == [
        ("line_one", "To the first"),
        ("line_two", "To the second"),
    ]
    # Ada is a contact of the first line only.
    assert [item.data["contact"] for item in heard] == ["Ada", None]
    assert state_of(hass, SMS).attributes["message"] == "To the first"
    assert state_of(hass, "event.second_sms").attributes["message"] == "To the second"
    hook_up(second_line, client, WEBHOOK_ID)
    assert await second_line.receive_sms(ADA, "Astray") == [403]


async def test_two_lines_come_and_go_without_each_other(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, post: Post
) -> None:
    """Unloading one leaves the other's actions, webhook and entities."""
    second, second_line = await add_second_line(hass, simulator)
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()
    assert second.state is ConfigEntryState.LOADED
    assert hass.services.has_service("notify", "cecula_sync_2222_chi")
    assert hass.states.get("notify.chi") is not None
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    assert [sms.recipient for sms in second_line.sent] == [BEN]
    heard = captured(hass, "sms_received")
    await post((WEBHOOKS / "inbound_sms.json").read_bytes())
    assert heard == []
    assert hass.states.get(entity_id("event", "sms")) is None
