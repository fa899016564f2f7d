"""What an investment in the relationship returns for each extent to which outcomes may depend on it.

And, for a service that states no such investment, how much better all outcomes together would have to be to repay one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sroi import printing, tables
from sroi.breakdown import one_case
from sroi.deep_value import ALWAYS, BOUNDS, NEVER, Lens, per_pound_of, views_of
from sroi.formula import Array
from sroi.result import Result, evaluate

# Points of a curve: enough for a smooth line.
POINTS = 101
TAKEN, TURNS = "Taken in this case", "Break-even"


def curve(lens: Lens) -> pd.DataFrame:
    """Return what each extra pound returns, gains of staff left out, for each extent that the dependence can have.

    Columns: ``dependence``, ``written``, ``per_pound`` (nan where it costs nothing more).
    """
    places = np.linspace(lens.dependence.low, lens.dependence.high, POINTS)
    written = [lens.written(float(place)) for place in places]
    return pd.DataFrame({"dependence": places, "written": written, "per_pound": _per_pound(lens, places)})


def marks(lens: Lens) -> pd.DataFrame:
    """Return what is marked on the curve: each finding with a number, the value in use, and the break-even.

    Columns: ``what`` (break-even, the value in use, or how the finding is meant), ``said``, ``dependence``,
    ``written``, ``per_pound``.
    """
    found: list[tuple[str, str, float]] = []
    if not isinstance(lens.break_even, str):
        found.append((TURNS, "From here on it pays back.", lens.break_even))
    found.append((TAKEN, "What this case takes, an assumption where no finding gives it.", lens.dependence.central))
    for finding in lens.relationship.evidence:
        if finding.value is not None:
            found.append((f"Evidence: {BOUNDS[finding.bound]}", finding.statement, finding.value))
    places = [place for *_, place in found]
    frame = pd.DataFrame(found, columns=["what", "said", "dependence"])
    frame["written"] = [lens.written(place) for place in places]
    frame["per_pound"] = _per_pound(lens, np.array(places))
    return frame


def _per_pound(lens: Lens, places: Array) -> list[float]:
    asked: dict[str, Any] = {"scenario": lens.result.scenario, "convention": lens.result.convention}
    given = {**lens.result.values, lens.relationship.dependence: places}
    views = views_of(lens.service, lens.relationship)
    after = evaluate(views["clients"], given, **asked)
    costs, benefits = (np.broadcast_to(each, places.shape) for each in (after.pv_costs, after.pv_benefits))
    if "before" in views:
        before = evaluate(views["before"], given, **asked)
        costs, benefits = costs - before.pv_costs, benefits - before.pv_benefits
    return [per_pound_of(float(cost), float(benefit)) for cost, benefit in zip(costs, benefits, strict=True)]


def turning(lens: Lens) -> str:
    """Say what follows from the break-even and the evidence, where evidence is silent that it is the answer."""
    known = [finding for finding in lens.relationship.evidence if finding.value is not None]
    if not lens.relationship.silent and known:
        return "Set the break-even beside what evidence supports: the further it lies below, the safer the investment."
    if lens.break_even == NEVER:
        return "Evidence is silent on how far outcomes depend on it; but at no extent would it pay back."
    if lens.break_even == ALWAYS:
        return "Evidence is silent on how far outcomes depend on it; but it pays back at every extent."
    return (
        "Where evidence is silent, break-even is the answer: ask whoever knows the service whether outcomes depend on"
        " the relationship at least so far."
    )


@dataclass(frozen=True)
class Rise:
    """How much better all priced outcomes together would have to be to repay a sum for each participant.

    Attributes
    ----------
    each, extra_costs : float
        The sum for each participant, and for all of them, as present values at the service's price base.
    participants : float
    rise : float or None
        As a share of the benefits; ``None`` where there are none, or harm.
    symbol : str
        Of the currency.
    """

    each: float
    extra_costs: float
    participants: float
    rise: float | None
    symbol: str

    def sentence(self) -> str:
        """Say it in two sentences."""
        each, total = (printing.money(amount, self.symbol) for amount in (self.each, self.extra_costs))
        people = printing.count(self.participants)
        what = f"{each} more a participant, for {people} participants, is {total} in all."
        what = f"{each} more for one participant." if self.participants == 1 else what
        if self.rise is None:
            return f"{what} No rise repays it: the service brings no benefit that could grow."
        share = f"{self.rise:.1%}".replace(".0%", "%") if self.rise < 1 else f"{self.rise:,.0%}"
        share = "less than 0.1%" if 0 < self.rise < 0.001 else share
        return f"{what} To repay it, every priced outcome alike would have to be {share} greater than it is here."


def rise_to_repay(result: Result, each: float) -> Rise | None:
    """Return how much better outcomes would have to be to repay a sum spent on each participant.

    Parameters
    ----------
    result : Result
        Of one case: its benefits are those that would rise, all alike, nothing else changing.
    each : float
        The sum for each participant, as a present value at the price base of the result.

    Returns
    -------
    Rise or None
        ``None`` where the service does not say how many participants it has.
    """
    one_case(result, "rise_to_repay")
    participants = result.participants
    if not participants or math.isnan(float(participants)):
        return None
    extra = each * float(participants)
    rise = extra / result.pv_benefits if result.pv_benefits > 0 else None
    return Rise(each, extra, float(participants), rise, tables.symbol_of(result))
