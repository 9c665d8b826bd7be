"""A figure worked out from others is shown only where all of them are."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines.disclosure.derived import DERIVATIONS, hide_derived
from quality.outgoing.vocabulary import MEASURE_UNITS

FIGURES = {"difference_pct_points", "odds_ratio", "fisher_exact_p", "may_be_chance"}


def cell(indicator: str, group: str, category: str, measure: str, status: str = "F") -> dict:
    return {
        "indicator_id": indicator,
        "period": "2015",
        "breakdown": "same_person" if indicator == "I09" else "size",
        "breakdown_value": group,
        "category": category,
        "measure": measure,
        "numerator": 19.0,
        "base": 38.0,
        "value": 0.5,
        "conf_status": status,
    }


def comparison(category: str, yes: str, no: str) -> list[dict]:
    """Two shares with their statuses, and what is worked out from them."""
    return [
        cell("I09", "yes", category, "share_pct", yes),
        cell("I09", "no", category, "share_pct", no),
        *(cell("I09", "yes_against_no", category, figure) for figure in sorted(FIGURES)),
    ]


def statuses(cells: pd.DataFrame, category: str) -> set[str]:
    figures = cells["breakdown_value"] == "yes_against_no"
    return set(cells[figures & (cells["category"] == category)]["conf_status"])


@pytest.mark.parametrize(("yes", "no"), [("C", "F"), ("F", "C"), ("C", "C")])
def test_one_hidden_share_hides_all_that_tells_it(yes: str, no: str) -> None:
    cells = pd.DataFrame(comparison("safety", yes, no) + comparison("letting", "F", "F"))
    shown = hide_derived(cells)
    assert statuses(shown, "safety") == {"C"}
    assert statuses(shown, "letting") == {"F"}
    hidden = shown[(shown["category"] == "safety") & shown["measure"].isin(FIGURES)]
    # the base too: less the other group's it is the hidden group's
    assert hidden[["value", "numerator", "base"]].isna().all(axis=None)


def test_a_share_that_is_not_there_at_all_is_not_shown_either() -> None:
    cells = pd.DataFrame(comparison("safety", "F", "F")[1:])
    assert statuses(hide_derived(cells), "safety") == {"C"}


def test_the_cells_behind_are_left_as_they_are() -> None:
    cells = pd.DataFrame(comparison("safety", "C", "F"))
    before = cells[cells["measure"] == "share_pct"].reset_index(drop=True)
    after = hide_derived(cells)
    after = after[after["measure"] == "share_pct"].reset_index(drop=True)
    pd.testing.assert_frame_equal(before, after, check_dtype=False)


def test_a_change_is_hidden_in_its_own_group_only() -> None:
    measures = ("share_before_pct", "share_after_pct", "gained", "lost", "mcnemar_mid_p")
    cells = pd.DataFrame(
        [cell("I15", group, "yes", measure) for group in ("large", "small") for measure in measures]
    )
    small_gain = (cells["breakdown_value"] == "small") & (cells["measure"] == "gained")
    cells.loc[small_gain, "conf_status"] = "C"
    shown = hide_derived(cells)
    of_p = shown[shown["measure"] == "mcnemar_mid_p"].set_index("breakdown_value")["conf_status"]
    assert dict(of_p) == {"large": "F", "small": "C"}


def test_every_p_value_and_answer_that_may_leave_is_declared() -> None:
    telling = {m for m, unit in MEASURE_UNITS.items() if unit in {"p_value", "yes_no", "ratio"}}
    declared = {figure for derivation in DERIVATIONS for figure in derivation.figures}
    assert telling <= declared
    assert declared <= set(MEASURE_UNITS)
