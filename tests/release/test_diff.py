"""Two releases held against each other: what is other, and what brought it about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from release_steps import candidate, published
from small_release import (
    AFTER,
    BEHIND,
    EXTRACT,
    HIDDEN,
    NEW_EXTRACT,
    REGION,
    YES_2016,
    YES_2017,
    cell,
    cells,
    lineage,
    material,
    models,
    release_of,
)

from pipelines.release.causes import CAUSES_DA, CAUSES_EN, Cause, MadeOf, with_causes
from pipelines.release.comparing import Comparison, ComparisonError, comparison
from pipelines.release.diff import COLUMNS, compare, diff_csv, read_diff
from pipelines.release.diff_text import diff_data, diff_lines
from pipelines.release.folder import TamperedError
from pipelines.release.signing import withdraw
from pipelines.release.versions import Version
from pipelines.settings import Settings


def made(
    behind=BEHIND, sql="select 1", code="code-1", periods=("2016", "2017"), said="other", look="a"
) -> MadeOf:
    tables = frozenset((i, p) for i in ("I01", "I03") for p in periods)
    return MadeOf(lineage(behind, said), models(sql, look).chains, code, tables)


def differences(new, before=None, after=None, old=None):
    changes = compare(old or release_of(cells()), new)
    return with_causes(changes, before or made(), after or made())


def test_nothing_other_is_no_difference() -> None:
    noted = tuple(replace(c, note_ids="revised") for c in cells())
    assert differences(release_of(noted)) == ()
    # beyond any printed decimal
    nudged = tuple(replace(c, value=c.value + 1e-12) if c.value else c for c in cells())
    assert differences(release_of(nudged)) == ()


def test_changed_new_and_gone() -> None:
    kept = [c for c in cells(yes_2016=30.0) if c.cell_id != REGION]
    found = differences(release_of([*kept, cell("I03.2016.all.all.no.share_pct", 10.0)]))
    kinds = {change.cell_id: change.kind for change in found}
    assert kinds == {
        YES_2016: "changed",
        "I03.2016.all.all.no.share_pct": "new",
        REGION: "gone",
    }
    by_id = {change.cell_id: change for change in found}
    # 36 and 30 of 40
    assert (by_id[YES_2016].value_old, by_id[YES_2016].value_new) == (90.0, 75.0)
    assert (by_id[REGION].display_old, by_id[REGION].display_new) == ("54,5", "")
    assert [by_id[k].is_revision for k in kinds] == [True, False, True]


CAUSES = {
    "delivery": (made({**BEHIND, REGION: (NEW_EXTRACT,)}), REGION),
    "code": (made(sql="select 2"), REGION),
    "program": (made(code="code-2"), YES_2016),
    "unexplained": (made(), YES_2016),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_cause_is_what_differs_behind_the_cell(cause: str) -> None:
    after, cell_id = CAUSES[cause]
    [change] = [
        each
        for each in differences(release_of(cells(region=7.0, yes_2016=30.0)), after=after)
        if each.cell_id == cell_id
    ]
    assert change.causes == cause
    assert change.cause_da.startswith(CAUSES_DA[Cause(cause)])
    assert change.cause_en.startswith(CAUSES_EN[Cause(cause)])


def test_a_new_delivery_is_named() -> None:
    after = made({**BEHIND, REGION: (EXTRACT, NEW_EXTRACT)})
    [change] = differences(release_of(cells(region=7.0)), after=after)
    assert change.cause_da == "ny leverance (Udtræk 30. juni 2016)"
    assert change.cause_en == "new delivery (Extract 30 June 2016)"


def test_a_new_delivery_that_says_the_same_of_the_group_is_no_cause() -> None:
    """A model changed too; the cell's own rows did not, so the delivery is not suspected."""
    after = made({**BEHIND, REGION: (NEW_EXTRACT,)}, said="as sent", sql="select 2")
    [change] = differences(release_of(cells(region=7.0)), after=after)
    assert (change.causes, change.cause_da) == ("code", "ændret beregning (stg_rows)")


def test_a_model_that_only_names_is_no_cause() -> None:
    [change] = differences(release_of(cells(region=7.0)), after=made(look="b"))
    assert change.causes == "unexplained"


@pytest.mark.parametrize(
    ("other", "cause"),
    [({"corrections": ("k1",)}, "correction"), ({"contract_fingerprint": "f2"}, "reading")],
)
def test_the_same_delivery_read_in_another_way(other: dict[str, object], cause: str) -> None:
    read = lineage()
    again = {k: replace(v, **other) if k == EXTRACT else v for k, v in read.deliveries.items()}
    by_code = {"municipality_code": {"851": "mended", "840": "h2"}, "all": {"all": "mended"}}
    said = {**read.content, EXTRACT: by_code}
    after = replace(made(), lineage=replace(read, deliveries=again, content=said))
    found = differences(release_of(cells(region=7.0, yes_2016=30.0)), after=after)
    assert {change.cell_id: change.causes for change in found} == {
        REGION: cause,
        YES_2016: "unexplained",
    }
    # a correction of another municipality's rows is not why Nordjylland is another
    elsewhere = replace(made(), lineage=replace(read, deliveries=again))
    [change] = differences(release_of(cells(region=7.0)), after=elsewhere)
    assert change.causes == "unexplained"


def test_reference_data_and_a_new_period() -> None:
    chains = {k: replace(c, reference={"areas": "other"}) for k, c in models().chains.items()}
    after = replace(made(), chains=chains)
    before = made(periods=("2016",))
    old = release_of([c for c in cells() if c.period == "2016"])
    found = differences(release_of(cells(yes_2016=30.0)), before, after, old)
    causes = {change.cell_id: change.causes for change in found}
    assert causes == {YES_2016: "reference", YES_2017: "new_period|reference"}


def test_what_is_hidden_now_is_disclosure_control_and_shows_no_number() -> None:
    hidden = [cell(YES_2016, None, None) if c.cell_id == YES_2016 else c for c in cells()]
    [change] = differences(release_of(hidden))
    assert change.causes == "disclosure"
    assert (change.value_new, change.base_new, change.display_new) == (None, None, "..")


def test_another_definition_is_told_of_every_cell_but_revises_none() -> None:
    found = differences(release_of(cells(), definition="Andel af alle."))
    assert {c.cell_id for c in found} == {REGION, YES_2016, HIDDEN, YES_2017}
    assert {(c.causes, c.is_revision) for c in found} == {("definition", False)}
    assert found[0].definition_old == "Andel kommuner. Grundlag: Alle kommuner"
    assert found[0].definition_new == "Andel af alle. Grundlag: Alle kommuner"


def test_written_and_read_back() -> None:
    found = differences(release_of([*cells(region=7.0)[:3], cell("I03.2018.a.b.c.d", 1.0)]))
    data = diff_csv(found)
    assert read_diff(data) == found
    assert data.decode().splitlines()[0] == ",".join(COLUMNS)


def told(found, *remarks: str) -> Comparison:
    return Comparison(Version(2016, 1), Version(2016, 2), found, remarks)


def test_told_in_danish_and_as_data() -> None:
    found = told(differences(release_of(cells(region=7.0)), after=CAUSES["delivery"][0]), "Nyt.")
    text = "\n".join(diff_lines(found))
    for line in (
        "Forskelle mellem 2016.1 og 2016.2: 1 celler\n  Bemærk: Nyt.",
        "ændret       1  ny leverance: 1",
        "tal: 54,5 → 63,6",
        "årsag: ny leverance (Udtræk 30. juni 2016)",
    ):
        assert line in text
    data = diff_data(found)
    assert data["remarks_da"] == ["Nyt."]
    [change] = data["changes"]
    assert (change["causes"], change["is_revision"]) == (["delivery"], True)
    assert "Ingen celle er ændret" in "\n".join(diff_lines(told(())))


def test_a_changed_definition_is_told_once_and_not_at_each_cell() -> None:
    found = differences(release_of(cells(region=7.0), definition="Andel af alle."))
    lines = list(diff_lines(told(found)))
    # I01 has one cell, whose figure changed too; I03 has three, none of whose did
    assert "Ændret definition: I01 (1 celler, 0 med samme tal)" in lines
    assert "Ændret definition: I03 (3 celler, 3 med samme tal)" in lines
    assert lines.count("  nu:  Andel af alle. Grundlag: Alle kommuner") == 2
    assert [line for line in lines if line.startswith("Ændret: ")] == [
        "Ændret: Titel I01 · Nordjylland · all · share_pct (2016)"
    ]


def test_texts_cannot_write_on_the_terminal() -> None:
    new = replace(cells()[0], value=1.0, indicator_title_da="\x1b[31mI01\nÆndret: x")
    lines = list(diff_lines(told(differences(release_of([new, *cells()[1:]])))))
    assert not [line for line in lines if "\x1b" in line or "\n" in line]


@pytest.mark.usefixtures("quick")
def test_what_cannot_be_compared_is_told_in_both_languages(settings: Settings) -> None:
    published(settings)
    published(settings, made=material(release_of(cells(yes_2016=30))))
    candidate(settings, 2017)
    first, second, third = Version(2016, 1), Version(2016, 2), Version(2017, 1)
    for old, new, danish, english in (
        (first, first, "er den samme udgivelse", "are the same release"),
        (second, first, "`monitor diff 2016.1 2016.2`", "the old one is written first"),
        (first, Version(2016, 9), "Der er: 2016.1, 2016.2, 2017.1", "there is no release 2016.9"),
    ):
        with pytest.raises(ComparisonError) as refused:
            comparison(settings, old, new)
        said = str(refused.value).splitlines()
        assert danish in said[0]
        assert english in said[1]
    withdraw(settings, second, by="otto", reason="Talt to gange", now=AFTER)
    found = comparison(settings, second, third)
    assert found.remarks_da == (
        "2016.2 er trukket tilbage 10. november 2026 kl. 9.00: Talt to gange",
        "2017.1 er ikke udgivet: tallene kan endnu blive andre.",
    )
    # 30 and 36 of 40, and 35 of 40 of the year that came
    assert {c.cell_id: c.kind for c in found.changes} == {YES_2016: "changed", YES_2017: "new"}
    database = settings.releases_dir / "2016.1" / "release.duckdb"
    database.chmod(0o644)
    database.write_bytes(database.read_bytes() + b"x")
    with pytest.raises(TamperedError, match=r"release\.duckdb was changed"):
        comparison(settings, first, second)
