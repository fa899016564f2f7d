"""From what an analyst states to the numbers of a distribution: the cases that need a root to be found.

Every function is exact to rounding: what is stated comes out again. What no distribution of the shape can meet
is an :class:`Unmet` with a sentence. scipy is imported only when such a case occurs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

PERT_WEIGHT = 4.0
"""How much the mode weighs against the ends in a PERT distribution (Malcolm and others, 1959)."""
# Further than this many standard deviations away, an end of the possible range takes less than rounding.
FAR = 9.0
# A truncated normal whose parent is this many times as wide as the mean's distance to the nearer end is within 0.3% of
# its limit, the truncated exponential; beyond, the numbers of the parent mean nothing.
WIDEST = 20.0
FURTHEST = 1e4
# Gamma and beta distributions outside of these have quantiles that scipy cannot give, or that are 0 nearly everywhere.
LEAST_EXPONENT = 0.01
MOST_GAMMA_SHAPE = 1e6
# A density that has fallen by this power of e has no weight left.
DEPTH = 40.0
NODES = 100
CLOSEST = 1e-15
MOST_TIMES_THE_MEAN = 10.0
WIDEST_LOGNORMAL = 10.0


class Unmet(ValueError):
    """A sentence that says why no distribution of the shape is as stated, and what to write."""


def tail(interval: float) -> float:
    """Return the share below low, which is also the share above high."""
    return (1 - interval) / 2


def deviations(interval: float) -> float:
    """Return how many standard deviations the end of a normal interval lies from its middle: 1.96 for 0.95."""
    from scipy import special

    return -float(special.ndtri(tail(interval)))


def stretched_uniform(low: float, high: float, interval: float) -> tuple[float, float]:
    """Return the minimum and maximum of the uniform distribution of which low to high is the middle share."""
    beyond = (high - low) * tail(interval) / interval
    return low - beyond, high + beyond


def stretched(shape: str, low: float, high: float, mode: float, interval: float) -> tuple[float, float, float]:
    """Return minimum, maximum and the mode's place between them, for a triangular or PERT distribution.

    A triangular or PERT distribution is one of a family with one number, the mode's place between minimum (0) and
    maximum (1), moved and stretched. That place alone says where the mode lies between the two quantiles, so it is
    the root of one equation, which has one for each mode from low to high; the quantiles give the rest.
    """
    from scipy import optimize

    below = tail(interval)

    def lower(place: float) -> float:
        return _standard_quantile(shape, place, below)

    def upper(place: float) -> float:
        return 1 - _standard_quantile(shape, 1 - place, below)

    def miss(place: float) -> float:
        return (place - lower(place)) / (upper(place) - lower(place)) - (mode - low) / (high - low)

    place = float(optimize.brentq(miss, 0, 1, xtol=CLOSEST, rtol=CLOSEST))
    width = (high - low) / (upper(place) - lower(place))
    return low - width * lower(place), high + width * (1 - upper(place)), place


def _standard_quantile(shape: str, place: float, p: float) -> float:
    """Return the quantile of the distribution from 0 to 1 with its mode at a place."""
    if shape == "triangular":
        return math.sqrt(p * place) if p <= place else 1 - math.sqrt((1 - p) * (1 - place))
    from scipy import special

    return float(special.betaincinv(*pert(place), p))


def pert(place: float) -> tuple[float, float]:
    """Return the two exponents of a PERT distribution whose mode lies at a place from minimum 0 to maximum 1."""
    return 1 + PERT_WEIGHT * place, 1 + PERT_WEIGHT * (1 - place)


def beta_from_sample(mean: float, n: float) -> tuple[float, float]:
    """Return the two exponents of the beta distribution of a share found in n observations."""
    if not min(mean, 1 - mean) * n >= LEAST_EXPONENT:
        raise Unmet(
            f"The mean {mean:g} of {n:g} observations is too near to 0 or 1 for a beta spread:"
            " use uniform, pert or triangular."
        )
    return mean * n, (1 - mean) * n


def lognormal_from_moments(mean: float, deviation: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm."""
    _not_too_wide("lognormal", mean, deviation)
    variance = math.log1p((deviation / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def lognormal_between(low: float, high: float, interval: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm, whose interval is that from log low to log high."""
    middle, half = (math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / 2
    if half > WIDEST_LOGNORMAL * deviations(interval):
        raise Unmet(
            f"low {low:g} and high {high:g} are so far apart that a lognormal spread has no mean to speak of:"
            " bring them nearer to each other, or use another shape."
        )
    return middle, half / deviations(interval)


def gamma_from_moments(mean: float, deviation: float) -> tuple[float, float]:
    """Return shape and scale of a gamma distribution."""
    _not_too_wide("gamma", mean, deviation)
    shape = (mean / deviation) ** 2
    if shape > MOST_GAMMA_SHAPE:
        raise Unmet(
            f"standard_error is {deviation:g}, so small beside the mean {mean:g} that a gamma spread is a normal one:"
            " write shape = 'normal'."
        )
    return shape, deviation * (deviation / mean)


def _not_too_wide(shape: str, mean: float, deviation: float) -> None:
    if deviation > MOST_TIMES_THE_MEAN * mean:
        raise Unmet(
            f"standard_error is {deviation:g}, more than {MOST_TIMES_THE_MEAN:g} times the mean {mean:g}: so wide a"
            f" {shape} spread says nothing. Lower it, or use another shape."
        )


def gamma_between(low: float, high: float, interval: float) -> tuple[float, float]:
    """Return shape and scale of the gamma distribution of which low and high are quantiles.

    The ratio of the two quantiles rests on the shape alone, and falls as it grows.
    """
    from scipy import optimize, special

    below, wanted = tail(interval), math.log(high) - math.log(low)

    def miss(log_shape: float) -> float:
        shape = math.exp(log_shape)
        return _log(float(special.gammainccinv(shape, below))) - _log(float(special.gammaincinv(shape, below))) - wanted

    least, most = math.log(LEAST_EXPONENT), math.log(MOST_GAMMA_SHAPE)
    if miss(least) < 0:
        raise Unmet(f"No gamma spread reaches from {low:g} to {high:g}: raise low, or use another shape.")
    if miss(most) > 0:
        raise Unmet(
            f"low {low:g} and high {high:g} are so near to each other that a gamma spread is a normal one:"
            " write shape = 'normal'."
        )
    shape = math.exp(optimize.brentq(miss, least, most, xtol=CLOSEST, rtol=CLOSEST))
    return shape, low / float(special.gammaincinv(shape, below))


@cache
def _rule() -> tuple[Any, Any]:
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, weights


def truncated_moments(centre: float, width: float, least: float, most: float) -> tuple[float, float]:
    """Return mean and standard deviation of a normal distribution cut to a range.

    By quadrature over the part that has weight: the closed form loses its digits where the centre lies far outside
    the range, or the range is narrow.
    """
    import numpy as np

    peak = min(max(centre, least), most)
    slope = (peak - centre) / width
    root = math.sqrt(slope * slope + 2 * DEPTH)
    bottom = max(least, peak - width * (root + slope))
    top = min(most, peak + width * 2 * DEPTH / (root + slope))
    if slope < 0:
        bottom = max(least, peak - width * 2 * DEPTH / (root - slope))
    nodes, weights = _rule()
    offsets = (bottom - peak) + (top - bottom) * nodes
    steps = offsets / width
    density = weights * np.exp(-steps * (slope + steps / 2))
    density /= density.sum()
    mean = float(density @ offsets)
    return peak + mean, math.sqrt(float(density @ (offsets - mean) ** 2))


@lru_cache(maxsize=1024)
def truncated_from_moments(mean: float, deviation: float, least: float, most: float) -> tuple[float, float]:
    """Return centre and width of the normal whose part between least and most has this mean and standard deviation.

    For a given width the mean rises with the centre, and at that centre the standard deviation rises with the width
    (the normals cut to a range are an exponential family), so one root stands within the other.
    """
    # In units of the standard deviation from the mean.
    below, above = (least - mean) / deviation, (most - mean) / deviation
    if below >= 0 or above <= 0:
        raise Unmet(f"The mean {mean:g} does not lie between {least:g} and {most:g}: mend one of them.")
    if -below > FAR and above > FAR:
        return mean, deviation

    def centre(width: float) -> float:
        # Mills' ratio: a normal whose centre lies so far outside has its mean nearer to that end.
        start = 0.0 if below == -math.inf else below + width * width / below
        stop = 0.0 if above == math.inf else above + width * width / above
        return _root(lambda point: truncated_moments(point, width, below, above)[0], start, stop)

    def reached(width: float) -> float:
        return truncated_moments(centre(width), width, below, above)[1]

    widest = WIDEST * min(-below, above)
    if widest <= 1 or reached(widest) <= 1:
        raise Unmet(
            f"standard_error is {deviation:g}, but a truncated normal {_range(least, most)} with mean {mean:g} has at"
            f" most {reached(widest) * deviation:.3g}: lower it, or use another shape."
        )
    width = _root(lambda trial: reached(trial) - 1, 1, widest)
    return mean + deviation * centre(width), deviation * width


@lru_cache(maxsize=1024)
def truncated_between(low: float, high: float, interval: float, least: float, most: float) -> tuple[float, float]:
    """Return centre and width of the normal whose part between least and most has low and high as quantiles.

    Among those with the one quantile at low, the share above high rises with the width.
    """
    # In units of the distance from low to high, from low.
    unit, below = high - low, tail(interval)
    start, stop = (least - low) / unit, (most - low) / unit
    normal = 0.5 / deviations(interval)
    if start >= 0 or stop <= 1:
        raise Unmet(
            f"low and high are {low:g} and {high:g}, but a truncated normal {_range(least, most)} has something on"
            " either side: move them inside, or use another shape."
        )
    unmet = (
        f"No truncated normal {_range(least, most)} has {interval:g} of its weight from {low:g} to {high:g}:"
        " bring them nearer to each other, or use another shape."
    )
    if 0.5 - start > FAR * normal and stop - 0.5 > FAR * normal:
        return low + unit * 0.5, unit * normal

    def centre(width: float) -> float:
        def miss(point: float) -> float:
            ends = [(end - point) / width for end in (start, 0, stop)]
            return math.log(below) - (_log_mass(ends[0], ends[1]) - _log_mass(ends[0], ends[2]))

        # As far as a limit that no such normal needs: by then low is too near to the end of the range.
        reaches = [FURTHEST**power * (1 + width) for power in (0, 0.5, 1)]
        left = next((-reach for reach in reaches if miss(-reach) <= 0), None)
        right = next((reach for reach in reaches if miss(reach) >= 0), None)
        if left is None or right is None:
            raise Unmet(unmet)
        return _root(miss, left, right)

    def missed(width: float) -> float:
        point = centre(width)
        ends = [(end - point) / width for end in (start, 1, stop)]
        return _log_mass(ends[1], ends[2]) - _log_mass(ends[0], ends[2]) - math.log(below)

    widest = WIDEST * min(stop, 1 - start)
    if missed(widest) < 0:
        raise Unmet(unmet)
    narrowest = normal
    while missed(narrowest) > 0:
        narrowest /= 2
    width = _root(missed, narrowest, widest)
    return low + unit * centre(width), unit * width


def _range(least: float, most: float) -> str:
    if math.isinf(most):
        return f"above {least:g}"
    return f"below {most:g}" if math.isinf(least) else f"from {least:g} to {most:g}"


def _log_mass(start: float, stop: float) -> float:
    """Return the logarithm of a standard normal's weight from start to stop, exact in both tails."""
    from scipy import special

    if start > 0:
        start, stop = -stop, -start
    upper, lower = float(special.log_ndtr(stop)), float(special.log_ndtr(start))
    return upper + _log(-math.expm1(lower - upper))


def _log(number: float) -> float:
    """Return the logarithm, with that of 0 taken as minus infinity."""
    return math.log(number) if number > 0 else -math.inf


def _root(function: Callable[[float], float], start: float, stop: float) -> float:
    from scipy import optimize

    first, last = function(start), function(stop)
    # The bracket's end may itself be the root, to rounding.
    if first * last >= 0:
        return start if abs(first) <= abs(last) else stop
    return float(optimize.brentq(function, start, stop, xtol=CLOSEST, rtol=CLOSEST))
