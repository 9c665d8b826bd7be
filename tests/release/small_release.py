"""A release of a few cells, and all it is made of, without a warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from pipelines.publish.model import (
    Indicator,
    Note,
    Release,
    ReleasedCell,
    ReleaseInfo,
    SourceDelivery,
)
from pipelines.release.calendar import DANISH_TIME, Calendar, Planned
from pipelines.release.context import Context
from pipelines.release.lineage import DeliveredPart, DeliveryFacts, Lineage
from pipelines.release.material import CodeVersion, Material
from pipelines.release.models import Chain, Models, ModelSql
from pipelines.release.schedule import Correction
from pipelines.release.steps import Step

SURVEY_2016, SURVEY_2017, EXTRACT = "a" * 64, "b" * 64, "c" * 64
NEW_EXTRACT = "d" * 64
EMBARGO = datetime(2026, 11, 10, 9, 0, tzinfo=DANISH_TIME)
BEFORE, AFTER = datetime(2026, 11, 10, 7, 59, tzinfo=UTC), datetime(2026, 11, 10, 8, 0, tzinfo=UTC)
"""Nine o'clock in Copenhagen in winter is eight in UTC."""
FAR_AHEAD = datetime(2029, 11, 13, 9, 0, tzinfo=DANISH_TIME)
CALENDAR = Calendar(
    tuple(
        Planned(year, f"Monitor {year}", f"Monitor {year}", at)
        for year, at in ((2016, EMBARGO), (2017, EMBARGO), (2020, FAR_AHEAD))
    )
)
WRONG = Correction("Et beløb var talt to gange.", "An amount was counted twice.")


def cell(
    cell_id: str, count: float | None, base: float | None = 40.0, **other: object
) -> ReleasedCell:
    """A share; its id is indicator, period, breakdown, group, category and measure."""
    indicator, period, breakdown, group, category, measure = cell_id.split(".")
    is_shown = count is not None and base is not None
    value = 100 * count / base if is_shown and count is not None and base else None
    made = ReleasedCell(
        cell_id=cell_id,
        indicator_id=indicator,
        period=period,
        breakdown=breakdown,
        breakdown_value=group,
        category=category,
        measure=measure,
        unit="pct",
        numerator=count,
        base=base,
        value=value,
        decimals=1,
        obs_status="A",
        conf_status="F" if is_shown else "C",
        symbol="" if is_shown else "..",
        display_da=f"{value:.1f}".replace(".", ",") if value is not None else "..",
        note_ids="",
        is_confidential=indicator == "I03",
        is_synthetic=True,
        sort_order=1,
        **{
            f"{name}_{language}": word
            for language in ("da", "en")
            for name, word in (
                ("indicator_title", f"Titel {indicator}"),
                ("breakdown_label", breakdown),
                ("breakdown_value_label", group),
                ("category_label", category),
                ("measure_label", measure),
                ("unit_label", "procent"),
            )
        },
        sources_da="",
    )
    return replace(made, **other)


YES_2016, YES_2017 = "I03.2016.all.all.yes.share_pct", "I03.2017.all.all.yes.share_pct"
HIDDEN = "I03.2016.size.large.no.share_pct"
REGION = "I01.2016.region.Nordjylland.all.share_pct"


def cells(**counts: float) -> tuple[ReleasedCell, ...]:
    """The cells of the small release; a count may be another one."""
    return (
        cell(REGION, counts.get("region", 6.0), 11.0),
        cell(YES_2016, counts.get("yes_2016", 36.0)),
        cell(HIDDEN, None, None),
        cell(YES_2017, counts.get("yes_2017", 35.0)),
    )


def release_of(made: Iterable[ReleasedCell], *, definition: str = "Andel kommuner.") -> Release:
    indicators = tuple(
        Indicator(
            *(name, f"Titel {name}", f"Title {name}", definition, "Share."),
            *("pct", "Alle kommuner", "All", "survey", "2015", "CFBU", "confidential"),
            is_sensitive=False,
            report_lines="",
            position=place,
        )
        for place, name in enumerate(("I01", "I03"))
    )
    deliveries = tuple(
        SourceDelivery(
            delivery_id, source, source, "2016", f"{source}.csv", datetime(2026, 11, 1), True
        )
        for delivery_id, source in ((SURVEY_2016, "survey"), (EXTRACT, "driftsstoette"))
    )
    info = ReleaseInfo("2017-x", "0" * 64, True, 3, "0.1.0")
    return Release(info, tuple(made), indicators, (), (), deliveries)


def facts(delivery_id: str, source: str, period: str) -> DeliveryFacts:
    return DeliveryFacts(
        delivery_id=delivery_id,
        source=source,
        source_title_da={"survey": "Spørgeskema"}.get(source, "Udtræk"),
        source_title_en={"survey": "Survey"}.get(source, "Extract"),
        period=period,
        version=1,
        name=f"{source}_{period}.csv",
        received_at="2026-11-01T08:00:00+00:00",
        is_synthetic=True,
        is_confidential=source == "survey",
        rows_read=41,
        rows_accepted=41,
        rows_quarantined=0,
        contract_fingerprint="f1",
        files=(DeliveredPart(f"{source}_{period}.csv", delivery_id, 1000),),
        corrections=(),
    )


BEHIND: Mapping[str, tuple[str, ...]] = {
    REGION: (EXTRACT,),
    YES_2016: (SURVEY_2016,),
    HIDDEN: (SURVEY_2016, EXTRACT),
    YES_2017: (SURVEY_2017,),
}


def lineage(behind: Mapping[str, tuple[str, ...]] = BEHIND, said: str = "as sent") -> Lineage:
    """What is behind the cells; Hjørring's neighbours may say something else."""
    known = (
        facts(SURVEY_2016, "survey", "2016"),
        facts(SURVEY_2017, "survey", "2017"),
        facts(EXTRACT, "driftsstoette", "2016-06-30"),
        facts(NEW_EXTRACT, "driftsstoette", "2016-06-30"),
    )
    used = {delivery for ids in behind.values() for delivery in ids}
    by_row = {
        "all": {"all": "2-41"},
        "municipality_code": {"851": "2-5", "840": "9", "101": "10-41"},
        "is_active": {"all": "4-20"},
    }
    content = {
        "all": {"all": f"whole {said}"},
        "municipality_code": {"851": said, "840": "h2", "101": "h3"},
    }
    steps = (Step("stg_rows", 5, 3), Step("int_plans", 2))
    return Lineage(
        deliveries={each.delivery_id: each for each in known if each.delivery_id in used},
        cells=behind,
        rows={EXTRACT: by_row, NEW_EXTRACT: by_row},
        content={
            **{survey: {"all": {"all": survey[:4]}} for survey in (SURVEY_2016, SURVEY_2017)},
            EXTRACT: {**content, "municipality_code": {"851": "as sent", "840": "h2", "101": "h3"}},
            NEW_EXTRACT: content,
        },
        places={"region": {"Nordjylland": ("840", "851")}, "municipality_type": {}},
        steps={REGION: steps},
    )


def model(name: str, layer: str, sql: str) -> ModelSql:
    return ModelSql(
        name, layer, f"{name}.sql", "One row per row.", sql, "{{ raw }}", (f"t {name}",)
    )


def models(sql: str = "select 1", look: str = "select 9") -> Models:
    named = (
        model("stg_rows", "staging", sql),
        model("pub_i01", "published", "select 2"),
        model("pub_i03", "published", "select 3"),
        model("dim_label", "marts", look),
    )
    chains = {
        "I01": chain("I01", ("pub_i01", "stg_rows"), {"pub_i01": "c", "stg_rows": f"of {sql}"}),
        "I03": chain("I03", ("pub_i03",), {"pub_i03": "c"}),
    }
    return Models(chains, {each.name: each for each in named}, {"share": "100 * a / b"})


def chain(indicator_id: str, names: tuple[str, ...], code: Mapping[str, str]) -> Chain:
    return Chain(indicator_id, names, ("dim_label",), code, {"areas": "r"}, ("areas", "labels"))


def material(fresh: Release | None = None, **other: object) -> Material:
    made = Material(
        fresh=fresh or release_of(cells()),
        lineage=lineage(),
        models=models(),
        code=CodeVersion("0.1.0", "code-1", "l" * 64, {"duckdb": "1"}),
        ledger_head="e" * 64,
        build_fingerprint="b1",
        revised_note=Note("revised", "Revideret.", "Revised."),
    )
    return replace(made, **other)


def render(release: Release, context: Context) -> dict[str, bytes]:
    """Two files that follow from the release."""
    shown = "\n".join(f"{c.cell_id};{c.display_da}" for c in release.cells)
    return {"csv/alt.csv": shown.encode(), "site/index.html": release.info.version.encode()}
