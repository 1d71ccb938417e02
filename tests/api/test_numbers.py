"""Numbers as people, templates and the provider write them."""

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

ADA = "+2348183172770"


def refusal_of(value: object, region: str) -> Refusal:
    """Return why something is refused; fail if it isn't."""
    with pytest.raises(InvalidNumberError) as caught:
        parse_recipient(value, region)
    return caught.value.reason


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("+2348183172770", id="published with plus"),
        pytest.param("2348183172770", id="published without plus"),
        pytest.param("08183172770", id="published national"),
        pytest.param("8183172770", id="national without 0"),
        pytest.param("002348183172770", id="with 00"),
        pytest.param("  +234 818 317 2770\n", id="blanks"),
        pytest.param("+234 (0)818-317-2770", id="brackets and dashes"),
        pytest.param("(0818) 317.27.70", id="dots"),
        pytest.param("[+234]8183172770", id="plus in brackets"),
        pytest.param("0818\u00a0317\u202f2770", id="non-breaking blanks"),
        pytest.param("0818\t317\t2770", id="tabs"),
        pytest.param("0818\u2011317\u22122770", id="non-breaking dash and minus"),
        pytest.param("\u202a+234 818 317 2770\u202c", id="address book's marks"),
        pytest.param("\u200f08183172770\u200e", id="marks for right to left"),
        pytest.param("０８１８（３１７）２７７０", id="full-width"),  # noqa: RUF001
        pytest.param("＋２３４８１８３１７２７７０", id="full-width plus"),  # noqa: RUF001
        pytest.param("٠٨١٨٣١٧٢٧٧٠", id="Arabic-Indic digits"),
        pytest.param(" - ".join(ADA), id="far apart"),
        pytest.param("tel:+234-818-317-2770", id="tel URI"),
        pytest.param(" TEL:08183172770", id="tel URI in capitals"),
        pytest.param(2348183172770, id="integer"),
    ],
)
def test_every_spelling_of_a_number_is_read(typed: str | int) -> None:
    assert parse_recipient(typed, "NG") == ADA


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        pytest.param("447911123456", "NG", "+447911123456", id="not +234447911123456"),
        pytest.param("+44 (0)7911 123456", "NG", "+447911123456", id="0 in brackets"),
        pytest.param("07911 123456", "GB", "+447911123456", id="national in Britain"),
        pytest.param("011 234 818 317 2770", "US", ADA, id="exit code of the region"),
        pytest.param("376312345", "DE", "+376312345", id="mobile, or line in Germany"),
        pytest.param("06 6982 1234", "IT", "+390669821234", id="0 that stays"),
        pytest.param(
            "4155552671", "US", "+14155552671", id="not a line in Switzerland"
        ),
        pytest.param("312345", "AD", "+376312345", id="where numbers are short"),
        pytest.param("40123", "SB", "+67740123", id="where numbers are shorter"),
        pytest.param("+376312345", "AQ", "+376312345", id="region without numbers"),
        pytest.param("+88213300655", "NG", "+88213300655", id="satellite"),
        pytest.param(447911123456, "NG", "+447911123456", id="foreign integer"),
        pytest.param(14155552671, "US", "+14155552671", id="integer of the region"),
    ],
)
def test_a_number_is_read_in_the_region_of_the_person(
    typed: str | int, region: str, number: str
) -> None:
    assert parse_recipient(typed, region) == number


@pytest.mark.parametrize(
    ("typed", "region", "reason"),
    [
        pytest.param("", "NG", Refusal.EMPTY, id="nothing"),
        pytest.param(" \u200e\n", "NG", Refusal.EMPTY, id="nothing to be seen"),
        pytest.param("+", "NG", Refusal.NOT_A_NUMBER, id="plus alone"),
        pytest.param("tel:", "NG", Refusal.NOT_A_NUMBER, id="tel alone"),
        pytest.param("Ada", "NG", Refusal.NOT_A_NUMBER, id="name"),
        pytest.param("1-800-FLOWERS", "US", Refusal.NOT_A_NUMBER, id="vanity"),
        pytest.param("08183172770 ext. 5", "NG", Refusal.NOT_A_NUMBER, id="extension"),
        pytest.param(
            "tel:+2348183172770;ext=5", "NG", Refusal.NOT_A_NUMBER, id="tel with more"
        ),
        pytest.param("++2348183172770", "NG", Refusal.NOT_A_NUMBER, id="two plus"),
        pytest.param("234+8183172770", "NG", Refusal.NOT_A_NUMBER, id="plus inside"),
        pytest.param("0818\n3172770", "NG", Refusal.NOT_A_NUMBER, id="two lines"),
        pytest.param("0818317277⁰", "NG", Refusal.NOT_A_NUMBER, id="footnote"),
        pytest.param("1" * 100_000, "NG", Refusal.NOT_A_NUMBER, id="absurdly long"),
        pytest.param("08183172770" * 2, "NG", Refusal.NOT_VALID, id="two in one"),
        pytest.param("0818317277", "NG", Refusal.NOT_VALID, id="a digit too few"),
        pytest.param("+08183172770", "NG", Refusal.NOT_VALID, id="plus before the 0"),
        pytest.param("+234447911123456", "NG", Refusal.NOT_VALID, id="only possible"),
        pytest.param("+2349991234567", "NG", Refusal.NOT_VALID, id="no such range"),
        pytest.param("00", "NG", Refusal.SHORT_CODE, id="00 alone"),
        pytest.param("13123456789", "CN", Refusal.AMBIGUOUS, id="both may be mobile"),
        pytest.param("2033123456", "NG", Refusal.AMBIGUOUS, id="neither is mobile"),
        pytest.param("112", "NG", Refusal.EMERGENCY, id="112"),
        pytest.param("911", "DE", Refusal.EMERGENCY, id="911"),
        pytest.param("1 1 2", "AQ", Refusal.EMERGENCY, id="112 nowhere"),
        pytest.param("+112", "NG", Refusal.EMERGENCY, id="112 with plus"),
        pytest.param("199", "NG", Refusal.EMERGENCY, id="the region's own"),
        pytest.param("000", "AU", Refusal.EMERGENCY, id="one that begins with 00"),
        pytest.param(112, "NG", Refusal.EMERGENCY, id="integer 112"),
        pytest.param("55019", "NG", Refusal.SHORT_CODE, id="short code"),
        pytest.param("55019", "DE", Refusal.SHORT_CODE, id="short code, valid line"),
        pytest.param("431110", "NG", Refusal.SHORT_CODE, id="short code, valid abroad"),
        pytest.param("5501", "SB", Refusal.SHORT_CODE, id="short where lines are"),
        pytest.param(55019, "NG", Refusal.SHORT_CODE, id="integer short code"),
        pytest.param(8183172770, "NG", Refusal.UNQUOTED, id="national integer"),
        pytest.param(4155552671, "US", Refusal.UNQUOTED, id="line in Switzerland"),
        pytest.param(13123456789, "CN", Refusal.UNQUOTED, id="ambiguous integer"),
        pytest.param(-2348183172770, "NG", Refusal.UNQUOTED, id="negative"),
        pytest.param(0, "NG", Refusal.UNQUOTED, id="zero"),
        pytest.param(10**15, "NG", Refusal.UNQUOTED, id="sixteen digits"),
        pytest.param(10**5000, "NG", Refusal.UNQUOTED, id="too long to be written"),
        pytest.param(2348183172770.0, "NG", Refusal.UNQUOTED, id="float"),
        pytest.param(True, "NG", Refusal.NOT_A_NUMBER, id="boolean"),
        pytest.param(None, "NG", Refusal.NOT_A_NUMBER, id="null"),
    ],
)
def test_what_is_no_recipient_is_refused_with_the_reason(
    typed: object, region: str, reason: Refusal
) -> None:
    assert refusal_of(typed, region) is reason


def test_an_error_shows_no_whole_number() -> None:
    with pytest.raises(InvalidNumberError) as caught:
        parse_recipient("08183172770 ext. 5", "NG")
    assert str(caught.value) == "081…705: not_a_number"
    with pytest.raises(InvalidNumberError) as caught:
        parse_recipient(8183172770, "NG")
    assert str(caught.value) == "int: unquoted"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("+2348183172770", ["+2348183172770"], id="one"),
        pytest.param("0818, 0817;\n0816\r\n", ["0818", "0817", "0816"], id="text"),
        pytest.param("0818،0817、0816", ["0818", "0817", "0816"], id="other commas"),
        pytest.param(" , ;\n", [], id="blanks"),
        pytest.param(None, [], id="null"),
        pytest.param(2348183172770, [2348183172770], id="integer"),
        pytest.param(["0818", 234, "", None], ["0818", 234], id="list"),
        pytest.param(("0818", "0817, 0816"), ["0818", "0817", "0816"], id="tuple"),
        pytest.param([["0818,0817"], [234]], ["0818", "0817", 234], id="nested"),
    ],
)
def test_a_list_of_recipients_is_taken_apart(
    typed: object, found: list[str | int]
) -> None:
    assert split_recipients(typed) == found


@pytest.mark.parametrize(
    "typed",
    [2348183172770.0, [818.3172770], {"number": ADA}, [True], [[[ADA]]], b"0818"],
    ids=str,
)
def test_what_is_neither_text_nor_integer_stays_no_number(typed: object) -> None:
    [piece] = split_recipients(typed)
    assert refusal_of(piece, "NG") is Refusal.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("spelling", "region", "party"),
    [
        pytest.param("+2348183172770", "NG", ADA, id="published with plus"),
        pytest.param("2348183172770", "NG", ADA, id="published without plus"),
        pytest.param("08183172770", "NG", ADA, id="published national"),
        pytest.param("08176470634", "NG", "+2348176470634", id="published receiver"),
        pytest.param("447911123456", "NG", "+447911123456", id="from abroad"),
        pytest.param("07911123456", "GB", "+447911123456", id="SIM elsewhere"),
        pytest.param(" MTN ", "NG", "MTN", id="name"),
        pytest.param("55019", "NG", "55019", id="short code"),
        pytest.param("431110", "NG", "431110", id="short code, valid abroad"),
        pytest.param("112", "NG", "112", id="emergency number"),
        pytest.param("13123456789", "CN", "13123456789", id="ambiguous"),
        pytest.param("0818317277O", "NG", "0818317277O", id="letter for a digit"),
        pytest.param("1" * 100, "NG", "1" * 100, id="absurdly long"),
    ],
)
def test_a_party_is_read_in_the_region_of_the_sim(
    spelling: str, region: str, party: str
) -> None:
    assert parse_party(spelling, region) == party


@pytest.mark.parametrize(
    "spelling",
    ["", " ", "???", "-1", "N/A", "null", "UNKNOWN", "Private number", "no caller ID"],
)
def test_a_withheld_sender_is_nobody(spelling: str) -> None:
    assert parse_party(spelling, "NG") is None


@pytest.mark.parametrize(
    ("msisdn", "region", "number"),
    [
        pytest.param("08176470634", "NG", "+2348176470634", id="national"),
        pytest.param("2348176470634", "NG", "+2348176470634", id="without plus"),
        pytest.param("+2348176470634", "NG", "+2348176470634", id="with plus"),
        pytest.param("254712123456", "KE", "+254712123456", id="Kenya"),
        pytest.param("+49 1512 3456789", "DE", "+4915123456789", id="Germany"),
        pytest.param("2349991234567", "NG", "+2349991234567", id="new range"),
        pytest.param("09991234567", "NG", "+2349991234567", id="new range, national"),
        pytest.param("449911123456", "GB", "+449911123456", id="new range, Britain"),
        pytest.param("+88213300655", "NG", "+88213300655", id="no region's"),
    ],
)
def test_the_sim_says_where_it_is_at_home(
    msisdn: str, region: str, number: str
) -> None:
    assert region_of(msisdn) == region
    assert own_number(msisdn) == number


@pytest.mark.parametrize("msisdn", ["", "MTN", "55019", "331234", "+12345678901234567"])
def test_a_sim_without_a_readable_number_has_none(msisdn: str) -> None:
    assert region_of(msisdn, "KE") == "KE"
    with pytest.raises(InvalidNumberError):
        own_number(msisdn)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param("+2348176470634", True, id="the same"),
        pytest.param("08176470634", True, id="national"),
        pytest.param("234 0817 647 0634", True, id="doubly prefixed"),
        pytest.param("٠٨١٧٦٤٧٠٦٣٤", True, id="other digits"),
        pytest.param("+2348276470634", True, id="the ninth digit from the end"),
        pytest.param("6470634", True, id="all digits of a shorter one"),
        pytest.param("+2348176470635", False, id="the last digit"),
        pytest.param("+2348196470634", False, id="the eighth digit from the end"),
        pytest.param("70634", False, id="too few digits"),
        pytest.param("", False, id="nothing"),
        pytest.param("MTN", False, id="name"),
    ],
)
def test_a_line_is_known_by_its_last_eight_digits(other: str, *, same: bool) -> None:
    assert same_line("+2348176470634", other) is same
    assert same_line(other, "+2348176470634") is same


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        pytest.param(ADA, "+234…770", id="E.164"),
        pytest.param("0818 317-2770", "081…770", id="national"),
        pytest.param("8183172770", "818…770", id="ten digits"),
        pytest.param("818317277", "…", id="nine digits"),
        pytest.param("55019", "…", id="short code"),
        pytest.param("Ada", "…", id="name"),
        pytest.param("", "…", id="nothing"),
    ],
)
def test_a_masked_number_can_not_be_dialled(number: str, masked: str) -> None:
    assert mask(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param(f"to {ADA}, 0818 317 2770.", "to +234…770, 081…770.", id="two"),
        pytest.param("['+2348183172770']", "['+234…770']", id="in quotes"),
        pytest.param("call (0818) 317-27-70!", "call (081…770!", id="brackets"),
        pytest.param("\u202a+234\u00a0818\u2011317 2770", "\u202a+234…770", id="marks"),
        pytest.param("notify.234_818_317_2770", "notify.234…770", id="an entity's id"),
        pytest.param("line 1234567", "line …", id="seven digits"),
        pytest.param("line 123456, HTTP 401", "line 123456, HTTP 401", id="six digits"),
        pytest.param("2020/02/01 07:37", "2020/02/01 07:37", id="published time"),
    ],
)
def test_all_numbers_in_a_text_are_masked(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


def test_people_are_shown_a_number_in_groups() -> None:
    assert display(ADA) == "+234 818 317 2770"


@pytest.mark.parametrize("party", ["55019", "MTN", "+0", ""])
def test_people_are_shown_what_is_no_number_as_it_is(party: str) -> None:
    assert display(party) == party
