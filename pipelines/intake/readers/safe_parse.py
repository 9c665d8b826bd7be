"""Parse untrusted files in a child process with limits; a crash or hang there is a rejection.

Workbooks, PDF and DOCX come from outside and go through large parsers: a small file can ask for
all memory, loop for ever, or abort the interpreter. So they are parsed in a fresh interpreter
that gets the file as its standard input and nothing else, may use so much memory and time, and
answers in JSON (never pickle: its answer is as untrusted as the file). A fresh interpreter rather
than a fork, since the caller may have threads, locks and an open warehouse.

Which parsers there are is declared in `TASKS`; what runs inside the child is `safe_parse_child`.
Delimited text is not parsed here: it goes through no parser that could be led astray.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipelines.intake.findings import DeliveryRejected, rejected

TASKS: Mapping[str, str] = {
    "xlsx": "pipelines.intake.readers.xlsx_child:read_workbook",
    "docx": "pipelines.intake.readers.minutes_child:read_docx",
    "pdf": "pipelines.intake.readers.minutes_child:read_pdf",
}
"""Task name to module:function; the function takes the open file and returns JSON data."""

_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from pipelines.intake.readers.safe_parse_child import main; main(sys.argv[2:])"
)
_MEBI = 1 << 20
# SIGKILL (the kernel's, when memory runs out), SIGALRM, SIGXCPU, SIGXFSZ
_LIMIT_SIGNALS = frozenset({9, 14, 24, 25})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; `answer_bytes` bounds what the parent has to read back."""

    wall_seconds: float = 20.0
    memory_bytes: int = 2 << 30
    answer_bytes: int = 1 << 30


DEFAULT_LIMITS = Limits()


class ReaderError(RuntimeError):
    """The reader itself is broken (a library is missing, say); says nothing about the file."""


def parse_in_child(task: str, data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Any:
    """Run a parser on a file in a child process and return its JSON answer.

    Args:
        task: One of `TASKS`.
        data: The file's bytes.
        name: The file's name, for the message of a rejection.
        limits: Memory and time for the child.

    Raises:
        DeliveryRejected: The parser refused the file, crashed on it, or ran into a limit.
        ReaderError: The child could not even begin.
    """
    return run_child(TASKS[task], data, name, limits)


def run_child(target: str, data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Any:
    """Run `module:function` in a child; see `parse_in_child`."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.flush()
        given.seek(0)
        try:
            code = _run(target, given, answer, limits)
        except subprocess.TimeoutExpired:
            raise _over_limits(name, limits) from None
        answer.seek(0)
        return _read_answer(answer.read(), code, name, limits)


def _run(target: str, given: IO[bytes], answer: IO[bytes], limits: Limits) -> int:
    numbers = (limits.wall_seconds, limits.memory_bytes, limits.answer_bytes)
    done = subprocess.run(
        [sys.executable, "-I", "-c", _START, str(_ROOT), target, *map(str, numbers)],
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        timeout=limits.wall_seconds + 1,
        env={"LC_ALL": "C.UTF-8", "OPENPYXL_LXML": "False"},
        check=False,
    )
    return done.returncode


def _read_answer(text: bytes, code: int, name: str, limits: Limits) -> Any:
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if code == 0 and isinstance(answer, dict):
        return _judge(answer, name, limits)
    if -code in _LIMIT_SIGNALS:
        raise _over_limits(name, limits)
    raise rejected("F13_parser_crashed", file=name)


def _judge(answer: dict[str, Any], name: str, limits: Limits) -> Any:
    match answer:
        case {"result": result}:
            return result
        case {"rejected": str(rule), "sheet": sheet, "details": dict(details)}:
            raise rejected(rule, file=name, sheet=sheet, **details)
        case {"over_limits": _}:
            raise _over_limits(name, limits)
        case {"corrupt": str(error)}:
            raise rejected(
                "F11_corrupt_file",
                file=name,
                detail_da="indholdets opbygning er forkert",
                detail_en=f"the content is malformed: {error}",
            )
        case {"failure": str(failure)}:
            raise ReaderError(failure)
        case _:
            raise rejected("F13_parser_crashed", file=name)


def _over_limits(name: str, limits: Limits) -> DeliveryRejected:
    return rejected(
        "F12_parse_limits",
        file=name,
        seconds=round(limits.wall_seconds),
        mebibytes=limits.memory_bytes // _MEBI,
    )
