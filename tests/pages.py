"""The pages of the documentation, taken apart."""

import re
from textwrap import dedent
from typing import Any

from homeassistant.util.yaml import parse_yaml

from .translation_guard import COMPONENT

ROOT = COMPONENT.parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = (ROOT / "docs" / "examples.md").read_text("utf-8")


def blocks(text: str) -> list[dict[str, Any]]:
    """Return the YAML blocks of a page."""
    found = re.findall(r"^ *```yaml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    read: list[Any] = [parse_yaml(dedent(block)) for block in found]
    return read


AUTOMATIONS = {
    block["alias"]: block for block in blocks(README + EXAMPLES) if "alias" in block
}


def block_with(key: str, page: str = README) -> dict[str, Any]:
    """Return the block of a page, the README's, that begins with a key."""
    (block,) = (block for block in blocks(page) if next(iter(block)) == key)
    return block


def row_of(name: str) -> str:
    """Return the row of a table that begins with a name in code, or with several."""
    (row,) = re.findall(rf"^\| `{re.escape(name)}`[ ,].*$", README, re.MULTILINE)
    return str(row)


def in_code(text: str) -> set[str]:
    """Return the words that are written as code."""
    return set(re.findall(r"`([\w.]+)`", text))
