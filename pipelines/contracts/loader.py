"""Read a source's contract from `pipelines/sources/<source>/` and the reference seeds.

The only place that knows the files' layout. Everything else sees `contracts.model`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.contracts.corrections import check_corrections, load_corrections
from pipelines.contracts.model import Code, CodeBook, CodeBookEntry, Field, Rule, Source, TitleFact
from pipelines.contracts.rule_kinds import expanded

SOURCES_DIR = Path(__file__).resolve().parents[1] / "sources"
SEEDS_DIR = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


def source_names(sources_dir: Path = SOURCES_DIR) -> tuple[str, ...]:
    """The names of all sources, in the order a run takes them."""
    names = [p.parent.name for p in sources_dir.glob("*/source.yml")]
    return tuple(sorted(names, key=lambda name: load_source(name, sources_dir).order))


@lru_cache(maxsize=32)
def load_source(name: str, sources_dir: Path = SOURCES_DIR, seeds_dir: Path = SEEDS_DIR) -> Source:
    """Load and check the contract of one source.

    Raises:
        KeyError: there is no such source.
        pydantic.ValidationError: a declaration contradicts another.
        CorrectionsError: its corrections do not fit it.
    """
    folder = sources_dir / name
    if not (folder / "source.yml").is_file():
        raise KeyError(f"no source {name!r} in {sources_dir}")
    declared: dict[str, Any] = yaml.safe_load((folder / "source.yml").read_text("utf-8"))
    seed_codelists: Mapping[str, Mapping[str, str]] = declared.pop("seed_codelists", {})
    codes = [_code(row) for row in _rows(folder / "codelists.csv")]
    for codelist, where in seed_codelists.items():
        codes.extend(_seed_codes(codelist, where, seeds_dir))
    source = Source(
        **{
            **declared,
            "title_facts": tuple(TitleFact(**fact) for fact in declared.get("title_facts", ())),
            "rules": tuple(Rule(**expanded(rule, declared["key"])) for rule in declared["rules"]),
            "fields": tuple(_field(row) for row in _rows(folder / "fields.csv")),
            "codes": tuple(codes),
            "corrections": load_corrections(folder),
        }
    )
    check_corrections(source, source.corrections)
    return source


def load_code_book(source: str, wave: str, sources_dir: Path = SOURCES_DIR) -> CodeBook | None:
    """The code book of a wave; None when nobody has made one yet (`monitor add-wave`)."""
    path = sources_dir / source / "codebooks" / f"{wave}.csv"
    return read_code_book(path, wave) if path.is_file() else None


def read_code_book(path: Path, wave: str) -> CodeBook:
    """Read a code book from a file.

    Raises:
        pydantic.ValidationError: a line contradicts another.
    """
    return code_book_of(wave, _rows(path))


def code_book_of(wave: str, rows: Iterable[Mapping[str, str]]) -> CodeBook:
    """A code book from its lines; columns that only a proposal has are passed over."""
    texts = [name for name in CodeBookEntry.model_fields if name != "series_break"]
    return CodeBook(
        wave=wave,
        entries=tuple(
            CodeBookEntry(
                **{name: row.get(name) or "" for name in texts},
                series_break=row["series_break"] == "true",
            )
            for row in rows
        ),
    )


def code_books(source: str, sources_dir: Path = SOURCES_DIR) -> tuple[CodeBook, ...]:
    """All code books of a source, oldest wave first."""
    waves = sorted(p.stem for p in (sources_dir / source / "codebooks").glob("*.csv"))
    return tuple(book for wave in waves if (book := load_code_book(source, wave, sources_dir)))


@lru_cache(maxsize=128)
def contract_fingerprint(
    source: str, period: str, sources_dir: Path = SOURCES_DIR, seeds_dir: Path = SEEDS_DIR
) -> str:
    """A hash of all that decides how a delivery of this source and period is read.

    A delivery loaded under another fingerprint is read again from the archive, so a mended
    contract or code book reaches what was delivered before.
    """
    digest = hashlib.sha256()
    folder = sources_dir / source
    declared = yaml.safe_load((folder / "source.yml").read_text("utf-8"))
    files = [folder / "source.yml", folder / "fields.csv", folder / "codelists.csv"]
    files.append(folder / "codebooks" / f"{period}.csv")
    seeds = [where["seed"] for where in declared.get("seed_codelists", {}).values()]
    files.extend(_seed_path(seed, seeds_dir) for seed in sorted(seeds))
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.is_file() else b"-")
    digest.update(load_corrections(folder).fingerprint(period).encode())
    return digest.hexdigest()[:16]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _field(row: Mapping[str, str]) -> Field:
    return Field(
        **{
            **row,
            "aliases": _split(row["aliases"]),
            "required": row["required"] == "true",
            "is_title_fact": row["is_title_fact"] == "true",
        }
    )


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        codelist=row["codelist"],
        code=row["code"],
        spellings=(*_split(row["spellings"]), row["label_da"], row["code"]),
        label_da=row["label_da"],
        label_en=row["label_en"],
        position=int(row["position"]),
    )


def _seed_codes(codelist: str, where: Mapping[str, str], seeds_dir: Path) -> Iterator[Code]:
    seen: set[str] = set()
    for position, row in enumerate(_rows(_seed_path(where["seed"], seeds_dir)), start=1):
        code = row[where["code"]]
        if code in seen:
            continue
        seen.add(code)
        yield Code(
            codelist=codelist,
            code=code,
            spellings=(
                row[where["label_da"]],
                code,
                *_split(where.get("also", "").format(label=row[where["label_da"]])),
            ),
            label_da=row[where["label_da"]],
            label_en=row[where["label_en"]],
            position=position,
        )


def _seed_path(seed: str, seeds_dir: Path) -> Path:
    found = sorted(seeds_dir.rglob(f"{seed}.csv"))
    if len(found) != 1:
        raise KeyError(f"seed {seed!r}: {len(found)} files below {seeds_dir}")
    return found[0]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
