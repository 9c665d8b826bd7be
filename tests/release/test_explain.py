"""Where a figure comes from, and what is never told: a hidden value, who is behind an answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from release_steps import candidate, checked, published
from small_release import (
    EXTRACT,
    HIDDEN,
    REGION,
    SURVEY_2016,
    YES_2016,
    cell,
    cells,
    lineage,
    material,
    release_of,
)

from pipelines.publish.model import WithheldTable
from pipelines.release.checks import CheckReport, CheckResult
from pipelines.release.explain import Explainer, NoSuchCellError
from pipelines.release.explain_text import explanation_data, explanation_lines
from pipelines.release.explanations import explainer, explanations
from pipelines.release.lineage import joined, lineage_from, numbers
from pipelines.release.withheld import WithheldExplanation, withheld_data, withheld_lines
from pipelines.settings import Settings


def small(**other: object) -> Explainer:
    made = material()
    report = CheckReport(
        "c",
        (CheckResult("grim", "GRIM", "passed", "Passer."), CheckResult("x", "X", "passed", ".")),
    )
    full = Explainer(made.fresh, made.lineage, made.models, report, {}, ())
    return replace(full, **other)


def told(explained, everything: Explainer, *, sql: bool = True) -> str:
    lines = "\n".join(explanation_lines(explained, everything.models, sql=sql))
    return lines + json.dumps(explanation_data(explained, everything.models), ensure_ascii=False)


def test_a_register_figure_is_followed_to_its_rows() -> None:
    everything = small()
    explained = everything.of(REGION)
    [behind] = explained.deliveries
    # Nordjylland is Hjørring's neighbours here: 840 has row 9, 851 rows 2 to 5
    assert (behind.facts.delivery_id, behind.rows, behind.rows_count) == (EXTRACT, "2-5,9", 5)
    assert behind.active_rows == "4-5,9"  # 4 to 20 are active
    text = told(explained, everything)
    for part in (
        "Antal       6 af 11",
        f"fil       driftsstoette_2016-06-30.csv  sha256 {EXTRACT}",
        "rækker    41 læst, 41 godtaget, 0 i karantæne",
        "5 af tallets gruppe: 2-5,9",
        "heraf 3 af aktive planer: 4-5,9",
        f"{'rækker i stg_rows':<21} {5:>12}  heraf 3 af aktive planer",
        f"{'talt med (tælleren)':<21} {6:>12}",
        "Udtræk 30. juni 2016, version 1",
        "Opslag, der kun giver navne og rækkefølge\n  marts.dim_label",
        "modtaget  1. november 2026 kl. 9.00",
        "Definition  Andel kommuner.",
        "GRIM: Passer.",
        "dbt: 3 test af modellerne i kæden",
        "Ingen: tallet er ikke udgivet før.",
        "select 1",
        "Referencedata: areas, labels",
    ):
        assert part in text, part
    assert "X: ." not in text  # a check of something else
    assert explained.chain is not None
    assert explained.chain.all_models == ("pub_i01", "stg_rows", "dim_label")
    assert text.index("published.pub_i01") < text.index("staging.stg_rows") < text.index("Opslag")
    assert not re.search(
        r"\d{4}-\d{2}-\d{2}", text.partition('{"cell_id"')[0].replace("2016-06-30.csv", "")
    )


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("pct", 54.5, "Antal       6 af 11"),
        ("count", 6.0, "Antal       6 af 11"),
        ("count", 0.5, "Antal       11 i grundlaget"),  # a mean: six topics at eleven meetings
        ("fte", 6.0, "Antal       11 i grundlaget"),  # six years of work in eleven municipalities
        ("kr", 6.0, "Antal       11 i grundlaget"),
    ],
)
def test_only_what_is_some_of_its_base_is_told_as_so_many_of_so_many(
    unit: str, value: float, said: str
) -> None:
    figure = replace(cells()[0], unit=unit, value=value)
    everything = small(release=release_of([figure]))
    lines = list(explanation_lines(everything.of(REGION), everything.models, sql=False))
    assert said in lines
    # a sum has no numerator; the base is not what it is divided by
    is_sum = value == 6.0
    assert any("(nævneren)" in line for line in lines) is not is_sum


def test_of_an_answer_only_the_delivery_is_counted() -> None:
    [behind] = small().of(YES_2016).deliveries
    assert (behind.facts.delivery_id, behind.rows, behind.rows_count) == (SURVEY_2016, None, 41)


def test_a_confidential_cell_names_no_rows_of_a_register_either() -> None:
    """By size class or by answer, the rows of a public register would tell who is in the group."""
    made = lineage({HIDDEN: (EXTRACT,), REGION: (EXTRACT,)})
    explained = small(lineage=made).of(HIDDEN)
    assert [behind.rows for behind in explained.deliveries] == [None]


def test_a_hidden_figure_is_explained_without_it() -> None:
    everything = small()
    explained = everything.of(HIDDEN)
    assert explained.is_hidden
    text = told(explained, everything)
    assert "ikke vist af hensyn til fortroligheden" in text
    assert "Antal  " not in text
    assert (explained.way, "Fra rækker til tal" in text) == ((), False)
    data = explanation_data(explained, everything.models)
    assert (data["value"], data["numerator"], data["base"]) == (None, None, None)
    for code in ("840", "851", "101"):
        assert f'"{code}"' not in text and f" {code} " not in text


def test_a_hidden_register_figure_names_no_rows_either() -> None:
    hidden = replace(cells()[0], conf_status="C", value=None, numerator=None, display_da="..")
    explained = small(release=release_of([hidden])).of(REGION)
    assert [(b.rows, b.active_rows, b.rows_count) for b in explained.deliveries] == [
        (None, None, 41)
    ]


def test_the_way_to_an_answer_is_told_in_released_numbers() -> None:
    asked = [
        cell(f"I02.2016.{group}.all.{measure}", count, count, unit="count", value=count)
        for group, measure, count in (
            ("all.all", "invited", 45.0),
            ("all.all", "answered", 41.0),
            ("size.large", "answered", 2.0),
        )
    ]
    secret = replace(asked[2], conf_status="C", value=None)
    shown = cell("I03.2016.size.large.yes.share_pct", 36.0, 40.0, population=44.0)
    explained = small(release=release_of([*asked[:2], secret, shown])).of(shown.cell_id)
    # what is hidden of the response is not told on the way either
    assert [(station.what_da, station.count) for station in explained.way] == [
        ("invited, all", 45.0),
        ("answered, all", 41.0),
        ("kunne have svaret på spørgsmålet", 44.0),
        ("grundlaget (nævneren)", 40.0),
        ("talt med (tælleren)", 36.0),
    ]


def test_a_withheld_table_is_told_with_its_reason_and_no_cell_of_it() -> None:
    table = WithheldTable("I03", "2016", "region", "Region", "Kunne regnes ud.", "Derivable.")
    everything = small(release=replace(release_of(cells()), withheld=(table,)))
    # the same for a cell it would have had and for one that nobody could have
    for made_up in ("Nordjylland.yes", "x.y"):
        told_of = everything.of(f"I03.2016.region.{made_up}.share_pct")
        assert isinstance(told_of, WithheldExplanation)
        text = "\n".join(withheld_lines(told_of))
        assert "Titel I03 efter region, 2016" in text
        assert "Hele tabellen er holdt tilbage" in text
        assert "Hvorfor     Kunne regnes ud." in text
        assert "Svar i et antal under 3 skjules" in text
        assert withheld_data(told_of)["is_withheld"]


def test_a_file_name_cannot_write_on_the_terminal() -> None:
    facts = lineage().deliveries[EXTRACT]
    part = replace(facts.files[0], name="udtr\x1b[31mæk\n.csv")
    made = replace(lineage(), deliveries={EXTRACT: replace(facts, files=(part,))})
    naughty = replace(cells()[0], indicator_title_da="I01\x1b[2J\u202e")
    kept = replace(made, cells={REGION: (EXTRACT,)})
    everything = small(lineage=kept, release=release_of([naughty]))
    lines = list(explanation_lines(everything.of(REGION), everything.models, sql=False))
    assert not [line for line in lines if not line.isprintable()]
    assert lines[1].startswith("I01\\x1b[2J\\u202e: ")


def test_an_unknown_cell_is_told_with_near_ones() -> None:
    with pytest.raises(NoSuchCellError, match=r"Mente du I01\.2016\.region\.Nordjylland"):
        small().of("i01.2016")
    with pytest.raises(
        NoSuchCellError, match=r"har ingen celle 'I99'[^(]*\(release 2017-x|has no cell"
    ):
        small().of("I99")


@pytest.mark.usefixtures("quick")
def test_earlier_values_and_the_change_are_told(settings: Settings) -> None:
    published(settings)
    folder = candidate(settings, made=material(release_of(cells(yes_2016=30))))
    checked(folder)
    explained = explainer(settings, "2016.2").of(YES_2016)
    assert [(e.version, e.display_da) for e in explained.earlier] == [("2016.1", "90,0")]
    assert explained.change is not None
    assert explained.change.causes == "unexplained"
    assert "GRIM: Alt passer." in explained.checks
    # without a version the current release is explained, which does not know the later one
    current = explainer(settings, None).of(YES_2016)
    assert (current.version, current.earlier, current.cell.display_da) == ("2016.1", (), "90,0")
    assert set(explanations(settings, folder.version)) == {c.cell_id for c in cells()[:3]}


def test_row_numbers_are_written_as_spans_and_read_back() -> None:
    assert joined([9, 2, 3, 4, 5, 4]) == "2-5,9"
    assert joined([]) == ""
    assert numbers("2-5,9") == [2, 3, 4, 5, 9]
    assert numbers("") == []


def test_a_group_without_rows_has_none() -> None:
    made = lineage()
    assert made.rows_behind(EXTRACT, "municipality", "999") == ""
    assert made.rows_behind(EXTRACT, "size", "large") == "2-41"
    assert made.rows_behind(SURVEY_2016, "all", "all") is None


def test_lineage_is_kept_whole() -> None:
    made = lineage()
    assert lineage_from(json.loads(json.dumps(made.to_dict()))) == made
