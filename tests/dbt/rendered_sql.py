"""The project's SQL as text to run on its own, without dbt: for statements on tables of a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context, Macro


class Adapter:
    """As dbt's on DuckDB: of a macro that each engine has its own of, the one for all others."""

    @pass_context
    def dispatch(self, context: Context, name: str) -> Macro:
        macro: Macro = context.vars[f"default__{name}"]
        return macro


def rendered(dbt_dir: Path, file: str, macros: tuple[str, ...], ref: Callable[[str], str]) -> str:
    """Render a model or a test.

    Args:
        dbt_dir: The dbt project.
        file: The file below it.
        macros: Names of the macro files it needs, besides those of the dialects.
        ref: Where a model, or a raw table, is to be read from.

    Returns:
        The statement.
    """
    jinja = Environment(undefined=StrictUndefined, autoescape=False)
    jinja.globals["ref"] = ref
    jinja.globals["source"] = lambda schema, name: f"{schema}.{name}"
    jinja.globals["adapter"] = Adapter()
    jinja.globals["return"] = lambda text: text
    files = sorted(file.stem for file in (dbt_dir / "macros/dialect").glob("*.sql"))
    dialect = (f"dialect/{name}" for name in files if not name.startswith("spark_"))
    names = (*dialect, *macros)
    texts = [*(dbt_dir / "macros" / f"{name}.sql" for name in names), dbt_dir / file]
    return jinja.from_string("".join(t.read_text(encoding="utf-8") for t in texts)).render()
