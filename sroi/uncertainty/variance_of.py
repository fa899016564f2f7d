"""How much of a result's variance each uncertain parameter accounts for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sroi.errors import Fault, ServiceError
from sroi.formula import Array
from sroi.uncertainty import variance
from sroi.uncertainty.simulation import Simulation

# Draws that contributions rest on at most.
MOST = 100_000


def contributions(simulation: Simulation, result: str = "npsv") -> pd.DataFrame:
    """Return each parameter's contribution to the variance of a result, from the draws themselves.

    One row for each uncertain parameter, the largest first: ``label`` and ``contribution``, which sum to 1.
    """
    drawn = simulation.parameters(MOST)
    output = simulation.column(result, MOST)
    found = variance.contributions(np.column_stack(list(drawn.values())), output) if drawn else np.zeros(0)
    frame = pd.DataFrame({"label": _labels(simulation), "contribution": found}, index=pd.Index(drawn, name="name"))
    return frame.sort_values("contribution", ascending=False, kind="stable")


def sobol_indices(simulation: Simulation, result: str = "npsv", points: int = 4096) -> pd.DataFrame:
    """Return Sobol's first-order and total indices of a result.

    Parameters
    ----------
    simulation : Simulation
        Without correlated parameters: their variances cannot be told apart.
    result : str
    points : int
        A power of 2; the result is worked out points times (parameters + 2) times.

    Returns
    -------
    DataFrame
        One row for each uncertain parameter, the largest total first: ``label``, ``first``, ``total``,
        ``first_error``, ``total_error``.
    """
    if simulation.correlated:
        names = ", ".join(sorted({name for pair in simulation.correlated for name in pair}))
        rule = "Shares of variance are defined for independent parameters only."
        raise ServiceError(
            simulation.central.service.id, [Fault("sobol_indices", f"has correlated inputs: {names}. {rule}")]
        )
    columns = ["label", "first", "total", "first_error", "total_error"]
    if not simulation.uncertain:
        return pd.DataFrame(columns=columns).rename_axis("name")

    def model(uniforms: Array) -> Array:
        return simulation.at(result, uniforms)

    found = variance.sobol(model, len(simulation.uncertain), points=points, seed=simulation.seed)
    frame = pd.DataFrame(
        {
            "label": _labels(simulation),
            "first": found.first,
            "total": found.total,
            "first_error": found.first_error,
            "total_error": found.total_error,
        },
        index=pd.Index(list(simulation.uncertain), name="name"),
    )
    return frame.sort_values("total", ascending=False, kind="stable")


def _labels(simulation: Simulation) -> list[str]:
    return [simulation.central.service.parameters[name].label for name in simulation.uncertain]
