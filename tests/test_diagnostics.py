"""Diagnostics tell what is so with a number, in every state, and only what is named."""

from datetime import datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigSubentryDataWithId
from homeassistant.const import __version__
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import ExtendedJSONEncoder
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.diagnostics import async_get_config_entry_diagnostics
from simulator import Line, Simulator

from .conftest import ADA, API_KEY, BEN, contact, group
from .doors import act, act_blindly, pass_time
from .fake_cloud import set_up_cloud
from .flows import configure

POLL = 31 * 60


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have contacts, of whom one may give commands, and a group."""
    return [
        contact("Ada", ADA, "ada", allow_commands=True),
        contact("Ben", BEN, "ben"),
        group("Family", ["ada", "ben"], "family"),
    ]


async def diagnostics(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the diagnostics of a number, as they are written into a file."""
    await hass.async_block_till_done(wait_background_tasks=True)
    told = await async_get_config_entry_diagnostics(hass, entry)
    written: dict[str, Any] = json.loads(json.dumps(told, cls=ExtendedJSONEncoder))
    return written


async def test_all_of_a_number_that_is_used_is_told(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """In this form, which people are asked for; times are those of the clock."""
    await hass.async_block_till_done(wait_background_tasks=True)
    moment = (dt_util.utcnow() + timedelta(minutes=1)).isoformat(timespec="seconds")
    freezer.move_to(moment)
    options = {"country": "NG", "low_balance": 1000, "max_per_hour": 5}
    configure(hass, hooked, **options)
    sent = await act(hass, "send_sms", contacts="notify.family", message="Hi")
    tracking_id = sent["recipients"][0]["tracking_id"]
    assert await line.report(tracking_id, "DELIVERED") == [200]
    assert await line.receive_sms(ADA, "Hello") == [200]
    assert await line.post_webhook("sms", b"?") == [400]
    runtime = hooked.runtime_data
    runtime.catch_up.async_look()

    found = await diagnostics(hass, hooked)
    listening_since = datetime.fromisoformat(found["entry"].pop("listening_since"))
    assert listening_since <= dt_util.utcnow()
    versions = found.pop("versions")
    assert versions.keys() == {"home_assistant", "cecula_sync", "phonenumberslite"}
    assert versions["home_assistant"] == __version__
    assert all(version.split(".")[1].isdigit() for version in versions.values())
    assert found == {
        "entry": {
            "state": "loaded",
            "reason": None,
            "disabled": False,
            "server": "own",
            "verify_ssl": True,
            "region": "NG",
            "contacts": 2,
            "may_give_commands": 1,
            "groups": 1,
        },
        "options": {
            "inbound": "webhook",
            "keep_messages": None,
            "max_per_day": None,
            **options,
        },
        "webhook": {
            "registered": True,
            "address_shown": False,
            "last_posts": {
                "sms": moment,
                "call": None,
                "sms_status": moment,
                "call_status": None,
                "another_number": None,
                "unreadable": moment,
            },
        },
        "open_issues": ["low_balance"],
        "line": {
            "address": "https",
            "account": {
                "last_read_went_well": True,
                "told": {
                    "balance": True,
                    "subscription": True,
                    "plan": True,
                    "expiry": True,
                    "sim_status": True,
                },
                "refusals": [],
                "subscription": "active",
                "sim": "ready",
            },
            "catch_up": {
                "has_baseline": True,
                "failures_in_a_row": 0,
                "last_good_looks": {"sms": moment, "call": moment},
            },
            "delivery": {
                "tracked": 2,
                "open": 1,
                "totals": {"sent": 2, "delivered": 1, "failed": 0},
            },
            "history": 3,
            "ledger": 1,
            "guard": {"1 h": 2, "24 h": 2},
        },
    }


async def test_what_the_provider_does_not_tell_or_nobody_lists_is_told_so(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without the provider's own words, which may be anything."""
    simulator.arm("code", operation="cecula-balance", times=0, code="CE1001")
    for operation in ("get-new-sms", "new-missed-calls"):
        simulator.arm("http_500", operation=operation, times=0)
    line.subscription.status = f"Ask {BEN}"
    line.subscription.plan = ""
    line.switches.expiry_format = "soon"
    line.sim_status = f"Sending to {BEN}"
    assert await hass.config_entries.async_setup(entry.entry_id)
    found = await diagnostics(hass, entry)
    assert found["entry"]["listening_since"] is None
    assert found["open_issues"] == []
    assert found["line"]["account"] == {
        "last_read_went_well": True,
        "told": {
            "balance": False,
            "subscription": True,
            "plan": False,
            "expiry": False,
            "sim_status": True,
        },
        "refusals": ["CE1001"],
        "subscription": "other",
        "sim": "other",
    }
    assert found["line"]["catch_up"] == {
        "has_baseline": False,
        "failures_in_a_row": 1,
        "last_good_looks": {"sms": None, "call": None},
    }
    simulator.arm("code", operation="subscription-status", code="CE1001")
    simulator.arm("html_200", operation="sim-status")
    await pass_time(hass, freezer, POLL)
    account = (await diagnostics(hass, entry))["line"]["account"]
    assert set(account["told"].values()) == {False}
    assert (account["subscription"], account["sim"]) == (None, None)
    await simulator.stop()
    await pass_time(hass, freezer, POLL)
    found = await diagnostics(hass, entry)
    assert found["line"]["account"]["last_read_went_well"] is False


@pytest.mark.parametrize(
    ("external", "options", "address"),
    [
        pytest.param("http://house.example", {}, "http", id="http"),
        pytest.param(None, {}, "none", id="none"),
        pytest.param("https://house.example", {"inbound": "polling"}, None, id="poll"),
    ],
)
async def test_of_the_address_only_its_kind_is_told(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    external: str | None,
    options: dict[str, str],
    address: str | None,
) -> None:
    """With polling nobody needs one."""
    configure(hass, loaded, **options)
    await hass.config.async_update(external_url=external)
    assert (await diagnostics(hass, loaded))["line"]["address"] == address


async def test_a_cloudhook_is_told_as_one_and_none_is_made_for_it(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Whoever asks for diagnostics changes nothing."""
    with set_up_cloud(hass) as cloud:
        await hass.async_block_till_done(wait_background_tasks=True)
        assert (await diagnostics(hass, loaded))["line"]["address"] == "https"
        assert cloud.ever_made == []
        await loaded.runtime_data.address.async_check()
        assert (await diagnostics(hass, loaded))["line"]["address"] == "cloudhook"


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        pytest.param("http_500", "setup_retry", "unavailable", id="away"),
        pytest.param("unauthorized", "setup_error", "invalid_key", id="key refused"),
    ],
)
async def test_a_number_that_could_not_be_loaded_is_told_of(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    fault: str,
    state: str,
    reason: str,
) -> None:
    """Its webhook listens all the same."""
    simulator.arm(fault, operation="cecula-balance", times=0)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    found = await diagnostics(hass, entry)
    assert (found["entry"]["state"], found["entry"]["reason"]) == (state, reason)
    assert found["entry"]["contacts"] == 2
    assert found["webhook"]["registered"] is True
    assert found["line"] is None


async def test_a_number_that_is_not_loaded_is_told_of(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Unloaded, and disabled; a refusal is told until then."""
    line.barred = True
    with pytest.raises(HomeAssistantError):
        await act_blindly(hass, "send_sms", recipients=BEN, message="Hi")
    assert await hass.config_entries.async_unload(loaded.entry_id)
    found = await diagnostics(hass, loaded)
    assert (found["entry"]["state"], found["line"]) == ("not_loaded", None)
    assert found["open_issues"] == ["sim_barred"]
    assert await hass.config_entries.async_setup(loaded.entry_id)
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, disabled)
    found = await diagnostics(hass, loaded)
    assert found["entry"]["disabled"] is True
    assert found["webhook"]["registered"] is False
    assert found["open_issues"] == []


async def test_a_number_of_another_version_is_told_of_whatever_it_lacks(
    hass: HomeAssistant,
) -> None:
    """Home Assistant refuses to load it, and nothing may be set up at all."""
    entry = MockConfigEntry(domain="cecula_sync", version=99, data={"api_key": API_KEY})
    entry.add_to_hass(hass)
    found = await diagnostics(hass, entry)
    assert found["entry"]["region"] is None
    assert found["entry"]["verify_ssl"] is None
    assert found["webhook"]["registered"] is False
