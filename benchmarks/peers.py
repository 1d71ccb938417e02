"""What others that ship with Home Assistant need, kept beside what is ours."""

import os
from pathlib import Path
import subprocess
import sys

_FOLDER = Path(sys.prefix, "peers")
# As their manifests name them in the Home Assistant that is tested with.
_PACKAGES = (
    *("twilio==6.32.0", "pyfttt==0.3"),
    *("aiontfy==0.8.5", "python-overseerr==0.9.0"),
)


def have_peers() -> str:
    """Have them importable, after all that is ours; return why not, or nothing."""
    stamp = _FOLDER / ".complete"
    if not stamp.exists():
        uv = Path(sys.prefix, "bin", "uv")
        command = (uv, "pip", "install", "--quiet", "--target", _FOLDER, *_PACKAGES)
        environment = os.environ | {"VIRTUAL_ENV": sys.prefix}
        done = subprocess.run(  # noqa: S603 (our own command)
            command, check=False, capture_output=True, text=True, env=environment
        )
        if done.returncode:
            return done.stderr.strip().splitlines()[-1]
        stamp.touch()
    if str(_FOLDER) not in sys.path:
        sys.path.append(str(_FOLDER))
    return ""
