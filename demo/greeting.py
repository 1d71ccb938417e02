"""What somebody who started the demo is told."""

from typing import TYPE_CHECKING

from . import owner

if TYPE_CHECKING:
    from .stage import Stage


def words(stage: Stage) -> str:
    """Return where to look, how to get in, and what to try."""
    login = f"(user {owner.USERNAME}, password {owner.PASSWORD})"
    return f"""
  Home Assistant    {stage.home.url}   {login}
  Phones outside    {stage.phone.url}

Four things to try:
  1. In Home Assistant, tap "Water leak": Ada's phone is texted.
  2. On Ada's phone, call the house (✆, "Ring and hang up"): the gate moves.
     Then text the house: the dashboard shows it.
  3. In Home Assistant, press "Ring Ada", and answer on her phone.
  4. Press "Ask family: dinner?", and text "yes" from Grace's phone.

It keeps everything in {stage.path.name}/; delete that to begin anew. Ctrl+C stops both.
"""
