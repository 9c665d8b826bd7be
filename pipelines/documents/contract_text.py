"""A described contract as text for a terminal: fields, code lists, rules, one wave's code book."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from pipelines.documents.contract import Described

WIDTH = 96
_PERIODS = {"year": "a year, such as 2016", "date": "a date, such as 2016-06-30"}
_EFFECTS = {"error": "row held back", "warning": "row loaded, sender told"}


def contract_lines(told: Described) -> Iterator[str]:
    """The contract for a person, line by line."""
    yield f"{told['source']}, version {told['version']}: {told['title_da']} / {told['title_en']}"
    yield from _wrapped(f"{told['grain_en']}. Table raw.{told['table']}.")
    yield from _wrapped(f"Delivered for {_PERIODS[told['period_kind']]}.")
    yield from _wrapped(f"Formats: {', '.join(each['label_en'] for each in told['formats'])}.")
    by_name = {field["field"]: field for field in told["fields"]}
    yield from _wrapped(f"Key: {_named(by_name, told['key'])}.")
    if told["quarantine_unit"]:
        held = _named(by_name, told["quarantine_unit"])
        yield from _wrapped(f"Held back whole: all rows of one {held}.")
    if told["title_facts"]:
        facts = _named(by_name, [fact["field"] for fact in told["title_facts"]])
        yield from _wrapped(f"Read from the lines above the headings: {facts}.")
    if told["total_field"]:
        total = _named(by_name, [told["total_field"]])
        yield from _wrapped(f"A totals row must equal the sum of {total}.")
    yield from ("", "FIELDS")
    for field in told["fields"]:
        yield from _field(field)
    yield from ("", "TYPES")
    for name, form in {f["type"]: f for f in told["fields"] if f["is_loaded"]}.items():
        read = f"Læses: {'; '.join(form['accepted_forms'])}" if form["accepted_forms"] else ""
        refused = f"Læses ikke: {'; '.join(form['refused_forms'])}" if form["refused_forms"] else ""
        yield from _wrapped(f"{name}: {sentences(form['written_da'], read, refused)}", "  ")
    if told["codelists"]:
        yield from ("", "CODE LISTS (code: label, and what else is read as it)")
    for name, codes in told["codelists"].items():
        yield from _code_list(name, codes)
    yield from ("", "RULES OF THE SOURCE (those of every contract are named with each field)")
    for rule in told["rules"]:
        yield f"  {rule['id']} · {_EFFECTS[rule['severity']]} · {rule['column']}"
        for text in (rule["message_da"], rule["message_en"], f"Eksempel: {rule['example_da']}"):
            yield from _wrapped(text, "    ")
    if told["wave"] is not None:
        yield from _wave(told)


def _named(by_name: Mapping[str, Described], fields: Sequence[str]) -> str:
    """Fields as the sender calls them."""
    called = ((by_name[f]["headings"] or [by_name[f]["label_da"]])[0] for f in fields)
    return " + ".join(called)


def _field(field: Described) -> Iterator[str]:
    facts = [
        field["type"],
        field["unit"],
        "required" if field["required"] else "",
        _range(field),
        f"list {field['codelist']}" if field["codelist"] else "",
        field["confidentiality"],
        "" if field["is_loaded"] else "cut off at the gate",
    ]
    called = " / ".join(field["headings"]) or "(by the code book)"
    yield f"  {field['field']} · {called} · {', '.join(filter(None, facts))}"
    said = [field["label_da"], field["description_da"]]
    example = f"Eksempel: {field['example']}" if field["example"] else ""
    yield from _wrapped(sentences(*said, example), "    ")
    if field["rules"]:
        yield from _wrapped(f"Rules: {', '.join(field['rules'])}", "    ")


def _range(field: Described) -> str:
    if not field["minimum"] and not field["maximum"]:
        return ""
    return f"{field['minimum'] or '…'} to {field['maximum'] or '…'}"


def _code_list(name: str, codes: Sequence[Described]) -> Iterator[str]:
    yield f"  {name}"
    for code in codes:
        shown = {code["label_da"].casefold(), code["code"].casefold()}
        others = [s for s in code["spellings"] if s.casefold() not in shown]
        also = f" ({' | '.join(others)})" if others else ""
        yield from _wrapped(f"{code['code']}: {code['label_da']}{also}", "    ")


def _wave(told: Described) -> Iterator[str]:
    yield from ("", f"WAVE {told['wave']['wave']}: variable, then answer code = what it means here")
    for field in told["fields"]:
        book = field["in_wave"]
        if not book["asked"]:
            yield f"  {field['field']}: not asked"
        else:
            yield f"  {field['field']}: {', '.join(book['variables'])}"
            for question in book["questions"]:
                yield from _wrapped(question, "    ")
            for each in book["answers"]:
                where = f"{each['variable']} " if len(book["variables"]) > 1 else ""
                answer = f" ({each['answer']})" if each["answer"] else ""
                yield f"    {where}{each['code']} = {each['canonical_code']}{answer}"
        if book["series_break"]:
            yield "    BREAK IN SERIES"
        for note in book["notes"]:
            yield from _wrapped(note["note_da"], "    Note: ")
    if told["wave"]["left_out"]:
        yield from _wrapped(f"Known and not loaded: {', '.join(told['wave']['left_out'])}", "  ")


def sentences(*parts: str) -> str:
    """Parts as sentences in a row, each with its own stop; empty ones are left out."""
    return " ".join(p if p.endswith(("?", ".", "!")) else f"{p}." for p in parts if p)


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )
