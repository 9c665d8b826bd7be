"""`monitor release …`: prepare, check, approve, publish, list, withdraw."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.release.checks import CheckReport
    from pipelines.release.versions import Version

BY_HELP = "Who does it, for the release log; else MONITOR_USER, else the system's user name."
WAIT_SECONDS = 900.0
"""How long a command waits for a run under way: it would change what is looked at."""
_COLOURS = {"passed": "green", "warned": "yellow", "failed": "red", "not_run": "red"}


class Releases(click.Group):
    """The subcommands; what stands in the way of a release is told without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand that was typed."""
        from pipelines.release.versions import ReleaseError
        from pipelines.warehouse.lock import LockBusyError

        try:
            return super().invoke(ctx)
        except (ReleaseError, LockBusyError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Releases)
def release() -> None:
    """Make, check, sign and publish a release; what is published never changes."""


@release.command()
@click.argument("year")
@click.option("--by", help=BY_HELP)
@click.option(
    "--correction",
    "reason_da",
    help="It corrects an error and cannot wait for the calendar: why, in Danish, for readers.",
)
@click.option("--correction-en", "reason_en", help="The same in English.")
@click.pass_obj
def prepare(
    settings: Settings, year: str, by: str | None, reason_da: str | None, reason_en: str | None
) -> None:
    """Make the candidate of YEAR's next version (2017.1, or 2017.2 once that is published).

    It holds the figures up to YEAR as `monitor run` last made them, and goes out under the next
    line of the release calendar. An urgent correction takes the next number and no line: what is
    planned keeps its date. The same data and code give the same bytes. Who prepares it cannot sign
    it, unless releases.yml says `four_eyes: false`.
    """
    from pipelines.orchestration.layers import Layers
    from pipelines.release.calendar import danish_moment
    from pipelines.release.schedule import Correction
    from pipelines.release.versions import year_of
    from pipelines.who import who

    correction = Correction(reason_da or "", reason_en or "") if reason_da or reason_en else None
    layers = Layers(settings)
    with layers.writing(WAIT_SECONDS):
        prepared = layers.prepare_release(year_of(year), by=who(by), correction=correction)
    version = prepared.folder.version
    what = "made" if prepared.is_new else "already there, byte for byte"
    click.echo(f"Candidate {version} {what}: {prepared.folder.path}")
    when = "correction, no embargo" if correction else danish_moment(prepared.announced.at)
    click.echo(f"  title  {prepared.announced.title_da} ({when})")
    click.echo(f"  hash   {prepared.folder.candidate_hash()}")
    click.echo(f"  cells  {len(prepared.release.cells)}")
    if prepared.previous:
        revised = sum(change.is_revision for change in prepared.changes)
        click.echo(
            f"  diff   {len(prepared.changes)} to {prepared.previous}, {revised} revisions "
            f"(`monitor diff {prepared.previous} {version}`)"
        )
    click.echo(f"Next: `monitor release check {version}`")


@release.command()
@click.argument("version", required=False)
@click.pass_obj
def check(settings: Settings, version: str | None) -> None:
    """Hold the candidate VERSION (else the newest) against every check; keeps what they find.

    A published release is looked at again; what it was signed with is kept as it was.

    Exit code 1 when one stands in the way of a sign-off.
    """
    from pipelines.orchestration.layers import Layers
    from pipelines.release.published import published_versions

    chosen = _chosen(settings, version)
    layers = Layers(settings)
    with layers.writing(WAIT_SECONDS):
        report = layers.check_release(chosen)
    _print_report(chosen, report, is_out=chosen in published_versions(settings))
    sys.exit(1 if report.blocking else 0)


@release.command()
@click.argument("version")
@click.option("--by", help=BY_HELP)
@click.option("--note", required=True, help="What was looked at; kept in the release log.")
@click.pass_obj
def approve(settings: Settings, version: str, by: str | None, note: str) -> None:
    """Sign the candidate VERSION: exactly these files, with exactly these check results.

    Refused to who prepared it, unless releases.yml says `four_eyes: false`.
    """
    from pipelines.orchestration.release_events import record_approval
    from pipelines.release.calendar import load_calendar
    from pipelines.release.signing import approve as sign
    from pipelines.release.versions import version_of
    from pipelines.who import who

    event = sign(
        settings,
        version_of(version),
        by=who(by),
        note=note,
        calendar=load_calendar(),
        now=datetime.now(UTC),
    )
    record_approval(settings, event)
    click.echo(f"{version} is signed by {event.by}; candidate {event.candidate}")
    click.echo(f"Next: `monitor release publish {version}`")


@release.command()
@click.argument("version")
@click.option("--by", help=BY_HELP)
@click.pass_obj
def publish(settings: Settings, version: str, by: str | None) -> None:
    """Publish the signed VERSION; refused before its time in the release calendar."""
    from pipelines.orchestration.layers import Layers
    from pipelines.release.versions import version_of
    from pipelines.who import who

    layers = Layers(settings)
    with layers.writing(WAIT_SECONDS):  # a run must know of every release that is out
        layers.publish_release(version_of(version), by=who(by))
    click.echo(f"{version} is published: {settings.releases_dir / version / 'files'}")


@release.command("list")
@click.option("--verify", is_flag=True, help="Hold every file against its checksum.")
@click.option("--json", "as_data", is_flag=True, help="As JSON.")
@click.pass_obj
def list_(settings: Settings, verify: bool, as_data: bool) -> None:
    """Show what is planned, prepared and published; times are Danish.

    The number of what is planned is the one it gets if no correction comes before it.

    With --verify, exit code 1 when a file is not as it was prepared.
    """
    from dataclasses import asdict

    from pipelines.release.calendar import danish_moment, load_calendar
    from pipelines.release.listing import STATES_DA, listing, people
    from pipelines.release.reach import warning

    calendar = load_calendar()
    found = listing(settings, calendar, verify=verify)
    if as_data:
        told = [{**asdict(one), "version": str(one.version)} for one in found]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    else:
        for one in found:
            mark = "*" if one.is_current else " "
            when = one.published_at or one.planned_at
            click.echo(
                f"{mark} {one.version}  {STATES_DA[one.state]:<16}{danish_moment(when):<34}"
                f"{one.title_da}{people(one)}"
            )
            if one.correction_da:
                click.echo(f"    rettelse uden for kalenderen: {one.correction_da}")
            for problem in one.problems:
                click.secho(f"    {problem}", fg="red")
        if said := warning(calendar, datetime.now(UTC)):
            click.secho(said, fg="yellow")
    sys.exit(1 if any(one.problems for one in found) else 0)


@release.command()
@click.argument("version")
@click.option("--by", help=BY_HELP)
@click.option("--reason", required=True, help="Why; kept in the release log.")
@click.pass_obj
def withdraw(settings: Settings, version: str, by: str | None, reason: str) -> None:
    """Take the published VERSION back: the one before it is current again, its files are kept."""
    from pipelines.release.signing import withdraw as take_back
    from pipelines.release.versions import version_of
    from pipelines.who import who

    now = datetime.now(UTC)
    take_back(settings, version_of(version), by=who(by), reason=reason, now=now)
    click.echo(f"{version} is withdrawn; its files are kept.")


def _chosen(settings: Settings, version: str | None) -> Version:
    from pipelines.release.folder import NoSuchReleaseError, prepared_versions
    from pipelines.release.published import published_versions
    from pipelines.release.versions import version_of

    if version is not None:
        return version_of(version)
    published = published_versions(settings)
    waiting = [v for v in prepared_versions(settings) if v not in published]
    if not waiting:
        raise NoSuchReleaseError("no candidate waits; `monitor release prepare YEAR` makes one")
    return waiting[-1]


def _print_report(version: Version, report: CheckReport, *, is_out: bool) -> None:
    words = {"passed": "ok", "warned": "bemærk", "failed": "FEJL", "not_run": "IKKE KØRT"}
    for result in report.results:
        click.secho(f"{words[result.status]:<10}", fg=_COLOURS[result.status], nl=False)
        click.echo(f"{result.title_da}: {result.message_da}")
        for detail in result.details:
            click.echo(f"          {detail}")
    if is_out:
        click.echo(f"{version} is published: it stays as it was signed, with the checks of then.")
    elif report.blocking:
        click.echo(f"{len(report.blocking)} checks stand in the way of signing {version}.")
    else:
        click.echo(f"Next: `monitor release approve {version} --by NAME --note TEXT`")
