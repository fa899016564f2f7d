"""The tables behind the charts of a simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sroi.uncertainty.simulation import Simulation

# Draws that a picture rests on at most, and its bars or points.
MOST = 100_000
BARS, POINTS = 40, 101
# What is shown reaches from this quantile to its mirror; the few draws beyond count in the outermost bars.
OUTER = 0.005
# The likely range, and the returns whose chances are said: whatever else a curve passes, it passes these exactly.
LIKELY = (0.05, 0.95)
RETURNS = (1.0, 2.0)


def distribution(simulation: Simulation, result: str = "npsv", threshold: float = 0.0) -> pd.DataFrame:
    """Return how often a result falls where: one row for each bar.

    Columns: ``low``, ``high``, ``open`` (``below`` or ``above`` where the bar also holds the draws beyond that end),
    ``chance`` (share of the draws that have a number) and ``meets`` (whether the bar lies at or above the threshold,
    which is always the end of a bar).
    """
    found = simulation.column(result, MOST)
    found = found[~np.isnan(found)]
    if not found.size:
        return pd.DataFrame(columns=["low", "high", "open", "chance", "meets"])
    low, high = np.quantile(found, [OUTER, 1 - OUTER])
    if high <= low:
        half = max(abs(low) / BARS, 0.5 / BARS)
        low, high = low - half, high + half
    width = (high - low) / BARS
    # Bars are counted from the threshold, so that none holds both sides of it.
    first, last = np.floor((low - threshold) / width), np.ceil((high - threshold) / width)
    # Few draws as they may be, those on the other side stand on their own side.
    if found.min() < threshold <= found.max():
        first, last = min(first, -1), max(last, 1)
    ends = threshold + width * np.arange(first, last + 1)
    counts, _ = np.histogram(np.clip(found, ends[0], ends[-1]), ends)
    beyond = [""] * counts.size
    if found.min() < ends[0]:
        beyond[0] = "below"
    if found.max() > ends[-1]:
        beyond[-1] = "above"
    bars = {"low": ends[:-1], "high": ends[1:], "open": beyond, "chance": counts / found.size}
    return pd.DataFrame(bars | {"meets": np.arange(first, last) >= 0})


def cumulative(simulation: Simulation, result: str = "npsv") -> pd.DataFrame:
    """Return the chance that a result is at most a value, from the 0.5th to the 99.5th percentile.

    The 5th and the 95th percentile, the ends of the likely range, are among the rows.
    """
    found = simulation.column(result, MOST)
    chances = np.union1d(np.linspace(OUTER, 1 - OUTER, POINTS), LIKELY)
    defined = found[~np.isnan(found)]
    values = np.quantile(defined, chances) if defined.size else np.full(chances.size, np.nan)
    return pd.DataFrame({"value": values, "chance": chances})


def acceptability(simulation: Simulation, result: str = "sroi_ratio") -> pd.DataFrame:
    """Return the chance that a result is at least a threshold, over thresholds; undefined draws are never at least.

    The thresholds run from zero, or the 5th percentile where that is lower, to the 95th percentile, and pass 1 and 2:
    beyond lie a few draws that may be very far away.
    """
    found = np.sort(simulation.column(result, MOST))
    defined = found[~np.isnan(found)]
    if not defined.size:
        return pd.DataFrame(columns=["threshold", "chance"])
    low, high = np.quantile(defined, LIKELY)
    thresholds = np.union1d(np.linspace(min(0.0, low), max(high, *RETURNS), POINTS), RETURNS)
    at_least = defined.size - np.searchsorted(defined, thresholds, side="left")
    return pd.DataFrame({"threshold": thresholds, "chance": at_least / found.size})
