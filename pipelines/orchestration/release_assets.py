"""Assets after the checks: the warehouse goes live, cells are released, tables and page written.

Each waits for the blocking checks of the one before, so a failure leaves what is live as it was.
"""

import time
from collections.abc import Collection
from typing import Any

import dagster as dg

from pipelines.orchestration.layers import Layers
from pipelines.orchestration.links import document_links, source_code
from pipelines.orchestration.table_metadata import describe

WAREHOUSE = dg.AssetKey(["warehouse", "monitor"])
RELEASED_CELLS = dg.AssetKey(["publish", "released_cells"])
TABLES_AND_PAGE = dg.AssetKey(["publish", "tables_and_page"])


def release_assets(built: Collection[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """Make the three assets.

    Args:
        built: The tables that must stand, checked, in the build copy before it goes live.
    """

    @dg.asset(
        key=WAREHOUSE,
        deps=sorted(built, key=str),
        group_name="warehouse",
        metadata={**document_links("warehouse"), **source_code("pipelines/warehouse/store.py")},
        owners=["team:data"],
        kinds={"duckdb"},
        tags={"layer": "warehouse"},
        description=(
            "One file, `monitor.duckdb`: the warehouse that analysts open read-only. Swapped in "
            "whole when everything in the build copy has been built and checked."
        ),
    )
    def promote(writer: dg.ResourceParam[Layers]) -> dg.MaterializeResult[Any]:
        started = time.perf_counter()
        writer.promote()
        path = writer.settings.live_path
        return dg.MaterializeResult(
            metadata={
                "bytes": path.stat().st_size,
                "file": path.name,
                "seconds": round(time.perf_counter() - started, 3),
            }
        )

    @dg.asset(
        key=RELEASED_CELLS,
        deps=[WAREHOUSE],
        group_name="publish",
        metadata={**document_links("publish"), **source_code("pipelines/disclosure/protect.py")},
        owners=["team:publishing"],
        kinds={"duckdb"},
        tags={"layer": "released"},
        description=(
            "One row per published cell after disclosure control, in `publish.duckdb`: all that "
            "the workbooks, the page and Evidence ever see."
        ),
    )
    def released_cells(writer: dg.ResourceParam[Layers]) -> dg.MaterializeResult[Any]:
        started = time.perf_counter()
        writer.release_cells()
        seconds = round(time.perf_counter() - started, 3)
        facts = describe(writer.settings.publish_path, [("main", "released_cells")])
        found = facts.get(("main", "released_cells"))
        return dg.MaterializeResult(
            metadata={"seconds": seconds, **(found.metadata() if found else {})}
        )

    @dg.asset(
        key=TABLES_AND_PAGE,
        deps=[RELEASED_CELLS],
        group_name="publish",
        metadata={**document_links("publish"), **source_code("pipelines/publish/service.py")},
        owners=["team:publishing"],
        kinds={"excel", "csv", "html"},
        tags={"layer": "released"},
        description=(
            "One sheet and one CSV file per indicator table, and the page with figures; "
            "in `published/`, in Danish."
        ),
    )
    def tables_and_page(writer: dg.ResourceParam[Layers]) -> dg.MaterializeResult[Any]:
        started = time.perf_counter()
        writer.publish_files()
        seconds = round(time.perf_counter() - started, 3)
        files = [p for p in writer.settings.published_dir.rglob("*") if p.is_file()]
        return dg.MaterializeResult(
            metadata={
                "files": len(files),
                "bytes": sum(p.stat().st_size for p in files),
                "page": "site/index.html",
                "seconds": seconds,
            }
        )

    return [promote, released_cells, tables_and_page]
