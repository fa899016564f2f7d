"""The uncertain service drawn and evaluated by hand in numpy, as tight as a careful analyst would: the yardstick.

One thread, chunks that stay in the cache, numpy's own samplers, one profile for each of the two drop-offs. It knows
what a general engine does not: which outcomes share a profile, and that nothing else varies by year.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sroi import shapes

NAMES = ("rough_sleeping", "offending", "emergency_visits", "employment", "wellbeing", "volunteering")
WORTH = (8500, 12000, 900, 9800, 3000, 1200)
SHARES = (0.3, 0.2, 0.5, 0.25, 0.6, 0.15)
YEARS, SHORT, RATE, CHUNK = 10, 4, 0.035, 2**14
FACTORS = (1 + RATE) ** -np.arange(YEARS, dtype=float)
RESULTS = ("npsv", "sroi_ratio", "pv_benefits", "pv_costs", "payback_year")
PROBABILITIES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
Array = np.ndarray[Any, np.dtype[np.float64]]


def pert(rng: np.random.Generator, low: float, mode: float, high: float, size: int) -> Array:
    """Draw a PERT distribution."""
    place = (mode - low) / (high - low)
    found: Array = rng.beta(1 + 4 * place, 5 - 4 * place, size)
    found *= high - low
    found += low
    return found


def lognormal(rng: np.random.Generator, mean: float, sd: float, size: int) -> Array:
    """Draw a lognormal distribution with this mean and standard deviation."""
    sigma = np.sqrt(np.log1p((sd / mean) ** 2))
    return rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, size)


def truncated(rng: np.random.Generator, centre: float, width: float, size: int) -> Array:
    """Draw a normal distribution cut to 0 to 1, by drawing again what falls outside."""
    found = rng.normal(centre, width, size)
    outside = np.flatnonzero((found < 0) | (found > 1))
    while outside.size:
        found[outside] = rng.normal(centre, width, outside.size)
        outside = outside[(found[outside] < 0) | (found[outside] > 1)]
    return found


def sample(rng: np.random.Generator, size: int) -> dict[str, Array]:
    """Draw the 20 parameters."""
    drawn = {"people": rng.triangular(80, 120, 150, size)}
    for number, (name, worth, share) in enumerate(zip(NAMES, WORTH, SHARES, strict=True)):
        if number % 2 == 0:
            drawn[f"share_{name}"] = pert(rng, share / 2, share, share * 1.5, size)
        else:
            drawn[f"share_{name}"] = truncated(rng, *shapes.truncated_from_moments(share, 0.08, 0.0, 1.0), size)
        drawn[f"worth_{name}"] = lognormal(rng, worth, worth / 4, size)
    drawn["deadweight"] = pert(rng, 0.2, 0.35, 0.5, size)
    drawn["attribution"] = rng.uniform(0.1, 0.3, size)
    drawn["drop_off_short"] = pert(rng, 0.2, 0.4, 0.7, size)
    drawn["drop_off_long"] = rng.triangular(0.05, 0.15, 0.3, size)
    drawn["cost_a_person"] = lognormal(rng, 2600, 400, size)
    drawn["overheads"] = rng.triangular(30_000, 40_000, 60_000, size)
    drawn["training"] = rng.uniform(15_000, 35_000, size)
    return drawn


def evaluate(drawn: Mapping[str, Array]) -> dict[str, Array]:
    """Return the five results of draws."""
    kept = (1 - drawn["deadweight"]) * (1 - drawn["attribution"]) * drawn["people"]
    yearly = []
    for names in (NAMES[:3], NAMES[3:]):
        gross = drawn[f"share_{names[0]}"] * drawn[f"worth_{names[0]}"]
        for name in names[1:]:
            gross += drawn[f"share_{name}"] * drawn[f"worth_{name}"]
        gross *= kept
        yearly.append(gross)
    short, long = yearly
    left_short, left_long = 1 - drawn["drop_off_short"], 1 - drawn["drop_off_long"]
    overheads = drawn["overheads"]
    first_cost = drawn["cost_a_person"] * drawn["people"]
    first_cost += drawn["training"]
    pv_benefits = short + long
    pv_costs = first_cost + overheads
    running = pv_benefits - pv_costs
    payback = np.where(running >= 0, 0.0, np.nan)
    waiting = running < 0
    for year in range(1, YEARS):
        long *= left_long
        flow = long
        if year < SHORT:
            short *= left_short
            flow = long + short
        benefit, cost = flow * FACTORS[year], overheads * FACTORS[year]
        pv_benefits += benefit
        pv_costs += cost
        net = benefit
        net -= cost
        before = running
        running = running + net
        reached = waiting & (running >= 0)
        if reached.any():
            payback[reached] = year - running[reached] / net[reached]
            waiting &= ~reached
        del before
    npsv = pv_benefits - pv_costs
    found = (npsv, pv_benefits / pv_costs, pv_benefits, pv_costs, payback)
    return dict(zip(RESULTS, found, strict=True))


def simulate(draws: int, seed: int) -> dict[str, dict[str, float]]:
    """Draw, evaluate and sum up."""
    rng = np.random.default_rng(seed)
    held = {name: np.empty(draws) for name in RESULTS}
    for start in range(0, draws, CHUNK):
        stop = min(start + CHUNK, draws)
        for name, array in evaluate(sample(rng, stop - start)).items():
            held[name][start:stop] = array
    return {name: _summary(array) for name, array in held.items()} | {
        "chance": {"npsv": float(np.count_nonzero(held["npsv"] > 0)) / draws}
    }


def _summary(array: Array) -> dict[str, float]:
    defined = array[~np.isnan(array)] if np.isnan(array).any() else array
    mean = float(defined.mean())
    error = float(defined.std(ddof=1)) / np.sqrt(defined.size)
    places = np.floor(PROBABILITIES * (defined.size - 1)).astype(int)
    quantiles = np.partition(defined, places)[places]
    return {
        "mean": mean,
        "standard_error": error,
        **dict(zip(("p5", "p25", "median", "p75", "p95"), quantiles, strict=True)),
    }
