"""The set-up ends with the address that texts and calls come in by."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
import inspect
from pathlib import Path
from typing import Any

from hass_nabucasa.cloudhooks import CloudhookApiError
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import WEBHOOK_ID
from .fake_cloud import MODULE, CloudNotConnected, FakeCloud, set_up_cloud
from .flows import assert_form, key_form, start, submit, submit_all

PUBLIC = "https://house.example"


@pytest.fixture
def cloud(hass: HomeAssistant) -> Iterator[FakeCloud]:
    """Have Home Assistant Cloud set up."""
    with set_up_cloud(hass) as running:
        yield running


async def shown_webhook(hass: HomeAssistant, simulator: Simulator) -> dict[str, Any]:
    """Go through the flow up to the webhook."""
    return await submit(hass, await start(hass), key_form(simulator))


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
    simulator: Simulator,
    line: Line,
    external: str | None,
    internal: str | None,
    step_id: str,
) -> None:
    """Have one external URL or another, or none."""
    hass.config.external_url = external
    hass.config.internal_url = internal
    shown = await shown_webhook(hass, simulator)
    assert_form(shown, step_id)

    result = await submit(hass, shown, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    placeholders = shown["description_placeholders"] or {}
    if step_id != "no_webhook":
        webhook_id = result["data"]["webhook_id"]
        assert placeholders["webhook_url"] == f"{external}/api/webhook/{webhook_id}"


@pytest.mark.parametrize(
    "external", [PUBLIC, "http://house.example", None], ids=["https", "http", "none"]
)
async def test_looking_at_the_address_again_does_not_end_the_set_up(
    hass: HomeAssistant, simulator: Simulator, line: Line, external: str | None
) -> None:
    """Reload the browser's page, which asks for the form again."""
    hass.config.external_url = external
    shown = await shown_webhook(hass, simulator)

    again = await hass.config_entries.flow.async_configure(shown["flow_id"])

    assert_form(again, shown["step_id"])
    assert again["description_placeholders"] == shown["description_placeholders"]


async def test_an_address_that_was_made_public_meanwhile_is_shown(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Set an external URL while the form is open."""
    hass.config.external_url = "http://house.example"
    shown = await shown_webhook(hass, simulator)
    assert_form(shown, "insecure_webhook")

    hass.config.external_url = PUBLIC
    again = await hass.config_entries.flow.async_configure(shown["flow_id"])
    assert_form(again, "webhook")


async def test_a_cloudhook_is_shown_kept_and_deleted_with_the_entry(
    hass: HomeAssistant, simulator: Simulator, line: Line, cloud: FakeCloud
) -> None:
    """Prefer the cloud's address to the house's own."""
    hass.config.external_url = PUBLIC
    shown = await shown_webhook(hass, simulator)
    assert_form(shown, "webhook")
    url = shown["description_placeholders"]["webhook_url"]
    assert url == "https://hooks.nabu.casa/1"

    result = await submit(hass, shown, {})
    assert cloud.cloudhooks == {result["data"]["webhook_id"]: url}

    await hass.config_entries.async_remove(result["result"].entry_id)
    assert cloud.cloudhooks == {}


async def test_a_set_up_that_is_given_up_deletes_its_cloudhook(
    hass: HomeAssistant, simulator: Simulator, line: Line, cloud: FakeCloud
) -> None:
    """Close the dialog that shows the address."""
    shown = await shown_webhook(hass, simulator)
    assert len(cloud.cloudhooks) == 1

    hass.config_entries.flow.async_abort(shown["flow_id"])
    await hass.async_block_till_done()

    assert len(cloud.ever_made) == 1
    assert cloud.cloudhooks == {}


async def test_giving_up_early_deletes_nothing(
    hass: HomeAssistant, simulator: Simulator, cloud: FakeCloud
) -> None:
    """Close the dialog that asks for the key."""
    cloud.cloudhooks[WEBHOOK_ID] = "https://hooks.nabu.casa/of-another"
    hass.config_entries.flow.async_abort((await start(hass))["flow_id"])
    await hass.async_block_till_done()
    assert list(cloud.cloudhooks) == [WEBHOOK_ID]


async def test_giving_up_without_the_cloud_leaves_nothing_behind(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Close the dialog where there is no cloud."""
    shown = await shown_webhook(hass, simulator)
    hass.config_entries.flow.async_abort(shown["flow_id"])
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress() == []


async def test_a_cloudhook_that_is_gone_already_is_not_missed(
    hass: HomeAssistant, simulator: Simulator, line: Line, cloud: FakeCloud
) -> None:
    """Let the user delete it in the cloud's own settings."""
    shown = await shown_webhook(hass, simulator)
    cloud.cloudhooks.clear()
    hass.config_entries.flow.async_abort(shown["flow_id"])
    await hass.async_block_till_done()
    assert cloud.cloudhooks == {}


async def test_a_removal_without_connection_to_the_cloud_succeeds(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Remove the entry while the internet is down."""
    cloud.failure = CloudNotConnected()
    result = await hass.config_entries.async_remove(loaded.entry_id)
    assert result == {"require_restart": False}


async def test_a_cloud_without_subscription_is_no_way_in(
    hass: HomeAssistant, simulator: Simulator, line: Line, cloud: FakeCloud
) -> None:
    """Have an account whose subscription ended."""
    cloud.subscribed = False
    hass.config.external_url = PUBLIC
    shown = await shown_webhook(hass, simulator)
    assert shown["description_placeholders"]["webhook_url"].startswith(PUBLIC)
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
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    cloud: FakeCloud,
    failure: Exception,
) -> None:
    """Let the cloud give no address, in each way it can."""
    cloud.failure = failure
    hass.config.external_url = PUBLIC
    shown = await shown_webhook(hass, simulator)
    assert_form(shown, "webhook")
    assert shown["description_placeholders"]["webhook_url"].startswith(PUBLIC)

    result = await submit_all(hass, shown, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


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
