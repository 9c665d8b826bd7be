"""Hostile files meet a child process with limits: rejection with a reason, within seconds."""

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path

import pytest
from workbook_files import HEADING, REQUIRED, by_hand, heading_xml, packed, with_part, workbook

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers import safe_parse
from pipelines.intake.readers.safe_parse import Limits, ReaderError, run_child
from pipelines.intake.readers.text_table import read_text_table
from pipelines.intake.readers.xlsx import read_xlsx_table

SHORT = Limits(wall_seconds=1.0, memory_bytes=512 << 20, answer_bytes=1 << 20)
PARSERS = "parsers_gone_wrong"


FAR_APART = by_hand(
    heading_xml()
    + "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="ALL{n}"><v>1</v></c></row>'
        for n in range(2, 60_000)
    )
)
"""A workbook of a few hundred kilobytes that is a hundred million cells as a table."""


@pytest.fixture
def child_knows_parsers(monkeypatch):
    """The child finds the parsers beside this file."""
    start = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
    monkeypatch.setattr(safe_parse, "_START", start + safe_parse._START)


def refusal_of(function: str) -> DeliveryRejected:
    """How a parser that goes wrong ends; it runs in the real child."""
    began = time.monotonic()
    with pytest.raises(DeliveryRejected) as refusal:
        run_child(f"{PARSERS}:{function}", b"data", "a.xlsx", SHORT)
    assert time.monotonic() - began < SHORT.wall_seconds + 4
    return refusal.value


@pytest.mark.parametrize(
    ("function", "rule"),
    [
        ("hang", "F12_parse_limits"),
        ("sleep", "F12_parse_limits"),
        ("eat_memory", "F12_parse_limits"),
        ("answer_too_much", "F12_parse_limits"),
        ("recurse", "F12_parse_limits"),
        ("abort", "F13_parser_crashed"),
        ("overrun_the_stack", "F13_parser_crashed"),
        ("exit_quietly", "F13_parser_crashed"),
        ("answer_nonsense", "F13_parser_crashed"),
        ("stumble", "F11_corrupt_file"),
        ("refuse", "F16_macros"),
        ("call_home", "F11_corrupt_file"),
        ("start_a_program", "F11_corrupt_file"),
        ("fork", "F11_corrupt_file"),
    ],
)
@pytest.mark.usefixtures("child_knows_parsers")
def test_whatever_a_parser_does_the_caller_gets_a_reason(function, rule):
    assert refusal_of(function).rule == rule


@pytest.mark.usefixtures("child_knows_parsers")
def test_the_limits_are_said_in_the_message():
    message = refusal_of("sleep").message_da
    assert "1 sekunder" in message
    assert "512 MB" in message


@pytest.mark.parametrize("function", ["call_home", "start_a_program", "fork"])
@pytest.mark.usefixtures("child_knows_parsers")
def test_a_parser_gets_neither_network_nor_other_programs(function):
    assert "PermissionError" in refusal_of(function).message_en


@pytest.mark.usefixtures("child_knows_parsers")
def test_the_child_sees_no_key_no_descriptor_and_no_folder_of_ours(monkeypatch):
    monkeypatch.setenv("MONITOR_SECRET_KEY", "AGE-SECRET-KEY-KANARIE")
    with tempfile.TemporaryFile() as ours:
        os.set_inheritable(ours.fileno(), True)
        seen = run_child(f"{PARSERS}:look_around", b"", "a.xlsx", SHORT)
    assert "KANARIE" not in json.dumps(seen)
    assert {"PATH", "HOME", "PWD"}.isdisjoint(seen["environment"])
    assert (seen["descriptors"], seen["folder"]) == ([0, 1, 2], "/")


@pytest.mark.usefixtures("child_knows_parsers")
def test_nothing_of_a_file_is_left_on_the_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for function in ("look_around", "hang"):
        with contextlib.suppress(DeliveryRejected):
            run_child(f"{PARSERS}:{function}", b"data", "a.xlsx", SHORT)
    assert list(tmp_path.iterdir()) == []


def test_the_limits_are_twenty_seconds_and_two_gibibytes_unless_the_environment_says_else():
    assert Limits.of_installation({}) == Limits(20.0, 2 << 30)
    told = {"MONITOR_PARSE_SECONDS": "2.5", "MONITOR_PARSE_MEMORY_MB": "300"}
    assert Limits.of_installation(told) == Limits(2.5, 300 << 20)


@pytest.mark.parametrize("text", ["nul", "0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_stops_us_rather_than_the_file(text):
    with pytest.raises(ValueError, match="MONITOR_PARSE_SECONDS"):
        Limits.of_installation({"MONITOR_PARSE_SECONDS": text})


def test_a_real_bomb_meets_the_limits_of_the_installation(monkeypatch):
    monkeypatch.setenv("MONITOR_PARSE_MEMORY_MB", "300")
    assert rule_of(FAR_APART, None) == "F12_parse_limits"


def test_a_text_of_nothing_but_line_ends_meets_the_limits():
    data = b"Sagsnr;Kommune\n1;461\n" + b"\n" * (2 << 20)
    tight = Limits(wall_seconds=20, memory_bytes=160 << 20)
    with pytest.raises(DeliveryRejected) as refusal:
        read_text_table(data, "a.csv", {"case": ("Sagsnr",)}, {"case": ("Sagsnr",)}, tight)
    assert refusal.value.rule == "F12_parse_limits"


def test_a_reader_that_cannot_start_is_our_failure_and_not_the_files():
    with pytest.raises(ReaderError, match="no_such_parser"):
        run_child("no_such_parser:read", b"data", "a.xlsx")


@pytest.mark.usefixtures("child_knows_parsers")
def test_no_cell_value_leaves_the_child_in_an_error():
    refusal = refusal_of("stumble")
    assert "hemmeligt" not in str(refusal) + refusal.message_da


def test_one_small_workbook_costs_little():
    data = workbook([HEADING, ["1", "LBF", 1]])
    best = min(_seconds(data) for _ in range(5))
    assert best < 0.5, f"{best:.3f} s; about 0.12 s on a quiet machine"


def _seconds(data: bytes) -> float:
    began = time.perf_counter()
    read_xlsx_table(data, "a.xlsx", REQUIRED)
    return time.perf_counter() - began


def rule_of(data: bytes, limits: Limits | None = SHORT) -> str:
    with pytest.raises(DeliveryRejected) as refusal:
        read_xlsx_table(data, "a.xlsx", REQUIRED, limits=limits)
    return refusal.value.rule


SOUND = workbook([HEADING, ["1", "LBF", 1]])


def test_bombs_are_refused_before_they_are_unpacked():
    bomb = packed({"xl/workbook.xml": b" " * (80 << 20), "[Content_Types].xml": b""})
    assert len(bomb) < 200_000
    assert rule_of(bomb) == "F07_oversized_content"


def test_entities_and_document_types_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        declared = with_part(
            SOUND, part, lambda xml: b"<?xml version='1.0'?><!-- x -->" + laughs + xml
        )
        assert rule_of(declared) in ("F17_forbidden_markup", "F11_corrupt_file")
    plain = by_hand(heading_xml())
    assert (
        rule_of(with_part(plain, "xl/workbook.xml", lambda xml: laughs + xml))
        == "F17_forbidden_markup"
    )


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "F02_empty_file"),
        (b"<html><body><table><tr><td>Log ind</td></tr></table>", "F05_wrong_container"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "F05_wrong_container"),
        (b"Sagsnr;Finansieringskilde\n1;LBF\n", "F05_wrong_container"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "F05_wrong_container"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 600, "F05_wrong_container"),
        (b"%PDF-1.7\n", "F05_wrong_container"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "F06_encrypted",
        ),
        (SOUND[: len(SOUND) // 2], "F11_corrupt_file"),
        (b"PK\x03\x04" + b"\0" * 100, "F11_corrupt_file"),
        (packed({"a.csv": "x"}), "F05_wrong_container"),
        (packed({"word/document.xml": "x", "[Content_Types].xml": "x"}), "F05_wrong_container"),
        (packed({"xl/workbook.bin": "x", "[Content_Types].xml": "x"}), "F05_wrong_container"),
        (with_part(SOUND, "xl/vbaProject.bin", lambda _: b"x"), "F16_macros"),
        (with_part(SOUND, "xl/workbook.xml", lambda xml: xml[:-20]), "F11_corrupt_file"),
        (with_part(SOUND, "../evil.xml", lambda _: b"<x/>"), "F08_unsafe_member_name"),
    ],
)
def test_what_is_no_safe_workbook_is_refused_by_name(data, rule):
    assert rule_of(data, Limits()) == rule


def test_the_message_names_what_the_file_really_is():
    with pytest.raises(DeliveryRejected) as refusal:
        read_xlsx_table(b"<html></html>", "a.xlsx", REQUIRED)
    assert "en webside (HTML)" in refusal.value.message_da
    assert "a web page" in refusal.value.message_en
