"""The code base keeps the directions of its design."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
import json
from pathlib import Path
import re
import sys

import pytest

from custom_components import cecula_sync

ROOT = Path(__file__).parents[1]
COMPONENT = Path(cecula_sync.__file__).parent
SIMULATOR = ROOT / "simulator"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40

# Which rooms a room may see; what those may see, it may too. What it sees directly
# and is not named here, it sees through another. Every room may see `const` and
# `models`, and `__init__`, which wires them, sees all.
DIRECTIONS: dict[str, set[str]] = {
    "api": set(),
    "const": set(),
    "models": set(),
    "errors": {"api"},
    "issues": {"api"},
    "account_issues": {"api", "issues"},
    "lines": set(),
    "files": {"lines"},
    "journal_file": {"files", "lines"},
    "store": {"journal_file", "lines"},
    "section": {"store"},
    "timeline": set(),
    "listeners": set(),
    "keeping": {"clock"},
    "history": {"keeping", "listeners", "store", "timeline"},
    "texts": {"api"},
    "coordinator": {"account_issues", "api", "errors"},
    "address": {"issues", "log_filter"},
    "recipients": {"api"},
    "events": {"recipients"},
    "spent": {"clock", "store"},
    "guard": {"issues", "spent", "store"},
    "progress": {"api"},
    "tracked": {"progress", "recipients", "store"},
    "reports": {"events", "tracked"},
    "status_checks": set(),
    "waiting": {"tracked"},
    "delivery": {
        "clock",
        "errors",
        "listeners",
        "reports",
        "status_checks",
        "tracked",
        "waiting",
    },
    "endings": {"api", "recipients"},
    "sender": {
        "api",
        "delivery",
        "endings",
        "errors",
        "guard",
        "history",
        "recipients",
        "texts",
    },
    "outcome": {"endings", "errors"},
    "ledger": {"api", "clock"},
    "items": {"api"},
    "inbox": {
        "clock",
        "events",
        "history",
        "issues",
        "items",
        "ledger",
        "section",
        "store",
    },
    "posts": {"api"},
    "intake": {"api", "delivery", "inbox", "parking", "reports", "store"},
    "webhook": {"address", "api", "intake", "issues", "log_filter", "posts"},
    "aside": {"api", "issues", "section", "store"},
    "clock": set(),
    "reader": {"api", "aside", "section", "store"},
    "connection": {"api"},
    "parking": {"clock", "section", "store"},
    "outage": {"api", "errors", "issues"},
    "catch_up": {
        "api",
        "aside",
        "clock",
        "errors",
        "inbox",
        "outage",
        "reader",
        "section",
    },
    "answers": {"api"},
    "questions": {"answers", "clock", "endings", "events"},
    "ask": {"answers", "entity", "outcome", "targets"},
    "life": set(),
    "proof": {"api"},
    "connection_form": {"api"},
    "subentry_flow": {"api", "recipients"},
    "group_flow": {"recipients"},
    "settings_form": set(),
    "first_text": {"api", "entity", "outcome"},
    "options_flow": {
        "address",
        "first_text",
        "recipients",
        "settings_form",
        "subentry_flow",
        "webhook",
    },
    "config_flow": {
        "connection_form",
        "group_flow",
        "options_flow",
        "proof",
        "subentry_flow",
    },
    "entity": set(),
    "sensor": {"coordinator", "entity", "history"},
    "event": {"entity", "events"},
    "button": {"entity", "errors"},
    "notify": {"entity", "outcome", "sender"},
    "words": set(),
    "legacy_words": {"words"},
    "legacy_notify": {"entity", "issues", "legacy_words", "outcome", "sender"},
    "targets": {"recipients"},
    "auto_reply": {"api", "targets", "texts"},
    "queries": {"errors", "events", "history", "targets"},
    "services": {
        "ask",
        "auto_reply",
        "entity",
        "errors",
        "outcome",
        "queries",
        "targets",
    },
    "trigger": {"api"},
    "logbook": {"api", "words"},
    "diagnostics": {"api", "coordinator", "issues", "posts", "webhook"},
    "system_health": {"connection", "webhook"},
    "log_filter": {"api"},
}
SEEN_BY_ALL = {"const", "models"}


def python_files(folder: Path) -> list[Path]:
    """Return the source files below a folder."""
    return sorted(folder.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def imports_of(path: Path) -> set[str]:
    """Return the modules, in full, that a file imports when it runs.

    What is imported for annotations only binds no room to another.
    """
    return _imports(_running_nodes(tree_of(path)), path)


def knowledge_of(path: Path) -> set[str]:
    """Return the modules, in full, that a file imports, for annotations too."""
    return _imports(ast.walk(tree_of(path)), path)


def _imports(nodes: Iterable[ast.AST], path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update(_targets_of(node, path))
    return found


def _running_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _running_nodes(child)


def _targets_of(node: ast.ImportFrom, path: Path) -> Iterator[str]:
    package = list(path.relative_to(ROOT).with_suffix("").parts)
    base = package[: -node.level] if node.level else []
    base += node.module.split(".") if node.module else []
    if node.module is None:
        yield from (".".join([*base, alias.name]) for alias in node.names)
    else:
        yield ".".join(base)


def room_of(module: str) -> str | None:
    """Return the room of the integration that a module belongs to."""
    prefix = f"{cecula_sync.__name__}."
    return (
        module.removeprefix(prefix).split(".")[0] if module.startswith(prefix) else None
    )


def rooms() -> dict[str, set[Path]]:
    """Return the rooms of the integration, each with its files."""
    found: dict[str, set[Path]] = {}
    for path in python_files(COMPONENT):
        room = path.relative_to(COMPONENT).parts[0].removesuffix(".py")
        found.setdefault(room, set()).add(path)
    return found


def seen_from(room: str, above: tuple[str, ...] = ()) -> set[str]:
    """Return all that lies downstream of a room; fail if the way leads round."""
    assert room not in above, f"{' -> '.join([*above, room])} is a circle"
    direct = DIRECTIONS[room]
    return direct.union(*(seen_from(below, (*above, room)) for below in direct))


@pytest.mark.parametrize("room", sorted(rooms().keys() - {"__init__"}))
def test_a_room_sees_only_what_lies_downstream(room: str) -> None:
    """Compare what a room imports with what it may see."""
    assert room in DIRECTIONS, f"say in DIRECTIONS what {room} may see"
    imported = {
        seen
        for path in rooms()[room]
        for seen in map(room_of, imports_of(path))
        if seen
    }
    assert imported - {room} <= seen_from(room) | SEEN_BY_ALL


@pytest.mark.parametrize("room", sorted(DIRECTIONS))
def test_a_room_uses_every_direction_that_it_is_given(room: str) -> None:
    """Look for each in the room, which may know it by its annotations only."""
    known = {
        seen
        for path in rooms()[room]
        for seen in map(room_of, knowledge_of(path))
        if seen
    }
    assert DIRECTIONS[room] <= known


def test_the_directions_lead_nowhere_round() -> None:
    """See that the table has no circle."""
    for room in DIRECTIONS:
        assert room not in seen_from(room)


def test_the_map_for_contributors_names_every_room() -> None:
    """Read it."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"\w+", text.split("```")[1]))
    assert rooms().keys() - {"__init__"} <= named


def test_every_entry_of_ours_is_typed_with_what_it_carries() -> None:
    """Look for the bare type, which only the alias itself may be made of."""
    for path in python_files(COMPONENT):
        bare = re.search(r"(?<![\w.])ConfigEntry(?!\w)", path.read_text("utf-8"))
        assert path.stem == "models" or bare is None, path


def test_what_all_may_see_sees_nothing() -> None:
    """See that names and types lie at the very bottom."""
    for room in SEEN_BY_ALL:
        for path in rooms()[room]:
            assert not [each for each in map(room_of, imports_of(path)) if each]


def test_nobody_sees_the_wiring() -> None:
    """See that nobody imports the package itself."""
    for path in python_files(COMPONENT):
        assert cecula_sync.__name__ not in imports_of(path), path


def test_the_api_knows_neither_home_assistant_nor_the_house() -> None:
    """See that the API stands alone."""
    for path in python_files(COMPONENT / "api"):
        for module in imports_of(path):
            assert not module.startswith("homeassistant"), path
            assert room_of(module) in (None, "api"), path


def test_the_api_rests_on_what_the_design_names() -> None:
    """Compare the libraries that it imports."""
    allowed = {"aiohttp", "custom_components", "phonenumbers", "yarl"}
    roots = {
        module.split(".")[0]
        for path in python_files(COMPONENT / "api")
        for module in imports_of(path)
    }
    assert roots - sys.stdlib_module_names <= allowed


def test_the_simulator_knows_neither_home_assistant_nor_the_integration() -> None:
    """See that it stays an honest oracle."""
    for path in python_files(SIMULATOR):
        roots = {module.split(".")[0] for module in imports_of(path)}
        assert not roots & {"homeassistant", "custom_components"}, path


def test_the_integration_does_not_know_that_there_is_a_simulator() -> None:
    """Look for the word."""
    for path in COMPONENT.rglob("*"):
        if path.suffix in {".py", ".json", ".yaml", ".toml"}:
            assert "simulator" not in path.read_text("utf-8").lower(), path


def test_the_integration_imports_only_what_is_shipped() -> None:
    """See that it needs nothing from beside its folder."""
    assert not {
        module
        for path in python_files(COMPONENT)
        for module in imports_of(path)
        if module.split(".")[0] in {"demo", "simulator", "tests"}
    }


@pytest.mark.parametrize("platform", cecula_sync.PLATFORMS)
def test_a_platform_says_how_many_updates_run_at_once(platform: str) -> None:
    """Look for the constant that core reads."""
    module = import_module(f"{cecula_sync.__name__}.{platform}")
    assert isinstance(module.PARALLEL_UPDATES, int)


@pytest.mark.parametrize(
    "path", python_files(COMPONENT), ids=lambda path: str(path.relative_to(COMPONENT))
)
def test_files_and_functions_stay_small(path: Path) -> None:
    """Count lines."""
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


def manifest() -> dict[str, object]:
    """Return the manifest, its keys in the order of the file."""
    read: dict[str, object] = json.loads((COMPONENT / "manifest.json").read_text())
    return read


def test_the_manifest_begins_with_domain_and_name_and_goes_on_by_alphabet() -> None:
    """Hold the order that hassfest wants."""
    keys = list(manifest())
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]


def test_the_tests_run_with_the_requirements_that_are_shipped() -> None:
    """Compare the pins."""
    tested = re.findall(
        r"^[\w-]+==[\w.]+", (ROOT / "requirements_test.txt").read_text(), re.MULTILINE
    )
    shipped = manifest()["requirements"]
    assert isinstance(shipped, list)
    assert [name.split("==")[0] for name in shipped] == ["phonenumberslite"]
    assert set(shipped) <= set(tested)
