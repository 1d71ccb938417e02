"""The conversation that is kept, as the action returns it."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, group
from .doors import CHI, act, add_second_line, restart
from .talk import ALL, brief, hooked_up, messages, morning, talked

__all__ = ["hooked_up", "morning", "talked"]


async def test_texts_and_calls_both_ways_are_told_the_newest_first(
    hass: HomeAssistant, talked: Line
) -> None:
    """With all that is known of each."""
    assert await brief(hass) == ALL
    first, *_, answer, question = await messages(hass)
    assert question == {
        "direction": "in",
        "number": ADA,
        "contact": "Ada",
        "text": "Who is there?",
        "time": "2026-11-24T08:00:00+01:00",
        "status": "received",
        "tracking_id": None,
        "kind": "sms",
    }
    assert answer == {
        "direction": "out",
        "number": ADA,
        "contact": "Ada",
        "text": "It is Ben",
        "time": "2026-11-24T08:01:00+01:00",
        "status": "queued",
        "tracking_id": talked.sent[0].tracking_id,
        "kind": "sms",
    }
    assert (first["kind"], first["text"]) == ("call", None)
    assert first["tracking_id"] == talked.calls[0].call_id


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        pytest.param({"number": ADA}, (4, 5), id="number"),
        pytest.param({"number": "0818 317 2770"}, (4, 5), id="national"),
        pytest.param({"number": 2348031234567}, (0, 3), id="integer"),
        pytest.param({"number": " MTN "}, (2,), id="name"),
        pytest.param({"number": CHI}, (), id="nobody's"),
        pytest.param({"number": "banana"}, (), id="no number"),
        pytest.param({"contact": "notify.ada"}, (4, 5), id="contact"),
        pytest.param({"direction": "in"}, (1, 2, 3, 5), id="in"),
        pytest.param({"direction": "out"}, (0, 4), id="out"),
        pytest.param({"direction": "in", "number": BEN}, (3,), id="both"),
        pytest.param({"limit": 2}, (0, 1), id="limit"),
        pytest.param({"limit": 1, "number": ADA}, (4,), id="limit of one number"),
        pytest.param({"since": "2026-11-24 08:03:00"}, (0, 1, 2), id="since"),
        pytest.param(
            {"since": "2026-11-24T07:03:00+00:00"}, (0, 1, 2), id="since with a zone"
        ),
        pytest.param({"since": "2026-11-25 08:00:00"}, (), id="since tomorrow"),
        pytest.param({"config_entry_id": "line_one"}, tuple(range(6)), id="named line"),
    ],
)
async def test_only_what_is_asked_for_is_told(
    hass: HomeAssistant,
    talked: Line,
    wanted: dict[str, Any],
    positions: tuple[int, ...],
) -> None:
    """A moment without a zone is meant where the house stands."""
    assert await brief(hass, **wanted) == [ALL[position] for position in positions]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"direction": "up"}, id="direction"),
        pytest.param({"limit": 0}, id="nothing"),
        pytest.param({"limit": 1001}, id="too much"),
        pytest.param({"since": "yesterday"}, id="no moment"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, data: dict[str, Any]
) -> None:
    """Before anything is looked for."""
    with pytest.raises(vol.Invalid):
        await act(hass, "get_messages", **data)


async def test_either_a_number_or_a_contact_is_asked_for(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Which of them is meant, the error does not guess."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_messages", number=ADA, contact="notify.ada")
    assert caught.value.translation_key == "number_or_contact"


async def test_who_hears_of_a_text_finds_it_in_the_conversation(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """An automation asks at once, in the very moment in which the text is told."""
    found: list[Any] = []

    async def ask(_event: Event) -> None:
        found.append(await brief(hass, contact="notify.ada"))

    hass.bus.async_listen("cecula_sync_sms_received", ask)
    await line.receive_sms(ADA, "Who is there?")
    await hass.async_block_till_done()
    assert found == [["770 in Who is there?"]]


async def test_a_message_is_told_under_its_contact_s_name_of_today(
    hass: HomeAssistant, loaded: MockConfigEntry, talked: Line
) -> None:
    """Also what was exchanged before the contact's number changed."""
    contact: dict[str, Any] = {"contact": "notify.ada"}
    hass.config_entries.async_update_subentry(
        loaded, loaded.subentries["ada"], title="Ada Obi", data={"number": CHI}
    )
    await hass.async_block_till_done()
    await talked.receive_sms(CHI, "My new number")
    assert await brief(hass, **contact) == ["345 in My new number", *ALL[4:]]
    names = {item["contact"] for item in await messages(hass, **contact)}
    assert names == {"Ada Obi"}
    hass.config_entries.async_remove_subentry(loaded, "ada")
    await hass.async_block_till_done()
    assert {item["contact"] for item in await messages(hass)} == {None}
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_messages", **contact)
    assert caught.value.translation_key == "not_a_contact"


async def test_what_became_of_a_message_is_told_with_it(
    hass: HomeAssistant, loaded: MockConfigEntry, talked: Line
) -> None:
    """Each news, also after a restart, and of a call as of a text."""
    (sms,), (call,) = talked.sent, talked.calls
    await talked.report(sms.tracking_id, "SENT")
    (answer,) = await messages(hass, number=ADA, direction="out")
    assert answer["status"] == "sent"
    await restart(hass, loaded)
    await talked.report(sms.tracking_id, "EXPIRED")
    await talked.answer(call.call_id, answered=True)
    told = [item["status"] for item in await messages(hass, direction="out")]
    assert told == ["answered", "expired"]
    assert len(await messages(hass)) == len(ALL)


async def test_what_may_have_left_is_told_as_unknown_and_what_did_not_is_not_told(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Of neither there is an id."""
    for fault, status in (("http_500", "unknown"), ("code", None)):
        simulator.arm(fault, times=2, operation="send-sms")
        simulator.arm(fault, times=2, operation="flash-number")
        with pytest.raises(HomeAssistantError):
            await act(hass, "send_sms", recipients=BEN, message=fault)
        with pytest.raises(HomeAssistantError):
            await act(hass, "make_call", recipient=BEN)
        simulator.disarm()
        if status:
            found = await messages(hass)
    assert await messages(hass) == found
    assert {(item["status"], item["tracking_id"]) for item in found} == {
        ("unknown", None)
    }
    assert {item["kind"]: item["text"] for item in found} == {
        "sms": "http_500",
        "call": None,
    }


async def test_what_came_before_the_line_was_set_up_is_kept_too(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """It fires no event, but belongs to the conversation."""
    await line.receive_sms(ADA, "From before")
    await line.receive_call(BEN)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await entry.runtime_data.catch_up.async_looked()
    assert sorted(await brief(hass)) == ["567 in missed", "770 in From before"]


async def test_of_two_lines_each_has_its_own_conversation(
    hass: HomeAssistant, talked: Line, simulator: Simulator
) -> None:
    """The contact or a name tells which."""
    await add_second_line(hass, simulator)
    await act(hass, "send_sms", contacts="notify.chi", message="By the second")
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_messages", number=ADA)
    assert caught.value.translation_key == "which_line"
    assert await brief(hass, config_entry_id="line_one") == ALL
    assert await brief(hass, contact="notify.chi") == ["345 out By the second"]


async def test_a_line_that_is_not_loaded_tells_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The action outlives the entry and says what is wrong."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_messages")
    assert caught.value.translation_key == "service_config_entry_not_loaded"


async def test_a_group_s_conversation_is_that_of_its_contacts(
    hass: HomeAssistant, loaded: MockConfigEntry, talked: Line
) -> None:
    """Whoever of them it was with."""
    shared = group("Family", ["ada"], "family")
    hass.config_entries.async_add_subentry(
        loaded,
        ConfigSubentry(
            data=MappingProxyType(dict(shared["data"])),
            subentry_id=shared["subentry_id"],
            subentry_type=shared["subentry_type"],
            title=shared["title"],
            unique_id=shared["unique_id"],
        ),
    )
    await hass.async_block_till_done()
    assert await brief(hass, contact="notify.family") == ALL[4:]
