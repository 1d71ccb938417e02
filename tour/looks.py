"""The looks in which a page is seen: light and dark, wide and narrow."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.async_api import ViewportSize


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a browser shows a page."""

    name: str
    colours: Literal["light", "dark"]
    size: ViewportSize


_DESKTOP: ViewportSize = {"width": 1280, "height": 900}
_PHONE: ViewportSize = {"width": 390, "height": 844}

LOOKS = {
    look.name: look
    for look in (
        Look(name="light-desktop", colours="light", size=_DESKTOP),
        Look(name="dark-desktop", colours="dark", size=_DESKTOP),
        Look(name="light-phone", colours="light", size=_PHONE),
        Look(name="dark-phone", colours="dark", size=_PHONE),
    )
}
DEFAULT_LOOK = "light-desktop"
