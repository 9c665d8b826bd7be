"""From bytes to text, by rule and never by guess.

The order is fixed: a byte order mark says UTF-8 or UTF-16; else valid UTF-8 is UTF-8; else it is
Windows-1252, provided that what comes out looks Danish; else nobody knows and the file is
rejected. Guessing libraries get short Danish files wrong, and a DOS or Mac file read as
Windows-1252 yields well-formed nonsense that no later check would notice.

Here also belongs what makes text comparable: composed characters (NFC), no invisible marks. What
a line or a field is, belongs to `delimited`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from pipelines.intake.findings import DeliveryRejected, rejected

DANISH_LETTERS = frozenset("æøåÆØÅ")
_ACCENTED_LETTERS = frozenset("éÉ")  # én, idé, allé: Danish too, but not only
_NEIGHBOUR_LETTERS = frozenset("èêëáàâäóòôöúùûüíìîïçñßýÿðþÄÖÜÁÓ")
_SIGNS = frozenset("–—‘’“”„…•€°§´·«»£±²³µ×÷½¼¾™©®¹º\u00a0\u00ad")
_EXPECTED = DANISH_LETTERS | _ACCENTED_LETTERS | _NEIGHBOUR_LETTERS | _SIGNS

# What DOS (850, 865, 437) and Mac letters turn into when their bytes are read as Windows-1252:
# signs that stand where only letters stand.
_FOREIGN_PAGE = re.compile(
    r"[^\W\d_][‘„”“…•°´·«»£±½¼¾™©®¹º×÷]+[^\W\d_]"  # a sign between two letters
    r"|^[^»]*\d«"  # DOS ½ after a number
    r"|[^\W\d_]‘"  # DOS æ at a word's end
    r"|[¾®×][^\W\d_]|[^\W\d_]¾"  # Mac æ and Æ at a word's start, æ at its end
    r"|(?:^|[\s;,|\"])[’®¾]+(?=$|[\s;,|\"])"  # DOS Æ, Mac Æ and æ as a word of their own
    r"|(?!\bD’[AEIOUYH]|\bO’)[A-ZÆØÅ]’[A-ZÆØÅ]"  # DOS Æ inside a word in capitals
    r"|(?:^|[\W_])’(?=[^\W\d_])(?![^’]*\w’)"  # DOS Æ at a word's start
)

# Letters that stand where signs do: Mac quotes and dots at a word's end, DOS °C, m² and m³.
_FOREIGN_SIGNS = re.compile(r"[a-zæøå][ÁÓÉÄÖÜ]|[A-ZÆØÅ][ÁÓÉÄÖÜ][a-zæøå]|\d ?øC\b|\bm[ýü]\b")
_FOREIGN_SIGN_HINTS = frozenset("ÁÓÉÄÖÜýü")

# The same as cells of valid text: what earlier, wrong conversions leave behind.
_GARBLED = re.compile(
    "\ufffd|[\u0080-\u009f]"
    "|[ÃÂ][\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
    "|â€"
    "|[^\\W\\d_][‘†‡›‹Œ¿¯¾][a-zæøå]"
)

# Zero width, soft hyphen, word joiner, directional marks, embeddings and isolates, BOM.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
CONTROL_CHARACTERS = frozenset(map(chr, [*range(32), 127])) - frozenset("\t\n\r")
_WITHOUT_CONTROL = str.maketrans(dict.fromkeys(CONTROL_CHARACTERS))


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text: composed, without invisible marks, every line ending a single newline."""

    text: str
    encoding: str
    invisible_marks: int


def decode(data: bytes, file: str) -> DecodedText:
    """Decode a text file by rule.

    Args:
        data: The file's bytes.
        file: Its name, for the message of a rejection.

    Raises:
        DeliveryRejected: When the file is empty or binary, or no rule fits its bytes.
    """
    if not data.strip():
        raise rejected("F02_empty_file", file=file)
    text, encoding = _by_rule(data, file)
    if not CONTROL_CHARACTERS.isdisjoint(set(text)):
        raise rejected("F24_binary_content", file=file)
    text, marks = composed(text)
    if not text.strip():
        raise rejected("F02_empty_file", file=file)
    return DecodedText(text, encoding, marks)


def composed(text: str) -> tuple[str, int]:
    """Return text with single newlines, composed, without invisible marks; and their number."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, marks = (text, 0) if text.isascii() else _INVISIBLE.subn("", text)
    return unicodedata.normalize("NFC", text), marks


def clean_text(text: str) -> str:
    """Return a cell's text composed and without invisible or control characters."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_WITHOUT_CONTROL))


def is_garbled(text: str) -> bool:
    """Whether text bears the marks of having been read in a wrong character set before."""
    return not text.isascii() and _GARBLED.search(text) is not None


def is_garbled_spelling(found: str, meant: str) -> bool:
    """Whether a word is another one whose Danish letters a wrong character set has ruined.

    `BelÃ¸b`, `Bel?b`, `Bel&oslash;b` are `Beløb`; `Beleb` is just another word.
    """
    pattern = "".join(
        re.escape(c) if c.isascii() else r"(?:[^a-z0-9\s]{1,6}|&#?\w{1,7};)"
        for c in meant.casefold()
    )
    folded = found.casefold()
    return folded != meant.casefold() and re.fullmatch(pattern, folded) is not None


def looks_danish(text: str) -> bool:
    """Whether text decoded as Windows-1252 is what a Danish office would write.

    Only letters and signs known from Danish text may occur, the signs only where signs stand, and
    Danish letters must not be outnumbered by those of the neighbours.
    """
    evidence = DanishEvidence()
    evidence.add(text)
    return evidence.is_danish


class DanishEvidence:
    """What speaks for and against a text in Windows-1252 being Danish; it may come in pieces.

    A piece ends where a line does.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._is_foreign = False

    def add(self, text: str) -> None:
        """Look at a piece."""
        # a set first: most files are large and have few different characters
        counts = {c: text.count(c) for c in set(text) if not c.isascii()}
        self._counts.update(counts)
        if self._is_foreign:
            return
        has_signs = not _SIGNS.isdisjoint(counts)
        has_hints = not _FOREIGN_SIGN_HINTS.isdisjoint(counts) or "øC" in text
        self._is_foreign = (
            not counts.keys() <= _EXPECTED
            or (
                has_signs
                and any(
                    _FOREIGN_PAGE.search(line)
                    for line in text.split("\n")
                    if not _SIGNS.isdisjoint(line)
                )
            )
            or (has_hints and _FOREIGN_SIGNS.search(text) is not None)
        )

    @property
    def is_danish(self) -> bool:
        """Whether all pieces together are what a Danish office would write."""
        if self._is_foreign or self._counts["‘"] > self._counts["’"]:
            return False
        danish = sum(n for c, n in self._counts.items() if c in DANISH_LETTERS)
        neighbours = sum(n for c, n in self._counts.items() if c in _NEIGHBOUR_LETTERS)
        return neighbours <= max(2, danish)


def _by_rule(data: bytes, file: str) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise unreadable(file, "UTF-32", "UTF-32")
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data[3:], "utf-8", "utf-8-sig", file)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16", "utf-16", file)
    if b"\x00" in data:
        raise zero_bytes(data, file)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    text, encoding = _strict(data, "cp1252", "cp1252", file)
    if not looks_danish(text):
        raise not_danish(file)
    return text, encoding


def zero_bytes(data: bytes, file: str) -> DeliveryRejected:
    """The rejection of a file that begins with `data` and holds a zero byte somewhere."""
    if _is_utf16_without_mark(data):
        return unreadable(file, "UTF-16 uden byte order mark", "UTF-16 without byte order mark")
    return rejected("F24_binary_content", file=file)


def not_danish(file: str) -> DeliveryRejected:
    """The rejection of a file that no rule fits."""
    return unreadable(
        file, "hverken UTF-8 eller dansk Windows-1252", "neither UTF-8 nor Danish Windows-1252"
    )


def _is_utf16_without_mark(data: bytes) -> bool:
    """Whether every second byte is mostly zero, as in Danish UTF-16; said, never acted upon."""
    sample = data[: 1 << 12]
    return any(sample[side::2].count(0) > 0.4 * len(sample) for side in (0, 1))


def _strict(data: bytes, codec: str, name: str, file: str) -> tuple[str, str]:
    try:
        return data.decode(codec), name
    except UnicodeDecodeError:
        raise unreadable(file, f"ugyldige tegn i {codec}", f"invalid {codec}") from None


def unreadable(file: str, detail_da: str, detail_en: str) -> DeliveryRejected:
    """The rejection of a file in a character set that is not received."""
    return rejected("F01_unreadable_encoding", file=file, detail_da=detail_da, detail_en=detail_en)
