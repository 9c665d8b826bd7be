"""Nothing is hidden for nothing: whichever extra cell is shown again, the audit finds a leak."""

import pandas as pd
import pytest
from disclosure_cells import by_size
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.protect import BOUNDS, protect
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


def needless(candidates: pd.DataFrame, rules: Rules) -> list[str]:
    """Return the extra cells that could be shown, of how many there are."""
    result = protect(candidates, rules)
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
    assert needless(by_size(*counts, is_sensitive=sensitive), Rules()) == []


@pytest.mark.slow
def test_of_the_whole_release(shipped):
    candidates = read_candidates(shipped.settings.live_path)
    rules = candidates.rules()
    result = protect(candidates.cells, rules)
    extra = result.secondary & set(result.cells["cell_id"])
    # each kind of table has extra cells to try: answers, kroner, change between waves
    assert {"I04", "I07", "I15"} <= {cell_id.split(".")[0] for cell_id in extra}
    assert needless(candidates.cells, rules) == []


@pytest.mark.slow
def test_bounds_of_hidden_shares_are_hidden(shipped):
    candidates = read_candidates(shipped.settings.live_path)
    result = protect(candidates.cells, candidates.rules())
    hidden = result.cells[result.cells["conf_status"] != "F"]
    shares = result.cells[result.cells["population"].notna()]
    assert len(shares) > 100
    assert hidden[[*BOUNDS, "weighted_value", "value", "numerator"]].isna().all(axis=None)
