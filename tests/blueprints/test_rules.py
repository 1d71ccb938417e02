"""What all ready-made automations have in common."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.util.yaml import Input, load_yaml_dict
import pytest

from tests.pages import ROOT

from .house import BLUEPRINTS

HOME = "https://github.com/ha-cecula-sync/ha-cecula-sync/blob/main"
FILES = sorted(BLUEPRINTS.glob("*.yaml"))
# Those that are not queued, and why.
PARALLEL = {
    "alarm_escalation": "the next run hears the answer for which this one waits",
    "push_safety_net": "each is pushed at once, while others wait to be seen",
}
SINGLE = {"power_cut": "one run is one cut; a flicker within is no other"}
# Actions and options that render what they are given.
RENDERING = re.compile(
    r"evaluate_payload|(?<!value)(?<!wait)_template$|^(python|shell)_"
)

all_blueprints = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def load(path: Path) -> dict[str, Any]:
    """Return what stands in a file; `!input` stays what it is."""
    return load_yaml_dict(str(path))


def blueprint_of(path: Path) -> Blueprint:
    """Return a blueprint; one that Home Assistant would refuse fails."""
    return Blueprint(
        load(path),
        expected_domain="automation",
        path=path.name,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


def within(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all mappings in a configuration, from the outside in."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from within(each)


def strings_within(value: Any) -> Iterator[str]:
    """Yield all keys and texts in a configuration."""
    for mapping in within(value):
        yield from mapping
        for each in mapping.values():
            items = each if isinstance(each, list) else [each]
            yield from (item for item in items if isinstance(item, str))


def automation_of(path: Path) -> dict[str, Any]:
    """Return what a blueprint does, without what it says of itself."""
    return {key: value for key, value in load(path).items() if key != "blueprint"}


def test_there_are_some() -> None:
    """All else would be true of none."""
    assert FILES


@all_blueprints
def test_it_is_one_that_home_assistant_takes(path: Path) -> None:
    assert blueprint_of(path).validate() is None


@all_blueprints
def test_it_says_whose_it_is_and_what_it_needs(path: Path) -> None:
    """The version is the one that the integration itself needs."""
    about = blueprint_of(path).metadata
    needed = json.loads((ROOT / "hacs.json").read_text("utf-8"))["homeassistant"]
    assert about["author"] == "ha-cecula-sync"
    assert about["source_url"] == f"{HOME}/{path.relative_to(ROOT)}"
    assert about["homeassistant"]["min_version"] == needed


@all_blueprints
def test_it_says_in_plain_words_what_it_does_and_costs(path: Path) -> None:
    about = blueprint_of(path).metadata
    assert about["name"].startswith("Cecula Sync: ")
    assert len(about["description"]) > 100
    assert re.search(r"\bcosts?\b", about["description"])


@all_blueprints
def test_every_input_explains_itself(path: Path) -> None:
    """So does every section. What must be filled in does not stand in a shut one."""
    blueprint = blueprint_of(path)
    for name, asked in blueprint.inputs.items():
        assert asked.get("name"), name
        assert asked.get("description"), name
        assert asked.get("selector"), name
    for name, section in blueprint.metadata["input"].items():
        if "input" in section:
            assert section.get("name"), name
            if section.get("collapsed"):
                wanted = section["input"]
                assert all("default" in asked for asked in wanted.values()), name


@all_blueprints
def test_it_drops_nothing_that_comes_at_once(path: Path) -> None:
    """A run waits for those before it, unless it must hear what they wait for."""
    mode = "parallel" if path.stem in PARALLEL else "queued"
    mode = "single" if path.stem in SINGLE else mode
    assert load(path)["mode"] == mode


@all_blueprints
def test_what_is_queued_keeps_nobody_waiting(path: Path) -> None:
    """A place is no way to count: it would be held for an hour."""
    automation = automation_of(path)
    if automation["mode"] == "queued":
        assert [each for each in within(automation) if "delay" in each] == []


@all_blueprints
def test_it_hears_events_by_the_trigger_that_is_made_for_them(path: Path) -> None:
    """A state trigger would see an old text again after a restart."""
    blueprint = blueprint_of(path)
    for mapping in within(automation_of(path)):
        assert "platform" not in mapping
        if mapping.get("trigger") == "state":
            watched = mapping["entity_id"]
            assert isinstance(watched, Input)
            assert "event" not in str(blueprint.inputs[watched.name]["selector"])


@all_blueprints
def test_what_others_write_is_never_rendered(path: Path) -> None:
    """Nothing is used that renders what it is given."""
    found = list(strings_within(automation_of(path)))
    assert [text for text in found if RENDERING.search(text)] == []
