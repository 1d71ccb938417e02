"""What a text must be before it is handed to the provider."""

from typing import TYPE_CHECKING

from homeassistant.exceptions import ServiceValidationError

from .api.text import MAX_CHARACTERS, measure
from .const import DOMAIN

if TYPE_CHECKING:
    from .api.text import TextSize


def sendable_size(text: str) -> TextSize:
    """Return the size of a text; raise as `fitting_size`, and if there is nothing."""
    if not text.strip():
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="empty_text"
        )
    return fitting_size(text)


def fitting_size(text: str) -> TextSize:
    """Return the size of a text; raise `ServiceValidationError` if it is too long."""
    size = measure(text)
    if size.characters > MAX_CHARACTERS:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="text_too_long",
            translation_placeholders={
                "length": str(size.characters),
                "over": str(size.characters - MAX_CHARACTERS),
                "most": str(MAX_CHARACTERS),
            },
        )
    return size
