"""How many pages a text costs: GSM 03.38 and UCS-2."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

type Encoding = Literal["gsm7", "ucs2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_SINGLE_PAGE: dict[Encoding, int] = {"gsm7": 160, "ucs2": 70}
_JOINED_PAGE: dict[Encoding, int] = {"gsm7": 153, "ucs2": 67}
_BEYOND_THE_BASIC_PLANE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Pages:
    """What the network makes of a text."""

    encoding: Encoding
    count: int


def pages_of(text: str) -> Pages:
    """Return the alphabet and the number of pages of a text."""
    encoding: Encoding = "gsm7" if set(text) <= _BASIC | _EXTENDED else "ucs2"
    widths = [_width(character, encoding) for character in text]
    if sum(widths) <= _SINGLE_PAGE[encoding]:
        return Pages(encoding, 1)
    return Pages(encoding, _joined_pages(widths, _JOINED_PAGE[encoding]))


def _width(character: str, encoding: Encoding) -> int:
    if encoding == "gsm7":
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > _BEYOND_THE_BASIC_PLANE else 1


def _joined_pages(widths: Iterable[int], room: int) -> int:
    # A character of two units may not be torn apart by the end of a page.
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
