"""Hides phone numbers in what is logged and shown."""

import re

from .spelling import digits_of

_MASK = "\N{HORIZONTAL ELLIPSIS}"
_SHOWN_DIGITS = 3
# With fewer, what is shown would be most of the number.
_FEWEST_MASKED_DIGITS = 10
_MOST_PUBLIC_DIGITS = 4
# The low line is what an id of an entity has between the groups of a number.
_NUMBER_IN_TEXT = re.compile(r"\+?\d(?:(?:[^\w,;:+/\n]|_){0,3}\d){6,}")


def mask(number: str) -> str:
    """Show only the first and last three digits ("+234…770"), of short texts none.

    A number that is nobody's for its length, such as "112", is shown.
    """
    digits = digits_of(number)
    if 0 < len(digits) <= _MOST_PUBLIC_DIGITS and number.strip() == digits:
        return digits
    if len(digits) < _FEWEST_MASKED_DIGITS:
        return _MASK
    plus = "+" if number.lstrip().startswith("+") else ""
    return f"{plus}{digits[:_SHOWN_DIGITS]}{_MASK}{digits[-_SHOWN_DIGITS:]}"


def mask_numbers(text: str) -> str:
    """Mask all in a text that may be a phone number: runs of seven digits and more."""
    return _NUMBER_IN_TEXT.sub(lambda match: mask(match[0]), text)
