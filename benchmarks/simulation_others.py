"""The same job in other libraries, as their users would write it: npsv alone, 20 parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import simulation_by_hand as by_hand
from scipy import stats

from sroi import shapes


def squigglepy(draws: int, seed: int) -> float:
    """Sample each parameter by squigglepy; the arithmetic in numpy."""
    import squigglepy as sq

    sq.set_seed(seed)

    def pert(low: float, mode: float, high: float) -> Any:
        return sq.sample(sq.pert(low, mode, high), n=draws)

    drawn = {"people": sq.sample(sq.triangular(80, 120, 150), n=draws)}
    for number, (name, worth, share) in enumerate(zip(by_hand.NAMES, by_hand.WORTH, by_hand.SHARES, strict=True)):
        normal = sq.norm(mean=share, sd=0.08, lclip=0, rclip=1)
        drawn[f"share_{name}"] = pert(share / 2, share, share * 1.5) if number % 2 == 0 else sq.sample(normal, n=draws)
        drawn[f"worth_{name}"] = sq.sample(sq.lognorm(lognorm_mean=worth, lognorm_sd=worth / 4), n=draws)
    drawn["deadweight"] = pert(0.2, 0.35, 0.5)
    drawn["attribution"] = sq.sample(sq.uniform(0.1, 0.3), n=draws)
    drawn["drop_off_short"] = pert(0.2, 0.4, 0.7)
    drawn["drop_off_long"] = sq.sample(sq.triangular(0.05, 0.15, 0.3), n=draws)
    drawn["cost_a_person"] = sq.sample(sq.lognorm(lognorm_mean=2600, lognorm_sd=400), n=draws)
    drawn["overheads"] = sq.sample(sq.triangular(30_000, 40_000, 60_000), n=draws)
    drawn["training"] = sq.sample(sq.uniform(15_000, 35_000), n=draws)
    return _mean({name: np.asarray(array, float) for name, array in drawn.items()})


def _frozen() -> dict[str, Any]:
    """Return the 20 distributions of scipy."""

    def pert(low: float, mode: float, high: float) -> Any:
        place = (mode - low) / (high - low)
        return stats.beta(1 + 4 * place, 5 - 4 * place, low, high - low)

    def triangular(low: float, mode: float, high: float) -> Any:
        return stats.triang((mode - low) / (high - low), low, high - low)

    def lognormal(mean: float, sd: float) -> Any:
        sigma = float(np.sqrt(np.log1p((sd / mean) ** 2)))
        return stats.lognorm(sigma, 0, mean / np.exp(sigma**2 / 2))

    found = {"people": triangular(80, 120, 150)}
    for number, (name, worth, share) in enumerate(zip(by_hand.NAMES, by_hand.WORTH, by_hand.SHARES, strict=True)):
        centre, width = shapes.truncated_from_moments(share, 0.08, 0.0, 1.0)
        normal = stats.truncnorm(-centre / width, (1 - centre) / width, centre, width)
        found[f"share_{name}"] = pert(share / 2, share, share * 1.5) if number % 2 == 0 else normal
        found[f"worth_{name}"] = lognormal(worth, worth / 4)
    return found | {
        "deadweight": pert(0.2, 0.35, 0.5),
        "attribution": stats.uniform(0.1, 0.2),
        "drop_off_short": pert(0.2, 0.4, 0.7),
        "drop_off_long": triangular(0.05, 0.15, 0.3),
        "cost_a_person": lognormal(2600, 400),
        "overheads": triangular(30_000, 40_000, 60_000),
        "training": stats.uniform(15_000, 20_000),
    }


def salib(draws: int, seed: int) -> float:
    """Latin hypercube by SALib, put through scipy's exact quantile functions."""
    from SALib.sample import latin

    frozen = _frozen()
    problem = {"num_vars": len(frozen), "names": list(frozen), "bounds": [[0.0, 1.0]] * len(frozen)}
    points = latin.sample(problem, draws, seed=seed)
    return _mean({name: each.ppf(points[:, place]) for place, (name, each) in enumerate(frozen.items())})


def monaco(draws: int, seed: int) -> float:
    """A function of one draw, run by monaco case by case."""
    import monaco as mc

    names = list(_frozen())

    def before(case: Any) -> Any:
        return ({name: np.array([case.invals[name].val]) for name in names},)

    def run(drawn: Any) -> Any:
        return (float(by_hand.evaluate(drawn)["npsv"][0]),)

    def after(case: Any, npsv: float) -> None:
        case.addOutVal("npsv", npsv)

    functions = {"preprocess": before, "run": run, "postprocess": after}
    simulation = mc.Sim(
        name="job", ndraws=draws, fcns=functions, seed=seed, singlethreaded=True, savecasedata=False, verbose=False
    )
    for name, each in _frozen().items():
        simulation.addInVar(name=name, dist=each.dist, distkwargs=_arguments(each))
    simulation.runSim()
    return float(np.mean(simulation.outvars["npsv"].nums))


def _arguments(frozen: Any) -> dict[str, float]:
    shapes_of = (frozen.dist.shapes or "").replace(" ", "").split(",")
    names = [name for name in shapes_of if name]
    return dict(zip([*names, "loc", "scale"], frozen.args, strict=False)) | frozen.kwds


def _mean(drawn: dict[str, Any]) -> float:
    return float(by_hand.evaluate(drawn)["npsv"].mean())
