"""`manifest.json`: what a release was made from, and what is in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pipelines.disclosure.status import FREE
from pipelines.durable import sha256_of
from pipelines.publish.model import Release
from pipelines.release.folder import SUMS, ReleaseFolder
from pipelines.release.lineage import Lineage
from pipelines.release.material import Material
from pipelines.release.schedule import Announcement


def manifest_of(
    release: Release,
    announced: Announcement,
    material: Material,
    lineage: Lineage,
    old: ReleaseFolder | None,
) -> dict[str, Any]:
    """Write down what follows from a release and all that it was made from: no clock, no machine.

    Args:
        release: Its content.
        announced: Its number, title and time, and of a correction the reason.
        material: What it was made from.
        lineage: What is behind its cells.
        old: The release before it.
    """
    return {
        "version": str(announced.version),
        "title_da": announced.title_da,
        "title_en": announced.title_en,
        "planned_at": announced.at.isoformat(),
        "correction": asdict(announced.correction) if announced.correction else None,
        "release_id": release.info.release_id,
        "is_synthetic": release.info.is_synthetic,
        "threshold": release.info.threshold,
        "code": asdict(material.code),
        "data": {
            "ledger_head": material.ledger_head,
            "build_fingerprint": material.build_fingerprint,
            "deliveries": [
                {
                    "delivery_id": each.delivery_id,
                    "source": each.source,
                    "period": each.period,
                    "version": each.version,
                    "contract_fingerprint": each.contract_fingerprint,
                    "corrections": list(each.corrections),
                    "files": [asdict(part) for part in each.files],
                }
                for _, each in sorted(lineage.deliveries.items())
            ],
        },
        "previous": None
        if old is None
        else {"version": str(old.version), "sha256sums": sha256_of(old.path / SUMS)},
        "periods": sorted({(c.indicator_id, c.period) for c in release.cells}),
        "counts": {
            "cells": len(release.cells),
            "suppressed": sum(c.conf_status != FREE for c in release.cells),
            "withheld_tables": len(release.withheld),
            "indicators": len(release.published_indicators()),
        },
    }
