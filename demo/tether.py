"""Becomes another command, which ends when the demo does, however that ends.

Run by its path: `python demo/tether.py <pid of the demo> <command> ...`
"""

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1


def main() -> None:
    """Ask the kernel to be told of the demo's end, then become the command."""
    _, demo, *command = sys.argv
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != int(demo):
        sys.exit("The demo ended before its command began.")
    os.execv(command[0], command)  # noqa: S606 (the demo's own command, no shell)


if __name__ == "__main__":
    main()
