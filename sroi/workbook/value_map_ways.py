"""Ways of working out a Value Map: ours, and each known convention or slip that leads a sheet elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi import reference
from sroi.formula import Array
from sroi.result import Result, evaluate
from sroi.schema import LONGEST_HORIZON
from sroi.service import Service
from sroi.workbook.value_map_rows import Sheet
from sroi.workbook.value_map_service import CONVENTION

_SHARES = ("deadweight", "displacement", "attribution")


@dataclass
class Way:
    """One way of working, with every figure that it comes to."""

    reason: str
    result: Result

    def __post_init__(self) -> None:
        service, result = self.result.service, self.result
        rows, years = len(service.outcomes), service.about.appraisal_years
        proxies = [result.values.get(o.proxy, service.parameters[o.proxy].value) for o in service.outcomes]
        impact = np.broadcast_to(result.line("impact"), (rows, 1, 1, 1)).reshape(rows)
        self.impact: Array = impact * np.array(proxies, float)
        self.by_row: Array = np.broadcast_to(result.line("value_in_year"), (rows, 1, years, 1)).reshape(rows, years)
        self.totals: Array = _by_year(result, "benefits_in_year")
        self.present: Array = _by_year(result, "discounted_benefits_in_year")
        self.factors: Array = _by_year(result, "standard_outcome_factor")
        self.single: dict[str, float | None] = {
            "impact": float(self.impact.sum()),
            "inputs": result.pv_inputs,
            "total_pv": result.pv_benefits,
            "npv": result.npsv,
            "ratio": result.sroi_ratio,
        }


def ways(service: Service, sheet: Sheet) -> Iterator[Way]:
    """Yield the ways of working: the first is ours, each of the others differs from it in one thing."""
    rate = sheet.summary.rate
    bundle = reference.conventions()[CONVENTION]
    flat: dict[str, Any] = {} if rate is None else {"schedule": f"flat:{rate!r}"}
    said = f" (at the sheet's {rate:.2%})" if rate not in (None, our_rate()) else ""

    def way(
        reason: str, values: dict[str, float] | None = None, years: int | None = None, **options: str | bool
    ) -> Way:
        convention = bundle.model_copy(update=options)
        return Way(reason, evaluate(service, values, convention=convention, appraisal_years=years))

    yield way("")
    if said:
        yield way(f"the sheet discounts at {rate:.2%}, {CONVENTION} at {our_rate():.2%}", **flat)
    yield way(f"year 1 is not discounted{said}", outcome_timing="start", **flat)
    yield way(f"each year is discounted at its middle{said}", outcome_timing="mid", **flat)
    yield way("nothing is discounted", schedule="flat:0")
    yield way("deadweight, displacement and attribution are added up, and not taken off in turn", deductions="additive")
    yield way("drop-off is taken off in the first year already", drop_off_in_first_year=True)
    for name in (*_SHARES, "drop_off"):
        yield way(f"{name.replace('_', '-')} is not taken off", _without(service, name))
    yield way("outcomes are counted without any deduction", _without(service, *_SHARES))
    yield from _ways_in_time(service, sheet, way)


def _by_year(result: Result, line: str) -> Array:
    years = result.service.about.appraisal_years
    return np.broadcast_to(result.line(line), (1, 1, years, 1)).reshape(years)


def our_rate() -> float:
    """Return the flat rate at which svi discounts."""
    return reference.schedule(reference.conventions()[CONVENTION].schedule).rate(1)


def _without(service: Service, *names: str) -> dict[str, float]:
    return {getattr(outcome, name): 0.0 for outcome in service.outcomes for name in names}


def _ways_in_time(service: Service, sheet: Sheet, way: Callable[..., Way]) -> Iterator[Way]:
    columns, horizon = len(sheet.headings.years), service.about.appraisal_years
    if 0 < columns < horizon:
        yield way(f"what falls after the sheet's last year column is left out ({columns} years)", years=columns)
    late = {o.onset_year: 0.0 for o in service.outcomes if o.onset_year and service.parameters[o.onset_year].value}
    if late:
        yield way("the outcome's start is not used: all begin in the first year column", late)
    longer = {
        o.benefit_period: value + 1
        for o in service.outcomes
        if o.onset_year not in late and o.benefit_period is not None
        if (value := service.parameters[o.benefit_period].value) is not None and value < LONGEST_HORIZON
    }
    if longer and horizon < LONGEST_HORIZON:
        reason = "the duration is counted after the period of activity, in which the outcome counts as well"
        yield way(reason, longer, years=horizon + 1)


def of_inputs(service: Service, repeated: dict[str, int], total: float) -> Iterator[tuple[str, float]]:
    """Yield what the inputs come to where one is left out, or counted more than once; all fall at t = 0."""
    amounts = {cost.amount: service.parameters[cost.amount].value or 0.0 for cost in service.costs}
    in_kind = [cost for cost in service.costs if cost.payment == "in_kind"]
    if len(in_kind) > 1:
        yield "inputs in kind are left out", total - sum(amounts[cost.amount] for cost in in_kind)
    for cost in service.costs:
        kind = "the input in kind" if cost.payment == "in_kind" else "the input"
        yield f"{kind} {cost.name!r} is left out", total - amounts[cost.amount]
    if repeated:
        more = sum(amounts[name] * (count - 1) for name, count in repeated.items())
        yield "an input that stands in several rows is counted in each", total + more
