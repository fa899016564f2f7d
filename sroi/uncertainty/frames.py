"""Tables of a simulation: what is drawn, and where value falls."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sroi import ranges, tables
from sroi.result import Result
from sroi.schema import Outcome
from sroi.service import Service
from sroi.uncertainty.runs import SEGMENT, Run
from sroi.uncertainty.spreads import Uncertain
from sroi.uncertainty.summaries import PROBABILITIES, Accumulator


def inputs(central: Result, uncertain: Mapping[str, Uncertain]) -> pd.DataFrame:
    """Return one row for each uncertain parameter: its range, and whose it is."""
    parameters, rows = central.service.parameters, {}
    for name, each in uncertain.items():
        ends = each.distribution.ppf(np.array([PROBABILITIES["p5"], PROBABILITIES["p95"]]))
        rows[name] = {
            "label": parameters[name].label,
            "unit": parameters[name].unit,
            "central": central.values.get(name, parameters[name].value),
            "p5": float(ends[0]),
            "p95": float(ends[1]),
            "shape": each.spread.shape,
            "origin": each.origin,
            "source": each.spread.source or ("assumption" if each.origin == "preset" else ""),
            "note": each.spread.note or "",
        }
    columns = ["label", "unit", "central", "p5", "p95", "shape", "origin", "source", "note"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")


def correlations(service: Service, uncertain: Mapping[str, Uncertain]) -> pd.DataFrame:
    """Return one row for each correlation that the file states, and whether both of its parameters are drawn."""
    rows = []
    for stated in service.correlations:
        held = [name for name in stated.between if name not in uncertain]
        together = f"{' and '.join(stated.between)}, rank {stated.rank:g}"
        says = f"{together}: left out, {' and '.join(held)} not drawn" if held else f"{together}: drawn together"
        rows.append((*stated.between, stated.rank, not held, says))
    return pd.DataFrame(rows, columns=["first", "second", "rank", "drawn", "says"]).astype({"drawn": bool})


def by(run: Run, what: str) -> pd.DataFrame:
    """Return the present value of benefits of each bearer, stakeholder or kind, with its range, also ``written``."""
    sides, service = run.central.by(what), run.central.service
    lines = [f"present_value.{outcome.id}" for outcome in service.outcomes]
    segment = next(run.segments((), lines, SEGMENT))
    rows, symbol = {}, tables.symbol_of(run.central)
    for key, row in sides.set_index("id").to_dict("index").items():
        total = np.zeros(segment[lines[0]].shape)
        for line, outcome in zip(lines, service.outcomes, strict=True):
            total = total + segment[line] * share_of(service, outcome, what, str(key))
        collector = Accumulator()
        collector.add(total)
        found = collector.summary()
        stated = {"central": row["pv_benefits"], "mean": found.mean, **found.quantiles, "sd": found.sd}
        text = ranges.drawn(stated | {"unit": "money", "undefined": 0}, symbol, {}, total.size)
        rows[key] = {"label": row["label"], **stated, "written": text}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("id")


def share_of(service: Service, outcome: Outcome, what: str, key: str) -> float:
    """Return the sign with which an outcome counts for a bearer, stakeholder or kind: 1, -1 or 0."""
    own = {"bearer": outcome.bearer, "stakeholder": outcome.stakeholder, "kind": outcome.kind}[what]
    found = float(own == key)
    if outcome.transfer and outcome.counterpart:
        public = service.bearers[outcome.counterpart].public
        others = {"bearer": outcome.counterpart, "stakeholder": outcome.counterpart}
        found -= float(others.get(what, "fiscal" if public else "economic") == key)
    return found
