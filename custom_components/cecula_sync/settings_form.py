"""The form that asks how a number is to be used: what comes in, is kept and may go."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers.selector import (
    CountrySelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)
import probatio as vol

from .const import (
    CONF_COUNTRY,
    CONF_INBOUND,
    CONF_KEEP_MESSAGES,
    CONF_LOW_BALANCE,
    CONF_MAX_PER_DAY,
    CONF_MAX_PER_HOUR,
    DEFAULT_KEEP_MESSAGES,
    INBOUND_POLLING,
    INBOUND_WEBHOOK,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHOLE_NUMBERS: Final = (
    CONF_KEEP_MESSAGES,
    CONF_LOW_BALANCE,
    CONF_MAX_PER_HOUR,
    CONF_MAX_PER_DAY,
)

_LIMIT: Final = NumberSelector(
    NumberSelectorConfig(min=0, max=100_000, step=1, mode=NumberSelectorMode.BOX)
)
SETTINGS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_INBOUND): SelectSelector(
            SelectSelectorConfig(
                options=[INBOUND_WEBHOOK, INBOUND_POLLING], translation_key=CONF_INBOUND
            )
        ),
        vol.Required(CONF_COUNTRY): CountrySelector(),
        vol.Required(CONF_KEEP_MESSAGES): NumberSelector(
            NumberSelectorConfig(
                min=0,
                max=365,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement="days",
                translation_key=CONF_KEEP_MESSAGES,
            )
        ),
        vol.Optional(CONF_LOW_BALANCE, default=0): _LIMIT,
        vol.Optional(CONF_MAX_PER_HOUR, default=0): _LIMIT,
        vol.Optional(CONF_MAX_PER_DAY, default=0): _LIMIT,
    }
)


def read_settings(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form tells as options; numbers come as fractions."""
    whole = {name: int(user_input[name]) for name in _WHOLE_NUMBERS}
    return {**user_input, **whole}


def settings_as_shown(options: Mapping[str, Any], country: str) -> dict[str, Any]:
    """Return what the form shows at first: what goes without options, too."""
    return {
        CONF_KEEP_MESSAGES: DEFAULT_KEEP_MESSAGES,
        **options,
        CONF_COUNTRY: country,
    }
