"""The table of environment variables in `docs/deployment.md`; the rest of it is written by hand."""

from __future__ import annotations

from pathlib import Path

from pipelines.documents.rendering import cell
from pipelines.environment import VARIABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"
BEGIN = "<!-- variables: written by python -m pipelines.documents -->\n"
END = "<!-- end of variables -->\n"


def with_table() -> str:
    """Give the page as it should be: its table made anew, all else as it is."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{variables_table()}{END}{after}"


def variables_table() -> str:
    """Write the variables as a table of Markdown."""
    lines = ["| variable | without it | what it is |", "|---|---|---|"]
    for each in VARIABLES:
        secret = " **Secret.**" if each.is_secret else ""
        lines.append(f"| `{each.name}` | {cell(each.default)} | {cell(each.meaning)}.{secret} |")
    return "\n".join(lines) + "\n"
