"""What the documents claim about the repository holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[ ;]", line, maxsplit=1)[0] for line in requirements}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = names(project["dependencies"]) | names(project["optional-dependencies"]["dev"])
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert {name for name in declared if name.removesuffix("-python") not in text} == set()


def test_the_lock_is_hashed_and_names_no_host() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = [line for line in lines if "==" in line]
    assert len(pinned) > 100
    assert all(line.rstrip().endswith("\\") for line in pinned)
    assert not [line for line in lines if "://" in line]


def test_the_lock_pins_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = names(project["dependencies"]) | names(project["optional-dependencies"]["dev"])
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = names([line for line in lines if "==" in line])
    normal = {name.lower().replace("_", "-") for name in declared}
    assert normal - {name.lower() for name in pinned} == set()


def test_documents_point_at_files_that_are_there() -> None:
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
