"""Parsers that go wrong in every way a parser can; run in the child by test_safe_parse."""

import ctypes
import os
import sys
import time
from typing import IO, Any

from pipelines.intake.readers.refusal import Refused


def hang(source: IO[bytes]) -> Any:
    while True:
        pass


def sleep(source: IO[bytes]) -> Any:
    time.sleep(60)


def eat_memory(source: IO[bytes]) -> Any:
    return len([bytearray(64 << 20) for _ in range(1000)])


def answer_too_much(source: IO[bytes]) -> Any:
    return "x" * (8 << 20)


def recurse(source: IO[bytes]) -> Any:
    return recurse(source)


def abort(source: IO[bytes]) -> Any:
    os.abort()


def overrun_the_stack(source: IO[bytes]) -> Any:
    ctypes.string_at(0)


def exit_quietly(source: IO[bytes]) -> Any:
    os._exit(0)


def answer_nonsense(source: IO[bytes]) -> Any:
    sys.stdout.write("[1, 2")
    sys.stdout.flush()
    os._exit(0)


def stumble(source: IO[bytes]) -> Any:
    raise ValueError("hemmeligt indhold af en celle")


def refuse(source: IO[bytes]) -> Any:
    raise Refused("F16_macros")
