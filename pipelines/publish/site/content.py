"""What the site shows beside the release itself, as plain records; whoever knows it fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from markupsafe import Markup


@dataclass(frozen=True)
class SiteFigure:
    """A drawn figure in one language and two widths.

    Attributes:
        figure_id: Id in links.
        indicator_id: The indicator it shows.
        language: Code of its language.
        title: Its title.
        finding: What it shows; the alternative text.
        wide: The drawing for wide screens and paper.
        narrow: The drawing for phones.
        files: Names of its files in the folder of figures, by format.
        is_on_start: Whether the start page shows it too.
    """

    figure_id: str
    indicator_id: str
    language: str
    title: str
    finding: str
    wide: Markup
    narrow: Markup
    files: Mapping[str, str]
    is_on_start: bool


CalendarStatus = Literal["published", "current", "planned", "delayed"]


@dataclass(frozen=True)
class CalendarEntry:
    """A release as it was announced; `at` is in Danish time.

    Attributes:
        version: Its number; one that is expected goes up by one if a correction comes before it.
        title_da: Danish title.
        title_en: English title.
        at: When it goes out.
        is_expected: Whether it is still to come.
        reason_da: Why it went out beside the calendar; empty for what was planned.
        reason_en: The same in English.
    """

    version: str
    title_da: str
    title_en: str
    at: datetime
    is_expected: bool = False
    reason_da: str = ""
    reason_en: str = ""

    def status(self, version: str, as_of: datetime) -> CalendarStatus:
        """What has become of it: the clock is not asked, for a page's bytes follow from its data.

        Args:
            version: The release whose page it is.
            as_of: When the newest of its data came.
        """
        if self.is_expected:
            return "delayed" if self.at < as_of else "planned"
        return "current" if self.version == version else "published"


@dataclass(frozen=True)
class Change:
    """A released figure that is another one than in the release before."""

    cell_id: str
    indicator_id: str
    what_da: str
    what_en: str
    period: str
    old: str
    new: str
    cause_da: str
    cause_en: str


@dataclass(frozen=True)
class Changes:
    """What differs from the release before; `previous` is its name."""

    previous: str
    cells: tuple[Change, ...]


@dataclass(frozen=True)
class Revision:
    """A change of a figure already published, with the reason if it was not planned."""

    release: str
    at: datetime
    change: Change
    reason_da: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class Trail:
    """Where one figure comes from.

    Attributes:
        deliveries: Ids of the deliveries behind it.
        rows: Row numbers in those whose rows may be named, by delivery, as `2-5,9`.
        earlier: What earlier releases showed: their versions, and the printed figure.
    """

    deliveries: tuple[str, ...]
    rows: Mapping[str, str]
    earlier: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Calculation:
    """One step of a calculation.

    Attributes:
        name: The model's name.
        description: What a row of it is.
        sql: The SQL that ran.
        written: The SQL as it is written, with macros.
        is_lookup: Whether it only gives names and order.
        tests: Names of the tests that looked at it when it was built, and held.
    """

    name: str
    description: str
    sql: str
    written: str
    is_lookup: bool = False
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """Everything the pages link to or tell of that is not in the release.

    Attributes:
        files: Size in bytes of every published file, by its path beside `site/`.
        calendar: The announced releases.
        revisions: The register of revisions, latest first.
        changes: What differs from the release before; None if there is none.
        trails: Where each figure comes from, by cell.
        calculations: The steps behind each indicator, the last one first.
    """

    files: Mapping[str, int] = field(default_factory=dict)
    calendar: tuple[CalendarEntry, ...] = ()
    revisions: tuple[Revision, ...] = ()
    changes: Changes | None = None
    trails: Mapping[str, Trail] = field(default_factory=dict)
    calculations: Mapping[str, tuple[Calculation, ...]] = field(default_factory=dict)
