"""Coverage-guided fuzzing of what reads a post, where atheris is installed."""

from importlib.util import find_spec
import json
from pathlib import Path
import subprocess
import sys
import tempfile

from .bodies import EXAMPLES

_LONGEST_SHAPE = 2000
_MISSING = "atheris is not installed: .venv/bin/uv pip install --python .venv atheris"


def guided(seconds: int) -> bool:
    """Fuzz so long; return whether anything but a translated refusal came of it."""
    if find_spec("atheris") is None:
        print(_MISSING)
        return True
    with tempfile.TemporaryDirectory(prefix="cecula-bench-") as folder:
        for number, example in enumerate(EXAMPLES):
            (Path(folder) / str(number)).write_text(json.dumps(example))
        command = (sys.executable, "-m", __name__, f"-max_total_time={seconds}", folder)
        return subprocess.run(command, check=False).returncode != 0  # noqa: S603 (ours)


def _main() -> None:
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415 (not everywhere)

    with atheris.instrument_imports(include=["custom_components.cecula_sync.api"]):
        from custom_components.cecula_sync.api import exceptions, models, webhook  # noqa: PLC0415
    from custom_components.cecula_sync.ledger import key_of  # noqa: PLC0415

    dialect = models.Dialect()

    def read(data: bytes) -> None:
        try:
            item = webhook.parse_webhook(data, dialect)
        except exceptions.CeculaUnreadableError as err:
            if len(str(err)) > _LONGEST_SHAPE:
                raise
            return
        if isinstance(item, models.InboundSms | models.InboundCall):
            key_of(item)

    atheris.Setup(sys.argv, read)
    atheris.Fuzz()


if __name__ == "__main__":
    _main()
