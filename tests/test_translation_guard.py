"""The guard of the texts, which stands behind every test, sees what is missing."""

from copy import deepcopy
from types import FunctionType
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import cecula_sync
from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from . import translation_guard as module
from .conftest import NUMBER
from .flows import (
    ADA_FORM,
    BEN_FORM,
    add_contact,
    choose,
    fill_options_in,
    key_form,
    look_again,
    open_options,
    set_up,
    start,
    submit,
)
from .translation_guard import TranslationGuard, english

type Texts = dict[str, Any]


def replace_text(monkeypatch: pytest.MonkeyPatch, path: str, text: str | None) -> None:
    """Have another text, or none, at a path."""
    changed = deepcopy(english())
    *above, key = path.split("/")
    texts = changed
    for each in above:
        texts = texts[each]
    assert key in texts
    if text is None:
        del texts[key]
    else:
        texts[key] = text
    monkeypatch.setattr(module, "english", lambda: changed)


def take_missed(guard: TranslationGuard) -> set[str]:
    """Return what was missed, and let the guard forget it."""
    missed, guard.missed = set(guard.missed), []
    return missed


async def walk_through(hass: HomeAssistant, simulator: Simulator, line: Line) -> None:
    """Set up a line after a wrong key, add contacts, fail to set it up again.

    In the options, see the menu and the settings, and wait for a post.
    """
    hass.config.external_url = "https://house.example"
    shown = await submit(hass, await start(hass), key_form(simulator, api_key="wrong"))
    hass.config_entries.flow.async_abort(shown["flow_id"])
    shown = await choose(hass, await set_up(hass, simulator), "go_on")
    shown = await fill_options_in(hass, shown, BEN_FORM | {"name": ""})
    shown = await fill_options_in(hass, shown, BEN_FORM)
    await fill_options_in(hass, shown, {})
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await add_contact(hass, entry, ADA_FORM)
    await submit(hass, await start(hass), key_form(simulator))
    await choose(hass, await open_options(hass, entry), "settings")
    shown = await choose(hass, await open_options(hass, entry), "test_webhook")
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    await look_again(hass, shown)


@pytest.mark.parametrize(
    "path",
    [
        "config/step/user/title",
        "config/step/user/data/api_key",
        "config/step/user/data_description/api_key",
        "config/step/user/sections/server/name",
        "config/step/user/sections/server/data/base_url",
        "config/error/invalid_auth",
        "config/abort/already_configured",
        "options/abort/not_loaded",
        "options/error/empty_name",
        "options/progress/test_webhook",
        "options/step/contact/data_description/number",
        "options/step/init/menu_options/settings",
        "options/step/init/title",
        "options/step/test_webhook/title",
        "options/step/webhook/title",
        "selector/inbound/options/polling",
        "config_subentries/contact/step/user/data/number",
        "config_subentries/contact/create_entry/created",
    ],
)
async def test_a_text_that_a_flow_lacks_is_missed(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    translation_guard: TranslationGuard,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    """Take one text away, and walk past it."""
    replace_text(monkeypatch, path, None)
    await walk_through(hass, simulator, line)
    assert take_missed(translation_guard) == {f"{path.replace('/', '.')} is missing"}


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("options/step/webhook/description", "options.step.webhook.description"),
        (
            "options/step/webhook/menu_options/go_on",
            "options.step.webhook.menu_options.go_on",
        ),
        ("options/progress/test_webhook", "options.progress.test_webhook"),
        ("config/error/invalid_auth", "config.error.invalid_auth"),
        (
            "config_subentries/contact/create_entry/created",
            "config_subentries.contact.create_entry.created",
        ),
    ],
)
async def test_a_placeholder_that_a_flow_does_not_fill_is_missed(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    translation_guard: TranslationGuard,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    where: str,
) -> None:
    """Ask for more than the flow gives."""
    replace_text(monkeypatch, path, "Hello {nobody}")
    await walk_through(hass, simulator, line)
    missed = take_missed(translation_guard)
    assert missed == {f"{where} lacks a value for {{nobody}}"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(None, "is missing", id="no text"),
        pytest.param("{nobody}", "lacks a value for {nobody}", id="no value"),
    ],
)
async def test_what_an_actions_error_lacks_is_missed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    translation_guard: TranslationGuard,
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    complaint: str,
) -> None:
    """Call an action with nobody to send to."""
    path = "exceptions/no_recipient/message"
    replace_text(monkeypatch, path, text)
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            DOMAIN, "send_sms", {"message": "Hello"}, blocking=True
        )
    assert take_missed(translation_guard) == {f"{path.replace('/', '.')} {complaint}"}


def _fail(_call: ServiceCall) -> None:
    message = "in plain words"
    raise HomeAssistantError(message)


@pytest.mark.parametrize(
    ("raised_by", "missed"),
    [
        pytest.param(
            f"{cecula_sync.__name__}.sender",
            {"HomeAssistantError('in plain words') has no translation"},
            id="ours",
        ),
        pytest.param("homeassistant.components.light", set(), id="somebody else's"),
    ],
)
async def test_an_error_of_ours_without_translation_is_missed(
    hass: HomeAssistant,
    translation_guard: TranslationGuard,
    raised_by: str,
    missed: set[str],
) -> None:
    """Raise a bare error in a module of a name."""
    namespace = _fail.__globals__ | {"__name__": raised_by}
    action = FunctionType(_fail.__code__, namespace)
    hass.services.async_register("test", "fail", action)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("test", "fail", blocking=True)
    assert take_missed(translation_guard) == missed


async def test_an_issue_without_text_is_missed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    translation_guard: TranslationGuard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let another integration have the name that was allocated to the line."""
    replace_text(monkeypatch, "issues/notify_action_taken/description", None)
    name = f"cecula_sync_{NUMBER[-4:]}"
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "notify_action": name}
    )
    hass.services.async_register("notify", name, _fail)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert take_missed(translation_guard) == {
        "issues.notify_action_taken.description is missing"
    }
