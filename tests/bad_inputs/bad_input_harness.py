"""Bad deliveries as data, and the one way each of them is put through the real gate.

A case says how its bytes are made, and what must become of them. Cases stand in the `group_*`
modules beside this one, one module a group; `test_bad_inputs` runs them all. Nothing of the gate is
replaced here: the reader, the contract and the decision are the ones a delivery meets.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from repeated_values import repeated, told, values_of

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.tables import raw_ddl
from pipelines.intake.conform.messages import CONTRACT_RULES
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.error_workbook.make import error_workbook
from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.process import Decision, decide

CANARIES = ("Kanarieparken", "Kanariebo", "kanariefugl", "kanarie@example.org", "010203-1234")
"""What the sound tables of `bad_input_tables` hold in their cells; no finding may repeat it."""

PERSONAL = CANARIES[-2:]
"""Those that stand in columns that are not loaded."""

DEFAULT_FILE = "udtræk.csv"

FAST_CASES = 2
"""How many cases of each group are part of the quick tests; all of them take a minute."""

WITH_WORKBOOK = slice(FAST_CASES, FAST_CASES + 8)
"""The cases of each group whose error workbook is made too."""

PLANS = "plans"
"""The delivery id of the plans that `with_plans` cases are checked against."""

Content = bytes | Mapping[str, bytes]
"""The bytes of one file, or of a folder's files by name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One delivery and what must become of it.

    `errors` are all error rules it must break and `warnings` all warnings it must get: exactly
    these, each at least once. `planted` are values of this delivery that no finding may repeat,
    beside the canaries of the sound tables.
    """

    name: str
    make: Callable[[], Content]
    status: Literal["accepted", "quarantined", "rejected"]
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    source: str = "driftsstoette"
    period: str = "2015-06-30"
    file: str = DEFAULT_FILE
    accepted: int | None = None
    """Rows accepted, where the case is about them."""
    quarantined: int | None = None
    places: tuple[tuple[int | None, str | None], ...] = ()
    """(row, column) that must be named by an error."""
    says: tuple[str, ...] = ()
    """What the Danish messages must say, so that the sender can act."""
    planted: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    """Variables of the installation, such as narrower limits for parsing."""
    with_plans: tuple[str, ...] = ()
    """Municipalities (codes) that have a plan; the survey is checked against them."""
    is_slow: bool = False


def parameters(group: str, cases: Iterable[Case]) -> list[object]:
    """The cases as pytest parameters, known by group and name; the first few run always."""
    return [
        pytest.param(
            case,
            id=f"{group}-{case.name}",
            marks=[pytest.mark.slow] if case.is_slow or place >= FAST_CASES else [],
        )
        for place, case in enumerate(cases)
    ]


def gate_connection() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory as the gate finds it: raw tables, no rows.

    One thread is enough for a handful of rows; more of them only wait for each other.
    """
    con = duckdb.connect(config={"threads": 1})
    for statement in raw_ddl():
        con.execute(statement)
    return con


def put_through_the_gate(con: duckdb.DuckDBPyConnection, case: Case, folder: Path) -> Decision:
    """Lay the case's bytes out as the archive would, and decide on them."""
    return decided(con, case, laid_out(case, folder), folder)


def decided(
    con: duckdb.DuckDBPyConnection, case: Case, delivery: ArchivedDelivery, folder: Path
) -> Decision:
    """What is decided on the case's delivery."""
    return decide(con, delivery, folder, _know_plans(con, case.with_plans))


@lru_cache(maxsize=2)
def content_of(case: Case) -> Content:
    """The case's bytes: asked for more than once in a test, and a workbook takes its time."""
    return case.make()


@lru_cache(maxsize=2)
def cells_of(case: Case) -> frozenset[str]:
    """What stands in the case's cells."""
    return frozenset(values_of(content_of(case)))


def laid_out(case: Case, folder: Path) -> ArchivedDelivery:
    """The case's delivery, with its bytes in a folder."""
    content = content_of(case)
    is_folder = not isinstance(content, bytes)
    files = dict(content) if not isinstance(content, bytes) else {case.file: content}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return _archived(case, files, folder, is_folder)


def check(case: Case, decision: Decision) -> None:
    """Hold a decision against what the case expects, and against what holds for all findings."""
    found = [(f.rule, f.row, f.column, f.message_da) for f in decision.findings]
    assert decision.state == case.status, found
    assert rules_of(decision, "error") == set(case.errors), found
    assert rules_of(decision, "warning") == set(case.warnings), found
    if case.accepted is not None:
        assert decision.rows_accepted == case.accepted
    if case.quarantined is not None:
        assert decision.rows_quarantined == case.quarantined
    errors = {(f.row, f.column) for f in decision.findings if f.severity == "error"}
    assert set(case.places) <= errors
    messages = "\n".join(f.message_da for f in decision.findings)
    assert [text for text in case.says if text not in messages] == []
    check_findings(case, decision)


def check_findings(case: Case, decision: Decision) -> None:
    """What holds for every finding: catalogued, in both languages, and without any cell's value."""
    catalogue = gate_rules()
    for finding in decision.findings:
        assert finding.rule in catalogue
        assert finding.message_da.strip()
        assert finding.message_en.strip()
        assert "{" not in finding.message_da + finding.message_en, "a template was not filled"
    planted = {*CANARIES, *case.planted, *cells_of(case)}
    assert repeated(planted, told(decision.findings)) == []


def check_workbook(delivery: ArchivedDelivery, folder: Path, decision: Decision) -> None:
    """What goes back to the sender holds nothing personal."""
    workbook = error_workbook(delivery, folder, decision)
    if workbook is not None:
        with zipfile.ZipFile(io.BytesIO(workbook)) as package:
            written = "\n".join(package.read(n).decode() for n in package.namelist())
        assert repeated(PERSONAL, written) == []


def rules_of(decision: Decision, severity: str) -> set[str]:
    """The rules that a decision's findings of one severity name."""
    return {f.rule for f in decision.findings if f.severity == severity}


def gate_rules() -> frozenset[str]:
    """Every rule that the catalogues hold: of files, of every contract, of each source."""
    declared = (rule.id for name in source_names() for rule in load_source(name).rules)
    return frozenset((*FILE_RULES, *CONTRACT_RULES, *declared))


def _archived(
    case: Case, files: Mapping[str, bytes], folder: Path, is_folder: bool
) -> ArchivedDelivery:
    listed = tuple(
        DeliveredFile(name, hashlib.sha256(data).hexdigest(), len(data))
        for name, data in sorted(files.items())
    )
    digest = hashlib.sha256("".join(f.sha256 for f in listed).encode()).hexdigest()
    return ArchivedDelivery(
        delivery_id=digest,
        source=case.source,
        period=case.period,
        name=case.file,
        files=listed,
        payload_dir=folder,
        meta=DeliveryMeta(is_synthetic=True),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256=digest,
        is_folder=is_folder,
        bytes=sum(f.bytes for f in listed),
    )


def _know_plans(con: duckdb.DuckDBPyConnection, municipalities: Sequence[str]) -> tuple[str, ...]:
    con.execute("delete from raw.driftsstoette_lines")
    for code in municipalities:
        con.execute(
            "insert into raw.driftsstoette_lines "
            "(delivery_id, municipality_code, extract_date, status, grant_start, grant_end) "
            "values ($id, $code, date '2015-06-30', 'active', date '2013-01-01', "
            "date '2016-12-31')",
            {"id": PLANS, "code": code},
        )
    return (PLANS,) if municipalities else ()
