"""What to measure next: what knowing a parameter, or everything, would be worth to the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sroi import printing, tables
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.uncertainty import information
from sroi.uncertainty.simulation import Simulation

# Draws that the value of information rests on at most.
MOST = 100_000
NOTHING = "do nothing"


def net_benefits(simulations: Simulation | Mapping[str, Simulation]) -> tuple[list[str], Array]:
    """Return the options and their net benefit, shape (draws, options); to do nothing is the first and brings 0.

    Parameters
    ----------
    simulations : Simulation or mapping of str to Simulation
        One service: fund it or not. Several options of one decision: the same seed, method and number of draws, so
        that a parameter that they share is drawn alike.
    """
    options = {"fund it": simulations} if isinstance(simulations, Simulation) else dict(simulations)
    first = next(iter(options.values()))
    terms = {(each.seed, each.method, each.draws_made) for each in options.values()}
    if len(terms) > 1:
        rule = "Simulate every option with one seed, method and number of draws."
        raise ServiceError(first.central.service.id, [Fault("options", f"were drawn differently. {rule}")])
    columns = [each.column("npsv", MOST) for each in options.values()]
    return [NOTHING, *options], np.column_stack([np.zeros(columns[0].size), *columns])


def perfect_information(simulations: Simulation | Mapping[str, Simulation], decisions: float = 1) -> pd.Series[float]:
    """Return the expected value of perfect information: what it would be worth to know everything.

    Returns
    -------
    Series
        ``chosen`` (the option that is best on average), ``value`` for each decision, ``standard_error``,
        ``all_decisions`` (value times ``decisions``), ``chance_wrong`` (the share of draws in which another option
        would have been best).
    """
    options, benefits = net_benefits(simulations)
    found = information.evpi(benefits)
    return pd.Series(
        {
            "chosen": options[found.chosen],
            "value": found.value,
            "standard_error": found.standard_error,
            "all_decisions": found.value * decisions,
            "chance_wrong": found.chance_wrong,
        }
    )


def parameter_information(
    simulations: Simulation | Mapping[str, Simulation],
    groups: Mapping[str, Sequence[str]] | None = None,
    decisions: float = 1,
) -> pd.DataFrame:
    """Return what it would be worth to know each parameter, or each group, the most valuable first.

    Parameters
    ----------
    simulations
        As for :func:`net_benefits`.
    groups : mapping of str to sequence of str, optional
        Parameters that one study would measure together; each parameter by itself when not given.
    decisions : float
        In how many decisions the answer would be used.

    Returns
    -------
    DataFrame
        One row for each: ``label``, ``value`` for each decision, ``standard_error``, ``all_decisions``,
        ``chance_changes`` (the share of cases in which the decision would change), ``says``.
    """
    options = {"fund it": simulations} if isinstance(simulations, Simulation) else dict(simulations)
    _, benefits = net_benefits(options)
    first = next(iter(options.values()))
    drawn = {name: array for each in options.values() for name, array in each.parameters(benefits.shape[0]).items()}
    chosen = {name: [name] for name in drawn} if groups is None else {key: list(names) for key, names in groups.items()}
    _check_groups(first, chosen, drawn)
    parameters, symbol = first.central.service.parameters, tables.symbol_of(first.central)
    rows = {}
    for key, names in chosen.items():
        found = information.evppi(np.column_stack([drawn[name] for name in names]), benefits)
        label = parameters[key].label if groups is None else key
        rows[key] = {
            "label": label,
            "value": found.value,
            "standard_error": found.standard_error,
            "all_decisions": found.value * decisions,
            "chance_changes": found.chance_changes,
            "says": says(label, found.value, found.standard_error, found.chance_changes, symbol),
        }
    columns = ["label", "value", "standard_error", "all_decisions", "chance_changes", "says"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")
    return frame.sort_values("value", ascending=False, kind="stable")


def says(label: str, value: float, error: float, changes: float, symbol: str) -> str:
    """Say what measuring something is worth, to no more figures than are known."""
    if value <= 2 * error:
        return f"Measuring “{label}” would be worth nothing that these draws can show: the decision stays as it is."
    worth = printing.to_figures(value, symbol)
    changed = f"it would change the decision in {printing.chance(changes)} of cases"
    return f"Measuring “{label}” is worth up to {worth} a decision; {changed}."


def _check_groups(first: Simulation, groups: Mapping[str, Sequence[str]], drawn: Mapping[str, Array]) -> None:
    faults = []
    for key, names in groups.items():
        if not names:
            faults.append(Fault(f"groups.{key}", "names no parameter. Write at least one."))
        for name in names:
            if name not in drawn:
                problem = f"holds {shown(name)}, which is not an uncertain parameter. {nearest(name, drawn)}"
                faults.append(Fault(f"groups.{key}", problem))
    if faults:
        raise ServiceError(first.central.service.id, faults)
