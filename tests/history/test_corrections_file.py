"""`corrections.yml`: what is refused, and that no message quotes what stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from a_history import FIRST_DAY, correction

from pipelines.contracts.corrections import (
    Corrections,
    CorrectionsError,
    check_corrections,
    load_corrections,
)
from pipelines.contracts.loader import SOURCES_DIR, load_source, source_names


def test_the_shipped_corrections_fit_their_contracts() -> None:
    for name in source_names():
        source = load_source(name)
        check_corrections(source, load_corrections(SOURCES_DIR / name))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("corrections: [", "not valid YAML"),
        ("corrections:\n- {id: A}", r"corrections no. 1 \(A\) id string should match"),
        ("correction: []", "correction extra inputs"),
        (
            "corrections:\n- {id: a, period: '2015', key: {lbf_number: 0123}, column: x, "
            "expect: 'hemmelig', value: b, reason: fordi, provider: os, date: 2016-01-01}",
            r"corrections no. 1 \(a\) key.lbf_number input should be a valid string \(put it in",
        ),
    ],
)
def test_a_broken_file_is_told_without_its_values(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "corrections.yml").write_text(text)
    with pytest.raises(CorrectionsError, match=why) as error:
        load_corrections(tmp_path)
    assert "hemmelig" not in str(error.value)


@pytest.mark.parametrize(
    ("source", "change", "why"),
    [
        ("driftsstoette", {"column": "amount"}, "amount is not a column that is loaded"),
        ("driftsstoette", {"column": "extract_date"}, "extract_date is not a column"),
        ("driftsstoette", {"value": "600,00"}, "expect and value are the same"),
        ("survey", {"key": {"respondent_id": "17"}}, "respondent_id points to a person"),
    ],
)
def test_one_that_does_not_fit_its_contract_is_refused(
    source: str, change: dict[str, Any], why: str
) -> None:
    declared = Corrections.model_validate({"corrections": [correction(1, FIRST_DAY, **change)]})
    with pytest.raises(CorrectionsError, match=why):
        check_corrections(load_source(source), declared)


def test_no_id_is_used_twice() -> None:
    entry = correction(1, FIRST_DAY)
    with pytest.raises(ValueError, match="an id is used twice: rettelse-1"):
        Corrections.model_validate({"corrections": [entry, entry]})
