"""What was read and can't be understood is kept, told of, and read again."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueEntry
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.cecula_sync.api import fields, webhook as parser
from custom_components.cecula_sync.api.client import CeculaSyncClient
from custom_components.cecula_sync.const import DOMAIN
from simulator import payloads
from tests.conftest import ADA

from .house import House

PRIVATE = "The key lies under the stone"


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the provider spell a field in its lists as nobody expects it."""
    spell = payloads.inbound_sms

    def spell_oddly(*args: Any) -> dict[str, Any]:
        spelled = spell(*args)
        if "odd" not in spelled["message"]:
            return spelled
        odd = "phrase" if "odder" in spelled["message"] else "words"
        return {odd if name == "message" else name: spelled[name] for name in spelled}

    monkeypatch.setattr(payloads, "inbound_sms", spell_oddly)


@pytest.fixture
def learn(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes the house a version that can read it."""
    parse = parser.parse_inbound_sms

    def parse_more(source: Any, *args: Any) -> Any:
        return parse({"message": source.get("words"), **source}, *args)

    return lambda: monkeypatch.setattr(parser, "parse_inbound_sms", parse_more)


def issue_of(house: House) -> IssueEntry | None:
    """Return the repair issue that tells of it."""
    issues = ir.async_get(house.hass)
    return issues.async_get_issue(DOMAIN, f"unreadable_item_{house.entry.entry_id}")


def aside(house: House) -> list[str]:
    """Return what is kept aside on disk."""
    return [raw for name, raw in house.kept().items() if name.startswith("aside:sms:")]


@pytest.mark.usefixtures("odd")
async def test_an_unreadable_item_stands_in_nobody_s_way(house: House) -> None:
    """What is beside it in the list is told; it is kept, and an issue tells of it."""
    await house.set_up(inbound="polling")
    before, _, after = house.text("A"), house.text(f"{PRIVATE} (odd)"), house.text("B")
    await house.look()
    assert house.heard == [before.live(channel="poll"), after.live(channel="poll")]
    (raw,) = aside(house)
    assert PRIVATE in raw
    issue = issue_of(house)
    assert issue is not None
    assert issue.is_persistent
    placeholders = issue.translation_placeholders
    assert placeholders is not None
    assert "'words': str" in placeholders["shape"]
    told = str(placeholders.values())
    assert PRIVATE not in told
    assert ADA[4:] not in told


@pytest.mark.usefixtures("odd")
async def test_an_unreadable_item_is_told_of_once(
    hass: HomeAssistant, house: House
) -> None:
    """Though its list hands it out again and again, and another beside it."""
    house.line.switches.sms_list_empties = False
    await house.set_up(inbound="polling")
    changes = async_capture_events(hass, ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED)
    house.text("odd")
    house.text("odder")
    await house.look()
    await house.pass_time(300)
    assert [change.data["action"] for change in changes] == ["create", "update"]
    assert len(aside(house)) == 2


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_an_unreadable_item_is_told_late_once_it_can_be_read(
    house: House, learn: Callable[[], None], inbound: str
) -> None:
    """A newer version may know how; then the issue goes."""
    await house.set_up(inbound=inbound)
    text = house.text("odd")
    await house.look()
    await house.close()
    await house.set_up()
    await house.pass_time(120)
    assert (house.heard, len(aside(house))) == ([], 1)
    assert issue_of(house) is not None
    await house.close()
    learn()
    await house.set_up()
    await house.pass_time(120)
    assert house.heard == [text.late()]
    assert aside(house) == []
    assert issue_of(house) is None
    assert "odd" not in house.kept_in().read_text()


@pytest.mark.usefixtures("odd")
async def test_equal_unreadable_items_are_as_many_once_they_can_be_read(
    house: House, learn: Callable[[], None]
) -> None:
    """Two equal texts in a minute are two texts."""
    await house.set_up(inbound="polling")
    text, _ = house.text("odd"), house.text("odd")
    await house.look()
    await house.close()
    learn()
    await house.set_up()
    assert house.heard == [text.late(1), text.late(2)]


@pytest.mark.usefixtures("odd")
async def test_an_unreadable_item_of_the_baseline_is_not_told_later(
    house: House, learn: Callable[[], None]
) -> None:
    """It is of the time before the house listened."""
    house.text("odd")
    await house.set_up()
    assert len(aside(house)) == 1
    await house.close()
    learn()
    await house.set_up()
    await house.pass_time(120)
    assert house.heard == []


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ("broken_json", {}),
        ("html_200", {}),
        ("wrong_json_type", {"kind": "string"}),
        ("wrong_json_type", {"kind": "object"}),
    ],
)
async def test_an_answer_that_is_unreadable_as_a_whole_is_kept(
    house: House, fault: str, how: dict[str, Any]
) -> None:
    """It is no good look; the next one may be."""
    await house.set_up(inbound="polling")
    house.simulator.arm(fault, operation="get-new-sms", **how)
    text = house.text("Open")
    await house.look()
    assert len(aside(house)) == 1
    assert issue_of(house) is not None
    house.line.received[0].unread = True
    await house.pass_time(60)
    assert house.heard == [text.live(channel="poll")]


@pytest.mark.usefixtures("odd")
async def test_only_so_many_unreadable_items_are_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest: a list that never empties would bring them back for ever."""
    monkeypatch.setattr("custom_components.cecula_sync.aside._MOST_ASIDE", 2)
    house.line.switches.sms_list_empties = False
    await house.set_up(inbound="polling")
    for number in range(3):
        house.text(f"odd {number}")
    await house.look()
    kept = aside(house)
    assert [f"odd {number}" in kept[number] for number in range(2)] == [True, True]
    house.text("odd 3")
    await house.pass_time(120)
    assert aside(house) == kept


async def test_answers_that_a_newer_version_can_read_are_not_summed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What both of them hold came once."""
    house.line.switches.sms_list_empties = False
    await house.set_up(inbound="polling")
    text = house.text("Open")
    with monkeypatch.context() as unknown:
        take = CeculaSyncClient._take

        async def wrapped(client: CeculaSyncClient, *path: str) -> bytes:
            answer = await take(client, *path)
            return b'{"news": %s}' % answer if path == ("get-new-sms",) else answer

        unknown.setattr(CeculaSyncClient, "_take", wrapped)
        await house.pass_time(60)
        other = house.text("Close")
        await house.pass_time(120)
        assert len(aside(house)) == 2
        await house.close()
    monkeypatch.setattr(fields, "LIST_ENVELOPE", (*fields.LIST_ENVELOPE, "news"))
    await house.set_up()
    assert house.heard == [text.late(), other.late()]


async def test_what_came_of_an_answer_that_broke_off_is_kept(house: House) -> None:
    """The provider may hold all of it for read."""
    await house.set_up(inbound="polling")
    house.text("odd")
    house.simulator.arm("truncated", operation="get-new-sms")
    await house.look()
    (kept,) = aside(house)
    assert kept.startswith("[")
    assert house.heard == []
    issue = issue_of(house)
    assert issue is not None
    assert (issue.translation_placeholders or {})["shape"] == "cut short"


async def test_a_baseline_that_is_unreadable_as_a_whole_is_not_told_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is of the time before the house listened, however late it is understood."""
    house.text("Old")
    take = CeculaSyncClient._take

    async def wrapped(client: CeculaSyncClient, *path: str) -> bytes:
        answer = await take(client, *path)
        return b'{"news": %s}' % answer if path == ("get-new-sms",) else answer

    with monkeypatch.context() as unknown:
        unknown.setattr(CeculaSyncClient, "_take", wrapped)
        await house.set_up()
        await house.close()
    monkeypatch.setattr(fields, "LIST_ENVELOPE", (*fields.LIST_ENVELOPE, "news"))
    await house.set_up()
    await house.pass_time(120)
    assert house.heard == []
