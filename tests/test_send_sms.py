"""The action that sends an SMS: whom it reaches, and what it answers."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN
from .doors import CHI, act, act_blindly

SEND = "send_sms"


def reached(line: Line) -> list[str]:
    """Return whom the provider sent to."""
    return [sms.recipient for sms in line.sent]


async def test_numbers_and_a_contact_are_reached_with_one_request(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """The response says all that is known of each recipient."""
    response = await act(
        hass, SEND, recipients=[BEN, CHI], contacts="notify.ada", message="The gate"
    )
    ids = [sms.tracking_id for sms in line.sent]
    assert response == {
        "recipients": [
            {
                "recipient": number,
                "contact": name,
                "tracking_id": tracking_id,
                "status": "queued",
            }
            for number, name, tracking_id in zip(
                (BEN, CHI, ADA), (None, None, "Ada"), ids, strict=True
            )
        ],
        "rejected": [],
        "encoding": "gsm7",
        "pages": 1,
    }
    assert len(simulator.requests_to("send-sms")) == 1
    assert {sms.text for sms in line.sent} == {"The gate"}


async def test_a_long_text_tells_its_pages(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """What the provider charges for is known beforehand."""
    response = await act(hass, SEND, recipients=[BEN], message="ẹ́ kú àárọ̀ " * 10)
    (sms,) = line.sent
    assert (response["encoding"], response["pages"]) == ("ucs2", sms.pages)
    assert sms.pages > 1


@pytest.mark.parametrize(
    "recipients",
    [
        pytest.param([BEN, ADA], id="list"),
        pytest.param((BEN, ADA), id="tuple of a template"),
        pytest.param(f"{BEN}, {ADA}", id="text with commas"),
        pytest.param([f"{BEN},{ADA}"], id="text with commas in a list"),
        pytest.param([2348031234567, 2348183172770], id="integers"),
        pytest.param(["08031234567", "0818 317 2770"], id="national"),
        pytest.param(["002348031234567", "tel:+234-818-317-2770"], id="dialled"),
        pytest.param(
            [BEN, "08031234567", 2348031234567, "+234 803 123 4567", ADA, ADA],
            id="each in several spellings",
        ),
    ],
)
async def test_recipients_are_read_as_people_write_them(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, recipients: Any
) -> None:
    """However they are spelt, each is reached once."""
    await act_blindly(hass, SEND, recipients=recipients, message="Hi")
    assert reached(line) == [BEN, ADA]


async def test_a_contact_and_its_number_are_one_recipient(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Nobody gets a text twice, or pays for it."""
    response = await act(
        hass,
        SEND,
        recipients=["08183172770"],
        contacts=["notify.ada", "notify.ada"],
        message="Hi",
    )
    assert reached(line) == [ADA]
    assert [item["contact"] for item in response["recipients"]] == ["Ada"]


async def test_bad_recipients_do_not_silence_the_good_ones(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """With response data the others stand in `rejected`, as they were typed."""
    response = await act(
        hass, SEND, recipients=["112", BEN, "banana", 8031234567], message="Hi"
    )
    assert reached(line) == [BEN]
    assert response["rejected"] == [
        {"recipient": "112", "reason": "emergency"},
        {"recipient": "banana", "reason": "not_a_number"},
        {"recipient": "8031234567", "reason": "unquoted"},
    ]


async def test_without_response_data_one_error_names_who_was_not_reached(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The good ones were sent all the same, and the error says so."""
    with pytest.raises(HomeAssistantError, match="Not sent") as caught:
        await act_blindly(
            hass,
            SEND,
            recipients=[BEN, "+23480312345"],
            contacts="notify.ada",
            message="Hi",
        )
    assert reached(line) == [BEN, ADA]
    assert caught.value.translation_key == "not_to_all"
    assert caught.value.translation_placeholders == {
        "sent": "+234…567, Ada",
        "rejected": "+234…345 (not_valid)",
    }


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param({}, "no_recipient", id="nobody"),
        pytest.param({"recipients": []}, "no_recipient", id="empty list"),
        pytest.param({"recipients": " , "}, "no_recipient", id="only commas"),
        pytest.param({"recipients": "112"}, "recipient_emergency", id="emergency"),
        pytest.param({"recipients": "55019"}, "recipient_short_code", id="short"),
        pytest.param({"recipients": "MTN"}, "recipient_not_a_number", id="name"),
        pytest.param({"recipients": "+2341"}, "recipient_not_valid", id="not valid"),
        pytest.param({"recipients": 8031234567}, "recipient_unquoted", id="integer"),
        pytest.param({"recipients": {"a": 1}}, "recipient_not_a_number", id="dict"),
        pytest.param({"recipients": ["112", "MTN"]}, "no_valid_recipient", id="two"),
    ],
)
async def test_without_a_valid_recipient_nothing_is_sent(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    data: dict[str, Any],
    key: str,
) -> None:
    """There is one clear error, with response data or without."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, SEND, message="Hi", **data)
    assert caught.value.translation_key == key
    with pytest.raises(ServiceValidationError) as caught:
        await act_blindly(hass, SEND, message="Hi", **data)
    assert caught.value.translation_key == key
    assert simulator.requests_to("send-sms") == []


@pytest.mark.parametrize(
    ("message", "key", "placeholders"),
    [
        pytest.param("", "empty_text", None, id="empty"),
        pytest.param(" \n\t", "empty_text", None, id="blank"),
        pytest.param(
            "a" * 1531,
            "text_too_long",
            {"length": "1531", "over": "1", "most": "1530"},
            id="too long",
        ),
    ],
)
async def test_a_text_that_cannot_be_sent_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    message: str,
    key: str,
    placeholders: dict[str, str] | None,
) -> None:
    """Nothing is cut off, and nothing is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, SEND, recipients=[BEN], message=message)
    assert caught.value.translation_key == key
    assert caught.value.translation_placeholders == placeholders
    assert simulator.requests_to("send-sms") == []


async def test_a_text_of_full_length_is_sent_whole(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Ten pages fit."""
    response = await act(hass, SEND, recipients=[BEN], message="a" * 1530)
    (sms,) = line.sent
    assert (len(sms.text), response["pages"]) == (1530, 10)


async def test_a_contact_of_an_entry_that_is_not_loaded_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The action outlives the entry and says what is wrong."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    by_contact: dict[str, Any] = {"contacts": "notify.ada"}
    for data in (by_contact, {"recipients": BEN}):
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, SEND, message="Hi", **data)
        assert caught.value.translation_key == "service_config_entry_not_loaded"
    assert simulator.requests_to("send-sms") == []


async def test_without_any_entry_the_action_says_so(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The last entry may go while automations still call the action."""
    await hass.config_entries.async_remove(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, SEND, recipients=BEN, message="Hi")
    assert caught.value.translation_key == "service_found_no_config_entry_for_domain"


async def test_what_no_network_can_carry_is_replaced(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """A template can make half of a character."""
    await act_blindly(hass, SEND, recipients=BEN, message="Hi \ud83d")
    assert [sms.text for sms in line.sent] == ["Hi \N{REPLACEMENT CHARACTER}"]
