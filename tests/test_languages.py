"""Every language says all that the English texts say, and in the same form.

Home Assistant falls back on English where a text is missing, but not where one is
spoilt: a placeholder that is lost, or that nobody passes, shows only when it is used.
"""

from collections.abc import Iterator, Mapping
from functools import cache
import json
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.cecula_sync.const import DOMAIN

from .translation_guard import COMPONENT, english, placeholders_of

FOLDER = COMPONENT / "translations"
LANGUAGES = ("ar", "de", "en", "es", "es-419", "fr", "pt", "pt-BR")
OTHERS = tuple(language for language in LANGUAGES if language != "en")
RIGHT_TO_LEFT = ("ar",)

# What opens and closes a part of a text that keeps the direction of its own.
ISOLATED = re.compile("[\u2066\u2068]\\{(\\w+)\\}\u2069")
# What is copied, and runs from left to right by itself, so nothing is put around it.
COPIED = {"action", "webhook_url"}
# Names that are the same for everybody: of fields and actions, and in code.
WRITTEN = re.compile(r"(?<!\{)\b[a-z]+(?:[._][a-z]+)*_[a-z]+\b|`[^`]*`", re.ASCII)
# The provider's own menu is in English.
MENU = "Settings > Webhooks"

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_other_language = pytest.mark.parametrize("language", OTHERS)


def strings(texts: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Return each string with its path, in the order of the file."""
    for key, value in texts.items():
        if isinstance(value, str):
            yield f"{path}{key}", value
        else:
            yield from strings(value, f"{path}{key}.")


@cache
def source_of(language: str) -> str:
    """Return a language's file as it stands."""
    return (FOLDER / f"{language}.json").read_text("utf-8")


@cache
def texts_of(language: str) -> dict[str, str]:
    """Return the strings of a language by their paths."""
    return dict(strings(json.loads(source_of(language))))


def pairs(language: str) -> Iterator[tuple[str, str, str]]:
    """Return each path with the English text and that of another language.

    What only one of them has is told by the test of the keys.
    """
    for path, text in strings(english()):
        if path in texts_of(language):
            yield path, text, texts_of(language)[path]


def test_the_languages_are_those_that_are_promised() -> None:
    """Compare the files; each that is there is tested here."""
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{language}.json" for language in LANGUAGES
    }


@each_language
async def test_home_assistant_finds_the_texts_of_a_language(
    hass: HomeAssistant, language: str
) -> None:
    """Ask for them by the language of a user's profile."""
    found = await async_get_translations(hass, language, "exceptions", {DOMAIN})
    key = "exceptions.invalid_key.message"
    assert found[f"component.{DOMAIN}.{key}"] == texts_of(language)[key]


@each_language
def test_a_file_is_written_in_one_way_and_names_no_key_twice(language: str) -> None:
    """Write it again: a key that stands twice would be there once."""
    again = json.dumps(json.loads(source_of(language)), indent=2, ensure_ascii=False)
    assert source_of(language) == f"{again}\n"


@each_other_language
def test_a_language_has_the_keys_of_english(language: str) -> None:
    """Compare them, to see which is missing and which is too many."""
    assert set(texts_of(language)) == set(texts_of("en"))


@each_other_language
def test_the_keys_stand_in_the_order_of_english(language: str) -> None:
    """Compare their order, so that files can be read side by side."""
    assert list(texts_of(language)) == list(texts_of("en"))


@each_other_language
def test_a_text_names_the_placeholders_of_the_english_one(language: str) -> None:
    """Compare them string by string."""
    for path, text, translated in pairs(language):
        assert placeholders_of(translated) == placeholders_of(text), path


@each_language
def test_no_text_is_blank_or_has_blanks_around_it(language: str) -> None:
    """See what hassfest refuses."""
    for path, text in texts_of(language).items():
        assert text == text.strip() != "", path


@each_language
def test_no_text_has_html(language: str) -> None:
    """See what hassfest refuses, and what the frontend would take for a tag."""
    for path, text in texts_of(language).items():
        assert "<" not in text, path


@each_language
def test_no_apostrophe_swallows_a_placeholder(language: str) -> None:
    """See that none quotes a brace, as it would in ICU MessageFormat."""
    for path, text in texts_of(language).items():
        assert not re.search("'[{}]", text), path


@each_other_language
def test_what_a_user_copies_or_writes_in_yaml_is_not_translated(language: str) -> None:
    """Compare the names and the code of each string."""
    for path, text, translated in pairs(language):
        assert set(WRITTEN.findall(translated)) == set(WRITTEN.findall(text)), path


@each_other_language
def test_the_menu_of_the_provider_stays_as_it_is_there(language: str) -> None:
    """See that whoever looks for it finds it."""
    for path, text, translated in pairs(language):
        assert (MENU in translated) == (MENU in text), path


@each_other_language
def test_nearly_every_text_is_translated(language: str) -> None:
    """Count those that differ; some words are the same in two languages."""
    differs = [text != translated for _, text, translated in pairs(language)]
    assert sum(differs) / len(differs) > 0.85


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_a_number_keeps_its_direction_in_a_text_from_right_to_left(
    language: str,
) -> None:
    """See that each placeholder is isolated, or "+234" would be shown as "234+"."""
    for path, text in texts_of(language).items():
        isolated = set(ISOLATED.findall(text))
        assert isolated == placeholders_of(text) - COPIED, path
        assert len(ISOLATED.findall(text)) == len(re.findall("[\u2068]", text)), path
