"""Sees every text that a test would show to a user, and that none is missing.

hassfest does not look at what a custom integration raises and shows, so the tests
that walk its flows and actions do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
import json
from pathlib import Path
from string import Formatter
import traceback
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigFlow, ConfigSubentryFlow
from homeassistant.core import ServiceRegistry
from homeassistant.data_entry_flow import (
    FlowHandler,
    FlowManager,
    FlowResultType,
    section,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.issue_registry import IssueRegistry
from homeassistant.helpers.selector import (
    NumberSelector,
    ObjectSelector,
    SelectSelector,
    selector,
)
from homeassistant.util.yaml import load_yaml_dict

from custom_components import cecula_sync
from custom_components.cecula_sync.const import DOMAIN

COMPONENT = Path(cecula_sync.__file__).parent
_OURS = cecula_sync.__name__


@cache
def english() -> dict[str, Any]:
    """Return the English texts, which every other language falls back on."""
    texts: dict[str, Any] = json.loads(
        (COMPONENT / "translations" / "en.json").read_text("utf-8")
    )
    return texts


def text_at(*path: str) -> Any:
    """Return what stands at a path of the English texts, or None."""
    found: Any = english()
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def offered_actions() -> dict[str, dict[str, Any]]:
    """Return the fields of each action that the editor offers, from sections too."""
    described = load_yaml_dict(str(COMPONENT / "services.yaml"))
    return {
        name: dict(_unfolded(action["fields"])) for name, action in described.items()
    }


def _unfolded(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, field in fields.items():
        if "fields" in field:
            yield from field["fields"].items()
        else:
            yield name, field


def placeholders_of(text: Any) -> set[str]:
    """Return the placeholders of a text, or of all texts below."""
    if isinstance(text, str):
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if not isinstance(text, Mapping):
        return set()
    return {name for item in text.values() for name in placeholders_of(item)}


class TranslationGuard:
    """Collects the texts that were asked for and are not there."""

    def __init__(self) -> None:
        """Start with nothing missed."""
        self.missed: list[str] = []

    def check_text(
        self, path: tuple[str, ...], passed: Mapping[str, Any] | None
    ) -> None:
        """Note a text that is missing, or lacks a value for a placeholder."""
        text = text_at(*path)
        if not text:
            self.missed.append(f"{'.'.join(path)} is missing")
        for name in placeholders_of(text) - set(passed or ()):
            self.missed.append(f"{'.'.join(path)} lacks a value for {{{name}}}")

    def check_step(self, flow: FlowHandler[Any, Any, Any], result: Any) -> None:
        """Check all that a result of one of our flows shows."""
        if not type(flow).__module__.startswith(_OURS):
            return
        room = _room_of(flow)
        passed = result.get("description_placeholders")
        match result["type"]:
            case FlowResultType.FORM:
                self._check_form(room, result, passed)
            case FlowResultType.MENU:
                self._check_menu(room, result, passed)
            case FlowResultType.SHOW_PROGRESS:
                self.check_text((*room, "step", result["step_id"], "title"), passed)
                self.check_text((*room, "progress", result["progress_action"]), passed)
            case FlowResultType.SHOW_PROGRESS_DONE:
                pass  # It shows nothing; core goes on to the next step.
            case FlowResultType.ABORT:
                if result.get("translation_domain") in (None, DOMAIN):
                    self.check_text((*room, "abort", result["reason"]), passed)
            case FlowResultType.CREATE_ENTRY:
                if (description := result.get("description")) is not None:
                    self.check_text((*room, "create_entry", description), passed)
            case unknown:
                self.missed.append(f"nobody checks the texts of a flow's {unknown}")

    def _check_form(
        self, room: tuple[str, ...], result: Any, passed: Mapping[str, Any] | None
    ) -> None:
        step = (*room, "step", result["step_id"])
        self.check_text((*step, "title"), passed)
        self.check_text(step, passed)
        for error in (result["errors"] or {}).values():
            self.check_text((*room, "error", error), passed)
        for path in fields_of(result["data_schema"]):
            self.check_text((*step, *path), passed)
        for path in choices_of(result["data_schema"]):
            self.check_text(path, None)

    def _check_menu(
        self, room: tuple[str, ...], result: Any, passed: Mapping[str, Any] | None
    ) -> None:
        step = (*room, "step", result["step_id"])
        self.check_text((*step, "title"), passed)
        if text_at(*step, "description"):
            self.check_text((*step, "description"), passed)
        for option in result["menu_options"]:
            self.check_text((*step, "menu_options", option), passed)

    def check_exception(self, error: HomeAssistantError) -> None:
        """Check what an action's error tells."""
        if error.translation_domain == DOMAIN and error.translation_key is not None:
            path = ("exceptions", error.translation_key, "message")
            self.check_text(path, error.translation_placeholders)
        elif error.translation_key is None and _was_raised_by_us(error):
            self.missed.append(f"{error!r} has no translation")

    def check_issue(
        self, domain: str, key: str | None, passed: Mapping[str, str] | None
    ) -> None:
        """Check what a repair issue tells."""
        if domain == DOMAIN:
            for part in ("title", "description"):
                self.check_text(("issues", str(key), part), passed)


def _room_of(flow: FlowHandler[Any, Any, Any]) -> tuple[str, ...]:
    """Return where the texts of a flow stand."""
    if isinstance(flow, ConfigSubentryFlow):
        return ("config_subentries", flow.handler[1])
    return ("config",) if isinstance(flow, ConfigFlow) else ("options",)


def fields_of(schema: Any) -> Iterator[tuple[str, ...]]:
    """Return where, below a step, the texts of a form's fields stand."""
    for key, value in (schema.schema if schema is not None else {}).items():
        if not isinstance(value, section):
            yield from (("data", str(key)), ("data_description", str(key)))
            continue
        yield ("sections", str(key), "name")
        for below in fields_of(value.schema):
            yield ("sections", str(key), *below)


def choices_of(schema: Any) -> Iterator[tuple[str, ...]]:
    """Return where the texts of what a form's fields offer stand, and of units."""
    yield from _choices_of((schema.schema if schema is not None else {}).values())


def _choices_of(fields: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    for value in fields:
        key = getattr(value, "config", {}).get("translation_key")
        if isinstance(value, SelectSelector) and key is not None:
            for option in value.config["options"]:
                name = option["value"] if isinstance(option, dict) else option
                yield ("selector", key, "options", str(name))
        if isinstance(value, NumberSelector) and "unit_of_measurement" in value.config:
            unit = value.config["unit_of_measurement"]
            yield ("selector", str(key), "unit_of_measurement", unit)
        if isinstance(value, ObjectSelector):
            parts = value.config["fields"].values()
            yield from _choices_of(selector(part["selector"]) for part in parts)


def _was_raised_by_us(error: BaseException) -> bool:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals["__name__"].startswith(_OURS)


def _watching_steps(original: Callable[..., Any], guard: TranslationGuard) -> Any:
    async def handle_step(self: Any, flow: Any, *args: Any) -> Any:
        result = await original(self, flow, *args)
        guard.check_step(flow, result)
        return result

    return handle_step


def _watching_calls(original: Callable[..., Any], guard: TranslationGuard) -> Any:
    async def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return await original(*args, **kwargs)
        except HomeAssistantError as err:
            guard.check_exception(err)
            raise

    return call


def _watching_issues(original: Callable[..., Any], guard: TranslationGuard) -> Any:
    def create(self: Any, domain: str, issue_id: str, **kwargs: Any) -> Any:
        passed = kwargs.get("translation_placeholders")
        guard.check_issue(domain, kwargs["translation_key"], passed)
        return original(self, domain, issue_id, **kwargs)

    return create


_WATCHED: tuple[tuple[type, str, Callable[..., Any]], ...] = (
    (FlowManager, "_async_handle_step", _watching_steps),
    (ServiceRegistry, "async_call", _watching_calls),
    (IssueRegistry, "async_get_or_create", _watching_issues),
)


@contextmanager
def guarded_translations() -> Iterator[TranslationGuard]:
    """Watch flows, actions and repair issues; fail in the end if a text was missed."""
    guard = TranslationGuard()
    with ExitStack() as stack:
        for owner, name, watching in _WATCHED:
            watched = watching(getattr(owner, name), guard)
            stack.enter_context(patch.object(owner, name, watched))
        yield guard
    assert guard.missed == [], guard.missed
