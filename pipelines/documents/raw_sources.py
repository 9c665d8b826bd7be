"""dbt's declaration of the raw tables, from the contracts and the warehouse's own DDL."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipelines.contracts.loader import load_source
from pipelines.contracts.tables import Column, RawTable, raw_tables
from pipelines.warehouse.schema import OWN_TABLES

_HEAD = """\
# Made by `python -m pipelines.documents` from pipelines/sources/; changes go there.
# The raw schema as the intake writes it: all versions of all deliveries, keyed by delivery.
# Only this file knows raw; staging is the only layer that reads it.
version: 2
sources:
  - name: raw
    schema: raw
    description: >-
      Accepted rows as the intake wrote them, all versions kept. A row is current when its
      delivery is (`deliveries.is_current`); staging keeps the current ones.
    config:
      loaded_at_query: "select max(received_at) from raw.deliveries"
    tables:
"""


def raw_yaml() -> str:
    """The text of `models/sources/raw.yml`."""
    return _HEAD + "".join(f"{line}\n" for table in all_raw_tables() for line in _table(table))


def all_raw_tables() -> Iterator[RawTable]:
    """The warehouse's own raw tables first, then those of the contracts."""
    for qualified, (text_en, text_da, columns) in OWN_TABLES.items():
        schema, _, name = qualified.partition(".")
        if schema == "raw":
            yield RawTable(
                name,
                "",
                text_en,
                text_da,
                tuple(
                    Column(column, kind.removesuffix(" not null"), said_en, said_da)
                    for column, (kind, said_en, said_da) in columns.items()
                ),
            )
    yield from raw_tables()


def _table(table: RawTable) -> Iterator[str]:
    yield f"      - name: {table.name}"
    yield f"        description: {_text(table.grain_en)}"
    yield "        config:"
    meta = f"dagster: {{asset_key: [raw, {table.name}]}}, description_da: {_text(table.grain_da)}"
    yield f"          meta: {{{meta}}}"
    yield from _freshness(table)
    yield "        columns:"
    for column in table.columns:
        yield f"          - name: {column.name}"
        yield f"            data_type: {_text(column.sql_type)}"
        yield f"            description: {_text(column.text_en)}"
        yield f"            config: {{meta: {{{', '.join(_meta(column))}}}}}"


def _freshness(table: RawTable) -> Iterator[str]:
    if not table.source:
        return
    source = load_source(table.source)
    if source.fresh_days and source.table == table.name:
        yield f"          freshness: {{warn_after: {{count: {source.fresh_days}, period: day}}}}"
        yield (
            '          loaded_at_query: "select max(received_at) from raw.deliveries '
            f"where source = '{source.source}' and is_current\""
        )


def _meta(column: Column) -> Iterator[str]:
    yield f"description_da: {_text(column.text_da)}"
    if column.field is not None:
        yield f"label_da: {_text(column.field.label_da)}"
        if column.field.unit:
            yield f"unit: {_text(column.field.unit)}"
        if column.field.codelist:
            yield f"codelist: {column.field.codelist}"
        yield f"confidentiality: {column.field.confidentiality.value}"


def _text(text: str) -> str:
    """A YAML scalar: a JSON string is one, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)
