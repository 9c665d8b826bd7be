"""`monitor release check`: what is held against a candidate before anybody signs it.

Results are data, kept beside the candidate as `checks.json` and bound to its hash; the same
candidate gives the same results. A check that cannot be run has not passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

import pandas as pd

from pipelines.disclosure.earlier import shown_before
from pipelines.disclosure.release_audit import audit
from pipelines.durable import write_replacing
from pipelines.publish.candidates import read_candidates
from pipelines.publish.danish import rounded
from pipelines.publish.model import Release
from pipelines.publish.store import read_release
from pipelines.release.calendar import MONTHS_AHEAD, Calendar
from pipelines.release.causes import Cause
from pipelines.release.diff import read_diff
from pipelines.release.folder import CHECKS, DIFF, MANIFEST, ReleaseFolder, canonical_json
from pipelines.release.published import problems_of, published_cells, published_versions
from pipelines.release.reach import how_to_reach, shortfall
from pipelines.settings import Settings
from pipelines.statistics.grim import PrintedShare, impossible_shares
from pipelines.warehouse.store import live_build_fingerprint

Status = Literal["passed", "warned", "failed", "not_run"]
_SHOWN: Final = 20
NEEDED: Final = ("files", "suite_released_cells", "disclosure", "grim", "diff", "calendar")
"""Without the result of each of these nothing is signed."""
_NEEDS_WAREHOUSE: Final = {
    "candidates": "Celler før diskretionering",
    "disclosure": "Diskretionering",
}


@dataclass(frozen=True)
class CheckResult:
    """What one check found. Details name cells and rules, never a value."""

    name: str
    title_da: str
    status: Status
    message_da: str
    details: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the release may not be signed with this result."""
        return self.status in ("failed", "not_run")


@dataclass(frozen=True)
class CheckReport:
    """What all checks found in one candidate."""

    candidate: str
    results: tuple[CheckResult, ...]

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """The results that stand in the way of a signature; a check left out does too."""
        told = {result.name for result in self.results}
        lacking = (
            CheckResult(name, name, "not_run", "Kontrollen er ikke kørt.")
            for name in NEEDED
            if name not in told
        )
        return (*(result for result in self.results if result.blocks), *lacking)


def run_checks(
    settings: Settings, folder: ReleaseFolder, *, calendar: Calendar, now: datetime
) -> CheckReport:
    """Run every check on a candidate and keep what they find beside it.

    What a published release was signed with stays as it was: of that nothing is kept.

    Args:
        settings: The installation; the suites on candidates look at its live warehouse.
        folder: The candidate.
        calendar: The release calendar.
        now: The present; only the calendar's reach depends on it.
    """
    problems = problems_of(settings, folder)
    results: list[CheckResult] = [_files_untouched(problems)]
    if not problems:
        from quality.outgoing import released_suites

        release = read_release(folder.database)
        results += [
            *(_suite_result(folder.database, suite) for suite in released_suites()),
            *_against_warehouse(settings, folder, release),
            _grim(release),
            compared_with_before(folder),
            reaches_far_enough(folder, calendar, now),
        ]
    report = CheckReport(folder.candidate_hash(), tuple(results))
    if folder.version not in published_versions(settings):
        keep_report(folder, report)
    return report


def keep_report(folder: ReleaseFolder, report: CheckReport) -> None:
    """Keep what checks found beside their candidate, in place of what earlier ones did."""
    write_replacing(folder.path / CHECKS, canonical_json(asdict(report)))


def read_report(folder: ReleaseFolder) -> CheckReport | None:
    """What the last checks found; None when there were none, or of another candidate."""
    if folder.checks_hash() is None:
        return None
    data: Any = folder.json(CHECKS)
    results = tuple(CheckResult(**{**r, "details": tuple(r["details"])}) for r in data["results"])
    report = CheckReport(data["candidate"], results)
    return report if report.candidate == folder.candidate_hash() else None


def disclosure_audit(settings: Settings, release: Release) -> CheckResult:
    """Hold the released cells, and what earlier releases have shown, against what must stay hidden.

    The one place that knows which audit there is. It looks at the candidates that the release was
    made from, so the live warehouse must be the one it was made of.
    """
    candidates = read_candidates(settings.live_path)
    # all of them, also of later years: those are hidden here, and the release was cut from them
    found = audit(
        candidates.cells,
        pd.DataFrame(asdict(cell) for cell in release.cells),
        candidates.rules(release.info.threshold),
        shown_before(published_cells(settings)),
    )
    return _found(
        "disclosure",
        "Diskretionering",
        [".".join(each.target.fact) for each in found],
        f"Ingen af de {len(release.cells)} celler røber et skjult tal, heller ikke sammen med "
        "tidligere udgivelser.",
        "tal, der skal være skjult, kan regnes ud.",
    )


def _against_warehouse(
    settings: Settings, folder: ReleaseFolder, release: Release
) -> Iterable[CheckResult]:
    """The checks that need the warehouse that the release was made from."""
    from quality.outgoing import candidate_suites

    if folder.json(MANIFEST)["data"]["build_fingerprint"] == live_build_fingerprint(settings):
        yield from (_suite_result(settings.live_path, suite) for suite in candidate_suites())
        yield disclosure_audit(settings, release)
        return
    for name, title in _NEEDS_WAREHOUSE.items():
        yield CheckResult(
            name,
            title,
            "not_run",
            "Lageret er et andet end det, udgivelsen er lavet af; "
            "`monitor release prepare` laver den igen.",
        )


def _suite_result(database: Any, suite: Any) -> CheckResult:
    from quality.runner import run_suites

    [result] = run_suites(database, [suite], None)
    title = f"Great Expectations: {suite.title_da}"
    name = f"suite_{suite.name}"
    if result.error is not None:
        return CheckResult(name, title, "not_run", "Kontrollen kunne ikke køre.", (result.error,))
    if not result.failed:
        return CheckResult(name, title, "passed", f"{result.evaluated} forventninger holder.")
    status: Status = "warned" if result.success else "failed"
    details = tuple(f"{one.rule_id}: {one.description_da}" for one in result.failed)
    return CheckResult(
        name, title, status, f"{len(details)} forventninger holder ikke.", details[:_SHOWN]
    )


def _files_untouched(problems: list[str]) -> CheckResult:
    return _found(
        "files",
        "Filer",
        problems,
        "Alle filer er som de blev lavet.",
        "filer er ikke som de blev lavet.",
    )


def _grim(release: Release) -> CheckResult:
    shares = [
        PrintedShare(c.cell_id, rounded(c.value, c.decimals), round(c.numerator), round(c.base))
        for c in release.cells
        if c.unit == "pct"
        and c.value is not None
        and c.numerator is not None
        and c.base
        and c.numerator.is_integer()
        and c.base.is_integer()
    ]
    wrong = [share.cell_id for share in impossible_shares(shares)]
    return _found(
        "grim",
        "GRIM: procenter og antal",
        wrong,
        f"Alle {len(shares)} procenter følger af deres antal og grundlag.",
        "procenter følger ikke af deres antal og grundlag.",
    )


def compared_with_before(folder: ReleaseFolder) -> CheckResult:
    """What the release changes of what readers have: all of it must have an explanation."""
    previous = folder.json(MANIFEST)["previous"]
    title = "Forskelle til udgivelsen før"
    if previous is None:
        return CheckResult("diff", title, "passed", "Der er ingen udgivelse før denne.")
    changes = read_diff((folder.path / DIFF).read_bytes())
    revised = sum(change.is_revision for change in changes)
    told = f"{len(changes)} forskelle til {previous['version']}, {revised} af dem revisioner"
    unexplained = [c.cell_id for c in changes if Cause.UNEXPLAINED in c.causes.split("|")]
    gone = [f"{c.cell_id} er faldet væk" for c in changes if c.kind == "gone"]
    if unexplained or gone:
        return CheckResult(
            "diff",
            title,
            "warned",
            f"{told}; {len(unexplained)} uden forklaring, {len(gone)} celler er faldet væk.",
            (*(f"{cell} er ikke forklaret" for cell in unexplained), *gone)[:_SHOWN],
        )
    if folder.json(MANIFEST)["correction"] is not None and not revised:
        return CheckResult("diff", title, "warned", f"{told}: en rettelse, der ikke retter et tal.")
    return CheckResult("diff", title, "passed", f"{told}; alle er forklaret.")


def reaches_far_enough(folder: ReleaseFolder, calendar: Calendar, now: datetime) -> CheckResult:
    """Whether readers are told of releases far enough ahead; no correction waits for that."""
    title = "Udgivelseskalender"
    if (short := shortfall(calendar, now)) is None:
        return CheckResult(
            "calendar", title, "passed", f"Kalenderen når mindst {MONTHS_AHEAD} måneder frem."
        )
    if folder.json(MANIFEST)["correction"] is not None:
        said = f"{short[0]} Det holder ikke en rettelse tilbage."
        return CheckResult("calendar", title, "warned", said)
    return CheckResult("calendar", title, "failed", f"{short[0]} {how_to_reach(now)[0]}")


def _found(name: str, title: str, wrong: list[str], good: str, bad: str) -> CheckResult:
    if wrong:
        return CheckResult(name, title, "failed", f"{len(wrong)} {bad}", tuple(wrong[:_SHOWN]))
    return CheckResult(name, title, "passed", good)
