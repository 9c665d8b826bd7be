"""What a server installs is what was tested: its lock says nothing that the whole one does not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def pinned(lock: Path) -> dict[str, frozenset[str]]:
    """Each `name==version ; marker` with its hashes."""
    blocks = re.split(r"\n(?=\S)", lock.read_text("utf-8"))
    found = {}
    for block in blocks:
        if match := re.match(r"([^\s#]+==\S+(?: ; [^\\]+)?)", block):
            # another dependant may want an extra of the same package
            name = re.sub(r"\[.*?\]", "", match[1]).strip()
            found[name] = frozenset(re.findall(r"sha256:\w+", block))
    return found


def test_it_is_a_part_of_the_lock_that_was_tested() -> None:
    whole, part = pinned(ROOT / "requirements.lock"), pinned(ROOT / "deploy" / "requirements.lock")
    versions = {line.split(" ; ")[0]: hashes for line, hashes in whole.items()}
    assert len(part) > 100
    for line, hashes in part.items():
        name = line.split(" ; ")[0]
        assert hashes, name
        assert versions.get(name) == hashes, f"{name}: `make lock` again"


def test_it_has_the_postgres_extra_and_no_tools_of_developers() -> None:
    names = {line.split("==")[0] for line in pinned(ROOT / "deploy" / "requirements.lock")}
    assert {"dagster-postgres", "psycopg2-binary", "dagster-webserver"} <= names
    assert names & {"pytest", "mypy", "ruff", "sqlfluff", "selenium", "kubernetes"} == set()
