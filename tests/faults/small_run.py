"""A whole run of the real job over small layers: Dagster, dbt, locks and every swap are real.

What is loaded, checked and told of costs nothing: a wave a row, a suite that passes, five cells.
How each layer does its part in earnest, and dies in it, is tested in that layer's folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import generations
from installations import FakeLayers, new_settings

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.intake.take_in import IntakeReport
from pipelines.orchestration.run import RunOutcome, run_process_inbox
from pipelines.settings import Settings
from pipelines.warehouse import store

WAVES = ("2015", "2016", "2017", "2018")


class SmallLayers(FakeLayers):
    """Layers whose files are put in place by the real code, with points to be stopped at."""

    def __init__(self, settings: Settings, checkpoint: Checkpoint = no_checkpoint) -> None:
        super().__init__(settings)
        self.checkpoint = checkpoint

    def take_in(self, *, by: str, again: Iterable[tuple[str, str]] = ()) -> IntakeReport:
        with self.troubles_told():
            store.begin_build(self.settings, checkpoint=self.checkpoint)
            return super().take_in(by=by, again=again)

    def promote(self) -> None:
        with self.troubles_told():
            store.promote(self.settings, checkpoint=self.checkpoint)

    def release_cells(self) -> None:
        with self.troubles_told():
            generations.make_cells(self.settings, _waves_in(self.settings.live_path))
        self.checkpoint("publish.cells_made")

    def publish_files(self) -> None:
        with self.troubles_told():
            generations.publish_made(
                self.settings, _waves_in(self.settings.live_path), self.checkpoint
            )


def run(settings: Settings, waves: int, checkpoint: Checkpoint = no_checkpoint) -> RunOutcome:
    """`monitor run` when so many waves in all have been delivered."""
    layers = SmallLayers(settings, checkpoint)
    layers.inbox = list(WAVES[:waves])
    return run_process_inbox(settings, force=True, layers=layers)


def wrongs(settings: Settings, *generations_: int) -> list[str]:
    """What readers may never see: anything but one of these generations, whole."""
    try:
        found = _waves_in(settings.live_path)
    except Exception as error:
        return [f"the warehouse cannot be read: {type(error).__name__}"]
    return [
        *([] if found in generations_ else [f"the warehouse holds {found} waves"]),
        *generations.wrongs(settings, *generations_),
    ]


def installation(place: Path, prepared: Path | None = None) -> Settings:
    """A new one, or one that lies in a folder already."""
    if prepared is None:
        return new_settings(place)
    shutil.copytree(prepared, place)
    return Settings(root=place / "root", data_dir=place / "data", dagster_home=place / "home")


def _waves_in(database: Path) -> int:
    with store.connect(database, read_only=True) as con:
        raw = con.execute("select count(*), count(distinct period) from raw.survey_answers")
        rows, waves = raw.fetchall()[0]
        cells = con.execute("select count(*) from published.pub_indicator_cells").fetchall()[0][0]
    assert rows == waves == cells, "none doubled, none lost, and dbt's tables are of the same build"
    return int(rows)
