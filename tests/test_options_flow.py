"""The options, once the set-up is done: a menu; all is applied in place."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA, WEBHOOK_ID, captured
from .doors import act_blindly, hook_up
from .fake_cloud import set_up_cloud
from .flows import (
    assert_aborted,
    assert_form,
    assert_menu,
    choose,
    configure,
    fill_options_in,
    look_again,
    open_options,
    suggested,
    webhook_url,
)

PUBLIC = "https://house.example"
MENU = ("settings", "webhook", "renew_webhook", "test_webhook")
SETTINGS = {"inbound": "polling", "country": "GB", "keep_messages": 7}
NO_LIMITS = {"low_balance": 0, "max_per_hour": 0, "max_per_day": 0}


@pytest.fixture
def known(hass: HomeAssistant, loaded: MockConfigEntry) -> MockConfigEntry:
    """Return an entry that went through the guide."""
    configure(hass, loaded)
    return loaded


async def test_the_options_are_a_menu(
    hass: HomeAssistant, known: MockConfigEntry
) -> None:
    """Open them, and look again."""
    shown = await open_options(hass, known)
    for menu in (shown, await look_again(hass, shown)):
        assert_menu(menu, "init", *MENU)


async def test_polling_may_be_chosen_later_and_keeps_the_rest(
    hass: HomeAssistant, known: MockConfigEntry
) -> None:
    """Find no address, and choose polling."""
    hass.config.external_url = None
    configure(hass, known, country="GB", keep_messages=7)
    shown = await choose(hass, await open_options(hass, known), "webhook")
    assert_menu(shown, "no_webhook", "use_polling", "go_on")
    await choose(hass, shown, "use_polling")
    assert known.options == SETTINGS


async def test_looking_at_the_address_changes_nothing(
    hass: HomeAssistant, known: MockConfigEntry
) -> None:
    """Look, and go on."""
    configure(hass, known, **SETTINGS)
    hass.config.external_url = PUBLIC
    shown = await choose(hass, await open_options(hass, known), "webhook")
    assert webhook_url(shown) == f"{PUBLIC}/api/webhook/{WEBHOOK_ID}"
    result = await choose(hass, shown, "go_on")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert known.options == SETTINGS


@pytest.mark.parametrize(
    ("option", "house", "country"),
    [
        pytest.param("GB", "DE", "GB", id="chosen"),
        pytest.param(None, "DE", "DE", id="the house's"),
        pytest.param(None, None, "NG", id="the number's"),
    ],
)
async def test_the_settings_are_shown_as_they_are(
    hass: HomeAssistant,
    known: MockConfigEntry,
    option: str | None,
    house: str | None,
    country: str,
) -> None:
    """No field is ever empty: an empty country would show one that is not meant."""
    if option is not None:
        configure(hass, known, country=option, keep_messages=0)
    hass.config.country = house
    shown = await choose(hass, await open_options(hass, known), "settings")
    assert_form(shown, "settings")
    assert suggested(shown, "inbound") == "webhook"
    assert suggested(shown, "country") == country
    assert suggested(shown, "keep_messages") == (30 if option is None else 0)


async def test_settings_are_kept_and_applied_in_place(
    hass: HomeAssistant, known: MockConfigEntry
) -> None:
    """Change all of them; days come as a float and are kept as whole ones."""
    runtime = known.runtime_data
    shown = await choose(hass, await open_options(hass, known), "settings")
    result = await fill_options_in(hass, shown, SETTINGS | {"keep_messages": 7.0})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert known.options == SETTINGS | NO_LIMITS
    assert isinstance(known.options["keep_messages"], int)
    assert known.runtime_data is runtime


async def test_limits_are_kept_and_lifted_by_an_empty_field(
    hass: HomeAssistant, known: MockConfigEntry
) -> None:
    """They hold at once; a form leaves out what is empty."""
    limits = {"max_per_hour": 1, "max_per_day": 3}
    shown = await choose(hass, await open_options(hass, known), "settings")
    assert [suggested(shown, name) for name in limits] == [None, None]
    await fill_options_in(
        hass, shown, SETTINGS | {name: float(most) for name, most in limits.items()}
    )
    assert known.options == SETTINGS | NO_LIMITS | limits
    assert isinstance(known.options["max_per_hour"], int)
    await act_blindly(hass, "send_sms", recipients=ADA, message="Hi")
    with pytest.raises(ServiceValidationError):
        await act_blindly(hass, "send_sms", recipients=ADA, message="Hi")

    shown = await choose(hass, await open_options(hass, known), "settings")
    assert [suggested(shown, name) for name in limits] == [1, 3]
    await fill_options_in(hass, shown, SETTINGS | {"max_per_day": 4})
    assert known.options == SETTINGS | NO_LIMITS | {"max_per_day": 4}
    await act_blindly(hass, "send_sms", recipients=ADA, message="Hi")


async def test_when_a_balance_is_low_is_kept_as_a_whole_number(
    hass: HomeAssistant, known: MockConfigEntry
) -> None:
    """An empty field takes it away."""
    for typed, kept in (({"low_balance": 25.0}, 25), ({}, 0)):
        shown = await choose(hass, await open_options(hass, known), "settings")
        await fill_options_in(hass, shown, SETTINGS | typed)
        assert known.options == SETTINGS | NO_LIMITS | {"low_balance": kept}
        assert isinstance(known.options["low_balance"], int)
    shown = await choose(hass, await open_options(hass, known), "settings")
    assert suggested(shown, "low_balance") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"keep_messages": -1},
        {"keep_messages": 366},
        {"inbound": "pigeon"},
        {"max_per_hour": -1},
        {"max_per_day": 100_001},
        {"low_balance": -1},
    ],
)
async def test_settings_that_can_t_be_are_refused(
    hass: HomeAssistant, known: MockConfigEntry, wrong: dict[str, Any]
) -> None:
    """Send what the form does not offer."""
    shown = await choose(hass, await open_options(hass, known), "settings")
    with pytest.raises(InvalidData):
        await fill_options_in(hass, shown, SETTINGS | wrong)
    assert known.options == {"inbound": "webhook"}


async def test_a_renewed_webhook_is_shown_and_the_old_one_dead(
    hass: HomeAssistant, known: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Confirm the warning; looking again renews nothing more."""
    hass.config.external_url = PUBLIC
    runtime, client = known.runtime_data, await hass_client_no_auth()
    shown = await choose(hass, await open_options(hass, known), "renew_webhook")
    assert_form(shown, "renew_webhook")
    assert known.data["webhook_id"] == WEBHOOK_ID

    shown = await fill_options_in(hass, shown, {})
    renewed = known.data["webhook_id"]
    assert renewed != WEBHOOK_ID
    for menu in (shown, await look_again(hass, shown)):
        assert webhook_url(menu) == f"{PUBLIC}/api/webhook/{renewed}"
    assert known.runtime_data is runtime

    heard = captured(hass, "sms_received")
    for webhook_id in (WEBHOOK_ID, renewed):
        hook_up(line, client, webhook_id)
        await line.receive_sms(ADA, f"To {webhook_id}")
    await hass.async_block_till_done()
    assert [each.data["message"] for each in heard] == [f"To {renewed}"]


async def test_a_renewal_has_no_deaf_moment(
    hass: HomeAssistant, known: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Text the new address while the cloud is still busy with the old one."""
    client, heard = await hass_client_no_auth(), captured(hass, "sms_received")
    answers: list[list[int]] = []

    async def delete(_hass: HomeAssistant, webhook_id: str) -> None:
        assert webhook_id == WEBHOOK_ID
        hook_up(line, client, known.data["webhook_id"])
        answers.append(await line.receive_sms(ADA, "Now"))

    with set_up_cloud(hass) as cloud:
        cloud.async_delete_cloudhook = delete  # type: ignore[method-assign]
        shown = await choose(hass, await open_options(hass, known), "renew_webhook")
        await fill_options_in(hass, shown, {})
    assert answers == [[200]]
    assert [each.data["message"] for each in heard] == ["Now"]


WAYS: list[Any] = [
    pytest.param((), {"next_step_id": "settings"}, id="menu"),
    pytest.param(("settings",), SETTINGS, id="settings"),
    pytest.param(("renew_webhook",), {}, id="renewal"),
    pytest.param(("webhook",), None, id="address"),
    pytest.param(("webhook",), {"next_step_id": "go_on"}, id="end"),
    pytest.param((), {"next_step_id": "test_webhook"}, id="test"),
]


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "unloaded"])
@pytest.mark.parametrize(("choices", "answer"), WAYS)
async def test_a_number_that_is_gone_has_no_options(
    hass: HomeAssistant,
    known: MockConfigEntry,
    choices: tuple[str, ...],
    answer: dict[str, Any] | None,
    removed: bool,
) -> None:
    """Unload or remove it while the dialog is open."""
    shown = await open_options(hass, known)
    for choice in choices:
        shown = await choose(hass, shown, choice)
    ending = "async_remove" if removed else "async_unload"
    assert await getattr(hass.config_entries, ending)(known.entry_id)

    result = await hass.config_entries.options.async_configure(shown["flow_id"], answer)
    assert_aborted(result, "not_loaded")
    assert known.options == {"inbound": "webhook"}
    assert known.data["webhook_id"] == WEBHOOK_ID


async def test_a_number_that_is_not_loaded_has_no_options(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """Open them while the provider is out of reach."""
    line.world.arm("drop", times=0)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert_aborted(await open_options(hass, entry), "not_loaded")
