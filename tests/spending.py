"""Ways to spend, and to see what the spending guard makes of it."""

from collections.abc import Coroutine
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .conftest import ADA, BEN
from .doors import CHI, act_blindly, kept_files, placeholders_of
from .flows import configure

DAN = "+2348031111111"
EVERYBODY = [ADA, BEN, CHI, DAN]
HOUR, DAY = 3600, 24 * 3600
FILE = "line_one.guard"


async def limit(hass: HomeAssistant, entry: MockConfigEntry, **limits: float) -> None:
    """Have options with limits, `per_hour` and `per_day`."""
    configure(hass, entry, **{f"max_{name}": each for name, each in limits.items()})
    await hass.async_block_till_done()


async def text(
    hass: HomeAssistant, *recipients: str, pages: int = 1, **data: Any
) -> None:
    """Send a text of so many pages, to Ben if nobody is named."""
    await act_blindly(
        hass,
        "send_sms",
        recipients=list(recipients) or [BEN],
        message="a" * 153 * pages,
        **data,
    )


async def refused(
    spending: Coroutine[Any, Any, Any], key: str = "limit_reached"
) -> dict[str, str]:
    """Spend, and be kept from it; return what the error tells."""
    with pytest.raises(ServiceValidationError) as caught:
        await spending
    assert caught.value.translation_key == key
    return placeholders_of(caught)


async def left(hass: HomeAssistant) -> int:
    """Return how much may leave of as much as all can get."""
    try:
        await text(hass, *EVERYBODY)
    except HomeAssistantError as err:
        return int((err.translation_placeholders or {})["left"])
    return len(EVERYBODY)


def told(hass: HomeAssistant) -> dict[str, str] | None:
    """Return what the repair issue tells, if there is one."""
    issue = ir.async_get(hass).async_get_issue("cecula_sync", "limit_reached_line_one")
    return None if issue is None else issue.translation_placeholders


def counted(hass: HomeAssistant) -> dict[str, int]:
    """Return what lies on disk of each request that counts."""
    lines = map(json.loads, kept_files(hass)[FILE].splitlines()[1:])
    costs: dict[str, int] = {}
    for key, *values in lines:
        costs.pop(key, None)
        for _, cost in values:
            costs[key] = cost
    return costs
