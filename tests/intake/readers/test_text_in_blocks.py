"""A large text in blocks is the same text, or refused by the same rule, as a small one at once."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_text_encoding import DOS_AND_MAC, NEIGHBOUR_PAGES, in_every_frame

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.encoding import decode
from pipelines.intake.readers.text_blocks import OtherEncodingError, TextFile

ACCEPTED_PAGES = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
MIXED = st.text(alphabet="abæøåÆØÅé\u0301\u030a\u200b\ufeff»«’–½\r\n;,\"'\x07\x1a0Ö", max_size=40)


def at_once(data: bytes) -> tuple[str, str, int]:
    """(encoding, text, marks), or the rule of the refusal."""
    try:
        found = decode(data, "x.csv")
    except DeliveryRejected as refusal:
        return refusal.rule, "", 0
    return found.encoding, found.text, found.invisible_marks


def in_blocks(data: bytes, block_bytes: int, *, at_sight: bool = False) -> tuple[str, str, int]:
    try:
        file = TextFile(io.BytesIO(data), "x.csv", block_bytes, at_sight=at_sight)
        text = b"".join(block.data for block in file.blocks()).decode()
    except DeliveryRejected as refusal:
        return refusal.rule, "", 0
    except OtherEncodingError:
        assert at_sight
        return in_blocks(data, block_bytes)
    if not text.strip():  # refused as soon as a heading is looked for
        return "F02_empty_file", "", 0
    return file.encoding, text, file.invisible_marks


@pytest.mark.parametrize("page", [*ACCEPTED_PAGES, *DOS_AND_MAC, *NEIGHBOUR_PAGES])
def test_every_name_in_every_page_ends_the_same(page: str) -> None:
    for text, data in in_every_frame(page):
        assert in_blocks(data, 16) == at_once(data), text
        assert in_blocks(data, 16, at_sight=True) == at_once(data), text


@pytest.mark.slow
@settings(max_examples=300)
@given(text=MIXED, codec=st.sampled_from(ACCEPTED_PAGES), block_bytes=st.integers(4, 64))
def test_text_in_an_accepted_page_ends_the_same(text: str, codec: str, block_bytes: int) -> None:
    data = text.encode(codec, errors="ignore")
    assert in_blocks(data, block_bytes) == at_once(data)
    assert in_blocks(data, block_bytes, at_sight=True) == at_once(data)


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.binary(max_size=60), block_bytes=st.integers(4, 64))
def test_any_bytes_end_the_same(data: bytes, block_bytes: int) -> None:
    assert in_blocks(data, block_bytes)[0] == at_once(data)[0]
    assert in_blocks(data, block_bytes, at_sight=True)[0] == at_once(data)[0]


@pytest.mark.parametrize(
    ("rest", "ends"),
    [
        (b"", None),
        ("Prøvehaven\n".encode("cp1252"), "cp1252"),
        ("Prøvehaven\n".encode("cp850"), "F01_unreadable_encoding"),
        (b"\x07\n", "F24_binary_content"),
        (b"\0\n", "F24_binary_content"),
    ],
)
def test_what_nobody_took_of_a_text_read_at_sight_is_looked_at_in_the_end(
    rest: bytes, ends: str | None
) -> None:
    data = b"2011-0001;Parken\n" * 20 + rest
    file = TextFile(io.BytesIO(data), "x.csv", 32, at_sight=True)
    next(file.blocks())
    if ends is None:
        file.finish()
    elif ends.startswith("F24"):
        with pytest.raises(DeliveryRejected) as refusal:
            file.finish()
        assert refusal.value.rule == ends
    else:
        with pytest.raises(OtherEncodingError):
            file.finish()
        assert in_blocks(data, 32)[0] == ends
