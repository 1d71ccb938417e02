"""Pages by GSM 03.38, and numbers as the provider spells them."""

import pytest

from simulator.gsm import Pages, pages_of
from simulator.spelling import Region, calling_code, is_international

from . import ADA, GRACE, NUMBER


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        pytest.param("", "gsm7", 1, id="empty"),
        pytest.param("x" * 160, "gsm7", 1, id="a full page"),
        pytest.param("x" * 161, "gsm7", 2, id="one more"),
        pytest.param("x" * 306, "gsm7", 2, id="two full"),
        pytest.param("x" * 307, "gsm7", 3, id="a third"),
        pytest.param("x" * 1530, "gsm7", 10, id="ten"),
        pytest.param("€" * 80, "gsm7", 1, id="extension counts twice"),
        pytest.param("€" * 81, "gsm7", 2, id="extension overflows"),
        pytest.param("x" * 152 + "€" + "x" * 152, "gsm7", 3, id="no torn escape"),
        pytest.param("@£$¥èéùìòÇØøÅåÄÖÑÜ§¿äöñüàΔ\n", "gsm7", 1, id="the alphabet"),
        pytest.param("ẹ" * 70, "ucs2", 1, id="a full page of UCS-2"),
        pytest.param("ẹ" * 71, "ucs2", 2, id="one more of UCS-2"),
        pytest.param("ẹ" * 135, "ucs2", 3, id="three of UCS-2"),
        pytest.param("😀" * 35, "ucs2", 1, id="emoji count twice"),
        pytest.param("😀" * 67, "ucs2", 3, id="no torn emoji"),
        pytest.param("x" * 70 + "`", "ucs2", 2, id="one stranger decides"),
    ],
)
def test_pages(text: str, encoding: str, count: int) -> None:
    assert pages_of(text) == Pages(encoding, count)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (NUMBER, "234"),
        (GRACE, "44"),
        ("+12025550123", "1"),
        ("+79161234567", "7"),
        ("+358401234567", "358"),
        ("+20100123456", "20"),
        ("+998901234567", "998"),
        ("MTN", ""),
    ],
)
def test_the_country_is_read_off_a_number(number: str, code: str) -> None:
    assert calling_code(number) == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+234 818 317 2770", ADA),
        ("(0818) 317-2770", ADA),
        ("00234.818.317.2770", ADA),
        ("0123", "0123"),
        ("55019", "55019"),
        ("MTN 4 U", "MTN 4 U"),
        ("", ""),
    ],
)
def test_numbers_become_international_and_names_stay(text: str, number: str) -> None:
    assert Region(NUMBER).normalise(text) == number


def test_a_country_can_have_another_trunk_prefix() -> None:
    hungary = Region("+36201234567", trunk_prefix="06")

    assert hungary.spell("+36301234567", "national") == "06301234567"
    assert hungary.spell("+36301234567", "bare") == "36301234567"
    assert hungary.spell("MTN", "bare") == "MTN"


@pytest.mark.parametrize(
    "text", ["2348183172770", "+0818317277", "+12", "+1234567890123456", "+234x"]
)
def test_only_plus_country_number_is_international(text: str) -> None:
    assert not is_international(text)
