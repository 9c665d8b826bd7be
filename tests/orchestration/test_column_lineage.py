"""Where a column comes from is read out of the SQL, once for each text of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.orchestration import column_lineage
from pipelines.orchestration.column_lineage import lineage_of_models
from pipelines.orchestration.table_metadata import lineage_metadata

CATALOG = {
    "raw": {"answers": {"wave": "VARCHAR", "code": "VARCHAR", "hours": "DOUBLE"}},
    "reference": {"places": {"code": "VARCHAR", "name": "VARCHAR"}},
}
SQL = """
with answered as (select * from "monitor"."raw"."answers" where hours > 0)
select a.wave, p.name || a.code as place, sum(a.hours) as hours, 1 as one
from answered as a left join "monitor"."reference"."places" as p on a.code = p.code
group by all
"""
FOUND = {
    "wave": (("raw", "answers", "wave"),),
    "place": (("raw", "answers", "code"), ("reference", "places", "name")),
    "hours": (("raw", "answers", "hours"),),
    "one": (),
}


def test_through_a_cte_a_star_and_a_join(tmp_path: Path) -> None:
    assert lineage_of_models({"m": SQL}, CATALOG, tmp_path / "kept.json") == {"m": FOUND}


def test_what_was_read_is_kept_until_sql_or_columns_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.json"
    lineage_of_models({"m": SQL}, CATALOG, kept)
    read: list[str] = []
    monkeypatch.setattr(column_lineage, "_origins", lambda name, *_: read.append(name) or {"x": []})
    assert lineage_of_models({"m": SQL}, CATALOG, kept) == {"m": FOUND}
    assert read == []
    lineage_of_models({"m": SQL + " limit 1"}, CATALOG, kept)
    lineage_of_models({"m": SQL}, {**CATALOG, "new": {"t": {"c": "INT"}}}, kept)
    assert read == ["m", "m"]
    kept.write_text("{[")
    lineage_of_models({"m": SQL}, CATALOG, kept)
    assert read == ["m", "m", "m"]


def test_what_cannot_be_read_has_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    models = {"broken": "select from where 'kanariefugl'", "m": SQL}
    assert set(lineage_of_models(models, CATALOG, tmp_path / "kept.json")) == {"m"}
    assert "no column lineage of broken" in caplog.text
    assert "kanariefugl" not in caplog.text


def test_dagster_is_told_of_assets() -> None:
    lineage = lineage_metadata(FOUND)["dagster/column_lineage"]
    deps = lineage.deps_by_column["place"]
    assert [(d.asset_key.to_user_string(), d.column_name) for d in deps] == [
        ("raw/answers", "code"),
        ("reference/places", "name"),
    ]
    assert lineage_metadata({}) == {}
