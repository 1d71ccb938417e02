"""Whether a start of the demo goes on with the number that is there."""

from typing import Any
from unittest.mock import AsyncMock, create_autospec

import pytest

from demo.errors import DemoError
from demo.folder import Note
from demo.home import Home
from demo.line import Line, have_line
from demo.phone import Phone

NOTE = Note(
    port=8123,
    phone_port=8765,
    entry_id="one",
    webhook_url="http://localhost:8123/api/webhook/secret",
)
SHOWN = {"webhook_url": "http://localhost:8123/api/webhook/new"}
CREATED: dict[str, Any] = {
    "type": "create_entry",
    "result": {"entry_id": "two"},
    "next_flow": ["options_flow", "options"],
}
FORMS: list[dict[str, Any]] = [
    {"type": "form", "flow_id": "f", "step_id": "user"},
    CREATED,
    {"type": "form", "flow_id": "options", "step_id": "contact"},
    {"type": "create_entry"},
]
MENU = {
    "type": "menu",
    "flow_id": "options",
    "step_id": "insecure_webhook",
    "description_placeholders": SHOWN,
}
SET_UP = Line(entry_id="two", webhook_url=SHOWN["webhook_url"])


def a_home(*forms: dict[str, Any], port: int = 8123, entries: tuple[str, ...]) -> Any:
    """Return a Home Assistant with these entries, which shows these forms."""
    home = create_autospec(Home, instance=True)
    home.url = f"http://127.0.0.1:{port}"
    home.command = AsyncMock(return_value=[{"entry_id": each} for each in entries])
    home.post = AsyncMock(side_effect=forms)
    home.get = AsyncMock(return_value=MENU)
    return home


@pytest.fixture
def phone() -> Any:
    """Return a simulator on its usual port."""
    phone = create_autospec(Phone, instance=True)
    phone.url = "http://127.0.0.1:8765"
    phone.api_url = "http://127.0.0.1:8765/sync/api"
    phone.line = AsyncMock(return_value={"api_key": "CCL.demo.secret"})
    return phone


async def test_the_first_start_walks_the_set_up(phone: Any) -> None:
    """Each form is answered, and what they show is kept."""
    home = a_home(*FORMS, entries=())
    assert await have_line(home, phone, None) == SET_UP
    _, key, choice, contact = (call.args[1] for call in home.post.await_args_list)
    assert key["api_key"] == "CCL.demo.secret"
    assert key["server"]["base_url"] == phone.api_url
    assert choice == {"next_step_id": "go_on"}
    assert contact["name"] == "Ada"
    assert home.get.await_args.args[0].endswith("/options/flow/options")


@pytest.mark.parametrize(
    ("created", "menu", "words"),
    [
        pytest.param(
            {**CREATED, "next_flow": None}, MENU, "leads on to nothing", id="not loaded"
        ),
        pytest.param(
            CREATED,
            {"type": "menu", "flow_id": "options", "step_id": "no_webhook"},
            "showed no address",
            id="no address",
        ),
    ],
)
async def test_a_set_up_without_an_address_is_told(
    phone: Any, created: dict[str, Any], menu: dict[str, Any], words: str
) -> None:
    """The demo could hear nothing."""
    home = a_home(FORMS[0], created, *FORMS[2:], entries=())
    home.get.return_value = menu
    with pytest.raises(DemoError, match=words):
        await have_line(home, phone, None)


async def test_a_later_start_goes_on_with_the_number(phone: Any) -> None:
    """Nothing is set up."""
    home = a_home(entries=("other", "one"))
    line = await have_line(home, phone, NOTE)
    assert line == Line(entry_id="one", webhook_url=NOTE.webhook_url)


async def test_another_port_of_home_assistant_moves_the_webhook(phone: Any) -> None:
    """The number stays, and the provider gets another address."""
    home = a_home(port=8200, entries=("one",))
    line = await have_line(home, phone, NOTE)
    assert line.webhook_url == "http://localhost:8200/api/webhook/secret"


async def test_another_port_of_the_simulator_sets_the_number_up_anew(
    phone: Any,
) -> None:
    """The entry talks to the old one, and its server can't be changed."""
    phone.url = "http://127.0.0.1:8999"
    home = a_home(*FORMS, entries=("one",))
    assert await have_line(home, phone, NOTE) == SET_UP
    home.delete.assert_awaited_once_with("/api/config/config_entries/entry/one")


async def test_a_number_that_was_removed_is_set_up_anew(phone: Any) -> None:
    """Its owner may have tried that."""
    home = a_home(*FORMS, entries=())
    assert await have_line(home, phone, NOTE) == SET_UP


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        pytest.param(
            {"type": "abort", "reason": "already_configured"},
            "not by the demo",
            id="set up by somebody else",
        ),
        pytest.param(
            {"type": "form", "flow_id": "f", "step_id": "user", "errors": {"a": "b"}},
            "did not take",
            id="refused",
        ),
    ],
)
async def test_a_set_up_that_ends_otherwise_is_told(
    phone: Any, ending: dict[str, Any], words: str
) -> None:
    """In words, with what to do."""
    home = a_home(FORMS[0], ending, entries=())
    with pytest.raises(DemoError, match=words):
        await have_line(home, phone, None)
