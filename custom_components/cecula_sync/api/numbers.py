"""Phone numbers: from what people and the provider write to E.164, and back.

A region is an ISO 3166 code in upper case ("NG"). E.164 is "+2348183172770".
"""  # noqa: A005 (only ever imported as a part of this package)

from enum import StrEnum
from functools import cache, lru_cache
import re
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.shortnumberinfo import SUPPORTED_SHORT_REGIONS, is_emergency_number

from .masking import mask
from .models import PROVIDER_REGION
from .spelling import as_dialled, digits_of, is_blank, is_dialled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Each table is a module of its own, which its first use would import in the event loop;
# this module is imported outside of it.
PhoneMetadata.load_all()
for _region in SUPPORTED_SHORT_REGIONS:
    PhoneMetadata.short_metadata_for_region(_region)

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
# Phones everywhere know these two, whatever the region's own emergency number is.
_EMERGENCY = frozenset({"112", "911"})

# E.164 has fifteen digits at most.
_FIRST_TOO_LARGE = 10**15
# The longest short codes that carry SMS.
_SHORT_CODE_DIGITS = 6

_LIST_SEPARATORS = re.compile(
    "[,;\r\n\N{ARABIC COMMA}\N{ARABIC SEMICOLON}"
    "\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}\N{IDEOGRAPHIC COMMA}]"
)
# Assumption of ours, for no source spells a withheld sender: the usual words, and
# the numbers by which older Androids mark an unknown, private or payphone caller.
_WITHHELD = re.compile(
    "(anonymous|blocked|hidden|null|private|restricted|unavailable|undefined|unknown"
    "|withheld)( (number|caller))?|no (number|caller id)|number withheld"
    "|none|nil|n/a|-[123]"
)

_LINE_DIGITS = 8
# The shortest numbers that a country gives to its mobile phones, but for islands.
_FEWEST_LINE_DIGITS = 6


class Refusal(StrEnum):
    """Why something typed is no recipient; a translation key ends with it."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NOT_VALID = "not_valid"
    AMBIGUOUS = "ambiguous"
    UNQUOTED = "unquoted"
    EMERGENCY = "emergency"
    SHORT_CODE = "short_code"


class InvalidNumberError(ValueError):
    """Something typed that is no recipient. Its text shows no whole number."""

    def __init__(self, value: object, reason: Refusal) -> None:
        """Take what was typed, and why it is refused."""
        super().__init__(f"{_masked_value(value)}: {reason}")
        self.reason = reason


def _masked_value(value: object) -> str:
    return mask(value) if isinstance(value, str) else type(value).__name__


def parse_recipient(value: object, region: str) -> str:
    """Read a number as people type it, in their region, to E.164.

    Text with + or 00 is international, other text national or international,
    whichever is valid; if both are, the one that can be a mobile phone.
    An integer counts only as international. Raises `InvalidNumberError`.
    """
    if isinstance(value, str):
        return _read_text(value, region)
    if isinstance(value, int) and not isinstance(value, bool):
        return _read_integer(value, region)
    refusal = Refusal.UNQUOTED if isinstance(value, float) else Refusal.NOT_A_NUMBER
    raise InvalidNumberError(value, refusal)


def _read_text(value: str, region: str) -> str:
    dialled = as_dialled(value)
    if dialled is None:
        refusal = Refusal.EMPTY if is_blank(value) else Refusal.NOT_A_NUMBER
        raise InvalidNumberError(value, refusal)
    _refuse_emergency(value, dialled, region)
    readings = _readings(dialled, region)
    if not readings:
        short = _is_short(dialled, region)
        refusal = Refusal.SHORT_CODE if short else Refusal.NOT_VALID
        raise InvalidNumberError(value, refusal)
    if (number := _pick(readings)) is None:
        raise InvalidNumberError(value, Refusal.AMBIGUOUS)
    return _e164(number)


def _read_integer(value: int, region: str) -> str:
    """Read an integer, from which YAML or a template took a plus or leading zeros."""
    if not 0 < value < _FIRST_TOO_LARGE:
        raise InvalidNumberError(value, Refusal.UNQUOTED)
    digits = str(value)
    _refuse_emergency(value, digits, region)
    if _is_short(digits, region):
        raise InvalidNumberError(value, Refusal.SHORT_CODE)
    international = _valid(f"+{digits}", None)
    meant = _pick(_readings(digits, region))
    if international is None or meant != international or _is_octal(value, region):
        raise InvalidNumberError(value, Refusal.UNQUOTED)
    return _e164(international)


def _is_octal(value: int, region: str) -> bool:
    """Tell whether YAML may have read a number with leading zeros as octal."""
    return any(_readings(f"{zeros}{value:o}", region) for zeros in ("0", "00"))


def _refuse_emergency(value: object, dialled: str, region: str) -> None:
    digits = dialled.removeprefix("+")
    if digits in _EMERGENCY or is_emergency_number(digits, region):
        raise InvalidNumberError(value, Refusal.EMERGENCY)


def split_recipients(value: object) -> list[str | int]:
    """Take a list of numbers apart, as people and templates give one.

    That is text with commas, semicolons or lines, an integer, or a list or tuple
    of these or of lists of these. Blanks are dropped. What is neither text nor
    integer comes back as a text that names its type and is no number.
    """
    return list(_split(value, depth=2))


def _split(value: object, depth: int) -> Iterator[str | int]:
    if value is None:
        return
    if isinstance(value, str):
        pieces = (piece.strip() for piece in _LIST_SEPARATORS.split(value))
        yield from (piece for piece in pieces if piece)
    elif isinstance(value, int):
        yield value
    elif isinstance(value, list | tuple) and depth:
        for item in value:
            yield from _split(item, depth - 1)
    else:
        yield f"{type(value).__name__}: {value}"


def parse_party(value: str, region: str) -> str | None:
    """Read a sender or receiver as the provider spells it, in the SIM's region.

    Returns E.164 where it can; short codes and names ("55019", "MTN") as they are;
    None where the number is withheld.
    """
    spelling = value.strip()
    if _WITHHELD.fullmatch(spelling.casefold()) or not any(map(str.isalnum, spelling)):
        return None
    dialled = as_dialled(spelling)
    number = None if dialled is None else _pick(_readings(dialled, region))
    return spelling if number is None else _e164(number)


def region_of(msisdn: str, default: str = PROVIDER_REGION) -> str:
    """Return the region of a SIM, by its own number as the provider spells it.

    The provider writes it with or without a plus, or with a national 0 (its
    published examples); a national one is taken to be in the default region.
    """
    if (number := _read_own(msisdn, default)) is None:
        return default
    region = phonenumbers.region_code_for_number(number)
    if region is None and number.country_code is not None:
        region = phonenumbers.region_code_for_country_code(number.country_code)
    return region if region in phonenumbers.SUPPORTED_REGIONS else default


def own_number(msisdn: str, default: str = PROVIDER_REGION) -> str:
    """Return the SIM's own number, spelt as for `region_of`, as E.164.

    Raises `InvalidNumberError` for what can't be a phone number.
    """
    if (number := _read_own(msisdn, default)) is None:
        raise InvalidNumberError(msisdn, Refusal.NOT_VALID)
    return _e164(number)


def _read_own(msisdn: str, region: str) -> PhoneNumber | None:
    """Read a SIM's own number, valid if it can be, else possible.

    The SIM exists, though its range may be newer than the tables of valid ones.
    """
    if (dialled := as_dialled(msisdn)) is None:
        return None
    if number := _pick(_readings(dialled, region)):
        return number
    parsed = (_parse(*spelling) for spelling in reversed(_spellings(dialled, region)))
    return next((item for item in parsed if item and _is_possible(item)), None)


def same_line(a: str, b: str) -> bool:
    """Tell whether two spellings name one line, by their last eight digits.

    Only for the SIM's own number, which national, international and doubly
    prefixed spellings must not hide. Numbers of fewer digits count as a whole.
    """
    ends = [digits_of(number)[-_LINE_DIGITS:] for number in (a, b)]
    length = min(map(len, ends))
    return length >= _FEWEST_LINE_DIGITS and ends[0][-length:] == ends[1][-length:]


def display(number: str) -> str:
    """Write E.164 for people ("+234 818 317 2770"); short codes and names as is."""
    parsed = _parse(number, None) if is_dialled(number) else None
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def _is_short(dialled: str, region: str) -> bool:
    """Tell a short code: so few digits that no phone in the region has as few."""
    return not dialled.startswith("+") and len(dialled) <= _longest_short_code(region)


@cache
def _longest_short_code(region: str) -> int:
    usual = phonenumbers.example_number(region)
    if usual is None:
        return _SHORT_CODE_DIGITS
    national = phonenumbers.national_significant_number(usual)
    return min(_SHORT_CODE_DIGITS, len(national) - 1)


def _spellings(dialled: str, region: str) -> list[tuple[str, str | None]]:
    """Return the ways to read digits, each with the region that it needs."""
    if dialled.startswith("+"):
        return [(dialled, None)]
    if dialled.startswith("00"):
        # Many regions, Nigeria too, have another exit code, but phones know this.
        return [(f"+{dialled[2:]}", None)]
    return [(dialled, region), (f"+{dialled}", None)]


# A house writes to and hears from the same numbers again and again.
@lru_cache(maxsize=1024)
def _readings(dialled: str, region: str) -> tuple[PhoneNumber, ...]:
    """Return the valid numbers that digits may mean, each once."""
    if _is_short(dialled, region):
        return ()
    valid = (_valid(*spelling) for spelling in _spellings(dialled, region))
    return tuple({_e164(number): number for number in valid if number}.values())


def _pick(readings: Sequence[PhoneNumber]) -> PhoneNumber | None:
    """Return the one reading, or the only one of several that can be a mobile."""
    if len(readings) > 1:
        readings = tuple(filter(_can_be_mobile, readings))
    return readings[0] if len(readings) == 1 else None


def _can_be_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _MOBILE


def _is_possible(number: PhoneNumber) -> bool:
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    return phonenumbers.is_possible_number_with_reason(number) == possible


def _valid(dialled: str, region: str | None) -> PhoneNumber | None:
    number = _parse(dialled, region)
    return number if number and phonenumbers.is_valid_number(number) else None


def _parse(dialled: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
