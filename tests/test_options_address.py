"""The options show the address that texts and calls come in by."""

import ast
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
import inspect
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from hass_nabucasa.cloudhooks import CloudhookApiError
from homeassistant.config_entries import ConfigEntry, ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import WEBHOOK_ID
from .doors import pass_time, restart
from .fake_cloud import MODULE, CloudNotConnected, FakeCloud, set_up_cloud
from .flows import (
    assert_form,
    assert_menu,
    choose,
    configure,
    fill_options_in,
    key_form,
    look_again,
    open_options,
    set_up,
    start,
    submit,
    webhook_url,
)

PUBLIC = "https://house.example"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def cloud(hass: HomeAssistant) -> Iterator[FakeCloud]:
    """Have Home Assistant Cloud set up."""
    with set_up_cloud(hass) as running:
        yield running


@pytest.mark.parametrize(
    ("external", "internal", "step_id"),
    [
        pytest.param(PUBLIC, None, "webhook", id="https"),
        pytest.param("http://house.example:8123", None, "insecure_webhook", id="http"),
        pytest.param(None, None, "no_webhook", id="none"),
        pytest.param(None, "http://192.168.1.2:8123", "no_webhook", id="at home only"),
        pytest.param("http://192.168.1.2:8123", None, "no_webhook", id="an inner one"),
        pytest.param("http://9.9.9.9:8123", None, "insecure_webhook", id="outer IP"),
    ],
)
async def test_the_address_is_shown_where_there_is_a_public_one(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    external: str | None,
    internal: str | None,
    step_id: str,
) -> None:
    """Have one external URL or another, or none."""
    hass.config.external_url = external
    hass.config.internal_url = internal
    shown = await open_options(hass, loaded)

    if step_id == "no_webhook":
        assert_menu(shown, step_id, "use_polling", "go_on")
        assert not shown["description_placeholders"]
    else:
        assert_menu(shown, step_id, "test_webhook", "go_on")
        assert webhook_url(shown) == f"{external}/api/webhook/{WEBHOOK_ID}"


@pytest.mark.parametrize(
    "external", [PUBLIC, "http://house.example", None], ids=["https", "http", "none"]
)
async def test_looking_at_the_address_again_shows_the_same(
    hass: HomeAssistant, loaded: MockConfigEntry, external: str | None
) -> None:
    """Reload the browser's page, which asks for the menu again."""
    hass.config.external_url = external
    shown = await open_options(hass, loaded)
    again = await look_again(hass, shown)
    assert_menu(again, shown["step_id"], *shown["menu_options"])
    assert again["description_placeholders"] == shown["description_placeholders"]


async def test_an_address_that_was_made_public_meanwhile_is_shown(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Set an external URL while the menu is open."""
    hass.config.external_url = None
    shown = await open_options(hass, loaded)
    assert shown["step_id"] == "no_webhook"

    hass.config.external_url = PUBLIC
    assert (await look_again(hass, shown))["step_id"] == "webhook"


async def test_an_address_that_changed_is_an_issue_until_the_new_one_is_shown(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Move Home Assistant after the address was pasted."""
    issue = (DOMAIN, f"address_changed_{loaded.entry_id}")
    await hass.config.async_update(external_url=PUBLIC)
    await open_options(hass, loaded)
    await hass.async_block_till_done()
    assert issue not in ir.async_get(hass).issues

    await hass.config.async_update(external_url="https://new-house.example")
    await hass.async_block_till_done()
    assert issue in ir.async_get(hass).issues

    await open_options(hass, loaded)
    await hass.async_block_till_done()
    assert issue not in ir.async_get(hass).issues


NO_ADDRESS = "no_public_address"


def is_raised(hass: HomeAssistant, entry: ConfigEntry, issue: str) -> bool:
    """Tell whether there is an issue of an entry."""
    return (DOMAIN, f"{issue}_{entry.entry_id}") in ir.async_get(hass).issues


@pytest.mark.parametrize(
    ("answer", "asked_again"), [("go_on", True), ("use_polling", False)]
)
async def test_no_public_address_is_an_issue_once_the_guide_is_answered(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    answer: str,
    asked_again: bool,
) -> None:
    """Leave the guide open for a while; answer; then get an address."""
    hass.config.external_url = None
    shown = await set_up(hass, simulator)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config.async_update(elevation=12)
    await hass.async_block_till_done()
    assert not is_raised(hass, entry, NO_ADDRESS)

    await fill_options_in(hass, await choose(hass, shown, answer), {})
    assert is_raised(hass, entry, NO_ADDRESS) is asked_again

    await hass.config.async_update(external_url=PUBLIC)
    await hass.async_block_till_done()
    assert not is_raised(hass, entry, NO_ADDRESS)


async def test_no_public_address_is_an_issue_though_the_guide_was_closed(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Close it, wait an hour, then start again."""
    hass.config.external_url = None
    shown = await set_up(hass, simulator)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.options.async_abort(shown["flow_id"])

    await pass_time(hass, freezer, seconds=3590)
    assert not is_raised(hass, entry, NO_ADDRESS)
    await pass_time(hass, freezer, seconds=20)
    assert is_raised(hass, entry, NO_ADDRESS)

    # It does not outlive Home Assistant.
    ir.async_delete_issue(hass, DOMAIN, f"{NO_ADDRESS}_{entry.entry_id}")
    await restart(hass, entry)
    assert is_raised(hass, entry, NO_ADDRESS)


async def test_a_cloudhook_is_shown_kept_and_deleted_with_the_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Prefer the cloud's address to the house's own."""
    hass.config.external_url = PUBLIC
    shown = await open_options(hass, loaded)
    assert shown["step_id"] == "webhook"
    assert webhook_url(shown) == "https://hooks.nabu.casa/1"

    hass.config_entries.options.async_abort(shown["flow_id"])
    await hass.async_block_till_done()
    assert cloud.cloudhooks == {WEBHOOK_ID: "https://hooks.nabu.casa/1"}

    await hass.config_entries.async_remove(loaded.entry_id)
    assert cloud.cloudhooks == {}


async def test_the_set_up_makes_no_cloudhook_before_it_is_shown(
    hass: HomeAssistant, simulator: Simulator, line: Line, cloud: FakeCloud
) -> None:
    """A set-up that is given up leaves nothing behind."""
    expiry, line.subscription.expires = line.subscription.expires, LONG_AGO
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "suspended")
    hass.config_entries.flow.async_abort(shown["flow_id"])
    assert cloud.ever_made == []

    line.subscription.expires = expiry
    assert webhook_url(await set_up(hass, simulator)) == "https://hooks.nabu.casa/1"


async def test_a_renewed_webhook_has_a_cloudhook_of_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """The old one is deleted, also in the cloud."""
    configure(hass, loaded)
    await choose(hass, await open_options(hass, loaded), "webhook")
    shown = await choose(hass, await open_options(hass, loaded), "renew_webhook")
    shown = await fill_options_in(hass, shown, {})

    assert webhook_url(shown) == "https://hooks.nabu.casa/2"
    assert cloud.cloudhooks == {loaded.data["webhook_id"]: webhook_url(shown)}


@pytest.mark.parametrize("is_removed", [True, False], ids=["removed", "disabled"])
async def test_a_slow_answer_of_the_cloud_leaves_nothing_of_a_number_that_is_gone(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, is_removed: bool
) -> None:
    """The address is another by now, which would be an issue of the number."""
    hass.config.external_url = PUBLIC
    await open_options(hass, loaded)
    cloud.cloudhooks.clear()
    cloud.is_quick.clear()
    hass.config_entries.async_update_entry(loaded, title="Home")
    if is_removed:
        await hass.config_entries.async_remove(loaded.entry_id)
    else:
        await hass.config_entries.async_set_disabled_by(
            loaded.entry_id, ConfigEntryDisabler.USER
        )
    cloud.is_quick.set()
    await hass.async_block_till_done()
    assert cloud.ever_made == [WEBHOOK_ID] * 2
    assert (WEBHOOK_ID in cloud.cloudhooks) is not is_removed
    assert ir.async_get(hass).issues == {}


async def test_a_dialog_leaves_no_cloudhook_of_a_number_that_was_removed(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Remove it while the cloud still looks for the address to show."""
    cloud.is_quick.clear()
    opening = asyncio.create_task(
        hass.config_entries.options.async_init(loaded.entry_id)
    )
    await asyncio.sleep(0)
    await hass.config_entries.async_remove(loaded.entry_id)
    cloud.is_quick.set()
    assert (await opening)["reason"] == "not_loaded"
    assert (cloud.ever_made, cloud.cloudhooks) == ([WEBHOOK_ID], {})


async def test_a_slow_answer_of_the_cloud_makes_no_renewed_address_an_old_one_again(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Renew the webhook while the address of the old one is looked for."""
    configure(hass, loaded)
    await choose(hass, await open_options(hass, loaded), "webhook")
    shown = await choose(hass, await open_options(hass, loaded), "renew_webhook")
    cloud.is_quick.clear()
    hass.config_entries.async_update_entry(loaded, title="Home")
    renewing = asyncio.create_task(fill_options_in(hass, shown, {}))
    for _ in range(9):
        await asyncio.sleep(0)
    assert loaded.data["webhook_id"] != WEBHOOK_ID
    cloud.is_quick.set()
    shown = await renewing
    await hass.async_block_till_done()
    assert cloud.cloudhooks == {loaded.data["webhook_id"]: webhook_url(shown)}
    assert ir.async_get(hass).issues == {}


async def test_a_slow_answer_of_the_cloud_is_no_issue_of_a_number_that_polls_by_now(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Change the way in while the address, another by now, is looked for."""
    hass.config.external_url = PUBLIC
    configure(hass, loaded)
    await choose(hass, await open_options(hass, loaded), "webhook")
    cloud.cloudhooks.clear()
    cloud.is_quick.clear()
    hass.config_entries.async_update_entry(loaded, title="Home")
    for _ in range(9):
        await asyncio.sleep(0)
    configure(hass, loaded, inbound="polling")
    for _ in range(9):
        await asyncio.sleep(0)
    cloud.is_quick.set()
    await hass.async_block_till_done()
    assert cloud.ever_made == [WEBHOOK_ID] * 2
    assert ir.async_get(hass).issues == {}
    assert loaded.runtime_data.address.kind is None


async def test_a_cloudhook_that_is_gone_already_is_not_missed(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Let the user delete it in the cloud's own settings."""
    await open_options(hass, loaded)
    cloud.cloudhooks.clear()
    result = await hass.config_entries.async_remove(loaded.entry_id)
    assert result == {"require_restart": False}


async def test_a_removal_without_connection_to_the_cloud_succeeds(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Remove the entry while the internet is down."""
    cloud.failure = CloudNotConnected()
    result = await hass.config_entries.async_remove(loaded.entry_id)
    assert result == {"require_restart": False}


async def test_a_cloud_without_subscription_is_no_way_in(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Have an account whose subscription ended."""
    cloud.subscribed = False
    hass.config.external_url = PUBLIC
    assert webhook_url(await open_options(hass, loaded)).startswith(PUBLIC)
    assert cloud.ever_made == []


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(CloudNotConnected(), id="not connected"),
        pytest.param(ValueError("Cloud is not connected"), id="connection lost"),
        pytest.param(TimeoutError(), id="too slow"),
        pytest.param(CloudhookApiError("status 500"), id="broken"),
    ],
)
async def test_a_cloud_that_fails_leaves_the_address_of_the_house(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, failure: Exception
) -> None:
    """Let the cloud give no address, in each way it can."""
    cloud.failure = failure
    hass.config.external_url = PUBLIC
    shown = await open_options(hass, loaded)
    assert shown["step_id"] == "webhook"
    assert webhook_url(shown).startswith(PUBLIC)


def test_the_cloud_that_is_played_is_like_the_real_one() -> None:
    """Compare names and parameters with the real one's source."""
    spec = find_spec(MODULE)
    assert spec is not None
    assert spec.origin is not None
    source = ast.parse(Path(spec.origin).read_text("utf-8"))
    real = {
        each.name: each
        for each in source.body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    played = {
        name: member
        for name, member in vars(FakeCloud).items()
        if not name.startswith("_")
    }
    assert played.keys() <= real.keys()
    for name, member in played.items():
        definition = real[name]
        if isinstance(definition, ast.ClassDef):
            continue
        is_async = isinstance(definition, ast.AsyncFunctionDef)
        assert inspect.iscoroutinefunction(member) is is_async
        parameters = ["self", *(each.arg for each in definition.args.args)]
        taken = [name.lstrip("_") for name in inspect.signature(member).parameters]
        assert taken == parameters
