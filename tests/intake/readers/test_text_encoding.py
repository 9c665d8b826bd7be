"""Decoding by rule: what is right comes through unchanged, what is foreign never passes."""

import contextlib
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.loader import load_source
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.encoding import (
    clean_text,
    decode,
    is_garbled,
    is_garbled_spelling,
)

MUNICIPALITIES = tuple(c.label_da for c in load_source("survey").codes_of("municipality"))
NAMES = (
    *MUNICIPALITIES,
    *("Æ", "Ø", "Å", "æ", "ø", "å", "ÆØÅ", "æøå", "Én", "idé", "Sø", "På", "Sø;Å", "Allé"),
    *("Æ og Ø", "på Ø", "i Å", "Hr. Æ", "Bolig – Øst", "”Parken”", "»Parken«", "Jens’ hus"),
    *("§ 5", "200 m²", "12 m³", "100 °C", "2½ time", "1.000 €", "mere…", "Müllers Have"),
)
FRAMES = ("{}", "Navn;Tal\n{};1\n", '"{}"\t2\n', "kommune: {}, i alt\n")
DOS_AND_MAC = ("cp437", "cp850", "cp858", "cp861", "cp865", "mac_roman", "mac_iceland")
NEIGHBOUR_PAGES = (
    "iso8859_15",
    "iso8859_9",
    "iso8859_2",
    "iso8859_4",
    "iso8859_10",
    "cp1250",
    "cp1251",
    "cp1254",
    "cp1257",
    "koi8_r",
    "utf-16-le",
    "utf-16-be",
)
WORDS = re.findall(
    r"\w+",
    """Udtræk driftsstøttesystemet Boligområde KØBENHAVN Ærø ÆRØ Ørum Åben Århus på æble nær blå næ
    tværfaglig beboersammensætning Læsø Fanø Samsø Ældre ældre Øst øst KÆRLIGHED LÆRE hjælp sø ål
    så Hjørring bærbar vær Ålborg ØRSTED ÅRLIG MÆND fællesråd række nævn gård ÆLDRE SÆRLIG""",
)
FOREIGN_PAGES = ("cp437", "cp850", "cp865", "mac_roman")
DANISH = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøåÆØÅABC 0123456789.,-;\n", min_size=1)


def decoded_or_none(data: bytes) -> str | None:
    try:
        return decode(data, "x.csv").text
    except DeliveryRejected:
        return None


def can_write(page: str, word: str) -> bool:
    try:
        word.encode(page)
    except UnicodeEncodeError:
        return False
    return not word.isascii()


def in_every_frame(page: str) -> list[tuple[str, bytes]]:
    """Every name in every frame, as text and as the page's bytes, where the page can write it."""
    found = []
    for text in (frame.format(name) for frame in FRAMES for name in NAMES):
        with contextlib.suppress(UnicodeEncodeError):
            data = text.encode(page)
            if not data.isascii():
                found.append((text, data))
    assert found, page
    return found


@pytest.mark.parametrize("page", ["cp1252", "utf-8-sig", "utf-16"])
def test_every_danish_name_comes_through_in_an_accepted_page(page):
    for text, data in in_every_frame(page):
        assert decoded_or_none(data) == text


@pytest.mark.parametrize("page", DOS_AND_MAC)
def test_no_danish_name_passes_in_a_dos_or_mac_page_however_short_the_file(page):
    passed = [(text, decoded_or_none(data)) for text, data in in_every_frame(page)]
    # one cannot be told from Windows-1252 by its bytes, and is then what was written
    assert [(text, found) for text, found in passed if found not in (None, text)] == []
    assert all(found is None for text, found in passed if set(text) & set("æøåÆØÅ"))


@pytest.mark.parametrize("page", NEIGHBOUR_PAGES)
def test_a_neighbouring_page_is_refused_or_read_as_it_was_written(page):
    for text, data in in_every_frame(page):
        assert decoded_or_none(data) in (None, text)


@pytest.mark.parametrize("page", [*DOS_AND_MAC, "cp1252", "iso8859_15", "koi8_r", "utf-8"])
def test_pure_ascii_is_the_same_in_every_page(page):
    assert decode("Sagsnr;Beloeb\n1;2,50\n".encode(page), "x.csv").encoding == "utf-8"


@pytest.mark.parametrize(
    ("ruined", "meant"),
    [
        ("BelÃ¸b (kr.)", "Beløb (kr.)"),
        ("Bel?b (kr.)", "Beløb (kr.)"),
        ("Bel\ufffdb (kr.)", "Beløb (kr.)"),
        ("Bel&oslash;b (kr.)", "Beløb (kr.)"),
        ("BELÃƒÂ¸B (KR.)", "Beløb (kr.)"),
        ("IndsatsomrÃ¥de", "Indsatsområde"),
        ("Ã…r", "År"),
    ],
)
def test_a_heading_ruined_by_a_wrong_page_is_recognised(ruined, meant):
    assert is_garbled_spelling(ruined, meant)


@pytest.mark.parametrize(
    ("other", "meant"),
    [("Beløb", "Beløb"), ("BELØB", "beløb"), ("Beleb", "Beløb"), ("Beloeb", "Beløb"),
     ("Belæb", "Beløb 2"), ("Status", "Status"), ("Bel  b", "Beløb")],
)  # fmt: skip
def test_another_word_is_not_taken_for_a_ruined_one(other, meant):
    assert not is_garbled_spelling(other, meant)


WRITABLE = [(page, word) for page in FOREIGN_PAGES for word in WORDS if can_write(page, word)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@given(text=DANISH.filter(str.strip))
def test_danish_text_survives_every_accepted_encoding(codec, text):
    assert decode(text.encode(codec), "x.csv").text == text


@given(text=st.text(min_size=1))
def test_any_text_survives_utf8_and_utf16_but_for_marks_and_composition(text):
    for codec in ("utf-8-sig", "utf-16"):
        try:
            data = text.encode(codec)
        except UnicodeEncodeError:
            return
        found = decoded_or_none(data)
        if found is not None and text.isprintable():
            assert found == clean_text(text)
            assert unicodedata.is_normalized("NFC", found)


@given(data=st.binary(max_size=200))
def test_no_bytes_crash_the_decoder(data):
    text = decoded_or_none(data)
    assert text is None or "\r" not in text


@pytest.mark.parametrize(("page", "word"), WRITABLE)
def test_dos_and_mac_code_pages_never_pass_for_windows(page, word):
    assert decoded_or_none(word.encode(page)) is None


@pytest.mark.parametrize("page", FOREIGN_PAGES)
def test_a_whole_dos_or_mac_file_is_rejected(page):
    text = "Sagsnr;Kommune\n1;" + "\n2;".join(WORDS) + "\n"
    data = text.encode(page, errors="replace")
    with pytest.raises(DeliveryRejected) as refusal:
        decode(data, "x.csv")
    assert refusal.value.rule == "F01_unreadable_encoding"


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Привет мир", "cp1251"),
        ("Łódź żółw", "cp1250"),
        ("καλημέρα κόσμε", "cp1253"),
        ("שלום עולם", "cp1255"),
        ("İstanbul şehir", "cp1254"),
        ("日本語のテキスト", "shift_jis"),
        ("日本語テキスト", "gbk"),
        ("Prénom François élève Noël très à côté", "cp1252"),
    ],
)
def test_text_that_does_not_look_danish_is_rejected(text, page):
    assert decoded_or_none(text.encode(page)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Kommune – kontant",
        "Café Blågård",
        "D’Angleterre og O’Brien",
        "»Parken« “x” ‘y’ ’z’ 5 m² ½ § 5 10 €",
        "Jens’ bil står på Åboulevarden",
        "2007–10 … 100 °C",
        "én, to, José, Müller, Sørens",
        "D’ANGLETERRE ØST",
    ],
)
def test_what_danish_offices_write_in_windows_1252_passes(text):
    assert decode(text.encode("cp1252"), "x.csv").encoding == "cp1252"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Sagsnr;Kommune\n", "Århus;Ærø;Ø\n", "ø"])
def test_utf16_without_a_byte_order_mark_is_refused_and_called_by_its_name(codec, text):
    with pytest.raises(DeliveryRejected) as refusal:
        decode(text.encode(codec), "x.csv")
    assert refusal.value.rule == "F01_unreadable_encoding"
    assert "UTF-16 uden byte order mark" in refusal.value.message_da


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "F02_empty_file"),
        (b" \r\n\r\n", "F02_empty_file"),
        ("\ufeff".encode(), "F02_empty_file"),
        ("Sagsnr".encode("utf-32"), "F01_unreadable_encoding"),
        (b"\xff\xfea", "F01_unreadable_encoding"),
        (b"\xef\xbb\xbf\xff\xff", "F01_unreadable_encoding"),
        (b"\x89PNG\r\n\x1a\n\x01", "F01_unreadable_encoding"),
        (b"a;b\x07\n", "F24_binary_content"),
    ],
)
def test_rejections_name_their_rule(data, rule):
    with pytest.raises(DeliveryRejected) as refusal:
        decode(data, "x.csv")
    assert refusal.value.rule == rule


def test_decomposed_letters_are_composed_and_marks_removed_and_counted():
    decoded = decode("A\u030arhus\u200b \u202eSø\u2069\r\nx\ry".encode(), "x.csv")
    assert decoded.text == "Århus Sø\nx\ny"
    assert decoded.invisible_marks == 3


@pytest.mark.parametrize(
    "text",
    ["KÃ¸benhavn", "Ã†rÃ¸", "â€“", "Aar\ufffdhus", "Udtr‘k", "K›benhavn", "a\x8ff", "BoligomrÂ§"],
)
def test_garbled_cells_are_recognised(text):
    assert is_garbled(text)


@pytest.mark.parametrize("text", ["København", "Ærø – Ålborg", "D’Angleterre", "½", "Ãngström"])
def test_sound_cells_are_not_called_garbled(text):
    assert not is_garbled(text)
