"""The conversation on a dashboard, as the documentation has it."""

from html.parser import HTMLParser
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.template import Template
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from markdown_it import MarkdownIt
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA
from .doors import act, state_of
from .pages import block_with

PAGE = "dashboard"
FIELD = "input_text.text_for_ada"
SENSOR = "sensor.ada_last_message"
CALL = {
    "direction": "in",
    "kind": "call",
    "number": ADA,
    "contact": "Ada",
    "text": None,
    "time": "2026-11-24T08:00:00+01:00",
    "status": "missed",
}
HOSTILE = {
    "tags": "<img src=https://example.com/x.png onerror=alert(1)></p></div><b>",
    "entities": "&lt;b&gt; &amp;amp; \" ' `",
    "an image": "![x](https://example.com/x.png)",
    "a link": "[x](https://example.com) <https://example.com>",
    "a new block": "a\n\n![x](https://example.com/x.png)\r\n\r\n# b\n\n- c\u2028\x0bd",
    "a template": "{{ states.sensor | list }} {% raw %} {# x #}",
    "a comment": "--> <!-- ]]> <script>",
}


class Reader(HTMLParser):
    """Reads the tags and the words of a page."""

    def __init__(self) -> None:
        """Start with an empty page."""
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == []
        self.tags.append(tag)

    @override
    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    @override
    def handle_data(self, data: str) -> None:
        self.words += data.split()


def markdown(hass: HomeAssistant) -> str:
    """Return what the card shows, before it is formatted."""
    (card,) = (
        card for card in block_with("type", PAGE)["cards"] if card["type"] == "markdown"
    )
    return str(Template(card["content"], hass).async_render(parse_result=False))


def read(page: str) -> Reader:
    """Return a page as a browser takes it."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def formatted(page: str) -> str:
    """Return Markdown as HTML, with what is HTML in it."""
    html: str = MarkdownIt("commonmark", {"html": True}).render(page)
    return html


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_what_others_wrote_is_nothing_but_text(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line, text: str
) -> None:
    """Neither as HTML, nor as Markdown, nor as a template."""
    await line.receive_sms(ADA, text)
    await hass.async_block_till_done()
    shown = markdown(hass)
    assert "\n\n" not in shown
    for page in (shown, formatted(shown)):
        reader = read(page)
        assert reader.tags == ["div", "p", "b"]
        assert reader.words[1:] == ["Ada", *text.split()]


async def test_a_senders_name_is_nothing_but_text(
    hass: HomeAssistant, hooked: MockConfigEntry
) -> None:
    """Such as that of a company, which the sensor of the number shows."""
    sensor = state_of(hass, SENSOR)
    message = CALL | {
        "number": HOSTILE["tags"],
        "contact": None,
        "time": dt_util.now().isoformat(),
        "status": HOSTILE["an image"],
    }
    hass.states.async_set(SENSOR, sensor.state, {"messages": [message]})
    reader = read(formatted(markdown(hass)))
    assert reader.tags == ["div", "p", "b"]
    expected = f"{HOSTILE['tags']} call: {HOSTILE['an image']}"
    assert reader.words[1:] == expected.split()


async def test_the_card_shows_the_oldest_first_and_who_said_it(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Each with its time."""
    await hass.config.async_set_time_zone("Africa/Lagos")
    assert read(markdown(hass)).words == ["No", "message", "yet."]
    await act(hass, "send_sms", recipients=ADA, message="Come in?")
    await line.receive_call(ADA, 0)
    await hass.async_block_till_done()
    words = read(markdown(hass)).words
    assert [word for word in words if ":" not in word or word == "call:"] == [
        *("Home", "Come", "in?"),
        *("Ada", "call:", "missed"),
    ]
    assert len(words) == 8


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        pytest.param("2026-11-24T22:30:00+00:00", "23:30", id="today"),
        pytest.param("2026-11-23T23:30:00+00:00", "00:30", id="today, here"),
        pytest.param("2026-11-23T22:30:00+00:00", "23 Nov 23:30", id="yesterday, here"),
        pytest.param("2025-11-24T07:00:00+00:00", "24 Nov 08:00", id="a year ago"),
    ],
)
async def test_what_is_not_of_today_has_its_day(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, time: str, shown: str
) -> None:
    """In the zone of the house."""
    await hass.config.async_set_time_zone("Africa/Lagos")
    freezer.move_to("2026-11-24T22:45:00+00:00")
    hass.states.async_set(SENSOR, time, {"messages": [CALL | {"time": time}]})
    assert read(markdown(hass)).words == [*shown.split(), "Ada", "call:", "missed"]


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        pytest.param("sent", ["✓"], id="sent"),
        pytest.param("delivered", ["✓✓"], id="delivered"),
        pytest.param("failed", ["✗"], id="failed"),
        pytest.param("expired", ["✗"], id="expired"),
        pytest.param("on its way", [], id="a word that nobody lists"),
    ],
)
async def test_a_text_of_the_house_has_a_mark_when_its_end_is_known(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    status: str,
    mark: list[str],
) -> None:
    """And none before."""
    sent = await act(hass, "send_sms", recipients=ADA, message="Come in?")
    await hass.async_block_till_done()
    assert read(markdown(hass)).words[1:] == ["Home", "Come", "in?"]
    await line.report(sent["recipients"][0]["tracking_id"], status)
    await hass.async_block_till_done()
    assert read(markdown(hass)).words[1:] == ["Home", "Come", "in?", *mark]


async def test_the_card_says_if_there_is_no_such_sensor(hass: HomeAssistant) -> None:
    """Rather than that nobody texted."""
    words = " ".join(read(markdown(hass)).words)
    assert words == "This sensor has nothing to show now."


@pytest.fixture
async def button(hass: HomeAssistant, hooked: MockConfigEntry) -> str:
    """Set the field and the script up; return what the button does."""
    config: dict[str, Any] = block_with("input_text", PAGE)
    for domain in ("input_text", "script"):
        assert await async_setup_component(hass, domain, config)
    await hass.async_block_till_done()
    cards = block_with("type", PAGE)["cards"]
    (action,) = (card["tap_action"] for card in cards if card["type"] == "button")
    return str(action["perform_action"])


async def press(hass: HomeAssistant, button: str) -> None:
    """Do what the button does."""
    domain, _, action = button.partition(".")
    await hass.services.async_call(domain, action, blocking=True)


async def test_the_button_sends_what_the_field_holds_and_empties_it(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line, button: str
) -> None:
    """And nothing while nothing was typed."""
    await press(hass, button)
    assert line.sent == []
    await hass.services.async_call(
        "input_text",
        "set_value",
        {"entity_id": FIELD, "value": "{{ 1 + 1 }} is *two*"},
        blocking=True,
    )
    await press(hass, button)
    assert [(sms.recipient, sms.text) for sms in line.sent] == [
        (ADA, "{{ 1 + 1 }} is *two*")
    ]
    assert state_of(hass, FIELD).state == ""
    await press(hass, button)
    assert len(line.sent) == 1


async def test_the_cards_show_entities_that_there_are(
    hass: HomeAssistant, button: str
) -> None:
    """Of the number, of Ada, and the field."""
    cards = block_with("type", PAGE)["cards"]
    named = [card["entity"] for card in cards if "entity" in card]
    for card in cards:
        named += [each["entity"] for each in card.get("entities", ())]
        named += card.get("target", {}).get("entity_id", ())
    assert len(named) == 3
    assert [entity for entity in named if hass.states.get(entity) is None] == []
