"""Reading of the provider's answers: what is accepted, refused, unknown, unreadable."""

import json
from typing import Any

import pytest

from custom_components.cecula_sync.api.exceptions import (
    CeculaAuthenticationError,
    CeculaError,
    CeculaNotFoundError,
    CeculaOutcomeUnknownError,
    CeculaRejectedError,
    CeculaUnavailableError,
)
from custom_components.cecula_sync.api.models import (
    AcceptedRecipient,
    Dialect,
    SendReceipt,
)
from custom_components.cecula_sync.api.responses import (
    parse_call_id,
    parse_receipt,
    raise_for_error,
)
from tests.conftest import ADA, BEN

DIALECT = Dialect()


@pytest.fixture(autouse=True)
def _custom_integrations() -> None:
    """Leave Home Assistant out of these tests."""


def told(**answer: Any) -> bytes:
    """Return an answer."""
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        pytest.param(401, b"", CeculaAuthenticationError, id="401"),
        pytest.param(
            200, told(errorCode=401), CeculaAuthenticationError, id="401 in a 200"
        ),
        pytest.param(
            400, told(errorCode="401"), CeculaAuthenticationError, id="401 as text"
        ),
        pytest.param(404, b"<html>", CeculaNotFoundError, id="404"),
        pytest.param(200, told(errorCode=404), CeculaNotFoundError, id="404 in a 200"),
        pytest.param(500, b"", CeculaUnavailableError, id="500"),
        pytest.param(400, b"[]", CeculaUnavailableError, id="400"),
        pytest.param(429, b"{}", CeculaUnavailableError, id="429"),
        pytest.param(302, b"", CeculaUnavailableError, id="redirect"),
        pytest.param(304, b"", CeculaUnavailableError, id="not modified"),
        pytest.param(200, told(errorCode=500), CeculaUnavailableError, id="500 in 200"),
    ],
)
def test_an_answer_that_is_no_success_says_what_to_do_next(
    status: int, body: bytes, error: type[CeculaError]
) -> None:
    """By its body first, then by its status."""
    with pytest.raises(error) as caught:
        raise_for_error(status, body)
    assert type(caught.value) is error


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500])
@pytest.mark.parametrize("name", ["code", "status", "statusCode"])
@pytest.mark.parametrize("code", ["CE1100", "ce1100"])
def test_a_sync_error_is_a_refusal_whatever_carries_it(
    status: int, name: str, code: str
) -> None:
    """The HTTP status is not documented, so any answer is searched."""
    with pytest.raises(CeculaRejectedError) as caught:
        raise_for_error(status, told(**{name: code, "error": "Invalid field"}))
    assert (caught.value.code, caught.value.reason) == ("CE1100", "Invalid field")
    assert str(caught.value) == "CE1100"


@pytest.mark.parametrize("status", [405, 415])
def test_a_request_that_was_not_taken_is_refused(status: int) -> None:
    """The provider did not look at it."""
    for carrier, body in ((status, b""), (200, told(errorCode=status))):
        with pytest.raises(CeculaRejectedError) as caught:
            raise_for_error(carrier, body)
        assert caught.value.code == str(status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"secret",
        told(status="1801"),
        told(status="CEO"),
        told(code="CE1"),
        told(errorCode=0),
        told(errorCode=""),
        told(errorCode="none"),
    ],
)
def test_an_answer_that_reports_no_error_is_left_to_its_reader(body: bytes) -> None:
    """Only an error is looked for."""
    raise_for_error(200, body)


def receipt(
    *accepted: tuple[str, str | None], unconfirmed: Any = (), refused: Any = ()
) -> SendReceipt:
    """Return what the reader is to find."""
    return SendReceipt(
        accepted=tuple(
            AcceptedRecipient(recipient=recipient, tracking_id=tracking_id)
            for recipient, tracking_id in accepted
        ),
        refused=tuple(refused),
        unconfirmed=tuple(unconfirmed),
    )


BOTH = [
    {"recipient": ADA, "trackingId": "16276"},
    {"recipient": BEN, "trackingId": "16277"},
]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        *(
            pytest.param(
                {name: code, list_name: BOTH},
                receipt((ADA, "16276"), (BEN, "16277")),
                id=f"{name} {code!r} {list_name}",
            )
            for name in ("status", "code", "statusCode")
            for code in ("1801", 1801)
            for list_name in ("reports", "report")
        ),
        pytest.param(
            {
                "status": "1801",
                "reports": [
                    {"receiver": "08031234567", "messageId": 2},
                    {"receiver": "2348183172770", "messageId": 1},
                ],
            },
            receipt((ADA, "1"), (BEN, "2")),
            id="other spellings and order",
        ),
        pytest.param(
            {"status": "1801"}, receipt((ADA, None), (BEN, None)), id="without reports"
        ),
        pytest.param(
            {"status": "1801", "reports": []},
            receipt(unconfirmed=[ADA, BEN]),
            id="no report",
        ),
        pytest.param(
            {
                "status": "1801",
                "reports": [BOTH[1], "secret", {}, {"recipient": "MTN"}],
            },
            receipt((BEN, "16277"), unconfirmed=[ADA]),
            id="one left out, and others unreadable",
        ),
        pytest.param(
            {"status": "1801", "reports": [{"recipient": ADA}, BOTH[1]]},
            receipt((BEN, "16277"), unconfirmed=[ADA]),
            id="one without an id",
        ),
        pytest.param(
            {
                "status": "1801",
                "reports": [{"recipient": ADA, "status": "CE1802"}, BOTH[1]],
            },
            receipt((BEN, "16277"), refused=[ADA]),
            id="one refused",
        ),
        pytest.param(
            {"status": "1801", "reports": [*BOTH, {**BOTH[0], "trackingId": "9"}]},
            receipt((ADA, "16276"), (BEN, "16277")),
            id="one twice",
        ),
    ],
)
def test_each_recipient_of_an_accepted_send_gets_its_id(
    answer: dict[str, Any], expected: SendReceipt
) -> None:
    """However the provider spells it; who is left out is not confirmed."""
    assert parse_receipt(told(**answer), [ADA, BEN], DIALECT) == expected


@pytest.mark.parametrize(
    "report",
    [
        pytest.param({"trackingId": "1"}, id="without a recipient"),
        pytest.param({"recipient": "0818-317", "trackingId": "1"}, id="odd spelling"),
    ],
)
def test_the_only_report_answers_the_only_recipient(report: dict[str, str]) -> None:
    """It can mean nobody else."""
    body = told(status="1801", reports=[report])
    assert parse_receipt(body, [ADA], DIALECT) == receipt((ADA, "1"))


@pytest.mark.parametrize(
    ("body", "won"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b"[]", [], id="array"),
        pytest.param(b"<html>", [], id="html"),
        pytest.param(told(), [], id="empty object"),
        pytest.param(told(status="1802"), [], id="another code"),
        pytest.param(told(message="Accepted"), [], id="no code"),
        pytest.param(told(reports=BOTH), ["16276", "16277"], id="ids without a code"),
        pytest.param(told(status="9", report=BOTH[:1]), ["16276"], id="ids and a code"),
    ],
)
def test_what_does_not_say_accepted_is_unknown_with_the_ids_it_has(
    body: bytes, won: list[str]
) -> None:
    """Ids that were already won are not lost."""
    with pytest.raises(CeculaOutcomeUnknownError) as caught:
        parse_receipt(body, [ADA, BEN], DIALECT)
    assert [item.tracking_id for item in caught.value.accepted] == won
    assert ADA[4:] not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "call_id"),
    [({"callId": "7"}, "7"), ({"callId": 7}, "7"), ({"trackingId": "7"}, "7")],
)
def test_a_placed_call_has_an_id(answer: dict[str, Any], call_id: str) -> None:
    """Under either name."""
    assert parse_call_id(told(**answer)) == call_id


@pytest.mark.parametrize("body", [b"", b"[]", told(callId=""), told(status="1801")])
def test_a_call_without_an_id_is_unknown(body: bytes) -> None:
    """It may ring all the same."""
    with pytest.raises(CeculaOutcomeUnknownError):
        parse_call_id(body)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "failed", "code": "CE3001"},
        {"status": 400, "code": "CE3001", "error": "Insufficient credit"},
        {"status": "1", "statusCode": "CE3001"},
    ],
)
def test_a_sync_error_is_found_beside_another_status(answer: dict[str, Any]) -> None:
    """Any of the three fields may hold the code."""
    with pytest.raises(CeculaRejectedError):
        raise_for_error(200, told(**answer))


@pytest.mark.parametrize("status", ["success", 200])
def test_an_acceptance_is_found_beside_another_status(status: Any) -> None:
    """Any of the three fields may hold the code."""
    body = told(status=status, code="1801", reports=BOTH)
    assert len(parse_receipt(body, [ADA, BEN], DIALECT).accepted) == 2
