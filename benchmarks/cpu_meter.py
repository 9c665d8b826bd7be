"""What a family of processes has spent of the processors, at any moment of the last minutes.

On a machine with other work the clock says little; this is what the work itself takes.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY_SECONDS = 0.1


class CpuMeter:
    """Samples of the processor seconds of some processes and of all they start."""

    def __init__(self, pids: Collection[int]) -> None:
        self._pids = pids
        self._moments: list[float] = []
        self._spent: list[float] = []

    def at(self, moment: float) -> float:
        """The seconds spent until a moment, between two samples by their distance."""
        after = bisect_left(self._moments, moment)
        if after == 0:
            return self._spent[0]
        if after == len(self._moments):
            return self._spent[-1]
        begin, end = self._moments[after - 1 : after + 1]
        low, high = self._spent[after - 1 : after + 1]
        return low + (high - low) * (moment - begin) / (end - begin)

    def sample(self) -> None:
        """Look once; a process that ended between two looks counts with its parent."""
        spent = sum(_spent_by(pid) for each in self._pids for pid in family(each))
        self._moments.append(time.time())
        self._spent.append(max(spent, self._spent[-1] if self._spent else 0.0))


@contextmanager
def metered(pids: Collection[int]) -> Iterator[CpuMeter]:
    """Sample for the block."""
    meter, stop = CpuMeter(pids), threading.Event()
    meter.sample()

    def keep_looking() -> None:
        while not stop.wait(_EVERY_SECONDS):
            meter.sample()

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        stop.set()
        thread.join()


def family(pid: int) -> list[int]:
    """A process and all that it, and what it started, has started."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _spent_by(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    # user and system time, of itself and of the children it has waited for
    return sum(map(int, text.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
