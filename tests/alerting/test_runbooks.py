"""Every alert has a runbook, and every command in one is a command."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipelines.alerting.kinds import kinds
from pipelines.cli import main
from pipelines.orchestration.alerts import KIND_OF_ERROR

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "runbooks"
HEADINGS = [
    "What it means",
    "Who notices",
    "What to look at",
    "What to do",
    "How to know it is over",
]


def commands_in(text: str) -> Iterator[str]:
    """The lines of `sh` blocks, and what stands in backticks and begins with `monitor`."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            yield line.split(" #")[0].strip()
    yield from re.findall(
        r"(?<!`)`(monitor [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )


def insist_on_command(line: str) -> None:
    """Let click read a command as it would; it runs nothing."""
    program, *arguments = shlex.split(line)
    assert program == "monitor", line
    command: click.Command = main
    name = program
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        assert name in command.commands, line
        command = command.commands[name]
    command.make_parser(click.Context(command, info_name=name)).parse_args(arguments)


def test_commands_that_are_none_are_found_out() -> None:
    for wrong in ("monitor nothing", "monitor release nothing", "monitor status --nothing"):
        with pytest.raises((AssertionError, click.UsageError)):
            insist_on_command(wrong)


def test_every_kind_has_its_runbook_and_every_runbook_its_kind() -> None:
    pages = {path.stem for path in FOLDER.glob("*.md")} - {"README"}
    assert pages == set(kinds())
    listed = re.findall(
        r"^\| \[(\w+)\]\(\1\.md\)", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    assert listed == list(kinds())


@pytest.mark.parametrize("kind_id", list(kinds()))
def test_a_runbook_says_what_to_do_with_commands_that_exist(kind_id: str) -> None:
    declared = kinds()[kind_id]
    text = (ROOT / declared.runbook).read_text(encoding="utf-8")
    title, *_ = text.splitlines()
    assert title == f"# {declared.title_en}"
    assert declared.title_da in text
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    commands = [*commands_in(text), *declared.next]
    for step in declared.steps:
        commands += commands_in(step)
    assert commands
    for command in commands:
        insist_on_command(command)


def test_every_error_that_is_told_apart_has_a_kind() -> None:
    for kind_id in {*KIND_OF_ERROR.values(), "dbt_failed", "code_failed", "run_died", "gave_up"}:
        assert kinds()[kind_id].over == "run"


def test_every_kind_is_told_somewhere() -> None:
    code = "\n".join(p.read_text() for p in (ROOT / "pipelines").rglob("*.py"))
    assert [kind_id for kind_id in kinds() if f'"{kind_id}"' not in code] == []
