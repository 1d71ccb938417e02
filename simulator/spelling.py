"""Numbers, times and fields, spelt as the provider publishes them."""

from datetime import datetime, timedelta, timezone
import re
from typing import Literal

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SHORTEST_NATIONAL = 9
_TIME = "%Y/%m/%d %H:%M"
_CALLING_CODE = re.compile(
    r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}"
)

type NumberSpelling = Literal["international", "bare", "national"]


def is_international(number: str) -> bool:
    """Tell whether a number is spelt +<country><number>."""
    return _E164.fullmatch(number) is not None


def calling_code(number: str) -> str:
    """Return the country part of an international number."""
    found = _CALLING_CODE.match(number.removeprefix("+"))
    return found.group() if found else ""


class Region:
    """The numbering of the country in which a line's SIM lives."""

    def __init__(self, msisdn: str, trunk_prefix: str = "0") -> None:
        """Read the country off the line's own number."""
        self.code = calling_code(msisdn)
        self.trunk_prefix = trunk_prefix

    def normalise(self, number: str) -> str:
        """Return an international number; names and short codes as they are."""
        squeezed = re.sub(r"[\s().-]", "", number)
        if squeezed.startswith("00"):
            squeezed = f"+{squeezed[2:]}"
        elif squeezed.startswith("0") and len(squeezed) >= _SHORTEST_NATIONAL:
            squeezed = f"+{self.code}{squeezed[1:]}"
        return squeezed if is_international(squeezed) else number

    def spell(self, number: str, spelling: NumberSpelling) -> str:
        """Spell a number; only the region's own have a national spelling."""
        if not is_international(number):
            return number
        if spelling == "bare":
            return number.removeprefix("+")
        if spelling == "national" and calling_code(number) == self.code:
            return self.trunk_prefix + number.removeprefix(f"+{self.code}")
        return number


def spell_time(moment: datetime, utc_offset_minutes: int) -> str:
    """Spell a time as the provider does: without a zone, to the minute."""
    zone = timezone(timedelta(minutes=utc_offset_minutes))
    return moment.astimezone(zone).strftime(_TIME)
