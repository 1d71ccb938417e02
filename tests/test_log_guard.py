"""The guard of the log, which stands around every test, sees each of its phases."""

from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).parent.parent
_TESTS = """
from homeassistant.helpers.frame import report_usage
import pytest


def complain():
    report_usage("uses something old", integration_domain="cecula_sync")


@pytest.fixture
async def complains_early(loaded):
    complain()


@pytest.fixture
async def complains_late(loaded):
    yield
    complain()


async def test_setup(complains_early): ...


async def test_call(loaded, caplog):
    complain()
    caplog.clear()


async def test_teardown(complains_late): ...


async def test_none(loaded): ...
"""


def test_a_complaint_fails_its_test_whatever_the_phase(tmp_path: Path) -> None:
    """Home Assistant complains in a run of its own, so that this one can succeed."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.conftest"]')
    (tmp_path / "test_phases.py").write_text(_TESTS)
    run = subprocess.run(  # noqa: S603 (our own command)
        (
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rE"),
            *("--config-file", ROOT / "pyproject.toml", "--color=no", tmp_path),
        ),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    failed = [line for line in run.stdout.splitlines() if line.startswith("ERROR ")]
    assert [line.split("::")[1].split()[0] for line in failed] == [
        "test_setup",
        "test_call",
        "test_teardown",
    ]
    assert "4 passed, 3 errors" in run.stdout
