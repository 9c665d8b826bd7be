"""What one sees of an installation: right after a kill, and when the next run has been.

To be asked in a forked child (`kills.forked`), for it opens the warehouse.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from custody_support import custody

from pipelines.intake.events import deliveries
from pipelines.intake.ledger import reconcile
from pipelines.privacy.work_folder import MEMORY, _prefix
from pipelines.settings import Settings
from pipelines.warehouse.hashes import TableHash, table_hashes
from pipelines.warehouse.store import connect

CANARY = "Kanariefugl-4711"
"""Stands in a column that nobody reads, and in a note: beside the inbox it may be nowhere."""
ERASED = "Slettet Bolig 4712"
"""Stands in what is erased in the end: then it may be nowhere."""
MENDED_BY_THE_NEXT_RUN = frozenset({"archived_not_in_ledger"})


@dataclass(frozen=True)
class Sight:
    """All that must be the same whether or not somebody was killed on the way."""

    ledger: tuple[str, ...]
    files: Mapping[str, str]
    """Every name below the data folder, with its permissions."""
    findings: Mapping[str, str]
    tables: Mapping[str, TableHash]
    rows: Mapping[str, int]
    """Rows a delivery has in the raw tables of the live warehouse."""


def sight(settings: Settings) -> Sight:
    """Look at an installation at rest."""
    return Sight(
        ledger=tuple(settings.ledger_path.read_text().splitlines())
        if settings.ledger_path.exists()
        else (),
        files={
            str(path.relative_to(settings.data_dir)): stat.filemode(path.lstat().st_mode)
            for path in sorted(settings.data_dir.rglob("*"))
        },
        findings={
            path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in settings.quarantine_dir.glob("*/findings.csv")
        },
        tables=generation(settings),
        rows=_rows(settings),
    )


def generation(settings: Settings) -> Mapping[str, TableHash]:
    """What a reader of the live warehouse sees; nothing before there is one."""
    return table_hashes(settings.live_path) if settings.live_path.exists() else {}


def _rows(settings: Settings) -> Mapping[str, int]:
    if not settings.live_path.exists():
        return {}
    with connect(settings.live_path, read_only=True) as con:
        return dict(
            con.execute(
                "select delivery_id, count(*) from (select delivery_id from "
                "raw.driftsstoette_lines union all select delivery_id from "
                "raw.styringsdialog_topics) group by all order by all"
            ).fetchall()
        )


def wrongs_after_a_kill(
    settings: Settings, generations: Collection[Mapping[str, TableHash]]
) -> list[str]:
    """What nobody may ever see, not even before the next run has mended what can be mended."""
    found = [
        f"{problem.kind}: {problem.message}"
        for problem in reconcile(*custody(settings))
        if problem.kind not in MENDED_BY_THE_NEXT_RUN
    ]
    try:
        if generation(settings) not in generations:
            found.append("readers see neither the generation before nor the one after")
    except Exception as error:
        found.append(f"readers cannot open the live warehouse: {type(error).__name__}")
    return [*found, *_plain(settings, CANARY)]


def wrongs_at_rest(settings: Settings, wanted: Sight, *, erased: bool) -> list[str]:
    """What is not as if nobody had been killed."""
    found = [f"{problem.kind}: {problem.message}" for problem in reconcile(*custody(settings))]
    is_now = sight(settings)
    if is_now.ledger != wanted.ledger:
        found.append(f"other events on the ledger: {is_now.ledger[len(wanted.ledger) - 1 :]}")
    found += _differences("name", wanted.files, is_now.files)
    found += _differences("findings", wanted.findings, is_now.findings)
    found += _differences("table", wanted.tables, is_now.tables)
    found += _differences("rows", wanted.rows, is_now.rows)
    found += [f"left in memory: {path.name}" for path in _in_memory(settings)]
    found += _plain(settings, CANARY)
    return [*found, *(_plain(settings, ERASED) if erased else ())]


def wrongs_of_erasures(settings: Settings) -> list[str]:
    """What is left of deliveries whose key is destroyed; there must be one."""
    ledger, archive = custody(settings)
    erased = archive.keys.erased_ids()
    states = {s.delivery_id for s in deliveries(ledger.read()) if s.state == "erased"}
    found = [f"{problem.kind}: {problem.message}" for problem in reconcile(ledger, archive)]
    if not erased or states != erased:
        found.append(f"erased: {sorted(erased)}, on the ledger: {sorted(states)}")
    found += [f"rows left: {each}" for each in erased & _rows(settings).keys()]
    for each in erased:
        left = [settings.quarantine_dir / each, settings.keys_dir / f"{each}.age"]
        found += [f"left: {path}" for path in left if path.exists()]
    return [*found, *_plain(settings, ERASED), *_plain(settings, CANARY)]


def _differences(
    what: str, wanted: Mapping[str, object], found: Mapping[str, object]
) -> Iterator[str]:
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"{what} lacking: {name}"
        elif name not in wanted:
            yield f"{what} too many: {name}"
        elif wanted[name] != found[name]:
            yield f"{what} differs: {name}: {wanted[name]} before, {found[name]} now"


def _plain(settings: Settings, text: str) -> list[str]:
    """The files beside the inbox that hold a text which must not be there."""
    return [
        f"plaintext in {path.relative_to(settings.data_dir)}"
        for path in sorted(settings.data_dir.rglob("*"))
        if path.is_file()
        and settings.inbox_dir not in path.parents
        and text.encode() in path.read_bytes()
    ]


def _in_memory(settings: Settings) -> list[Path]:
    return list(MEMORY.glob(f"{_prefix(settings.work_dir)}*")) if MEMORY.is_dir() else []
