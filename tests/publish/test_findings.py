"""Findings say what the intervals bear and no more: every verdict, and the sentence it leads to."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from pipelines.publish import figure_data, findings
from pipelines.publish.findings import Claim, findings_of
from pipelines.publish.findings.evidence import Verdict, compare, stand_together
from pipelines.publish.language import CODES, language
from pipelines.publish.remarks import remarks_of
from pipelines.publish.tables import breakdown_tables

DECLARED = (
    Path(findings.__file__).with_name("declared.yml"),
    Path(figure_data.__file__).with_name("figure_declared.yml"),
)
DANISH, ENGLISH = language("da"), language("en")


@pytest.fixture
def cell(release):
    """The share of all that have a coordinator in 2017, without an interval of its own."""
    return next(
        c
        for c in release.cells_of("I03")
        if (c.period, c.breakdown, c.category) == ("2017", "all", "yes")
    )


def between(cell, lower, upper, **others):
    return dataclasses.replace(cell, lower_bound=lower, upper_bound=upper, **others)


@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [
        ((50.0, 60.0), (30.0, 49.9), Verdict.HIGHER),
        ((30.0, 49.9), (50.0, 60.0), Verdict.LOWER),
        ((50.0, 60.0), (30.0, 50.0), Verdict.CHANCE),  # they touch
        ((40.0, 60.0), (45.0, 50.0), Verdict.CHANCE),
        ((50.0, 50.0), (49.0, 49.0), Verdict.HIGHER),  # everybody answered, both times
    ],
)
def test_a_difference_is_told_only_if_the_intervals_part(cell, here, there, verdict):
    other = between(cell, *there, display_da="another")
    assert compare(between(cell, *here), other) is verdict


def test_without_an_interval_nothing_is_told_of_answers(cell):
    assert compare(cell, between(cell, 10.0, 20.0)) is Verdict.UNKNOWN
    assert compare(between(cell, 10.0, 20.0), cell) is Verdict.UNKNOWN
    assert compare(cell, cell, is_full_count=True) is Verdict.UNKNOWN  # confidential: a survey's


def test_a_hidden_figure_is_compared_with_nothing(cell):
    hidden = between(cell, 10.0, 20.0, value=None, display_da="..")
    assert compare(hidden, between(cell, 50.0, 60.0)) is Verdict.UNKNOWN


def test_a_break_forbids_a_comparison_over_time_only(cell):
    broken = between(cell, 50.0, 60.0, obs_status="B")
    before = between(cell, 10.0, 20.0)
    assert compare(broken, before, is_over_time=True) is Verdict.BROKEN
    assert compare(broken, before) is Verdict.HIGHER


def test_a_register_counts_unless_rows_of_it_were_set_aside(release):
    old, new = (
        dataclasses.replace(release.cells_of("I01")[0], value=v, display_da=str(v), note_ids="")
        for v in (44.0, 45.0)
    )
    assert compare(new, old, is_full_count=True) is Verdict.HIGHER
    assert compare(new, old) is Verdict.UNKNOWN
    partial = dataclasses.replace(old, note_ids="partial_quarantine")
    assert compare(new, partial, is_full_count=True) is Verdict.UNKNOWN


def test_what_is_printed_alike_is_not_called_different(release):
    old, new = (
        dataclasses.replace(release.cells_of("I01")[0], value=v, display_da="28,0", note_ids="")
        for v in (28.01, 28.04)
    )
    assert compare(new, old, is_full_count=True) is Verdict.EQUAL


def test_many_tests_are_looked_at_together():
    # Holm at 5 per cent, three tests: 0.05 / 3 = 0.0167, then 0.05 / 2 = 0.025, then 0.05
    assert stand_together({"a": 0.016, "b": 0.024, "c": 0.06}) == {"a", "b"}
    assert stand_together({"a": 0.017, "b": 0.024, "c": 0.04}) == frozenset()
    assert stand_together({"a": 0.05}) == {"a"}
    assert stand_together({}) == frozenset()


def told(release, indicator_id, spoken=DANISH, **bounds):
    """The findings of an indicator whose cells have intervals of so many points to each side."""
    width = bounds.get("width", 1.0)
    cells = tuple(
        between(c, c.value - width, c.value + width) if c.value is not None else c
        for c in release.cells_of(indicator_id)
    )
    changed = dataclasses.replace(release, cells=cells)
    return [
        (f.claim, f.text.replace("\u00a0", " ")) for f in findings_of(changed, spoken, indicator_id)
    ]


def test_the_most_used_form_is_named_when_it_stands_out(release):
    # 2017: staff 33 of 40, premises 23, cash 15, other 3
    assert told(release, "I06") == [
        (
            Claim.SURE,
            "I 2017 var medarbejderressourcer den mest udbredte form for medfinansiering: "
            "82,5 pct. af kommunerne (N = 40). De øvrige: lokaler 57,5 pct., kontante midler "
            "37,5 pct. og øvrige 7,5 pct.",
        )
    ]
    claim, text = told(release, "I06", width=13.0)[0]  # 82.5 - 13 < 57.5 + 13
    assert claim is Claim.CHANCE
    assert text.endswith("der er den mest udbredte, kan være tilfældigt.")


def test_a_gap_between_sizes_is_told_when_it_is_wider_than_chance(release):
    # leaders, 2017: 10 of 16 large, 13 of 24 small
    assert told(release, "I08")[0] == (
        Claim.SURE,
        "Ledernes prioritering: I 2017 svarede 62,5 pct. af de store kommuner (N = 16) og "
        "54,2 pct. af de små kommuner (N = 24) »tilfredsstillende«. "
        "Det er en større andel af de store kommuner.",
    )
    claim, text = told(release, "I08", width=5.0)[0]
    assert claim is Claim.CHANCE
    assert text.endswith("Forskellen kan være tilfældig.")


def test_a_change_is_told_with_the_figure_before_and_its_interval(release):
    # 2017: 33 of 40 have one, 2016: 33 of 41
    claim, text = told(release, "I03")[0]
    assert claim is Claim.SURE
    assert text == (
        "I 2017 havde 82,5 pct. af kommunerne (N = 40) udpeget en boligsocial koordinator. "
        "95 pct.-interval 81,5–83,5. Det er mere end i 2016 (80,5 pct.)."
    )
    claim, text = told(release, "I03", width=1.1)[0]
    assert claim is Claim.CHANCE
    assert text.endswith("Forskellen til 2016 (80,5 pct.) kan være tilfældig.")


def test_english_findings_print_english_numbers(release):
    claim, text = told(release, "I03", ENGLISH)[0]
    assert claim is Claim.SURE
    assert text == (
        "In 2017, 82.5 % of the municipalities (N = 40) had appointed a coordinator. "
        "95 % interval 81.5–83.5. That is more than in 2016 (80.5 %)."
    )


def test_what_the_paired_test_calls_chance_is_not_claimed(release, cell):
    chance = dataclasses.replace(
        cell,
        cell_id="I15.x",
        indicator_id="I15",
        period="2016/2017",
        category="coordinator_appointed__yes",
        measure="may_be_chance",
        value=1.0,
    )
    cells = tuple(
        between(c, c.value - 1, c.value + 1) for c in release.cells_of("I03") if c.value is not None
    )
    changed = dataclasses.replace(release, cells=(*cells, chance))
    assert findings_of(changed, DANISH, "I03")[0].claim is Claim.CHANCE
    stands = dataclasses.replace(chance, value=0.0)
    changed = dataclasses.replace(release, cells=(*cells, stands))
    assert findings_of(changed, DANISH, "I03")[0].claim is Claim.SURE


def test_paired_changes_are_counted_and_those_that_stand_are_named(release, cell):
    def test_of(category, p):
        return dataclasses.replace(
            cell,
            cell_id=f"I15.{category}",
            indicator_id="I15",
            period="2016/2017",
            category=category,
            category_label_da=category,
            measure="mcnemar_mid_p",
            value=p,
        )

    cells = (test_of("første", 0.001), test_of("anden", 0.03), test_of("tredje", 0.9))
    finding = findings_of(dataclasses.replace(release, cells=cells), DANISH, "I15")[0]
    assert finding.claim is Claim.SURE
    assert "for »første« blandt" in finding.text  # 0.03 is not below 0.05 / 2
    finding = findings_of(dataclasses.replace(release, cells=cells[1:]), DANISH, "I15")[0]
    assert finding.claim is Claim.CHANCE
    assert finding.text.startswith("2 ændringer fra 2016 til 2017 er prøvet")


def test_declarations_are_whole_in_both_languages():
    for file in DECLARED:
        for declared in yaml.safe_load(file.read_text("utf-8")):
            words = {code: {k[:-2] for k in declared if k.endswith(code)} for code in CODES}
            assert words["da"] == words["en"] != set(), declared


def test_what_is_counted_on_a_day_is_said_with_the_day(release):
    days = {"2015": "2015-06-30", "2016": "2016-06-30", "2017": "2017-12-31"}
    cells = tuple(
        dataclasses.replace(
            c,
            note_ids="active_plans",
            sources_da=f"Udtræk fra driftsstøttesystemet {days[c.period]} (syntetisk)",
        )
        for c in release.cells_of("I01")
    )
    dated = dataclasses.replace(release, cells=cells)
    latest, before = sorted({days[c.period] for c in cells}, reverse=True)[:2]
    text = findings_of(dated, DANISH, "I01")[0].text
    assert f"en helhedsplan pr. {DANISH.period_in_words(latest)}." in text
    assert f"pr. {DANISH.period_in_words(before)}" in text
    table = breakdown_tables(dated, "I01")[0]
    assert table.days == tuple(days[p] for p in table.periods)
    assert remarks_of(table, ENGLISH)[0].startswith("Counted on 30 Jun 2015")
    # a year's figures are not of the day of the extract they come from
    years = tuple(dataclasses.replace(c, note_ids="prorated") for c in cells)
    assert breakdown_tables(dataclasses.replace(dated, cells=years), "I01")[0].days == ()
