"""How long the conversation is kept, and that it is gone from the disk afterwards."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import BEN, WEBHOOKS, Post
from .doors import act, kept_files, pass_time, restart
from .talk import ALL, brief, hooked_up, messages, morning, talked

__all__ = ["hooked_up", "morning", "talked"]

HOUR, DAY = 3600, 24 * 3600


async def disk(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return all that lies on disk of the line, once it is there."""
    await restart(hass, entry)
    return "\n".join(kept_files(hass).values())


@pytest.mark.parametrize("days", [0, 1])
async def test_what_the_user_wants_no_longer_kept_is_gone_from_the_disk_at_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    freezer: FrozenDateTimeFactory,
    days: int,
) -> None:
    """What is newer stays, unless nothing is to be kept."""
    await disk(hass, loaded)
    freezer.tick(2 * DAY)
    await act(hass, "send_sms", contacts="notify.ada", message="Two days later")
    on_disk = await disk(hass, loaded)
    assert "Who is there?" in on_disk
    assert "Two days later" in on_disk
    options = {**loaded.options, "keep_messages": days}
    hass.config_entries.async_update_entry(loaded, options=options)
    await pass_time(hass, freezer, 1)
    on_disk = "\n".join(kept_files(hass).values())
    for old in ("Who is there?", "It is Ben", "Your balance is low"):
        assert old not in on_disk
    assert ("Two days later" in on_disk) == bool(days)
    assert await brief(hass) == (["770 out Two days later"] if days else [])
    await act(hass, "send_sms", contacts="notify.ada", message="From now on")
    assert ("From now on" in await disk(hass, loaded)) == bool(days)


async def test_a_month_later_the_disk_knows_no_text_any_more(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody has to restart the house for that."""
    assert "Who is there?" in await disk(hass, loaded)
    await pass_time(hass, freezer, 29 * DAY)
    assert len(await messages(hass)) == len(ALL)
    await pass_time(hass, freezer, DAY + 7 * HOUR)
    await pass_time(hass, freezer, 1)
    assert await messages(hass) == []
    assert "Who is there?" not in "\n".join(kept_files(hass).values())


async def test_what_is_too_old_when_it_comes_is_not_kept(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """It is told, and no more."""
    assert await post((WEBHOOKS / "inbound_sms.json").read_bytes()) == 200
    assert await messages(hass) == []
    assert "One love" not in await disk(hass, loaded)


async def test_the_conversation_is_bounded(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hooked_up: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The oldest goes first, and its report does not bring it back."""
    monkeypatch.setattr("custom_components.cecula_sync.history._MOST_MESSAGES", 2)
    for text in ("First", "Second", "Third"):
        await act(hass, "send_sms", recipients=BEN, message=text)
    assert await hooked_up.report(hooked_up.sent[0].tracking_id, "SENT") == [200]
    assert await brief(hass) == ["567 out Third", "567 out Second"]
    await restart(hass, loaded)
    assert await brief(hass) == ["567 out Third", "567 out Second"]


async def test_long_texts_are_bounded_by_their_length(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hooked_up: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever has the webhook's address can't fill the disk with them."""
    monkeypatch.setattr("custom_components.cecula_sync.history._MOST_CHARACTERS", 11)
    for text in ("First", "Second"):
        await act(hass, "send_sms", recipients=BEN, message=text)
    assert await brief(hass) == ["567 out Second", "567 out First"]
    await restart(hass, loaded)
    await act(hass, "send_sms", recipients=BEN, message="Third")
    assert await brief(hass) == ["567 out Third", "567 out Second"]
    await act(hass, "send_sms", recipients=BEN, message="Four")
    assert await brief(hass) == ["567 out Four", "567 out Third"]
