"""How many pages a text fills."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.cecula_sync.api.text import (
    MAX_CHARACTERS,
    Encoding,
    TextSize,
    measure,
)

# GSM 03.38 in the order of its codes; the escape stands at 0x1B.
GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPE = 0x1B
GSM_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
HEADER = 6
OCTETS_OF_A_PAGE = 140

GSM_CHARACTERS = [
    *(char for char in GSM_BASIC if char != "\x1b"),
    *GSM_EXTENSION.values(),
]
gsm_texts = st.text(st.sampled_from(GSM_CHARACTERS), max_size=700)
crowded_gsm_texts = st.text(st.sampled_from("aé€{"), min_size=140, max_size=700)
crowded_wide_texts = st.text(st.sampled_from("aж👍"), min_size=60, max_size=400)
any_texts = st.text(max_size=300)


def gsm_codes(text: str) -> list[list[int]] | None:
    """Return the seven-bit codes of each character, None if one has none."""
    codes = {char: [code] for code, char in enumerate(GSM_BASIC)}
    del codes["\x1b"]
    codes |= {char: [ESCAPE, code] for code, char in GSM_EXTENSION.items()}
    try:
        return [codes[char] for char in text]
    except KeyError:
        return None


def utf16_codes(text: str) -> list[bytes]:
    """Return the octets of each character."""
    return [char.encode("utf-16-be", "surrogatepass") for char in text]


def fewest_pages(widths: list[int], room: int) -> int:
    """Try every way to cut a text into pages, between any two characters."""
    fewest = [0]
    for end in range(1, len(widths) + 1):
        filled, start, best = 0, end, end
        while start and (filled := filled + widths[start - 1]) <= room:
            start -= 1
            best = min(best, fewest[start] + 1)
        fewest.append(best)
    return fewest[-1]


def brute_force(text: str) -> TextSize:
    """Measure a text by encoding it and trying all ways to cut it."""
    if (codes := gsm_codes(text)) is not None:
        encoding, bits = Encoding.GSM7, 7
        widths = [len(code) for code in codes]
    else:
        encoding, bits = Encoding.UCS2, 16
        widths = [len(octets) // 2 for octets in utf16_codes(text)]
    alone = OCTETS_OF_A_PAGE * 8 // bits
    joined = (OCTETS_OF_A_PAGE - HEADER) * 8 // bits
    pages = min(len(text), 1) if sum(widths) <= alone else fewest_pages(widths, joined)
    return TextSize(encoding=encoding, characters=sum(widths), pages=pages)


@pytest.mark.parametrize(
    ("text", "encoding", "characters", "pages"),
    [
        pytest.param("", "gsm7", 0, 0, id="empty"),
        pytest.param("One love", "gsm7", 8, 1, id="published example"),
        pytest.param("a" * 160, "gsm7", 160, 1, id="full single page"),
        pytest.param("a" * 161, "gsm7", 161, 2, id="one over a single page"),
        pytest.param("a" * 306, "gsm7", 306, 2, id="two full pages"),
        pytest.param("a" * 307, "gsm7", 307, 3, id="one over two pages"),
        pytest.param("a" * 1530, "gsm7", 1530, 10, id="the most there may be"),
        pytest.param("€" * 80, "gsm7", 160, 1, id="escapes count double"),
        pytest.param("€" * 81, "gsm7", 162, 2, id="escapes over a page"),
        pytest.param(
            "a" * 152 + "€" + "a" * 152,
            "gsm7",
            306,
            3,
            id="an escape pair is not parted",
        ),
        pytest.param("ж" * 70, "ucs2", 70, 1, id="full single page of UCS-2"),
        pytest.param("ж" * 71, "ucs2", 71, 2, id="one over a page of UCS-2"),
        pytest.param("ж" * 134, "ucs2", 134, 2, id="two full pages of UCS-2"),
        pytest.param("ж" * 135, "ucs2", 135, 3, id="one over two pages of UCS-2"),
        pytest.param("👍", "ucs2", 2, 1, id="emoji count double"),
        pytest.param("👍" * 35, "ucs2", 70, 1, id="a page of emoji"),
        pytest.param("👍" * 67, "ucs2", 134, 3, id="a surrogate pair is not parted"),
        pytest.param("\ud83d", "ucs2", 1, 1, id="half a surrogate pair"),
        pytest.param("\x1b", "ucs2", 1, 1, id="the escape itself is no character"),
        pytest.param("ç", "ucs2", 1, 1, id="only the capital is in the alphabet"),
        pytest.param("Ẹ káàbọ̀", "ucs2", 8, 1, id="Yoruba"),
        pytest.param("a" * 69 + "`", "ucs2", 70, 1, id="one character changes all"),
        pytest.param("line\r\nline", "gsm7", 10, 1, id="line ends"),
    ],
)
def test_a_text_has_the_size_that_the_network_gives_it(
    text: str, encoding: str, characters: int, pages: int
) -> None:
    assert measure(text) == TextSize(
        encoding=Encoding(encoding), characters=characters, pages=pages
    )


@settings(deadline=None)
@given(gsm_texts | crowded_gsm_texts | crowded_wide_texts | any_texts)
def test_no_text_is_larger_than_was_counted(text: str) -> None:
    assert measure(text) == brute_force(text)


def test_the_gsm_alphabet_is_known_whole_and_nothing_beside_it() -> None:
    cheap = {
        char
        for char in map(chr, range(0x11000))
        if measure(char).encoding is Encoding.GSM7
    }
    assert cheap == set(GSM_CHARACTERS)


@settings(deadline=None)
@given(any_texts, any_texts)
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert measure(text + more).pages >= measure(text).pages


def test_the_most_that_may_be_sent_is_ten_pages() -> None:
    assert measure("a" * MAX_CHARACTERS).pages == 10
    assert measure("a" * (MAX_CHARACTERS + 1)).pages == 11
