"""The documentation calls what users see as it is called: forms, errors, entities."""

from collections.abc import Iterator
import re
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .conftest import ADA, contact, group
from .doors import CORE_S_ATTRIBUTES, act, state_of
from .pages import PAGES, README, ROOT, guides, in_code, rows, section, without_blocks
from .translation_guard import COMPONENT, english

# What users see that is not ours, and is written in italics too.
OTHERS_WORDS = {
    *("Cecula Sync", "Integration", "Configure", "Reconfigure", "Event received"),
    *("Download diagnostics", "Failed setup, will retry", "Report a vulnerability"),
}
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
}
REGIONS = {"pt-BR": "Brazil", "es-419": "Latin America"}
# Of which kind the entities of a number are, where they stand, and in which columns.
TABLES = [("sensor", "Sensors", 4), ("event", "Events", 2), ("button", "Buttons", 1)]


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return a contact and a group."""
    return [contact("Ada", ADA, "ada"), group("Family", ["ada"], "family")]


def first_column(page: str, heading: str, head: str) -> list[str]:
    """Return the first column of the table under a heading."""
    return [first for first, *_ in rows(section(page, heading), head)]


def labels_of(step: dict[str, Any]) -> list[str]:
    """Return how the fields of a form are called, in their order by name."""
    below = [
        f"{part['name']}: {label}"
        for part in step.get("sections", {}).values()
        for label in part["data"].values()
    ]
    return [*step.get("data", {}).values(), *below]


def test_every_field_of_the_set_up_is_explained() -> None:
    steps = english()["config"]["step"]
    assert first_column("setup", "1. The key", "field") == labels_of(steps["user"])
    asked_later = [
        *steps["number"]["data"].values(),
        *steps["reconfigure"]["data"].values(),
        *english()["options"]["step"]["contact"]["data"].values(),
    ]
    assert [
        label for label in asked_later if f"**{label}**" not in PAGES["setup"]
    ] == []


def test_every_option_is_explained() -> None:
    steps = english()["options"]["step"]
    options = first_column("setup", "Options", "setting")
    assert sorted(options) == sorted(labels_of(steps["settings"]))
    menu = first_column("setup", "Options", "in the menu")
    assert sorted(menu) == sorted(steps["init"]["menu_options"].values())
    choices = english()["selector"]["inbound"]["options"].values()
    assert all(f"*{choice}*" in section("setup", "Options") for choice in choices)


@pytest.mark.parametrize(
    ("kind", "heading"), [("contact", "Contacts"), ("group", "Groups")]
)
def test_every_field_of_contacts_and_groups_is_explained(
    kind: str, heading: str
) -> None:
    form = english()["config_subentries"][kind]
    fields = first_column("contacts", heading, "field")
    assert sorted(fields) == sorted(labels_of(form["step"]["user"]))
    assert f"*{form['initiate_flow']['user']}*" in section("contacts", heading)


def flows() -> list[dict[str, Any]]:
    """Return the texts of all dialogs."""
    texts = english()
    return [texts["config"], texts["options"], *texts["config_subentries"].values()]


def test_every_page_of_a_dialog_is_named() -> None:
    forms = (step for flow in flows()[:2] for step in flow["step"].values())
    titles = {step["title"] for step in forms} - {"Options", "Settings"}
    shown = PAGES["setup"] + PAGES["troubleshooting"]
    assert {title for title in titles if title not in shown} == set()


def first_sentences() -> Iterator[str]:
    """Yield how each error, and each end, of a dialog begins."""
    for flow in flows():
        for text in {**flow.get("error", {}), **flow.get("abort", {})}.values():
            begins = re.match(r".*?\.(?= |$)", text)
            assert begins is not None
            yield begins[0]


def test_every_error_of_a_dialog_is_explained() -> None:
    page = PAGES["troubleshooting"]
    assert {each for each in first_sentences() if f"*{each}*" not in page} == set()


def test_every_repair_issue_is_explained() -> None:
    page = PAGES["troubleshooting"]
    explained = set(re.findall(r"\*([^*|]+)\* \(under Repairs\)", page))
    assert explained == {issue["title"] for issue in english()["issues"].values()}


def texts_of(node: Any) -> Iterator[str]:
    """Yield all that is shown, and its first sentence."""
    if isinstance(node, dict):
        for below in node.values():
            yield from texts_of(below)
    else:
        yield from (node, re.split(r"(?<=\.) ", node)[0])


# What blueprints ask for has its words in the blueprints.
SHOWING = [README, "SECURITY", *(page for page in guides() if page != "blueprints")]


@pytest.mark.parametrize("page", SHOWING)
def test_what_is_in_italics_can_be_seen_on_the_screen(page: str) -> None:
    """If it begins with a capital; else it is stressed."""
    read = PAGES.get(page) or (ROOT / f"{page}.md").read_text("utf-8")
    text = " ".join(without_blocks(read).replace("**", "").split())
    words = set(re.findall(r"(?<!\*)\*([A-Z][^*]*)\*", text))
    assert words - OTHERS_WORDS - set(texts_of(english())) == set()


def test_every_language_is_named() -> None:
    """And where else it is spoken in a way of its own."""
    codes = {path.stem for path in COMPONENT.glob("translations/*.json")}
    assert codes == LANGUAGES.keys() | REGIONS.keys()
    *others, last = sorted(LANGUAGES.values())
    said = " ".join(PAGES[README].split())
    regions = " and ".join(REGIONS.values())
    assert f"speak {', '.join(others)} and {last}, also as in {regions}." in said


def described(hass: HomeAssistant, entity: er.RegistryEntry, state: State) -> list[str]:
    """Return the cells of an entity's row, but for the words on it."""
    texts = english()["entity"][entity.domain][entity.translation_key]
    attributes = state.attributes.keys() - CORE_S_ATTRIBUTES
    states = state.attributes.get("options", state.attributes.get("event_types", []))
    match entity.domain:
        case "sensor":
            unit = state.attributes.get("unit_of_measurement", "none")
            return [texts["name"], unit, *map(as_code, (states, sorted(attributes)))]
        case "event":
            return [texts["name"], as_code(states)]
    return [texts["name"]]


def as_code(words: list[str]) -> str:
    """Return words as they are written in a cell."""
    return ", ".join(f"`{word}`" for word in words) or "none"


def plain(cells: list[str]) -> list[str]:
    """Return cells without what says in words of which type a state is."""
    types = {"a number": "none", "a time": "none", "text": "none"}
    return [types.get(cell, cell) for cell in cells]


def entities_of(
    hass: HomeAssistant, entry: MockConfigEntry, owner: str | None
) -> list[er.RegistryEntry]:
    """Return the entities of a contact or group; of the number itself without one."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return [entity for entity in entities if entity.config_subentry_id == owner]


async def test_every_kind_of_entity_has_a_table(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    domains = {entity.domain for entity in entities_of(hass, loaded, None)}
    assert domains == {domain for domain, _, _ in TABLES}


@pytest.mark.parametrize(("domain", "heading", "compared"), TABLES)
async def test_every_entity_of_a_number_is_described(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    domain: str,
    heading: str,
    compared: int,
) -> None:
    table = rows(section("entities", heading), "entity")
    entities = [
        entity for entity in entities_of(hass, loaded, None) if entity.domain == domain
    ]
    expected = [
        described(hass, entity, state_of(hass, entity.entity_id)) for entity in entities
    ]
    assert sorted(plain(row[:compared]) for row in table) == sorted(expected)
    diagnostic = {row[0] for row in table if row[-1].endswith("(diagnostic)")}
    assert diagnostic == {
        english()["entity"][domain][entity.translation_key]["name"]
        for entity in entities
        if entity.entity_category is EntityCategory.DIAGNOSTIC
    }


@pytest.mark.parametrize(
    ("heading", "owner"), [("A contact", "ada"), ("A group", "family")]
)
async def test_every_entity_of_a_contact_and_a_group_is_described(
    hass: HomeAssistant, loaded: MockConfigEntry, heading: str, owner: str
) -> None:
    table = rows(section("entities", heading), "entity")
    texts = english()["entity"]
    expected = [
        (
            texts.get(entity.domain, {}).get(entity.translation_key, {}).get("name"),
            entity.domain,
        )
        for entity in entities_of(hass, loaded, owner)
    ]
    the_name = f"the {heading.removeprefix('A ')}'s name"
    assert {
        (None if name == the_name else name, domain) for name, domain, _ in table
    } == set(expected)
    assert len(table) == len(expected)


async def test_the_last_messages_hold_what_is_said(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    await act(hass, "send_sms", recipients=ADA, message="Hello")
    await hass.async_block_till_done()
    (message,) = state_of(hass, "sensor.ada_last_message").attributes["messages"]
    (said,) = re.findall(
        r"- `messages` has (.*?)\n(?:- |\n)", PAGES["entities"], re.DOTALL
    )
    assert in_code(said) == message.keys()
