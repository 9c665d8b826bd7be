"""The SQL that dbt makes of each model: macros and references filled in.

It follows from the project's files alone and names tables by schema, so it has no place of a
machine in it and is the same wherever it is made.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.orchestration.dbt_plan import CATALOG, ensure_plan


def compiled_sql(dbt_dir: Path) -> dict[str, str]:
    """Give the compiled SQL of every model, by name.

    Raises:
        DbtParseError: If the project does not parse, or dbt cannot build it.
    """
    return {
        node.name: node.compiled.replace(f'"{CATALOG}".', "").strip()
        for node in ensure_plan(dbt_dir).tables
        if node.kind == "model"
    }
