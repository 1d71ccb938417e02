"""Which translation keys the integration's source uses, read from its syntax tree."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from custom_components.cecula_sync.account_issues import MEANINGS, Facts, issues_of
from custom_components.cecula_sync.api.exceptions import (
    CeculaError,
    CeculaRejectedError,
)
from custom_components.cecula_sync.api.models import Subscription
from custom_components.cecula_sync.api.numbers import Refusal
from custom_components.cecula_sync.errors import EXPLAINED_CODES, describe
from custom_components.cecula_sync.issues import Issue

from .translation_guard import COMPONENT

# What a key that is put together may end with, by its constant beginning.
ENDINGS: dict[str, Iterable[str]] = {
    "number_": Refusal,
    "recipient_": Refusal,
    "refused_": {code.lower() for code in EXPLAINED_CODES},
}
EXCEPTIONS = ("Error", "Failed", "NotReady")
ISSUES = ("async_create_issue",)
_STEP = "async_step_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A key that the source uses, and the placeholders that it passes with it."""

    key: str
    placeholders: frozenset[str]
    is_composed: bool
    where: str


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """Return every call of the integration, with the name of what is called."""
    for path in sorted(COMPONENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func).rpartition(".")[2]


def keys_of(node: ast.expr) -> set[str] | None:
    """Return the keys that an expression can be; None where it does not tell."""
    match node:
        case ast.Constant(value=str(key)):
            return {key}
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            return {f"{start}{end}" for end in ENDINGS[start]}
        case ast.IfExp(body=body, orelse=orelse):
            first, second = keys_of(body), keys_of(orelse)
            return None if first is None or second is None else first | second
    return None


def uses(callables: tuple[str, ...]) -> Iterator[Use]:
    """Return the keys that calls pass, by how the names of what they call end.

    Fails where a key can't be read, unless `describe` gave it.
    """
    for path, call, name in calls():
        given = {each.arg: each.value for each in call.keywords}
        if not name.endswith(callables) or "translation_key" not in given:
            continue
        node, where = given["translation_key"], f"{path.name}:{call.lineno}"
        keys = keys_of(node)
        if keys is None and name == "async_create_issue":
            continue  # that of `issues`, whose callers name it
        if keys is None:
            assert "describe(" in path.read_text("utf-8"), f"{where}: which key?"
            continue
        passed = given.get("translation_placeholders", ast.Dict(keys=[], values=[]))
        assert isinstance(passed, ast.Dict), f"{where}: which placeholders?"
        for key in keys:
            yield Use(
                key=key,
                placeholders=frozenset(
                    ast.literal_eval(name) for name in passed.keys if name
                ),
                is_composed=isinstance(node, ast.JoinedStr),
                where=where,
            )


def used_issues() -> Iterator[Use]:
    """Return every key of an issue, those of a number too."""
    yield from uses(ISSUES)
    named = {
        node.attr
        for path in sorted(COMPONENT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Issue"
    }
    assert named == set(Issue.__members__)
    yield from _account_issues()
    for path, call, name in calls():
        if name == "async_raise_issue" and path.name != "account_issues.py":
            yield from _raised_issues(path, call.args[2], call)
        if name == "_show" and isinstance(call.args[0], ast.Attribute):
            yield from _raised_issues(path, call.args[0], None)


def _account_issues() -> Iterator[Use]:
    """Return the issues of an account that has them all, the worse and the others."""
    now = datetime.now(UTC)
    ending = Subscription(status="active", plan=None, expires_at=now)
    for refused in ((), MEANINGS.values()):
        facts = Facts(balance=0, subscription=ending, refused=frozenset(refused))
        for issue, placeholders in issues_of(facts, 1, now).items():
            yield Use(
                key=issue,
                placeholders=frozenset({*placeholders, "line"}),
                is_composed=False,
                where="account_issues.py",
            )


def _raised_issues(path: Path, issue: ast.expr, call: ast.Call | None) -> Iterator[Use]:
    passed = {each.arg for each in call.keywords if each.arg} if call else set()
    match issue:
        case ast.Attribute(attr=member):
            issues = {Issue[member]}
        case _:
            issues = {Issue.SMS_WEBHOOK_MISSING, Issue.CALL_WEBHOOK_MISSING}
    for key in issues:
        yield Use(
            key=key,
            placeholders=frozenset(passed | {"line"}),
            is_composed=False,
            where=f"{path.name}:{issue.lineno}",
        )


def failures() -> Iterator[CeculaError]:
    """Return one failure of each kind that the API has, and of each known code."""
    kinds: list[type[CeculaError]] = [CeculaError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds[1:]:
        yield kind("CE9999")
    for code in (*EXPLAINED_CODES, "405"):
        yield CeculaRejectedError(code)


def used_exceptions() -> Iterator[Use]:
    """Return every key of an exception, those that `describe` gives too."""
    yield from uses(EXCEPTIONS)
    for failure in failures():
        key, placeholders = describe(failure)
        yield Use(
            key=key,
            placeholders=frozenset(placeholders),
            is_composed=False,
            where=repr(failure),
        )


class FlowSource:
    """The source of the one flow of a module, and where its texts stand.

    A flow may read a form with a function of another module, whose errors it shows, and
    have steps from a base in another module.
    """

    def __init__(
        self, module: Any, *texts: str, reader: Any = None, base: Any = None
    ) -> None:
        """Read a module, the one that reads forms for it, and that of its base."""
        self._tree = _tree_of(module)
        self._reader = self._tree if reader is None else _tree_of(reader)
        self.source = _class_in(self._tree)
        self.texts = texts
        self.schemas = _schemas_of(module)
        if base is not None:
            self.source.body += _class_in(_tree_of(base)).body
            self.schemas += _schemas_of(base)

    def steps(self) -> set[str]:
        """Return the steps that are shown: by their name, or as one of several."""
        return self.passed("step_id") | {
            target.id.removeprefix(_STEP)
            for node in self.source.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id.startswith(_STEP)
        }

    def menus(self) -> list[set[str]]:
        """Return what each menu offers: the lists that hold nothing but names."""
        found = [
            [keys_of(each) for each in node.elts]
            for node in ast.walk(self.source)
            if isinstance(node, ast.List)
        ]
        return [set().union(*filter(None, keys)) for keys in found if all(keys)]

    def errors(self) -> set[str]:
        """Return the errors that are put into `errors`, or returned for it."""
        found: set[str] = set()
        for node in self._errors():
            keys = keys_of(node)
            found |= _keys_of_proof() if keys is None else keys
        return found

    def _errors(self) -> Iterator[ast.expr]:
        for node in [*ast.walk(self._tree), *ast.walk(self._reader)]:
            match node:
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id="errors"))], value=value
                ):
                    yield value
                case ast.Return(value=ast.Dict(values=[value])) if not _is_step(value):
                    yield value

    def passed(self, argument: str) -> set[str]:
        """Return the strings that are passed under a name."""
        return {
            key
            for node in ast.walk(self.source)
            if isinstance(node, ast.Call)
            for each in node.keywords
            if each.arg == argument
            for key in keys_of(each.value) or ()
        }


def _tree_of(module: Any) -> ast.Module:
    return ast.parse(Path(module.__file__).read_text("utf-8"))


def _class_in(tree: ast.Module) -> ast.ClassDef:
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return found


def _schemas_of(module: Any) -> list[Any]:
    return [value for name, value in vars(module).items() if name.endswith("_SCHEMA")]


def _is_step(value: ast.expr) -> bool:
    """Tell what is a class, as in the list of subentry flows, from a key."""
    return isinstance(value, ast.Name)


def _keys_of_proof() -> set[str]:
    """Return what `proof.error_key` can answer."""
    tree = ast.parse((COMPONENT / "proof.py").read_text("utf-8"))
    return {
        key
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.name == "error_key"
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
        for key in keys_of(node.value) or ()
    }
