"""What every service of the library comes to, with its likely range: the base case, headline and cautious."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sroi import library
from sroi.service import Service
from sroi.uncertainty import Simulation, simulate

BASE = "base"
# The scenarios that stand beside the base case: what the strongest source claims, what later evidence supports.
BESIDE = ("headline", "cautious")
# As many as `sroi simulate` makes, so that both say the same.
DRAWS, SEED = 10_000, 1
RESULTS = ("sroi_ratio", "npsv")


def library_results(draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Return what every service of the library comes to, under its own convention.

    Parameters
    ----------
    draws, seed : int
        As for :func:`sroi.simulate`, with whose defaults the figures are those of ``sroi simulate``.

    Returns
    -------
    DataFrame
        One row for the base case of each service, and one for each scenario called ``headline`` or ``cautious``.
        Columns: ``id``, ``title``, ``field`` and ``currency`` of the service; ``case`` (``base``, ``headline`` or
        ``cautious``); ``changes``, how many parameters it changes, 0 where it is the base case by another name;
        ``sroi_ratio`` and ``npsv`` (in the currency, at the service's price base) at the central values, nan where
        undefined; ``sroi_ratio_low``, ``sroi_ratio_high``, ``npsv_low`` and ``npsv_high``, the 5th and 95th
        percentile of the draws in which they are defined; ``chance``, the share of draws that return more than they
        cost; ``says``, the ratio in words, and the net value where there is no ratio or the ratio is no guide.

    Raises
    ------
    ServiceError
        When a service cannot be read or drawn, or the request is at fault.
    """
    rows = [row for service in library.all_services() for row in _cases(service, draws, seed)]
    return pd.DataFrame(rows)


def _cases(service: Service, draws: int, seed: int) -> Iterator[dict[str, Any]]:
    about = {"id": service.id, "title": service.title, "field": service.about.field, "currency": service.about.currency}
    base = _figures(simulate(service, draws, seed, results=RESULTS))
    yield {**about, "case": BASE, "changes": 0, **base}
    for name in BESIDE:
        if name not in service.scenarios:
            continue
        changes = len(service.scenarios[name].changes)
        found = _figures(simulate(service, draws, seed, scenario=name, results=RESULTS)) if changes else base
        yield {**about, "case": name, "changes": changes, **found}


def _figures(simulation: Simulation) -> dict[str, Any]:
    table = simulation.summary()
    numbers = table[["central", "p5", "p95"]].astype(float).to_dict("index")
    figures: dict[str, Any] = {}
    for name in RESULTS:
        row = numbers[name]
        figures |= {name: row["central"], f"{name}_low": row["p5"], f"{name}_high": row["p95"]}
    return figures | {"chance": simulation.chance("npsv > 0"), "says": _says(simulation, table["written"])}


def _says(simulation: Simulation, written: pd.Series[str]) -> str:
    if simulation.central.sroi_ratio is not None and not simulation.no_guide:
        return written["sroi_ratio"]
    return f"{written['sroi_ratio']}; net value {written['npsv']}"
