"""Which rules of every contract a source's cells are held to, as SQL: they follow from its fields.

One list for the gate that runs them and for the documents that name them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts.model import FieldType, Source
from pipelines.contracts.parsing import limit_sql, month_first_sql
from pipelines.intake.conform.messages import UNREADABLE
from pipelines.privacy.personal_data import sql_holds_personal_data

_CELLS = "cell_values"
"""Where a column's distinct cells stand while they are checked (`cell_values`)."""


def cell_checks(source: Source, *, are_clean: bool = False) -> Iterator[tuple[str, str, str]]:
    """(field, rule, SQL condition over text t and typed y) for every cell rule that applies.

    Args:
        source: The contract.
        are_clean: Whether the text is cleaned already, rather than as delivered.
    """
    for field in source.loaded_fields:
        text, typed = f"t.{field.field}", f"y.{field.field}"
        if not are_clean:
            text = f"clean({text})"
        if field.required:
            yield field.field, "C01_required_missing", f"{text} is null"
        if field.type in UNREADABLE:
            condition = f"{text} is not null and {typed} is null"
            yield field.field, UNREADABLE[field.type], condition
        if field.type is FieldType.DATE:
            yield field.field, "C10_date_order", month_first_sql(text, _CELLS)
        if field.type is FieldType.TEXT:
            condition = sql_holds_personal_data(
                text, is_identifier=field.field in source.identifiers
            )
            yield field.field, "C09_personal_data_in_cell", condition
        limits = [
            f"{typed} {operator} {limit_sql(field, limit)}"
            for operator, limit in (("<", field.minimum), (">", field.maximum))
            if limit
        ]
        if limits:
            yield field.field, "C05_out_of_range", " or ".join(limits)
