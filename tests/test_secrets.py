"""A number is used in every way, well and badly; what is secret stays so (rule 8)."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import slugify
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.cecula_sync.api.numbers import display
from custom_components.cecula_sync.issues import Issue
from simulator import Line, Simulator, payloads

from .asking import asked
from .conftest import ADA, API_KEY, BEN, NUMBER, WEBHOOK_ID, WEBHOOKS, contact, group
from .doors import (
    CHI,
    SECOND_NUMBER,
    act,
    act_blindly,
    add_contact,
    entity_id,
    hook_up,
    pass_time,
)
from .fake_cloud import set_up_cloud
from .flows import configure

# What the house sends, receives and asks; each is found wherever a part of it stands.
TEXTS = ("Umbrellas", "Parsnips", "Marmalade", "Quinces", "Rhubarb")
SENT, RECEIVED, ASKED, ODD, REPLY = TEXTS
NAMES = ("Zebedee", "Philippa", "Owls")
ADA_NAME, BEN_NAME, GROUP_NAME = NAMES
STRANGER = "+2347061234567"
PEOPLE = (ADA, BEN, CHI, STRANGER, SECOND_NUMBER)
FAULTS = (None, "code", "partial", "html_200", "accept_then_drop", "wrong_json_type")

TYPED = [display(STRANGER), "0705 551 2345", "12", f"{BEN}9"]
# Of a script that fails, Home Assistant logs why.
SCRIPTS: dict[str, tuple[str, dict[str, Any]]] = {
    "text_all": (
        "send_sms",
        {"contacts": "notify.owls", "recipients": TYPED, "message": SENT},
    ),
    "text_nobody": ("send_sms", {"contacts": "notify.no_owls", "message": SENT}),
    "ring": ("make_call", {"recipient": STRANGER}),
}


def spellings(*numbers: str) -> set[str]:
    """Return how numbers may be spelt: +234…, 234…, 0…, with blanks, and in ids."""
    found = set()
    for number in numbers:
        national = number.removeprefix("+234")
        shown = display(number)
        found |= {national, shown, shown.removeprefix("+234 "), slugify(shown)}
    return found


def found_in(shown: str, secrets: set[str]) -> set[str]:
    """Return the secrets that stand in what is shown."""
    return {secret for secret in secrets if secret in shown}


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have people and a group with names that nothing else has."""
    return [
        contact(ADA_NAME, ADA, "ada", allow_commands=True),
        contact(BEN_NAME, BEN, "ben"),
        group(GROUP_NAME, ["ada", "ben"], "family"),
        group(f"No {GROUP_NAME}", [], "nobody"),
    ]


@pytest.fixture
def keys(hass: HomeAssistant) -> Iterator[set[str]]:
    """Return what lets others in, and have a cloud: its address is of that kind."""
    with set_up_cloud(hass):
        yield {API_KEY, "CCL.", WEBHOOK_ID, "hooks.nabu.casa"}


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the provider spell some texts so that nobody can read them."""
    spell = payloads.inbound_sms

    def spell_oddly(*args: Any) -> dict[str, Any]:
        fields = spell(*args)
        return {STRANGER: ODD, "to": BEN} if ODD in fields["message"] else fields

    monkeypatch.setattr(payloads, "inbound_sms", spell_oddly)


async def send_in_every_way(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """To people, groups and nobody; well, refused, broken off and unclear."""
    for fault in FAULTS:
        if fault is not None:
            simulator.arm(fault, times=0)
        for script in SCRIPTS:
            with suppress(HomeAssistantError):
                await hass.services.async_call("script", script, blocking=True)
        simulator.disarm()
    data = {"question": ASKED, "contacts": "notify.zebedee"}
    asking = await asked(hass, simulator, line, **data)
    await line.receive_sms(ADA, RECEIVED)
    assert (await asking)["contact"] == ADA_NAME
    await act_blindly(hass, "set_auto_reply", kind="sms", message=REPLY)
    for sms in list(line.sent):
        await line.report(sms.tracking_id, "FAILED")
        await act(hass, "get_sms_status", tracking_id=sms.tracking_id)
    await act(hass, "get_messages")


async def receive_in_every_way(line: Line) -> None:
    """From people and strangers; readable or not, for this number or another."""
    for sender in (ADA, STRANGER):
        await line.receive_sms(sender, RECEIVED)
        await line.receive_call(sender)
        await line.receive_call(sender, 7)
    await line.receive_sms(STRANGER, ODD)
    await line.post_webhook("sms", f'{{"{STRANGER}": "{RECEIVED}"'.encode())
    published = (WEBHOOKS / "inbound_sms.json").read_bytes()
    another = published.replace(NUMBER[-10:].encode(), SECOND_NUMBER[-10:].encode())
    assert await line.post_webhook("sms", another) == [403]
    line.webhooks.set(None)
    await line.receive_sms(STRANGER, f"{RECEIVED} by look")
    await line.receive_call(BEN)


async def set_scripts_up(hass: HomeAssistant) -> None:
    """Have the scripts that send."""
    config = {
        name: {"sequence": [{"action": f"cecula_sync.{action}", "data": data}]}
        for name, (action, data) in SCRIPTS.items()
    }
    assert await async_setup_component(hass, "script", {"script": config})


@pytest.fixture
def events(hass: HomeAssistant) -> list[Event]:
    """Collect all that is fired on the bus."""
    fired: list[Event] = []
    hass.bus.async_listen(MATCH_ALL, fired.append)
    return fired


@pytest.fixture
async def lived(
    hass: HomeAssistant,
    events: list[Event],
    entry: MockConfigEntry,
    keys: set[str],
    odd: None,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client: Any,
) -> AsyncGenerator[MockConfigEntry]:
    """Return a number that went through all that its users and others can do."""
    for component in ("diagnostics", "system_health", "webhook"):
        assert await async_setup_component(hass, component, {})
    await set_scripts_up(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    hook_up(line, await hass_client())
    configure(hass, entry, low_balance=1000, max_per_day=50)
    await add_contact(hass, entry, "Chi", CHI, "chi")
    await send_in_every_way(hass, simulator, line)
    await receive_in_every_way(line)
    for code in ("CE2001", "CE2000"):
        simulator.arm("code", operation="flash-number", code=code)
        with suppress(HomeAssistantError):
            await hass.services.async_call("script", "ring", blocking=True)
    line.subscription.status = f"Call {STRANGER}"
    entry.runtime_data.catch_up.async_look()
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_time(hass, freezer, 100)
    simulator.arm("html_200", operation="cecula-balance")
    button = {"entity_id": entity_id("button", "refresh_sim")}
    await hass.services.async_call("button", "press", button, blocking=True)
    await entry.runtime_data.webhook.async_renew()
    await hass.async_block_till_done(wait_background_tasks=True)
    yield entry
    await simulator.settle()


async def test_diagnostics_tell_nothing_of_people(
    hass: HomeAssistant,
    lived: MockConfigEntry,
    simulator: Simulator,
    keys: set[str],
    hass_client: Any,
) -> None:
    """Nor does what core adds to them; not in a number that can't be loaded either."""
    secrets = keys | spellings(*PEOPLE, NUMBER) | {*TEXTS, *NAMES}
    secrets.add(lived.data["webhook_id"])
    client = await hass_client()
    address = f"/api/diagnostics/config_entry/{lived.entry_id}"
    for state in ("loaded", "setup_retry"):
        async with client.get(address) as response:
            assert response.status == 200
            told = await response.text()
            headers = str(response.headers)
        assert f'"state": "{state}"' in told
        assert '"translation_placeholders": {' in told
        assert found_in(told + headers, secrets) == set()
        await simulator.stop()
        await hass.config_entries.async_reload(lived.entry_id)


async def test_nothing_that_lets_others_in_is_told_by_states_and_events(
    hass: HomeAssistant,
    lived: MockConfigEntry,
    events: list[Event],
    keys: set[str],
) -> None:
    """What they tell of messages is for those who live here."""
    keys.add(lived.data["webhook_id"])
    assert len(events) > 100
    shown = repr([(event.event_type, event.data) for event in events])
    shown += repr([state.as_dict() for state in hass.states.async_all()])
    assert RECEIVED in shown
    assert found_in(shown, keys) == set()


async def test_no_state_is_a_text_or_a_number(
    hass: HomeAssistant, lived: MockConfigEntry
) -> None:
    """They are in attributes, which can be left out of what is recorded."""
    states = " ".join(state.state for state in hass.states.async_all())
    assert found_in(states, spellings(*PEOPLE, NUMBER) | {*TEXTS}) == set()


async def test_no_issue_tells_a_text_or_a_number(
    hass: HomeAssistant, lived: MockConfigEntry, keys: set[str]
) -> None:
    """Of all that there are after such a life."""
    issues = ir.async_get(hass).issues
    assert {issue.translation_key for issue in issues.values()} >= {
        Issue.ANOTHER_NUMBER,
        Issue.EMPTY_GROUP,
        Issue.LOW_BALANCE,
        Issue.SIM_BARRED,
        Issue.SUBSCRIPTION_INACTIVE,
        Issue.UNREADABLE_ITEM,
    }
    secrets = keys | spellings(*PEOPLE, NUMBER) | {*TEXTS}
    assert found_in(repr(issues), secrets) == set()


async def test_no_log_above_debug_tells_a_key_a_text_or_a_number(
    hass: HomeAssistant,
    lived: MockConfigEntry,
    keys: set[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever logs it, though core names a number by its entry's title and in ids."""
    keys.add(lived.data["webhook_id"])
    gone = entity_id("button", "Gone")
    await hass.services.async_call("button", "press", {"entity_id": gone})
    formatter = logging.Formatter()
    logged = "\n".join(
        formatter.format(record)
        for record in (*caplog.get_records("setup"), *caplog.get_records("call"))
        if record.levelno >= logging.INFO
    )
    assert "Error fetching cecula_sync account data" in logged
    assert "are missing or not currently available" in logged
    assert logged.count("Error executing script") > len(FAULTS)
    secrets = keys | spellings(*PEOPLE, NUMBER) | {*TEXTS}
    assert found_in(logged, secrets) == set()


async def test_no_address_that_is_asked_holds_anything_of_that(
    hass: HomeAssistant,
    lived: MockConfigEntry,
    simulator: Simulator,
    keys: set[str],
) -> None:
    """Addresses end up in the logs of servers; the page on the health asks too."""
    told = await get_system_health_info(hass, "cecula_sync")
    assert await told["can_reach_server"] == "ok"
    addresses = "\n".join(request.path for request in simulator.requests)
    assert len(simulator.requests) > 50
    secrets = keys | spellings(*PEOPLE, NUMBER) | {*TEXTS, *NAMES}
    assert found_in(addresses, secrets) == set()
    assert found_in(repr(told), secrets) == set()
