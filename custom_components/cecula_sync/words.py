"""The integration's texts for what core does not translate itself."""

from collections import ChainMap
from typing import TYPE_CHECKING, Final

from homeassistant.helpers.translation import async_get_cached_translations

from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

_ENGLISH: Final = "en"


class Words:
    """The texts in the language of the house.

    Core loads them before the integration is set up. Those of a language that was
    chosen since are there when somebody looked at the house in it, or after a restart.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Take whose language it is."""
        self._hass = hass

    def of(self, category: str, key: str) -> str:
        """Return one text, in English until those of the house are loaded.

        Where nothing was ever loaded, it is empty.
        """
        texts = ChainMap(
            *(
                async_get_cached_translations(self._hass, language, category, DOMAIN)
                for language in (self._hass.config.language, _ENGLISH)
            )
        )
        return texts.get(f"component.{DOMAIN}.{category}.{key}", "")

    def of_field(self, category: str, key: str) -> dict[str, str]:
        """Return the name and the description of a field."""
        return {part: self.of(category, key + part) for part in ("name", "description")}
