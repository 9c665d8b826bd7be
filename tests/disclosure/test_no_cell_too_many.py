"""Nothing is hidden for nothing: whichever extra cell is shown again, the audit finds a leak."""

import pandas as pd
import pytest
from disclosure_cells import by_size
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.protect import BOUNDS, ProtectedCells, protect
from pipelines.disclosure.release_audit import ReleaseAudit
from pipelines.disclosure.setting import Rules
from pipelines.publish.candidates import read_candidates

COUNTS = st.tuples(*[st.integers(0, 9)] * 4)


def shown_again(released: pd.DataFrame, candidates: pd.DataFrame, cell_id: str) -> pd.DataFrame:
    truth = candidates.set_index("cell_id").loc[cell_id]
    lifted = released.copy()
    at = lifted["cell_id"] == cell_id
    for name in ("value", "numerator", "base"):
        lifted.loc[at, name] = truth[name]
    return lifted


def needless(candidates: pd.DataFrame, rules: Rules, result: ProtectedCells) -> list[str]:
    """Return the extra cells that could be shown."""
    release = ReleaseAudit(candidates, rules)
    assert release.failures(result.cells) == []
    published = sorted(result.secondary & set(result.cells["cell_id"]))
    return [
        cell_id
        for cell_id in published
        if not release.failures(shown_again(result.cells, candidates, cell_id))
    ]


@settings(max_examples=25, deadline=None)
@given(large=COUNTS, small=COUNTS, sensitive=st.booleans())
def test_of_made_up_tables(large, small, sensitive):
    counts = [dict(zip("abcd", c, strict=True)) for c in (large, small)]
    candidates = by_size(*counts, is_sensitive=sensitive)
    assert needless(candidates, Rules(), protect(candidates)) == []


@pytest.fixture(scope="module")
def candidates(shipped):
    return read_candidates(shipped.settings.live_path)


@pytest.fixture(scope="module")
def result(candidates):
    return protect(candidates.cells, candidates.rules())


@pytest.mark.slow
def test_of_the_whole_release(candidates, result):
    extra = result.secondary & set(result.cells["cell_id"])
    # each kind of table has extra cells to try: answers, kroner, change between waves
    assert {"I04", "I07", "I15"} <= {cell_id.split(".")[0] for cell_id in extra}
    assert needless(candidates.cells, candidates.rules(), result) == []


@pytest.mark.slow
def test_bounds_of_hidden_shares_are_hidden(result):
    hidden = result.cells[result.cells["conf_status"] != "F"]
    shares = result.cells[result.cells["population"].notna()]
    assert len(shares) > 100
    assert hidden[[*BOUNDS, "weighted_value", "value", "numerator"]].isna().all(axis=None)
