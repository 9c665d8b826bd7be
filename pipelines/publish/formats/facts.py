"""What every format says about a release and an indicator: title, date, sources, licence, notes.

Words and dates only; how they are written down is the format's own business.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from pipelines.publish.language import DANISH, language
from pipelines.publish.model import CANDIDATE, Indicator, Release
from pipelines.publish.periods import IN_A_YEAR, ON_A_DATE, PeriodKind
from pipelines.publish.source_names import sources_text
from pipelines.publish.words import SYNTHETIC_MARK_DA

PUBLISHER = "Boligsocial Monitor"
SYNTHETIC_MARKS = {"da": SYNTHETIC_MARK_DA, "en": "SYNTHETIC DATA"}
LICENCE = {
    "da": "Må gengives frit med tydelig kildeangivelse: Boligsocial Monitor.",
    "en": "May be reproduced freely with a clear reference to the source: Boligsocial Monitor.",
}

_PROVISIONAL = "P"
_NO_DELIVERY = datetime(2015, 1, 1, tzinfo=UTC)
_KIND_PARTS = {ON_A_DATE: "_dato", IN_A_YEAR: "_aar"}
_SAFE_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class UnsafeNameError(ValueError):
    """An indicator's id cannot be the name of a file."""


def file_stem(release: Release, indicator_id: str, kind: PeriodKind | None = None) -> str:
    """Return the name of an indicator's files without ending; it tells of synthetic data.

    Args:
        release: The release.
        indicator_id: The indicator.
        kind: Of which kind the file's periods are, where there is a file for each.

    Raises:
        UnsafeNameError: The id has other characters than letters, digits, dash and underscore.
    """
    if not _SAFE_STEM.fullmatch(indicator_id):
        raise UnsafeNameError(f"The indicator id {indicator_id[:64]!r} cannot name a file.")
    part = _KIND_PARTS[kind] if kind else ""
    return f"{indicator_id}{part}{synthetic_suffix(is_synthetic(release, indicator_id))}"


def synthetic_suffix(is_made_up: bool) -> str:
    """Return what the names of files with synthetic data end on."""
    return "_syntetisk" if is_made_up else ""


def is_synthetic(release: Release, indicator_id: str) -> bool:
    """Whether any figure of the indicator rests on made-up deliveries."""
    return any(c.is_synthetic for c in release.cells_of(indicator_id))


def titles(
    release: Release, indicator: Indicator, kind: PeriodKind | None = None
) -> dict[str, str]:
    """Return the indicator's title by language, marked when its data are synthetic.

    Args:
        release: The release.
        indicator: The indicator.
        kind: Of which kind the periods are, where the indicator has both.
    """
    words = {"da": indicator.title_da, "en": indicator.title_en}
    if kind:
        words = {
            "da": f"{words['da']}, {kind.label_da}",
            "en": f"{words['en']}, {kind.label_en}",
        }
    made_up = is_synthetic(release, indicator.indicator_id)
    return {
        code: f"{indicator.indicator_id} {text}"
        + (f" ({SYNTHETIC_MARKS[code]})" if made_up else "")
        for code, text in words.items()
    }


def sources_of(release: Release, indicator_id: str, code: str) -> str:
    """Name what the indicator rests on, in a language."""
    return sources_text(release.cells_of(indicator_id), language(code))


def data_date(release: Release) -> datetime:
    """Return when the newest delivery behind the release came: the date of the files.

    Not the clock's: the same deliveries have to give the same bytes.
    """
    newest = max((d.received_at for d in release.deliveries), default=_NO_DELIVERY)
    return newest.replace(tzinfo=UTC, microsecond=0)


def latest_year(release: Release) -> str:
    """Return the latest year with final figures; amounts of years to come are provisional."""
    years = (c.period[:4] for c in release.cells if c.obs_status != _PROVISIONAL)
    return max(years, default="")


def edition(release: Release, code: str = DANISH) -> str:
    """Say which release it is: its version, and the id that follows from its content.

    Args:
        release: The release.
        code: Of which language, for what nobody signed has a word in place of a version.
    """
    version = release.info.version
    if version == CANDIDATE:
        version = language(code).text("unsigned")
    return f"{version} ({release.info.release_id})"


def note_texts(release: Release) -> dict[str, dict[str, str]]:
    """Return the text of each note by language."""
    return {n.note_id: {"da": n.text_da, "en": n.text_en} for n in release.notes}


def disclosure_rule(release: Release) -> dict[str, str]:
    """Say what is not shown, by language."""
    threshold = release.info.threshold
    return {
        "da": f"Fortrolige antal under {threshold} vises ikke. Det gælder også tal, som et skjult "
        "antal kunne beregnes ud fra.",
        "en": f"Confidential counts below {threshold} are not shown, nor figures from which a "
        "hidden count could be derived.",
    }
