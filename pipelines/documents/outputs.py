"""Everything that is generated: which file, from what. Writing it, and telling what is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType

from pipelines.documents.dictionary import dictionary
from pipelines.documents.environment_table import with_table
from pipelines.documents.guide import guide
from pipelines.documents.indicator_models import indicators_yaml
from pipelines.documents.raw_sources import raw_yaml
from pipelines.durable import write_replacing
from pipelines.intake.catalogue import catalogue
from pipelines.intake.rule_ids import REGISTER, registered, with_new_ids

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python -m pipelines.documents"


def _rule_ids() -> str:
    return with_new_ids(registered(), catalogue(), date.today())


OUTPUTS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        REGISTER.relative_to(ROOT).as_posix(): _rule_ids,
        "dbt_project/models/sources/raw.yml": raw_yaml,
        "dbt_project/models/published/_indicators.yml": indicators_yaml,
        "docs/dataordbog.md": partial(dictionary, "da"),
        "docs/data_dictionary.md": partial(dictionary, "en"),
        "docs/leveringsvejledning.md": partial(guide, "da"),
        "docs/delivery_guide.md": partial(guide, "en"),
        "docs/deployment.md": with_table,
    }
)


def stale(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Each generated file that is missing or says something else now, with what it should say."""
    for name, make in OUTPUTS.items():
        path, text = root / name, make()
        if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
            yield path, text


def write(root: Path = ROOT) -> list[Path]:
    """Write what is stale; what is not stays untouched."""
    written = []
    for path, text in stale(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_replacing(path, text.encode("utf-8"))
        written.append(path)
    return written
