"""One survey in four dialects through reader, code book and contract: real exports, and made-up.

The real ones lie beside the checkout and are not part of it; the made-up ones always are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import made_up_survey
import pytest

from pipelines.contracts.loader import load_code_book, load_source
from pipelines.contracts.model import LEFT_OUT, CodeBook, CodeBookEntry
from pipelines.intake.conform.survey import apply_code_book
from pipelines.intake.conform.table import ACCEPTED, Conformed, conform_table, prepare_connection
from pipelines.intake.readers.survey import read_survey
from pipelines.intake.readers.surveyxact import SurveyExport
from pipelines.waves.compare import Comparison, Status, compare
from pipelines.waves.questionnaire import asked_variables

pytestmark = pytest.mark.slow  # ten exports, each read in a child process

SOURCES = Path(__file__).with_name("sources")
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "surveyxact"
REAL = ("skole_semikolon_cp1252", "skole_tab_utf16", "skole_komma_cp1252", "skole.xlsx")
SCHOOL = load_source("school", SOURCES)
PERSONAL = {"forn", "ettern", "email", "id", "orgnr"}


def book() -> CodeBook:
    found = load_code_book("school", "2020", SOURCES)
    assert found is not None
    return found


def real_exports() -> dict[str, SurveyExport]:
    if not SAMPLES.is_dir():
        pytest.skip("the real exports are not beside this checkout")
    exports = {}
    for name in REAL:
        place = SAMPLES / name
        files = [place] if place.is_file() else sorted(place.iterdir())
        exports[name] = read_survey({f.name: f.read_bytes() for f in files}, name)
    return exports


def made_up_exports() -> dict[str, SurveyExport]:
    questions = made_up_survey.questionnaire()
    dialects = made_up_survey.DIALECTS.items()
    return {name: read_survey(write(questions), name) for name, write in dialects}


@pytest.fixture(scope="module", params=["real", "made up"])
def exports(request: pytest.FixtureRequest) -> Mapping[str, SurveyExport]:
    return real_exports() if request.param == "real" else made_up_exports()


def conformed(export: SurveyExport) -> tuple[Conformed, list[tuple[object, ...]]]:
    """An export through code book and contract: what is said of it, and its accepted rows."""
    con = duckdb.connect()
    prepare_connection(con, SCHOOL)
    survey = apply_code_book(SCHOOL, book(), export.dataset, export.long_names)
    result = conform_table(con, SCHOOL, survey.table, "2020", {})
    columns = ", ".join(f.field for f in SCHOOL.loaded_fields)
    rows = con.execute(f"select {columns} from {ACCEPTED} order by row_number").fetchall()
    return result, rows


def test_the_dialects_load_to_identical_answers(exports: Mapping[str, SurveyExport]) -> None:
    loaded = {name: conformed(export) for name, export in exports.items()}
    (first, rows), *others = loaded.values()
    assert first.rows_accepted == first.rows_read >= 40
    for result, same in others:
        assert same == rows
        assert (result.rows_read, result.rows_quarantined) == (first.rows_read, 0)
    answered = [sum(value is not None for value in column) for column in zip(*rows, strict=True)]
    assert min(answered) > len(rows) / 4, "a field that is hardly filled proves nothing"


def test_only_personal_columns_are_told_of_and_none_is_loaded(
    exports: Mapping[str, SurveyExport],
) -> None:
    for export in exports.values():
        result, rows = conformed(export)
        told = {(f.rule, f.column) for f in result.findings}
        there = PERSONAL & set(export.variables)
        assert told == {("C08_personal_column_cut", name) for name in there}
        assert made_up_survey.CANARY not in str(rows) + str(result.findings)


def with_texts(export: SurveyExport) -> CodeBook:
    """The small code book as an export's texts make it, all other variables known and left out."""
    asked = {a.variable: a for a in asked_variables(export)}
    mapped = tuple(
        entry.model_copy(
            update={
                "question": asked[entry.variable].question,
                "answer": asked[entry.variable].answers.get(entry.code, ""),
            }
        )
        for entry in book().entries
    )
    known = {e.variable for e in mapped} | PERSONAL
    others = (
        CodeBookEntry(field=LEFT_OUT, variable=name, question=variable.question)
        for name, variable in asked.items()
        if name not in known
    )
    return CodeBook(wave="2020", entries=(*mapped, *others))


def against_itself(one: SurveyExport, other: SurveyExport) -> Comparison:
    return compare(SCHOOL, "2021", asked_variables(other), [with_texts(one)])


def test_one_dialect_against_another_is_the_same_questionnaire(
    exports: Mapping[str, SurveyExport],
) -> None:
    first, *others = exports.values()
    for other in others:
        found = against_itself(first, other)
        assert {c.status for c in found.changes} == {Status.MATCHED}
        assert {c.field for c in found.changes} >= {f.field for f in SCHOOL.loaded_fields}
        assert all(a.is_sure and not a.is_recoded for c in found.changes for a in c.answers)
