"""Parse an untrusted file in a child process with limits on memory, CPU and wall time.

A hostile workbook can hang a parser or abort the interpreter; in a child that is a rejection with
a reason. The child is a fresh interpreter (a fork of a process with threads may deadlock), gets
the file on its standard input and answers in JSON, so that nothing it sends can run here.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from pipelines.intake.findings import DeliveryRejected, rejected

MEBIBYTE = 1 << 20
PARSERS = {"xlsx": "pipelines.intake.readers.xlsx_cells:sheets_of"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a parser may use."""

    seconds: int = 20
    mebibytes: int = 2048


def parse_in_child(parser: str, data: bytes, name: str, limits: Limits | None = None) -> Any:
    """Run one of `PARSERS` on a file's bytes in a child; returns its answer as plain data.

    Raises:
        DeliveryRejected: by the parser itself, or because it crashed or ran over its limits.
    """
    allowed = limits or Limits()
    command = [sys.executable, "-m", __name__, parser, str(allowed.seconds), str(allowed.mebibytes)]
    try:
        done = subprocess.run(
            command,
            input=len(name.encode()).to_bytes(4, "big") + name.encode() + data,
            capture_output=True,
            timeout=allowed.seconds,
            check=False,
            env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
    except subprocess.TimeoutExpired:
        raise _over_limits(name, allowed) from None
    if done.returncode == 0:
        answer = json.loads(done.stdout)
        if "rejected" in answer:
            raise DeliveryRejected(**answer["rejected"])
        return answer["parsed"]
    if done.returncode in (_EXIT_MEMORY, -9, -24):
        raise _over_limits(name, allowed)
    raise rejected("F13_parser_crashed", file=name)


_EXIT_MEMORY = 77


def _over_limits(name: str, limits: Limits) -> DeliveryRejected:
    return rejected(
        "F12_parse_limits", file=name, seconds=limits.seconds, mebibytes=limits.mebibytes
    )


def _child(parser: str, seconds: int, mebibytes: int) -> int:
    """What runs in the child: set the limits, parse, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * MEBIBYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    received = sys.stdin.buffer.read()
    size = int.from_bytes(received[:4], "big")
    name, data = received[4 : 4 + size].decode(), received[4 + size :]
    module, _, function = PARSERS[parser].partition(":")
    try:
        parsed = getattr(importlib.import_module(module), function)(data, name)
        answer = {"parsed": parsed}
    except DeliveryRejected as refusal:
        answer = {
            "rejected": {
                "rule": refusal.rule,
                "message_da": refusal.message_da,
                "message_en": refusal.message_en,
                "file": refusal.file,
                "sheet": refusal.sheet,
            }
        }
    except MemoryError:
        return _EXIT_MEMORY
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(_child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
