"""Environment variables are declared once, and what is declared is used."""

from __future__ import annotations

import re

from pipelines.environment import VARIABLES
from pipelines.settings import PROJECT_ROOT

INTERNAL = {
    "MONITOR_DUCKDB",  # told to dbt by the process that runs it
}


def names_in(*folders: str) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        for path in (PROJECT_ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".yaml", ".service", ".conf", ".example"}:
                found |= set(re.findall(r"\bMONITOR_[A-Z_]+\b", path.read_text("utf-8")))
    return found


def test_what_the_code_and_the_deployment_files_name_is_declared() -> None:
    declared = {each.name for each in VARIABLES}
    of_compose = {"MONITOR_IMAGE_TAG"}
    assert names_in("pipelines", "deploy") - declared - INTERNAL - of_compose == set()


def test_each_is_declared_once() -> None:
    names = [each.name for each in VARIABLES]
    assert len(names) == len(set(names))
