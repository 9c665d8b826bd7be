"""The project's SQL as text to run on its own, without dbt: for statements on tables of a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, StrictUndefined


def rendered(dbt_dir: Path, file: str, macros: tuple[str, ...], ref: Callable[[str], str]) -> str:
    """Render a model or a test.

    Args:
        dbt_dir: The dbt project.
        file: The file below it.
        macros: Names of the macro files it needs.
        ref: Where a model, or a raw table, is to be read from.

    Returns:
        The statement.
    """
    jinja = Environment(undefined=StrictUndefined, autoescape=False)
    jinja.globals["ref"] = ref
    jinja.globals["source"] = lambda schema, name: f"{schema}.{name}"
    texts = [*(dbt_dir / "macros" / f"{name}.sql" for name in macros), dbt_dir / file]
    return jinja.from_string("".join(t.read_text(encoding="utf-8") for t in texts)).render()
