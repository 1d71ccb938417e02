"""Every text that is asked for is there, and none that nobody asks for.

hassfest checks little of this for a custom integration.
"""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

from homeassistant.helpers import selector
import probatio as vol
import pytest

from custom_components.cecula_sync import (
    config_flow,
    first_text,
    group_flow,
    options_flow,
    subentry_flow,
)

from .translation_guard import (
    choices_of,
    english,
    fields_of,
    offered_actions,
    placeholders_of,
    text_at,
)
from .translation_uses import (
    EXCEPTIONS,
    FlowSource,
    Use,
    calls,
    used_exceptions,
    used_issues,
)

SOURCES = {
    "config": FlowSource(config_flow, "config"),
    "contact": FlowSource(subentry_flow, "config_subentries", "contact"),
    "group": FlowSource(group_flow, "config_subentries", "group"),
    "options": FlowSource(
        options_flow, "options", reader=subentry_flow, base=first_text
    ),
}
FLOWS = [pytest.param(flow, id=name) for name, flow in SOURCES.items()]


def test_every_exception_has_a_text_and_every_text_an_exception() -> None:
    """Compare the keys."""
    assert {use.key for use in used_exceptions()} == set(english()["exceptions"])


@pytest.mark.parametrize(
    "use",
    # In one order for all processes that share the work.
    sorted(used_exceptions(), key=attrgetter("key", "where")),
    ids=attrgetter("key"),
)
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
    assert {use.key: use.placeholders for use in used_issues()} == needed
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
        pytest.param(SOURCES["config"], {"already_configured"}, id="config"),
        pytest.param(SOURCES["contact"], set(), id="contact"),
        pytest.param(SOURCES["group"], set(), id="group"),
        pytest.param(SOURCES["options"], set(), id="options"),
    ],
)
def test_every_abort_has_a_text_and_every_text_an_abort(
    flow: FlowSource, by_core: set[str]
) -> None:
    """Compare the reasons: our own, and those that core gives for us."""
    assert set(text_at(*flow.texts, "abort")) == flow.passed("reason") | by_core


@pytest.mark.parametrize("flow", FLOWS)
def test_the_choices_of_a_text_are_those_of_a_menu(flow: FlowSource) -> None:
    """Compare them; that those of a menu have texts is the guard's to see."""
    offered = flow.menus()
    for text in text_at(*flow.texts, "step").values():
        assert "menu_options" not in text or set(text["menu_options"]) in offered


@pytest.mark.parametrize("flow", FLOWS)
def test_every_wait_has_a_text_and_every_text_a_wait(flow: FlowSource) -> None:
    """Compare what is said while a flow is busy."""
    texts = text_at(*flow.texts, "progress") or {}
    assert set(texts) == flow.passed("progress_action")


def action_schemas() -> Iterator[vol.Schema]:
    """Return the fields of each action as those of a form."""
    for fields in offered_actions().values():
        yield vol.Schema(
            {
                name: selector.selector(field["selector"])
                for name, field in fields.items()
            }
        )


def test_every_choice_of_a_field_has_a_text_and_every_text_a_choice() -> None:
    """Compare what the fields of forms and actions offer, and their units."""
    offered = {
        path
        for schema in (
            *action_schemas(),
            *(each for flow in SOURCES.values() for each in flow.schemas),
        )
        for path in choices_of(schema)
    }
    named = {
        ("selector", key, kind, option)
        for key, texts in english()["selector"].items()
        for kind in ("options", "unit_of_measurement")
        for option in texts.get(kind, ())
    }
    assert named == offered


def test_every_part_of_a_field_has_a_text_and_every_text_a_part() -> None:
    """Compare what the fields of actions are put together from."""
    parts = {
        (field.config["translation_key"], part)
        for schema in action_schemas()
        for field in schema.schema.values()
        if isinstance(field, selector.ObjectSelector)
        for part in field.config["fields"]
    }
    named = {
        (key, part)
        for key, texts in english()["selector"].items()
        for part, text in texts.get("fields", {}).items()
        if text["name"] and text["description"]
    }
    assert named == parts


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
