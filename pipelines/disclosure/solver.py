"""HiGHS, through scipy: integer programs, solved without a word on standard output.

The solver's library writes a line of its own there now and then; whoever reads our output as JSON
would stumble over it. While it runs, what it writes goes to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

_STDOUT, _STDERR = 1, 2
_GAVE_UP = 1  # a limit of time or steps; scipy's other codes are answers


class SolverError(RuntimeError):
    """No answer: neither a number may be taken for safe, nor a choice for the best."""


def solve(
    objective: NDArray[np.float64],
    *,
    integrality: NDArray[np.int64],
    bounds: Bounds,
    constraints: Sequence[LinearConstraint],
) -> NDArray[np.float64] | None:
    """Return the numbers with the lowest objective; None if nothing fits, or nothing is lowest.

    Args:
        objective: What each number costs.
        integrality: 1 for each whole number.
        bounds: Within which they lie.
        constraints: What ties them together.

    Raises:
        SolverError: The solver gave up.
    """
    with _stdout_to_stderr():
        result = milp(
            objective,
            integrality=integrality,
            bounds=bounds,
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
    if result.status == _GAVE_UP:
        raise SolverError("the solver stopped before it had an answer")
    return None if result.x is None else np.asarray(result.x, dtype=np.float64)


@contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    sys.stdout.flush()
    kept = os.dup(_STDOUT)
    try:
        os.dup2(_STDERR, _STDOUT)
        yield
    finally:
        os.dup2(kept, _STDOUT)
        os.close(kept)
