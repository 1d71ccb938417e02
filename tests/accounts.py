"""What is told of an account, and how it is brought about."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.issues import Issue

from .conftest import BEN
from .doors import act_blindly, pass_time

POLL = 31 * 60
AFTER_A_SEND = 20
ERROR, WARNING = ir.IssueSeverity.ERROR, ir.IssueSeverity.WARNING


def issue_of(
    hass: HomeAssistant, key: str, entry_id: str = "line_one"
) -> ir.IssueEntry | None:
    """Return an issue of a number, if it is open."""
    return ir.async_get(hass).async_get_issue("cecula_sync", f"{key}_{entry_id}")


def told(hass: HomeAssistant, entry_id: str = "line_one") -> dict[str, str | None]:
    """Return the severities of a number's open issues, by their keys."""
    found = {key: issue_of(hass, key, entry_id) for key in Issue}
    return {key: issue.severity for key, issue in found.items() if issue}


def details_of(hass: HomeAssistant, key: str) -> dict[str, str]:
    """Return what an open issue fills into its text."""
    issue = issue_of(hass, key)
    assert issue is not None
    return issue.translation_placeholders or {}


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set a number up."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def wait(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = POLL
) -> None:
    """Let time pass, when nothing is under way that would then take so long."""
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_time(hass, freezer, seconds)


async def text(hass: HomeAssistant) -> None:
    """Send a text."""
    await act_blindly(hass, "send_sms", recipients=BEN, message="Hi")


async def ring(hass: HomeAssistant) -> None:
    """Ring a phone."""
    await act_blindly(hass, "make_call", recipient=BEN)


async def be_refused(hass: HomeAssistant, way: Any = text) -> None:
    """Send, and see it refused."""
    with pytest.raises(HomeAssistantError):
        await way(hass)
