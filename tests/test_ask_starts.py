"""Answers that only the start of a text must be."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .asking import asked
from .conftest import ADA
from .doors import hook_up

THUMB, DARK_THUMB = "\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}\U0001f3ff"


def answer(answer_id: str, *texts: str, match: str = "start") -> dict[str, Any]:
    """Describe an answer."""
    return {"id": answer_id, "texts": list(texts), "match": match}


YES, NO = answer("yes", "yes", "ok", THUMB), answer("no", "no", "not now")


@pytest.fixture(autouse=True)
async def _hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Have the provider post what comes in."""
    hook_up(line, await hass_client_no_auth())


async def understood(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    answers: list[dict[str, Any]],
    text: str,
) -> str | None:
    """Ask, answer, and return the id of what it was taken for."""
    asking = await asked(hass, simulator, line, recipients=ADA, answers=answers)
    assert await line.receive_sms(ADA, text) == [200]
    response = await asking
    assert response["sentence"] == text
    answer_id: str | None = response["id"]
    return answer_id


@pytest.mark.parametrize(
    ("text", "answer_id"),
    [
        pytest.param("Yes dear, thank you", "yes", id="blank"),
        pytest.param("YES,dear", "yes", id="comma"),
        pytest.param("Yes...I come", "yes", id="dots"),
        pytest.param("yes--coming", "yes", id="dash of two hyphens"),
        pytest.param("Yes\ncoming", "yes", id="line"),
        pytest.param("O.K.,dear", "yes", id="dots within"),
        pytest.param("yes😀coming", "yes", id="emoji"),
        pytest.param("😀 yes dear", "yes", id="emoji before"),
        pytest.param(f"{DARK_THUMB} thanks", "yes", id="emoji of the answer"),
        pytest.param(THUMB * 3, "yes", id="emoji several times"),
        pytest.param(f"{THUMB}thanks", "yes", id="emoji before a word"),
        pytest.param("yes", "yes", id="the whole"),
        pytest.param("Not now, dear", "no", id="two words"),
        pytest.param("Not\N{NO-BREAK SPACE}now dear", "no", id="other blank"),
        pytest.param("yesterday", None, id="longer word"),
        pytest.param("nobody", None, id="longer word of another"),
        pytest.param("No-one is here", None, id="hyphen within a word"),
        pytest.param("Oh yes", None, id="not at the start"),
        pytest.param("Not", None, id="half of it"),
        pytest.param("Not nowhere", None, id="half of the second word"),
    ],
)
async def test_a_text_may_go_on_after_the_answer(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    text: str,
    answer_id: str | None,
) -> None:
    """If the answer ends where a word does."""
    assert await understood(hass, simulator, line, [YES, NO], text) == answer_id


@pytest.mark.parametrize(
    ("accepted", "text", "is_it"),
    [
        pytest.param("sí", "SI, mamá", True, id="accents"),
        pytest.param("نعم", "نَعَمْ، شكرا", True, id="Arabic"),
        pytest.param("نعم", "نعم،شكرا", True, id="Arabic comma"),
        pytest.param("نعم", "\N{RIGHT-TO-LEFT MARK}نعم شكرا", True, id="direction"),
        pytest.param("نعم", "نعمة", False, id="longer Arabic word"),
        pytest.param("כן", "כן, אמא", True, id="Hebrew"),
        pytest.param("צה", "צה״ל", False, id="Hebrew abbreviation"),
        pytest.param("हाँ", "हाँ।ठीक", True, id="Hindi"),
        pytest.param("हा", "हाँ", False, id="Hindi vowels"),
        pytest.param("はい", "はい、どうぞ", True, id="Japanese"),
        pytest.param("네", "넵", False, id="Korean syllable"),
        pytest.param("a'a", "A'a, mama", True, id="Hausa"),
        pytest.param("a", "A'a, mama", False, id="half of a Hausa word"),
        pytest.param("1", "1. now", True, id="number"),
        pytest.param("1", "1\N{VARIATION SELECTOR-16}\u20e3 now", True, id="keycap"),
        pytest.param("1", "1.5 now", False, id="decimal fraction"),
        pytest.param("?", "? What", True, id="punctuation only"),
        pytest.param("?", "?What", True, id="punctuation before a word"),
    ],
)
async def test_a_start_is_compared_as_people_type(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    accepted: str,
    text: str,
    is_it: bool,
) -> None:
    """In their own script."""
    answers = [answer("it", accepted)]
    answer_id = await understood(hass, simulator, line, answers, text)
    assert answer_id == ("it" if is_it else None)


@pytest.mark.parametrize(
    ("answers", "text", "answer_id"),
    [
        pytest.param(
            [answer("yes", "yes"), answer("later", "yes later", match="whole")],
            "Yes, later!",
            "later",
            id="the whole text before a start",
        ),
        pytest.param(
            [answer("yes", "yes"), answer("later", "yes later", match="whole")],
            "Yes, later today",
            "yes",
            id="what must be the whole is no start",
        ),
        pytest.param(
            [answer("yes", "yes"), answer("later", "yes later")],
            "Yes, later today",
            "later",
            id="the longer start",
        ),
        pytest.param(
            [answer("later", "yes later"), answer("yes", "yes")],
            "Yes, later today",
            "later",
            id="the longer start though it is first",
        ),
        pytest.param(
            [answer("thumb", THUMB), answer("k", "k")],
            f"{THUMB} k thanks",
            "k",
            id="words before as long an emoji",
        ),
        pytest.param(
            [answer("thumbs", THUMB * 3), answer("k", "k")],
            f"{THUMB * 3} k",
            "k",
            id="the whole words before a longer emoji",
        ),
        pytest.param(
            [answer("yes", "yes", match="whole"), answer("no", "no")],
            "Yes dear",
            None,
            id="only of its own answer",
        ),
    ],
)
async def test_one_answer_wins(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    answers: list[dict[str, Any]],
    text: str,
    answer_id: str | None,
) -> None:
    """In whatever order they are given."""
    assert await understood(hass, simulator, line, answers, text) == answer_id
