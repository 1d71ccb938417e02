"""The world on disk: the same after a restart, never torn, never guessed."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator import Line, Simulator, World, snapshot

from . import ADA, BEN, GRACE, WHEN
from .conftest import Api, House


@pytest.fixture
async def kept(api: Api, sim: Simulator, line: Line, house: House) -> dict[str, Any]:
    """Keep a world in which everything has happened."""
    sim.clock.freeze(WHEN)
    sim.world.set_phone(ADA, name="Ada", fate="FAILED")
    line.switches.update({"sent_after": 10, "delivered_after": 10, "ring_for": 30})
    line.call_auto_reply = "Nobody is home"
    await api.send("Hi", f"{ADA},{BEN}")
    await line.report("16276", "SENT")
    await line.receive_sms(GRACE, "Hello")
    await line.receive_call(GRACE, 4)
    await api.call(BEN)
    assert len(house.bodies) == 3
    return snapshot.of_world(sim.world)


async def test_a_world_comes_back_as_it_was(
    kept: dict[str, Any], line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "deep" / "state.json"
    snapshot.save(line.world, file)
    world = World()
    world.clock.freeze(WHEN)

    snapshot.load(world, file)

    assert snapshot.of_world(world) == kept
    assert world.line(line.msisdn).sent == line.sent
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]
    world.clock.stop()


async def test_what_was_on_its_way_goes_on(kept: dict[str, Any]) -> None:
    world = World()
    world.clock.freeze(WHEN)
    snapshot.restore(world, kept)

    world.clock.advance(60)
    await world.poster.settle()
    (line,) = world.lines

    assert [sms.status for sms in line.sent] == ["FAILED", "DELIVERED", "DELIVERED"]
    assert [call.status for call in line.calls] == ["NOT ANSWERED"]
    assert world.ids.next_tracking_id() == "16279"
    await world.poster.close()


@pytest.mark.usefixtures("kept")
async def test_what_was_over_stays_over(sim: Simulator) -> None:
    sim.clock.advance(60)
    await sim.settle()
    world = World()
    world.clock.freeze(sim.clock.now())

    snapshot.restore(world, snapshot.of_world(sim.world))

    world.clock.advance(60)
    assert snapshot.of_world(world) == snapshot.of_world(sim.world)
    await world.poster.close()


async def test_a_switch_of_another_version_is_left_out(kept: dict[str, Any]) -> None:
    kept["lines"][0]["switches"]["gone"] = True
    world = World()

    snapshot.restore(world, kept)

    assert world.lines[0].switches.ring_for == 30
    world.clock.stop()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="no object"),
        pytest.param(json.dumps({"version": 99}), id="another version"),
        pytest.param(json.dumps({"version": 1}), id="incomplete"),
    ],
)
async def test_a_file_that_holds_no_world_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(text)

    with pytest.raises(ValueError, match="holds no state"):
        snapshot.load(World(), file)
