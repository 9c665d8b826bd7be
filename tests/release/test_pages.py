"""What a release tells its pages: changes with causes, revisions, rows, earlier figures, SQL."""

from __future__ import annotations

import pytest
from release_steps import published
from small_release import (
    AFTER,
    BEHIND,
    CALENDAR,
    NEW_EXTRACT,
    REGION,
    WRONG,
    YES_2016,
    cells,
    lineage,
    material,
    release_of,
)

from pipelines.publish.model import Release
from pipelines.publish.site import Surroundings, site_files
from pipelines.release.context import Context
from pipelines.release.pages import surroundings_of
from pipelines.release.prepare import prepare
from pipelines.settings import Settings


@pytest.fixture
def told(settings: Settings, quick: None) -> tuple[Release, Surroundings]:
    """What a revision that a new extract brought tells, of the release and around it."""
    del quick
    published(settings)
    # 36.001 of 39 is shown like 36 of 39: a change, but none that readers see
    revised = material(
        release_of(cells(region=7.0, yes_2016=36.001)),
        lineage=lineage({**BEHIND, REGION: (NEW_EXTRACT,)}, "other"),
    )
    seen: list[tuple[Release, Surroundings]] = []

    def render(release: Release, context: Context) -> dict[str, bytes]:
        seen.append((release, surroundings_of(context)))
        return {"a.csv": b""}

    prepare(
        *(settings, 2016, revised),
        by="otto",
        now=AFTER,
        calendar=CALENDAR,
        render=render,
        correction=WRONG,
    )
    return seen[0]


def test_everything_is_told(told: tuple[Release, Surroundings]) -> None:
    _, around = told
    assert around.changes is not None
    assert around.changes.previous == "2016.1"
    # 6 and 7 of 11
    assert [(c.cell_id, c.old, c.new) for c in around.changes.cells] == [(REGION, "54,5", "63,6")]
    assert [(r.release, r.change.cell_id) for r in around.revisions] == [("2016.2", REGION)]
    assert around.trails[REGION].rows == {NEW_EXTRACT: "2-5,9"}  # Nordjylland's two
    assert around.trails[REGION].earlier == (("2016.1", "54,5"),)
    assert around.trails[YES_2016].rows == {}  # answers are not traced to rows
    assert [step.name for step in around.calculations["I01"]] == [
        "pub_i01",
        "stg_rows",
        "dim_label",
    ]
    assert {entry.version for entry in around.calendar} >= {"2016.1"}


def test_the_pages_have_it(told: tuple[Release, Surroundings]) -> None:
    files = {name: data.decode() for name, data in site_files(told[0], [], told[1]).items()}
    page = files["site/da/I01.html"]
    assert "Sammenlignet med udgivelse 2016.1." in page
    assert "<td>54,5</td><td>63,6</td>" in page
    assert "<td>54,5</td><td>63,6</td>" in files["site/da/revisioner.html"]
    assert "<td>54.5</td><td>63.6</td>" in files["site/en/revisions.html"]
    assert "2016.1: 54,5" in files["site/da/I01-forklaring-region.html"]
    assert "select 2" in files["site/da/I01-forklaring-region.html"]
