"""Every text that is asked for is there, and none that nobody asks for.

hassfest checks little of this for a custom integration.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from custom_components.cecula_sync import config_flow, subentry_flow

from .translation_guard import english, fields_of, placeholders_of, text_at
from .translation_uses import (
    EXCEPTIONS,
    ISSUES,
    FlowSource,
    Use,
    calls,
    used_exceptions,
    uses,
)

FLOWS = [
    pytest.param(FlowSource(config_flow, "config"), id="config"),
    pytest.param(
        FlowSource(subentry_flow, "config_subentries", "contact"), id="contact"
    ),
]


def test_every_exception_has_a_text_and_every_text_an_exception() -> None:
    """Compare the keys."""
    assert {use.key for use in used_exceptions()} == set(english()["exceptions"])


@pytest.mark.parametrize("use", used_exceptions(), ids=lambda use: use.key)
def test_an_exception_passes_what_its_text_names(use: Use) -> None:
    """Compare the placeholders; of several texts for one place, some need fewer."""
    needed = placeholders_of(text_at("exceptions", use.key, "message"))
    if use.is_composed:
        assert needed <= use.placeholders, use.where
    else:
        assert needed == use.placeholders, use.where


def test_no_exception_escapes_these_tests() -> None:
    """See that all that is translated has a name that is looked for."""
    for path, call, name in calls():
        if any(each.arg == "translation_domain" for each in call.keywords):
            assert name.endswith(EXCEPTIONS), f"{path.name}:{call.lineno}"


def test_every_issue_has_a_text_and_every_text_an_issue() -> None:
    """Compare keys and placeholders."""
    needed = {key: placeholders_of(text) for key, text in english()["issues"].items()}
    assert {use.key: use.placeholders for use in uses(ISSUES)} == needed
    for text in english()["issues"].values():
        assert text["title"]
        assert text["description"]


@pytest.mark.parametrize("flow", FLOWS)
def test_every_step_has_a_text_and_every_text_a_step(flow: FlowSource) -> None:
    """Compare the steps."""
    texts = text_at(*flow.texts, "step")
    assert set(texts) == flow.steps()
    assert all(text["title"] for text in texts.values())


def named_fields(texts: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Return where, below a step, the texts of fields stand."""
    for kind in ("data", "data_description"):
        yield from ((kind, field) for field in texts.get(kind, ()))
    for section, below in texts.get("sections", {}).items():
        yield ("sections", section, "name")
        yield from (("sections", section, *path) for path in named_fields(below))


@pytest.mark.parametrize("flow", FLOWS)
def test_the_fields_of_a_text_are_those_of_a_form(flow: FlowSource) -> None:
    """Compare the fields; that those of a form have texts is the guard's to see."""
    known = [set(fields_of(schema)) for schema in flow.schemas]
    for text in text_at(*flow.texts, "step").values():
        named = set(named_fields(text))
        assert not named or named in known


@pytest.mark.parametrize("flow", FLOWS)
def test_every_error_of_a_form_has_a_text_and_every_text_an_error(
    flow: FlowSource,
) -> None:
    """Compare the errors; a form has no placeholders for them."""
    texts = text_at(*flow.texts, "error")
    assert set(texts) == flow.errors()
    assert placeholders_of(texts) == set()


@pytest.mark.parametrize(
    ("flow", "by_core"),
    [
        pytest.param(*FLOWS[0].values, {"already_configured"}, id="config"),
        pytest.param(*FLOWS[1].values, set(), id="contact"),
    ],
)
def test_every_abort_has_a_text_and_every_text_an_abort(
    flow: FlowSource, by_core: set[str]
) -> None:
    """Compare the reasons: our own, and those that core gives for us."""
    assert set(text_at(*flow.texts, "abort")) == flow.passed("reason") | by_core


@pytest.mark.parametrize("flow", FLOWS)
def test_every_happy_end_has_a_text_and_every_text_an_end(flow: FlowSource) -> None:
    """Compare what is said of a new entry."""
    texts = text_at(*flow.texts, "create_entry") or {}
    assert set(texts) == flow.passed("description")


def test_every_subentry_says_what_it_is_and_how_it_begins() -> None:
    """See that the menu of an entry has its words."""
    for texts in english()["config_subentries"].values():
        assert texts["entry_type"]
        assert set(texts["initiate_flow"]) == {"user", "reconfigure"}


def all_texts(source: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Return each text with its path."""
    for key, value in source.items():
        if isinstance(value, str):
            yield f"{path}{key}", value
        else:
            yield from all_texts(value, f"{path}{key}.")


def test_texts_are_tidy() -> None:
    """See what hassfest refuses: blanks at the ends, HTML, quoted placeholders."""
    for path, text in all_texts(english()):
        assert text == text.strip() != "", path
        assert not any(each in text for each in ("<", "'{", '"{')), path
