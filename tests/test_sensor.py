"""The account's sensors: what they tell, and what they do when nothing is told."""

from datetime import UTC, datetime, timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from simulator import Line, Simulator

from .conftest import BEN, NUMBER
from .doors import act, entity_id, state_of

BALANCE = entity_id("sensor", "balance")
STATUS = entity_id("sensor", "subscription")
PLAN = entity_id("sensor", "subscription_plan")
EXPIRY = entity_id("sensor", "subscription_ends")
SIM = entity_id("sensor", "sim_status")
SENSORS = (BALANCE, STATUS, PLAN, EXPIRY, SIM)


def states(hass: HomeAssistant) -> list[str]:
    """Return the states of all sensors."""
    return [state_of(hass, entity).state for entity in SENSORS]


async def poll(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the next poll happen."""
    freezer.tick(timedelta(minutes=31))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_account_is_told_by_sensors(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Of one service device, under ids that stay."""
    line.subscription.expires = datetime(2027, 3, 31, 22, 59, tzinfo=UTC)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert states(hass) == [
        "500.0",
        "active",
        "Cecula Sync Cloud Monthly",
        "2027-04-01T06:59:00+00:00",
        "ready",
    ]
    balance = state_of(hass, BALANCE).attributes
    assert balance["unit_of_measurement"] == "credits"
    assert balance["state_class"] == "measurement"
    assert "device_class" not in balance
    assert state_of(hass, EXPIRY).attributes["device_class"] == "timestamp"
    assert state_of(hass, STATUS).attributes["options"] == [
        "active",
        "inactive",
        "other",
    ]
    registered = [entity_registry.async_get(entity) for entity in SENSORS]
    keys = (
        "balance subscription_status subscription_plan subscription_expiry sim_status"
    )
    assert [item.unique_id for item in registered if item] == [
        f"line_one_{key}" for key in keys.split()
    ]
    device = device_registry.async_get_device_by_identifier(
        ("cecula_sync", "line_one"), "line_one"
    )
    assert device is not None
    assert (device.entry_type, device.serial_number) == ("service", NUMBER)
    assert {item.device_id for item in registered if item} == {device.id}


@pytest.mark.parametrize(
    ("told", "state", "raw"),
    [
        ("READY", "ready", "ready"),
        ("SENDING SMS", "sending_sms", "sending sms"),
        ("IN CALL", "in_call", "in call"),
        ("Out Of Order", "other", "out of order"),
    ],
)
async def test_the_state_of_the_sim_is_one_that_is_known_or_other(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    told: str,
    state: str,
    raw: str,
) -> None:
    """The provider's own word is an attribute."""
    line.sim_status = told
    assert await hass.config_entries.async_setup(entry.entry_id)
    sim = state_of(hass, SIM)
    assert (sim.state, sim.attributes["raw"]) == (state, raw)


@pytest.mark.parametrize(
    ("told", "state", "raw"),
    [
        ("INACTIVE", "inactive", "inactive"),
        ("On Hold", "other", "on hold"),
    ],
)
async def test_the_state_of_the_subscription_is_one_that_is_known_or_other(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    told: str,
    state: str,
    raw: str,
) -> None:
    """The line is set up all the same."""
    line.subscription.status = told
    assert await hass.config_entries.async_setup(entry.entry_id)
    status = state_of(hass, STATUS)
    assert (status.state, status.attributes["raw"]) == (state, raw)


@pytest.mark.parametrize(
    ("switch", "value"),
    [("balance_as", "string"), ("sim_status_field", "simStatus")],
)
async def test_the_account_is_read_however_it_is_spelt(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line, switch: str, value: str
) -> None:
    """The sources leave open which spelling is right."""
    setattr(line.switches, switch, value)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (states(hass)[0], states(hass)[-1]) == ("500.0", "ready")


@pytest.mark.parametrize(
    ("operation", "fault", "params", "unknown"),
    [
        pytest.param("cecula-balance", "code", {}, {BALANCE}, id="balance refused"),
        pytest.param(
            "subscription-status",
            "code",
            {"code": "CE2000"},
            {STATUS, PLAN, EXPIRY},
            id="subscription refused",
        ),
        pytest.param("sim-status", "code", {}, {SIM}, id="SIM refused"),
        pytest.param("sim-status", "html_200", {}, {SIM}, id="SIM unreadable"),
        pytest.param(
            "sim-status", "wrong_json_type", {"kind": "object"}, {SIM}, id="SIM untold"
        ),
    ],
)
async def test_what_the_provider_does_not_tell_is_unknown(
    hass: HomeAssistant,
    simulator: Simulator,
    entry: MockConfigEntry,
    line: Line,
    operation: str,
    fault: str,
    params: dict[str, Any],
    unknown: set[str],
) -> None:
    """And leaves the others alone."""
    simulator.arm(fault, operation=operation, times=0, **params)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert {
        entity for entity in SENSORS if state_of(hass, entity).state == "unknown"
    } == unknown


async def test_a_plan_that_is_not_told_is_unknown(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """Only the status must be there."""
    line.subscription.plan = ""
    line.switches.expiry_format = "soon"
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (states(hass)[1:4]) == ["active", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("cecula-balance", "http_500"),
        ("cecula-balance", "html_200"),
        ("subscription-status", "drop"),
        ("sim-status", "http_503_html"),
        ("*", "rate_limited"),
    ],
)
async def test_a_failed_poll_makes_the_sensors_unavailable_until_the_next_good_one(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    operation: str,
    fault: str,
) -> None:
    """The loss is logged once; a poll that fails again is no news."""
    before = states(hass)
    simulator.arm(fault, operation=operation, times=0)
    caplog.clear()
    for _ in range(3):
        await poll(hass, freezer)
        assert set(states(hass)) == {"unavailable"}
    lost = [
        item
        for item in caplog.records
        if item.levelno >= logging.ERROR and "cecula_sync" in item.name
    ]
    assert len(lost) == 1
    simulator.disarm()
    await poll(hass, freezer)
    assert states(hass) == before


async def test_a_provider_that_is_away_makes_the_sensors_unavailable(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """They come back with it."""
    before = states(hass)
    await simulator.stop()
    await poll(hass, freezer)
    assert set(states(hass)) == {"unavailable"}
    await simulator.start(port=simulator.port)
    await poll(hass, freezer)
    assert states(hass) == before


async def test_a_key_that_is_refused_asks_for_another(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The user is asked once, and polls stop until then."""
    simulator.arm("unauthorized", times=0)
    await poll(hass, freezer)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    assert set(states(hass)) == {"unavailable"}


@pytest.mark.parametrize("others", ["http_500", "drop"])
@pytest.mark.parametrize(
    "operation", ["cecula-balance", "subscription-status", "sim-status"]
)
async def test_a_refused_key_is_not_missed_for_what_else_failed(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    operation: str,
    others: str,
) -> None:
    """The other reads fail, too, before or after it."""
    simulator.arm("unauthorized", operation=operation, times=0)
    simulator.arm(others, times=0)
    await poll(hass, freezer)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_the_balance_follows_what_is_spent(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """A send pulls the next poll forward."""
    await act(hass, "send_sms", recipients=BEN, message="a" * 200)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert float(state_of(hass, BALANCE).state) == line.credit == 495
