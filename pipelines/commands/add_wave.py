"""`monitor add-wave`: a new wave's code book, proposed from its export, and put in force."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.waves.compare import Comparison


@click.command("add-wave")
@click.argument("source")
@click.argument("wave")
@click.option(
    "--from",
    "export",
    type=click.Path(exists=True, path_type=Path),
    help="The new wave's export: a folder, a zip or a workbook.",
)
@click.option("--against", help="The wave to compare with; the last one before it by default.")
@click.option("--output", help="Where to write the proposal; - for standard output.")
@click.option("--json", "as_json", is_flag=True, help="Say what was found as JSON.")
@click.option("--accept", is_flag=True, help="Put the proposal in force, now that all is decided.")
@click.option("--anew", is_flag=True, help="Write over a proposal that was worked on.")
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the contracts; the project's own by default.",
)
@click.pass_obj
def add_wave(
    settings: Settings,
    source: str,
    wave: str,
    export: Path | None,
    against: str | None,
    output: str | None,
    as_json: bool,
    accept: bool,
    anew: bool,
    sources: Path | None,
) -> None:
    """Propose a code book for WAVE of SOURCE, or put a decided one in force (--accept).

    Compares the export's questionnaire with the last wave's: what is matched, re-coded, renamed,
    new or gone. The proposal is a CSV with a decision on every line that a person must look at;
    nothing is in force before `--accept`.
    """
    del settings
    from pipelines.contracts.loader import SOURCES_DIR
    from pipelines.waves.proposal import proposal_path

    sources = sources or SOURCES_DIR
    target = _free_place(source, wave, sources)
    path = Path(output) if output and output != "-" else proposal_path(source, wave, sources)
    if accept:
        if export is not None or against or as_json or anew or output == "-":
            raise click.UsageError("--accept takes no other option than --output PATH")
        _accept(source, wave, path, target, sources)
        return
    if export is None:
        raise click.UsageError("give the new wave's export: --from FILE")
    comparison = _compare(source, wave, export, against, sources)
    from pipelines.waves.proposal import proposal_csv

    text = proposal_csv(comparison)
    if output == "-":
        click.echo(text, nl=False)
    else:
        if path.resolve() == target.resolve():
            raise click.UsageError("a proposal is not put in force: write it to another place")
        if not anew and path.is_file() and path.read_bytes() != text.encode():
            raise click.ClickException(
                f"{path} is there already, and other than what would be written now: somebody may "
                "have decided in it. Go on with it, or give --anew to write over it."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if as_json:
        from pipelines.waves.summary import as_value

        if output == "-":
            raise click.UsageError("--json and --output - both want standard output")
        click.echo(json.dumps(as_value(comparison, path), ensure_ascii=False, indent=1))
    else:
        _tell(comparison, None if output == "-" else path)


def _free_place(source: str, wave: str, sources: Path) -> Path:
    """Where the wave's code book goes; stop where there is nothing to propose."""
    from pipelines.contracts.loader import code_books, source_names

    with_waves = [name for name in source_names(sources) if code_books(name, sources)]
    if source not in with_waves:
        raise click.BadParameter(
            f"one with code books: {', '.join(with_waves)}", param_hint="SOURCE"
        )
    if not (wave.isascii() and wave.isdigit() and len(wave) == 4):
        raise click.BadParameter("a year, such as 2018", param_hint="WAVE")
    target = sources / source / "codebooks" / f"{wave}.csv"
    if target.exists():
        raise click.ClickException(
            f"{source} {wave} has a code book already: {target}. Change that file; deliveries of "
            f"{wave} are then read again."
        )
    return target


def _compare(
    source: str, wave: str, export: Path, against: str | None, sources: Path
) -> Comparison:
    from pipelines.contracts.loader import code_books, load_source
    from pipelines.intake.findings import DeliveryRejected
    from pipelines.waves.compare import compare
    from pipelines.waves.export_file import read_export
    from pipelines.waves.questionnaire import asked_variables

    books = [b for b in code_books(source, sources) if b.wave < wave]
    if against is not None:
        books = [b for b in books if b.wave <= against]
    if not books or (against is not None and books[-1].wave != against):
        known = ", ".join(b.wave for b in code_books(source, sources))
        raise click.ClickException(f"no code book of a wave to compare with; there are {known}")
    try:
        asked = asked_variables(read_export(export))
    except DeliveryRejected as refusal:
        raise click.ClickException(refusal.to_finding().message_en) from refusal
    except OSError as error:
        raise click.ClickException(f"{export.name}: {error.strerror or error}") from error
    return compare(load_source(source, sources), wave, asked, books)


def _tell(comparison: Comparison, path: Path | None) -> None:
    """Say what was found and what to decide; on standard error when the CSV is on output."""
    from pipelines.waves.summary import summary_lines

    for line in summary_lines(comparison, path):
        click.echo(line, err=path is None)


def _accept(source: str, wave: str, path: Path, target: Path, sources: Path) -> None:
    from pipelines.contracts.loader import load_source
    from pipelines.intake.findings import DeliveryRejected
    from pipelines.waves.acceptance import NotAcceptableError
    from pipelines.waves.acceptance import accept as put_in_force

    if not path.is_file():
        raise click.ClickException(f"there is no proposal: {path}")
    try:
        put_in_force(load_source(source, sources), wave, path, target)
    except NotAcceptableError as refusal:
        for reason in refusal.reasons:
            click.echo(reason, err=True)
        click.echo(
            f"{len(refusal.reasons)} to settle in {path.name}: put the line right, then empty "
            "its decision cell.",
            err=True,
        )
        sys.exit(1)
    except DeliveryRejected as refusal:
        raise click.ClickException(refusal.to_finding().message_en) from refusal
    click.echo(f"{source} {wave} is in force: {target}")
    click.echo("Deliveries that waited for it are read at the next `monitor run`.")
