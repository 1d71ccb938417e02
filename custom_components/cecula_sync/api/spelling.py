"""The characters of a phone number as people, address books and scripts write it."""

import re
import unicodedata

# Fifteen digits, each between separators, and a "tel:" in front.
_MOST_CHARACTERS = 64
_DIALLED = re.compile(r"\+?[0-9]+")
# Unicode categories of blanks, dashes, brackets and invisible marks, such as those
# for the writing direction that an address book puts around a number.
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Pd", "Ps", "Pe", "Cf"})
_SEPARATORS = frozenset("\t.\N{FULLWIDTH FULL STOP}\N{MINUS SIGN}")

# A template's number ends so; read as a separator, the dot would add a digit.
_FRACTION = re.compile(r"\.\d\s*$")


def as_dialled(text: str) -> str | None:
    """Return ASCII digits, perhaps with a plus in front; None for any other text."""
    if len(text) > _MOST_CHARACTERS or _FRACTION.search(text):
        return None
    kept = (_ascii(char) for char in text.strip() if not _is_separator(char))
    spelling = "".join(kept).casefold().removeprefix("tel:")
    return spelling if is_dialled(spelling) else None


def is_dialled(text: str) -> bool:
    """Tell whether a text is nothing but digits, perhaps with a plus in front."""
    return _DIALLED.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Tell whether a text holds nothing but white space and separators."""
    return all(char.isspace() or _is_separator(char) for char in text)


def digits_of(text: str) -> str:
    """Return the digits of a text, in ASCII, whatever stands between them."""
    return "".join(_ascii(char) for char in text if char.isdecimal())


def _is_separator(char: str) -> bool:
    return char in _SEPARATORS or unicodedata.category(char) in _SEPARATOR_CATEGORIES


def _ascii(char: str) -> str:
    if char == "\N{FULLWIDTH PLUS SIGN}":
        return "+"
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
