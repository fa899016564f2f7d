"""The uncertain service drawn, evaluated and summed up by hand in numpy: the yardstick of ``simulate.py``.

What an excellent analyst would write for this one service, without compiled code: one thread, chunks that stay in the
cache, buffers used again. It knows what a general engine does not: which outcomes share a profile, which costs recur,
that nothing else varies by year. Three ways to draw: ``samplers`` (numpy's own, exact), ``tables`` (uniform
numbers through quantile tables, the quickest) and ``sobol`` (scrambled Sobol points through the same tables).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from scipy import optimize, stats

# Name: shape, then minimum, mode, maximum; or mean and standard error; or minimum and maximum.
PARAMETERS: dict[str, tuple[Any, ...]] = {
    "people": ("triangular", 80, 120, 150),
    "share_rough_sleeping": ("pert", 0.15, 0.3, 0.45),
    "worth_rough_sleeping": ("lognormal", 8500, 2125),
    "share_offending": ("truncated_normal", 0.2, 0.08),
    "worth_offending": ("lognormal", 12000, 3000),
    "share_emergency_visits": ("pert", 0.25, 0.5, 0.75),
    "worth_emergency_visits": ("lognormal", 900, 225),
    "share_employment": ("truncated_normal", 0.25, 0.08),
    "worth_employment": ("lognormal", 9800, 2450),
    "share_wellbeing": ("pert", 0.3, 0.6, 0.9),
    "worth_wellbeing": ("lognormal", 3000, 750),
    "share_volunteering": ("truncated_normal", 0.15, 0.08),
    "worth_volunteering": ("lognormal", 1200, 300),
    "deadweight": ("pert", 0.2, 0.35, 0.5),
    "attribution": ("uniform", 0.1, 0.3),
    "drop_off_short": ("pert", 0.2, 0.4, 0.7),
    "drop_off_long": ("triangular", 0.05, 0.15, 0.3),
    "cost_a_person": ("lognormal", 8600, 1400),
    "overheads": ("triangular", 30_000, 40_000, 60_000),
    "training": ("uniform", 15_000, 35_000),
}
# Outcome: years of effect, and its certain deduction: attribution of the short-lived, deadweight of the long-lived.
SHORT_LIVED = {"offending": (4, 0.15), "emergency_visits": (3, 0.1), "rough_sleeping": (2, 0.25)}
LONG_LIVED = {"employment": (10, 0.4), "volunteering": (8, 0.2), "wellbeing": (6, 0.3)}
YEARS, RATE = 10, 0.035
RESULTS = ("npsv", "sroi_ratio", "pv_benefits", "pv_costs", "payback_year")
PROBABILITIES = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
CHUNK, CELLS = 2**14, 2**12
# Fewer draws than this are partitioned whole; of more, only what lies near a quantile.
MANY, SAMPLE, DEVIATIONS = 2**18, 2**14, 6
# Summed over the years, what 1 a year has cost by each year.
YEARS_OF_COST = np.cumsum((1 + RATE) ** -np.arange(YEARS, dtype=float))
COST_BEFORE = np.concatenate([[0.0], YEARS_OF_COST])
PARTS = ("sampling", "evaluation", "summaries")
Array = np.ndarray[Any, np.dtype[np.float64]]


@cache
def frozen(name: str) -> Any:
    """Return the distribution of a parameter as scipy has it."""
    shape, *numbers = PARAMETERS[name]
    if shape == "uniform":
        low, high = numbers
        return stats.uniform(low, high - low)
    if shape == "lognormal":
        mean, error = numbers
        sigma = math.sqrt(math.log1p((error / mean) ** 2))
        return stats.lognorm(sigma, 0, mean * math.exp(-(sigma**2) / 2))
    if shape == "truncated_normal":
        centre, width = parent(*numbers)
        return stats.truncnorm(-centre / width, (1 - centre) / width, centre, width)
    low, mode, high = numbers
    place = (mode - low) / (high - low)
    if shape == "triangular":
        return stats.triang(place, low, high - low)
    return stats.beta(1 + 4 * place, 5 - 4 * place, low, high - low)


@cache
def parent(mean: float, error: float) -> tuple[float, float]:
    """Return centre and width of the normal which, cut at 0 and 1, has this mean and standard deviation."""

    def miss(numbers: Array) -> tuple[float, float]:
        centre, width = numbers
        cut = stats.truncnorm(-centre / width, (1 - centre) / width, centre, width)
        return cut.mean() - mean, cut.std() - error

    centre, width = optimize.fsolve(miss, (mean, error), xtol=1e-13)
    return float(centre), float(width)


class Draws:
    """Draws chunk after chunk into the same rows; each chunk is a dict of arrays by parameter."""

    def __init__(self, seed: int, method: str) -> None:
        self._rng = np.random.Generator(np.random.SFC64(seed))
        self._rows = dict(zip(PARAMETERS, np.empty((len(PARAMETERS), CHUNK)), strict=True))
        self._spare = np.empty((3, CHUNK))
        self._cells = np.empty(CHUNK, np.int32)
        self._method = method
        self._sobol = stats.qmc.Sobol(len(PARAMETERS), scramble=True, rng=self._rng) if method == "sobol" else None

    def next(self, size: int) -> dict[str, Array]:
        """Return the next chunk, arrays of shape (size,) that the one after it overwrites; at most CHUNK."""
        if self._sobol is not None:
            # Whole powers of 2 keep the sequence balanced; the last chunk is cut.
            points = self._sobol.random(CHUNK).T
            for row, column in zip(self._rows.values(), points, strict=True):
                row[:] = column
        rows = {name: row[:size] for name, row in self._rows.items()}
        for name, row in rows.items():
            if self._method == "samplers":
                self._sample(row, *PARAMETERS[name])
                continue
            if self._sobol is None:
                self._rng.random(out=row)
            look_up(row, name, self._cells[:size], self._spare[0, :size])
        return rows

    def _sample(self, row: Array, shape: str, *numbers: float) -> None:
        rng = self._rng
        if shape == "pert":
            low, mode, high = numbers
            place = (mode - low) / (high - low)
            np.multiply(rng.beta(1 + 4 * place, 5 - 4 * place, row.size), high - low, out=row)
            row += low
        elif shape == "lognormal":
            mean, error = numbers
            variance = math.log1p((error / mean) ** 2)
            rng.standard_normal(out=row)
            row *= math.sqrt(variance)
            row += math.log(mean) - variance / 2
            np.exp(row, out=row)
        elif shape == "truncated_normal":
            centre, width = parent(*numbers)
            rng.standard_normal(out=row)
            row *= width
            row += centre
            outside = np.flatnonzero((row < 0) | (row > 1))
            while outside.size:
                row[outside] = rng.normal(centre, width, outside.size)
                outside = outside[(row[outside] < 0) | (row[outside] > 1)]
        else:
            low, high = numbers[0], numbers[-1]
            rng.random(out=row)
            if shape == "triangular":
                # Of two uniform numbers the smaller and the larger, mixed by the place of the mode: quicker than roots.
                place = (numbers[1] - low) / (high - low)
                other, larger = self._spare[:2, : row.size]
                rng.random(out=other)
                np.maximum(row, other, out=larger)
                np.minimum(row, other, out=row)
                row *= 1 - place
                larger *= place
                row += larger
            row *= high - low
            row += low


@cache
def table(name: str) -> tuple[Array, Array]:
    """Return start and slope of each of 4,096 equally likely cells; the end knots keep the mean of the end cells."""
    distribution, width = frozen(name), 1 / CELLS
    knots = distribution.ppf(np.arange(CELLS + 1) * width)
    within = (np.arange(1000) + 0.5) * width / 1000
    knots[0] = 2 * distribution.ppf(within).mean() - knots[1]
    knots[-1] = 2 * distribution.ppf(1 - within).mean() - knots[-2]
    return knots[:-1].copy(), np.diff(knots)


def look_up(row: Array, name: str, cells: Any, found: Array) -> None:
    """Turn uniform numbers into quantiles, in place."""
    if PARAMETERS[name][0] == "uniform":
        _, low, high = PARAMETERS[name]
        row *= high - low
        row += low
        return
    base, slope = table(name)
    row *= CELLS
    np.copyto(cells, row, casting="unsafe")
    row -= cells
    slope.take(cells, out=found, mode="clip")
    row *= found
    base.take(cells, out=found, mode="clip")
    row += found


class Evaluation:
    """The arithmetic, with its buffers."""

    def __init__(self, size: int = CHUNK) -> None:
        self._running = np.empty((YEARS, size))
        self._below = np.empty((2, size), bool)
        self._waited = np.empty(size, np.uint8)
        self._spare = np.empty((2, size))
        self._place = np.arange(size)
        self._index = np.empty(size, np.intp)

    def results(self, drawn: Mapping[str, Array], payback: bool = True) -> dict[str, Array]:
        """Return the five results, arrays of shape (draws,); the draws are overwritten on the way."""
        people, overheads = drawn["people"], drawn["overheads"]
        first = np.multiply(drawn["cost_a_person"], people, out=drawn["cost_a_person"])
        first += drawn["training"]
        running = self._accumulate(drawn, first)
        paid_back = [self._payback(running, overheads)] if payback else []
        pv_benefits = np.add(running[-1], first, out=drawn["training"])
        pv_costs = overheads
        pv_costs *= YEARS_OF_COST[-1]
        pv_costs += first
        npsv = np.subtract(pv_benefits, pv_costs, out=first)
        ratio = np.divide(pv_benefits, pv_costs, out=people)
        return dict(zip(RESULTS, (npsv, ratio, pv_benefits, pv_costs, *paid_back), strict=False))

    def _accumulate(self, drawn: Mapping[str, Array], first: Array) -> Array:
        """Return discounted benefits to date less what is paid at the start, shape (years, draws)."""
        running, flow = self._running[:, : first.size], self._spare[0, : first.size]
        profiles = [
            self._profile(drawn, LONG_LIVED, "attribution", "drop_off_long"),
            self._profile(drawn, SHORT_LIVED, "deadweight", "drop_off_short"),
        ]
        for year in range(YEARS):
            now = running[year]
            for number, (left, fall, gross) in enumerate(profiles):
                if year >= len(gross):
                    continue
                if year:
                    left *= fall
                np.multiply(left, gross[year], out=flow)
                if number:
                    now += flow
                elif year:
                    np.add(running[year - 1], flow, out=now)
                else:
                    np.subtract(flow, first, out=now)
        return running

    @staticmethod
    def _profile(
        drawn: Mapping[str, Array], outcomes: Mapping[str, tuple[int, float]], deduction: str, drop_off: str
    ) -> tuple[Array, Array, list[Array]]:
        """Return what is left in the first year, how it falls, and the gross value of what lasts to each year."""
        left = np.subtract(1, drawn[deduction], out=drawn[deduction])
        left *= drawn["people"]
        fall = np.subtract(1, drawn[drop_off], out=drawn[drop_off])
        fall *= 1 / (1 + RATE)
        gross: list[Array] = []
        total: Array | None = None
        for name, (years, deducted) in outcomes.items():
            value = drawn[f"share_{name}"]
            value *= drawn[f"worth_{name}"]
            value *= 1 - deducted
            if total is not None:
                value += total
            # From the longest to the shortest: each adds to the years in which it lasts.
            gross = [value] * years + gross[years:]
            total = value
        return left, fall, gross

    def _payback(self, running: Array, overheads: Array) -> Array:
        """Return when the running sum of net flows first reaches 0, nan where never."""
        size = overheads.size
        below, waiting = self._below[:, :size]
        waited, cost, after = self._waited[:size], *self._spare[:, :size]
        waiting[:] = True
        waited[:] = 0
        for year in range(YEARS):
            np.multiply(overheads, YEARS_OF_COST[year], out=cost)
            np.less(running[year], cost, out=below)
            waiting &= below
            waited += waiting
        # The balance in the year of payback and in the year before; linear between them.
        flat, step, index = self._running.reshape(-1), self._running.shape[1], self._index[:size]
        np.multiply(np.minimum(waited, YEARS - 1), step, out=index, dtype=np.intp)
        index += self._place[:size]
        flat.take(index, out=after, mode="clip")
        index -= step
        before = flat.take(index, out=cost, mode="clip")
        after -= overheads * YEARS_OF_COST.take(waited, mode="clip")
        before -= overheads * COST_BEFORE.take(waited)
        share = np.divide(after, np.subtract(after, before, out=before), out=after)
        payback = np.subtract(waited, share, out=share)
        payback[waited == 0] = 0
        payback[waited == YEARS] = np.nan
        return payback


def simulate(
    draws: int, seed: int, method: str = "samplers", seconds: dict[str, float] | None = None
) -> dict[str, dict[str, float]]:
    """Draw, evaluate and sum up: for each result its mean, quantiles and standard error, and the chance of NPSV > 0.

    ``seconds`` takes up how long drawing, evaluating and summing up took.
    """
    took = seconds if seconds is not None else {}
    source, evaluation = Draws(seed, method), Evaluation()
    held = {name: np.empty(draws) for name in RESULTS}
    count, sums, squares = dict.fromkeys(RESULTS, 0), dict.fromkeys(RESULTS, 0.0), dict.fromkeys(RESULTS, 0.0)
    pays = 0
    for start in range(0, draws, CHUNK):
        began = time.perf_counter()
        drawn = source.next(min(CHUNK, draws - start))
        sampled = time.perf_counter()
        results = evaluation.results(drawn)
        evaluated = time.perf_counter()
        payback = results["payback_year"]
        results["payback_year"] = payback[~np.isnan(payback)]
        pays += int(np.count_nonzero(results["npsv"] > 0))
        for name, array in results.items():
            held[name][count[name] : count[name] + array.size] = array
            count[name] += array.size
            sums[name] += float(array.sum())
            squares[name] += float(np.einsum("i,i", array, array))
        ended = time.perf_counter()
        for part, spent in zip(PARTS, (sampled - began, evaluated - sampled, ended - evaluated), strict=True):
            took[part] = took.get(part, 0.0) + spent
    began = time.perf_counter()
    found = {"chance": {"npsv > 0": pays / draws}}
    for name in RESULTS:
        mean = sums[name] / count[name]
        error = math.sqrt((squares[name] / count[name] - mean**2) / (count[name] - 1))
        quantiles = quantiles_of(held[name][: count[name]])
        found[name] = {"mean": mean, "standard_error": error, **dict(zip(PROBABILITIES, quantiles, strict=True))}
    took[PARTS[-1]] += time.perf_counter() - began
    return found


def quantiles_of(array: Array) -> list[float]:
    """Return the quantiles, exact and linear between neighbours; the array's order is lost."""
    places = [share * (array.size - 1) for share in PROBABILITIES.values()]
    if array.size < MANY:
        array.partition(sorted({int(place) + step for place in places for step in (0, 1)}))
        return [float(np.interp(p, (int(p), int(p) + 1), array[int(p) : int(p) + 2])) for p in places]
    sample = np.sort(array[:: array.size // SAMPLE])
    found = []
    for share, place in zip(PROBABILITIES.values(), places, strict=True):
        reach = DEVIATIONS * math.sqrt(share * (1 - share) * sample.size)
        middle = share * (sample.size - 1)
        low, high = sample[int(middle - reach)], sample[math.ceil(middle + reach)]
        above = array >= low
        within = place - (array.size - np.count_nonzero(above))
        above &= array <= high
        near = array[above]
        assert 0 <= within < near.size - 1, "The sample misled: draw with another seed."
        below = int(within)
        near.partition([below, below + 1])
        found.append(float(np.interp(within, (below, below + 1), near[below : below + 2])))
    return found
