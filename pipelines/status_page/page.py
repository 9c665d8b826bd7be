"""Writes the status page: two pages and their style sheet, in a folder beside the published one."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import pipelines.publish.site as site
from pipelines.durable import make_durable_dir, write_replacing
from pipelines.publish.language import CODES, Language, language
from pipelines.release.calendar import DANISH_TIME
from pipelines.settings import Settings
from pipelines.status_page.facts import Facts, gather

FILES = {"da": "index.html", "en": "en.html"}
_HERE = Path(__file__).parent
_STYLE = Path(site.__file__).with_name("templates") / "style.css"


def write_status_page(settings: Settings, now: datetime) -> Path:
    """Write the page of how things stand now; gives the Danish one."""
    folder = settings.data_dir / "status"
    make_durable_dir(folder)
    for name, data in status_files(gather(settings, now)).items():
        write_replacing(folder / name, data)
    return folder / FILES["da"]


def status_files(facts: Facts) -> dict[str, bytes]:
    """Make the files, by name: the same facts, the same bytes."""
    pages = {FILES[code]: _page(language(code), facts).encode() for code in CODES}
    return {"style.css": _STYLE.read_bytes(), **pages}


def _page(spoken: Language, facts: Facts) -> str:
    other = next(code for code in CODES if code != spoken.code)
    words = {key: said[spoken.code] for key, said in _texts().items()}

    def moment(at: datetime) -> str:
        here = at.astimezone(DANISH_TIME)
        return str(words["at"]).format(date=spoken.date(here.date()), time=spoken.time(here))

    return (
        _environment()
        .get_template("status.html.j2")
        .render(
            lang=spoken,
            t=words,
            site_title=spoken.texts["site_title"],
            other=other,
            twin=FILES[other],
            facts=facts,
            moment=moment,
        )
    )


@lru_cache
def _texts() -> dict[str, dict[str, str]]:
    declared: dict[str, dict[str, str]] = yaml.safe_load(
        (_HERE / "texts.yml").read_text(encoding="utf-8")
    )
    return declared


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
