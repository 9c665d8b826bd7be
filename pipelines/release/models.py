"""The SQL behind an indicator: its published model and all it is made of, back to staging.

The SQL is what dbt made of each model, macros filled in; it is kept in a release as `models.json`,
so that an old figure is still explained by the SQL that made it. `chains` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ModelSql:
    """One model of the chain.

    Attributes:
        name: The model's name.
        layer: The schema its table is in.
        path: The file it is written in, from the dbt project on.
        description: What a row of it is.
        sql: The SQL that ran: macros, references and variables filled in.
        written: The SQL as it is written, with macros.
        tests: Names of the tests that look at it.
    """

    name: str
    layer: str
    path: str
    description: str
    sql: str
    written: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """An indicator's models, and hashes of what decides its figures.

    Attributes:
        indicator_id: The indicator.
        models: The models its figures are counted in, the published one first, staging last.
        lookups: Models that only give names and order to what was counted.
        code: Hash of the SQL of each of `models`, comments and line breaks left out.
        reference: Hash of each seed (reference data) that they read, as far as it is about the
            indicator.
        seeds: Names of all seeds in the chain, look-ups included.
    """

    indicator_id: str
    models: tuple[str, ...]
    lookups: tuple[str, ...]
    code: Mapping[str, str]
    reference: Mapping[str, str]
    seeds: tuple[str, ...]

    @property
    def all_models(self) -> tuple[str, ...]:
        """Every model of the chain, look-ups last."""
        return (*self.models, *self.lookups)


@dataclass(frozen=True)
class Models:
    """All chains, with each model once."""

    chains: Mapping[str, Chain]
    sql: Mapping[str, ModelSql]
    macros: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "chains": {key: asdict(chain) for key, chain in self.chains.items()},
            "models": {key: asdict(model) for key, model in self.sql.items()},
            "macros": dict(self.macros),
        }


def models_from(data: Any) -> Models:
    """Read what `Models.to_dict` gave."""
    lists = ("models", "lookups", "seeds")
    return Models(
        chains={
            key: Chain(**{**chain, **{name: tuple(chain[name]) for name in lists}})
            for key, chain in data["chains"].items()
        },
        sql={
            key: ModelSql(**{**m, "tests": tuple(m["tests"])}) for key, m in data["models"].items()
        },
        macros=data["macros"],
    )
