"""The pages of the documentation hang together, and what they point at is there."""

import ast
from pathlib import Path
import re

import pytest

from .pages import PAGES, README, ROOT, guides, links_of, without_blocks

OTHERS = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "simulator/README.md")
FILES = sorted(
    {ROOT / "README.md", *ROOT.glob("docs/*.md"), *(ROOT / name for name in OTHERS)}
)
COMMANDS = {"scripts/demo", "scripts/test"}


def anchor(heading: str) -> str:
    """Return under which name GitHub lets a heading be linked."""
    words = re.sub(r"[^\w\- ]", "", heading.lower())
    return words.replace(" ", "-")


def anchors_of(page: Path) -> set[str]:
    """Return the names under which a page's headings can be linked, and none."""
    if page.suffix != ".md":
        return {""}
    text = without_blocks(page.read_text("utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {"", *map(anchor, headings)}


@pytest.mark.parametrize("page", FILES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links_of(page.read_text("utf-8")):
        if not link.startswith("https://"):
            path, _, heading = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), link
            assert heading in anchors_of(target), link


@pytest.mark.parametrize("page", guides())
def test_a_page_begins_with_who_needs_it(page: str) -> None:
    title, _, rest = PAGES[page].partition("\n\n")
    assert re.fullmatch(r"# .+", title)
    assert rest.startswith("For whoever ")


def test_every_page_can_be_found() -> None:
    linked = {
        Path(link).stem
        for start in ("README.md", "CONTRIBUTING.md")
        for link in links_of((ROOT / start).read_text("utf-8"))
    }
    assert linked >= PAGES.keys() - {README}


def test_every_picture_is_shown() -> None:
    shown = {
        (page.parent / link).resolve()
        for page in FILES
        for link in links_of(page.read_text("utf-8"))
        if link.endswith(".png") and not link.startswith("https://")
    }
    assert {path.resolve() for path in ROOT.glob("docs/images/**/*.png")} <= shown


def test_the_readme_is_short_and_has_the_two_commands() -> None:
    assert len(PAGES[README].splitlines()) <= 130
    for command in COMMANDS:
        assert f"| `{command}` |" in PAGES[README]
        assert (ROOT / command).is_file()


def threats() -> list[list[str]]:
    """Return the rows of the table of what could go wrong."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| **")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("threat", threats(), ids=lambda row: row[0].strip("*."))
def test_what_holds_against_a_threat_is_held_by_tests(threat: list[str]) -> None:
    _, holds, _, tests = threat
    assert holds
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)
    assert named
    assert tests == ", ".join(f"`{path}::{test}`" for path, test in named)
    for path, test in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert test in {getattr(item, "name", None) for item in tree.body}, test
