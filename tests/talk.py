"""A conversation, for the tests of what is kept of it."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA, BEN
from .doors import act, hook_up


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it be eight o'clock in Lagos, where the house stands."""
    await hass.config.async_set_time_zone("Africa/Lagos")
    freezer.move_to("2026-11-24 07:00:00+00:00")


@pytest.fixture
async def hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> Line:
    """Return the line, whose provider posts to Home Assistant; time stands still."""
    hook_up(line, await hass_client_no_auth())
    return line


@pytest.fixture
async def talked(
    hass: HomeAssistant, hooked_up: Line, freezer: FrozenDateTimeFactory
) -> Line:
    """Return the line after a conversation, a minute for each message."""
    await hooked_up.receive_sms(ADA, "Who is there?")
    freezer.tick(60)
    await act(hass, "send_sms", contacts="notify.ada", message="It is Ben")
    freezer.tick(60)
    await hooked_up.receive_call(BEN)
    freezer.tick(60)
    await hooked_up.receive_sms("MTN", "Your balance is low")
    freezer.tick(60)
    await hooked_up.receive_call(None, 7)
    freezer.tick(60)
    await act(hass, "make_call", recipient=BEN)
    return hooked_up


async def messages(hass: HomeAssistant, **wanted: Any) -> list[dict[str, Any]]:
    """Return what the action returns."""
    found: list[dict[str, Any]] = (await act(hass, "get_messages", **wanted))[
        "messages"
    ]
    return found


async def brief(hass: HomeAssistant, **wanted: Any) -> list[str]:
    """Return each message by its number's end, way, and text or status."""
    return [
        f"{(item['number'] or '-')[-3:]} {item['direction']} "
        f"{item['text'] or item['status']}"
        for item in await messages(hass, **wanted)
    ]


ALL = [
    "567 out unknown",
    "- in answered",
    "MTN in Your balance is low",
    "567 in missed",
    "770 out It is Ben",
    "770 in Who is there?",
]
