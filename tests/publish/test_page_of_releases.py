"""What the pages tell of releases: calendar, revisions, what changed, how a figure came about."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from page_markup import Outline, page_of, rows_of

from pipelines.publish.language import language
from pipelines.publish.site import (
    Calculation,
    CalendarEntry,
    Change,
    Changes,
    Revision,
    Surroundings,
    Trail,
    site_files,
)
from pipelines.publish.site.revisions import revisions_by_release

CHANGE = Change(
    cell_id="I05.2015.size.large.full_time_or_more.share_pct",
    indicator_id="I05",
    what_da="En fuldtidsstilling eller mere, store",
    what_en="Full-time or more, large",
    period="2015",
    old="41,2",
    new="43,8",
    cause_da="rettelse fra <kommunen>",
    cause_en="correction by the <municipality>",
)
AT = datetime(2027, 3, 16, 9, tzinfo=UTC)
AROUND = Surroundings(
    calendar=(CalendarEntry("2017.2", "Reviderede tal", "Revised figures", AT),),
    revisions=(Revision("2017.2", AT, CHANGE),),
    changes=Changes("2017.1", (CHANGE, replace(CHANGE, cell_id="I05.gone"))),
    trails={
        CHANGE.cell_id: Trail(("survey-2015",), {"survey-2015": "2-5,9"}, (("2017.1", "41,2"),))
    },
    calculations={
        "I05": (Calculation("pub_i05", "One row per <cell>.", "select a < b", "{{ a }} < b"),)
    },
)


@pytest.fixture(scope="module")
def around(release):
    files = site_files(release, [], AROUND)
    return {name.removeprefix("site/"): data.decode() for name, data in files.items()}


def test_changes_name_old_and_new_figure_and_the_cause(release, around):
    for code, decimal, cause in (("da", ",", "rettelse fra"), ("en", ".", "correction by the")):
        page = around[f"{code}/I05.html"]
        rows = [row for row in rows_of(page) if row[-1].startswith(cause)]
        assert len(rows) == 2
        assert [row[2:4] for row in rows] == [[f"41{decimal}2", f"43{decimal}8"]] * 2
        Outline(page)
    # a revised figure stands before one that is new
    new = replace(CHANGE, cell_id="I05.new", old="")
    first = site_files(release, [], replace(AROUND, changes=Changes("2017.1", (new, CHANGE))))
    rows = rows_of(first["site/da/I05.html"].decode())
    assert [row[2] for row in rows if row[-1].startswith("rettelse fra")] == ["41,2", ""]
    # what is gone has no explanation to link to
    assert around["da/I05.html"].count("#I05.gone") == 0
    assert "Ingen tal er ændret siden udgivelse 2017.1." in around["da/I03.html"]


def test_a_candidate_says_that_nobody_signed_it_and_a_release_its_version(release):
    page = page_of(release, "I03")
    assert "ikke underskrevet" in page
    assert "Dette er en kandidat" in page
    signed = replace(release, info=replace(release.info, version="2017.1"))
    page = page_of(signed, "I03", "en")
    assert "release 2017.1" in page
    assert "There is no earlier release to compare with." in page
    assert "not signed" not in page


def test_the_calendar_and_the_revisions_are_told(around):
    assert ">16-03-2027</span> kl. 9.00" in around["da/udgivelser.html"]
    assert ">16 Mar 2027</span> at 09:00" in around["en/releases.html"]
    row = next(row for row in rows_of(around["da/revisioner.html"]) if row[1] == "I05")
    assert row[3:] == ["41,2", "43,8"]
    assert "Der er ingen revisioner." not in around["da/revisioner.html"]


def test_the_calendar_says_what_has_become_of_each_release():
    as_of = datetime(2026, 11, 23, tzinfo=UTC)
    earlier, later = (datetime(year, 3, 16, 9, tzinfo=UTC) for year in (2026, 2027))

    def status(at, *, version="2017.2", is_expected=False):
        return CalendarEntry(version, "a", "b", at, is_expected).status("2017.2", as_of)

    assert status(later, is_expected=True) == "planned"
    assert status(earlier, is_expected=True) == "delayed"
    assert status(earlier) == "current"
    assert status(earlier, version="2017.1") == "published"


def test_revisions_stand_by_release_and_cause():
    first, second = (
        Revision(name, datetime(2027, 3, day, tzinfo=UTC), CHANGE)
        for name, day in (("2017.2", 16), ("2017.1", 2))
    )
    other = replace(CHANGE, cell_id="x", indicator_id="I01", cause_da="koden er rettet")
    two = [replace(first, change=replace(CHANGE, cell_id=c)) for c in "yz"]
    arranged = revisions_by_release([replace(first, change=other), *two, second], language("da"))
    assert [(r.release, r.figures, r.indicators) for r in arranged] == [
        ("2017.2", 3, 2),
        ("2017.1", 1, 1),
    ]
    # the cause of most figures first
    assert [(c.cause, len(c.changes)) for c in arranged[0].causes] == [
        (CHANGE.cause_da, 2),
        ("koden er rettet", 1),
    ]


def test_an_explanation_names_rows_earlier_values_and_the_sql(around):
    page = around["da/I05-forklaring-size.html"]
    row = re.search(rf'<tr id="{re.escape(CHANGE.cell_id)}">.*?</tr>', page)[0]
    cells = [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<t[hd]\b.*?</t[hd]>", row)]
    assert cells[-2].endswith("(rækker 2-5,9)")
    assert cells[-1] == "2017.1: 41,2"
    assert "2017.1: 41.2" in around["en/I05-explained-size.html"]
    assert "<code>select a &lt; b</code>" in around["da/I05-forklaring.html"]
