"""Ask for results: ``evaluate`` checks what is asked and returns a ``Result`` with its tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from sroi import breakdown, explain, reference, tables
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.explain import Explanation
from sroi.figures import Figures
from sroi.formula import Array
from sroi.reference import Convention
from sroi.rules import value_problem
from sroi.schema import LONGEST_HORIZON, Parameter
from sroi.sentences import as_number
from sroi.service import Service

if TYPE_CHECKING:
    import pandas as pd


def evaluate(
    service: Service,
    values: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    convention: str | Path | Convention | None = None,
    appraisal_years: int | None = None,
) -> Result:
    """Evaluate a service.

    Parameters
    ----------
    service : Service
        From :func:`sroi.load`.
    values : mapping of str to float or array of shape (cases,), optional
        Parameters that differ from the file, each in its own unit and price year. Arrays of one length give a
        result with one entry for each case.
    scenario : str, optional
        A named set of changes of the service, applied before ``values``.
    convention : str, Path or Convention, optional
        The options under which to compute; the service's own when not given.
    appraisal_years : int, optional
        Another horizon: from the delivery years to 200, or to the length of values given by year.

    Raises
    ------
    ServiceError
        With every fault of the request, or the line that does not come out as a finite number.

    Notes
    -----
    What is computed is stated line by line in ``sroi/method/``, and printed by ``sroi method``.
    """
    given: object = values
    if given is not None and not isinstance(given, Mapping):
        rule = "Write a dictionary of names and numbers."
        raise ServiceError(service.id, [Fault("values", f"is {shown(given)}. {rule}")])
    asked: object = service
    if not isinstance(asked, Service):
        rule = "Load it first: sroi.evaluate(sroi.load('legal_advice'))."
        raise ServiceError("the request", [Fault("service", f"is {shown(asked)}. {rule}")])
    base = service if appraisal_years is None else _with_horizon(service, appraisal_years)
    applied = base.apply(scenario)
    name, bundle = reference.convention(convention if convention is not None else service.about.convention)
    result = Result(applied, _checked(applied, values or {}), scenario, name, bundle)
    result.base = base
    # What does not come out as a number is said here, not when somebody first looks.
    result.figure("npsv")
    return result


# numpy's letters for whole and floating-point numbers.
NUMERIC = "iuf"


def _with_horizon(service: Service, years: object) -> Service:
    about = service.about
    longest = min(
        (len(p.by_year) for p in service.parameters.values() if p.by_year is not None),
        default=LONGEST_HORIZON,
    )
    count = index(years) if isinstance(years, SupportsIndex) and not isinstance(years, bool) else -1
    if not about.delivery_years <= count <= longest:
        rule = f"Write a whole number from {about.delivery_years} (the delivery years) to {longest}."
        raise ServiceError(service.id, [Fault("appraisal_years", f"is {shown(years)}. {rule}")])
    return service.replace(about=about.model_copy(update={"appraisal_years": count}))


def _checked(service: Service, values: Mapping[str, Any]) -> dict[str, float | Array]:
    """Return values as floats and arrays of one length, or say everything that is wrong with them."""
    checked: dict[str, float | Array] = {}
    faults = []
    lengths: dict[int, str] = {}
    whole = {outcome.onset_year for outcome in service.outcomes} | {cost.start_year for cost in service.costs}
    for name, value in values.items():
        if name not in service.parameters:
            known = (
                "It is a line, which is calculated: change its parameters."
                if name in service.lines
                else nearest(str(name), service.parameters)
            )
            faults.append(Fault(f"values.{str(name)[:60]}", f"is not a parameter of this service. {known}"))
            continue
        number = _as_numbers(value)
        if number is None:
            hint = as_number(value) if isinstance(value, str) else "Write a number."
            problem: str | None = f"is {shown(value)}. {hint}"
        else:
            problem = _number_problem(service.parameters[name], number, whole=name in whole)
        if problem or number is None:
            faults.append(Fault(f"values.{name}", problem or ""))
            continue
        checked[name] = number
        if isinstance(number, np.ndarray):
            lengths[number.size] = name
    if len(lengths) > 1:
        said = ", ".join(f"{name} has {size}" for size, name in sorted(lengths.items()))
        faults.append(
            Fault(
                "values",
                f"are arrays of different lengths: {said}. Give every array the same number of cases.",
            )
        )
    if faults:
        raise ServiceError(service.id, faults)
    return checked


def _as_numbers(value: object) -> float | Array | None:
    """Return a number or an array of numbers as floating point, ``None`` for anything else."""
    if type(value) is float:
        return value
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if array.dtype.kind not in NUMERIC:
        return None
    return float(array) if array.ndim == 0 else array.astype(float)


def _number_problem(parameter: Parameter, number: float | Array, *, whole: bool) -> str | None:
    if isinstance(number, np.ndarray) and (number.ndim > 1 or number.size == 0):
        return f"is an array of shape {number.shape}. Write a number, or one array of shape (cases,)."
    low, high = (number, number) if isinstance(number, float) else (float(number.min()), float(number.max()))
    if not (math.isfinite(low) and math.isfinite(high)):
        return "holds a number that is not finite. Numbers are finite: write a number."
    problem = value_problem(parameter, low) or value_problem(parameter, high)
    if problem is None and whole and not np.equal(number, np.floor(number)).all():
        return "is not whole. Write a whole number of years, 0 for the same year."
    return problem


class Result(Figures):
    """What one service comes to, under one scenario and convention, with its tables.

    Every name in :data:`sroi.RESULTS` is an attribute: a float, ``None`` where it is undefined (``status``
    says why), or an array of shape (cases,) with nan where undefined. Money is at the service's price base.
    ``service`` is the service with its scenario, ``base`` without.
    """

    base: Service

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints: every result, its status, and what it was computed under."""
        return tables.as_dict(self)

    def summary(self) -> pd.DataFrame:
        """Return one row for each result: label, value, unit, written, status; of many cases the mean and ends."""
        return tables.summary(self)

    def cash_flow(self) -> pd.DataFrame:
        """Return one row for each year: benefits, costs and net, plain, discounted and to date."""
        return tables.cash_flow(self)

    def impact_map(self) -> pd.DataFrame:
        """Return one row for each outcome, from quantity to present value."""
        return tables.impact_map(self)

    def evidence(self) -> pd.DataFrame:
        """Return one row for each parameter: value, unit, source, locator, grade."""
        return tables.evidence(self)

    def bridge(self) -> pd.DataFrame:
        """Return the gross-to-net bridge: one row for each step, which sum to the present value of benefits."""
        return breakdown.bridge(self)

    def bridge_by(self, what: str) -> pd.DataFrame:
        """Return the bridge of each ``"bearer"``, ``"stakeholder"`` or ``"kind"``, one below the other."""
        return breakdown.bridge_by(self, what)

    def by(self, what: str) -> pd.DataFrame:
        """Return results by ``"bearer"``, ``"stakeholder"`` or ``"kind"``.

        ``per_pound`` is benefits for each unit of all inputs, so that the rows sum to the SROI ratio. For bearers
        also ``pv_costs``, ``pv_net`` (benefits less costs) and ``ratio`` (own benefits over own costs).
        """
        return breakdown.by(self, what)

    def non_monetised(self) -> pd.DataFrame:
        """Return the outcomes that carry no price."""
        return tables.non_monetised(self)

    def per_participant(self) -> pd.DataFrame:
        """Return money results for each participant and for each unit of inputs."""
        return tables.per_participant(self)

    def cases_frame(self) -> pd.DataFrame:
        """Return one row for each case: the values that vary, and every result."""
        return tables.cases(self)

    def explain(self, name: str) -> Explanation:
        """Return where a number comes from: its formula in words and what it rests on, down to the sources."""
        return explain.explain(self, name)

    def __repr__(self) -> str:
        figures = (
            ""
            if self.cases is not None
            else ", ".join(f"{row.Index} {row.written}" for row in self.summary().head(3).itertuples())
        )
        return f"<Result {tables.heading(self)}: {figures or f'{self.cases} cases'}>"

    def _repr_html_(self) -> str:
        return tables.html(self)
