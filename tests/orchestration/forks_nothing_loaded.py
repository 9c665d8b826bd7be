"""Imported by the fork servers of tests: as a run's, with nothing loaded."""

from pipelines.orchestration import warm


def nothing(_: object) -> None:
    """In place of the seconds that loading takes."""


vars(warm)["load"] = nothing
warm.serve()
