"""One hash for all that decides what the warehouse holds: the ledger's history and our own code.

A live warehouse that carries the present fingerprint is the one a new run would make, so the run
can be left out. Nothing else is a reason to leave one out.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pipelines.intake.events import head_hash
from pipelines.intake.ledger import Ledger
from pipelines.settings import Settings

CODE_DIRS = ("pipelines", "quality", "dbt_project")
CODE_SUFFIXES = frozenset({".py", ".sql", ".yml", ".csv", ".j2", ".css", ".js", ".typ", ".md"})
NOT_CODE = frozenset({"target", "logs", "__pycache__", "dbt_packages"})
LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "altair")


def code_fingerprint(root: Path) -> str:
    """A hash of every source file that takes part in a run, and of the libraries' versions."""
    digest = hashlib.sha256()
    for library in LIBRARIES:
        digest.update(f"{library}={version(library)}\n".encode())
    for path in _source_files(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def process_fingerprint(root: Path) -> str:
    """A hash of all that a process started now would load: our code, and every installed library.

    Unlike the one of a run it sees any library change, by the names under which pip keeps them.
    """
    digest = hashlib.sha256(f"{sys.version}\n{code_fingerprint(root)}\n".encode())
    for place in sys.path:
        for found in sorted(Path(place).glob("*.dist-info")):
            digest.update(f"{found.name}\n".encode())
    return digest.hexdigest()


def wanted_fingerprint(settings: Settings, head: str | None = None) -> str:
    """The fingerprint a build with the present code gets.

    Args:
        settings: The installation.
        head: The ledger's history that the build holds; the present one when not given.
    """
    if head is None:
        head = head_hash(Ledger(settings.ledger_path).read())
    return hashlib.sha256(f"{head}\n{code_fingerprint(settings.root)}".encode()).hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for folder in CODE_DIRS:
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if path.suffix in CODE_SUFFIXES and not NOT_CODE.intersection(parts):
                yield path
