"""The pages of the documentation, taken apart."""

from pathlib import Path
import re
from textwrap import dedent
from typing import Any

from homeassistant.util.yaml import parse_yaml

from .translation_guard import COMPONENT

ROOT = COMPONENT.parents[1]
README = "README"
# The pages for users, by name.
PAGES = {
    path.stem: path.read_text("utf-8")
    for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")))
}

_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)


def blocks(text: str) -> list[dict[str, Any]]:
    """Return the YAML blocks of a text."""
    read: list[Any] = [
        parse_yaml(dedent(block))
        for language, block in _BLOCK.findall(text)
        if language == "yaml"
    ]
    return read


AUTOMATIONS = {
    block["alias"]: block
    for text in PAGES.values()
    for block in blocks(text)
    if "alias" in block
}


def block_with(key: str, page: str) -> dict[str, Any]:
    """Return the block of a page that begins with a key."""
    (block,) = (block for block in blocks(PAGES[page]) if next(iter(block)) == key)
    return block


def without_blocks(text: str) -> str:
    """Return a text without what is code."""
    return _BLOCK.sub("", text)


def sections(page: str) -> dict[str, str]:
    """Return what stands under each heading of a page, with what is below it."""
    text = without_blocks(PAGES[page])
    headings = list(_HEADING.finditer(text))
    found = {}
    for number, heading in enumerate(headings):
        after = (
            other.start()
            for other in headings[number + 1 :]
            if len(other[1]) <= len(heading[1])
        )
        found[heading[2]] = text[heading.end() : next(after, len(text))]
    return found


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of a page."""
    return sections(page)[heading]


def links_of(text: str) -> list[str]:
    """Return where the links and pictures of a text lead."""
    return ["".join(link) for link in _LINK.findall(without_blocks(text))]


def guides() -> list[str]:
    """Return the pages for users, which the README offers."""
    offered = links_of(section(README, "Documentation"))
    return [Path(link).stem for link in offered if link.startswith("docs/")]


def rows(text: str, head: str) -> list[list[str]]:
    """Return the rows of a text's tables whose first column is headed so."""
    found: list[list[str]] = []
    first: str | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            first = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if first is None:
            first = cells[0]
        elif first == head and set(cells[0]) != {"-"}:
            found.append(cells)
    return found


def in_code(text: str) -> set[str]:
    """Return the words that are written as code."""
    return set(re.findall(r"`([\w.]+)`", text))
