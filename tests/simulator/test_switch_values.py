"""Switches take what they are for, and nothing else."""

from typing import Any

import pytest

from simulator import Switches
from simulator.switches import choices


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("nonsense", 1, id="no switch"),
        pytest.param("ids_as", "letters", id="no choice"),
        pytest.param("ids_as", ["string"], id="a list"),
        pytest.param("sms_list_empties", 1, id="no flag"),
        pytest.param("webhook_retries", True, id="a flag for a count"),
        pytest.param("webhook_retries", 1.5, id="no count"),
        pytest.param("page_price", None, id="no price"),
        pytest.param("page_price", -1, id="a negative price"),
        pytest.param("page_price", "2.5", id="a text for a price"),
        pytest.param("sim_status_field", 1, id="no text"),
    ],
)
def test_a_wrong_switch_changes_nothing(name: str, value: Any) -> None:
    switches = Switches()

    with pytest.raises(ValueError, match=name):
        switches.update({"ids_as": "number", name: value})
    assert switches == Switches()


def test_each_switch_says_what_it_takes() -> None:
    kinds = choices()

    assert set(kinds) == set(Switches().as_dict())
    assert kinds["ids_as"] == {"kind": "choice", "values": ["string", "number"]}
    assert kinds["recipient_spelling"]["values"][-1] == "as_sent"
    assert kinds["sent_after"] == {"kind": "optional_number"}
    assert kinds["webhook_retries"] == kinds["page_price"] == {"kind": "number"}
    assert kinds["number_missing"] == {"kind": "flag"}
    assert kinds["expiry_format"] == {"kind": "text"}


def test_a_delay_can_be_given_back_to_the_hand() -> None:
    switches = Switches.demo()

    switches.update({"sent_after": None, "delivered_after": 0.5})

    assert (switches.sent_after, switches.delivered_after) == (None, 0.5)
