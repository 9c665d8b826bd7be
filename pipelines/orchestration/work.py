"""Is there anything to do? What waits in the inbox, or why the live warehouse is behind.

Asked by the sensor every few seconds and by `monitor run` before anything heavy is imported; so no
Dagster here, and no delivery is read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pipelines.orchestration.layers import Layers


@dataclass(frozen=True)
class Work:
    """What there is to do, and a key that stands for exactly that."""

    key: str
    what: str
    is_delivery: bool


def work_to_do(layers: Layers) -> Work | None:
    """Look at the inbox, and whether the live warehouse is behind; None when nothing is to do."""
    items = layers.waiting()
    if items:
        digest = hashlib.sha256("\n".join(sorted(i.signature for i in items)).encode())
        names = ", ".join(f"{i.source} {i.period}" for i in items[:5])
        more = f" and {len(items) - 5} more" if len(items) > 5 else ""
        return Work(
            f"inbox-{digest.hexdigest()[:20]}", f"{len(items)} waiting: {names}{more}", True
        )
    reason = layers.build_reason()
    if reason is None:
        return None
    return Work(f"build-{layers.wanted_fingerprint()[:20]}", reason, False)
