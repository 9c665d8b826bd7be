"""Parse untrusted files in a child process with limits; a crash or hang there is a rejection.

Files come from outside: a small one can ask for all memory, loop for ever, or abort the
interpreter. So they are parsed in a fresh interpreter that gets the file as its standard input and
nothing else: no descriptor, no environment of ours (where keys may be), no folder. It may use so
much memory and time, and answers in JSON (never pickle: its answer is as untrusted as the file). A
fresh interpreter rather than a fork, since the caller may have threads, locks and an open
warehouse. What goes in and out stands in files without a name, in memory where that has room.

Which parsers there are is declared in `TASKS`; what runs inside the child is `safe_parse_child`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from pipelines.environment import PARSE_MEMORY_ENV, PARSE_SECONDS_ENV
from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.findings import DeliveryRejected, rejected
from pipelines.intake.readers.safe_parse_child import OVER_LIMITS
from pipelines.privacy.work_folder import unnamed_file

TASKS: Mapping[str, str] = {
    "xlsx": "pipelines.intake.readers.xlsx_child:read_workbook",
    "table": "pipelines.intake.readers.table_child:read_table",
    "zip": "pipelines.intake.readers.zip_child:unpack",
    "sav": "pipelines.intake.readers.sav_child:read_sav",
    "survey": "pipelines.intake.readers.survey_child:read_set",
    "docx": "pipelines.intake.readers.minutes_child:read_docx",
    "pdf": "pipelines.intake.readers.minutes_child:read_pdf",
    "txt": "pipelines.intake.readers.minutes_child:read_text",
}
"""Task name to module:function; the function takes the open file and returns JSON data."""

_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import importlib, sys; sys.path.insert(0, sys.argv[1]); "
    "importlib.import_module(sys.argv[2]).main(sys.argv[3:])"
)
_CHILD = "pipelines.intake.readers.safe_parse_child"
CHILD_ENVIRONMENT: Mapping[str, str] = {
    "LC_ALL": "C.UTF-8",
    "OPENPYXL_LXML": "False",
    # each thread of it reserves memory that counts against the limit
    "OPENBLAS_NUM_THREADS": "1",
}
_MEBI = 1 << 20
TEXT_BYTES_PER_SECOND = 4 << 20
"""A gigabyte of text may take four minutes more than a small file: twenty times what it needs."""
_SECONDS_TO_START = 20.0
"""For the interpreter and its imports on a busy machine: the file's own time begins after them."""
# SIGKILL (the kernel's, when memory runs out), SIGALRM, SIGXCPU, SIGXFSZ
LIMIT_SIGNALS = frozenset({9, 14, 24, 25})
# SIGHUP, SIGINT, SIGTERM: whoever stops the service stops its children too
STOP_SIGNALS = frozenset({1, 2, 15})


def child_command(module: str, *arguments: object) -> list[str]:
    """The command of a fresh interpreter that runs `main` of a module and no code but ours."""
    return [sys.executable, "-I", "-c", _START, str(_ROOT), module, *map(str, arguments)]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; `answer_bytes` bounds what the parent has to read back."""

    wall_seconds: float = 20.0
    memory_bytes: int = 2 << 30
    answer_bytes: int = 1 << 30

    @classmethod
    def of_installation(cls, environ: Mapping[str, str] | None = None) -> Limits:
        """The limits of this installation: 20 seconds and 2 GiB unless the environment says else.

        Raises:
            ValueError: A variable is set to something that is no positive number.
        """
        env = os.environ if environ is None else environ
        return cls(
            wall_seconds=_positive(env, PARSE_SECONDS_ENV, cls().wall_seconds),
            memory_bytes=int(_positive(env, PARSE_MEMORY_ENV, cls().memory_bytes / _MEBI) * _MEBI),
        )

    def for_text_of(self, size: int) -> Limits:
        """The limits for delimited text of a size: more time for more bytes, no more memory."""
        return replace(self, wall_seconds=self.wall_seconds + size / TEXT_BYTES_PER_SECOND)


def _positive(env: Mapping[str, str], variable: str, default: float) -> float:
    text = env.get(variable)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ValueError(f"{variable} must be a positive number")
    return value


class ReaderError(RuntimeError):
    """The reader is broken (a library is missing, say) or was stopped: no word about the file."""


def parse_in_child(
    task: str,
    data: bytes,
    name: str,
    limits: Limits | None = None,
    *,
    unpacked: IO[bytes] | None = None,
) -> Any:
    """Run a parser on a file in a child process and return its JSON answer.

    Args:
        task: One of `TASKS`.
        data: The file's bytes.
        name: The file's name, for the message of a rejection.
        limits: Memory and time for the child; the installation's by default.
        unpacked: An open file for a parser whose answer is bytes; it is given it as a second
            argument.

    Raises:
        DeliveryRejected: The parser refused the file, crashed on it, or ran into a limit.
        ReaderError: The child could not even begin, or was stopped from outside.
    """
    return run_child(TASKS[task], data, name, limits, unpacked=unpacked)


def run_child(
    target: str,
    data: bytes,
    name: str,
    limits: Limits | None = None,
    *,
    unpacked: IO[bytes] | None = None,
) -> Any:
    """Run `module:function` in a child; see `parse_in_child`."""
    limits = limits or Limits.of_installation()
    with unnamed_file(len(data)) as given, unnamed_file(limits.answer_bytes) as answer:
        given.write(data)
        given.flush()
        given.seek(0)
        try:
            code = _run(target, given, answer, unpacked, limits)
        except subprocess.TimeoutExpired:
            raise over_limits(name, limits) from None
        answer.seek(0)
        return _read_answer(answer.read(), code, name, limits)


def _run(
    target: str, given: IO[bytes], answer: IO[bytes], unpacked: IO[bytes] | None, limits: Limits
) -> int:
    passed = () if unpacked is None else (unpacked.fileno(),)
    numbers = (limits.wall_seconds, limits.memory_bytes, limits.answer_bytes, *passed)
    done = subprocess.run(
        child_command(_CHILD, target, *numbers),
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        timeout=limits.wall_seconds + _SECONDS_TO_START,
        env=CHILD_ENVIRONMENT,
        cwd="/",
        close_fds=True,
        pass_fds=passed,
        check=False,
    )
    return done.returncode


def _read_answer(text: bytes, code: int, name: str, limits: Limits) -> Any:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if code == 0 and isinstance(answer, dict):
        return _judge(answer, name, limits)
    if -code in STOP_SIGNALS:
        raise ReaderError("stopped from outside")
    if -code in LIMIT_SIGNALS or code == OVER_LIMITS:
        raise over_limits(name, limits)
    raise rejected("F13_parser_crashed", file=name)


def _judge(answer: dict[str, Any], name: str, limits: Limits) -> Any:
    match answer:
        case {"result": result}:
            return result
        case {"rejected": str(rule), "sheet": sheet, "details": dict(details)}:
            raise rejected(rule, file=name, sheet=sheet, **details)
        case {"refusal": [str(rule), str(da), str(en), str(file), sheet]} if rule in FILE_RULES:
            raise DeliveryRejected(rule, da, en, file=file or name, sheet=sheet)
        case {"over_limits": _}:
            raise over_limits(name, limits)
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


def over_limits(name: str, limits: Limits) -> DeliveryRejected:
    """The rejection of a file that took more than it may."""
    return rejected(
        "F12_parse_limits",
        file=name,
        seconds=round(limits.wall_seconds),
        mebibytes=limits.memory_bytes // _MEBI,
    )
