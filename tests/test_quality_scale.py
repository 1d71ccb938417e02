"""The audit by Home Assistant's Integration Quality Scale is whole, and honest."""

from collections.abc import Callable
from functools import cache
import inspect
import json
from pathlib import Path
import re
import struct
import tomllib
from typing import Any

from homeassistant import components
from homeassistant.components.brands.const import ALLOWED_IMAGES
from homeassistant.config_entries import ConfigFlow, ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import cecula_sync
from custom_components.cecula_sync.api.client import CeculaSyncClient
from custom_components.cecula_sync.config_flow import CeculaSyncConfigFlow
from custom_components.cecula_sync.const import DOMAIN

from .conftest import ADA, contact, group
from .pages import PAGES, README, blocks, sections

COMPONENT = Path(cecula_sync.__file__).parent
ROOT = COMPONENT.parents[1]
# How many rules the scale has in the Home Assistant that the tests run with.
RULES = 54
DISCOVERIES = {"bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"}
PNG = b"\x89PNG\r\n\x1a\n"
PALETTE, RGBA = 3, 6

type Status = str | dict[str, str]


@cache
def scale_of(folder: Path) -> dict[str, Status]:
    """Return the rules of an integration, each with its status."""
    rules: dict[str, Status] = load_yaml_dict(str(folder / "quality_scale.yaml"))[
        "rules"
    ]
    return rules


def status_of(rule: str) -> str:
    """Return a rule's status, without the comment."""
    status = scale_of(COMPONENT)[rule]
    return status["status"] if isinstance(status, dict) else status


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object of a file."""
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def manifest() -> dict[str, Any]:
    """Return the integration's manifest."""
    return read_json(COMPONENT / "manifest.json")


def core_s_rules() -> set[str]:
    """Return every rule that an integration of core with the highest tier names."""
    return {
        rule
        for path in Path(components.__file__).parent.glob("*/quality_scale.yaml")
        if read_json(path.parent / "manifest.json").get("quality_scale") == "platinum"
        for rule in scale_of(path.parent)
    }


def has_file(name: str) -> bool:
    """Tell whether the integration has a file."""
    return (COMPONENT / name).is_file()


def has_step(step: str) -> bool:
    """Tell whether the config flow has a step of its own."""
    return hasattr(CeculaSyncConfigFlow, f"async_step_{step}")


def has_section(page: str, heading: str) -> bool:
    """Tell whether a page of the documentation has something under a heading."""
    return bool(sections(page).get(heading, "").strip())


def has_examples(page: str) -> bool:
    """Tell whether a page of the documentation has automations to start from."""
    return any("alias" in block for block in blocks(PAGES[page]))


def pyproject() -> dict[str, Any]:
    """Return the settings of the tools."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    tools: dict[str, Any] = read["tool"]
    return tools


def has_options() -> bool:
    """Tell whether there are options to be configured."""
    own = CeculaSyncConfigFlow.async_get_options_flow
    return own is not ConfigFlow.async_get_options_flow


def keeps_nothing_in_hass_data() -> bool:
    """Tell whether no room keeps anything beside the entry's runtime data.

    But for the webhooks, which listen before an entry has any.
    """
    return {
        name
        for path in COMPONENT.rglob("*.py")
        for name in re.findall(r"hass\.data\[(\w+)\]", path.read_text("utf-8"))
    } == {"DATA_WEBHOOKS"}


def takes_a_session() -> bool:
    """Tell whether the client's session is given to it."""
    return "session" in inspect.signature(CeculaSyncClient).parameters


# A rule is done if, and only if, this is so: what is built is to be claimed, too.
SIGNS: dict[str, Callable[[], bool]] = {
    "brands": lambda: has_file("brand/icon.png"),
    "common-modules": lambda: has_file("coordinator.py") and has_file("entity.py"),
    "config-entry-unloading": lambda: hasattr(cecula_sync, "async_unload_entry"),
    "config-flow": lambda: manifest()["config_flow"] is True,
    "diagnostics": lambda: has_file("diagnostics.py"),
    "discovery": lambda: bool(DISCOVERIES & manifest().keys()),
    "docs-actions": lambda: has_section("actions", "`cecula_sync.send_sms`"),
    "docs-conditions": lambda: has_file("condition.py"),
    "docs-configuration-parameters": lambda: (
        has_options() and has_section("setup", "Options")
    ),
    "docs-data-update": lambda: has_section("entities", "How data is updated"),
    "docs-examples": lambda: has_examples("examples"),
    "docs-high-level-description": lambda: (
        "a service that runs one SIM" in PAGES[README]
    ),
    "docs-installation-instructions": lambda: has_section("setup", "Install"),
    "docs-installation-parameters": lambda: has_section("setup", "1. The key"),
    "docs-known-limitations": lambda: has_section("limits", "Known limits"),
    "docs-removal-instructions": lambda: has_section("setup", "Remove"),
    "docs-supported-devices": lambda: has_section("setup", "What it works with"),
    "docs-supported-functions": lambda: has_section("entities", "A dedicated number"),
    "docs-triggers": lambda: has_section("events", "Triggers"),
    "docs-troubleshooting": lambda: has_section(
        "troubleshooting", "Nothing comes in, or late, or twice"
    ),
    "docs-use-cases": lambda: "What they are for:" in PAGES["examples"],
    "icon-translations": lambda: has_file("icons.json"),
    "inject-websession": takes_a_session,
    "integration-owner": lambda: bool(manifest()["codeowners"]),
    "reauthentication-flow": lambda: has_step("reauth"),
    "reconfiguration-flow": lambda: has_step("reconfigure"),
    "runtime-data": keeps_nothing_in_hass_data,
    "strict-typing": lambda: pyproject()["mypy"]["strict"] is True,
    "test-coverage": lambda: pyproject()["coverage"]["report"]["fail_under"] > 95,
}


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return one of each kind, so that each kind of entity is there."""
    return [contact("Ada", ADA, "ada"), group("Family", ["ada"], "family")]


def test_every_rule_of_core_is_judged_and_no_other() -> None:
    rules = core_s_rules()
    assert len(rules) == RULES
    assert scale_of(COMPONENT).keys() == rules


@pytest.mark.parametrize("rule", scale_of(COMPONENT))
def test_a_rule_is_done_or_exempt(rule: str) -> None:
    status = scale_of(COMPONENT)[rule]
    assert status_of(rule) in {"done", "exempt"}
    if isinstance(status, dict):
        assert status.keys() == {"status", "comment"}
        assert status["comment"].strip()


def test_an_exempt_rule_says_why() -> None:
    for rule, status in scale_of(COMPONENT).items():
        assert status != "exempt", f"{rule} has no comment"


@pytest.mark.parametrize("rule", SIGNS)
def test_what_is_claimed_is_there_and_what_is_there_is_claimed(rule: str) -> None:
    assert (status_of(rule) == "done") is SIGNS[rule]()


@pytest.mark.parametrize("platform", cecula_sync.PLATFORMS)
def test_what_is_said_of_a_platform_is_so(platform: str) -> None:
    source = (COMPONENT / f"{platform}.py").read_text("utf-8")
    assert status_of("parallel-updates") == "done"
    assert "\nPARALLEL_UPDATES = " in source


async def test_the_actions_are_there_before_any_number(hass: HomeAssistant) -> None:
    assert status_of("action-setup") == "done"
    assert await async_setup_component(hass, DOMAIN, {})
    described = load_yaml_dict(str(COMPONENT / "services.yaml"))
    assert hass.services.async_services_for_domain(DOMAIN).keys() == described.keys()


async def test_entities_and_devices_are_as_the_scale_wants_them(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    for rule in ("devices", "entity-unique-id", "has-entity-name", "entity-category"):
        assert status_of(rule) == "done"
    entities = er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    assert entities
    assert all(entity.has_entity_name and entity.unique_id for entity in entities)
    assert {entity.entity_category for entity in entities} > {None}
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)
    assert {entity.device_id for entity in entities} == {item.id for item in devices}
    assert {item.entry_type for item in devices} == {dr.DeviceEntryType.SERVICE}


async def test_no_entity_is_polled(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Each is told when something is new; its own polling would come on top."""
    assert status_of("appropriate-polling") == "done"
    platforms = async_get_platforms(hass, DOMAIN)
    assert {platform.domain for platform in platforms} == set(cecula_sync.PLATFORMS)
    entities = [entity for each in platforms for entity in each.entities.values()]
    registered = er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    assert {each.entity_id for each in entities} == {
        each.entity_id for each in registered
    }
    assert [each.entity_id for each in entities if each.should_poll] == []


@pytest.mark.parametrize(
    ("name", "size"),
    [
        pytest.param("icon.png", 256, id="icon"),
        pytest.param("icon@2x.png", 512, id="icon of twice the size"),
    ],
)
def test_an_icon_is_square(name: str, size: int) -> None:
    assert dimensions(COMPONENT / "brand" / name) == (size, size)


@pytest.mark.parametrize("theme", ["", "dark_"])
def test_a_logo_comes_in_two_sizes(theme: str) -> None:
    width, height = dimensions(COMPONENT / "brand" / f"{theme}logo.png")
    assert width > height >= 128
    double = dimensions(COMPONENT / "brand" / f"{theme}logo@2x.png")
    assert double == (2 * width, 2 * height)


def test_home_assistant_serves_every_brand_image() -> None:
    assert {path.name for path in (COMPONENT / "brand").iterdir()} <= ALLOWED_IMAGES


def dimensions(path: Path) -> tuple[int, int]:
    """Return width and height of a PNG that can be transparent."""
    content = path.read_bytes()
    assert content.startswith(PNG)
    width, height, _depth, colour = struct.unpack_from(">IIBB", content, 16)
    assert colour == RGBA or (colour == PALETTE and b"tRNS" in content)
    return width, height
