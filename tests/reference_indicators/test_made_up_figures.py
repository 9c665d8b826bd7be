"""On years drawn at random, the figures counted in Python are dbt's, cell by cell.

A failure prints the `Random` it was drawn from.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb
import pytest
from both_ways import counted_here, disagreements, made_by_dbt
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_up_warehouse import build_made_up_warehouse
from shipped_installation import Installation

pytestmark = pytest.mark.slow

CHANCE = st.randoms(use_true_random=True)
NO_SEARCH = {
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
    "deadline": None,
    "database": None,
}
"""One draw holds thirty years; searching for a smaller one would build a warehouse each time."""


def wrongs(chance: Random, place: Path, seeds_of: Path) -> list[str]:
    """The cells that come out otherwise."""
    path = place / "monitor.duckdb"
    build_made_up_warehouse(path, chance, seeds_of)
    with duckdb.connect(str(path), read_only=True) as con:
        return disagreements(counted_here(con), made_by_dbt(con))


@settings(max_examples=1, derandomize=True, **NO_SEARCH)
@given(chance=CHANCE)
def test_counted_in_python_they_are_the_same(
    shipped: Installation, tmp_path_factory: pytest.TempPathFactory, chance: Random
) -> None:
    place = tmp_path_factory.mktemp("drawn")
    assert wrongs(chance, place, shipped.settings.live_path) == []


@pytest.mark.exhaustive
@settings(max_examples=8, **NO_SEARCH)
@given(chance=CHANCE)
def test_so_they_are_on_more_draws(
    shipped: Installation, tmp_path_factory: pytest.TempPathFactory, chance: Random
) -> None:
    place = tmp_path_factory.mktemp("drawn")
    assert wrongs(chance, place, shipped.settings.live_path) == []
