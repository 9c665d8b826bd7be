"""Parsers that go wrong in every way a parser can; run in the child by test_safe_parse."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
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


def look_around(source: IO[bytes]) -> Any:
    """What the child can see of its parent: environment, descriptors, folder."""
    return {
        "environment": dict(os.environ),
        "descriptors": [number for number in range(256) if _is_open(number)],
        "folder": str(Path.cwd()),
    }


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def call_home(source: IO[bytes]) -> Any:
    return str(socket.create_connection(("127.0.0.1", 9)))


def start_a_program(source: IO[bytes]) -> Any:
    return subprocess.run(["true"], check=False).returncode


def fork(source: IO[bytes]) -> Any:
    return os.fork()
