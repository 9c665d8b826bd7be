"""The tags of tables in a finished PDF, as readers aloud need them: row headings and captions.

typst tags only the head of a table as headings; its `pdf.header-cell` is behind a switch that
typst's Python binding does not have (0.15). So the finished file's tree of tags is mended: the
first cell of each row becomes `TH` with scope `Row`, and since typst names the headings of every
cell one by one, the row's is added to them. And where a page ends inside a table, typst leaves the
caption beside the table; it is put inside, where it belongs. Nothing that is drawn changes.
"""

from __future__ import annotations

import io
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


def with_table_tags(data: bytes) -> bytes:
    """Return the same document with row headings, and captions inside their tables.

    Args:
        data: A tagged PDF as typst writes it.
    """
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.pdf_header = data[: len("%PDF-1.7")].decode("latin-1")
    root = writer.root_object.get("/StructTreeRoot", NullObject()).get_object()
    if isinstance(root, DictionaryObject):
        for each in _every(root, "/Caption"):
            _put_inside(each)
        named: dict[str, PdfObject] = {}
        for number, row in enumerate(_every(root, "/TR")):
            named |= _with_heading(row, number)
        _name(root, named)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _every(node: DictionaryObject, name: str) -> list[DictionaryObject]:
    """The tags of a name inside a tag, in order."""
    if node.get("/S") == name:
        return [node]
    return [found for kid in _kids(node) for found in _every(kid, name)]


def _kids(node: DictionaryObject) -> list[DictionaryObject]:
    """The tags right inside a tag, without its marked content."""
    kids = node.get("/K", NullObject()).get_object()
    inner = [kid.get_object() for kid in (kids if isinstance(kids, ArrayObject) else [kids])]
    return [kid for kid in inner if isinstance(kid, DictionaryObject) and "/S" in kid]


def _put_inside(caption: DictionaryObject) -> None:
    """Move a caption that stands beside its table to the table's beginning."""
    around = caption["/P"].get_object()
    if not isinstance(around, DictionaryObject) or around.get("/S") in ("/Table", "/Figure"):
        return
    tables, beside = _every(around, "/Table"), around["/K"].get_object()
    if len(tables) != 1 or not isinstance(beside, ArrayObject):
        return
    (table,) = tables
    reference = caption.indirect_reference or caption
    around[NameObject("/K")] = ArrayObject(kid for kid in beside if kid.get_object() != caption)
    inside = table["/K"].get_object()
    kids = inside if isinstance(inside, ArrayObject) else [inside]
    table[NameObject("/K")] = ArrayObject([reference, *kids])
    caption[NameObject("/P")] = table.indirect_reference or table


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
