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
import time
import warnings
from collections.abc import Callable, Sequence
from typing import IO, Any

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.refusal import Refused

OVER_LIMITS = 75
"""The exit code of a child whose answer itself was too much for its memory."""

_NO_BUSINESS = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
)
_NEED_NUMPY = frozenset({"pipelines.intake.readers.sav_child"})


def main(arguments: Sequence[str]) -> None:
    """Parse standard input as told and write the answer; never returns."""
    target, wall_seconds, memory_bytes, answer_bytes, *unpacked = arguments
    try:
        function = _load(target)
    except Exception as failure:
        _answer({"failure": f"{target}: {failure!r}"})
    given = (sys.stdin.buffer, *(os.fdopen(int(number), "wb") for number in unpacked))
    limit(float(wall_seconds), int(memory_bytes), int(answer_bytes))
    sys.addaudithook(stay_alone)
    _answer(_run(function, given))


def _load(target: str) -> Callable[..., Any]:
    warnings.simplefilter("ignore")
    module, _, name = target.partition(":")
    if module not in _NEED_NUMPY:
        # numpy is optional to the other parsers and takes longer to import than they do
        sys.modules["numpy"] = None  # type: ignore[assignment]
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def limit(
    wall_seconds: float, memory_bytes: int, answer_bytes: int, *, patience: float = 1.0
) -> None:
    """Bind this process: a parent that was killed leaves no child running for ever.

    Args:
        wall_seconds: How long it may work, and how long that may take.
        memory_bytes: The memory it may reserve.
        answer_bytes: What it may write to a file.
        patience: How many times as long it may take, for a child that waits for others.
    """
    seconds = math.ceil(wall_seconds + time.process_time())
    signal.setitimer(signal.ITIMER_REAL, patience * wall_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer_bytes, answer_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it otherwise


def stay_alone(event: str, _: object) -> None:
    """Refuse a parser the network and other programs: no file needs them to be read.

    A fence against what libraries do of their own accord, not against code that has taken over.
    """
    if event.startswith(_NO_BUSINESS):
        raise PermissionError(event)


def _run(function: Callable[..., Any], given: Sequence[IO[bytes]]) -> dict[str, Any]:
    try:
        result = function(*given)
        for output in given[1:]:
            output.flush()
    except Refused as refusal:
        return {"rejected": refusal.rule, "sheet": refusal.sheet, "details": refusal.details}
    except DeliveryRejected as refusal:
        said = (refusal.rule, refusal.message_da, refusal.message_en, refusal.file, refusal.sheet)
        return {"refusal": said}
    except (MemoryError, RecursionError):
        return {"over_limits": True}
    except Exception as error:
        # the kind of error only: its text may quote a cell
        return {"corrupt": type(error).__name__}
    return {"result": result}


def _answer(answer: dict[str, Any]) -> None:
    with os.fdopen(1, "w", encoding="utf-8") as out:
        try:
            json.dump(answer, out, ensure_ascii=True, separators=(",", ":"))
            out.flush()
        except (MemoryError, RecursionError):
            os._exit(OVER_LIMITS)
        os._exit(0)
