"""No secret of a number reaches Home Assistant's log, whoever logs it."""

from collections.abc import Iterator
import io
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import log_filter
from custom_components.cecula_sync.api.numbers import display
from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.log_filter import SecretFilter
from simulator import Line, Simulator

from .conftest import API_KEY, WEBHOOK_ID, Post, entry_data
from .doors import SECOND_KEY, SECOND_NUMBER, SECOND_WEBHOOK_ID
from .fake_cloud import set_up_cloud

MASK = "**REDACTED**"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Return what a handler of the root logger writes, as Home Assistant's does.

    Secrets of other tests, which left their numbers where they were, are forgotten.
    """
    monkeypatch.setattr(log_filter._FILTER, "_by_owner", {})
    monkeypatch.setattr(log_filter._FILTER, "_secrets", ())
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


async def test_what_anybody_logs_of_a_secret_is_masked(
    hass: HomeAssistant, log: io.StringIO, loaded: MockConfigEntry
) -> None:
    """In the message, in its arguments, in a traceback and in a stack."""
    logger = logging.getLogger("somebody.else")
    logger.warning("Received message for webhook %s", WEBHOOK_ID)
    logger.warning("Bearer %s", API_KEY, stack_info=True)
    logger.error("Failed", exc_info=ValueError(API_KEY))
    told = log.getvalue()
    assert API_KEY not in told
    assert WEBHOOK_ID not in told
    assert told.count(MASK) >= 3
    assert "ValueError" in told


async def test_core_s_own_line_on_a_webhook_is_masked(
    hass: HomeAssistant, log: io.StringIO, loaded: MockConfigEntry, post: Post
) -> None:
    """It logs the id of one that it does not know, as that of a disabled number."""
    logging.getLogger("homeassistant.components.webhook").setLevel(logging.DEBUG)
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, disabled)
    assert await post(b"{}") == 200
    assert f"unregistered webhook {MASK}" in log.getvalue()
    assert WEBHOOK_ID not in log.getvalue()


async def another_number(
    hass: HomeAssistant, simulator: Simulator, **changes: Any
) -> MockConfigEntry:
    """Add a number that is found when Home Assistant starts; None takes data away."""
    disabled_by = changes.pop("disabled_by", None)
    data = entry_data(
        simulator,
        api_key=SECOND_KEY,
        number=SECOND_NUMBER,
        webhook_id=SECOND_WEBHOOK_ID,
        **changes,
    )
    added = MockConfigEntry(
        domain=DOMAIN,
        title=display(SECOND_NUMBER),
        unique_id=SECOND_NUMBER,
        data={name: value for name, value in data.items() if value is not None},
        disabled_by=disabled_by,
    )
    added.add_to_hass(hass)
    return added


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"disabled_by": ConfigEntryDisabler.USER}, id="disabled"),
        pytest.param({"verify_ssl": None}, id="damaged"),
    ],
)
async def test_a_number_that_can_t_be_set_up_at_a_start_is_masked_from_then_on(
    hass: HomeAssistant,
    log: io.StringIO,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    post: Post,
    changes: dict[str, Any],
) -> None:
    """What core logs of its webhook lets others in once it works again."""
    logging.getLogger("homeassistant.components.webhook").setLevel(logging.DEBUG)
    other = await another_number(hass, simulator, **changes)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert await post(b"{}", SECOND_WEBHOOK_ID) == 200
    await hass.config_entries.async_set_disabled_by(other.entry_id, None)
    logging.getLogger("anybody").error("%s, %s", SECOND_KEY, SECOND_NUMBER)
    assert f"unregistered webhook {MASK}" in log.getvalue()
    assert f"{MASK}, {MASK}" in log.getvalue()
    assert SECOND_WEBHOOK_ID not in log.getvalue()
    await hass.config_entries.async_remove(other.entry_id)
    assert await post(b"{}", SECOND_WEBHOOK_ID) == 200
    assert f"unregistered webhook {SECOND_WEBHOOK_ID}" in log.getvalue()


async def test_a_renewed_webhook_and_a_cloudhook_are_masked(
    hass: HomeAssistant, log: io.StringIO, loaded: MockConfigEntry
) -> None:
    """From the moment that they are known."""
    with set_up_cloud(hass) as cloud:
        await loaded.runtime_data.webhook.async_renew()
        await loaded.runtime_data.address.async_check()
        (url,) = cloud.cloudhooks.values()
        webhook_id = loaded.data["webhook_id"]
        logging.getLogger("anybody").error("%s or %s", url, webhook_id)
    assert url not in log.getvalue()
    assert webhook_id not in log.getvalue()


def test_a_record_that_is_no_good_is_left_to_its_handler() -> None:
    """And what has no secret stays as it is."""
    scrub = SecretFilter()
    broken = logging.LogRecord("a", 30, "b", 1, "%d", ("x",), None)
    assert scrub.filter(broken)
    scrub.hide("line", {"a s3cret", ""})
    assert scrub.filter(broken)
    scrub.hide("other line", {"a s3cret and more"})
    longer = logging.LogRecord("a", 30, "b", 1, "a s3cret and more", None, None)
    assert scrub.filter(longer)
    assert longer.getMessage() == MASK
    plain = logging.LogRecord("a", 30, "b", 1, "%s", ("fine",), None)
    assert scrub.filter(plain)
    assert (plain.msg, plain.args) == ("%s", ("fine",))


def test_what_is_forgotten_is_masked_no_longer() -> None:
    """Of one owner; the secrets of others stay hidden."""
    scrub = SecretFilter()
    scrub.hide("one", {"first one"})
    scrub.hide("two", {"second one"})
    scrub.forget("one")
    record: Any = logging.LogRecord(
        "a", 30, "b", 1, "first one, second one", None, None
    )
    scrub.filter(record)
    assert record.getMessage() == f"first one, {MASK}"


def test_what_is_too_short_to_be_a_secret_ruins_no_log() -> None:
    """A key that somebody mistyped may be a part of any word."""
    scrub = SecretFilter()
    scrub.hide("line", {"e", "None", "1234567"})
    record: Any = logging.LogRecord("a", 30, "b", 1, "None of 1234567", None, None)
    scrub.filter(record)
    assert record.getMessage() == "None of 1234567"
