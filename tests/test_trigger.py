"""The triggers of the visual editor: what they fire for."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.events import Channel, Events, SmsReceived
from custom_components.cecula_sync.trigger import TRIGGERS
from simulator import Line

from .conftest import ADA, BEN, contact
from .doors import entity_id, pass_time, restart
from .trigger_notes import (
    CALL,
    DELIVERY,
    LATE,
    SMS,
    Target,
    let_much_happen,
    noting,
    only,
    the_area_of,
    the_device,
    told,
)

COMMANDS = ["Open the gate ", "open the GATE", "the gate, please", "groß", "12"]


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return two people."""
    return [contact("Ada", ADA, "ada"), contact("Ben", BEN, "ben")]


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(the_device(SMS), id="device"),
        pytest.param(the_area_of(SMS), id="area"),
        pytest.param(
            the_area_of(SMS, "event.ada", "event.ben"), id="area with contacts"
        ),
        pytest.param(only(SMS, CALL, DELIVERY, LATE), id="entities"),
        pytest.param(only(SMS, CALL, DELIVERY, "event.ada"), id="entities and contact"),
    ],
)
async def test_what_a_number_tells_fires_once_whoever_it_is_of(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line, target: Target
) -> None:
    """What its contacts tell is the same, and is not heard twice."""
    noted = await noting(hass, target, *TRIGGERS)
    await let_much_happen(hass, line)
    assert Counter(zip(told(noted, "entity"), told(noted, "type"), strict=True)) == {
        (SMS, "sms_received"): 3,
        (CALL, "missed_call"): 3,
        (CALL, "answered_call"): 3,
        (DELIVERY, "failed"): 3,
        (DELIVERY, "expired"): 3,
    }


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(the_device("event.ada"), id="device"),
        pytest.param(the_area_of("event.ada"), id="area"),
        pytest.param(only("event.ada"), id="entity"),
        pytest.param(only("event.ada", "event.none", "notify.ben"), id="with others"),
    ],
)
async def test_what_is_of_a_contact_fires_for_the_contact_alone(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line, target: Target
) -> None:
    """Of delivery, the number's entity tells."""
    noted = await noting(hass, target, *TRIGGERS)
    await let_much_happen(hass, line)
    assert Counter(zip(told(noted, "entity"), told(noted, "type"), strict=True)) == {
        ("event.ada", "sms_received"): 1,
        ("event.ada", "missed_call"): 1,
        ("event.ada", "answered_call"): 1,
        (DELIVERY, "failed"): 1,
        (DELIVERY, "expired"): 1,
    }
    assert set(told(noted, "contact")) == {"Ada"}


@pytest.mark.parametrize(
    ("entity", "keys"),
    [
        (SMS, ["call_missed", "call_answered", "delivery_failed"]),
        (CALL, ["sms_received", "delivery_failed"]),
        (DELIVERY, ["sms_received", "call_missed", "call_answered"]),
        (LATE, TRIGGERS),
        (entity_id("event", "outgoing_call"), TRIGGERS),
        (entity_id("sensor", "last_message"), TRIGGERS),
    ],
)
async def test_an_entity_that_tells_other_things_fires_nothing(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    entity: str,
    keys: Iterable[str],
) -> None:
    noted = await noting(hass, only(entity), *keys)
    await let_much_happen(hass, line)
    assert noted == []


async def test_a_kind_of_event_fires_its_own_trigger(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Of calls, one entity tells two kinds."""
    noted = await noting(hass, only(CALL), "call_answered")
    await let_much_happen(hass, line)
    assert told(noted, "type") == ["answered_call"] * 3


@pytest.mark.parametrize(
    ("options", "fired"),
    [
        ({}, COMMANDS),
        ({"contains": "gate"}, COMMANDS[:3]),
        ({"contains": " GATE "}, COMMANDS[:3]),
        ({"equals": "OPEN the gate"}, COMMANDS[:2]),
        ({"equals": "\tGROSS\n"}, ["groß"]),
        ({"equals": "gate"}, []),
        ({"equals": "12"}, ["12"]),
        ({"contains": "open", "equals": "the gate, please"}, []),
        ({"contains": "please", "equals": "the gate, please"}, ["the gate, please"]),
        ({"contains": "{{ 'gate' }}"}, []),
    ],
)
async def test_texts_are_compared_without_case_and_white_space_around(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    options: dict[str, str],
    fired: list[str],
) -> None:
    noted = await noting(hass, only(SMS), "sms_received", **options)
    for text in COMMANDS:
        await line.receive_sms(ADA, text)
    await hass.async_block_till_done()
    assert list(map(str, told(noted))) == [text.strip() for text in fired]


async def test_a_text_is_data_and_no_template(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """It can be looked for, and arrives as it was written."""
    text = "{{ states.sensor | list }} {% raw %} <b>"
    noted = await noting(hass, only("event.ada"), "sms_received", equals=text)
    await line.receive_sms(ADA, text)
    await hass.async_block_till_done()
    assert told(noted) == [text]


async def be_late(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Look only now for what came in, and wait in vain for the webhook."""
    await restart(hass, entry)
    await pass_time(hass, freezer, 100)


@pytest.mark.parametrize(
    ("target", "options", "fired"),
    [
        pytest.param(the_device(SMS), {}, [], id="not asked for"),
        pytest.param(only(LATE), {}, [], id="targeted and not asked for"),
        pytest.param(only("event.ada"), {}, [], id="of a contact, not asked for"),
        pytest.param(the_device(SMS), {"equals": "Yo"}, ["Yo"], id="by its text"),
        pytest.param(the_device(SMS), {}, ["Hi", "Yo"], id="device"),
        pytest.param(only(SMS), {}, ["Hi", "Yo"], id="entity for what is in time"),
        pytest.param(only(LATE), {}, ["Hi", "Yo"], id="entity"),
        pytest.param(only(CALL), {}, [], id="another entity"),
        pytest.param(the_device("event.ada"), {}, ["Hi"], id="contact"),
        pytest.param(only("event.ada", "event.ben"), {}, ["Hi", "Yo"], id="contacts"),
        pytest.param(the_area_of(SMS, "event.ada"), {}, ["Hi", "Yo"], id="both"),
    ],
)
async def test_what_is_late_fires_only_if_that_is_asked_for(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    request: pytest.FixtureRequest,
    target: Target,
    options: dict[str, Any],
    fired: list[str],
) -> None:
    """Then whatever fires in time fires late, too: of the same number or contact."""
    if "not asked for" not in request.node.callspec.id:
        options = options | {"include_late": True}
    noted = await noting(hass, target, "sms_received", **options)
    await line.receive_sms(ADA, "Hi")
    await line.receive_sms(BEN, "Yo")
    await be_late(hass, loaded, freezer)
    assert sorted(told(noted)) == fired
    assert set(told(noted, "entity")) <= {LATE}


@pytest.mark.parametrize("include_late", [False, True])
async def test_late_calls_fire_only_if_that_is_asked_for(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    include_late: bool,
) -> None:
    noted = await noting(
        hass, only("event.ada"), "call_missed", include_late=include_late
    )
    await line.receive_sms(ADA, "Hi")
    await line.receive_call(ADA, 0)
    await line.receive_call(BEN, 0)
    await be_late(hass, loaded, freezer)
    assert told(noted, "entity") == [LATE] * include_late


async def test_four_texts_of_one_moment_fire_four_times(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Each with its own text and cause."""
    noted = await noting(hass, only(SMS), "sms_received")
    events, contexts = Events(hass, loaded), [Context() for _ in range(4)]
    for count, context in enumerate(contexts):
        sms = SmsReceived(
            contact=None,
            late=False,
            receiver=None,
            occurrence=1,
            channel=Channel.WEBHOOK,
            sender=ADA,
            message=f"Number {count}",
            received_at=dt_util.utcnow(),
        )
        events.async_fire(sms, context)
    await hass.async_block_till_done()
    assert told(noted) == ["Number 0", "Number 1", "Number 2", "Number 3"]
    assert [call.context.parent_id for call in noted] == [each.id for each in contexts]
