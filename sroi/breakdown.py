"""Where value falls: from gross to net, and by bearer, stakeholder and kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sroi.errors import Fault, ServiceError, shown
from sroi.figures import Figures
from sroi.formula import Array, apply
from sroi.method import BRIDGE_STEPS
from sroi.schema import Outcome

_KIND_LABELS = {"fiscal": "Public purse", "economic": "Economy", "social": "Society"}
_DEDUCTION_STEPS = ("deadweight", "displacement", "attribution")


def one_case(figures: Figures, table: str) -> None:
    """Refuse a table of one case for a result that holds many."""
    if figures.cases is not None:
        raise ServiceError(figures.service.id, [Fault(table, "is a table of one case. Evaluate that case by itself.")])


def rows_of(figures: Figures, line: str) -> Array:
    """Return a line of each outcome or cost as shape (rows,)."""
    array = figures.line_or_setting(line)
    return array.reshape(array.shape[0], -1)[:, 0] if array.size else np.zeros(0)


def bridge(figures: Figures) -> pd.DataFrame:
    """Return the steps from gross value to the present value of benefits, for the service as a whole.

    ``value`` is what each step adds (the first is the gross value) and ``total`` where it leads to.
    """
    one_case(figures, "bridge")
    return _bridge(figures, [1.0] * len(figures.service.outcomes))


def bridge_by(figures: Figures, what: str) -> pd.DataFrame:
    """Return the bridge of each bearer, stakeholder or kind, transfers on the side of those who gain, stacked."""
    one_case(figures, "bridge")
    frames = []
    for key, label in _members(figures, what).items():
        shares = [float(getattr(outcome, what) == key) for outcome in figures.service.outcomes]
        if any(shares):
            frame = _bridge(figures, shares)
            frame.insert(0, "label_of", label)
            frame.insert(0, what, key)
            frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def bridge_of(figures: Figures, outcome: str) -> pd.DataFrame:
    """Return the bridge of one outcome by its id, a transfer as its bearer has it: the last step is left out."""
    one_case(figures, "bridge")
    frame = _bridge(figures, [float(each.id == outcome) for each in figures.service.outcomes])
    return frame[frame["step"] != BRIDGE_STEPS[-1][0]].reset_index(drop=True)


def _bridge(figures: Figures, shares: list[float]) -> pd.DataFrame:
    additive = figures.convention.deductions == "additive"
    rows: list[dict[str, Any]] = []
    before = 0.0
    for step, label, line in BRIDGE_STEPS:
        if additive and step in _DEDUCTION_STEPS[:-1]:
            continue
        total = float(np.dot(rows_of(figures, line), shares))
        if additive and step == _DEDUCTION_STEPS[-1]:
            step, label = "deductions", "Deadweight, displacement, attribution, added"
        # Where only rounding is left of two totals, nothing was taken off.
        value = float(apply("difference", (total, before))) if rows else total
        rows.append({"step": step, "label": label, "value": value, "total": total})
        before = total
    return pd.DataFrame(rows)


def _members(figures: Figures, what: str) -> dict[str, str]:
    service = figures.service
    match what:
        case "bearer":
            return {key: bearer.label for key, bearer in service.bearers.items()}
        case "stakeholder":
            known = {key: stakeholder.label for key, stakeholder in service.stakeholders.items()}
            others = [outcome.counterpart for outcome in service.outcomes if outcome.counterpart]
            return known | {key: service.bearers[key].label for key in others if key not in known}
        case "kind":
            return _KIND_LABELS
    rule = "Write 'bearer', 'stakeholder' or 'kind'."
    raise ServiceError(service.id, [Fault("by", f"is {shown(what)}. {rule}")])


def by(figures: Figures, what: str) -> pd.DataFrame:
    """Return results for each bearer, stakeholder or kind; the two sides of a transfer stand with their owners.

    Columns: ``id``, ``label``, ``pv_benefits``, ``per_pound`` (benefits for each unit of all inputs: they sum to
    the SROI ratio), ``pv_fiscal_savings``, ``pv_cashable_savings``; for bearers also ``pv_costs``, ``pv_net``,
    ``pv_public_cost``, ``net_budget_impact`` and ``ratio`` (own benefits over own costs, nan without costs).
    """
    one_case(figures, "by")
    members = _members(figures, what)
    sums = _sides(figures).groupby(what).sum(numeric_only=True)
    frame = pd.DataFrame({"label": members}).rename_axis("id").join(sums).fillna(0.0)
    inputs = figures.pv_inputs
    frame["per_pound"] = frame["pv_benefits"] / inputs if inputs else np.nan
    return (_with_costs(figures, frame) if what == "bearer" else frame).reset_index()


def parts_by(figures: Figures, what: str) -> pd.DataFrame:
    """Return what the benefits of each bearer, stakeholder or kind are made of, largest first.

    Columns: ``label`` of the member, ``outcome`` and ``pv_benefits``; what comes to nothing is left out.
    """
    one_case(figures, "by")
    members = _members(figures, what)
    sides = _sides(figures)
    frame = sides.assign(label=sides[what].map(members))[["label", "outcome", "pv_benefits"]]
    moving = frame[frame["pv_benefits"] != 0]
    return moving.sort_values(["label", "pv_benefits"], ascending=[True, False]).reset_index(drop=True)


def _public(figures: Figures) -> set[str]:
    return {key for key, bearer in figures.service.bearers.items() if bearer.public}


def sides_are_fiscal(figures: Figures, outcome: Outcome) -> tuple[float, float, str]:
    """Return whether each side of an outcome is a public saving (1) or not (0), and the other side's kind."""
    public = _public(figures)
    own = float(outcome.bearer in public and (outcome.transfer or outcome.kind == "fiscal"))
    if not (outcome.transfer and outcome.counterpart):
        return own, 0.0, ""
    return own, float(outcome.counterpart in public), "fiscal" if outcome.counterpart in public else "economic"


def _sides(figures: Figures) -> pd.DataFrame:
    """Return one row for each outcome, and one more for the other side of each transfer."""
    service = figures.service
    values = rows_of(figures, "present_value")
    shares = np.broadcast_to(rows_of(figures, "cashable"), values.shape)
    rows: list[tuple[Any, ...]] = []
    named: tuple[str | None, ...]
    for outcome, value, share in zip(service.outcomes, values, shares, strict=True):
        own, other, kind = sides_are_fiscal(figures, outcome)
        named = outcome.bearer, outcome.stakeholder, outcome.kind, outcome.name
        rows.append((*named, value, value * own, value * own * share))
        if kind:
            side = outcome.counterpart
            named = side, side, kind, f"{outcome.name}, the other side"
            rows.append((*named, -value, -value * other, -value * other * share))
    columns = ["bearer", "stakeholder", "kind", "outcome", "pv_benefits", "pv_fiscal_savings", "pv_cashable_savings"]
    return pd.DataFrame(rows, columns=columns)


def _with_costs(figures: Figures, frame: pd.DataFrame) -> pd.DataFrame:
    funders = [cost.funder for cost in figures.service.costs]
    paid = pd.Series(rows_of(figures, "present_cost"), index=funders, dtype=float).groupby(level=0).sum()
    frame["pv_costs"] = paid.reindex(frame.index, fill_value=0.0)
    frame["pv_net"] = frame["pv_benefits"] - frame["pv_costs"]
    frame["pv_public_cost"] = frame["pv_costs"].where(frame.index.isin(list(_public(figures))), 0.0)
    frame["net_budget_impact"] = frame["pv_public_cost"] - frame["pv_fiscal_savings"]
    frame["ratio"] = frame["pv_benefits"] / frame["pv_costs"].replace(0.0, np.nan)
    return frame
