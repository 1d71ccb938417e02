"""The demo's automations, scripts and dashboard, as they stand in its YAML files."""

from collections.abc import Iterator
import re
from typing import Any

import pytest

from demo.folder import CONFIG
from demo.scenery import read

ENTITIES = {
    name: f"sensor.{name}"
    for path in CONFIG.glob("*.yaml")
    for name in re.findall(r"\$\{(\w+)\}", path.read_text(encoding="utf-8"))
}


def texts(content: Any) -> Iterator[str]:
    """Yield every text in some YAML."""
    match content:
        case dict():
            for value in content.values():
                yield from texts(value)
        case list():
            for value in content:
                yield from texts(value)
        case str():
            yield content


@pytest.mark.parametrize("name", ["automations", "scripts", "dashboard"])
def test_every_placeholder_is_replaced(name: str) -> None:
    """What is left over would be a card or trigger without its entity."""
    assert not [text for text in texts(read(name, ENTITIES)) if "${" in text]


def test_a_placeholder_that_nothing_is_known_for_is_an_error() -> None:
    """A dashboard with holes is not put up."""
    with pytest.raises(KeyError):
        read("dashboard", {})


@pytest.mark.parametrize("automation", read("automations", ENTITIES).values())
def test_automations_take_several_events_at_once(automation: dict[str, Any]) -> None:
    """In the mode single, four of five simultaneous texts were dropped."""
    assert automation["mode"] == "queued"


def test_a_text_from_outside_is_escaped_on_the_dashboard() -> None:
    """Markdown that others wrote would fetch their pictures."""
    (markdown,) = (
        text for text in texts(read("dashboard", ENTITIES)) if "what.split()" in text
    )
    shown = re.findall(r"\{\{(.*?)\}\}", markdown, re.DOTALL)
    assert shown
    assert all(expression.split()[-2:] == ["|", "e"] for expression in shown)
