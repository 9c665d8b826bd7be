"""Reads a tagged PDF as a screen reader does: the tree of tags, and the text each tag holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf


@dataclass
class Tag:
    name: str
    attributes: dict[str, Any]
    children: list[Tag] = field(default_factory=list)
    own_text: str = ""

    @property
    def table(self) -> dict[str, Any]:
        """What the tag says of its place in a table."""
        told = self.attributes.get("/A", [])
        return next((a for a in told if a["/O"] == "/Table"), {})

    @property
    def text(self) -> str:
        return self.own_text + "".join(child.text for child in self.children)

    def every(self, name: str) -> list[Tag]:
        found = [self] if self.name == name else []
        return found + [tag for child in self.children for tag in child.every(name)]


@dataclass
class Table:
    caption: str
    header: list[str]
    rows: list[list[str]]
    marks: dict[tuple[int, int], str]


def read_tags(path: Path) -> Tag:
    reader = pypdf.PdfReader(path)
    texts = {page.indirect_reference.idnum: _texts(page) for page in reader.pages}
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    return _tag(root, texts, None)


def tables(tree: Tag) -> list[Table]:
    """The tables with a caption. Numbers of notes, such as 1), are told apart from the text."""
    found = []
    for table in tree.every("/Table"):
        captions = table.every("/Caption")
        if not captions:
            continue
        rows, marks = [], {}
        for i, row in enumerate(table.every("/TR")):
            cells = [c for c in row.children if c.name in ("/TH", "/TD")]
            rows.append([_without_marks(c) for c in cells])
            marks |= {(i, j): _marks(c) for j, c in enumerate(cells) if _marks(c)}
        found.append(Table(_without_marks(captions[0]), rows[0], rows[1:], marks))
    return found


def _texts(page: pypdf.PageObject) -> dict[int, str]:
    """The page's text by the number of its marked content."""
    found: dict[int, str] = {}
    open_marks: list[int | None] = []

    def operand(operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        if operator == b"BDC":
            properties = operands[1]
            open_marks.append(properties.get("/MCID") if hasattr(properties, "get") else None)
        elif operator == b"BMC":
            open_marks.append(None)
        elif operator == b"EMC":
            open_marks.pop()

    def text(part: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        number = next((n for n in reversed(open_marks) if n is not None), None)
        if number is not None:
            found[number] = found.get(number, "") + part

    page.extract_text(visitor_operand_before=operand, visitor_text=text)
    return found


def _tag(node: Any, texts: dict[int, dict[int, str]], page: int | None) -> Tag:
    attributes = {k: v for k, v in node.items() if k in ("/Alt", "/Lang", "/A", "/ID")}
    tag = Tag(str(node.get("/S", "")), attributes)
    if "/Pg" in node:
        page = node.raw_get("/Pg").idnum
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        inner = kid.get_object()
        if isinstance(inner, int):
            tag.children.append(Tag("", {}, own_text=texts[page].get(inner, "")))
        elif inner.get("/Type") == "/MCR":
            place = inner.raw_get("/Pg").idnum if "/Pg" in inner else page
            tag.children.append(Tag("", {}, own_text=texts[place].get(inner["/MCID"], "")))
        elif "/S" in inner:
            tag.children.append(_tag(inner, texts, page))
    return tag


def _leaves(tag: Tag) -> list[str]:
    own = [tag.own_text.strip()] if tag.own_text.strip() else []
    return own + [leaf for child in tag.children for leaf in _leaves(child)]


def _is_mark(text: str) -> bool:
    return all(part.endswith(")") and part[:-1].isdigit() for part in text.split())


def _without_marks(tag: Tag) -> str:
    return " ".join(" ".join(t for t in _leaves(tag) if not _is_mark(t)).split())


def _marks(tag: Tag) -> str:
    return " ".join(t for t in _leaves(tag) if _is_mark(t))
