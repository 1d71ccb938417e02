"""Ways into the house that several tests share."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import restore_state
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, slugify
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import API_KEY, WEBHOOK_ID, contact, entry_data

# What Home Assistant itself adds to states.
CORE_S_ATTRIBUTES = {
    *("device_class", "event_type", "event_types", "friendly_name", "options"),
    *("state_class", "supported_features", "unit_of_measurement"),
}
SECOND_KEY = "CCL.second.secret"
SECOND_NUMBER = "+2348091112222"
SECOND_WEBHOOK_ID = "decade" * 10
CHI = "+2347055512345"


def entity_id(platform: str, name: str, title: str = "+234 817 647 0634") -> str:
    """Return the id of one of the line's entities."""
    return f"{platform}.{slugify(f'{title} {name}')}"


def state_of(hass: HomeAssistant, entity: str) -> State:
    """Return a state that must be there."""
    state = hass.states.get(entity)
    assert state is not None
    return state


async def act(
    hass: HomeAssistant, action: str, context: Context | None = None, **data: Any
) -> dict[str, Any]:
    """Call one of our actions for its response."""
    response = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, context=context, return_response=True
    )
    assert response is not None
    return response


async def act_blindly(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Call one of our actions without asking for a response."""
    await hass.services.async_call(DOMAIN, action, data, blocking=True)


async def automate(hass: HomeAssistant, automation: dict[str, Any]) -> None:
    """Put up the first automation of a test; one that is not valid fails."""
    config = {"automation": [automation | {"id": "example"}]}
    assert await async_setup_component(hass, "automation", config)
    (automated,) = hass.states.async_entity_ids("automation")
    assert state_of(hass, automated).state == "on"


async def until(simulator: Simulator, is_so: Callable[[], object]) -> None:
    """Wait until something is so at the provider."""
    while not is_so():
        await simulator.world.watch().wait()


def hook_up(
    line: Line, client: TestClient[Any, Any], webhook_id: str = WEBHOOK_ID
) -> None:
    """Have the provider post all four kinds to Home Assistant."""
    line.webhooks.set(str(client.make_url(f"/api/webhook/{webhook_id}")))


async def add_second_line(
    hass: HomeAssistant, simulator: Simulator
) -> tuple[MockConfigEntry, Line]:
    """Set up another SIM, which has a contact of its own."""
    line = simulator.add_line(api_key=SECOND_KEY, msisdn=SECOND_NUMBER)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Second",
        unique_id=SECOND_NUMBER,
        data=entry_data(
            simulator,
            api_key=SECOND_KEY,
            number=SECOND_NUMBER,
            webhook_id=SECOND_WEBHOOK_ID,
        ),
        subentries_data=[contact("Chi", CHI, "chi")],
        entry_id="line_two",
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry, line


async def add_contact(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    name: str,
    number: str,
    contact_id: str,
    **data: bool,
) -> None:
    """Add a contact while its entry is loaded."""
    added = ConfigSubentry(
        data=MappingProxyType({"number": number, **data}),
        subentry_id=contact_id,
        subentry_type="contact",
        title=name,
        unique_id=number,
    )
    hass.config_entries.async_add_subentry(entry, added)
    await hass.async_block_till_done()


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and all that falls due be done."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def restart(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget all of a line but what lies on disk, and set it up again."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def remember(hass: HomeAssistant, state: State) -> None:
    """Have Home Assistant know a state from a life before this start."""
    now = dt_util.utcnow().isoformat()
    kept = {"state": state.as_dict(), "extra_data": None, "last_seen": now}
    states: Store[list[dict[str, Any]]] = Store(hass, 1, restore_state.STORAGE_KEY)
    await states.async_save([kept])
    await restore_state.async_load(hass)


def kept_files(hass: HomeAssistant) -> dict[str, str]:
    """Return what lies on disk of our numbers, by the names of the files."""
    folder = Path(hass.config.path(".storage"))
    return {
        path.name.removeprefix("cecula_sync."): path.read_text("utf-8")
        for path in folder.glob("cecula_sync.*")
    }


def keep_file(hass: HomeAssistant, name: str, content: str) -> None:
    """Put a file of ours on disk, as `kept_files` names it."""
    path = Path(hass.config.path(".storage", f"cecula_sync.{name}"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")


def placeholders_of(
    caught: pytest.ExceptionInfo[HomeAssistantError],
) -> dict[str, str]:
    """Return what an error fills into its text."""
    return caught.value.translation_placeholders or {}


def assert_tells_no_secret(shown: str, *secrets: str) -> None:
    """Find no key, webhook id, text or number in it, however that is spelt."""
    spellings = [secret.removeprefix("+234") for secret in secrets]
    hidden = (API_KEY, "CCL.", WEBHOOK_ID, *spellings)
    assert [secret for secret in hidden if secret in shown] == []


async def until_recorded(recorder: Recorder) -> None:
    """Wait until all that happened so far can be read from the recorder.

    Its own way to wait believes that it is done with an event that it just took.
    """
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    recorder.queue_task(SynchronizeTask(done))
    await done
