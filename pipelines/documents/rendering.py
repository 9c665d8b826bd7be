"""How the documents are written: templates, and the few helpers that Markdown and messages need."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Path(__file__).with_name("templates")


def rendered(template: str, **values: Any) -> str:
    """A document from a template of `templates/`; an unknown name in it is an error."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"cell": cell, "message": message, "listed": listed}
    return environment.get_template(template).render(**values)


def cell(text: object) -> str:
    """Text inside a table of Markdown."""
    return " ".join(str(text).split()).replace("|", "\\|")


def message(template: str) -> str:
    """A rule's message with dots where a finding names columns, counts or dates.

    What follows straight after a full stop is an extra sentence (a proposal) and is left out.
    """
    text = ""
    for literal, name, _, _ in Formatter().parse(template):
        text += literal
        if name is not None and not text.endswith((".", "!", "?")):
            text += "…"
    return text.replace("….", "…")


def listed(texts: list[str], word: str) -> str:
    """Texts as a list in a sentence, with the word before the last."""
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
