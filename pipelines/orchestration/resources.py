"""The two resources of every run: the layers, and the lock of the one writer held for the run.

`layers` is passed about freely (sensors, read-only jobs). `writer` is the same layers under the
lock: what writes asks for it, so that a run that writes holds the kernel lock from its first step
to its last.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.orchestration.layers import Layers

WRITER_WAIT_SECONDS = 900.0
"""How long a run waits for the run before it; runs take seconds to minutes."""


def writer_of(layers: Layers, wait_seconds: float = WRITER_WAIT_SECONDS) -> dg.ResourceDefinition:
    """Make the resource that holds the writer lock while a run that asks for it goes on."""

    @contextmanager
    def hold(_: dg.InitResourceContext) -> Iterator[Layers]:
        with layers.writing(wait_seconds):
            yield layers

    return dg.ResourceDefinition(
        resource_fn=hold,
        description="The kernel lock of the one writer, held for the whole run",
    )
