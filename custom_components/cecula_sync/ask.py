"""Question and answer: an SMS asks, and a text or a call back answers."""

from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.core import ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .answers import ATTR_ID, ATTR_MATCH, ATTR_TEXTS, Match, read_answers
from .api.numbers import split_recipients
from .const import (
    ATTR_CONTACTS,
    ATTR_IGNORE_LIMIT,
    ATTR_RECIPIENTS,
    ATTR_TIMEOUT,
    CONF_INBOUND,
    DOMAIN,
    INBOUND_POLLING,
    LOGGER,
)
from .endings import Fate
from .entity import async_texted
from .outcome import raise_unless_accepted, raise_unless_all_accepted
from .targets import LINE_SCHEMA, resolve, split_contacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.core import HomeAssistant, ServiceResponse

    from .endings import SendResult
    from .recipients import Rejection

ATTR_ANSWERS: Final = "answers"
ATTR_CALL_BACK_ANSWER: Final = "call_back_answer"
ATTR_ONLY_LISTED: Final = "only_listed"
ATTR_QUESTION: Final = "question"

SERVICE_ASK: Final = "ask"

# A number may stand for text; so may a boolean here, to be told what it is in YAML.
_WORD: Final = vol.Any(vol.All(str, vol.Length(min=1)), int)

ASK_SCHEMA = vol.Schema(
    {
        **LINE_SCHEMA,
        vol.Optional(ATTR_RECIPIENTS, default=list): split_recipients,
        vol.Optional(ATTR_CONTACTS, default=list): split_contacts,
        vol.Required(ATTR_QUESTION): cv.string,
        vol.Optional(ATTR_ANSWERS, default=list): vol.All(
            cv.ensure_list,
            [
                {
                    vol.Required(ATTR_ID): _WORD,
                    vol.Required(ATTR_TEXTS): vol.All(
                        cv.ensure_list, [vol.Any(str, int)]
                    ),
                    vol.Optional(ATTR_MATCH, default=Match.WHOLE): vol.Coerce(Match),
                }
            ],
        ),
        vol.Optional(ATTR_CALL_BACK_ANSWER): _WORD,
        vol.Optional(ATTR_ONLY_LISTED, default=False): cv.boolean,
        vol.Optional(ATTR_TIMEOUT, default={"minutes": 5}): cv.positive_time_period,
        vol.Optional(ATTR_IGNORE_LIMIT, default=False): cv.boolean,
    }
)


@callback
def async_setup_ask(hass: HomeAssistant) -> None:
    """Register the action; it outlives every entry."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_ASK,
        _async_ask,
        schema=ASK_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_ask(call: ServiceCall) -> ServiceResponse:
    """Ask, and wait for the first answer of those whom the question may have reached.

    Whoever listens is there before the question leaves, but what comes before the
    provider has accepted it answers something else.
    """
    answers = read_answers(
        call.data[ATTR_ANSWERS],
        call.data.get(ATTR_CALL_BACK_ANSWER),
        only_listed=call.data[ATTR_ONLY_LISTED],
    )
    target = resolve(call, call.data[ATTR_RECIPIENTS], call.data[ATTR_CONTACTS])
    runtime = target.entry.runtime_data
    questions = runtime.questions
    with questions.open(answers) as question:
        result = await runtime.sender.async_send_sms(
            call.data[ATTR_QUESTION],
            target.recipients,
            call.context,
            ignore_limit=call.data[ATTR_IGNORE_LIMIT],
            on_end=partial(questions.async_accepted, question),
        )
        raise_unless_accepted(result, target.rejected)
        if result.error is None:
            async_texted(call.hass, target.picked, call.context)
        # They may have it, and then may answer.
        questions.async_asked(question, result.with_fate(Fate.UNKNOWN))
        question.async_sent()
        if target.entry.options.get(CONF_INBOUND) == INBOUND_POLLING:
            # What this look does not find yet came after the question.
            target.entry.async_create_background_task(
                call.hass, runtime.catch_up.async_look_anew(), f"{DOMAIN} look"
            )
        _log_unless_all_asked(result, target.rejected)
        ending = await question.async_wait(call.data[ATTR_TIMEOUT].total_seconds())
    return ending.as_response() if call.return_response else None


def _log_unless_all_asked(result: SendResult, rejected: Sequence[Rejection]) -> None:
    """Tell of whom the question did not reach; the others may answer all the same."""
    try:
        raise_unless_all_accepted(result, rejected)
    except HomeAssistantError as err:
        LOGGER.warning("Not everybody was asked. %s", err)
