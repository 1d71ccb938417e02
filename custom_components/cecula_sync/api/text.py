"""How many pages a text fills: GSM 03.38.

A page holds 140 octets: 160 characters of the GSM alphabet, seven bits each, or 70
UTF-16 code units. Pages that belong together give seven of them to a header.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# The provider's published reference: `text` is at most 1530 characters, which are
# ten joined pages of the GSM alphabet. How it counts is not documented. Assumption
# of ours: as the network does, so what costs two units is two characters; counting
# fewer could let a text leave that arrives cut short.
MAX_CHARACTERS: Final = 1530

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each is sent as an escape and a second unit.
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
_LAST_OF_ONE_CODE_UNIT: Final = "\uffff"


class Encoding(StrEnum):
    """The alphabet that a text needs."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


_ALONE: Final = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_JOINED: Final = {Encoding.GSM7: 153, Encoding.UCS2: 67}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSize:
    """The size of a text.

    `characters` counts units of the encoding, so one of the GSM extension ("€") or
    beyond the basic plane (most emoji) is two. An empty text has no pages.
    """

    encoding: Encoding
    characters: int
    pages: int


def measure(text: str) -> TextSize:
    """Count the units and pages of a text in the cheapest encoding that holds it."""
    encoding = _encoding(text)
    widths = [_width(char, encoding) for char in text]
    characters = sum(widths)
    if characters <= _ALONE[encoding]:
        pages = 1 if text else 0
    else:
        pages = _joined_pages(widths, _JOINED[encoding])
    return TextSize(encoding=encoding, characters=characters, pages=pages)


def _encoding(text: str) -> Encoding:
    plain = all(char in _BASIC or char in _EXTENSION for char in text)
    return Encoding.GSM7 if plain else Encoding.UCS2


def _width(char: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if char in _EXTENSION else 1
    return 2 if char > _LAST_OF_ONE_CODE_UNIT else 1


def _joined_pages(widths: list[int], room: int) -> int:
    """Fill pages one after the other; no two units of a character are parted."""
    pages, left = 1, room
    for width in widths:
        if width > left:
            pages, left = pages + 1, room
        left -= width
    return pages
