"""Hours and days, which would be long in the small strides of other tests."""

from datetime import timedelta

from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from .house import House

_STRIDE = timedelta(minutes=10)


async def pass_hours(house: House, hours: float) -> None:
    """Let hours pass, ten minutes at once, and what falls due be done."""
    left = timedelta(hours=hours)
    while left > timedelta():
        stride = min(left, _STRIDE)
        left -= stride
        house.freezer.tick(stride)
        async_fire_time_changed(house.hass, dt_util.utcnow())
        await house.settle()
