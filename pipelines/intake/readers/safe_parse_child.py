"""The inside of the child process that parses one untrusted file: limits, run, answer, end.

Nothing else runs here: no settings, no logging, no warehouse. The only output is one JSON object
on standard output; see `safe_parse` for what the parent makes of it.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import IO, Any

from pipelines.intake.readers.refusal import Refused


def main(arguments: Sequence[str]) -> None:
    """Parse standard input as told and write the answer; never returns."""
    target, wall_seconds, memory_bytes, answer_bytes = arguments
    try:
        function = _load(target)
    except Exception as failure:
        _answer({"failure": f"{target}: {failure!r}"})
    _limit(float(wall_seconds), int(memory_bytes), int(answer_bytes))
    _answer(_run(function, sys.stdin.buffer))


def _load(target: str) -> Callable[[IO[bytes]], Any]:
    # numpy is optional to the parsers and takes longer to import than they do
    sys.modules["numpy"] = None  # type: ignore[assignment]
    warnings.simplefilter("ignore")
    module, _, name = target.partition(":")
    function: Callable[[IO[bytes]], Any] = getattr(importlib.import_module(module), name)
    return function


def _limit(wall_seconds: float, memory_bytes: int, answer_bytes: int) -> None:
    """Bind this process: a parent that was killed leaves no child running for ever."""
    seconds = math.ceil(wall_seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer_bytes, answer_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it otherwise


def _run(function: Callable[[IO[bytes]], Any], source: IO[bytes]) -> dict[str, Any]:
    try:
        return {"result": function(source)}
    except Refused as refusal:
        return {"rejected": refusal.rule, "sheet": refusal.sheet, "details": refusal.details}
    except (MemoryError, RecursionError):
        return {"over_limits": True}
    except Exception as error:
        # the kind of error only: its text may quote a cell
        return {"corrupt": type(error).__name__}


def _answer(answer: dict[str, Any]) -> None:
    with os.fdopen(1, "w", encoding="utf-8") as out:
        json.dump(answer, out, ensure_ascii=True, separators=(",", ":"))
        out.flush()
        os._exit(0)
