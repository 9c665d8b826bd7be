"""What the command line prints about a run and about the state of things."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import click

from pipelines.corrections_report import print_corrections
from pipelines.overview import (
    PeriodStatus,
    delivery_counts,
    failing,
    inbox,
    open_matters,
    period_statuses,
    published,
)
from pipelines.settings import Settings

STATUS_HEAD: tuple[str, ...] = (
    "source",
    "period",
    "expected by",
    "received",
    "accepted",
    "in part",
    "rejected",
    "rows",
    "quarantined",
    "published",
    "age",
)


class Outcome(Protocol):
    """What a run has to say for itself."""

    @property
    def success(self) -> bool:
        """Whether everything was built, checked and published."""

    @property
    def launched(self) -> bool:
        """Whether there was anything to do."""

    @property
    def checks_passed(self) -> int:
        """Checks that passed: Great Expectations suites and dbt tests."""

    @property
    def checks_warned(self) -> int:
        """Checks that found something worth a look, and stopped nothing."""

    @property
    def checks_failed(self) -> int:
        """Checks that did not."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person may like to know."""

    @property
    def messages(self) -> tuple[str, ...]:
        """What a person must know or do next."""


def print_summary(settings: Settings, outcome: Outcome) -> None:
    """Say what a run did and where to look."""
    for note in outcome.notes:
        click.echo(note)
    if outcome.success and not outcome.launched:
        click.echo("Nothing waits and nothing has changed: the warehouse is as it was.")
    counts = delivery_counts(settings)
    total = sum(counts.values())
    click.echo("")
    click.echo(
        f"Deliveries   {total} in the ledger: {counts['accepted']} accepted, "
        f"{counts['quarantined']} accepted in part (rows quarantined), "
        f"{counts['rejected']} rejected, {counts['superseded']} superseded"
        + "".join(
            f", {counts[state]} {word}"
            for state, word in (
                ("withdrawn", "withdrawn"),
                ("erased", "erased"),
                ("received", "not decided yet"),
            )
            if counts[state]
        )
    )
    if counts["quarantined"] or counts["rejected"] or counts["superseded"]:
        click.echo(f"             findings for senders: {settings.quarantine_dir}")
    if outcome.launched:
        _print_open_matters(settings)
        print_corrections(settings)
        click.echo(
            f"Checks       {outcome.checks_passed} passed, {outcome.checks_warned} with a "
            f"warning, {outcome.checks_failed} failed "
            f"(Data Docs: {settings.data_docs_dir / 'index.html'})"
        )
    release = published(settings)
    if release is not None:
        synthetic = "; SYNTHETIC DATA" if release.is_synthetic else ""
        click.echo(
            f"Indicators   {release.indicators} built, {release.cells} cells released, "
            f"{release.suppressed} suppressed, {release.withheld_tables} tables withheld{synthetic}"
        )
        click.echo(f"Page         {settings.published_dir / 'site' / 'index.html'}")
        click.echo(f"Tables       {settings.published_dir / 'tabeller'} (XLSX), csv beside it")
        click.echo(f"Warehouse    {settings.live_path} (read-only: docs in warehouse/README.md)")
    for message in outcome.messages:
        click.secho(message, fg="red")


def print_status(settings: Settings, now: datetime) -> None:
    """A line for every source and period."""
    lines = [STATUS_HEAD, *(_line(each, now) for each in period_statuses(settings))]
    widths = [max(len(line[place]) for line in lines) for place in range(len(STATUS_HEAD))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
    click.echo("")
    _print_open_matters(settings)
    for name, why in failing(settings):
        click.secho(
            f"Not read     {name}: {why}, by a fault of ours; the next run tries again", fg="red"
        )
    found = inbox(settings, now)
    click.echo(f"Inbox        {len(found.ready)} ready for the next run")
    for kind, held in (("refused", found.refused), ("not complete", found.waiting)):
        for each in held:
            click.echo(f"             {kind}: {each.location}: {each.reason.message_en}")


def _print_open_matters(settings: Settings) -> None:
    """For each delivery with findings what goes back to its sender; what must be mended first."""
    matters = list(open_matters(settings))
    for number, each in enumerate(m for m in matters if not m.is_accepted):
        what = (
            f"rejected ({each.reason})"
            if each.state == "rejected"
            else f"{each.rows_quarantined} row(s) set aside"
        )
        click.echo(f"{'' if number else 'To mend':<13}{each.delivery}: {what}")
        click.echo(f"{'':<15}{each.to_send.relative_to(settings.data_dir)}")
    for number, each in enumerate(m for m in matters if m.is_accepted):
        click.echo(f"{'' if number else 'Remarks':<13}{each.delivery}: accepted; worth a look")
        click.echo(f"{'':<15}{each.to_send.relative_to(settings.data_dir)}")


def _line(each: PeriodStatus, now: datetime) -> tuple[str, ...]:
    due = each.expected_by.isoformat() if each.expected_by else "-"
    if each.is_overdue(now.date()):
        only_rejected = each.rejected and not each.accepted and not each.partly
        due += " LATE (all rejected)" if only_rejected else " LATE"
    return (
        each.source,
        each.period,
        due,
        str(each.received),
        str(each.accepted),
        str(each.partly),
        str(each.rejected),
        str(each.rows),
        str(each.rows_quarantined),
        "yes" if each.is_published else "no",
        _age(now, each.newest),
    )


def _age(now: datetime, then: datetime | None) -> str:
    if then is None:
        return "-"
    hours = int((now - then).total_seconds() // 3600)
    return f"{hours // 24} d" if hours >= 48 else f"{hours} h"
