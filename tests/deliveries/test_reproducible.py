"""The committed files are what the script makes: byte for byte, in any process."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import LinearConstraint
from shipped_files import DELIVERIES, ROOT

from scripts.make_deliveries.collection import GENERATED
from scripts.make_deliveries.reconstruction import model
from scripts.make_deliveries.reconstruction_report import REPORT_NAME


def tree(root: Path) -> dict[str, bytes]:
    found = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for name in GENERATED
        for path in sorted((root / name).rglob("*"))
        if path.is_file()
    }
    return found | {REPORT_NAME: (root / REPORT_NAME).read_bytes()}


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_run_gives_the_committed_bytes(tmp_path: Path, hash_seed: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": f"UTC+{hash_seed}"}
    subprocess.run(
        [sys.executable, "-m", "scripts.make_deliveries", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    made, committed = tree(tmp_path), tree(DELIVERIES)
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_the_solved_answers_are_the_only_best_ones() -> None:
    """A cut that forbids the solution finds only worse ones: no solver can come to another."""
    problem = model()
    weight, picked = problem.best()
    signs = np.array([1.0 if column in picked else -1.0 for column in problem.columns])
    other = LinearConstraint(signs[np.newaxis, :], -np.inf, len(picked) - 1)
    second, different = problem.best(other)
    assert different != picked
    assert second < weight
