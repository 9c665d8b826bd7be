"""`monitor rebuild`: a whole warehouse anew from archive, ledger and contracts, in a file apart.

Raw layer, then the models; no Dagster, no publishing, and never from an old database. What is live
is not touched: replacing it is a run that begins with nothing (`run.run_process_inbox`). What is
held against the live warehouse is built by dbt itself, which shares nothing with the way a run
makes only what changed (`dbt_execution`).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.durable import Checkpoint, fsync_dir, no_checkpoint
from pipelines.intake.archive import archive_of
from pipelines.intake.deciding import Screen
from pipelines.intake.events import GENESIS_HASH, LedgerEvent, until
from pipelines.intake.ledger import Ledger, Problem, reconcile
from pipelines.intake.replay import Deviation, replay
from pipelines.privacy.work_folder import sweep_work_folders, work_folder
from pipelines.settings import Settings
from pipelines.warehouse.hashes import Difference, differences, table_hashes
from pipelines.warehouse.store import connect, get_ledger_head

FILE_NAME = "monitor.duckdb"
"""Views hold the catalog's name, which is the file's: the file may move, its name may not."""
UNFINISHED = ".unfinished"
ROOM_TO_BUILD = 4
"""How many times its size a warehouse takes while dbt builds it, spilled sorts included."""


class CannotRebuildError(RuntimeError):
    """Something has to be mended before a warehouse can be made; the message says what."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A warehouse made anew, and what is not as the ledger or dbt would have it."""

    database: Path
    deliveries: int
    deviations: tuple[Deviation, ...]
    failed: tuple[str, ...]
    """What failed in dbt: models and tests."""

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it should be."""
        return not self.deviations and not self.failed


@dataclass(frozen=True, slots=True)
class Comparison:
    """The live warehouse held against one made anew from the history it says it holds."""

    rebuilt: Rebuilt
    tables: int
    differences: tuple[Difference, ...]
    is_behind: bool
    """The ledger has gone on since the live warehouse was built."""


def default_place(settings: Settings, moment: datetime) -> Path:
    """Where the state as of a moment is put when nobody says where."""
    return settings.data_dir / "as-of" / moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")


def rebuild_into(
    settings: Settings,
    folder: Path,
    *,
    as_of: datetime | None = None,
    screen: Screen | None = None,
    checkpoint: Checkpoint = no_checkpoint,
) -> Rebuilt:
    """Make a warehouse anew in a folder of its own.

    Args:
        settings: The installation whose archive and ledger are read.
        folder: Where to put `monitor.duckdb`; nothing of that name may be there. What a kill left
            half built in it is removed.
        as_of: The moment whose state to make; the present when not given.
        screen: The quality gate.
        checkpoint: Called between the steps, for fault-injection tests.

    Raises:
        CannotRebuildError: If there is a file already, or the ledger lacks archived deliveries.
        LedgerDamagedError: If the ledger is damaged.
    """
    events = Ledger(settings.ledger_path).read()
    if as_of is not None:
        events = until(events, as_of)
    elif missing := unknown_deliveries(settings):
        raise CannotRebuildError(left_out(missing))
    database = folder / FILE_NAME
    if database.exists():
        raise CannotRebuildError(f"{database} is there already; name another folder or remove it")
    until_day = None if as_of is None else as_of.astimezone().date()
    # under its own name it appears whole: half of a state must not pass for it
    unfinished = folder / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    rebuilt = _rebuild(
        settings, unfinished / FILE_NAME, events, until_day, screen, checkpoint, by_dbt=False
    )
    rebuilt.database.rename(database)
    fsync_dir(folder)
    shutil.rmtree(unfinished)
    return replace(rebuilt, database=database)


def compare_with_live(
    settings: Settings, *, screen: Screen | None = None, checkpoint: Checkpoint = no_checkpoint
) -> Comparison:
    """Make the live warehouse anew, beside it, and hold every table's hash against it.

    The part of the ledger that the live file says it holds is replayed, so that what was received
    since is no difference.

    Raises:
        CannotRebuildError: If there is no live warehouse, or it does not say what it holds.
        LedgerDamagedError: If the ledger is damaged.
    """
    events = Ledger(settings.ledger_path).read()
    held = _events_of_live(settings, events)
    # what a kill leaves of it holds rows, erased ones perhaps: the next call or run removes it
    sweep_work_folders(settings.work_dir)
    with work_folder(
        settings.work_dir, ROOM_TO_BUILD * settings.live_path.stat().st_size
    ) as folder:
        rebuilt = _rebuild(
            settings, folder / FILE_NAME, held, None, screen, checkpoint, by_dbt=True
        )
        live, anew = table_hashes(settings.live_path), table_hashes(rebuilt.database)
        checkpoint("rebuild.compared")
    return Comparison(
        rebuilt, len(live), tuple(differences(live, anew)), is_behind=len(held) < len(events)
    )


def unknown_deliveries(settings: Settings) -> list[Problem]:
    """Archived deliveries that the ledger does not know."""
    problems = reconcile(Ledger(settings.ledger_path), archive_of(settings), rehash=False)
    return [problem for problem in problems if problem.kind == "archived_not_in_ledger"]


def left_out(missing: Sequence[Problem]) -> str:
    """What is to be done about archived deliveries that the ledger does not know."""
    which = ", ".join((problem.delivery_id or "")[:12] for problem in missing[:5])
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return (
        f"{len(missing)} archived deliveries are not on the ledger ({which}{more}); a warehouse "
        "made now would lack them. If the ledger was lost, restore it from a backup first: only "
        "it knows what was withdrawn. Then `monitor ledger --readopt` writes the missing ones "
        "down, and `monitor run` decides on them"
    )


def _rebuild(
    settings: Settings,
    database: Path,
    events: Sequence[LedgerEvent],
    corrections_until: date | None,
    screen: Screen | None,
    checkpoint: Checkpoint,
    *,
    by_dbt: bool,
) -> Rebuilt:
    from pipelines.orchestration import dbt_execution, dbt_runner

    replayed = replay(
        database,
        archive_of(settings),
        events,
        screen=screen,
        corrections_until=corrections_until,
        checkpoint=checkpoint,
    )
    checkpoint("rebuild.filled")
    if by_dbt:
        outcome = dbt_runner.build(settings.dbt_dir, database, dbt_runner.NO_UNIT_TESTS)
    else:
        outcome = dbt_execution.build(settings.dbt_dir, database)
    checkpoint("rebuild.built")
    failed = [node.name for node in outcome.failed] or ([outcome.error] if outcome.error else [])
    return Rebuilt(database, len(replayed.states), replayed.deviations, tuple(failed))


def _events_of_live(settings: Settings, events: Sequence[LedgerEvent]) -> Sequence[LedgerEvent]:
    if not settings.live_path.is_file():
        raise CannotRebuildError("there is no live warehouse to compare with; `monitor run` first")
    with connect(settings.live_path, read_only=True) as con:
        head = get_ledger_head(con)
    if head == GENESIS_HASH:
        return ()
    for place, event in enumerate(events, start=1):
        if event.hash == head:
            return events[:place]
    raise CannotRebuildError(
        "the live warehouse does not say which part of the ledger it holds (it was built while "
        "the ledger was written to, or by an older version); `monitor run` first"
    )
