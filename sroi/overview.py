"""What every service of the library comes to, with its likely range: the base case, headline and cautious."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sroi import library
from sroi.evidence import HALF, evidence_rows, standing, this_year
from sroi.result import evaluate
from sroi.service import Service
from sroi.uncertainty import Simulation, simulate

BASE = "base"
# The scenarios that stand beside the base case: what the strongest source claims, what later evidence supports.
BESIDE = ("headline", "cautious")
# As many as `sroi simulate` makes, so that both say the same.
DRAWS, SEED = 10_000, 1
RESULTS = ("sroi_ratio", "npsv", "pv_costs", "pv_benefits")
# Where more than half of a result rests on weak numbers, it rests mostly on these.
STRONGER, WEAKER = "Mostly grades A to C", "Mostly grades D to F"


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
        ``sroi_ratio``, ``npsv``, ``pv_costs`` and ``pv_benefits`` (amounts in the currency, at the service's price
        base) at the central values, nan where undefined; each of them with ``_low`` and ``_high``, the 5th and 95th
        percentile of the draws in which it is defined; ``chance``, the share of draws that return more than they
        cost; ``says``, the ratio in words, and the net value where there is no ratio or the ratio is no guide;
        ``costs`` and ``returns``, what is spent and what it brings in words.

    Raises
    ------
    ServiceError
        When a service cannot be read or drawn, or the request is at fault.
    """
    rows = [row for service in library.all_services() for row in cases_of(service, draws, seed)]
    return pd.DataFrame(rows)


def cases_of(service: Service, draws: int = DRAWS, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Yield the rows of :func:`library_results` that are of one service, whether or not the library has it."""
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
    written = table["written"]
    words = {"says": _says(simulation, written), "costs": written["pv_costs"], "returns": written["pv_benefits"]}
    return figures | {"chance": simulation.chance("npsv > 0"), **words}


def evidence_of(service: Service) -> dict[str, Any]:
    """Return how strong the evidence is on which the base case of a service rests.

    Parameters
    ----------
    service : Service

    Returns
    -------
    dict
        ``on_weak``, the share of the result that rests on numbers graded D to F, as on the evidence page;
        ``strength``, :data:`STRONGER` or :data:`WEAKER`; ``says``, the same in words.
    """
    found = standing(evidence_rows(evaluate(service), this_year()))
    strength = WEAKER if found.on_weak > HALF else STRONGER
    said = f"{found.on_weak:.0%} of the result rests on numbers graded D to F"
    if found.on_weak_fixed:
        said += f"; {found.on_weak_fixed:.0%} on the definitions, records and decisions among them"
    return {"on_weak": found.on_weak, "strength": strength, "says": f"{said}."}


def _says(simulation: Simulation, written: pd.Series[str]) -> str:
    if simulation.central.sroi_ratio is not None and not simulation.no_guide:
        return written["sroi_ratio"]
    return f"{written['sroi_ratio']}; net value {written['npsv']}"
