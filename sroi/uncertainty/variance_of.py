"""How much of a result's variance each uncertain parameter accounts for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sroi.errors import Fault, ServiceError, shown
from sroi.formula import Array
from sroi.uncertainty import asked, variance
from sroi.uncertainty.simulation import Simulation

# Draws that contributions rest on at most.
MOST = 100_000
# Points of Sobol's indices, and at most, as powers of 2.
POINTS, MOST_POINTS = 4096, 20


def contributions(simulation: Simulation, result: str = "npsv") -> pd.DataFrame:
    """Return each parameter's contribution to the variance of a result, from the draws themselves.

    One row for each uncertain parameter, the largest first: ``label``, ``contribution`` (they sum to 1; nan where the
    result does not vary) and ``undefined``: how many draws have no number and are left out, the same in every row.

    Raises
    ------
    ServiceError
        When there is no such result, or no draw has a number.
    """
    asked.simulated(simulation, "contributions")
    service = simulation.central.service
    asked.known(service, result)
    drawn = simulation.parameters(MOST)
    output = simulation.column(result, MOST)
    undefined = int(np.isnan(output).sum())
    if undefined == output.size:
        raise ServiceError(service.id, [Fault(result, "has a number in no draw, so nothing contributes to it.")])
    found = variance.contributions(np.column_stack(list(drawn.values())), output) if drawn else np.zeros(0)
    columns = {"label": _labels(simulation), "contribution": found, "undefined": undefined}
    frame = pd.DataFrame(columns, index=pd.Index(drawn, name="name"))
    return frame.sort_values("contribution", ascending=False, kind="stable")


def sobol_indices(simulation: Simulation, result: str = "npsv", points: int = POINTS) -> pd.DataFrame:
    """Return Sobol's first-order and total indices of a result.

    Parameters
    ----------
    simulation : Simulation
        Without correlated parameters: their variances cannot be told apart.
    result : str
        One that has a number wherever the parameters may lie.
    points : int
        A power of 2; the result is worked out points times (parameters + 2) times.

    Returns
    -------
    DataFrame
        One row for each uncertain parameter, the largest total first: ``label``, ``first``, ``total``,
        ``first_error``, ``total_error`` (half-widths of 95% intervals); nan where the result does not vary.

    Raises
    ------
    ServiceError
        When the parameters are correlated, or the result has no number at some of the points.
    """
    asked.simulated(simulation, "sobol_indices")
    service = simulation.central.service
    asked.known(service, result)
    if not asked.whole(points, 2, 2**MOST_POINTS) or int(points).bit_count() != 1:
        rule = f"Write a power of 2 from 2 to {2**MOST_POINTS:,}, such as {POINTS:,}."
        raise ServiceError(service.id, [Fault("points", f"is {shown(points)}. {rule}")])
    if simulation.correlated:
        names = ", ".join(sorted({name for pair in simulation.correlated for name in pair}))
        rule = "Shares of variance are defined for independent parameters only."
        raise ServiceError(service.id, [Fault("sobol_indices", f"has correlated inputs: {names}. {rule}")])
    columns = ["label", "first", "total", "first_error", "total_error"]
    if not simulation.uncertain:
        return pd.DataFrame(columns=columns).rename_axis("name")

    def model(uniforms: Array) -> Array:
        return simulation.at(result, uniforms)

    try:
        found = variance.sobol(model, len(simulation.uncertain), points=int(points), seed=simulation.seed)
    except variance.Undefined as error:
        rule = "Shares of variance need a number at every point: ask for another result, such as 'npsv'."
        problem = f"has no number at {error.undefined:,} of {error.points:,} points. {rule}"
        raise ServiceError(service.id, [Fault(result, problem)]) from None
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
