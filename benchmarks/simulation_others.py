"""The same job in squigglepy, monaco and with SALib's Latin hypercube, as users of these libraries would write it.

The libraries draw and, in monaco's case, run the draws; the model and the summaries are the user's own, plain and
readable. squigglepy cuts a normal distribution by moving what lies outside to the ends, so that its truncated normals
differ a little from the others'. At the end, by hand in numpy: what knowing a parameter is worth, and Sobol's indices.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import simulation_by_hand as by_hand
from scipy import stats
from simulation_by_hand import LONG_LIVED, PARAMETERS, PROBABILITIES, RATE, RESULTS, SHORT_LIVED, YEARS

Array = Any
Summaries = dict[str, dict[str, float]]


def textbook(drawn: Mapping[str, Array]) -> dict[str, Array]:
    """Return the five results of draws, outcome by outcome and year by year."""
    benefits = np.zeros((YEARS, len(drawn["people"])))
    for outcomes, drop_off in ((SHORT_LIVED, drawn["drop_off_short"]), (LONG_LIVED, drawn["drop_off_long"])):
        for name, (years, certain) in outcomes.items():
            other = drawn["deadweight"] if outcomes is SHORT_LIVED else drawn["attribution"]
            impact = drawn["people"] * drawn[f"share_{name}"] * (1 - other) * (1 - certain)
            for year in range(years):
                benefits[year] += impact * drawn[f"worth_{name}"] * (1 - drop_off) ** year / (1 + RATE) ** year
    costs = np.array([drawn["overheads"] / (1 + RATE) ** year for year in range(YEARS)])
    costs[0] += drawn["cost_a_person"] * drawn["people"] + drawn["training"]
    pv_benefits, pv_costs = benefits.sum(axis=0), costs.sum(axis=0)
    running = (benefits - costs).cumsum(axis=0)
    payback = np.full(len(drawn["people"]), np.nan)
    for year in reversed(range(YEARS)):
        reached = running[year] >= 0
        crossing = np.zeros(len(payback))
        if year:
            rise = running[year] - running[year - 1]
            crossing = np.where(running[year - 1] < 0, year - running[year] / np.where(rise == 0, 1, rise), year)
        payback[reached] = crossing[reached]
    found = (pv_benefits - pv_costs, pv_benefits / pv_costs, pv_benefits, pv_costs, payback)
    return dict(zip(RESULTS, found, strict=True))


def summed_up(results: Mapping[str, Array]) -> Summaries:
    """Return what is asked of each result, and the chance of NPSV > 0."""
    found = {"chance": {"npsv > 0": float(np.mean(results["npsv"] > 0))}}
    for name, array in results.items():
        defined = array[~np.isnan(array)]
        quantiles = np.quantile(defined, list(PROBABILITIES.values()))
        error = defined.std(ddof=1) / math.sqrt(defined.size)
        found[name] = {
            "mean": defined.mean(),
            "standard_error": error,
            **dict(zip(PROBABILITIES, quantiles, strict=True)),
        }
    return found


# squigglepy ---------------------------------------------------------------------------------------------------


def squigglepy(draws: int, seed: int) -> Summaries:
    """Sample each parameter with squigglepy; the model in numpy."""
    import squigglepy as sq

    def distribution(shape: str, *numbers: float) -> Any:
        if shape == "uniform":
            return sq.uniform(*numbers)
        if shape == "triangular":
            return sq.triangular(*numbers)
        if shape == "pert":
            return sq.pert(*numbers, lam=4)
        if shape == "lognormal":
            return sq.lognorm(lognorm_mean=numbers[0], lognorm_sd=numbers[1])
        centre, width = by_hand.parent(*numbers)
        return sq.norm(mean=centre, sd=width, lclip=0, rclip=1)

    sq.set_seed(seed)
    drawn = {name: sq.sample(distribution(*stated), n=draws) for name, stated in PARAMETERS.items()}
    return summed_up(textbook(drawn))


# SALib --------------------------------------------------------------------------------------------------------


def salib_problem() -> dict[str, Any]:
    """Return the parameters as SALib has them; it knows no PERT, which stays uniform."""
    shapes, bounds = [], []
    for shape, *numbers in PARAMETERS.values():
        if shape == "uniform":
            stated: tuple[str, list[float]] = ("unif", numbers)
        elif shape == "triangular":
            low, mode, high = numbers
            # SALib 1.6: start, end, place of the mode.
            stated = ("triang", [low, high, (mode - low) / (high - low)])
        elif shape == "lognormal":
            sigma = math.sqrt(math.log1p((numbers[1] / numbers[0]) ** 2))
            stated = ("lognorm", [math.log(numbers[0]) - sigma**2 / 2, sigma])
        elif shape == "truncated_normal":
            stated = ("truncnorm", [0, 1, *by_hand.parent(*numbers)])
        else:
            stated = ("unif", [0, 1])
        shapes.append(stated[0])
        bounds.append(stated[1])
    return {"num_vars": len(PARAMETERS), "names": list(PARAMETERS), "dists": shapes, "bounds": bounds}


def salib_drawn(points: Array) -> dict[str, Array]:
    """Return points of SALib, shape (draws, parameters), by parameter, with PERT put in."""
    drawn = dict(zip(PARAMETERS, points.T, strict=True))
    for name, (shape, *numbers) in PARAMETERS.items():
        if shape == "pert":
            low, mode, high = numbers
            place = (mode - low) / (high - low)
            drawn[name] = stats.beta.ppf(drawn[name], 1 + 4 * place, 5 - 4 * place, low, high - low)
    return drawn


def salib(draws: int, seed: int) -> Summaries:
    """Sample a Latin hypercube with SALib; the model in numpy."""
    from SALib.sample import latin

    return summed_up(textbook(salib_drawn(latin.sample(salib_problem(), draws, seed=seed))))


def salib_indices(points: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return first-order and total Sobol indices of NPSV by SALib, with its bootstrap."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol

    problem = salib_problem()
    drawn = salib_drawn(sobol.sample(problem, points, calc_second_order=False, seed=seed))
    found = analysis.analyze(problem, textbook(drawn)["npsv"], calc_second_order=False, seed=seed)
    return {name: (float(found["S1"][place]), float(found["ST"][place])) for place, name in enumerate(PARAMETERS)}


# monaco -------------------------------------------------------------------------------------------------------


def one_draw(drawn: Mapping[str, float]) -> tuple[float, ...]:
    """Return the five results of one draw, in plain Python, as monaco runs a model."""
    benefits = [0.0] * YEARS
    for outcomes, drop_off in ((SHORT_LIVED, drawn["drop_off_short"]), (LONG_LIVED, drawn["drop_off_long"])):
        other = drawn["deadweight"] if outcomes is SHORT_LIVED else drawn["attribution"]
        for name, (years, certain) in outcomes.items():
            impact = drawn["people"] * drawn[f"share_{name}"] * (1 - other) * (1 - certain)
            for year in range(years):
                benefits[year] += impact * drawn[f"worth_{name}"] * ((1 - drop_off) / (1 + RATE)) ** year
    costs = [drawn["overheads"] / (1 + RATE) ** year for year in range(YEARS)]
    costs[0] += drawn["cost_a_person"] * drawn["people"] + drawn["training"]
    running, payback = 0.0, math.nan
    for year in range(YEARS):
        before, running = running, running + benefits[year] - costs[year]
        if running >= 0:
            payback = year - running / (running - before) if year else 0.0
            break
    pv_benefits, pv_costs = sum(benefits), sum(costs)
    return pv_benefits - pv_costs, pv_benefits / pv_costs, pv_benefits, pv_costs, payback


def monaco(draws: int, seed: int) -> Summaries:
    """Let monaco sample from scipy's distributions and run the model case by case."""
    import monaco as mc

    def before(case: Any) -> Any:
        return ({name: case.invals[name].val for name in PARAMETERS},)

    def after(case: Any, *results: float) -> None:
        for name, number in zip(RESULTS, results, strict=True):
            case.addOutVal(name, number)

    functions = {"preprocess": before, "run": one_draw, "postprocess": after}
    simulation = mc.Sim(name="service", ndraws=draws, fcns=functions, seed=seed, verbose=False, debug=True)
    for name in PARAMETERS:
        frozen = by_hand.frozen(name)
        shapes = (frozen.dist.shapes or "").replace(" ", "").split(",")
        stated = dict(zip([*filter(None, shapes), "loc", "scale"], frozen.args, strict=False))
        simulation.addInVar(name=name, dist=frozen.dist, distkwargs=stated)
    simulation.runSim()
    return summed_up({name: np.array(simulation.outvars[name].nums, float) for name in RESULTS})


# What matters, by hand in numpy -------------------------------------------------------------------------------


def parameter_information(drawn: Mapping[str, Array], npsv: Array) -> dict[str, float]:
    """Return what knowing each parameter is worth to the decision to fund, by a cubic regression on each."""
    found = {}
    for name, column in drawn.items():
        scores = (column - column.mean()) / column.std()
        powers = np.vstack([np.ones_like(scores), scores, scores * scores, scores * scores * scores])
        fitted = np.linalg.solve(powers @ powers.T, powers @ npsv) @ powers
        found[name] = float(np.maximum(fitted, 0).mean()) - max(0.0, float(npsv.mean()))
    return found


def sobol_indices(points: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return first-order and total indices of NPSV (Saltelli and others 2010; Jansen 1999), without intervals."""
    count = len(PARAMETERS)
    uniforms = stats.qmc.Sobol(2 * count, scramble=True, rng=np.random.default_rng(seed)).random(points).T.copy()
    cells, spare = np.empty(points, np.int32), np.empty(points)
    for name, one, other in zip(PARAMETERS, uniforms[:count], uniforms[count:], strict=True):
        by_hand.look_up(one, name, cells, spare)
        by_hand.look_up(other, name, cells, spare)
    evaluation, rows = by_hand.Evaluation(points), np.empty((count, points))

    def npsv(swapped: int | None, base: Array) -> Array:
        rows[:] = base
        if swapped is not None:
            rows[swapped] = uniforms[count + swapped]
        return evaluation.results(dict(zip(PARAMETERS, rows, strict=True)), payback=False)["npsv"].copy()

    one, other = npsv(None, uniforms[:count]), npsv(None, uniforms[count:])
    variance = np.concatenate([one, other]).var()
    found = {}
    for place, name in enumerate(PARAMETERS):
        mixed = npsv(place, uniforms[:count])
        first = float(np.mean((other - other.mean()) * (mixed - one)) / variance)
        found[name] = first, float(np.mean((one - mixed) ** 2) / 2 / variance)
    return found
