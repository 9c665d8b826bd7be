"""Data Docs: the static site that shows every suite and what its last run found.

Great Expectations renders the expectations and results; the frame around them is ours
(`data_docs_templates`), since its own page fetches scripts, styles and fonts from a dozen hosts and
draws its index with them. Ours fetches nothing and needs no script.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from quality import engine
from quality.engine import build, context
from quality.kept import last_result
from quality.model import Suite

TEMPLATES = Path(__file__).with_name("data_docs_templates")
_DRAWN = "drawn.json"
"""What the pages beside it were drawn from."""
STATUS_DA = {
    "passed": "opfyldt",
    "warned": "opfyldt med advarsler",
    "failed": "brudt",
    "checker_error": "kontrollen kunne ikke køre",
    "not_run": "ikke kørt endnu",
}


def build_data_docs(result_dir: Path, site_dir: Path, suites: Iterable[Suite]) -> Path:
    """Build the site of `suites` from what `runner` kept in `result_dir`.

    The site is built beside `site_dir` and put in its place when complete. Pages of a suite are
    drawn anew only where its rules, its last result or the way of drawing are others than in the
    site that stands there; Great Expectations is not even imported when none are.

    Returns:
        The index page.
    """
    part = site_dir.with_name(site_dir.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    for folder in ("expectations", "validations"):
        (part / folder).mkdir(parents=True)
    shutil.copy(TEMPLATES / "style.css", part / "style.css")
    drawn, rows, keys = _drawn(site_dir), [], {}
    for suite in suites:
        result = last_result(result_dir, suite)
        key = keys[suite.name] = _page_key(suite, result)
        if drawn.get(suite.name) != key or not _take_over(site_dir, part, suite, result):
            _draw(part, suite, result)
        rows.append(_line(suite, result))
    (part / _DRAWN).write_text(json.dumps(keys), encoding="utf-8")
    index = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    html = index.get_template("monitor_index.j2").render(rows=rows)
    (part / "index.html").write_text(html, encoding="utf-8")
    shutil.rmtree(site_dir, ignore_errors=True)
    part.rename(site_dir)
    return site_dir / "index.html"


def _drawn(site_dir: Path) -> Mapping[str, str]:
    """What the pages of the site that stands were drawn from, by suite."""
    try:
        found: Mapping[str, str] = json.loads((site_dir / _DRAWN).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def _page_key(suite: Suite, result: Mapping[str, Any] | None) -> str:
    """Hash all that decides what the pages of a suite look like."""
    shown = [version("great_expectations"), asdict(suite), result]
    digest = hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode())
    for file in sorted((Path(__file__), Path(engine.__file__), *TEMPLATES.iterdir())):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _pages(suite: Suite, result: Mapping[str, Any] | None) -> Iterator[str]:
    yield f"expectations/{suite.name}.html"
    if result is not None and result["validation"] is not None:
        yield f"validations/{suite.name}.html"


def _take_over(old_site: Path, site: Path, suite: Suite, result: Mapping[str, Any] | None) -> bool:
    """Copy a suite's pages from the site that stands; False when one of them is gone."""
    pages = list(_pages(suite, result))
    if not all((old_site / page).is_file() for page in pages):
        return False
    for page in pages:
        shutil.copyfile(old_site / page, site / page)
    return True


def _draw(site: Path, suite: Suite, result: Mapping[str, Any] | None) -> None:
    """Write the pages of one suite."""
    context()
    from great_expectations.render.renderer import page_renderer

    of_suites: Any = page_renderer.ExpectationSuitePageRenderer()
    declared = of_suites.render(build(suite))
    page = site / "expectations" / f"{suite.name}.html"
    lead = "Hvad der skal gælde for tabellen. / What has to hold for the table."
    page.write_text(_render(declared, suite.title_da, lead), encoding="utf-8")

    validation = None if result is None else result["validation"]
    if validation is not None:
        of_results: Any = page_renderer.ValidationResultsPageRenderer(run_info_at_end=False)
        found = of_results.render(_revived(validation))
        page = site / "validations" / f"{suite.name}.html"
        lead = "Hvad den seneste kontrol fandt. / What the last check found."
        html = _render(found, suite.title_da, lead)
        page.write_text(html.replace("../../../../expectations/", "../expectations/"), "utf-8")


def _line(suite: Suite, result: Mapping[str, Any] | None) -> dict[str, Any]:
    """A suite's line of the index."""
    status = "not_run" if result is None else str(result["status"])
    broken = [] if result is None else result["failed"]
    return {
        "suite": suite.name,
        "title_da": suite.title_da,
        "table": suite.table,
        "status": status,
        "status_da": STATUS_DA[status],
        "rules": len(suite.rules),
        "broken": [
            one["description_da"] + (" (advarsel)" if one["severity"] == "warning" else "")
            for one in broken
        ],
        "error": None if result is None else result["error"],
        "has_page": result is not None and result["validation"] is not None,
        "checked_at": "" if result is None else result["checked_at"],
    }


def _render(document: Any, title: str, lead: str) -> str:
    return str(_view().render(document, template="monitor_page.j2", title=title, lead=lead))


@cache
def _view() -> Any:
    """One for all pages: every view compiles the templates anew, which takes longer than a page."""
    from great_expectations.render.view.view import DefaultJinjaPageView

    return DefaultJinjaPageView(custom_views_directory=str(TEMPLATES))


def _revived(validation: Mapping[str, Any]) -> Any:
    """The result object again that the runner wrote down."""
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResultSchema,
    )

    return ExpectationSuiteValidationResultSchema().load(validation)
