"""What the action that asks takes for which answer, and which answers it refuses."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .asking import asked
from .conftest import ADA
from .doors import act, assert_tells_no_secret, hook_up, placeholders_of

THUMB, DARK_THUMB = "\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}\U0001f3ff"
HEART = "\N{HEAVY BLACK HEART}"


async def understood(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    new_client: Any,
    accepted: Any,
    text: str,
) -> bool:
    """Ask, answer, and return whether the text was the answer that was expected."""
    hook_up(line, await new_client())
    answers = [{"id": "it", "texts": accepted}, {"id": "other", "texts": "else"}]
    asking = await asked(hass, simulator, line, recipients=ADA, answers=answers)
    assert await line.receive_sms(ADA, text) == [200]
    answer = await asking
    assert answer["sentence"] == text
    return bool(answer["id"] == "it")


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        pytest.param("Yes", "yES", id="case"),
        pytest.param("yes", " \n Yes!!  ", id="punctuation and blanks around"),
        pytest.param("I'm on my way.", "im  on\tmy way", id="punctuation within"),
        pytest.param("O.K.", "ok", id="dots"),
        pytest.param(["later", "not now"], "Not now", id="one of several"),
        pytest.param("Straße", "STRASSE", id="German sharp s"),
        pytest.param("schön", "SCHO\N{COMBINING DIAERESIS}N", id="umlaut"),
        pytest.param("déjà vu", "deja vu", id="French accents"),
        pytest.param("hay\N{LATIN SMALL LETTER DOTLESS I}r", "HAYIR", id="Turkish"),
        pytest.param("iptal", "İPTAL", id="Turkish dot"),
        pytest.param("bẹ́ẹ̀ni", "Beeni", id="Yoruba"),
        pytest.param("a'a", "A\N{RIGHT SINGLE QUOTATION MARK}a", id="Hausa"),
        pytest.param("włącz", "WLACZ", id="Polish"),
        pytest.param("Άντε", "ΑΝΤΕ", id="Greek"),  # noqa: RUF001
        pytest.param("نعم", "نَعَمْ", id="Arabic vowel points"),
        pytest.param("نعم", "نعـــم،", id="stretched Arabic"),
        pytest.param("\N{RIGHT-TO-LEFT MARK}نعم", "نعم", id="marks of direction"),
        pytest.param("٣", "3", id="Arabic digit"),
        pytest.param("\N{FULLWIDTH LATIN SMALL LETTER O}k", "OK", id="wide letters"),
        pytest.param(1, "1.", id="number"),
        pytest.param("1", "1\N{VARIATION SELECTOR-16}\u20e3", id="keycap"),
        pytest.param(THUMB, f"{THUMB}!", id="emoji"),
        pytest.param(THUMB, DARK_THUMB, id="tone of the hand"),
        pytest.param(HEART, f"{HEART}\N{VARIATION SELECTOR-16}", id="coloured emoji"),
        pytest.param("yes", "Yes 😀", id="emoji after"),
        pytest.param(
            "yes", f"{DARK_THUMB} yes! {HEART}\N{VARIATION SELECTOR-16}", id="around"
        ),
        pytest.param("not now", "not😀now", id="emoji between"),
        pytest.param("Yes 😀", "yes", id="emoji of the answer"),
        pytest.param("ok", "ok 👩\N{ZERO WIDTH JOINER}🚒", id="emoji of several"),
        pytest.param("ok", "ok \N{LEFT RIGHT ARROW}", id="emoji that is a sign"),
        pytest.param("ok", "ok \U0001faef", id="emoji of Unicode 17"),
        pytest.param("نعم", "نعم 👍", id="emoji after Arabic"),
        pytest.param("!", " ! ", id="punctuation only"),
        pytest.param("+", "+", id="sign only"),
    ],
)
async def test_a_text_is_compared_as_people_type(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    hass_client_no_auth: Any,
    accepted: Any,
    text: str,
) -> None:
    """Case, accents, punctuation, emoji and blanks make no difference."""
    new_client = hass_client_no_auth
    assert await understood(hass, simulator, line, new_client, accepted, text)


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        pytest.param("yes", "yes please", id="more"),
        pytest.param("yes please", "yes", id="less"),
        pytest.param("not now", "notnow", id="run together"),
        pytest.param("!", "?", id="other punctuation"),
        pytest.param("!", "", id="nothing"),
        pytest.param(THUMB, "\N{THUMBS DOWN SIGN}", id="other emoji"),
        pytest.param(THUMB, f"{THUMB} but why", id="words beside an emoji"),
        pytest.param("21", "21°", id="sign that is no emoji"),
        pytest.param("15", "1.5", id="decimal fraction"),
        pytest.param("はい", "ばい", id="Japanese voicing"),
        pytest.param("दिन", "दीन", id="Hindi vowels"),
    ],
)
async def test_a_text_that_only_resembles_an_answer_is_a_free_sentence(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    hass_client_no_auth: Any,
    accepted: Any,
    text: str,
) -> None:
    """Nothing is guessed."""
    new_client = hass_client_no_auth
    assert not await understood(hass, simulator, line, new_client, accepted, text)


YES = {"id": "yes", "texts": ["yes", "ok"]}


@pytest.mark.parametrize(
    ("answers", "key", "placeholders"),
    [
        pytest.param(
            [YES, {"id": "no", "texts": ["no", "  O.K. "]}],
            "answers_overlap",
            {"first": "yes", "second": "no"},
            id="a text of two answers",
        ),
        pytest.param(
            [YES, {"id": "no", "texts": f"ok {THUMB}"}],
            "answers_overlap",
            {"first": "yes", "second": "no"},
            id="only an emoji apart",
        ),
        pytest.param(
            [YES, {"id": "yes", "texts": "sure"}],
            "answer_twice",
            {"answer": "yes"},
            id="an id of two answers",
        ),
        pytest.param(
            [{"id": 1, "texts": "a"}, {"id": "1", "texts": "b"}],
            "answer_twice",
            {"answer": "1"},
            id="an id in two spellings",
        ),
        pytest.param(
            [{"id": "a", "texts": []}],
            "answer_without_text",
            {"answer": "a"},
            id="no text",
        ),
        pytest.param(
            [{"id": ADA, "texts": ["yes", " \N{ZERO WIDTH SPACE}"]}],
            "answer_without_text",
            {"answer": "+234…770"},
            id="an empty text, of an id that is a number",
        ),
        *(
            pytest.param(
                [{"id": "a", "texts": text}],
                "answer_not_plain",
                {"answer": "a", "characters": "{ } [ ] < > |"},
                id=text,
            )
            for text in ("yes|no", "[oh] yes", "{when}", "<name>")
        ),
        pytest.param(
            [{"id": True, "texts": "yes"}],
            "answer_unquoted",
            {},
            id="id not quoted",
        ),
        pytest.param(
            [{"id": "no", "texts": [False]}],
            "answer_unquoted",
            {},
            id="text without quotes",
        ),
    ],
)
async def test_answers_that_are_unclear_are_refused_before_anything_is_sent(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    answers: list[dict[str, Any]],
    key: str,
    placeholders: dict[str, str],
) -> None:
    """One clear error says which answer is meant."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "ask", question="Well?", recipients=ADA, answers=answers)
    assert caught.value.translation_key == key
    assert placeholders_of(caught) == placeholders
    assert_tells_no_secret(str(caught.value), ADA)
    assert simulator.requests_to("send-sms") == []


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param(
            {"answers": [YES], "call_back_answer": "Yes"},
            "call_back_unknown",
            id="case",
        ),
        pytest.param({"call_back_answer": "yes"}, "call_back_unknown", id="no answers"),
        pytest.param(
            {"answers": [YES], "call_back_answer": True},
            "answer_unquoted",
            id="without quotes",
        ),
    ],
)
async def test_a_call_back_stands_for_one_of_the_answers(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    data: dict[str, Any],
    key: str,
) -> None:
    """Else nobody would act on what it means."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "ask", question="Well?", recipients=ADA, **data)
    assert caught.value.translation_key == key
    assert simulator.requests_to("send-sms") == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"answers": []}, id="an empty list"),
        pytest.param({"call_back_answer": "yes"}, id="a call back alone"),
    ],
)
async def test_only_listed_answers_need_some_that_are_listed(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    data: dict[str, Any],
) -> None:
    """Else nothing could end the question."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass, "ask", question="Well?", recipients=ADA, only_listed=True, **data
        )
    assert caught.value.translation_key == "only_listed_lists_nothing"
    assert simulator.requests_to("send-sms") == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"answers": [{"texts": "yes"}]}, id="no id"),
        pytest.param({"answers": [{"id": "", "texts": "yes"}]}, id="empty id"),
        pytest.param({"answers": [{"id": "yes"}]}, id="no texts"),
        pytest.param({"answers": [{"id": "yes", "texts": [None]}]}, id="null"),
        pytest.param({"answers": ["yes"]}, id="texts only"),
        pytest.param({"answers": [YES | {"match": "anywhere"}]}, id="no way to match"),
        pytest.param({"call_back_answer": ""}, id="empty call back"),
        pytest.param({"timeout": -1}, id="negative timeout"),
        pytest.param({"answers": [YES], "only_listed": "some"}, id="no boolean"),
    ],
)
async def test_what_has_another_form_is_refused(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    data: dict[str, Any],
) -> None:
    """Home Assistant says which field is meant."""
    with pytest.raises(vol.Invalid):
        await act(hass, "ask", question="Well?", recipients=ADA, **data)
    assert simulator.requests_to("send-sms") == []


async def test_an_answer_may_have_a_text_in_two_spellings(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """They mean the same, so that is not unclear; a single answer needs no list."""
    answers = {"id": "yes", "texts": ["Yes", "yes!"]}
    await act(hass, "ask", question="?", recipients=ADA, answers=answers, timeout=0)
    assert [sms.recipient for sms in line.sent] == [ADA]
