"""Kill -9 at every named point, and at random, neither loses nor doubles a delivery."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from crash_harness import (
    VARIANTS,
    Variant,
    killed_at,
    points,
    prepare,
    receive_all,
    send_both,
    wrongs,
)
from custody_support import custody, installation, put
from kills import killed_at as killed_at_point

from pipelines.durable import no_checkpoint
from pipelines.intake.delivery import DeliveryMeta
from pipelines.intake.ledger import reconcile
from pipelines.intake.placing import deliver


def test_the_points_are_all_there(tmp_path: Path) -> None:
    passed = points(tmp_path / "run", receive_all, delivered=True)
    assert len(set(passed)) >= 13
    assert len(passed) >= 25


def test_killed_while_receiving(tmp_path: Path) -> None:
    passed = points(tmp_path / "run", receive_all, delivered=True)
    for at, name in enumerate(passed):
        settings = prepare(tmp_path / "run", delivered=True)
        assert killed_at(settings, receive_all, at)
        receive_all(settings, no_checkpoint)
        assert wrongs(settings) == [], f"killed at {name} ({at})"
        before = settings.ledger_path.read_bytes()
        receive_all(settings, no_checkpoint)
        assert settings.ledger_path.read_bytes() == before


@pytest.mark.parametrize("point", ["item_hidden", "sidecars_removed", "item_removed"])
def test_side_files_leave_with_what_they_vouch_for(tmp_path: Path, point: str) -> None:
    """A file that would not pass for whole without its hash is no riddle after a kill."""
    settings = installation(tmp_path)
    (tmp_path / "a.csv").write_text("a;b;c\n1;2;3\n4;5;6\n7;8")
    deliver(settings, tmp_path / "a.csv", "survey", "2015", DeliveryMeta(provider="CFBU"))
    assert killed_at_point(lambda checkpoint: receive_all(settings, checkpoint), f"inbox.{point}")
    receive_all(settings, no_checkpoint)
    assert [path.name for path in settings.inbox_dir.glob("*/*/*")] == []
    assert len(settings.ledger_path.read_text().splitlines()) == 1


def test_killed_while_receiving_twice_in_a_row(tmp_path: Path) -> None:
    passed = points(tmp_path / "run", receive_all, delivered=True)
    for at in range(0, len(passed), 3):
        settings = prepare(tmp_path / "run", delivered=True)
        assert killed_at(settings, receive_all, at)
        killed_at(settings, receive_all, at // 2)
        receive_all(settings, no_checkpoint)
        assert wrongs(settings) == [], f"killed at {at}, then at {at // 2}"


def test_killed_while_delivering(tmp_path: Path) -> None:
    passed = points(tmp_path / "run", send_both, delivered=False)
    for at, name in enumerate(passed):
        settings = prepare(tmp_path / "run", delivered=False)
        assert killed_at(settings, send_both, at)
        receive_all(settings, no_checkpoint)
        # what the sender had finished may be received already; sent again, it is known
        send_both(settings, no_checkpoint)
        receive_all(settings, no_checkpoint)
        half = [each for each in wrongs(settings) if not each.endswith(".part")]
        assert half == [], f"killed at {name} ({at})"


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.__name__)
def test_receivers_broken_on_purpose_are_caught(tmp_path: Path, variant: Variant) -> None:
    caught = []
    for at in range(40):
        settings = prepare(tmp_path / "run", delivered=True)
        if not killed_at(settings, receive_all, at, variant):
            break
        with ExitStack() as stack:
            variant(stack)
            receive_all(settings, no_checkpoint)
        caught += wrongs(settings)
        if caught:
            break
    assert caught


def test_killed_at_random_until_all_is_received(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    number = 60
    for each in range(number):
        put(settings, f"survey/2015/{each}.csv", f"{each}\n" * 2000)
    dice = random.Random(20261123)
    kills = 0
    while list(settings.inbox_dir.glob("*/*/*")) and kills < 200:
        child = os.fork()
        if child == 0:
            receive_all(settings, no_checkpoint)
            os._exit(0)
        time.sleep(dice.uniform(0.001, 0.03))
        os.kill(child, signal.SIGKILL)
        kills += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    receive_all(settings, no_checkpoint)
    ledger, archive = custody(settings)
    assert kills >= 3
    assert reconcile(ledger, archive) == []
    names = [event.name for event in ledger.read()]
    assert sorted(names) == sorted(f"{each}.csv" for each in range(number))
    assert list(archive.root.glob(".*")) == []
