"""Each way in which the provider fails, at each door, ends in one message.

It says what happened, what was not done, and what to do; here its key stands for it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.errors import EXPLAINED_CODES
from simulator import Line, Simulator

from .conftest import BEN
from .doors import act, act_blindly, entity_id
from .flows import assert_aborted, assert_form, key_form, reauth_flows, start, submit
from .translation_guard import text_at

type Fault = tuple[str, dict[str, Any]]

CODES: dict[str, Fault] = {
    f"{code} in a {status}": ("code", {"code": code, "status": status})
    for code in (*sorted(EXPLAINED_CODES), "CE9999")
    for status in (200, 400)
}
KEY: dict[str, Fault] = {
    "401": ("unauthorized", {}),
    "401 in a 200": ("http_error", {"error_code": 401, "status": 200}),
}
FORM: dict[str, Fault] = {
    f"{error_code} in a {status}": (
        "http_error",
        {"error_code": error_code, "status": status},
    )
    for error_code in (405, 415)
    for status in (error_code, 200)
}
MISSING: dict[str, Fault] = {"404": ("http_error", {})}
NO_ANSWER: dict[str, Fault] = {
    "500": ("http_500", {}),
    "a page in a 503": ("http_503_html", {}),
    "400 without a code": ("http_error", {"error_code": 400}),
    "too many requests": ("rate_limited", {}),
    "a redirect": ("redirect", {}),
    "dropped": ("drop", {}),
    "done and dropped": ("accept_then_drop", {}),
    "cut short": ("truncated", {}),
}
NO_JSON: dict[str, Fault] = {
    "a page in a 200": ("html_200", {}),
    "half an answer": ("broken_json", {}),
}
NOTHING: dict[str, Fault] = {"an empty body": ("empty_200", {})}
ENDINGS = CODES | KEY | FORM | MISSING | NO_ANSWER | NO_JSON | NOTHING
AWAY = "away"

# As the classes of the API and of Python are called, which tell a user nothing.
CLASS_NAME = re.compile(r"\b[A-Z][A-Za-z]+(Error|Exception|Disconnected)\b")


def _refusals() -> dict[str, str | None]:
    """Return what is said wherever the provider refuses."""
    codes: dict[str, str | None] = {
        ending: f"refused_{code.lower()}" if code in EXPLAINED_CODES else "refused"
        for ending, (_, params) in CODES.items()
        for code in [params["code"]]
    }
    return (
        codes
        | dict.fromkeys(KEY, "invalid_key")
        | dict.fromkeys(FORM, "refused_form")
        | {AWAY: "cannot_connect"}
    )


def _keys(
    missing: str | None, no_answer: str, no_json: str, nothing: str | None
) -> dict[str, str | None]:
    """Return what a door says of each ending; None is no complaint."""
    return (
        _refusals()
        | dict.fromkeys(MISSING, missing)
        | dict.fromkeys(NO_ANSWER, no_answer)
        | dict.fromkeys(NO_JSON, no_json)
        | dict.fromkeys(NOTHING, nothing)
    )


SEND = _keys(*["outcome_unknown"] * 4)
UNKNOWN_ID = {f"CE1001 in a {status}": "unknown_id" for status in (200, 400)}
QUESTION = (
    _keys("unknown_id", "not_told", "unreadable_answer", "unreadable_answer")
    | UNKNOWN_ID
)
REPLY = _keys("not_offered", "change_unknown", "change_unknown", None)
REFRESH = _keys(*["not_offered", *["change_unknown"] * 3])
LOOK = _keys(None, *["look_failed"] * 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A way to the provider: what is asked there, by which means, and what is told."""

    operation: str
    body: Any
    go: Callable[[HomeAssistant], Awaitable[Any]]
    keys: Mapping[str, str | None]


def _ours(action: str, **data: Any) -> Callable[[HomeAssistant], Awaitable[Any]]:
    return lambda hass: act_blindly(hass, action, **data)


def _asking(action: str, **data: Any) -> Callable[[HomeAssistant], Awaitable[Any]]:
    return lambda hass: act(hass, action, **data)


def _cores(
    domain: str, action: str, **data: Any
) -> Callable[[HomeAssistant], Awaitable[Any]]:
    return lambda hass: hass.services.async_call(domain, action, data, blocking=True)


def _pressing(button: str) -> Callable[[HomeAssistant], Awaitable[Any]]:
    return _cores("button", "press", entity_id=entity_id("button", button))


TEXT = {"text": "Hi", "recipients": BEN}
TEXT_TO_ADA = {"text": "Hi", "recipients": "+2348183172770"}
DOORS = {
    "send_sms": Door(
        operation="send-sms",
        body=TEXT,
        go=_ours("send_sms", recipients=BEN, message="Hi"),
        keys=SEND,
    ),
    "ask": Door(
        operation="send-sms",
        body=TEXT,
        go=_ours("ask", recipients=BEN, question="Hi"),
        keys=SEND,
    ),
    "notify entity": Door(
        operation="send-sms",
        body=TEXT_TO_ADA,
        go=_cores("notify", "send_message", entity_id="notify.ada", message="Hi"),
        keys=SEND,
    ),
    "legacy notify": Door(
        operation="send-sms",
        body=TEXT,
        go=_cores("notify", "cecula_sync_0634", target=BEN, message="Hi"),
        keys=SEND,
    ),
    "make_call": Door(
        operation="flash-number",
        body={"receiver": BEN},
        go=_ours("make_call", recipient=BEN),
        keys=SEND,
    ),
    "get_sms_status": Door(
        operation="sent-sms-status",
        body=None,
        go=_asking("get_sms_status", tracking_id="99"),
        keys=QUESTION,
    ),
    "get_call_status": Door(
        operation="dialled-call-status",
        body=None,
        go=_asking("get_call_status", call_id="99"),
        keys=QUESTION,
    ),
    "reply to texts": Door(
        operation="set-sms-autoresponse",
        body={"text": "Hi"},
        go=_ours("set_auto_reply", kind="sms", message="Hi"),
        keys=REPLY,
    ),
    "reply to calls": Door(
        operation="set-call-autoresponse",
        body={"text": "Hi"},
        go=_ours("set_auto_reply", kind="call", message="Hi"),
        keys=REPLY,
    ),
    "refresh the SIM": Door(
        operation="refresh-sim", body=None, go=_pressing("refresh_sim"), keys=REFRESH
    ),
    "look for texts": Door(
        operation="get-new-sms",
        body=None,
        go=_pressing("check_for_new_messages"),
        keys=LOOK,
    ),
    "look for calls": Door(
        operation="new-missed-calls",
        body=None,
        go=_pressing("check_for_new_messages"),
        keys=LOOK,
    ),
}


async def complaint(hass: HomeAssistant, door: Door) -> HomeAssistantError | None:
    """Go through a door; return what is said of it."""
    try:
        await door.go(hass)
    except HomeAssistantError as err:
        return err
    return None


def key_of(said: HomeAssistantError | None) -> str | None:
    """Return the key of what is said, once it reads well."""
    if said is None:
        return None
    assert said.translation_domain == "cecula_sync"
    assert str(said) != said.translation_key
    assert not CLASS_NAME.search(str(said))
    return said.translation_key


@pytest.mark.parametrize("name", DOORS)
async def test_each_failure_at_a_door_is_one_message_and_one_request(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    """Only a question may be asked twice; no log above debug names a class."""
    door = DOORS[name]
    await hass.async_block_till_done(wait_background_tasks=True)
    told = {}
    for ending, (fault, params) in ENDINGS.items():
        before = len(simulator.requests_to(door.operation))
        simulator.arm(fault, operation=door.operation, times=0, **params)
        told[ending] = key_of(await complaint(hass, door))
        asked = simulator.requests_to(door.operation)[before:]
        # aiohttp asks again on a connection that was dropped.
        assert len(asked) == 1 or (door.keys is QUESTION and "drop" in fault), ending
        assert all(request.body == door.body for request in asked), ending
        simulator.disarm()
    await simulator.stop()
    told[AWAY] = key_of(await complaint(hass, door))
    assert told == door.keys
    assert len(reauth_flows(hass, loaded)) == 1
    shown = [each.getMessage() for each in caplog.records if each.levelname != "DEBUG"]
    assert [each for each in shown if CLASS_NAME.search(each)] == []


def test_every_code_and_form_of_a_failure_is_in_the_table() -> None:
    """Each door has a word for each ending."""
    for name, door in DOORS.items():
        assert set(door.keys) == {*ENDINGS, AWAY}, name


# What the account's poll does without, for it is told by the other reads.
_OPTIONAL = dict.fromkeys(CODES | FORM | MISSING)
_NEEDED = (
    dict.fromkeys(KEY, "invalid_key")
    | dict.fromkeys(NO_ANSWER, "unavailable")
    | dict.fromkeys(NO_JSON | NOTHING, "unreadable_answer")
)
POLLS: dict[str, dict[str, str | None]] = {
    "cecula-balance": _OPTIONAL | _NEEDED | dict.fromkeys(MISSING, "unavailable"),
    "subscription-status": _OPTIONAL | _NEEDED,
    # How a SIM's state is told is not documented.
    "sim-status": _OPTIONAL | _NEEDED | dict.fromkeys(NO_JSON | NOTHING),
}


@pytest.mark.parametrize("operation", POLLS)
async def test_each_failure_of_the_accounts_poll_is_one_reason_or_none(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, operation: str
) -> None:
    """Set the number up with each; it says why it could not be."""
    told = {}
    for ending, (fault, params) in ENDINGS.items():
        simulator.arm(fault, operation=operation, times=0, **params)
        await hass.config_entries.async_reload(loaded.entry_id)
        key = told[ending] = loaded.error_reason_translation_key
        assert (loaded.state is ConfigEntryState.LOADED) == (key is None)
        assert not CLASS_NAME.search(loaded.reason or "")
        assert key is None or text_at("exceptions", key, "message")
        simulator.disarm()
    assert told == POLLS[operation]


FLOW = (
    dict.fromkeys(KEY, ("api_key", "invalid_auth"))
    | dict.fromkeys(FORM | MISSING | NO_JSON | NOTHING, ("base", "not_cecula_sync"))
    | dict.fromkeys(NO_ANSWER, ("base", "cannot_connect"))
)


async def opened(
    hass: HomeAssistant, loaded: MockConfigEntry, source: str
) -> dict[str, Any]:
    """Open a form that asks for a key."""
    match source:
        case "user":
            return await start(hass)
        case "reauth":
            shown = await loaded.start_reauth_flow(hass)
        case _:
            shown = await loaded.start_reconfigure_flow(hass)
    return dict(shown)


def filled_in(simulator: Simulator, source: str) -> dict[str, Any]:
    """Return what is typed into the form."""
    form = key_form(simulator)
    return {"api_key": form["api_key"]} if source == "reauth" else form


@pytest.mark.parametrize("source", ["user", "reauth", "reconfigure"])
async def test_each_failure_of_a_form_is_one_message_beside_its_field(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, source: str
) -> None:
    """The form stays open, and each is overcome in it."""
    shown = await opened(hass, loaded, source)
    told = {}
    for ending in FLOW:
        fault, params = ENDINGS[ending]
        simulator.arm(fault, operation="*", times=0, **params)
        shown = await submit(hass, shown, filled_in(simulator, source))
        (told[ending],) = shown["errors"].items()
        simulator.disarm()
    assert told == FLOW
    assert set(FLOW) == ENDINGS.keys() - CODES.keys()


@pytest.mark.parametrize(
    ("source", "reason"),
    [("reauth", "key_works"), ("reconfigure", "connection_works")],
)
async def test_a_code_is_no_fault_of_the_key(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    source: str,
    reason: str,
) -> None:
    """Who is refused by a code was let in; what is wrong is told elsewhere."""
    for fault, params in CODES.values():
        shown = await opened(hass, loaded, source)
        simulator.arm(fault, operation="*", times=0, **params)
        done = await submit(hass, shown, filled_in(simulator, source))
        assert_aborted(done, reason)
        simulator.disarm()


async def test_a_code_does_not_keep_a_number_from_being_set_up(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """It only keeps the number from being told."""
    for fault, params in CODES.values():
        simulator.arm(fault, operation="*", times=0, **params)
        shown = await submit(hass, await start(hass), key_form(simulator))
        assert_form(shown, "number")
        simulator.disarm()
