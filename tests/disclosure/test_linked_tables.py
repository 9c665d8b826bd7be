"""Tables side by side: what one hides, another must not tell."""

import pandas as pd
import pytest
from disclosure_cells import SIZES, by_size, share_cells

from pipelines.disclosure.coarsening import Coarsening
from pipelines.disclosure.dominance import dominated_cells
from pipelines.disclosure.earlier import shown_before
from pipelines.disclosure.facts import Question
from pipelines.disclosure.protect import protect
from pipelines.disclosure.release_audit import (
    UnsafeReleaseError,
    attainable,
    audit,
    require_safe,
)
from pipelines.disclosure.setting import Rules

TIME = Question("time", asked_of=("I03", "yes"))
RULES = Rules(questions={("I03", "share_pct"): Question("appointed"), ("I05", "share_pct"): TIME})


def withheld(result):
    return set(result.withheld[["indicator_id", "period", "breakdown"]].itertuples(index=False))


def hidden(result):
    return set(result.cells.loc[result.cells["conf_status"] != "F", "cell_id"])


def response(invited, answered, *, period="2015"):
    """I02: invited and answered, by size and in all."""
    groups = {"large": 0, "small": 1}
    rows = []
    for group, breakdown in SIZES.items():
        for measure, numbers in (("invited", invited), ("answered", answered)):
            count = sum(numbers) if group == "all" else numbers[groups[group]]
            cell = share_cells(
                {group: {"all": count}},
                {group: sum(invited) if group == "all" else invited[groups[group]]},
                breakdown_of={group: breakdown},
                indicator_id="I02",
                period=period,
                is_confidential=False,
                measure=measure,
            )
            rows.append(cell.assign(unit="count", value=cell["numerator"]))
    return pd.concat(rows)


def coordinators_and_their_time():
    """Large: 14 of 16 have a coordinator; small: 20 of 22. Only those were asked about time."""
    appointed = by_size({"yes": 14, "no": 2}, {"yes": 20, "no": 2}, indicator_id="I03")
    time = by_size({"full": 6, "half": 4, "less": 4}, {"full": 6, "half": 6, "less": 8})
    populations = {"large": 16, "small": 22, "all": 38}
    appointed["population"] = appointed["breakdown_value"].map(populations)
    # who was asked: those with a coordinator, and those that did not answer at all (here nobody)
    time["population"] = time["breakdown_value"].map({"large": 14, "small": 20, "all": 34})
    parts = [response((16, 22), (16, 22)), appointed, time]
    return pd.concat(parts, ignore_index=True)


def test_who_was_asked_tells_who_has_a_coordinator_so_its_table_goes_too():
    cells = coordinators_and_their_time()
    result = protect(cells, RULES)
    # the two counts of 2 are in I03 alone; the bases of I05's table by size are its "yes"
    assert ("I03", "2015", "size") in withheld(result)
    assert ("I05", "2015", "size") in withheld(result)
    assert audit(cells, result.cells, RULES) == []


def test_without_the_tie_the_audit_finds_the_leak():
    cells = coordinators_and_their_time()
    unlinked = protect(cells)
    assert ("I05", "2015", "size") not in withheld(unlinked)
    failures = audit(cells, unlinked.cells, RULES)
    assert {f.target.fact[1] for f in failures} == {"I03"}
    with pytest.raises(UnsafeReleaseError, match="must stay hidden"):
        require_safe(cells, unlinked.cells, RULES, {})


def test_bounds_alone_are_held_back_where_they_would_tell_who_was_asked():
    # time: one large and one small with a coordinator did not answer, so bases tell nothing exact
    cells = coordinators_and_their_time()
    is_time = cells["indicator_id"] == "I05"
    for group, breakdown, lost in (("large", "size", 1), ("small", "size", 4), ("all", "all", 5)):
        rows = is_time & (cells["breakdown_value"] == group) & (cells["breakdown"] == breakdown)
        cells.loc[rows, "base"] -= lost
        less = rows & (cells["category"] == "less")
        cells.loc[less, "numerator"] -= lost
        cells.loc[rows, "value"] = 100 * cells["numerator"] / cells["base"]
    result = protect(cells, RULES)
    time = result.cells[(result.cells["indicator_id"] == "I05")]
    by_class = time[time["breakdown"] == "size"]
    assert by_class["population"].isna().all()
    assert audit(cells, result.cells, RULES) == []


def test_the_response_to_a_question_tells_who_was_asked_it():
    # 39 answered, 38 of them have a coordinator and were asked where it sits; all 38 said so
    answered = response((16, 23), (16, 23))
    item = answered[answered["breakdown"] == "all"].assign(
        category="unit", measure="item_answered", numerator=38.0, base=38.0, value=38.0
    )
    item = item.iloc[-1:].assign(cell_id="I02.2015.all.all.unit.item_answered")
    appointed = share_cells(
        {"all": {"yes": 38, "no": 1}}, {"all": 39}, breakdown_of=SIZES, indicator_id="I03"
    )
    placed = share_cells(
        {"all": {"neutral": 20, "specialist": 18}},
        {"all": 38},
        breakdown_of=SIZES,
        indicator_id="I04",
    )
    cells = pd.concat([answered, item, appointed, placed], ignore_index=True)
    cells["population"] = cells["indicator_id"].map({"I03": 39.0, "I04": 38.0})
    questions = {
        ("I03", "share_pct"): Question("appointed"),
        ("I04", "share_pct"): Question("unit", asked_of=("I03", "yes")),
    }
    rules = Rules(questions=questions)
    result = protect(cells, rules)
    shown = result.cells.set_index("cell_id")
    told = shown.loc["I02.2015.all.all.unit.item_answered", ["value", "numerator", "base"]]
    assert told.isna().all()
    # how many answered at all is no answer, and stays
    assert shown.loc["I02.2015.all.all.all.answered", "numerator"] == 39
    assert audit(cells, result.cells, rules) == []
    failures = audit(cells, cells.assign(conf_status="F"), rules)
    assert {f.target.fact[1] for f in failures} == {"I03"}


def test_figures_shown_without_their_parts_fail_the_audit():
    cells = by_size({"full": 7, "half": 5, "less": 4}, {"full": 3, "half": 5, "less": 14})
    cells["weighted_value"] = [50.0, *[None] * (len(cells) - 1)]
    assert audit(cells, cells.assign(conf_status="F")) == []
    without = cells.assign(conf_status="F")
    without.loc[without["cell_id"] == "I05.2015.size.large.full.share_pct", "value"] = None
    assert [f.target.fact for f in audit(cells, without)] == [
        ("figure", "I05.2015.all.all.full.share_pct")
    ]


def test_those_in_no_group_are_a_group():
    # 1 of unknown size: its answer is the total less large and small
    large, small = {"a": 7, "b": 9}, {"a": 8, "b": 10}
    cells = by_size(large, small)
    total = cells["breakdown"] == "all"
    cells.loc[total & (cells["category"] == "a"), "numerator"] += 1
    cells.loc[total, "base"] += 1
    cells["value"] = 100 * cells["numerator"] / cells["base"]
    result = protect(cells)
    assert withheld(result) == {("I05", "2015", "size")}
    assert audit(cells, result.cells) == []
    told = audit(cells, cells.assign(conf_status="F"))
    assert {f.target.fact[5] for f in told} == {"(rest)"}


def change(period, before, after, base):
    """I15's shares of one question: those of the panel before and after."""
    frames = []
    for measure, counts in (("share_before_pct", before), ("share_after_pct", after)):
        named = {f"appointed__{category}": n for category, n in counts.items()}
        frames.append(
            share_cells(
                {"all": named},
                {"all": base},
                breakdown_of=SIZES,
                indicator_id="I15",
                period=period,
                measure=measure,
            )
        )
    return pd.concat(frames)


def test_the_only_one_who_joined_is_not_found_by_subtraction():
    first = share_cells(
        {"all": {"yes": 20, "no": 18}}, {"all": 38}, breakdown_of=SIZES, indicator_id="I03"
    )
    second = share_cells(
        {"all": {"yes": 23, "no": 16}},
        {"all": 39},
        breakdown_of=SIZES,
        indicator_id="I03",
        period="2016",
    )
    # all 38 answered again; one joined, and said yes: 23 - 22
    panel = change("2015/2016", {"yes": 20, "no": 18}, {"yes": 22, "no": 16}, 38)
    cells = pd.concat([first, second, panel])
    result = protect(cells, RULES)
    assert {i.split(".")[0] for i in result.secondary} | {w[0] for w in withheld(result)} == {"I15"}
    assert audit(cells, result.cells, RULES) == []
    told = audit(cells, cells.assign(conf_status="F"), RULES)
    assert {f.target.fact[3] for f in told} == {"joined:appointed"}


def test_many_who_joined_hide_each_other():
    first = share_cells(
        {"all": {"yes": 20, "no": 18}}, {"all": 38}, breakdown_of=SIZES, indicator_id="I03"
    )
    second = share_cells(
        {"all": {"yes": 25, "no": 20}},
        {"all": 45},
        breakdown_of=SIZES,
        indicator_id="I03",
        period="2016",
    )
    # 7 joined: 3 yes and 4 no
    panel = change("2015/2016", {"yes": 20, "no": 18}, {"yes": 22, "no": 16}, 38)
    assert protect(pd.concat([first, second, panel]), RULES).suppressed == 0


def test_what_is_small_in_one_wave_hides_nothing_in_the_other():
    # 2 of 38 said no in the wave before, and are hidden with their complement; 8 do now
    panel = change("2015/2016", {"yes": 36, "no": 2}, {"yes": 30, "no": 8}, 38)
    cells = protect(panel).cells
    hidden = cells.loc[cells["conf_status"] != "F", "measure"]
    assert list(hidden) == ["share_before_pct"] * 2


def test_what_was_published_is_known_for_good():
    cells = by_size({"full": 7, "half": 1, "less": 8}, {"full": 3, "half": 5, "less": 14})
    once = protect(cells)
    everything_before = shown_before(cells)
    # nothing can be hidden that was shown: no other cell is given up for it
    again = protect(cells, earlier=everything_before)
    assert once.secondary
    assert not again.secondary
    assert hidden(again) == {"I05.2015.size.large.half.share_pct"}


def test_a_table_that_changed_by_too_few_is_kept_back():
    before = by_size({"full": 7, "half": 5, "less": 4}, {"full": 3, "half": 5, "less": 14})
    # one small municipality answered late: "full"
    after = by_size({"full": 7, "half": 5, "less": 4}, {"full": 4, "half": 5, "less": 14})
    result = protect(after, earlier=shown_before(before))
    assert withheld(result) == {("I05", "2015", "all"), ("I05", "2015", "size")}
    assert result.withheld["reason_da"].str.contains("tidligere udgivelse").all()
    assert audit(after, result.cells, earlier=shown_before(before)) == []
    shown = audit(after, after.assign(conf_status="F"), earlier=shown_before(before))
    assert {f.target.fact for f in shown} == {
        ("difference", "I05", "2015", "all"),
        ("difference", "I05", "2015", "size"),
    }


def test_a_mean_counts_who_was_asked_as_shares_do():
    # means of time are over the same municipalities: 14 large, 20 small have a coordinator
    cells = coordinators_and_their_time()
    is_time = cells["indicator_id"] == "I05"
    means = cells[is_time & (cells["category"] == "full")].assign(
        category="all", measure="mean", unit="fte", value=0.5, population=float("nan")
    )
    means["numerator"] = means["base"] / 2
    means["cell_id"] = "mean." + means["cell_id"]
    cells = pd.concat([cells[~is_time], means], ignore_index=True)
    result = protect(cells, RULES)
    assert {("I03", "2015", "size"), ("I05", "2015", "size")} <= withheld(result)
    shown = protect(cells[cells["indicator_id"] != "I05"], RULES)
    told = pd.concat([shown.cells, means.assign(conf_status="F")])
    assert {f.target.fact[1] for f in audit(cells, told, RULES)} == {"I03"}


def test_groups_by_an_answer_are_all_who_gave_it():
    # 30 answered (public); 28 said no, so 2 said yes
    places = {"yes": "same_person", "no": "same_person"}
    topics = {"yes": {"evictions": 1, "rent": 0}, "no": {"evictions": 9, "rent": 11}}
    groups = share_cells(topics, {"yes": 2, "no": 28}, breakdown_of=places, indicator_id="I09")
    answers = share_cells(
        {"all": {"same_person_coordinates": 30}},
        {"all": 30},
        breakdown_of=SIZES,
        indicator_id="I02",
        is_confidential=False,
        measure="item_answered",
    )
    cells = pd.concat([answers, groups], ignore_index=True)
    result = protect(cells)
    assert withheld(result) == {("I09", "2015", "same_person")}
    told = cells.assign(conf_status="F")
    told.loc[told["breakdown_value"] == "yes", ["value", "numerator", "base"]] = float("nan")
    assert ("base", "I09") in {f.target.fact[:2] for f in audit(cells, told)}


def test_a_breakdown_shown_for_the_first_time_does_not_tell_a_total_kept_back():
    # 1 answered late, "no"; by size nothing was shown before
    late = by_size({"yes": 8, "no": 5}, {"yes": 12, "no": 6}, indicator_id="I08")
    before = by_size({"yes": 8, "no": 5}, {"yes": 12, "no": 5}, indicator_id="I08")
    total = shown_before(before[before["breakdown"] == "all"])
    result = protect(late, earlier=total)
    assert withheld(result) == {("I08", "2015", "all"), ("I08", "2015", "size")}


def test_a_release_differs_from_all_earlier_ones_not_from_the_last_alone():
    # 20 + 10, then 24 + 10, now 20 + 11: one more than at first
    first, second, third = (
        share_cells({"all": counts}, {"all": sum(counts.values())}, breakdown_of=SIZES)
        for counts in ({"yes": 20, "no": 10}, {"yes": 24, "no": 10}, {"yes": 20, "no": 11})
    )
    assert withheld(protect(second, earlier=shown_before(first))) == set()
    earlier = shown_before(pd.concat([first, second]))
    assert withheld(protect(third, earlier=earlier)) == {("I05", "2015", "all")}


def test_a_table_that_changed_by_many_is_published():
    before = by_size({"full": 7, "half": 5, "less": 4}, {"full": 3, "half": 5, "less": 14})
    # six answered late, three large and three small, each another answer
    after = by_size({"full": 8, "half": 6, "less": 5}, {"full": 4, "half": 6, "less": 15})
    result = protect(after, earlier=shown_before(before))
    assert withheld(result) == set()
    assert result.suppressed == 0


def test_answers_are_merged_where_most_of_a_table_would_be_hidden():
    # 1 of 16 large is between half and full time: four of six cells by size would be hidden
    cells = by_size({"full": 7, "half": 1, "less": 8}, {"full": 3, "half": 5, "less": 14})
    cells = cells.assign(note_ids="", delivery_ids=[["d"]] * len(cells))
    assert protect(cells).suppressed == 4
    rules = Rules(coarsenings=[Coarsening("I05", "share_pct", "part_time", ("half", "less"))])
    result = protect(cells, rules)
    merged = result.cells[result.cells["category"] == "part_time"]
    # 1 + 8 of 16 and 5 + 14 of 22; the total keeps the two apart
    assert dict(zip(merged["breakdown_value"], merged["numerator"], strict=True)) == {
        "large": 9,
        "small": 19,
    }
    assert set(merged["note_ids"]) == {"coarsened"}
    assert result.suppressed == 0
    of_total = result.cells[result.cells["breakdown"] == "all"]
    assert set(of_total["category"]) == {"full", "half", "less"}
    assert audit(cells, result.cells, rules) == []


def kroner(parts):
    """I07: kroner by grant pool, confidential, with a public total."""
    pools = {pool: {"lbf": amount} for pool, amount in parts.items()}
    cells = share_cells(
        {"all": {"lbf": sum(parts.values())}, **pools},
        dict.fromkeys(["all", *parts], 10),
        breakdown_of={"all": "all", **dict.fromkeys(parts, "grant_pool")},
        indicator_id="I07",
        measure="amount_kr",
    ).assign(unit="kr")
    return cells.assign(
        value=cells["numerator"], is_confidential=cells["breakdown"] == "grant_pool"
    )


def test_kroner_of_one_housing_organisation_stay_in_doubt():
    cells = kroner({"p1": 9_000_000, "p2": 4_000_000, "p3": 5_000_000, "p4": 7_000_000})
    contributions = pd.DataFrame(
        [
            # 300.000 are left beside the two largest: less than 10 per cent of 8.000.000
            ("I07.2015.grant_pool.p1.lbf.amount_kr", 5, 8_000_000, 700_000, 9_000_000),
            ("I07.2015.grant_pool.p2.lbf.amount_kr", 5, 1_000_000, 900_000, 4_000_000),
        ],
        columns=["cell_id", "contributors", "largest_kr", "second_largest_kr", "total_kr"],
    )
    dominated = dominated_cells(contributions, 3)
    assert dominated == {"I07.2015.grant_pool.p1.lbf.amount_kr"}
    rules = Rules(dominated=dominated)
    result = protect(cells, rules)
    assert len(hidden(result)) == 2
    interval = attainable(cells, result.cells, rules)["I07.2015.grant_pool.p1.lbf.amount_kr"]
    assert interval.width >= 0.2 * 9_000_000
    assert audit(cells, result.cells, rules) == []


def test_kroner_that_are_the_whole_public_total_are_no_secret():
    cells = kroner({"p1": 9_000_000})
    rules = Rules(dominated={"I07.2015.grant_pool.p1.lbf.amount_kr"})
    assert protect(cells, rules).suppressed == 0
