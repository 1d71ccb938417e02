"""What strangers post to the webhook; `scripts/bench fuzz` posts a million of it."""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection
import json
import logging
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from benchmarks.fuzz.bodies import EXAMPLES
from benchmarks.fuzz.poster import post_all
from benchmarks.fuzz.run import Complaints, judge
from simulator import Line

from .conftest import WEBHOOK_ID, captured

PATH = f"/api/webhook/{WEBHOOK_ID}"
BODIES = 2000
ANSWERS = {
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}

FIELDS = st.sampled_from(sorted({key for example in EXAMPLES for key in example}))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
CHANGES = st.dictionaries(FIELDS | st.text(), VALUES, max_size=4)
# What has the fields of an item, and in them anything; or else any bytes.
HOSTILE = st.one_of(
    st.builds(
        lambda example, changes: json.dumps(example | changes).encode(),
        st.sampled_from(EXAMPLES),
        CHANGES,
    ),
    VALUES.map(lambda value: json.dumps(value, ensure_ascii=False)).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
    st.binary(max_size=200),
)


@pytest.fixture
async def client(hooked: MockConfigEntry, hass_client_no_auth: Any) -> Any:
    """Return who knows the webhook's address and is not the provider."""
    return await hass_client_no_auth()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Return what is logged as an error, by whomever."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


async def assert_unharmed(hass: HomeAssistant, line: Line) -> None:
    """See that what the provider posts is told as ever."""
    heard = captured(hass, "sms_received")
    assert await line.post_webhook("sms", EXAMPLES[0] | {"message": "There?"}) == [200]
    await hass.async_block_till_done()
    assert [event.data["message"] for event in heard] == ["There?"]


async def test_made_up_posts_do_no_harm(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    client: TestClient[Any, Any],
    complaints: Complaints,
) -> None:
    """Examples of the provider, distorted in every way, by any method."""
    statuses = await post_all(int(client.port or 0), PATH, seed=2, number=BODIES)
    assert statuses.total() == BODIES
    assert len(statuses) > 3
    assert judge(hooked, statuses) == []
    assert complaints.found == []
    await assert_unharmed(hass, line)


async def test_whatever_is_posted_is_taken_or_refused(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    client: TestClient[Any, Any],
    complaints: Complaints,
) -> None:
    """Hypothesis makes it up; it is never a failure, and nothing is logged of it."""
    answers: Counter[int] = Counter()

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(HOSTILE)
    def post_all_of_it(body: bytes) -> None:
        connection = HTTPConnection("127.0.0.1", client.port, timeout=30)
        connection.request("POST", PATH, body)
        answers[connection.getresponse().status] += 1
        connection.close()
        assert answers.keys() <= ANSWERS

    await hass.async_add_executor_job(post_all_of_it)
    assert len(answers) > 1
    assert complaints.found == []
    await assert_unharmed(hass, line)
