"""What makes the number part of a house: automations, a script, a dashboard."""

import asyncio
from collections.abc import Mapping
from string import Template
from typing import Any

from annotatedyaml import parse_yaml

from .errors import DemoError
from .folder import CONFIG
from .home import Home, MissingError
from .line import ADA_NUMBER, DOMAIN, Line
from .phone import Phone
from .websocket import Json, RefusedError

DASHBOARD = "cecula-demo"
_PATIENCE = 30
_POLL_SECONDS = 0.1

type Entities = dict[str, str]
"""Entity ids by domain and translation key: `event_sms`; Ada's is `notify_ada`."""


async def find_entities(home: Home, line: Line) -> Entities:
    """Wait until the number and Ada have their entities; return their ids."""
    try:
        async with asyncio.timeout(_PATIENCE):
            while "notify_ada" not in (found := await _look_up(home, line)):
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError as err:
        message = "The number was set up, but its entities did not appear."
        raise DemoError(message) from err
    return found


async def _look_up(home: Home, line: Line) -> Entities:
    subentries = await home.command(
        "config_entries/subentries/list", entry_id=line.entry_id
    )
    ada = [
        item["subentry_id"] for item in subentries if item["unique_id"] == ADA_NUMBER
    ]
    found: Entities = {}
    for entity in await home.command("config/entity_registry/list"):
        if entity["config_entry_id"] != line.entry_id:
            continue
        domain = entity["entity_id"].partition(".")[0]
        if entity["config_subentry_id"] in ada:
            found[f"{domain}_ada"] = entity["entity_id"]
        elif entity["config_subentry_id"] is None:
            found[f"{domain}_{entity['translation_key']}"] = entity["entity_id"]
    return found


async def put_up(home: Home, phone: Phone, entities: Entities) -> None:
    """Add what is missing, and leave alone what is there."""
    values = {**entities, "platform": DOMAIN, "phone_url": phone.url}
    for kind in ("automation", "script"):
        for key, config in _read(f"{kind}s", values).items():
            await _have_config(home, kind, key, config)
    await _have_dashboard(home, _read("dashboard", values))


def _read(name: str, values: Mapping[str, str]) -> Json:
    """Read one of the demo's YAML files, with `${name}` replaced."""
    text = (CONFIG / f"{name}.yaml").read_text(encoding="utf-8")
    content: Any = parse_yaml(Template(text).substitute(values))
    if not isinstance(content, dict):
        message = f"{name}.yaml holds no mapping."
        raise DemoError(message)
    return content


async def _have_config(home: Home, kind: str, key: str, config: Json) -> None:
    """Save an automation or a script as the editor does."""
    path = f"/api/config/{kind}/config/{key}"
    try:
        await home.get(path)
    except MissingError:
        await home.post(path, config)


async def _have_dashboard(home: Home, config: Json) -> None:
    """Make the dashboard, and the first thing to be seen."""
    boards = await home.command("lovelace/dashboards/list")
    if all(board["url_path"] != DASHBOARD for board in boards):
        await home.command(
            "lovelace/dashboards/create",
            url_path=DASHBOARD,
            title=config["title"],
            icon="mdi:phone-message",
            show_in_sidebar=True,
        )
    try:
        await home.command("lovelace/config", url_path=DASHBOARD)
    except RefusedError as err:
        if err.code != "config_not_found":
            raise
        await home.command("lovelace/config/save", url_path=DASHBOARD, config=config)
        await home.command(
            "frontend/set_system_data", key="core", value={"default_panel": DASHBOARD}
        )
