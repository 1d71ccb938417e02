"""A newcomer sets up a number."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.config_entries import ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.api.client import CLOUD_URL
from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import API_KEY, NUMBER
from .flows import (
    assert_aborted,
    assert_form,
    key_form,
    start,
    submit,
    submit_all,
    suggested,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def test_a_proven_key_becomes_an_entry_that_is_loaded(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Enter a key, and have an entry."""
    result = await submit(hass, await start(hass), key_form(simulator))

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "+234 817 647 0634"
    entry = result["result"]
    assert entry.unique_id == NUMBER
    assert entry.state is ConfigEntryState.LOADED
    webhook_id = result["data"]["webhook_id"]
    assert len(webhook_id) == 64
    assert result["data"] == {
        "api_key": API_KEY,
        "base_url": simulator.base_url,
        "verify_ssl": True,
        "number": NUMBER,
        "webhook_id": webhook_id,
    }


async def test_a_key_is_proven_before_it_is_kept(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    """Ask for number, balance and subscription, each once, and nothing else."""
    await submit(hass, await start(hass), key_form(simulator))
    assert sorted(each.operation for each in line.requests) == [
        "cecula-balance",
        "number",
        "subscription-status",
    ]


async def test_the_set_up_leads_on_to_the_options(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """The webhook's address is theirs to show: by then it listens."""
    result = await submit(hass, await start(hass), key_form(simulator))

    flow_type, flow_id = result["next_flow"]
    assert flow_type is FlowType.OPTIONS_FLOW
    assert hass.config_entries.options.async_get(flow_id)["handler"] == (
        result["result"].entry_id
    )


async def test_a_set_up_that_does_not_load_leads_nowhere(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Lose the provider just after the key was proven."""
    line.subscription.expires = LONG_AGO
    shown = await submit(hass, await start(hass), key_form(simulator))
    simulator.arm("drop", times=0)
    result = await submit(hass, shown, {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.SETUP_RETRY
    assert "next_flow" not in result
    assert hass.config_entries.options.async_progress() == []


async def test_the_form_offers_the_cloud_and_hides_the_rest(
    hass: HomeAssistant,
) -> None:
    """Look at the empty form."""
    schema = (await start(hass))["data_schema"]
    assert schema({"api_key": "CCL.x", "server": {}})["server"] == {
        "base_url": CLOUD_URL,
        "verify_ssl": True,
    }
    assert schema.schema["server"].options == {"collapsed": True}
    assert schema.schema["api_key"].config["type"] == "password"


async def test_what_was_pasted_is_tidied_up(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Paste a key and an address with blanks around them."""
    typed = key_form(
        simulator, api_key=f" {API_KEY}\n", base_url=f" {simulator.base_url}/ "
    )
    result = await submit(hass, await start(hass), typed)
    assert result["data"]["api_key"] == API_KEY
    assert result["data"]["base_url"] == simulator.base_url


async def test_a_certificate_need_not_be_checked(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Switch the check off."""
    typed = key_form(simulator, verify_ssl=False)
    result = await submit(hass, await start(hass), typed)
    assert result["data"]["verify_ssl"] is False


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        pytest.param("", "number_empty", id="nothing"),
        pytest.param("hello", "number_not_a_number", id="a word"),
        pytest.param("+999123456789", "number_not_valid", id="nobody's number"),
        pytest.param("80078000937", "number_ambiguous", id="two readings"),
        pytest.param("55019", "number_short_code", id="a short code"),
        pytest.param("112", "number_emergency", id="an emergency number"),
    ],
)
async def test_a_server_without_a_number_makes_the_form_ask_for_it(
    hass: HomeAssistant, simulator: Simulator, line: Line, typed: str, reason: str
) -> None:
    """Type a wrong number first, then the right one."""
    hass.config.country = "NG"
    line.switches.number_missing = True
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "number")

    shown = await submit(hass, shown, {"number": typed})
    assert_form(shown, "number", {"number": reason})
    assert suggested(shown, "number") == typed

    result = await submit(hass, shown, {"number": "0817 647 0634"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "+234 817 647 0634"
    assert result["result"].unique_id == NUMBER
    assert result["data"]["number"] == NUMBER


@pytest.mark.parametrize(
    ("country", "typed", "number"),
    [
        pytest.param(None, "08176470634", NUMBER, id="the provider's"),
        pytest.param("GB", "07911 123456", "+447911123456", id="the house's"),
        pytest.param("GB", "+234 817 647 0634", NUMBER, id="none needed"),
    ],
)
async def test_a_national_number_is_read_in_a_country(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    country: str | None,
    typed: str,
    number: str,
) -> None:
    """Type a number as it is dialled in some country."""
    hass.config.country = country
    line.switches.number_missing = True
    shown = await submit(hass, await start(hass), key_form(simulator))
    result = await submit(hass, shown, {"number": typed})
    assert result["result"].unique_id == number


async def test_a_suspended_service_is_told_and_set_up_all_the_same(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Set up a line that may not send."""
    line.subscription.expires = LONG_AGO
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "suspended")

    result = await submit(hass, shown, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED


async def test_a_subscription_of_a_status_that_nobody_lists_is_not_called_suspended(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Set up a line that may well send."""
    line.subscription.status = "RENEWED"
    result = await submit(hass, await start(hass), key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("http_status", [200, 400])
async def test_a_service_that_refuses_every_question_is_set_up_all_the_same(
    hass: HomeAssistant, simulator: Simulator, line: Line, http_status: Any
) -> None:
    """Set up a line of which only the key is proven."""
    line.subscription.expires = LONG_AGO
    line.switches.suspension_blocks = "everything"
    line.switches.error_http_status = http_status
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "number")
    shown = await submit(hass, shown, {"number": NUMBER})
    assert_form(shown, "suspended")

    result = await submit(hass, shown, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED


async def test_a_second_key_of_the_same_number_aborts(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    """Enter another key of a line that is set up."""
    line.api_key = "CCL.another.key"
    typed = key_form(simulator, api_key="CCL.another.key")
    result = await submit(hass, await start(hass), typed)
    assert_aborted(result, "already_configured")
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert entry.data["api_key"] == API_KEY


async def test_the_number_that_is_typed_may_not_be_set_up_either(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    """Type the number of a line that is set up."""
    line.switches.number_missing = True
    line.api_key = "CCL.another.key"
    forms = (key_form(simulator, api_key=line.api_key), {"number": NUMBER})
    result = await submit_all(hass, await start(hass), *forms)
    assert_aborted(result, "already_configured")


async def test_one_number_is_not_set_up_twice_at_once(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """A window that was left open does not block the number."""
    line.subscription.expires = LONG_AGO
    first, second = await start(hass), await start(hass)
    first = await submit(hass, first, key_form(simulator))
    second = await submit(hass, second, key_form(simulator))
    result = await submit(hass, second, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hass.config_entries.flow.async_progress() == []


async def test_one_key_is_not_set_up_for_two_numbers(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    """A server that tells no number can't be asked whose key it is."""
    line.switches.number_missing = True
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_aborted(shown, "already_configured")


async def test_two_numbers_are_set_up_side_by_side(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """The second time it is told what several lines mean for actions."""
    simulator.add_line(api_key="CCL.second", msisdn="+2348091112222")
    first = await submit(hass, await start(hass), key_form(simulator))
    shown = await submit(
        hass, await start(hass), key_form(simulator, api_key="CCL.second")
    )
    assert_form(shown, "another_line")
    results = [first, await submit(hass, shown, {})]
    assert [each["title"] for each in results] == [
        "+234 817 647 0634",
        "+234 809 111 2222",
    ]
    assert len({each["data"]["webhook_id"] for each in results}) == 2
    states = {each["result"].state for each in results}
    assert states == {ConfigEntryState.LOADED}
