"""Nothing is hidden for nothing: whichever extra cell is shown again, the audit finds a leak."""

import pandas as pd
import pytest
from disclosure_cells import by_size
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.facts import RESPONSE
from pipelines.disclosure.protect import BOUNDS, protect
from pipelines.disclosure.release_audit import audit
from pipelines.publish.candidates import read_candidates

COUNTS = st.tuples(*[st.integers(0, 9)] * 4)


def shown_again(released: pd.DataFrame, candidates: pd.DataFrame, cell_id: str) -> pd.DataFrame:
    truth = candidates.set_index("cell_id").loc[cell_id]
    lifted = released.copy()
    at = lifted["cell_id"] == cell_id
    for name in ("value", "numerator", "base"):
        lifted.loc[at, name] = truth[name]
    return lifted


@settings(max_examples=25, deadline=None)
@given(large=COUNTS, small=COUNTS, sensitive=st.booleans())
def test_of_made_up_tables(large, small, sensitive):
    counts = [dict(zip("abcd", c, strict=True)) for c in (large, small)]
    candidates = by_size(*counts, is_sensitive=sensitive)
    result = protect(candidates)
    assert audit(candidates, result.cells) == []
    published = set(result.cells["cell_id"])
    for cell_id in result.secondary & published:
        assert audit(candidates, shown_again(result.cells, candidates, cell_id)), cell_id


@pytest.mark.slow
def test_of_every_cell_of_the_shipped_waves(shipped):
    # the waves by themselves, so that each of their cells can be tried in a short time
    candidates = read_candidates(shipped.settings.live_path)
    rules = candidates.rules()
    asked = {RESPONSE, *(indicator_id for indicator_id, _ in rules.questions)}
    waves = candidates.cells[candidates.cells["indicator_id"].isin(asked)]
    waves = waves.reset_index(drop=True)
    result = protect(waves, rules)
    assert audit(waves, result.cells, rules) == []
    published = sorted(result.secondary & set(result.cells["cell_id"]))
    assert len(published) >= 10
    for cell_id in published:
        assert audit(waves, shown_again(result.cells, waves, cell_id), rules), cell_id


@pytest.mark.slow
@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_of_the_whole_release(shipped, every):
    candidates = read_candidates(shipped.settings.live_path)
    rules = candidates.rules()
    result = protect(candidates.cells, rules)
    assert audit(candidates.cells, result.cells, rules) == []
    published = sorted(result.secondary & set(result.cells["cell_id"]))
    assert len(published) > 20
    of_waves = [cell_id for cell_id in published if not cell_id.startswith(("I07", "I15"))]
    others = [cell_id for cell_id in published if cell_id.startswith(("I07", "I15"))]
    for cell_id in [*of_waves[::every], *others[:: 10 * every]]:
        lifted = shown_again(result.cells, candidates.cells, cell_id)
        assert audit(candidates.cells, lifted, rules), cell_id


@pytest.mark.slow
def test_bounds_of_hidden_shares_are_hidden(shipped):
    candidates = read_candidates(shipped.settings.live_path)
    result = protect(candidates.cells, candidates.rules())
    hidden = result.cells[result.cells["conf_status"] != "F"]
    shares = result.cells[result.cells["population"].notna()]
    assert len(shares) > 100
    assert hidden[[*BOUNDS, "weighted_value", "value", "numerator"]].isna().all(axis=None)
