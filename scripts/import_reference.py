"""Carry the official facts over into the register seeds: `import_reference.py FOLDER [SEEDS]`.

FOLDER holds the reference files as they were collected (Danish headers). Each seed is one function
that renames, sorts and adds the source; no figure is changed. Seeds that are the project's own work
(topics, labels, notes, the report's figures, the calendar) are edited by hand and not made here.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Row = dict[str, str]

SEEDS_DIR = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
CARRIED_OVER_ON = "2026-11-23"
STATISTICS_DENMARK = "Danmarks Statistik"
LIST_TYPES = {
    "udsatte_omraader": "vulnerable_area",
    "parallelsamfund": "parallel_society",
    "omdannelsesomraader": "transformation_area",
    "forebyggelsesomraader": "prevention_area",
}
LISTED_AREA_TYPES = {"ghettoområde": "ghetto_area"}
_POOL = re.compile(r"^(?P<pool>\d{4}(?:-\d{2})?)(?: \((?P<remark>.+)\))?$")
_REGULATION = re.compile(r"^(?P<date>\d{4}-\d{2}-\d{2})(?: \((?P<remark>.+)\))?$")


def municipalities(folder: Path) -> Iterator[Row]:
    """One row per municipality, by code."""
    for row in sorted(_rows(folder, "kommuner_98"), key=lambda row: row["kommune_kode"]):
        yield {
            "municipality_code": row["kommune_kode"],
            "municipality_name": row["kommune_navn"],
            "region": row["region"],
            "municipality_type": row["kommunegruppe"],
            "area_km2": row["areal_km2"],
            "population_2026": row["folketal_2026k1"],
            "source": STATISTICS_DENMARK,
            "retrieved_on": CARRIED_OVER_ON,
        }


def municipality_population(folder: Path) -> Iterator[Row]:
    """One row per municipality and year, by both."""
    counts = [
        (row["kommune_kode"], row["aar"], row["folketal_1jan"], "1 January")
        for row in _rows(folder, "kommune_folketal_2007_2023")
    ]
    counts += [
        (row["kommune_kode"], "2026", row["folketal_2026k1"], "first quarter")
        for row in _rows(folder, "kommuner_98")
    ]
    for code, year, population, moment in sorted(counts):
        yield {
            "municipality_code": code,
            "year": year,
            "population": population,
            "source": f"{STATISTICS_DENMARK}, {moment}",
        }


def municipality_crosswalk_2007(folder: Path) -> Iterator[Row]:
    """One row per present municipality and code that it, or a part of it, had before 2007."""
    rows = _rows(folder, "kommune_2007_crosswalk")
    for row in sorted(rows, key=lambda row: (row["kommune_kode_ny"], row["kommune_kode_gl"])):
        yield {
            "municipality_code": row["kommune_kode_ny"],
            "municipality_name": row["kommune_navn_ny"],
            "old_municipality_code": row["kommune_kode_gl"],
        }


def lbf_frames(folder: Path) -> Iterator[Row]:
    """One row per grant pool of the fund."""
    for row in _rows(folder, "lbf_rammer"):
        date, remark = _split(_REGULATION, row["regulativ_dato"])
        yield {
            "grant_pool": row["periode"],
            "frame_mio_kr_per_year": row["ramme_mio_kr_pr_aar"],
            "social_part_da": row["heraf_boligsocial_mio_kr_pr_aar"],
            "law_da": row["lov"],
            "regulation_on": date,
            "regulation_note_da": remark,
            "source": row["kilde"],
        }


def lbf_focus_areas(folder: Path) -> Iterator[Row]:
    """One row per grant pool and focus area, in the fund's order."""
    for row in _rows(folder, "lbf_indsatsomraader"):
        pool, remark = _split(_POOL, row["pulje"])
        yield {
            "grant_pool": pool,
            "focus_area": row["indsatsomraade"],
            "min_local_cofinancing_pct": row["min_lokal_medfinansiering_pct"],
            "note_da": remark,
            "source": row["kilde"],
        }


def listed_areas(folder: Path) -> Iterator[Row]:
    """One row per list and area."""
    rows = _rows(folder, "ghettoomraader_2017_2020")
    for row in sorted(rows, key=lambda row: (row["liste_dato"], row["kommune_kode"])):
        yield {
            "list_date": row["liste_dato"],
            "area_name": row["omraade"],
            "municipality_code": row["kommune_kode"],
            "municipality_name": row["kommune_navn"],
            "list_type": LISTED_AREA_TYPES[row["listetype"]],
            "list_type_da": row["listetype"],
            "source": f"the government's list of {row['liste_dato']}",
        }


def listed_area_counts(folder: Path) -> Iterator[Row]:
    """One row per year and kind of list that existed that year."""
    for row in _rows(folder, "bl_antal_omraader_2018_2023"):
        for column, list_type in LIST_TYPES.items():
            if row[column]:
                yield {
                    "year": row["aar"],
                    "list_type": list_type,
                    "areas": row[column],
                    "source": "BL – Danmarks Almene Boliger",
                }


def kle_topics(folder: Path) -> Iterator[Row]:
    """One row per subject: number and title. KLE's own key words stay with KLE."""
    for row in _rows(folder, "kle_03_10_03_11"):
        yield {
            "subject_number": row["emne_nr"],
            "subject_title_da": row["emne_titel"],
            "group_number": row["gruppe_nr"],
            "group_title_da": row["gruppe_titel"],
            "source": "KL Emnesystematik (KLE)",
        }


SEEDS: tuple[Callable[[Path], Iterator[Row]], ...] = (
    municipalities,
    municipality_population,
    municipality_crosswalk_2007,
    lbf_frames,
    lbf_focus_areas,
    listed_areas,
    listed_area_counts,
    kle_topics,
)


def import_all(folder: Path, seeds_dir: Path = SEEDS_DIR) -> list[Path]:
    """Write every register seed from the files of `folder`; the same input gives the same bytes."""
    return [_write(seeds_dir / f"{seed.__name__}.csv", seed(folder)) for seed in SEEDS]


def _rows(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """A value and the remark in brackets after it."""
    if not text:
        return "", ""
    match = pattern.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a value with a remark in brackets")
    value, remark = match.groups()
    return value, remark or ""


def _write(path: Path, rows: Iterable[Row]) -> Path:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return path


def main() -> None:
    """Read the two folders from the command line."""
    parser = argparse.ArgumentParser(description="Carry official facts over into the dbt seeds.")
    parser.add_argument("folder", type=Path, help="where the collected reference files are")
    parser.add_argument("seeds", type=Path, nargs="?", default=SEEDS_DIR)
    arguments = parser.parse_args()
    import_all(arguments.folder, arguments.seeds)


if __name__ == "__main__":
    main()
