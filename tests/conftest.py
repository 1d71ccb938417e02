"""What all tests share: the simulator, a config entry on it, and ways in."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
import logging
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

# The loader finds custom integrations only once the package was imported.
import custom_components.cecula_sync  # noqa: F401
from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .log_guard import LogGuard, guarded_log
from .translation_guard import TranslationGuard, guarded_translations

API_KEY = "CCL.test.secret"
NUMBER = "+2348176470634"
ADA = "+2348183172770"
BEN = "+2348031234567"
WEBHOOK_ID = "c0ffee" * 10
WEBHOOKS = Path(__file__).parent / "fixtures" / "webhooks"


_LOG_GUARD = pytest.StashKey[LogGuard]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Watch the log from the first fixture's set-up to the last one's end."""
    with guarded_log() as item.stash[_LOG_GUARD]:
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Fail a test in which Home Assistant complained about the integration."""
    yield
    assert item.stash[_LOG_GUARD].complaints == []


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each test a folder of its own: what is kept is written to real files."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load this repository's integration in every test."""


@pytest.fixture(autouse=True)
def translation_guard() -> Iterator[TranslationGuard]:
    """Fail a test in which a user would have met a text that is not there."""
    with guarded_translations() as guard:
        yield guard


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncGenerator[Simulator]:
    """Run the provider on a free port of this machine."""
    async with Simulator() as running:
        yield running


@pytest.fixture
def line(simulator: Simulator) -> Line:
    """Have the provider know one dedicated number."""
    return simulator.add_line(api_key=API_KEY, msisdn=NUMBER, credit=500)


def entry_data(simulator: Simulator, **overrides: Any) -> dict[str, Any]:
    """Return the data of an entry that was set up against the simulator."""
    return {
        "api_key": API_KEY,
        "base_url": simulator.base_url,
        "verify_ssl": True,
        "number": NUMBER,
        "webhook_id": WEBHOOK_ID,
        **overrides,
    }


def contact(
    name: str, number: str, subentry_id: str, **data: bool
) -> ConfigSubentryDataWithId:
    """Return a contact as it stands in an entry."""
    return ConfigSubentryDataWithId(
        data={"number": number, **data},
        subentry_id=subentry_id,
        subentry_type="contact",
        title=name,
        unique_id=number,
    )


def group(name: str, members: list[str], subentry_id: str) -> ConfigSubentryDataWithId:
    """Return a group as it stands in an entry; members are ids of contacts."""
    return ConfigSubentryDataWithId(
        data={"contacts": members},
        subentry_id=subentry_id,
        subentry_type="group",
        title=name,
        unique_id=None,
    )


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return the contacts of the entry; a test may have others."""
    return [contact("Ada", ADA, "ada")]


@pytest.fixture
def entry(
    hass: HomeAssistant, simulator: Simulator, contacts: list[ConfigSubentryDataWithId]
) -> MockConfigEntry:
    """Return an entry, added but not set up."""
    hass.config.country = "NG"
    hass.config.external_url = "https://house.example"
    added = MockConfigEntry(
        domain=DOMAIN,
        title="+234 817 647 0634",
        unique_id=NUMBER,
        data=entry_data(simulator),
        subentries_data=contacts,
        entry_id="line_one",
    )
    added.add_to_hass(hass)
    return added


@pytest.fixture
async def loaded(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> MockConfigEntry:
    """Return an entry that is set up, and knows what came before."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await entry.runtime_data.catch_up.async_looked()
    await hass.async_block_till_done()
    return entry


@pytest.fixture
async def hooked(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> MockConfigEntry:
    """Return an entry that is set up, and that the provider posts to."""
    client = await hass_client_no_auth()
    line.webhooks.set(str(client.make_url(f"/api/webhook/{WEBHOOK_ID}")))
    return loaded


type Post = Callable[..., Awaitable[int]]


@pytest.fixture
async def post(hass: HomeAssistant, hass_client_no_auth: Any) -> Post:
    """Return a way to post to the webhook as the provider does."""
    # What serves by HTTP can't be set up once a client is there.
    for component in ("webhook", "notify"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client_no_auth()

    async def post_body(body: bytes, webhook_id: str = WEBHOOK_ID) -> int:
        async with client.post(f"/api/webhook/{webhook_id}", data=body) as response:
            await hass.async_block_till_done()
            return int(response.status)

    return post_body


def captured(hass: HomeAssistant, event: str) -> list[Event]:
    """Return the list that collects a kind of bus event from now on."""
    return async_capture_events(hass, f"{DOMAIN}_{event}")


@pytest.fixture(autouse=True)
def _quiet_foreign_loggers() -> None:
    """Keep caplog readable, and the suite quick."""
    for name in ("aiohttp.access", "asyncio", "sqlalchemy.engine"):
        logging.getLogger(name).setLevel(logging.WARNING)
