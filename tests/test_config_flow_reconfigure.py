"""Another key of the same number, or another server, without setting up anew."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import API_KEY, NUMBER, WEBHOOK_ID
from .doors import SECOND_KEY, SECOND_NUMBER, act
from .flows import assert_aborted, assert_form, key_form, submit, suggested

NEW_KEY = "CCL.new.secret"


@pytest.fixture
async def shown(hass: HomeAssistant, loaded: MockConfigEntry) -> dict[str, Any]:
    """Open the form of a number that is loaded."""
    assert await async_setup_component(hass, "webhook", {})
    form = dict(await loaded.start_reconfigure_flow(hass))
    assert_form(form, "reconfigure")
    return form


async def test_the_form_shows_the_server_and_never_the_key(
    shown: dict[str, Any], simulator: Simulator
) -> None:
    """The key is asked for only if it is to be another."""
    assert suggested(shown, "server", "base_url") == simulator.base_url
    assert suggested(shown, "api_key") is None
    assert API_KEY not in str(shown)


async def test_a_new_key_of_the_same_number_is_taken(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    shown: dict[str, Any],
) -> None:
    """The entry goes on with it, under the same webhook."""
    line.api_key = NEW_KEY
    result = await submit(hass, shown, key_form(simulator, api_key=f" {NEW_KEY} "))
    assert_aborted(result, "connection_works")
    assert loaded.state is ConfigEntryState.LOADED
    assert (loaded.data["api_key"], loaded.data["webhook_id"]) == (NEW_KEY, WEBHOOK_ID)
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    assert len(line.sent) == 1


async def test_another_server_is_taken_and_an_empty_key_is_the_old_one(
    hass: HomeAssistant, line: Line, loaded: MockConfigEntry, shown: dict[str, Any]
) -> None:
    """The number may move to another server of its owner."""
    async with Simulator() as moved:
        there = moved.add_line(api_key=API_KEY, msisdn=NUMBER)
        result = await submit(hass, shown, key_form(moved, api_key=""))
        assert_aborted(result, "connection_works")
        assert loaded.data["base_url"] == moved.base_url
        await act(hass, "send_sms", contacts="notify.ada", message="Hi")
        assert (len(line.sent), len(there.sent)) == (0, 1)
        await hass.config_entries.async_unload(loaded.entry_id)


async def test_the_key_of_another_number_is_refused(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    shown: dict[str, Any],
) -> None:
    """That number is to be set up as an entry of its own."""
    simulator.add_line(api_key=SECOND_KEY, msisdn=SECOND_NUMBER)
    result = await submit(hass, shown, key_form(simulator, api_key=SECOND_KEY))
    assert_aborted(result, "another_number")
    assert loaded.data["api_key"] == API_KEY


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        pytest.param({"api_key": "CCL.wrong"}, {"api_key": "invalid_auth"}, id="key"),
        pytest.param({"base_url": "nowhere"}, {"base": "invalid_url"}, id="address"),
        pytest.param(
            {"base_url": "http://127.0.0.1:9"}, {"base": "cannot_connect"}, id="server"
        ),
    ],
)
async def test_what_does_not_work_is_told_and_may_be_mended(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    shown: dict[str, Any],
    changes: dict[str, str],
    errors: dict[str, str],
) -> None:
    """The entry stays as it was until the form is right."""
    again = await submit(hass, shown, key_form(simulator, **changes))
    assert_form(again, "reconfigure", errors)
    assert loaded.state is ConfigEntryState.LOADED
    result = await submit(hass, again, key_form(simulator))
    assert_aborted(result, "connection_works")
    assert loaded.state is ConfigEntryState.LOADED
