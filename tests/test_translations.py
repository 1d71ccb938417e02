"""Every text that can be asked for is there, and none that nobody asks for.

hassfest checks little of this for a custom integration.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import config_flow, subentry_flow
from custom_components.cecula_sync.api import exceptions
from custom_components.cecula_sync.api.numbers import Refusal
from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.errors import EXPLAINED_CODES, describe

from .translation_guard import (
    COMPONENT,
    TranslationGuard,
    english,
    fields_of,
    guarded_translations,
    placeholders_of,
    text_at,
)

# What stands in a key that is put together, by what follows its constant beginning.
VARIABLE_PARTS: dict[str, Iterable[str]] = {
    "number_": Refusal,
    "recipient_": Refusal,
    "refused_": {code.lower() for code in EXPLAINED_CODES},
}
EXCEPTIONS = ("Error", "Failed", "NotReady")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A translation key that the code uses; placeholders None: not known here."""

    key: str
    placeholders: frozenset[str] | None
    is_composed: bool
    where: str


def icons() -> dict[str, Any]:
    """Return the icons."""
    read: dict[str, Any] = json.loads((COMPONENT / "icons.json").read_text())
    return read


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """Return every call of the integration, with the name of what is called."""
    for path in sorted(COMPONENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func).rpartition(".")[2]


def keys_of(node: ast.expr) -> set[str] | None:
    """Return the keys that an expression can be; None where it does not tell."""
    match node:
        case ast.Constant(value=str(key)):
            return {key}
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            return {f"{start}{end}" for end in VARIABLE_PARTS[start]}
        case ast.IfExp(body=body, orelse=orelse):
            first, second = keys_of(body), keys_of(orelse)
            return None if first is None or second is None else first | second
    return None


def uses(wanted: tuple[str, ...]) -> Iterator[Use]:
    """Return the keys that calls of some names use, or fail where one can't be read.

    A key that comes from `describe` is read from its answers instead.
    """
    for path, call, name in calls():
        given = {each.arg: each.value for each in call.keywords}
        if not name.endswith(wanted) or "translation_key" not in given:
            continue
        node, where = given["translation_key"], f"{path.name}:{call.lineno}"
        keys = keys_of(node)
        if keys is None:
            assert "describe(" in path.read_text(), f"{where}: which keys are these?"
            continue
        passed = given.get("translation_placeholders", ast.Dict(keys=[], values=[]))
        assert isinstance(passed, ast.Dict), where
        names = frozenset(ast.literal_eval(key) for key in passed.keys if key)
        for key in keys:
            yield Use(
                key=key,
                placeholders=names,
                is_composed=isinstance(node, ast.JoinedStr),
                where=where,
            )


def failures() -> Iterator[exceptions.CeculaError]:
    """Return one failure of each kind that the API has, and of each known code."""
    kinds: list[type[exceptions.CeculaError]] = [exceptions.CeculaError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds[1:]:
        yield kind("CE9999")
    for code in EXPLAINED_CODES:
        yield exceptions.CeculaRejectedError(code)


def used_exceptions() -> Iterator[Use]:
    """Return every key of an exception, those of `describe` too."""
    yield from uses(EXCEPTIONS)
    for failure in failures():
        key, placeholders = describe(failure)
        yield Use(
            key=key,
            placeholders=frozenset(placeholders),
            is_composed=False,
            where=repr(failure),
        )


def test_every_exception_has_a_text_and_every_text_an_exception() -> None:
    """Compare the keys."""
    assert {use.key for use in used_exceptions()} == set(english()["exceptions"])


@pytest.mark.parametrize("use", used_exceptions(), ids=lambda use: use.key)
def test_an_exception_passes_what_its_text_needs(use: Use) -> None:
    """Compare the placeholders; texts of one composed key may need fewer of them."""
    needed = placeholders_of(text_at("exceptions", use.key, "message"))
    if use.is_composed:
        assert needed <= (use.placeholders or set()), use.where
    else:
        assert needed == use.placeholders, use.where


def test_every_exception_is_of_a_kind_that_is_looked_at() -> None:
    """See that no call with a translation domain escapes these tests."""
    for path, call, name in calls():
        if any(each.arg == "translation_domain" for each in call.keywords):
            assert name.endswith(EXCEPTIONS), f"{path.name}:{call.lineno}"


def test_every_issue_has_a_text_and_every_text_an_issue() -> None:
    """Compare keys and placeholders."""
    used = {use.key: use.placeholders for use in uses(("async_create_issue",))}
    assert {
        key: placeholders_of(text) for key, text in english()["issues"].items()
    } == used
    for text in english()["issues"].values():
        assert text["title"]
        assert text["description"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSource:
    """The source of a flow, and where its texts stand."""

    source: ast.ClassDef
    schemas: tuple[Any, ...]
    texts: tuple[str, ...]

    def strings(self) -> set[str]:
        """Return all strings of the flow but its docstrings."""
        return {
            node.value
            for statement in ast.walk(self.source)
            if not isinstance(statement, ast.Expr)
            for node in ast.iter_child_nodes(statement)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }

    def steps(self) -> set[str]:
        """Return the steps that are shown: those whose names are strings."""
        prefix = "async_step_"
        return self.strings() & {
            node.name.removeprefix(prefix)
            for node in self.source.body
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith(prefix)
        }

    def errors(self) -> set[str]:
        """Return the errors that are put into `errors`, or returned for it."""
        found: set[str] = set()
        for node in _errors_in(self.source):
            keys = keys_of(node)
            found |= error_keys() if keys is None else keys
        return found

    def keywords(self, argument: str) -> set[str]:
        """Return the strings that are passed under a name."""
        return {
            each.value.value
            for node in ast.walk(self.source)
            if isinstance(node, ast.Call)
            for each in node.keywords
            if each.arg == argument
            and isinstance(each.value, ast.Constant)
            and isinstance(each.value.value, str)
        }


def _errors_in(source: ast.ClassDef) -> Iterator[ast.expr]:
    for node in ast.walk(source):
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id="errors"))], value=value
            ):
                yield value
            case ast.Return(value=ast.Dict(values=values)):
                yield from values


def error_keys() -> set[str]:
    """Return what `proof.error_key` can answer."""
    tree = ast.parse((COMPONENT / "proof.py").read_text())
    (function,) = (
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "error_key"
    )
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    return {key for value in returned if value for key in keys_of(value) or ()}


def flow_of(module: Any, *texts: str) -> FlowSource:
    """Return the one flow of a module."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    (source,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    schemas = tuple(
        value for name, value in vars(module).items() if name.endswith("_SCHEMA")
    )
    return FlowSource(source=source, schemas=schemas, texts=texts)


FLOWS = [
    pytest.param(flow_of(config_flow, "config"), id="config"),
    pytest.param(
        flow_of(subentry_flow, "config_subentries", "contact"), id="contact"
    ),
]


@pytest.mark.parametrize("flow", FLOWS)
def test_every_step_has_a_text_and_every_text_a_step(flow: FlowSource) -> None:
    """Compare the steps."""
    texts = text_at(*flow.texts, "step")
    assert set(texts) == flow.steps()
    assert all(text["title"] for text in texts.values())


@pytest.mark.parametrize("flow", FLOWS)
def test_the_fields_of_a_step_are_those_of_a_schema(flow: FlowSource) -> None:
    """Compare the fields; that a schema's fields have texts is the guard's to see."""
    known = [set(fields_of(schema)) for schema in flow.schemas]
    for text in text_at(*flow.texts, "step").values():
        named = {
            (kind, field)
            for kind in ("data", "data_description")
            for field in text.get(kind, {})
        }
        for section, texts in text.get("sections", {}).items():
            named.add(("sections", section, "name"))
            named |= {
                ("sections", section, kind, field)
                for kind in ("data", "data_description")
                for field in texts.get(kind, {})
            }
        assert not named or named in known


@pytest.mark.parametrize("flow", FLOWS)
def test_every_error_of_a_form_has_a_text_and_every_text_an_error(
    flow: FlowSource,
) -> None:
    """Compare the errors; none has a placeholder, for forms pass none to them."""
    texts = text_at(*flow.texts, "error")
    assert set(texts) == flow.errors()
    assert placeholders_of(texts) == set()


@pytest.mark.parametrize("flow", FLOWS)
def test_every_abort_has_a_text_and_every_text_an_abort(flow: FlowSource) -> None:
    """Compare the reasons, with the one that core gives a known number."""
    reasons = flow.keywords("reason")
    if "_abort_if_unique_id_configured" in ast.unparse(flow.source):
        reasons.add("already_configured")
    assert set(text_at(*flow.texts, "abort")) == reasons


@pytest.mark.parametrize("flow", FLOWS)
def test_every_happy_end_has_a_text_and_every_text_an_end(flow: FlowSource) -> None:
    """Compare what is said of a new entry."""
    assert set(text_at(*flow.texts, "create_entry") or ()) == flow.keywords(
        "description"
    )


def test_every_subentry_says_what_it_is_and_how_it_begins() -> None:
    """See that the menu of an entry has its words."""
    for texts in english()["config_subentries"].values():
        assert texts["entry_type"]
        assert set(texts["initiate_flow"]) == {"user", "reconfigure"}


def entity_texts(entity: er.RegistryEntry) -> Mapping[str, Any]:
    """Return the texts of an entity."""
    return text_at("entity", entity.domain, entity.translation_key or "") or {}


@pytest.fixture
def entities(
    loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> list[er.RegistryEntry]:
    """Return the entities of a line with a contact."""
    return er.async_entries_for_config_entry(entity_registry, loaded.entry_id)


async def test_every_entity_has_a_name_and_every_name_an_entity(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare the keys; an entity without a name bears its device's."""
    named = {
        (each.domain, each.translation_key) for each in entities if each.original_name
    }
    assert named == {
        (domain, key) for domain, keys in english()["entity"].items() for key in keys
    }
    for each in entities:
        assert (each.original_name or None) == entity_texts(each).get("name")


async def test_every_entity_has_an_icon_and_every_icon_an_entity(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare the keys; a state's icon is that of a state that there is."""
    keys = {(each.domain, each.translation_key) for each in entities}
    assert keys == {
        (domain, key) for domain, keys in icons()["entity"].items() for key in keys
    }
    for each in entities:
        states = icons()["entity"][each.domain][each.translation_key].get("state", {})
        assert set(states) <= set((each.capabilities or {}).get("options", ()))


async def test_every_state_and_event_type_has_a_text_and_every_text_one(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare what an entity can be, or tell, with the words for it."""
    for each in entities:
        can_be = each.capabilities or {}
        texts = entity_texts(each)
        assert set(texts.get("state", {})) == set(can_be.get("options", ()))
        told = texts.get("state_attributes", {}).get("event_type", {}).get("state", {})
        assert set(told) == set(can_be.get("event_types", ()))


async def test_every_unit_is_a_text_or_a_unit_of_the_entity(
    hass: HomeAssistant, entities: list[er.RegistryEntry]
) -> None:
    """See that a translated unit is shown."""
    for each in entities:
        if (unit := entity_texts(each).get("unit_of_measurement")) is not None:
            assert each.unit_of_measurement == unit


def actions_yaml() -> dict[str, Any]:
    """Return the actions as the editor offers them, sections opened."""
    described = load_yaml_dict(str(COMPONENT / "services.yaml"))
    return {name: (action or {}).get("fields", {}) for name, action in described.items()}


def schema_fields(schema: Any) -> set[str]:
    """Return the fields that an action's schema takes."""
    while hasattr(schema, "validators"):
        schema = schema.validators[0]
    return {str(field) for field in schema.schema}


async def test_every_action_is_described_as_it_is(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Compare actions and fields: registered, offered, named and with icons."""
    registered = hass.services.async_services_for_domain(DOMAIN)
    fields = {name: schema_fields(each.schema) for name, each in registered.items()}
    assert {name: set(each) for name, each in actions_yaml().items()} == fields
    texts = english()["services"]
    assert {name: set(each["fields"]) for name, each in texts.items()} == fields
    assert set(icons()["services"]) == set(fields)


def test_every_action_and_field_has_a_name_and_a_description() -> None:
    """See that no text of an action is empty."""
    for action in english()["services"].values():
        for text in (action, *action["fields"].values()):
            assert text["name"]
            assert text["description"]


def all_texts(source: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Return each text with its path."""
    for key, value in source.items():
        if isinstance(value, str):
            yield f"{path}{key}", value
        else:
            yield from all_texts(value, f"{path}{key}.")


def test_texts_are_tidy() -> None:
    """See what hassfest would refuse: blanks at the ends, HTML, addresses."""
    for path, text in all_texts(english()):
        assert text.strip() == text != "", path
        assert "<" not in text, path
        assert not any(each in text for each in ("://c", "www.", "'{", "\"{")), path


@pytest.fixture
def guard() -> Iterator[TranslationGuard]:
    """Have a guard that is looked at, not obeyed."""
    yield TranslationGuard()


@dataclass
class _Flow(config_flow.CeculaSyncConfigFlow, domain="not_a_domain"):
    """A flow of ours."""


@pytest.mark.parametrize(
    ("result", "missed"),
    [
        pytest.param(
            {"type": FlowResultType.ABORT, "reason": "another_number"}, [], id="told"
        ),
        pytest.param(
            {"type": FlowResultType.ABORT, "reason": "no_such"},
            ["config.abort.no_such is missing"],
            id="abort",
        ),
    ],
)
def test_the_guard_misses_what_a_flow_does_not_tell(
    guard: TranslationGuard, result: dict[str, Any], missed: list[str]
) -> None:
    """See the guard at work."""
