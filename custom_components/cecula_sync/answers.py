"""The answers that a question expects, and which of them a text is."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
import unicodedata

from homeassistant.exceptions import ServiceValidationError

from .api.masking import mask_numbers
from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterator,
        Mapping,
        Sequence,
        Set as AbstractSet,
    )

ATTR_ID: Final = "id"
ATTR_MATCH: Final = "match"
ATTR_TEXTS: Final = "texts"

# Home Assistant's sentences have placeholders, lists and alternatives in these.
_OF_SENTENCES: Final = "{}[]<>|"

# Letters that Unicode does not take apart, as people type them who lack the key:
# Turkish, Polish, Nordic, South Slavic, French, Hausa. Tatweel only stretches.
_PLAIN_LETTERS: Final = str.maketrans(
    {
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "ƴ": "y",
        "\N{ARABIC TATWEEL}": None,
        "\N{COMBINING ENCLOSING KEYCAP}": None,
    }
)
_FIRST_ACCENT: Final = 200
_VOWEL_POINTS: Final = range(10, 37)
_VARIATION_SELECTORS: Final = range(0xFE00, 0xFE10)
# Below are signs that say something beside words, such as that of degrees.
_FIRST_EMOJI: Final = "\N{LEFTWARDS ARROW}"
# These are signs of mathematics to Unicode, but lie on the keyboard of emoji.
_EMOJI_OF_MATHS: Final = "\u2194\u2934\u2935\u25fd\u25fe"
# Within a word these hold it together: no-one, didn't, and Hebrew abbreviations.
_HOLDING_TOGETHER: Final = (
    "-'\N{HYPHEN}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{HEBREW PUNCTUATION GERESH}\N{HEBREW PUNCTUATION GERSHAYIM}"
)
# Stands where a word may end though no blank follows.
_END: Final = "\0"


class Match(StrEnum):
    """How much of a text that came must be the text of an answer."""

    WHOLE = "whole"
    START = "start"


class Answers:
    """What is accepted as which answer; `call_back` is the id that a call stands for.

    Without any, every text is a free sentence; with `only_listed`, none is an answer.
    """

    def __init__(
        self,
        ids: Mapping[str, str],
        starts: AbstractSet[str],
        call_back: str | None,
        *,
        only_listed: bool,
    ) -> None:
        """Take the ids of folded texts, and those of them that may be a start alone."""
        self._ids = ids
        self._starts = starts
        self._longest_start = max(map(len, starts), default=0)
        self.call_back = call_back
        self.only_listed = only_listed

    def id_of(self, text: str) -> str | None:
        """Return which answer a text is; None for a free sentence.

        The whole text goes before a start, and the longest start before others.
        """
        whole = fold(text)
        if whole in self._ids:
            return self._ids[whole]
        starts = filter(self._starts.__contains__, _starts(text, self._longest_start))
        start = max(starts, key=len, default=None)
        return None if start is None else self._ids[start]


def read_answers(
    described: Sequence[Mapping[str, Any]], call_back: object, *, only_listed: bool
) -> Answers:
    """Read what an action was given; raise `ServiceValidationError` if it is unclear.

    `call_back` is an id, or None where a call is no answer.
    """
    if only_listed and not described:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="only_listed_lists_nothing"
        )
    texts_of: dict[str, list[str]] = {}
    starts: set[str] = set()
    for answer in described:
        answer_id = _written(answer[ATTR_ID])
        if answer_id in texts_of:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="answer_twice",
                translation_placeholders={"answer": mask_numbers(answer_id)},
            )
        texts_of[answer_id] = _valid_texts(answer_id, answer[ATTR_TEXTS])
        if answer[ATTR_MATCH] is Match.START:
            starts.update(map(fold, texts_of[answer_id]))
    call_back_id = None if call_back is None else _written(call_back)
    if call_back_id is not None and call_back_id not in texts_of:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="call_back_unknown",
            translation_placeholders={"answer": mask_numbers(call_back_id)},
        )
    return Answers(_ids_of(texts_of), starts, call_back_id, only_listed=only_listed)


def _ids_of(texts_of: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the answer of each folded text; none may be that of two."""
    ids: dict[str, str] = {}
    for answer_id, texts in texts_of.items():
        for text in texts:
            other = ids.setdefault(fold(text), answer_id)
            if other != answer_id:
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="answers_overlap",
                    translation_placeholders={
                        "first": mask_numbers(other),
                        "second": mask_numbers(answer_id),
                    },
                )
    return ids


def _valid_texts(answer_id: str, written: Sequence[object]) -> list[str]:
    texts = [_written(item) for item in written]
    if not texts or not all(map(fold, texts)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="answer_without_text",
            translation_placeholders={"answer": mask_numbers(answer_id)},
        )
    if any(char in text for text in texts for char in _OF_SENTENCES):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="answer_not_plain",
            translation_placeholders={
                "answer": mask_numbers(answer_id),
                "characters": " ".join(_OF_SENTENCES),
            },
        )
    return texts


def _written(value: object) -> str:
    """Return what is text, or a number; `yes` without quotes is neither in YAML."""
    if isinstance(value, bool):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="answer_unquoted"
        )
    return str(value)


def fold(text: str) -> str:
    """Return what is compared of a text: its words, without case, accents and signs.

    What has no words is compared by its emoji, and what has none by its punctuation;
    blanks and invisible characters alone are nothing.
    """
    folded = (
        " ".join(reading.replace(_END, "").split()) for reading in _readings(text)
    )
    return next(filter(None, folded), "")


def _starts(text: str, longest: int) -> Iterator[str]:
    """Yield all that a text starts with up to where a word ends, folded.

    Words come before emoji.
    """
    for reading in _readings(text):
        start = ""
        for index, (gap, word) in enumerate(_words(reading)):
            start += gap * (index > 0) + word
            if len(start) > longest:
                break
            yield start


def _words(reading: str) -> Iterator[tuple[str, str]]:
    """Yield each word after what parts it from the one before: a blank, or nothing."""
    for part in reading.split():
        for index, word in enumerate(filter(None, part.split(_END))):
            yield "" if index else " ", word


def _readings(text: str) -> Iterator[str]:
    """Yield the words of a text, then those with its emoji, then all that is seen.

    Word ends are marked where no blank stands.
    """
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text).translate(_PLAIN_LETTERS)
    text = "".join(map(_plain_digit, filter(_is_seen, text)))
    read = (_read(text, index) for index in range(len(text)))
    yield from map("".join, zip(*read, strict=True))


def _read(text: str, index: int) -> tuple[str, str, str]:
    """Return what a character is in each reading."""
    char = text[index]
    if _is_emoji(char):
        return " ", f"{_END}{char}{_END}", f"{_END}{char}{_END}"
    if not _is_punctuation(char) or _is_between(str.isdecimal, text, index):
        # The dot of 1.5 tells it from 15.
        return char, char, char
    holds = char in _HOLDING_TOGETHER and _is_between(str.isalnum, text, index)
    end = "" if holds else _END
    return end, end, f"{char}{end}"


def _is_seen(char: str) -> bool:
    """Tell whether a character says something by itself.

    Accents do not, nor the vowel points of Hebrew and Arabic. Marks of other classes
    do: they are the vowels of Hindi, and tell two Japanese letters apart.
    """
    mark = unicodedata.combining(char)
    if mark >= _FIRST_ACCENT or mark in _VOWEL_POINTS:
        return False
    is_hint = unicodedata.category(char) == "Cf" or ord(char) in _VARIATION_SELECTORS
    return not is_hint


def _plain_digit(char: str) -> str:
    """Return a digit of any script as 0 to 9."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _is_punctuation(char: str) -> bool:
    """Tell punctuation, and what modifies the sign before it, as the tone of a hand."""
    category = unicodedata.category(char)
    return category.startswith("P") or category == "Sk"


def _is_emoji(char: str) -> bool:
    """Tell an emoji, also one that is newer than what we know of Unicode."""
    is_sign = unicodedata.category(char) in {"So", "Cn"} and char >= _FIRST_EMOJI
    return is_sign or char in _EMOJI_OF_MATHS


def _is_between(is_such: Callable[[str], bool], text: str, index: int) -> bool:
    """Tell whether the characters on both sides are such."""
    around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return len(around) > 1 and is_such(around)
