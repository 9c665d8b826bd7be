"""Make one history and deliver to it, in this process: `growth_turns WAVES EXTRACTS TURNS`.

Answers on its last line with the processor seconds of what one more delivery takes, medians of the
turns, as JSON. Run by `growth` from a copy of the code.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click

from benchmarks.growth_history import NEXT_EXTRACT, Size, extract_file, wave_files
from pipelines.intake.delivery import DeliveryMeta
from pipelines.intake.placing import deliver
from pipelines.orchestration.dbt_execution import build
from pipelines.pipeline import promote, take_in
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.lock import writer_lock

_META = DeliveryMeta(is_synthetic=True, provider="Benchmark")
_DELIVERIES = PROJECT_ROOT / "deliveries"
_AS_SHIPPED = (2015, 2017)


def main() -> None:
    """Make the history unless it is there, then take turns."""
    waves, extracts, turns = (int(each) for each in sys.argv[1:])
    settings, size = Settings.from_env(), Size(waves, extracts)
    _make(settings, size)
    taken: dict[str, list[float]] = {}
    begun = int(datetime.now(UTC).timestamp()) % 1_000_000
    for turn in range(turns + 1):
        deliveries: tuple[tuple[str, Callable[[Settings, int], None]], ...] = (
            ("wave", lambda to, change: _deliver_wave(to, 2016, change)),
            ("extract", lambda to, change: _deliver_extract(to, NEXT_EXTRACT.isoformat(), change)),
        )
        for what, place in deliveries:
            place(settings, begun + turn)
            seconds = _one_more(settings)
            if turn:  # the first loads what a warm process has
                for part, value in seconds.items():
                    taken.setdefault(f"{part}, {what}", []).append(value)
    click.echo(json.dumps({part: round(median(values), 3) for part, values in taken.items()}))


def _one_more(settings: Settings) -> dict[str, float]:
    with writer_lock(settings):
        seconds = {}
        begin = _cpu()
        report = take_in(settings, now=datetime.now(UTC), by="benchmark", settle_seconds=0)
        if len(report.taken) != 1 or report.taken[0].decision.state == "rejected":
            states = [(each.delivery.period, each.decision.state) for each in report.taken]
            raise RuntimeError(f"one delivery was to be taken in: {states}, {report.failed}")
        seconds["intake"], begin = _cpu() - begin, _cpu()
        _build(settings)
        seconds["build"], begin = _cpu() - begin, _cpu()
        promote(settings)
        seconds["swap"] = _cpu() - begin
    return seconds


def _make(settings: Settings, size: Size) -> None:
    if settings.live_path.exists():
        return
    for year in (2015, 2016, 2017, *size.made_waves()):
        _deliver_wave(settings, year, 0)
    for day in size.extract_dates():
        _deliver_extract(settings, day.isoformat(), 0)
    with writer_lock(settings):
        take_in(settings, now=datetime.now(UTC), by="benchmark", settle_seconds=0)
        _build(settings)
        promote(settings)


def _build(settings: Settings) -> None:
    outcome = build(settings.dbt_dir, settings.build_path)
    if not outcome.success:
        raise RuntimeError(f"{[(node.name, node.message) for node in outcome.failed]}")


def _deliver_wave(settings: Settings, year: int, change: int) -> None:
    if year in _AS_SHIPPED:
        shipped = _DELIVERIES / "survey" / str(year)
        item = next(each for each in shipped.iterdir() if each.suffix != ".json")
        deliver(settings, item, "survey", str(year), _META)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / f"surveyxact_{year}_SYNTETISK"
        folder.mkdir()
        for name, content in wave_files(_DELIVERIES, year, change):
            (folder / name).write_bytes(content)
        deliver(settings, folder, "survey", str(year), _META)


def _deliver_extract(settings: Settings, day: str, change: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / f"driftsstoette_{day}_SYNTETISK.csv"
        file.write_bytes(extract_file(_DELIVERIES, datetime.fromisoformat(day).date(), change))
        deliver(settings, file, "driftsstoette", day, _META)


def _cpu() -> float:
    """Of this process and of the children that it has waited for, in which files are read."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
