"""What the integration says in English, found by where it stands in en.json."""

from functools import cache
import json
from typing import Any

from demo.folder import ROOT

from .errors import TourError

_ENGLISH = ROOT / "custom_components" / "cecula_sync" / "translations" / "en.json"


def words(path: str, **placeholders: str) -> str:
    """Return a text: `options.step.webhook.title`."""
    text: Any = _english()
    for key in path.split("."):
        text = text.get(key) if isinstance(text, dict) else None
    if not isinstance(text, str):
        message = f"There is no text {path} in {_ENGLISH.name}."
        raise TourError(message)
    return text.format(**placeholders)


def paragraphs(path: str, **placeholders: str) -> list[str]:
    """Return a text as a page shows it, without its Markdown."""
    return words(path, **placeholders).replace("`", "").split("\n\n")


@cache
def _english() -> dict[str, Any]:
    english: dict[str, Any] = json.loads(_ENGLISH.read_text(encoding="utf-8"))
    return english
