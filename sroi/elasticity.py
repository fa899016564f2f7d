"""What rests on each number: by how much a result moves when the number alone is 1% larger."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sroi.breakdown import one_case
from sroi.errors import ServiceError
from sroi.reference import Convention
from sroi.result import Result, evaluate
from sroi.rules import possible_range
from sroi.schema import ASSUMPTION
from sroi.service import Service

STEP = 0.01
# So small a part of the largest is what rounding leaves; shares that are equal to so many digits are equal.
ROUNDING, DIGITS = 1e-9, 4
WEAK = ("D", "E", "F")
COLUMNS = ["label", "grade", "weak", "fixed", "elasticity", "npsv_per_percent", "share", "note"]
# Said of a number that is not moved, or to one side only.
ZERO = "It is 0, and 1% of nothing is nothing: what rests on it cannot be told this way."
WHOLE = "It is a whole number of years, which cannot be 1% more."
NARROW = "It can be neither larger nor smaller."
UPPER = "It is at its upper end: shown is what 1% less of it does, with the sign turned."
LOWER = "It is at its lower end: shown is what 1% more of it does, without 1% less."
UNDEFINED = "The result has no number when it moves by 1%."


class Case(NamedTuple):
    """One number moved to one side."""

    name: str
    factor: float


class Moved(NamedTuple):
    """What a case comes to; nan where the ratio is undefined."""

    ratio: float
    npsv: float


def elasticities(
    service: Service,
    values: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    convention: str | Path | Convention | None = None,
) -> pd.DataFrame:
    """Return how much of a result rests on each number of a service.

    Parameters
    ----------
    service : Service
    values : mapping of str to float, optional
        Parameters that differ from the file.
    scenario, convention : optional
        As for :func:`sroi.evaluate`.

    Returns
    -------
    DataFrame
        One row for each parameter, those on which most rests first. ``label``, ``grade`` (nothing for a value of one's
        own), ``weak`` (an assumption, graded D to F, or a value of one's own), ``fixed`` (the file says that it is a
        definition, a record or a decision and not uncertain), ``elasticity`` (by how many percent the SROI ratio rises
        when the number is 1% larger; nan where the ratio is undefined or 0), ``npsv_per_percent`` (by how much the net
        present social value does), ``share`` (the size of the one or the other as a share of the sum over all
        numbers), ``note`` (why there is none, or from one side only). ``attrs["result"]`` says on which of
        ``"sroi_ratio"`` and ``"npsv"`` ``share`` rests.

    Raises
    ------
    ServiceError
        With every fault of the request, or when it holds many cases.

    Notes
    -----
    Half the difference between 1% more and 1% less, all other numbers as they are. It says how much depends on a
    number, not how uncertain the number is: for that see :func:`sroi.one_way` and :func:`sroi.sobol_indices`.
    """
    return of_result(evaluate(service, values, scenario=scenario, convention=convention))


def of_result(result: Result) -> pd.DataFrame:
    """Return the elasticities of a result of one case, as :func:`elasticities` does."""
    one_case(result, "elasticities")
    notes = {name: _cannot_move(result, name) for name in result.service.parameters}
    sides = {name: _sides(result, name) for name, note in notes.items() if not note}
    found = _moved(result, [Case(name, factor) for name, factors in sides.items() for factor in factors])
    ratio = result.sroi_ratio or math.nan
    rows = {}
    for name, note in notes.items():
        less, more = (found.get(Case(name, factor)) for factor in (1 - STEP, 1 + STEP))
        elasticity = _per_step(ratio, less and less.ratio, more and more.ratio) / (STEP * ratio)
        rows[name] = {
            **_standing(result, name),
            "elasticity": elasticity,
            "npsv_per_percent": _per_step(result.npsv, less and less.npsv, more and more.npsv),
            "note": note
            or _one_sided(less, more)
            or (UNDEFINED if math.isnan(elasticity) and not math.isnan(ratio) else ""),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).rename_axis("name")
    key = "npsv" if math.isnan(ratio) else "sroi_ratio"
    for column in ("elasticity", "npsv_per_percent"):
        frame[column] = frame[column].mask(frame[column].abs() < ROUNDING * frame[column].abs().max(), 0.0)
    size = frame["npsv_per_percent" if key == "npsv" else "elasticity"].abs()
    frame["share"] = size / size.sum() if size.sum() else math.nan
    # What is equal but for the last digits, which differ from machine to machine, keeps the order of the file.
    frame = frame.iloc[np.argsort(-frame["share"].fillna(-1).round(DIGITS).to_numpy(float), kind="stable")]
    frame.attrs["result"] = key
    return frame


def _standing(result: Result, name: str) -> dict[str, Any]:
    parameter, own = result.service.parameters[name], name in result.values
    return {
        "label": parameter.label,
        "grade": "" if own else parameter.grade,
        "weak": own or parameter.grade in WEAK or parameter.source == ASSUMPTION,
        "fixed": not own and parameter.spread is not None and parameter.spread.shape == "fixed",
    }


def _stated(result: Result, name: str) -> tuple[float, ...]:
    """Return what a parameter holds in this case: one number, or one for each year."""
    return (float(result.values[name]),) if name in result.values else result.service.parameters[name].values


def _cannot_move(result: Result, name: str) -> str:
    service = result.service
    whole = {outcome.onset_year for outcome in service.outcomes} | {cost.start_year for cost in service.costs}
    if name in whole:
        return WHOLE
    if not any(_stated(result, name)):
        return ZERO
    return "" if _sides(result, name) else NARROW


def _sides(result: Result, name: str) -> list[float]:
    """Return the factors by which a number can be moved without leaving what it can be."""
    low, high = possible_range(result.service.parameters[name])
    factors = (1 - STEP, 1 + STEP)
    return [factor for factor in factors if all(low <= factor * value <= high for value in _stated(result, name))]


def _moved(result: Result, cases: Sequence[Case]) -> dict[Case, Moved]:
    """Return SROI ratio and net value of each case; those that a rule of the method refuses are left out."""
    by_year = {name for name, each in result.service.parameters.items() if each.by_year is not None}
    together = [case for case in cases if case.name in result.values or case.name not in by_year]
    try:
        found = _at_once(result, together)
    except ServiceError:
        # One case is refused, such as a cost that would outlast the horizon: see which.
        found, apart = {}, list(cases)
    else:
        apart = [case for case in cases if case not in found]
    for case in apart:
        try:
            moved = _scaled(result, case)
        except ServiceError:
            continue
        found[case] = Moved(math.nan if moved.sroi_ratio is None else moved.sroi_ratio, moved.npsv)
    return found


def _at_once(result: Result, cases: Sequence[Case]) -> dict[Case, Moved]:
    if not cases:
        return {}
    columns = {case.name: np.full(len(cases), _stated(result, case.name)[0]) for case in cases}
    for place, case in enumerate(cases):
        columns[case.name][place] *= case.factor
    moved = evaluate(result.service, {**result.values, **columns}, convention=result.convention)
    pairs = zip(moved.sroi_ratio.tolist(), moved.npsv.tolist(), strict=True)
    return {case: Moved(*pair) for case, pair in zip(cases, pairs, strict=True)}


def _scaled(result: Result, case: Case) -> Result:
    """Evaluate one case by itself; values by year are scaled in every year."""
    stated = tuple(case.factor * value for value in _stated(result, case.name))
    parameter = result.service.parameters[case.name]
    if case.name in result.values or parameter.by_year is None:
        return evaluate(result.service, {**result.values, case.name: stated[0]}, convention=result.convention)
    parameters = {**result.service.parameters, case.name: parameter.model_copy(update={"by_year": stated})}
    service = result.service.replace(parameters=parameters)
    return evaluate(service, dict(result.values), convention=result.convention)


def _per_step(own: float, less: float | None, more: float | None) -> float:
    """Return by how much a result rises when a number is 1% larger; ``None`` for a side to which it cannot move."""
    if less is not None and more is not None:
        return (more - less) / 2
    if more is not None:
        return more - own
    return math.nan if less is None else own - less


def _one_sided(less: Moved | None, more: Moved | None) -> str:
    if less is None and more is None:
        return UNDEFINED
    return "" if less and more else UPPER if less else LOWER
