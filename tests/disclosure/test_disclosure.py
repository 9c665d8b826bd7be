import pandas as pd
import pytest
from disclosure_cells import SIZES, by_size, share_cells

from pipelines.disclosure.protect import protect
from pipelines.disclosure.release_audit import attainable
from pipelines.disclosure.setting import Rules


def status(result, group, category):
    cell = result.cells.set_index(["breakdown_value", "category"]).loc[(group, category)]
    return cell["conf_status"]


def withheld(result):
    return list(result.withheld[["indicator_id", "period", "breakdown"]].itertuples(index=False))


def test_the_reports_time_question_can_be_published_whole():
    # L180: 7 of 16 large and 3 of 22 small use full time or more; the rest split by hand, all >= 3
    result = protect(by_size({"full": 7, "half": 5, "less": 4}, {"full": 3, "half": 5, "less": 14}))
    assert result.suppressed == 0
    assert withheld(result) == []
    assert len(result.cells) == 9


def test_a_small_count_and_its_complement_lose_value_and_count_but_keep_the_base():
    # 10 of 12 chose staff: the 2 who did not are as small a group as 2 who did
    cells = share_cells(
        {"all": {"staff": 10, "cash": 2, "other": 6}}, {"all": 12}, breakdown_of=SIZES
    )
    result = protect(cells)
    assert [status(result, "all", c) for c in ("staff", "cash", "other")] == ["C", "C", "F"]
    row = result.cells.set_index("category").loc["staff"]
    assert pd.isna(row["value"])
    assert pd.isna(row["numerator"])
    assert row["base"] == 12


def test_register_figures_are_exempt():
    cells = by_size({"yes": 1, "no": 9}, {"yes": 2, "no": 3}, is_confidential=False)
    result = protect(cells)
    assert result.suppressed == 0
    assert withheld(result) == []


def statuses(result):
    return dict(
        zip(
            result.cells["breakdown_value"] + "." + result.cells["category"],
            result.cells["conf_status"],
            strict=True,
        )
    )


def test_the_only_unknown_among_exclusive_categories_gets_company():
    # 20 + 10 + 2 = 32: the 2 follows from the others and the base, so 10 is hidden with it
    cells = share_cells({"all": {"a": 20, "b": 10, "c": 2}}, {"all": 32}, breakdown_of=SIZES)
    result = protect(cells)
    assert withheld(result) == []
    assert statuses(result) == {"all.a": "F", "all.b": "C", "all.c": "C"}
    assert result.secondary == {"I05.2015.all.all.b.share_pct"}
    interval = attainable(cells, result.cells)["I05.2015.all.all.c.share_pct"]
    assert (interval.lower, interval.upper) == (0, 12)  # 32 - 20 are left for the two


def test_a_breakdown_without_a_figure_left_is_withheld():
    # the shipped 2015 wave: 2 of 16 and 2 of 25 give no staff; nothing else is in the table
    result = protect(by_size({"staff": 14}, {"staff": 23}, bases=(16, 25)))
    assert withheld(result) == [("I05", "2015", "size")]
    assert statuses(result) == {"all.staff": "F"}


def test_four_cells_of_a_table_hide_each_other_and_the_first_category_is_kept():
    # the shipped 2015 wave: 1 of 16 large has between half and full time
    result = protect(
        by_size(
            {"full": 7, "half": 1, "less": 8, "dont_know": 0},
            {"full": 3, "half": 5, "less": 14, "dont_know": 0},
        )
    )
    assert withheld(result) == []
    hidden = {name for name, s in statuses(result).items() if s != "F"}
    assert hidden == {"large.half", "large.less", "small.half", "small.less"}
    assert len(result.secondary) == 3


def test_a_breakdown_is_given_up_before_its_total():
    # large: 1 without a coordinator; small: 3; all: 4. Large = all - small.
    result = protect(by_size({"yes": 15, "no": 1}, {"yes": 19, "no": 3}, indicator_id="I03"))
    assert withheld(result) == [("I03", "2015", "size")]
    assert set(result.cells["breakdown"]) == {"all"}
    assert result.suppressed == 0


def test_the_mark_says_nothing_of_the_reason():
    # 2 + 2 = 4: were a mark to say "at most 2", both would be 2
    result = protect(by_size({"yes": 14, "no": 2}, {"yes": 20, "no": 2}))
    assert withheld(result) == [("I05", "2015", "size")]


def test_two_unknowns_that_leave_doubt_stay_published():
    # 'no' 2 of 20, and 'maybe' hidden beside it: 20 - 10 = 10 may be split in any way
    counts = {"all": {"yes": 10, "no": 2, "maybe": 8}}
    cells = share_cells(counts, {"all": 20}, breakdown_of=SIZES)
    result = protect(cells)
    assert withheld(result) == []
    assert result.suppressed == 2
    interval = attainable(cells, result.cells)["I05.2015.all.all.no.share_pct"]
    assert (interval.lower, interval.upper) == (0, 10)


def test_a_parent_category_is_seen_as_a_sum():
    # yes = one + several in every group; several (2) follows from yes - one
    counts = {"all": {"yes": 30, "one": 28, "several": 2, "no": 8}}
    result = protect(share_cells(counts, {"all": 38}, breakdown_of=SIZES))
    assert result.secondary == {"I05.2015.all.all.one.share_pct"}
    assert statuses(result)["all.several"] == "C"
    assert withheld(result) == []


def test_a_small_base_is_hidden_and_its_breakdown_given_up_when_the_total_gives_it_away():
    cells = by_size({"a": 1, "b": 1}, {"a": 10, "b": 12})
    result = protect(cells)
    assert withheld(result) == [("I05", "2015", "size")]


def test_small_bases_are_removed_where_several_leave_doubt():
    # bases 2, 1 and 2 add up to 5, counts 1, 1 and 1 to 3: nobody can tell whose is which
    groups = {"r1": 2, "r2": 1, "r3": 2, "r4": 20}
    counts = {"r1": {"a": 1}, "r2": {"a": 1}, "r3": {"a": 1}, "r4": {"a": 10}, "all": {"a": 13}}
    cells = share_cells(
        counts,
        {**groups, "all": 25},
        breakdown_of={"all": "all", **dict.fromkeys(groups, "region")},
    )
    result = protect(cells)
    shown = result.cells[result.cells["breakdown"] == "region"].set_index("breakdown_value")
    assert withheld(result) == []
    assert shown.loc[["r1", "r2", "r3"], "base"].isna().all()
    assert shown.loc["r4", "numerator"] == 10


def test_what_is_left_of_a_sum_must_not_be_too_narrow_either():
    # with 10 of r4's shown, r1 and r2 would have 1 between them: 0 or 1, of a base of 2
    groups = {"r1": 2, "r2": 1, "r3": 20}
    counts = {"r1": {"a": 1}, "r2": {"a": 0}, "r3": {"a": 10}, "all": {"a": 11}}
    cells = share_cells(
        counts,
        {**groups, "all": 23},
        breakdown_of={"all": "all", **dict.fromkeys(groups, "region")},
    )
    assert withheld(protect(cells)) == [("I05", "2015", "region")]


def test_what_is_true_of_all_is_no_secret_of_a_small_group():
    # nobody chose "b", which the total says; the one large municipality is hidden all the same
    result = protect(by_size({"a": 1, "b": 0}, {"a": 22, "b": 0}))
    assert withheld(result) == [("I05", "2015", "size")]
    assert status(result, "all", "b") == "F"


def test_nobody_or_everybody_of_a_group_is_hidden_for_sensitive_questions_only():
    large, small = {"a": 8, "b": 8, "c": 5}, {"a": 12, "b": 0, "c": 0}
    open_question = protect(by_size(large, small))
    sensitive = protect(by_size(large, small, is_sensitive=True))
    assert open_question.suppressed == 0
    # large is what is left of the total, so all of the breakdown goes
    assert withheld(sensitive) == [("I05", "2015", "size")]


def test_that_nobody_gave_a_sensitive_answer_is_shown_where_the_others_divide():
    # the report's figure 4: 19 of 38 satisfied, 19 to some degree, nobody not
    large, small = {"well": 8, "partly": 8, "badly": 0}, {"well": 11, "partly": 11, "badly": 0}
    result = protect(by_size(large, small, is_sensitive=True))
    assert result.suppressed == 0
    assert withheld(result) == []


def test_where_a_group_agrees_the_answers_nobody_gave_are_hidden_with_it():
    # three groups, so that the one that agrees may hide behind another
    groups = {"r1": (8, 8, 4), "r2": (12, 0, 0), "r3": (6, 7, 7)}
    counts = {g: dict(zip("abc", c, strict=True)) for g, c in groups.items()}
    counts["all"] = {"a": 26, "b": 15, "c": 11}
    cells = share_cells(
        counts,
        {"r1": 20, "r2": 12, "r3": 20, "all": 52},
        breakdown_of={"all": "all", **dict.fromkeys(groups, "region")},
        is_sensitive=True,
    )
    result = protect(cells)
    assert [status(result, "r2", c) for c in "abc"] == ["C", "C", "C"]
    primary = {"r2"}
    hidden = result.cells[result.cells["conf_status"] != "F"]
    assert primary < set(hidden["breakdown_value"])
    assert result.secondary == set(hidden.loc[hidden["breakdown_value"] != "r2", "cell_id"])


def test_that_nobody_said_dont_know_is_no_secret_of_a_sensitive_question():
    large, small = {"a": 8, "b": 8, "dont_know": 0}, {"a": 12, "b": 4, "dont_know": 0}
    result = protect(by_size(large, small, is_sensitive=True))
    assert result.suppressed == 0
    assert withheld(result) == []


def test_another_measure_of_the_same_fact_is_hidden_with_it():
    share = share_cells({"all": {"staff": 10, "cash": 2}}, {"all": 15}, breakdown_of=SIZES)
    count = share.assign(
        measure="municipalities",
        unit="count",
        value=share["numerator"],
        base=None,
        cell_id=share["cell_id"] + ".n",
    )
    result = protect(pd.concat([share, count]))
    assert list(result.cells["conf_status"]) == ["F", "C", "F", "C"]


def two_questions(leaders, politicians, *, is_sensitive=True):
    options = {"indicator_id": "I08", "is_sensitive": is_sensitive}
    return pd.concat(
        [
            by_size(*leaders, measure="leaders_share_pct", **options),
            by_size(*politicians, measure="politicians_share_pct", **options),
        ]
    )


def test_two_questions_with_the_same_answers_are_protected_each_by_itself():
    # 1 of 13 large is not satisfied with the politicians: nothing of the leaders is at stake
    leaders = {"well": 8, "partly": 8, "badly": 0}, {"well": 11, "partly": 11, "badly": 0}
    politicians = {"well": 7, "partly": 5, "badly": 1}, {"well": 11, "partly": 7, "badly": 4}
    result = protect(two_questions(leaders, politicians))
    assert withheld(result) == []
    cells = result.cells.set_index(["measure", "breakdown_value", "category"])["conf_status"]
    assert set(cells["leaders_share_pct"]) == {"F"}
    assert {place for place, s in cells["politicians_share_pct"].items() if s != "F"} == {
        ("large", "partly"),
        ("large", "badly"),
        ("small", "partly"),
        ("small", "badly"),
    }


def test_each_question_may_need_cells_of_its_own():
    # the one municipality in a cell takes four hidden ones, in each of two questions
    leaders = {"well": 7, "partly": 1, "badly": 8}, {"well": 3, "partly": 5, "badly": 14}
    result = protect(two_questions(leaders, leaders))
    assert withheld(result) == []
    hidden = result.cells.loc[result.cells["conf_status"] != "F", "measure"].value_counts()
    assert dict(hidden) == {"leaders_share_pct": 4, "politicians_share_pct": 4}


def test_a_question_without_a_figure_left_costs_the_other_nothing():
    # two categories leave nothing to hide beside the 1
    leaders = {"well": 8, "partly": 8}, {"well": 11, "partly": 11}
    politicians = {"well": 15, "partly": 1}, {"well": 19, "partly": 3}
    result = protect(two_questions(leaders, politicians, is_sensitive=False))
    assert withheld(result) == []
    hidden = result.cells[result.cells["conf_status"] != "F"]
    assert set(hidden["measure"]) == {"politicians_share_pct"}
    assert set(hidden["breakdown"]) == {"size"}


def test_counts_of_one_question_are_hidden_with_its_shares_alone():
    leaders = by_size(
        {"well": 7, "partly": 1, "badly": 8},
        {"well": 3, "partly": 5, "badly": 14},
        measure="leaders_share_pct",
    )
    counts = leaders.assign(
        measure="leaders_municipalities",
        unit="count",
        value=leaders["numerator"],
        cell_id=leaders["cell_id"] + ".n",
    )
    others = by_size(
        {"well": 6, "partly": 4, "badly": 6},
        {"well": 3, "partly": 5, "badly": 14},
        measure="politicians_share_pct",
    )
    result = protect(pd.concat([leaders, counts, others]))
    hidden = result.cells.loc[result.cells["conf_status"] != "F", "measure"].value_counts()
    assert dict(hidden) == {"leaders_share_pct": 4, "leaders_municipalities": 4}


def test_a_total_that_must_lose_cells_does_not_cost_the_breakdown():
    # the shipped 2017 wave: 2 of 38 do not know, both small; 9 is hidden beside them, and 3 of it
    result = protect(
        by_size(
            {"well": 6, "partly": 6, "badly": 0, "dont_know": 0},
            {"well": 21, "partly": 3, "badly": 0, "dont_know": 2},
            is_sensitive=True,
        )
    )
    assert withheld(result) == []
    hidden = {name for name, s in statuses(result).items() if s != "F"}
    assert hidden == {"all.partly", "all.dont_know", "small.partly", "small.dont_know"}


def test_a_mean_over_too_few_is_hidden():
    groups = {"r1": 2, "r2": 2, "r3": 2, "r4": 30}
    counts = {g: {"all": 10 * n} for g, n in {**groups, "all": 36}.items()}
    cells = share_cells(
        counts,
        {**groups, "all": 36},
        breakdown_of={"all": "all", **dict.fromkeys(groups, "region")},
    ).assign(measure="hours_mean", unit="hours")
    cells["value"] = cells["numerator"] / cells["base"]
    result = protect(cells)
    assert [status(result, g, "all") for g in ("r1", "r2", "r3", "r4")] == ["C", "C", "C", "F"]
    hidden = result.cells[result.cells["conf_status"] != "F"]
    assert hidden[["value", "numerator", "base"]].isna().all(axis=None)


def test_of_a_group_with_few_members_nothing_is_shown_whatever_its_base_counts():
    # the shipped 2015 wave: one municipality does not know; it held 5 meetings, 18 social topics
    place = {"breakdown_of": {"all": "all", "yes": "same_person", "dont_know": "same_person"}}
    options = {"indicator_id": "I09", **place}
    counts = {"all": {"topic": 60}, "yes": {"topic": 9}, "dont_know": {"topic": 1}}
    shares = share_cells(counts, {"all": 79, "yes": 17, "dont_know": 1}, **options)
    means = share_cells(
        {"all": {"social": 900}, "yes": {"social": 177}, "dont_know": {"social": 18}},
        {"all": 400, "yes": 77, "dont_know": 5},
        measure="topics_per_meeting",
        **options,
    ).assign(unit="count")
    means["value"] = means["numerator"] / means["base"]
    result = protect(pd.concat([shares, means]))
    assert withheld(result) == []
    cells = result.cells.set_index(["breakdown_value", "measure"])
    assert set(cells.loc["dont_know", "conf_status"]) == {"C"}
    assert cells.loc["dont_know", ["numerator", "base", "value"]].isna().all(axis=None)
    assert set(cells.loc["yes", "conf_status"]) == {"F"}


def test_a_question_that_few_of_a_large_group_answered_hides_itself_alone():
    many = by_size({"a": 8, "b": 8}, {"a": 12, "b": 9}, measure="leaders_share_pct")
    few = by_size({"a": 1, "b": 1}, {"a": 8, "b": 9}, measure="politicians_share_pct")
    result = protect(pd.concat([many, few]))
    shown = result.cells[result.cells["measure"] == "leaders_share_pct"]
    assert set(shown["conf_status"]) == {"F"}


def test_missing_values_pass_through():
    cells = share_cells({"all": {"a": 5, "b": 6}}, {"all": 11}, breakdown_of=SIZES)
    cells.loc[1, ["numerator", "value"]] = None
    result = protect(cells)
    assert list(result.cells["conf_status"]) == ["F", "F"]
    assert pd.isna(result.cells["value"].iloc[1])


def test_each_period_is_looked_at_by_itself_and_the_order_is_kept():
    first = by_size({"yes": 15, "no": 1}, {"yes": 19, "no": 3})
    second = by_size({"yes": 12, "no": 4}, {"yes": 19, "no": 3}, period="2016")
    result = protect(pd.concat([second, first]))
    assert withheld(result) == [("I05", "2015", "size")]
    assert list(result.cells["period"].unique()) == ["2016", "2015"]


def test_thresholds_that_give_the_count_away_are_refused():
    with pytest.raises(ValueError, match="lowest is 3"):
        Rules(threshold=2)


def test_nothing_in_nothing_out():
    empty = by_size({"a": 5}, {"a": 5}).iloc[:0]
    result = protect(empty)
    assert result.cells.empty
    assert result.withheld.empty
    assert result.suppressed == 0
