"""What makes the number part of a house: automations, a script, a dashboard."""

import asyncio
from functools import partial
from string import Template
from typing import TYPE_CHECKING, Any

from annotatedyaml import parse_yaml

from .errors import DemoError
from .folder import CONFIG
from .home import Home, MissingError
from .line import Line, people
from .websocket import Json, RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from .phone import Phone

DASHBOARD = "cecula-demo"
_PATIENCE = 30
_POLL_SECONDS = 0.1

type Entities = dict[str, str]
"""Entity ids by domain and translation key, `event_sms`, or owner, `notify_ada`."""


async def find_entities(home: Home, line: Line) -> Entities:
    """Wait until the number, its contacts and the group have entities; return the ids.

    The group was added last.
    """
    return await _until_there(lambda: _look_up(home, line), "notify_family")


async def _until_there(
    look_up: Callable[[], Awaitable[Entities]], key: str
) -> Entities:
    try:
        async with asyncio.timeout(_PATIENCE):
            while key not in (found := await look_up()):
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError as err:
        message = f"{key} did not appear in Home Assistant in {_PATIENCE} seconds."
        raise DemoError(message) from err
    return found


async def _look_up(home: Home, line: Line) -> Entities:
    whose = {each: name.lower() for name, each in (await people(home, line)).items()}
    found: Entities = {}
    for entity in await home.command("config/entity_registry/list"):
        if entity["config_entry_id"] != line.entry_id:
            continue
        domain = entity["entity_id"].partition(".")[0]
        if entity["config_subentry_id"] in whose:
            key = f"{domain}_{whose[entity['config_subentry_id']]}"
            found[key] = entity["entity_id"]
        elif entity["config_subentry_id"] is None:
            found[f"{domain}_{entity['translation_key']}"] = entity["entity_id"]
    return found


async def put_up(
    home: Home, phone: Phone, entities: Entities, *, anew: bool
) -> Entities:
    """Add what is missing, and leave alone what is there, but for a new number.

    Returns the entity ids of automations and scripts by their own ids.
    """
    values = {**entities, "phone_url": phone.url}
    added: Entities = {}
    for kind in ("automation", "script"):
        for key, config in read(f"{kind}s", values).items():
            path = f"/api/config/{kind}/config/{key}"
            if anew or not await _exists(home, path):
                await home.post(path, config)
            ids = await _until_there(partial(_look_up_by_id, home, kind), key)
            added[key] = ids[key]
    board = read("dashboard", values | added)
    await _have_dashboard(home, board, anew=anew)
    await _have_message(home)
    return added


async def _look_up_by_id(home: Home, platform: str) -> Entities:
    return {
        entity["unique_id"]: entity["entity_id"]
        for entity in await home.command("config/entity_registry/list")
        if entity["platform"] == platform
    }


def read(name: str, values: Mapping[str, str]) -> Json:
    """Read one of the demo's YAML files, with `${name}` replaced."""
    text = (CONFIG / f"{name}.yaml").read_text(encoding="utf-8")
    content: Any = parse_yaml(Template(text).substitute(values))
    if not isinstance(content, dict):
        message = f"{name}.yaml holds no mapping."
        raise DemoError(message)
    return content


async def _have_message(home: Home) -> None:
    """Have something to text, for an empty text is refused."""
    message = await home.state("input_text.message")
    if message is None or message["state"] in ("", "unknown"):
        data = {"entity_id": "input_text.message", "value": "Dinner is ready."}
        await home.perform("input_text.set_value", data)


async def _exists(home: Home, path: str) -> bool:
    try:
        await home.get(path)
    except MissingError:
        return False
    return True


async def _have_dashboard(home: Home, config: Json, *, anew: bool) -> None:
    """Make the dashboard, and make it the first thing to be seen."""
    boards = await home.command("lovelace/dashboards/list")
    if all(board["url_path"] != DASHBOARD for board in boards):
        await home.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD,
            title=config["title"],
            icon="mdi:phone-message",
            show_in_sidebar=True,
        )
    if anew or not await _has_cards(home):
        await home.command("lovelace/config/save", url_path=DASHBOARD, config=config)
        await home.command(
            "frontend/set_system_data", key="core", value={"default_panel": DASHBOARD}
        )


async def _has_cards(home: Home) -> bool:
    try:
        await home.command("lovelace/config", url_path=DASHBOARD)
    except RefusedError as err:
        if err.code != "config_not_found":
            raise
        return False
    return True
