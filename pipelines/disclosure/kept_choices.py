"""Choices of what to hold back that were made before, by the hash of all that decides them.

Most deliveries leave most clusters of numbers as they were, and the search for the least loss is
the longest part of protecting a release. What is kept never decides whether a release is safe: its
audit looks at the whole of every release, wherever a choice came from. The folder can be deleted at
any time. As the warehouse beside it, it is not for readers: it tells which cells protect others.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipelines.disclosure.facts import Facts
from pipelines.disclosure.publication import Cluster, Loss, Unit, Ways

_LIBRARIES: Final = ("scipy", "numpy")
_MOST: Final = 200
"""Ten releases' worth of clusters; those not used for longest go first."""


@dataclass(frozen=True)
class KeptChoices:
    """A folder of choices; without one every choice is made anew."""

    folder: Path | None = None

    def made(self, problem: str, choose: Callable[[], Loss]) -> Loss:
        """Return the choice for a problem, the kept one if there is one.

        Args:
            problem: All that decides it (`problem_of`).
            choose: Makes it.
        """
        if self.folder is None:
            return choose()
        key = hashlib.sha256(f"{_CODE}\0{problem}".encode()).hexdigest()
        path = self.folder / f"{key}.json"
        choice = _read(path)
        if choice is None:
            choice = choose()
            self._keep(path, choice)
        return choice

    def thin_out(self) -> None:
        """Remove the choices not used for longest beyond a number."""
        if self.folder is None or not self.folder.is_dir():
            return
        with suppress(FileNotFoundError):  # somebody else thins out the same folder
            files = sorted(self.folder.iterdir(), key=_last_used, reverse=True)
            for path in files[_MOST:]:
                path.unlink(missing_ok=True)

    def _keep(self, path: Path, choice: Loss) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        units = json.dumps([[kind, list(name)] for kind, name in sorted(choice)])
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{_checksum(units)}\n{units}\n")
        Path(name).replace(path)  # whole or not at all, whoever else makes it


NOTHING_KEPT: Final = KeptChoices()
"""Every choice is made anew."""


def problem_of(
    cluster: Cluster, facts: Facts, ways: Ways, costs: Mapping[Unit, float], held: Loss
) -> str:
    """Write down all that decides what to hold back of a cluster, in the order it is looked at."""
    told = [ways.of.get(fact, []) for fact in cluster.facts]
    in_the_way = {unit for of_fact in told for way in of_fact for unit in way}
    return repr(
        (
            [(fact, facts.values[fact], fact in facts.whole) for fact in cluster.facts],
            [(list(r.coefficients.items()), r.lower, r.upper) for r in cluster.relations],
            [(t.fact, t.doubt, t.base) for t in cluster.targets],
            [(unit, costs.get(unit)) for unit in sorted(cluster.units)],
            [sorted(map(sorted, of_fact)) for of_fact in told],
            sorted(held & in_the_way),
        )
    )


def _last_used(path: Path) -> float:
    return path.stat().st_mtime


def _read(path: Path) -> Loss | None:
    """Return a kept choice; None where there is none, or it is damaged."""
    try:
        checksum, units, end = path.read_text(encoding="utf-8").split("\n")
    except (FileNotFoundError, UnicodeDecodeError, ValueError):
        return None
    if end or checksum != _checksum(units):
        return None
    os.utime(path)
    return frozenset((str(kind), tuple(map(str, name))) for kind, name in json.loads(units))


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _code_fingerprint() -> str:
    """A hash of the code that chooses, as it lies on the disk, and of its libraries' versions."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library}={version(library)}\n".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


_CODE: Final = _code_fingerprint()
"""Taken when this process loads the code, so that it is of the code that it runs."""
