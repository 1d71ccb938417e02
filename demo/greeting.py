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

Three things to try:
  1. Among the phones, call the house as Ada and hang up: the gate moves.
  2. In Home Assistant, switch on "Water leak": Ada's phone gets a text.
  3. Text the house as Ada: the dashboard shows it. Then "Ring Ada", and answer.

It keeps everything in {stage.path.name}/; delete that to begin anew. Ctrl+C stops both.
"""
