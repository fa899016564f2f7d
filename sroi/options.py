"""Options of a service against each other: what each costs and returns, what more buys, and which is worse throughout.

Dominance and the frontier are those of cost-effectiveness analysis, with the present value of benefits as the effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sroi.errors import Fault, ServiceError
from sroi.formula import Array
from sroi.service import Service
from sroi.uncertainty import Simulation, simulate
from sroi.uncertainty.spreads import PRESET
from sroi.uncertainty.summaries import PROBABILITIES

NOTHING, BASE = "do_nothing", "as_it_stands"
DRAWN = ("npsv", "pv_benefits", "pv_costs")
LIKELY = (PROBABILITIES["p5"], PROBABILITIES["p95"])
SILENT = "Not known: no evidence says what it adds, so that its figures are an assumption's"
# Totals this near to each other, as a share of the larger, are equal: what is left is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Standing:
    """How an option stands among the others.

    Attributes
    ----------
    beaten_by : tuple of str
        One option: it costs no more and returns no less. Two: a mix of them returns more. None: on the frontier.
    before : str, optional
        For an option on the frontier: the one before it, from which more is bought.
    """

    beaten_by: tuple[str, ...] = ()
    before: str | None = None

    def said(self, labels: Mapping[str, str]) -> str:
        """Say it in words."""
        match self.beaten_by:
            case [better]:
                return f"Dominated: {labels[better]} costs no more and returns no less"
            case [lesser, greater]:
                return f"Extendedly dominated: a mix of {labels[lesser]} and {labels[greater]} returns more"
            case _:
                return "On the frontier"


def views(service: Service) -> dict[str, Service]:
    """Return the service as it stands and as each option would run it, by id."""
    return {BASE: service} | {key: service.with_option(key) for key in service.options}


def compare_options(
    service: Service,
    values: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    convention: Any = None,
    draws: int = 10_000,
    seed: int = 1,
    preset: str | None = PRESET,
) -> pd.DataFrame:
    """Return what each option costs and returns, what it adds to the service as it stands, and how it stands.

    Parameters
    ----------
    service : Service
        With options.
    values, scenario, convention : optional
        As for :func:`sroi.evaluate`; what an option decides itself, it keeps.
    draws, seed, preset : optional
        As for :func:`sroi.simulate`. Every option sees the same draws, so that differences are those of the options.

    Returns
    -------
    DataFrame
        One row for doing nothing, for the service as it stands and for each option, with present values and NPSV in
        the service's currency. ``extra_...`` is over the service as it stands; ``step_...`` over the option before it
        on the frontier, empty for options off it. ``..._low`` and ``..._high`` are the 5th and 95th percentiles.
        ``extra_per_pound`` and ``step_per_pound`` are benefits for each unit of cost, empty where no more is
        spent. ``chance_best`` is the share of draws in which the option has the highest NPSV. ``standing`` says in
        words whether it is on the frontier. An investment in the relationship on whose return evidence is silent is not
        ranked, and ranks no other: its chance is nan. ``why`` is the option's own.

    Raises
    ------
    ServiceError
        When the service has no options, or the request has faults.
    """
    if not service.options:
        rule = "It has no options. Write one as a table [options.more_time] with label and why."
        raise ServiceError(service.id, [Fault("options", rule)])
    asked = {"scenario": scenario, "convention": convention, "draws": draws, "seed": seed, "preset": preset}
    runs = simulations(service, values, **asked)
    found = service.relationship
    silent = found.option if found is not None and found.silent else None
    named = {NOTHING: "Do nothing", BASE: "The service as it stands"}
    labels = named | {key: option.label for key, option in service.options.items()}
    central = {NOTHING: (0.0, 0.0)} | {key: (r.central.pv_costs, r.central.pv_benefits) for key, r in runs.items()}
    npsv = {NOTHING: np.zeros(draws)} | {key: run.column("npsv", draws) for key, run in runs.items()}
    # What nobody knows is not ranked, and ranks nothing else.
    known = [key for key in labels if key != silent]
    standing = frontier({key: central[key] for key in known})
    best = np.argmax(np.array([npsv[key] for key in known]), axis=0)
    rows = {
        key: {
            "label": label,
            **_own(central[key], npsv[key]),
            **_extra(central[key], central[BASE], npsv[key] - npsv[BASE]),
            **_step(central, key, standing.get(key, Standing())),
            "chance_best": float(np.mean(best == known.index(key))) if key in standing else math.nan,
            "standing": standing[key].said(labels) if key in standing else SILENT,
            "why": service.options[key].why if key in service.options else "",
        }
        for key, label in labels.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("option")


def simulations(service: Service, values: Mapping[str, Any] | None, **asked: Any) -> dict[str, Simulation]:
    """Simulate the service as it stands and under each option, each with the same draws."""
    return {
        key: simulate(view, values={} if values is None else _kept(service, key, values), results=DRAWN, **asked)
        for key, view in views(service).items()
    }


def _kept(service: Service, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those that an option decides itself."""
    decided = service.options[key].changes if key in service.options else {}
    return {name: value for name, value in values.items() if name not in decided}


def _own(central: tuple[float, float], npsv: Array) -> dict[str, float]:
    costs, benefits = central
    low, high = np.quantile(npsv, LIKELY)
    ratio = benefits / costs if costs > 0 else math.nan
    return {
        "pv_costs": costs,
        "pv_benefits": benefits,
        "npsv": benefits - costs,
        "npsv_low": float(low),
        "npsv_high": float(high),
        "sroi_ratio": ratio,
    }


def _extra(central: tuple[float, float], base: tuple[float, float], npsv: Array) -> dict[str, float]:
    costs, benefits = central[0] - base[0], central[1] - base[1]
    low, high = np.quantile(npsv, LIKELY)
    return {
        "extra_costs": costs,
        "extra_benefits": benefits,
        "extra_npsv": benefits - costs,
        "extra_npsv_low": float(low),
        "extra_npsv_high": float(high),
        "extra_per_pound": benefits / costs if costs > 0 else math.nan,
    }


def _step(central: Mapping[str, tuple[float, float]], key: str, standing: Standing) -> dict[str, Any]:
    if standing.before is None:
        return {"step_from": "", "step_costs": math.nan, "step_benefits": math.nan, "step_per_pound": math.nan}
    costs, benefits = (own - before for own, before in zip(central[key], central[standing.before], strict=True))
    each = benefits / costs if costs > 0 else math.nan
    return {"step_from": standing.before, "step_costs": costs, "step_benefits": benefits, "step_per_pound": each}


def frontier(central: Mapping[str, tuple[float, float]]) -> dict[str, Standing]:
    """Say how each option stands, given its costs and benefits at the central values.

    An option is dominated where another costs no more and returns no less, and extendedly dominated where a mix of two
    others would: where the next option on the frontier buys more for each unit of cost than it does.
    """
    found: dict[str, Standing] = {}
    for key in central:
        better = next((other for other in central if other != key and _dominates(central, other, key)), None)
        if better is not None:
            found[key] = Standing((better,))
    left = sorted((key for key in central if key not in found), key=lambda key: central[key])
    hull: list[str] = []
    for key in left:
        while len(hull) > 1 and _slope(central, hull[-2], hull[-1]) < _slope(central, hull[-1], key):
            passed = hull.pop()
            found[passed] = Standing((hull[-1], key))
        hull.append(key)
    for before, key in zip([None, *hull], hull, strict=False):
        found[key] = Standing(before=before)
    return {key: found[key] for key in central}


def _dominates(central: Mapping[str, tuple[float, float]], one: str, other: str) -> bool:
    (costs, benefits), (more, less) = central[one], central[other]
    if _equal(costs, more) and _equal(benefits, less):
        # Of two that come to the same, the first stands.
        order = list(central)
        return order.index(one) < order.index(other)
    return (costs <= more or _equal(costs, more)) and (benefits >= less or _equal(benefits, less))


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=ROUNDING)


def _slope(central: Mapping[str, tuple[float, float]], before: str, after: str) -> float:
    (costs, benefits), (more, greater) = central[before], central[after]
    return (greater - benefits) / (more - costs)
