"""What several commands take alike: the name of a source, and how its periods are written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import click

PERIOD_EXAMPLES: Mapping[str, str] = MappingProxyType({"year": "2016", "date": "2016-06-30"})
"""Kind of period to one of it."""

SOURCE_HELP = "The source's name; one that does not exist is answered with those that do."


class SourceName(click.ParamType[str]):
    """The name of a source; which there are is read only once a name is given."""

    name = "SOURCE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Take the name of a source that there is."""
        from pipelines.contracts.loader import source_names

        given, known = str(value), source_names()
        if given not in known:
            self.fail(
                f"there is no source {given!r}; the sources are {', '.join(known)}", param, ctx
            )
        return given
