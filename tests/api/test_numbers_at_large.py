"""What must hold for the numbers of all regions, and for numbers by the thousand."""

from collections import Counter
from contextlib import suppress
import random
import subprocess
import sys

from hypothesis import example, given, settings, strategies as st
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
import pytest

from custom_components.cecula_sync.api.masking import mask, mask_numbers
from custom_components.cecula_sync.api.numbers import (
    InvalidNumberError,
    Refusal,
    display,
    own_number,
    parse_party,
    parse_recipient,
    region_of,
    same_line,
    split_recipients,
)

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = [
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.VOIP,
]
NIGERIAN_MOBILES = r"0(70[1356789]|80[235678]|81[0-8]|90[1-9]|91[1-6])[0-9]{7}"


def examples_of(kind: int) -> list[tuple[str, str]]:
    """Return the regions that have such numbers, each with its example as E.164."""
    found = [
        (region, phonenumbers.example_number_for_type(region, kind))
        for region in REGIONS
    ]
    return [
        (region, phonenumbers.format_number(number, PhoneNumberFormat.E164))
        for region, number in found
        if number is not None
    ]


MOBILES = examples_of(PhoneNumberType.MOBILE)
EXAMPLES = [(kind, *found) for kind in KINDS for found in examples_of(kind)]


def outcome_of(typed: object, region: str) -> str:
    """Return what is made of something typed: E.164, or the reason of a refusal."""
    try:
        return parse_recipient(typed, region)
    except InvalidNumberError as err:
        return err.reason


def national(number: str) -> str:
    """Return how people write a number at home."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(EXAMPLES), st.sampled_from(REGIONS))
def test_an_international_spelling_is_read_alike_everywhere(
    found: tuple[int, str, str], region: str
) -> None:
    _, _, number = found
    spellings = [number, f"00{number[1:]}", f"tel:{number}", display(number)]
    assert {outcome_of(spelling, region) for spelling in spellings} == {number}
    assert {parse_party(spelling, region) for spelling in spellings} == {number}


def test_a_mobile_phone_is_known_at_home() -> None:
    for region, number in MOBILES:
        written = national(number)
        assert outcome_of(written, region) in {number, Refusal.AMBIGUOUS}
        assert outcome_of(int(number[1:]), region) in {number, Refusal.UNQUOTED}
        assert parse_party(written, region) in {number, written}
        assert same_line(own_number(written, region), number)


def test_hardly_a_mobile_phone_must_be_spelt_out_at_home() -> None:
    refused = [
        region
        for region, number in MOBILES
        if outcome_of(national(number), region) != number
    ]
    assert len(refused) <= 3, refused


@settings(deadline=None, max_examples=300)
@given(st.from_regex(NIGERIAN_MOBILES, fullmatch=True, alphabet="0123456789"))
@example("08183172770")
def test_all_spellings_of_a_nigerian_number_agree(number: str) -> None:
    bare = number[1:]
    spellings = [number, bare, f"+234{bare}", f"234{bare}", f"00234{bare}"]
    expected = f"+234{bare}"
    assert {outcome_of(spelling, "NG") for spelling in spellings} == {expected}
    assert {parse_party(spelling, "NG") for spelling in spellings} == {expected}
    assert {own_number(spelling) for spelling in spellings} == {expected}
    assert {region_of(spelling) for spelling in spellings} == {"NG"}
    assert all(same_line(number, spelling) for spelling in spellings)


@settings(deadline=None, max_examples=500)
@given(
    st.text() | st.text("+0123456789 -()", max_size=20) | st.integers(0, 10**16),
    st.sampled_from([*REGIONS, "AQ", "ZZ"]),
)
def test_a_recipient_is_a_valid_number_or_refused(
    typed: str | int, region: str
) -> None:
    number = ""
    with suppress(InvalidNumberError):
        number = parse_recipient(typed, region)
    if number:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))
        assert parse_recipient(number, region) == number
        assert parse_party(number, region) == number


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_a_sender_and_be_shown(text: str) -> None:
    party = parse_party(text, "NG")
    assert party is None or party == parse_party(party, "NG")
    assert isinstance(display(text), str)
    assert all(str(piece) in text for piece in split_recipients(text))


@settings(deadline=None)
@given(st.sampled_from(EXAMPLES), st.sampled_from(["{}", "to {}.", "'{}'", "({}, 5)"]))
def test_no_number_shows_through_a_mask(
    found: tuple[int, str, str], sentence: str
) -> None:
    _, _, number = found
    for spelling in (number, display(number), number[1:]):
        assert number[4:-3] not in mask(spelling)
        hidden = mask_numbers(sentence.format(spelling))
        assert hidden == sentence.format(mask(spelling))


@pytest.mark.parametrize(
    ("region", "most_refused"),
    [
        pytest.param("NG", 0, id="Nigeria"),
        pytest.param("GB", 0, id="Britain"),
        pytest.param("DE", 8, id="Germany"),
        pytest.param("US", 14, id="America"),
        pytest.param("AT", 30, id="Austria"),
    ],
)
def test_foreign_mobiles_without_plus_are_taken_for_no_other_number(
    region: str, most_refused: int
) -> None:
    outcomes = Counter(
        "taken" if (outcome := outcome_of(number[1:], region)) == number else outcome
        for _, number in MOBILES
    )
    assert outcomes.keys() <= {"taken", Refusal.AMBIGUOUS}
    assert outcomes[Refusal.AMBIGUOUS] <= most_refused


def test_two_valid_readings_are_the_rule_for_germany() -> None:
    assert len(MOBILES) > 200
    both = [
        number
        for _, number in MOBILES
        if phonenumbers.is_valid_number(phonenumbers.parse(number[1:], "DE"))
    ]
    assert len(both) > 200


def octal_mobiles(count: int) -> list[tuple[str, int]]:
    """Return Nigerian mobiles as written, and as YAML reads them without quotes."""
    source = random.Random(20210902)  # noqa: S311 (no secret)
    found: list[tuple[str, int]] = []
    while len(found) < count:
        rest = "".join(source.choices("01234567", k=7))
        written = f"0{source.choice(['701', '703', '705', '706', '707'])}{rest}"
        if phonenumbers.is_valid_number(phonenumbers.parse(written, "NG")):
            found.append((written, int(written, 8)))
    return found


def test_numbers_that_yaml_read_as_octal_reach_nobody() -> None:
    tempting = 0
    for written, integer in octal_mobiles(20_000):
        assert outcome_of(integer, "NG") is Refusal.UNQUOTED, written
        with suppress(phonenumbers.NumberParseException):
            parsed = phonenumbers.parse(f"+{integer}")
            tempting += phonenumbers.is_valid_number(parsed)
    assert tempting > 500


def test_international_numbers_that_yaml_read_as_octal_reach_nobody() -> None:
    written = [f"00{number[1:]}" for _, number in MOBILES]
    octal = [text for text in written if not {"8", "9"} & set(text)]
    assert len(octal) > 3
    for text in octal:
        assert outcome_of(int(text, 8), "NG") is Refusal.UNQUOTED, text


def test_ten_american_digits_without_quotes_reach_nobody_abroad() -> None:
    source = random.Random(1990)  # noqa: S311 (no secret)
    tempting = 0
    for _ in range(2_000):
        area = source.choice(["206", "310", "404", "415", "503", "617", "646", "786"])
        integer = int(f"{area}{source.randint(200_0000, 999_9999)}")
        assert outcome_of(integer, "US") is Refusal.UNQUOTED
        with suppress(phonenumbers.NumberParseException):
            parsed = phonenumbers.parse(f"+{integer}")
            tempting += phonenumbers.is_valid_number(parsed)
    assert tempting > 50


READS_NUMBERS_OF_ALL_REGIONS = """
import sys
from custom_components.cecula_sync.api.numbers import parse_recipient
import phonenumbers

before = set(sys.modules)
for region in phonenumbers.SUPPORTED_REGIONS:
    number = phonenumbers.example_number(region)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    parse_recipient(written, region)
print(*sorted(set(sys.modules) - before))
"""


def test_no_number_has_anything_imported_when_it_is_read() -> None:
    """For it is read in the event loop."""
    program = [sys.executable, "-c", READS_NUMBERS_OF_ALL_REGIONS]
    ran = subprocess.run(program, check=True, capture_output=True, text=True)  # noqa: S603 (ours)
    assert ran.stdout.split() == []
