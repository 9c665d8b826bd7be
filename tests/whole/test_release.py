"""A release of what is shipped: every check passes, and its bytes are the same made twice."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shipped_installation import Installation

from pipelines.publish.database import open_read_only
from pipelines.publish.kept_drawings import KeptDrawings
from pipelines.publish.model import Release
from pipelines.publish.service import release_files
from pipelines.publish.store import read_release
from pipelines.release.calendar import load_calendar
from pipelines.release.checks import run_checks
from pipelines.release.context import Context
from pipelines.release.material import Material, gather
from pipelines.release.pages import surroundings_of
from pipelines.release.prepare import Prepared, prepare
from pipelines.settings import Settings

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def material(shipped: Installation) -> Material:
    return gather(shipped.settings)


def made_in(place: Path, material: Material) -> Prepared:
    """The release in a place of its own; figures are drawn once for all places beside it."""

    def render(release: Release, context: Context) -> Mapping[str, bytes]:
        kept = KeptDrawings(place.parent / "drawings")
        return release_files(release, surroundings_of(context), kept)

    settings = Settings.from_env({"MONITOR_DATA_DIR": str(place), "HOME": str(place)})
    return prepare(
        settings, 2015, material, by="otto", now=NOW, calendar=load_calendar(), render=render
    )


@pytest.fixture(scope="module")
def prepared(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return made_in(tmp_path_factory.mktemp("releases") / "one", material)


def test_every_check_runs_and_passes(shipped: Installation, prepared: Prepared) -> None:
    report = run_checks(shipped.settings, prepared.folder, calendar=load_calendar(), now=NOW)
    assert [r for r in report.results if r.status != "passed"] == []
    names = {result.name for result in report.results}
    assert {"files", "suite_released_cells", "disclosure", "grim", "diff", "calendar"} <= names
    assert "suite_pub_indicator_cells" in names


def test_made_again_every_byte_is_the_same(material: Material, prepared: Prepared) -> None:
    again = made_in(prepared.folder.path.parents[2] / "other", material)
    told = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", str(prepared.folder.path / "SHA256SUMS")],
        cwd=again.folder.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout) == (0, "")
    assert again.folder.candidate_hash() == prepared.folder.candidate_hash()


def test_nothing_of_a_later_year_is_in_it(prepared: Prepared) -> None:
    release = read_release(prepared.folder.database)
    # a year, a date, or two years with a stroke between
    later = ("2016", "2017")
    assert not [c.cell_id for c in release.cells if any(year in c.period for year in later)]
    tables = list(prepared.folder.files.rglob("*.csv"))
    assert tables
    # a year stands alone in its column; as a part of a longer text it may be an announcement
    assert not [path.name for path in tables if re.search(rb"[;,]201[67][;,]", path.read_bytes())]


def test_the_sql_that_a_release_tells_gives_its_cells(
    shipped: Installation, material: Material
) -> None:
    """What `models.json` keeps is what ran: run again on the warehouse it makes the same cells."""
    columns = "cell_id, numerator, base, value, obs_status, note_ids"
    with open_read_only(shipped.settings.live_path) as connection:
        for indicator_id, chain in material.models.chains.items():
            name = chain.models[0]
            told = f"select {columns} from ({material.models.sql[name].sql})"
            made = f"select {columns} from published.{name}"
            for one, other in ((told, made), (made, told)):
                query = f"select count(*) from ({one} except {other})"
                assert connection.execute(query).fetchone() == (0,), indicator_id
            count = connection.execute(f"select count(*) from ({told})").fetchone()
            assert count and count[0] > 0
