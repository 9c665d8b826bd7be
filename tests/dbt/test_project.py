"""The house rules of the dbt project, read from its files; dbt itself does not run here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.contracts.tables import raw_ddl
from pipelines.warehouse.schema import own_ddl

MOST_LINES = 80
PREFIXES = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "backtest_"),
    "published": ("pub_",),
    "docs": ("",),
}


def _described(dbt_dir: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((dbt_dir / "models").rglob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])


def _models(dbt_dir: Path) -> list[Path]:
    return sorted((dbt_dir / "models").rglob("*.sql"))


def test_every_model_says_its_grain_first(dbt_dir: Path) -> None:
    descriptions = {model["name"]: model["description"] for model in _described(dbt_dir)}
    assert set(descriptions) == {path.stem for path in _models(dbt_dir)}
    vague = [name for name, text in descriptions.items() if not text.startswith("One row per ")]
    assert vague == []


def test_models_are_short_and_named_by_their_layer(dbt_dir: Path) -> None:
    for path in _models(dbt_dir):
        assert path.stem.startswith(PREFIXES[path.parent.name]), path.name
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path.name


@pytest.mark.parametrize("layer", ["marts", "published"])
def test_contracted_models_name_their_columns(dbt_dir: Path, layer: str) -> None:
    for path in sorted((dbt_dir / "models" / layer).glob("*.sql")):
        final = path.read_text(encoding="utf-8").split("final as (")[1]
        final = final.split("\n)\n")[0]
        assert not re.search(r"select\s+\*|\w+\.\*", final), path.name


def test_only_staging_reads_raw(dbt_dir: Path) -> None:
    readers = {
        path.parent.name
        for path in _models(dbt_dir)
        if "source('raw'" in path.read_text(encoding="utf-8")
    }
    assert readers == {"staging"}


def test_every_published_model_is_in_the_union(dbt_dir: Path) -> None:
    union = (dbt_dir / "macros/united_cells.sql").read_text(encoding="utf-8")
    models = {path.stem for path in (dbt_dir / "models/published").glob("pub_i[0-9]*.sql")}
    assert set(re.findall(r"pub_i\d\d_\w+", union)) == models


def test_sources_are_the_raw_tables_of_the_contracts(dbt_dir: Path) -> None:
    declared = {
        (table["name"], column["name"])
        for source in yaml.safe_load(
            (dbt_dir / "models/sources/raw.yml").read_text(encoding="utf-8")
        )["sources"]
        for table in source["tables"]
        for column in table["columns"]
    }
    with duckdb.connect() as connection:
        for statement in (*own_ddl(), *raw_ddl()):
            connection.execute(statement)
        existing = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'raw'"
        ).fetchall()
    assert declared == set(existing)


KEY_COLUMNS = re.compile(
    r"(municipality_code|case_number|(size_)?extract_date|topic|wave|(\w+_)?delivery_id)"
)
OWN_KEYS = {
    "dim_municipality": "municipality_code",
    "dim_plan": "case_number",
    "dim_extract": "extract_date",
    "dim_topic": "topic",
    "dim_wave": "wave",
    "fct_delivery": "delivery_id",
}


def test_marts_are_a_star_whose_keys_are_tested(dbt_dir: Path) -> None:
    """Each mart has a unique key; each column that points at another mart is held against it."""
    marts = [m for m in _described(dbt_dir) if m["name"].startswith(PREFIXES["marts"])]
    assert len(marts) > 15
    for mart in marts:
        tests = {kind: spec for test in mart["data_tests"] for kind, spec in test.items()}
        assert "grain" in tests, mart["name"]
        tested = set(tests.get("refers_to", {}).get("arguments", {}).get("keys", {}))
        columns = {column["name"] for column in mart["columns"]}
        keys = {name for name in columns if KEY_COLUMNS.fullmatch(name)}
        assert keys - {OWN_KEYS.get(mart["name"])} <= tested <= columns, mart["name"]
