"""What may be picked as a contact in an action, and what is said of all else."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import slugify
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.api.masking import mask, mask_numbers
from custom_components.cecula_sync.api.numbers import display
from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, BEN, contact, group
from .doors import (
    CHI,
    act,
    act_blindly,
    add_contact,
    add_second_line,
    entity_id,
    placeholders_of,
)

ACTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("send_sms", "contacts", {"message": "Hi"}),
    ("ask", "contacts", {"question": "Hi?"}),
    ("make_call", "contact", {}),
    ("get_messages", "contact", {}),
]

# None stands for what is picked.
FIELDS_OF_MANY: dict[str, dict[str, Any]] = {
    "send_sms": {"message": "Hi", "contacts": None},
    "ask": {"question": "Hi?", "contacts": None},
}
FIELDS_OF_ONE: dict[str, dict[str, Any]] = {
    "make_call": {"contact": None},
    "get_messages": {"contact": None},
}
FIELDS_OF = FIELDS_OF_MANY | FIELDS_OF_ONE
# What templates give where they find nobody.
BLANKS = [
    pytest.param(None, id="nothing"),
    pytest.param("", id="an empty text"),
    pytest.param(" , ,", id="commas"),
    pytest.param([], id="an empty list"),
    pytest.param([None, " "], id="a list of blanks"),
]


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have a contact and a group."""
    return [contact("Ada", ADA, "ada"), group("Family", ["ada"], "family")]


def requests(simulator: Simulator) -> int:
    """Return how often something left the house."""
    texts, calls = (
        simulator.requests_to(operation) for operation in ("send-sms", "flash-number")
    )
    return len(texts) + len(calls)


async def assert_refused(
    hass: HomeAssistant, simulator: Simulator, entity: str, key: str
) -> None:
    """Pick an entity in every action, and be told why that is wrong."""
    for action, field, data in ACTIONS:
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, action, **(data | {field: entity}))
        assert caught.value.translation_key == key
        named = mask_numbers(entity)
        assert placeholders_of(caught).get("entity", named) == named
    assert requests(simulator) == 0


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param("notify.nobody", id="unknown"),
        pytest.param("notify.demo_phone", id="of another integration"),
        pytest.param("notify.cecula_sync_loose", id="of ours, of no contact"),
        pytest.param("event.ada", id="a contact's event entity"),
        pytest.param(entity_id("sensor", "balance"), id="the line's sensor"),
    ],
)
async def test_what_is_no_contact_is_refused_by_name(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    entity_registry: er.EntityRegistry,
    stranger: str,
) -> None:
    """Where nobody else is meant."""
    entity_registry.async_get_or_create("notify", "demo", "phone")
    entity_registry.async_get_or_create("notify", DOMAIN, "loose", config_entry=loaded)
    await assert_refused(hass, simulator, stranger, "not_a_contact")


@pytest.mark.parametrize("entity", ["notify.ada", "notify.family"])
async def test_a_disabled_entity_is_refused_as_core_s_own_action_does(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    entity_registry: er.EntityRegistry,
    entity: str,
) -> None:
    """Who disables it wants nothing sent to it."""
    entity_registry.async_update_entity(
        entity, disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.async_block_till_done()
    await assert_refused(hass, simulator, entity, "contact_disabled")


async def test_a_contact_that_is_called_by_its_number_is_named_by_parts_of_it(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Its entity's id is made of the number; Home Assistant logs why a script fails."""
    await add_contact(hass, loaded, display(CHI), CHI, "chi")
    entity = f"notify.{slugify(display(CHI))}"
    entity_registry.async_update_entity(
        entity, disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.async_block_till_done()
    for key in ("contact_disabled", "not_a_contact"):
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, "send_sms", contacts=entity, message="Hi")
        assert caught.value.translation_key == key
        assert placeholders_of(caught) == {"entity": "notify.234…345"}
        entity_registry.async_remove(entity)


@pytest.mark.parametrize("entity", ["notify.ada", "notify.family"])
async def test_an_entity_that_was_left_behind_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, entity: str
) -> None:
    """Have the registry know what is gone, as after a backup was played in."""
    # Home Assistant's own way to remove them takes them out of the registry, too.
    object.__setattr__(loaded, "subentries", MappingProxyType({}))
    await assert_refused(hass, simulator, entity, "contact_removed")


NOBODIES = {
    "not_a_contact": "notify.demo_phone",
    "contact_disabled": "notify.chi",
    "empty_group": "notify.nobodies",
}


@pytest.fixture
async def nobodies(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Have what can be picked and is nobody, by any reason there is."""
    entity_registry.async_get_or_create("notify", "demo", "phone")
    await add_contact(hass, loaded, "Chi", CHI, "chi")
    entity_registry.async_update_entity(
        "notify.chi", disabled_by=er.RegistryEntryDisabler.USER
    )
    hass.config_entries.async_add_subentry(
        loaded,
        ConfigSubentry(
            data=MappingProxyType({"contacts": []}),
            subentry_id="nobodies",
            subentry_type="group",
            title="Nobodies",
            unique_id="Nobodies",
        ),
    )
    await hass.async_block_till_done()


@pytest.mark.parametrize("reason", NOBODIES)
@pytest.mark.usefixtures("nobodies")
async def test_a_contact_that_is_nobody_silences_nobody_else(
    hass: HomeAssistant, line: Line, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    """The alarm reaches the others, and somebody is told."""
    nobody = NOBODIES[reason]
    picked: dict[str, Any] = {"contacts": [nobody, "notify.ada"], "recipients": BEN}
    response = await act(hass, "send_sms", message="Fire", **picked)
    assert response["rejected"] == [{"recipient": nobody, "reason": reason}]
    assert [sms.recipient for sms in line.sent] == [BEN, ADA]
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, "send_sms", message="Fire", **picked)
    assert caught.value.translation_key == "not_to_all"
    assert placeholders_of(caught)["rejected"] == f"{nobody} ({reason})"
    assert len(line.sent) == 4
    await act(hass, "ask", question="Fire?", timeout=0, **picked)
    assert f"{nobody} ({reason})" in caplog.text
    assert len(line.sent) == 6


@pytest.mark.usefixtures("nobodies")
async def test_where_all_are_nobody_each_is_named_with_its_reason(
    hass: HomeAssistant, line: Line
) -> None:
    """Also what can't be a number; one that is nobody's is not masked."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass, "send_sms", message="Hi", contacts="notify.chi", recipients="112"
        )
    assert caught.value.translation_key == "no_valid_recipient"
    assert placeholders_of(caught) == {
        "recipients": "112 (emergency), notify.chi (contact_disabled)"
    }
    assert line.sent == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="nothing at all"),
        pytest.param({"contacts": []}, id="no contact"),
        pytest.param({"contacts": ""}, id="a blank contact"),
        pytest.param({"contacts": [], "recipients": []}, id="neither"),
        pytest.param({"contacts": [None], "recipients": ""}, id="two blanks"),
    ],
)
async def test_without_anybody_nothing_is_sent(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    data: dict[str, Any],
) -> None:
    """A template may leave the list empty; the error says what to give."""
    for act_somehow in (act, act_blindly):
        with pytest.raises(ServiceValidationError) as caught:
            await act_somehow(hass, "send_sms", message="Hi", **data)
        assert caught.value.translation_key == "no_recipient"
    assert requests(simulator) == 0


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    ("field", "other"), [("contacts", {"recipients": ADA}), ("recipients", {})]
)
@pytest.mark.parametrize("action", FIELDS_OF_MANY)
async def test_a_blank_in_the_one_field_harms_nobody_in_the_other(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    action: str,
    field: str,
    other: dict[str, Any],
    blank: Any,
) -> None:
    """Whoever is named there is texted."""
    fields = FIELDS_OF_MANY[action] | {"contacts": "notify.ada"} | other
    await act_blindly(hass, action, timeout=0, **fields | {field: blank})
    assert [sms.recipient for sms in line.sent] == [ADA]


@pytest.mark.parametrize(
    ("picked", "named"),
    [
        pytest.param("Ada", "ada", id="a name"),
        pytest.param(BEN, mask(BEN), id="a number"),
        pytest.param(int(BEN), mask(BEN[1:]), id="a number without quotes"),
        pytest.param(float(BEN), mask(f"{BEN[1:]}0"), id="a number of a template"),
    ],
)
@pytest.mark.parametrize("action", FIELDS_OF)
async def test_what_is_no_entity_is_refused_in_words(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    picked: Any,
    named: str,
) -> None:
    """The error says where numbers go, and shows none of them whole."""
    fields = FIELDS_OF[action]
    picks = [picked] if "contact" in fields else [picked, [picked]]
    for each in picks:
        data = {
            name: each if value is None else value for name, value in fields.items()
        }
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, action, **data)
        assert caught.value.translation_key == "not_a_contact"
        assert placeholders_of(caught) == {"entity": named}
        assert "recipients" in str(caught.value)
    assert requests(simulator) == 0


@pytest.mark.parametrize(("blank", "named"), [("", '""'), (None, "none")])
@pytest.mark.parametrize("action", FIELDS_OF_ONE)
async def test_a_blank_is_no_contact_where_one_is_to_be_named(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    blank: str | None,
    named: str,
) -> None:
    """Nobody is called, and nobody's messages are told, for want of one."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, action, contact=blank)
    assert caught.value.translation_key == "not_a_contact"
    assert placeholders_of(caught) == {"entity": named}
    assert requests(simulator) == 0


@pytest.mark.parametrize(
    "picked",
    [
        pytest.param("notify.ada, notify.family,", id="text with commas"),
        pytest.param(("notify.family", " Notify.Ada "), id="spelt in another way"),
    ],
)
async def test_contacts_may_be_listed_as_templates_do(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, picked: Any
) -> None:
    """As core takes its own lists of entities."""
    await act(hass, "send_sms", message="Hi", contacts=picked)
    assert [sms.recipient for sms in line.sent] == [ADA]


async def test_with_two_numbers_a_disabled_contact_still_tells_which_is_meant(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    entity_registry: er.EntityRegistry,
) -> None:
    """And one that is gone is named, as what keeps it from being told."""
    await add_second_line(hass, simulator)
    by_user = er.RegistryEntryDisabler.USER
    entity_registry.async_update_entity("notify.ada", disabled_by=by_user)
    text: dict[str, Any] = {"message": "Fire", "recipients": BEN}
    await act(hass, "send_sms", contacts="notify.ada", **text)
    assert [sms.recipient for sms in line.sent] == [BEN]
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "send_sms", contacts="notify.gone", **text)
    assert placeholders_of(caught) == {"entity": "notify.gone"}
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "send_sms", **text)
    assert caught.value.translation_key == "which_line"
