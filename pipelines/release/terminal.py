"""Lines for a terminal: what labels and names hold cannot steer it, nor turn a line about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")


def inert(lines: Callable[P, Iterable[str]]) -> Callable[P, Iterator[str]]:
    """Make a function's lines inert: every sign that is not printed becomes its escape."""

    @wraps(lines)
    def printed(*args: P.args, **kwargs: P.kwargs) -> Iterator[str]:
        return (_printed(line) for line in lines(*args, **kwargs))

    return printed


def _printed(line: str) -> str:
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode()
        for sign in line
    )
