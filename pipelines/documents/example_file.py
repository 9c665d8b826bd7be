"""A small file that a source's contract accepts, for the delivery guide; a test sends it in."""

from __future__ import annotations

from pipelines.contracts.model import Source

DELIMITER = ";"


def example_file(source: Source) -> str:
    """Title lines, headings and example rows as CSV; empty where the source shows none."""
    if not source.example_rows:
        return ""
    columns = [f for f in source.loaded_fields if not f.is_title_fact]
    lines = [
        f"{source.field(fact.field).header}: {source.field(fact.field).example}"
        for fact in source.title_facts
    ]
    lines.append(DELIMITER.join(field.header for field in columns))
    lines.extend(
        DELIMITER.join(row.get(field.field, field.example) for field in columns)
        for row in source.example_rows
    )
    return "\n".join(lines) + "\n"
