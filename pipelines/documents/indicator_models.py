"""dbt's declaration of the indicators' models: what the catalogue says, their models say.

The columns all of them share are those of the union of all cells, described by hand beside it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_DBT = Path(__file__).parents[2] / "dbt_project"
_PUBLISHED = _DBT / "models" / "published"
_CATALOGUE = _DBT / "seeds" / "indicator_catalogue.csv"
UNION = "pub_indicator_cells"
_LAST_SHARED_COLUMN = "sort_order"
_META = (
    "indicator_id",
    "title_da",
    "title_en",
    "definition_da",
    "unit",
    "owner",
    "confidentiality",
    "since_wave",
    "breaks_en",
)
_LISTS = ("breakdowns", "measures", "sources", "report_lines")
_HEAD = """\
# Made by `python -m pipelines.documents` from the catalogue (seeds/indicator_catalogue.csv) and the
# columns of the union of all cells (_published.yml); changes go there.
version: 2
models:
"""


class MissingModelError(Exception):
    """The catalogue and the folder of models do not have the same indicators."""


def indicators_yaml() -> str:
    """The text of `models/published/_indicators.yml`.

    Raises:
        MissingModelError: An indicator that is built has no model, or a model no indicator.
    """
    models = {
        f"I{path.stem[5:7]}": path.stem for path in sorted(_PUBLISHED.glob("pub_i[0-9]*.sql"))
    }
    catalogued = {row["indicator_id"]: row for row in _catalogue() if row["is_built"] == "true"}
    if models.keys() != catalogued.keys():
        odd = ", ".join(sorted(models.keys() ^ catalogued.keys()))
        raise MissingModelError(f"model and catalogue differ on {odd}")
    lines: list[str] = []
    for indicator, name in models.items():
        # said in full once; the others refer to the first
        columns = [] if lines else _shared_columns()
        lines += _model(name, catalogued[indicator], columns)
    return _HEAD + "".join(f"{line}\n" for line in lines)


def _catalogue() -> list[dict[str, str]]:
    with _CATALOGUE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _shared_columns() -> list[dict[str, Any]]:
    declared = yaml.safe_load((_PUBLISHED / "_published.yml").read_text(encoding="utf-8"))["models"]
    columns: list[dict[str, Any]] = next(m for m in declared if m["name"] == UNION)["columns"]
    names = [column["name"] for column in columns]
    return columns[: names.index(_LAST_SHARED_COLUMN) + 1]


def _model(name: str, row: Mapping[str, str], columns: list[dict[str, Any]]) -> Iterator[str]:
    meta = {key: row[key] for key in _META}
    lists = {key: [part for part in row[key].split("|") if part] for key in _LISTS}
    yield f"  - name: {name}"
    yield f"    description: {_text(_description(row))}"
    yield f"    config: {{meta: {json.dumps(meta | lists, ensure_ascii=False)}}}"
    if not columns:
        yield "    columns: *cell_columns"
        return
    yield "    columns: &cell_columns"
    for column in columns:
        yield f"      - {json.dumps(column, ensure_ascii=False)}"


def _description(row: Mapping[str, str]) -> str:
    breakdowns = ", ".join(row["breakdowns"].split("|"))
    secrecy = {"public": "Public", "confidential": "Confidential"}[row["confidentiality"]]
    return (
        f"One row per cell of {row['indicator_id']}, {row['title_en']}: {row['definition_en']} "
        f"Base: {row['base_en']}. By {breakdowns}, since {row['since_wave']}. {secrecy}."
    )


def _text(text: str) -> str:
    """A YAML scalar: a JSON string is one, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)
