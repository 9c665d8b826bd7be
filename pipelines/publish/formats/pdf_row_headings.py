"""Headings of rows in a tagged PDF: the first cell of a row becomes a heading with scope.

typst tags only the head of a table as headings; its `pdf.header-cell` is behind a switch that
typst's Python binding does not have (0.15). So the finished file's tree of tags is mended: the
first cell of each row becomes `TH` with scope `Row`, and since typst names the headings of every
cell one by one, the row's is added to them. Nothing that is drawn changes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    PdfObject,
    TextStringObject,
)

_CELLS: Final = ("/TH", "/TD")


def with_row_headings(data: bytes) -> bytes:
    """Return the same document with the first cell of each table's rows as its heading.

    Args:
        data: A tagged PDF as typst writes it.
    """
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.pdf_header = data[: len("%PDF-1.7")].decode("latin-1")
    root = writer.root_object.get("/StructTreeRoot", NullObject()).get_object()
    if isinstance(root, DictionaryObject):
        named: dict[str, PdfObject] = {}
        for number, row in enumerate(_rows(root)):
            named |= _with_heading(row, number)
        _name(root, named)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _rows(node: DictionaryObject) -> Iterator[DictionaryObject]:
    if node.get("/S") == "/TR":
        yield node
        return
    for kid in _kids(node):
        yield from _rows(kid)


def _kids(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The tags right inside a tag, without its marked content."""
    kids = node.get("/K", NullObject()).get_object()
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        inner = kid.get_object()
        if isinstance(inner, DictionaryObject) and "/S" in inner:
            yield inner


def _with_heading(row: DictionaryObject, number: int) -> dict[str, PdfObject]:
    """Make the first cell of a row its heading; return what it is called and where it is."""
    first, *others = [kid for kid in _kids(row) if kid.get("/S") in _CELLS]
    if first.get("/S") != "/TD" or not others:
        return {}  # the head of the table, or the heading of a group
    name = TextStringObject(f"R{number}")
    first[NameObject("/S")] = NameObject("/TH")
    first[NameObject("/ID")] = name
    attributes = _of_table(first)
    attributes[NameObject("/Scope")] = NameObject("/Row")
    for cell in others:
        headings = _of_table(cell).setdefault(NameObject("/Headers"), ArrayObject())
        headings.append(name)
    return {str(name): first.indirect_reference or first}


def _of_table(cell: DictionaryObject) -> DictionaryObject:
    """The attributes that say what a cell is in its table."""
    attributes = cell.setdefault(NameObject("/A"), ArrayObject())
    for each in attributes if isinstance(attributes, ArrayObject) else [attributes]:
        found = each.get_object()
        if isinstance(found, DictionaryObject) and found.get("/O") == "/Table":
            return found
    added = DictionaryObject({NameObject("/O"): NameObject("/Table")})
    if isinstance(attributes, ArrayObject):
        attributes.append(added)
    else:
        cell[NameObject("/A")] = ArrayObject([attributes, added])
    return added


def _name(root: DictionaryObject, named: dict[str, PdfObject]) -> None:
    """Add names to the list in which readers look them up, which is in order."""
    tree = root.setdefault(NameObject("/IDTree"), DictionaryObject()).get_object()
    names = tree.setdefault(NameObject("/Names"), ArrayObject()).get_object()
    known = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)} | named
    tree[NameObject("/Names")] = ArrayObject(
        part for name in sorted(known) for part in (TextStringObject(name), known[name])
    )
