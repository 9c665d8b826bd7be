"""Character sets: by rule, never by guess; what a wrong one left behind is said where it stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from bad_input_harness import Case
from bad_input_tables import csv_of, grants, meetings, text_of, with_cells

GROUP = "encodings"
TEXT = text_of(grants())


def written(page: str) -> Callable[[], bytes]:
    return lambda: TEXT.encode(page, errors="replace")


def named(text: str) -> Callable[[], bytes]:
    """The first plan called so in both its rows."""
    return lambda: csv_of(with_cells(grants(Helhedsplan=text), 2, Helhedsplan=text))


def twice(text: str) -> str:
    """What is left of text in UTF-8 that was opened as Windows-1252 and saved again."""
    return text.encode().decode("cp1252")


def unreadable(name: str, make: Callable[[], bytes], said: str = "Windows-1252") -> Case:
    return Case(name, make, "rejected", ("F01_unreadable_encoding",), says=(said,))


def garbled(name: str, text: str) -> Case:
    return Case(
        name,
        named(text),
        "quarantined",
        ("R07_garbled_text",),
        accepted=4,
        places=((2, "Helhedsplan"), (3, "Helhedsplan")),
        says=("forkert tegnsæt",),
        planted=(text,),
    )


def garbled_headings(name: str, make: Callable[[], bytes], *says: str) -> Case:
    return Case(name, make, "rejected", ("F25_garbled_headings",), says=("tegnsæt", *says))


def taken(name: str, make: Callable[[], bytes], *warnings: str) -> Case:
    return Case(f"{name}_is_taken", make, "accepted", warnings=warnings, accepted=6)


CASES = (
    unreadable("dos_850", written("cp850")),
    unreadable("dos_865", written("cp865")),
    unreadable("dos_437", written("cp437")),
    unreadable("mac", written("mac_roman")),
    unreadable("baltic", written("cp1257")),
    unreadable(
        "cyrillic", lambda: TEXT.replace("Kanariebo", "Канарейка").encode("koi8_r", "replace")
    ),
    unreadable(
        "polish", lambda: TEXT.replace("Kanariebo", "Łódź żółw").encode("cp1250", "replace")
    ),
    unreadable("mainframe", written("cp500")),
    unreadable("utf_16_without_mark", written("utf-16-le"), "UTF-16 uden byte order mark"),
    unreadable("utf_16_big_without_mark", written("utf-16-be"), "UTF-16 uden byte order mark"),
    Case(
        "utf_16_cut_inside_a_letter",
        lambda: TEXT.encode("utf-16")[:-1],
        "rejected",
        ("F11_corrupt_file",),
    ),
    unreadable("utf_32", written("utf-32"), "UTF-32"),
    unreadable(
        "utf_8_mark_on_windows_text", lambda: b"\xef\xbb\xbf" + TEXT.encode("cp1252"), "utf-8"
    ),
    unreadable("half_utf_8_half_windows", lambda: TEXT.encode() + TEXT.encode("cp1252")),
    unreadable(
        "latin_1_with_c1_controls",
        lambda: TEXT.replace("Kanariebo", "a\x81b").encode("latin-1", "replace"),
        "cp1252",
    ),
    unreadable("french", lambda: TEXT.replace("Kanariebo", "çà êtrë ènçôré ïîï").encode("cp1252")),
    Case(
        "a_single_dos_letter",
        lambda: csv_of(meetings(Boligorganisation="Ølgod")).replace("Ølgod".encode(), b"\x9dlgod"),
        "rejected",
        ("F01_unreadable_encoding",),
        source="styringsdialog",
        period="2015",
    ),
    garbled("utf_8_read_as_windows", "KÃ¦rparken"),
    garbled("utf_8_read_as_windows_twice", twice(twice("Kærparken"))),
    garbled("lost_letters", "K\ufffdrparken"),
    garbled("dos_read_as_windows", "K‘rparken"),
    garbled("c1_controls", "K\x91rparken"),
    garbled("dash_read_as_windows", "Parken â€“ øst"),
    garbled_headings("headings_encoded_twice", lambda: twice(TEXT).encode(), "Beløb (kr.)"),
    garbled_headings(
        "one_heading_encoded_twice",
        lambda: TEXT.replace("Beløb", twice("Beløb"), 1).encode(),
        "genkendes: Beløb (kr.)",
    ),
    garbled_headings("headings_with_question_marks", lambda: TEXT.encode("ascii", "replace")),
    garbled_headings(
        "headings_with_entities",
        lambda: TEXT.replace(";", "\t").encode("ascii", "xmlcharrefreplace"),
        "Beløb (kr.)",
    ),
    taken("windows_1252", lambda: TEXT.encode("cp1252")),
    taken("utf_8_with_mark", lambda: TEXT.encode("utf-8-sig")),
    taken("utf_16_with_mark", lambda: TEXT.encode("utf-16")),
    taken("utf_16_big_with_mark", lambda: b"\xfe\xff" + TEXT.encode("utf-16-be")),
    taken("latin_9_without_euro", lambda: TEXT.replace("–", "-").encode("iso8859_15")),
    taken("decomposed_letters", lambda: unicodedata.normalize("NFD", TEXT).encode()),
    taken("zero_width_marks", named("Kanarie\u200bparken"), "W05_invisible_marks"),
    taken(
        "direction_marks_in_a_number",
        lambda: csv_of(grants(Beløb="\u202d6.000.000,00\u202c")),
        "W05_invisible_marks",
    ),
    taken(
        "mark_inside_the_file",
        lambda: TEXT.replace("\r\n", "\r\n\ufeff", 1).encode(),
        "W05_invisible_marks",
    ),
    taken(
        "soft_hyphen_in_a_heading",
        lambda: TEXT.replace("Helhedsplan", "Helheds\u00adplan", 1).encode(),
        "W05_invisible_marks",
    ),
)
