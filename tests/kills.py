"""Ways to die by SIGKILL in the middle of work, and the points at which the code offers it.

A named point is a `checkpoint("…")` of ours. Between two of them a process can die too: before any
system call that makes bytes or names last, or in the middle of writing.
"""

from __future__ import annotations

import ast
import os
import pickle
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.settings import PROJECT_ROOT

CALLS = ("fsync", "rename", "replace", "unlink", "mkdir", "rmdir", "chmod", "write", "ftruncate")
"""What makes bytes and names last; a write dies half done."""
REAL: Mapping[str, Callable[..., Any]] = {name: getattr(os, name) for name in CALLS}

Work = Callable[[Checkpoint], object]


def in_child(work: Callable[[], object]) -> int:
    """Run work in a forked child; gives its exit code, or minus the signal that killed it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def forked(work: Callable[[], Any]) -> Any:
    """The answer of work that is done in a forked child."""
    with tempfile.TemporaryFile() as answer:

        def child() -> None:
            pickle.dump(work(), answer)
            answer.flush()

        assert in_child(child) == 0, "the child failed by itself"
        answer.seek(0)
        return pickle.load(answer)


def named_in_code() -> set[str]:
    """Every point that the code names; a part filled in at run time is a `*`."""
    found: set[str] = set()
    for path in sorted((PROJECT_ROOT / "pipelines").rglob("*.py")):
        found |= set(_named_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _named_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) != 1:
            continue
        called = node.func
        name = getattr(called, "id", None) or getattr(called, "attr", None)
        match node.args[0]:
            case ast.Constant(value=str(point)) if name == "checkpoint":
                yield point
            case ast.JoinedStr(values=parts) if name == "checkpoint":
                yield "".join(str(getattr(part, "value", "*")) for part in _filled_in(parts))


def _filled_in(parts: list[ast.expr]) -> Iterator[ast.Constant]:
    for part in parts:
        yield part if isinstance(part, ast.Constant) else ast.Constant("*")


def is_named(point: str, passed: str) -> bool:
    """Whether a point that was passed is this one of the code's."""
    return re.fullmatch(re.escape(point).replace(r"\*", ".+"), passed) is not None


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def killed_at(work: Work, name: str, time: int = 1) -> bool:
    """Do work in a child that dies when it passes a named point for the n-th time."""
    left = time

    def checkpoint(passed: str, /) -> None:
        nonlocal left
        left -= passed == name
        if not left:
            die()

    return _killed(lambda: work(checkpoint))


def killed_at_first_of(work: Work, names: Collection[str]) -> str | None:
    """Do work in a child that dies at the first point it passes that is one of these: which."""
    with tempfile.TemporaryFile() as last_words:

        def checkpoint(passed: str, /) -> None:
            if passed in names:
                last_words.write(passed.encode())
                last_words.flush()
                die()

        _killed(lambda: work(checkpoint))
        last_words.seek(0)
        return last_words.read().decode() or None


def killed_at_call(work: Work, number: int) -> bool:
    """Do work in a child that dies at its n-th system call of `CALLS`, a write half written."""

    def child() -> None:
        left = number

        def before(name: str, given: Sequence[Any]) -> None:
            nonlocal left
            left -= 1
            if not left:
                if name == "write":
                    REAL[name](given[0], given[1][: len(given[1]) // 2])
                die()

        _watch(before)
        work(no_checkpoint)

    return _killed(child)


def calls_of(work: Work, until: str | None = None) -> list[str]:
    """The system calls of `CALLS` that work makes until a point; to be asked in a child."""
    made: list[str] = []
    made_until: list[str] = []

    def checkpoint(passed: str, /) -> None:
        if passed == until:
            made_until.extend(made)

    _watch(lambda name, _: made.append(name))
    work(checkpoint)
    return made if until is None else made_until


def _watch(before: Callable[[str, Sequence[Any]], None]) -> None:
    """Have every call of this process told before it is made."""

    def watched(name: str) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            before(name, given)
            return REAL[name](*given, **more)

        return call

    for name in CALLS:
        setattr(os, name, watched(name))


def _killed(child: Callable[[], object]) -> bool:
    status = in_child(child)
    assert status in (0, -signal.SIGKILL), "the child failed by itself"
    return status != 0
