"""The page on blueprints leads to each of them, and leaves out no input."""

from pathlib import Path
import re
from urllib.parse import quote

import pytest

from tests.pages import ROOT

from .test_rules import FILES, all_blueprints, blueprint_of

PAGE = (ROOT / "docs" / "blueprints.md").read_text("utf-8")
IMPORT = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="


def link_of(path: Path) -> str:
    """Return the link that imports a blueprint."""
    return f"{IMPORT}{quote(blueprint_of(path).metadata['source_url'], safe='')}"


def section_of(path: Path) -> str:
    """Return what the page says of a blueprint."""
    (section,) = (each for each in PAGE.split("\n## ") if f"({link_of(path)})" in each)
    return section


@all_blueprints
def test_its_section_is_named_as_it_is(path: Path) -> None:
    name = blueprint_of(path).metadata["name"].removeprefix("Cecula Sync: ")
    assert section_of(path).splitlines()[0].lower() == name.lower()


@all_blueprints
def test_its_costs_and_limits_are_told(path: Path) -> None:
    section = section_of(path)
    assert "**Costs.**" in section
    assert "**Limits.**" in section


@pytest.mark.parametrize(
    "path", [path for path in FILES if "| input |" in section_of(path)]
)
def test_a_table_of_inputs_is_complete(path: Path) -> None:
    named = " ".join(re.findall(r"^\| (.+?) \|", section_of(path), re.MULTILINE))
    for asked in blueprint_of(path).inputs.values():
        assert asked["name"] in named
