"""Distributions give back what was stated, and tables agree with the exact functions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from sroi import reference, shapes
from sroi.schema import Parameter
from sroi.spread import Spread
from sroi.uncertainty.distributions import Distribution, default_spread, distribution


def made(value: float = 0.0, *, share: bool = False, **stated: Any) -> Distribution:
    spread = Spread(**stated)
    assert not list(spread.problems(value, share=share))
    return distribution(spread, value, share=share)


def at(found: Distribution, *u: float) -> list[float]:
    return found.ppf(np.array(u)).tolist()


def moments(found: Distribution) -> tuple[float, float]:
    """Mean and standard deviation by integrating the quantile function with 200,000 midpoints."""
    u = (np.arange(200_000) + 0.5) / 200_000
    draws = found.ppf(u)
    return float(draws.mean()), float(draws.std())


INTERVALS: list[dict[str, Any]] = [
    {"shape": "uniform", "low": 2.0, "high": 5.0, "interval": 0.9},
    {"shape": "triangular", "low": 2.0, "high": 5.0, "mode": 2.5, "interval": 0.9},
    {"shape": "pert", "low": 2.0, "high": 5.0, "mode": 4.0, "interval": 0.8},
    {"shape": "normal", "low": 2.0, "high": 5.0, "interval": 0.95},
    {"shape": "truncated_normal", "low": 0.5, "high": 5.0, "interval": 0.95},
    {"shape": "lognormal", "low": 2.0, "high": 5.0, "interval": 0.95},
    {"shape": "gamma", "low": 2.0, "high": 5.0, "interval": 0.95},
]


@pytest.mark.parametrize("stated", INTERVALS, ids=lambda stated: stated["shape"])
def test_an_interval_comes_out_again(stated: dict[str, Any]) -> None:
    below = (1 - stated["interval"]) / 2
    found = made(3.0, **stated)
    assert at(found, below, 1 - below) == pytest.approx([stated["low"], stated["high"]], rel=1e-9)


def test_shapes_between_minimum_and_maximum() -> None:
    # Triangular 0, 2, 10: a share 2/10 lies below the mode; the median from the right: 10 - sqrt(0.5 * 10 * 8).
    found = made(2.0, shape="triangular", low=0.0, high=10.0)
    assert at(found, 0.2, 0.5) == pytest.approx([2.0, 10 - math.sqrt(40)])
    # PERT: mean (low + 4 mode + high) / 6, here (0 + 8 + 10) / 6; it is a beta with 1 + 4 * 0.2 and 1 + 4 * 0.8.
    found = made(2.0, shape="pert", low=0.0, high=10.0)
    assert moments(found)[0] == pytest.approx(3.0, rel=1e-6)
    assert at(found, 0.3) == pytest.approx([10 * stats.beta(1.8, 4.2).ppf(0.3)])
    found = made(2.0, shape="uniform", low=0.0, high=10.0)
    assert at(found, 0.25) == [2.5]
    assert (found.low, found.high) == (0.0, 10.0)


@pytest.mark.parametrize("shape", ["normal", "lognormal", "gamma", "truncated_normal"])
def test_mean_and_standard_error_come_out_again(shape: str) -> None:
    mean, sd = moments(made(3.0, shape=shape, standard_error=1.5))
    assert mean == pytest.approx(3.0, rel=1e-4)
    assert sd == pytest.approx(1.5, rel=1e-3)


def test_beta_from_mean_and_n() -> None:
    # a = 0.3 * 50 = 15, b = 35: variance 0.3 * 0.7 / 51.
    mean, sd = moments(made(0.3, share=True, shape="beta", n=50))
    assert mean == pytest.approx(0.3, rel=1e-5)
    assert sd == pytest.approx(math.sqrt(0.21 / 51), rel=1e-3)


def test_discrete_values_have_their_weights() -> None:
    found = made(1.0, shape="discrete", values=(3.0, 1.0, 2.0), weights=(0.2, 0.5, 0.3))
    draws = found.quantile(np.random.default_rng(1).random(100_000))
    shares = [float((draws == value).mean()) for value in (1.0, 2.0, 3.0)]
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=4 * math.sqrt(0.25 / 100_000))
    assert set(np.unique(draws)) == {1.0, 2.0, 3.0}


@pytest.mark.parametrize("stated", [{"shape": "beta", "n": 3}, {"shape": "truncated_normal", "standard_error": 0.25}])
def test_shares_stay_shares_by_their_distribution(stated: dict[str, Any]) -> None:
    found = made(0.4, share=True, **stated)
    draws = found.quantile(np.random.default_rng(1).random(200_000))
    assert 0 < draws.min() < draws.max() < 1
    assert np.unique(draws).size == draws.size, "no heap at either end: nothing is clipped"
    assert draws.mean() == pytest.approx(0.4, abs=4 * draws.std() / math.sqrt(200_000))


def test_a_share_that_would_leave_its_range_is_refused() -> None:
    spread = Spread(shape="triangular", low=0.02, high=0.5, mode=0.05, interval=0.5)
    with pytest.raises(shapes.Unmet, match="use a beta or truncated_normal spread"):
        distribution(spread, 0.05, share=True)


TABLES: list[tuple[float, bool, dict[str, Any]]] = [
    (3.0, False, {"shape": "normal", "standard_error": 1.0}),
    (3.0, False, {"shape": "lognormal", "standard_error": 1.0}),
    (3.0, False, {"shape": "gamma", "standard_error": 1.0}),
    (3.0, False, {"shape": "pert", "low": 1.0, "high": 9.0}),
    (3.0, False, {"shape": "triangular", "low": 1.0, "high": 9.0}),
    (0.3, True, {"shape": "truncated_normal", "standard_error": 0.2}),
    (0.3, True, {"shape": "beta", "n": 20}),
    (3.0, False, {"shape": "uniform", "low": 1.0, "high": 9.0}),
]


@pytest.mark.parametrize(
    ("value", "share", "stated"), TABLES, ids=lambda each: each["shape"] if isinstance(each, dict) else ""
)
def test_tables_agree_with_the_exact_function(value: float, share: bool, stated: dict[str, Any]) -> None:
    found = made(value, share=share, **stated)
    middle = np.linspace(1e-3, 1 - 1e-3, 100_001)
    tails = np.geomspace(1e-6, 1e-3, 2_000)
    u = np.concatenate([tails, middle, 1 - tails])
    sd = moments(found)[1]
    assert np.abs(found.quantile(u) - found.ppf(u)).max() < 5e-4 * sd
    inner = (u > 0.01) & (u < 0.99)
    assert np.abs(found.quantile(u) - found.ppf(u))[inner].max() < 1e-4 * sd
    # Beyond the knots the exact function is used, to the last bit.
    far = np.array([1e-9, 1e-6, 1 - 1e-6, 1 - 1e-9])
    assert np.array_equal(found.quantile(far), found.ppf(far))


def test_a_number_gives_the_same_bits_alone_and_among_others() -> None:
    found = made(3.0, shape="lognormal", standard_error=1.0)
    u = np.random.default_rng(1).random(5_000)
    together = found.quantile(u)
    assert all(found.quantile(u[i : i + 1])[0] == together[i] for i in range(0, 5_000, 7))
    assert np.array_equal(np.concatenate([found.quantile(u[:1_234]), found.quantile(u[1_234:])]), together)


def test_quantiles_never_fall() -> None:
    for value, share, stated in TABLES:
        draws = made(value, share=share, **stated).quantile(np.linspace(0, 1, 300_001)[1:-1])
        assert (np.diff(draws) >= -1e-12).all(), stated["shape"]


def parameter(value: float, unit: str, grade: str, **more: Any) -> Parameter:
    return Parameter(label="A", value=value, unit=unit, source="assumption", grade=grade, note="x", **more)  # type: ignore[arg-type]


def test_the_preset_by_grade() -> None:
    widths = reference.spread_presets()["by_grade"].width
    assert list(widths) == list("ABCDEF")
    assert list(widths.values()) == sorted(widths.values())
    spread = default_spread(parameter(200.0, "people", "C"), "by_grade")
    assert spread is not None
    assert (spread.shape, spread.low, spread.high) == ("pert", 160.0, 240.0)
    # A share of 0.9 at grade F: half of 0.1 on either side. A negative number goes both ways too.
    share = default_spread(parameter(0.9, "share", "F"), "by_grade")
    assert share is not None
    assert (share.low, share.high) == pytest.approx((0.85, 0.95))
    negative = default_spread(parameter(-10.0, "people", "B"), "by_grade")
    assert negative is not None
    assert (negative.low, negative.high) == (-11.0, -9.0)
    bounded = default_spread(parameter(10.0, "people", "F", minimum=9.0), "by_grade")
    assert bounded is not None
    assert (bounded.low, bounded.high) == (9.0, 15.0)
    assert default_spread(parameter(0.0, "people", "F"), "by_grade") is None
    assert default_spread(parameter(1.0, "share", "F"), "by_grade") is None


# To 1e-9, by scipy's own moments and quantile functions ---------------------------------------------------------------

MOMENTS: list[tuple[float, bool, dict[str, Any], float, float]] = [
    (3.0, False, {"shape": "normal", "standard_error": 1.5}, 3.0, 1.5),
    (3.0, False, {"shape": "lognormal", "standard_error": 1.5}, 3.0, 1.5),
    (3.0, False, {"shape": "gamma", "standard_error": 1.5}, 3.0, 1.5),
    (9.0, False, {"shape": "gamma", "mean": 3.0, "standard_error": 1.5}, 3.0, 1.5),
    (3.0, False, {"shape": "truncated_normal", "standard_error": 2.7}, 3.0, 2.7),
    (-3.0, False, {"shape": "truncated_normal", "standard_error": 2.7}, -3.0, 2.7),
    (0.1, True, {"shape": "truncated_normal", "standard_error": 0.09}, 0.1, 0.09),
    (0.5, True, {"shape": "truncated_normal", "standard_error": 0.28}, 0.5, 0.28),
    (3.0, False, {"shape": "truncated_normal", "standard_error": 1.0, "low": 1.0, "high": 6.0}, 3.0, 1.0),
    (0.3, True, {"shape": "beta", "n": 50}, 0.3, math.sqrt(0.21 / 51)),
    # Minimum 1, mode 3, maximum 9. PERT: mean 22/6, sd sqrt((mean - 1) (9 - mean) / 7). Triangular: mean 13/3,
    # variance (1 + 9 + 81 - 3 - 9 - 27) / 18. Uniform: mean 5, variance 64 / 12.
    (3.0, False, {"shape": "pert", "low": 1.0, "high": 9.0}, 22 / 6, math.sqrt(16 / 6 * 32 / 6 / 7)),
    (3.0, False, {"shape": "triangular", "low": 1.0, "high": 9.0}, 13 / 3, math.sqrt(52 / 18)),
    (3.0, False, {"shape": "uniform", "low": 1.0, "high": 9.0}, 5.0, math.sqrt(64 / 12)),
    (3.0, False, {"shape": "discrete", "values": (1.0, 3.0, 1.0), "weights": (0.25, 0.5, 0.25)}, 2.0, 1.0),
    (3.0, False, {"shape": "fixed"}, 3.0, 0.0),
]


@pytest.mark.parametrize(("value", "share", "stated", "mean", "sd"), MOMENTS)
def test_moments_to_nine_digits(value: float, share: bool, stated: dict[str, Any], mean: float, sd: float) -> None:
    found = made(value, share=share, **stated)
    assert (found.mean, found.sd) == pytest.approx((mean, sd), rel=1e-9)
    # The quantile function is that of a distribution with these moments: Gauss-Legendre over the normal deviate.
    deviates, weights = np.polynomial.legendre.leggauss(2_000)
    weights = 9 * weights * stats.norm.pdf(9 * deviates)
    draws = found.ppf(stats.norm.cdf(9 * deviates))
    tolerance = 1e-9 if stated["shape"] not in ("triangular", "discrete") else 1e-2
    assert weights @ draws == pytest.approx(mean, rel=tolerance, abs=tolerance)
    assert math.sqrt(weights @ (draws - mean) ** 2) == pytest.approx(sd, rel=max(tolerance, 1e-7), abs=tolerance)


def test_a_mean_beside_a_normal_interval_is_refused() -> None:
    """The interval has a middle of its own; with another mean its ends would not be the quantiles that are stated."""
    (problem,) = Spread(shape="normal", low=1.0, high=5.0, interval=0.95, mean=4.0).problems(3.0, share=False)
    assert "does not use mean: take it out." in problem


AROUND: list[tuple[dict[str, Any], float, float, dict[str, Any]]] = [
    ({"shape": "pert", "low": 50, "high": 200}, 100, 10, {"low": 5, "high": 20}),
    ({"shape": "normal", "standard_error": 3}, 10, 20, {"standard_error": 6}),
    ({"shape": "normal", "standard_error": 3}, -10, -20, {"standard_error": 6}),
    ({"shape": "pert", "low": -3, "high": -1, "mode": -1.5}, -2, -4, {"low": -6, "high": -2, "mode": -3}),
    # A share near 1: distances to 1 are halved. 0.5 is 0.4 below 0.9, and 0.95 as far below 1 as half of 0.1.
    ({"shape": "pert", "low": 0.5, "high": 1.0}, 0.9, 0.95, {"low": 0.75, "high": 1.0}),
    # Across 0 a spread is moved: it has no size in proportion.
    ({"shape": "normal", "standard_error": 3}, 10, -20, {"standard_error": 3}),
    ({"shape": "uniform", "low": -1, "high": 1}, 0, 5, {"low": 4, "high": 6}),
    ({"shape": "discrete", "values": (1, 3), "weights": (0.5, 0.5)}, 2, 4, {"values": (2, 6)}),
    ({"shape": "beta", "n": 20}, 0.3, 0.4, {"n": 20}),
]


@pytest.mark.parametrize(("stated", "was", "value", "expected"), AROUND)
def test_a_spread_about_another_value(
    stated: dict[str, Any], was: float, value: float, expected: dict[str, Any]
) -> None:
    around = Spread(**stated).around(value, was)
    for key, number in expected.items():
        assert getattr(around, key) == pytest.approx(number, rel=1e-12), key


def test_the_truncated_normal_is_cut_on_the_side_of_its_value() -> None:
    assert made(3.0, shape="truncated_normal", standard_error=2.0).low == 0
    assert made(-3.0, shape="truncated_normal", standard_error=2.0).high == 0
    assert made(0.3, share=True, shape="truncated_normal", standard_error=0.2).high == 1
    cut = made(-1.0, shape="truncated_normal", low=-5.0, high=-0.1, interval=0.9)
    assert (cut.low, cut.high) == (-math.inf, 0)
    assert at(cut, 0.05, 0.95) == pytest.approx([-5.0, -0.1], rel=1e-9)


SHAPES = ["triangular", "pert", "uniform", "normal", "truncated_normal", "lognormal", "beta", "gamma", "discrete"]
numbers = st.one_of(
    st.floats(-10, 10), st.floats(0, 1), st.floats(allow_nan=False, allow_infinity=False), st.integers(-5, 5).map(float)
)
maybe = st.one_of(st.none(), numbers)


@st.composite
def spreads(draw: Any) -> tuple[Spread, float, bool]:
    """Mostly in order, sometimes not: low, value and high are sorted numbers more often than not."""
    shape = draw(st.sampled_from(SHAPES))
    low, value, high = sorted((draw(numbers), draw(numbers), draw(numbers)))
    stated: dict[str, Any] = {"shape": shape}
    if shape == "discrete":
        many = draw(st.lists(numbers, min_size=1, max_size=4))
        return Spread(**stated, values=tuple(many), weights=(1 / len(many),) * len(many)), value, draw(st.booleans())
    if draw(st.booleans()) and shape not in ("triangular", "pert", "uniform"):
        stated |= {"n": abs(draw(numbers))} if shape == "beta" else {"standard_error": abs(draw(numbers))}
        stated["mean"] = draw(maybe)
        if shape == "truncated_normal" and draw(st.booleans()):
            stated |= {"low": low, "high": high}
    else:
        stated |= {"low": low, "high": high}
        if shape not in ("triangular", "pert", "uniform", "beta") or draw(st.booleans()):
            stated["interval"] = draw(st.one_of(st.floats(0.01, 0.9999), st.sampled_from([0.5, 0.8, 0.95])))
        if shape in ("triangular", "pert", "beta"):
            stated["mode"] = draw(maybe)
    return Spread(**stated), value, draw(st.booleans())


@settings(max_examples=1_000, deadline=None)
@given(spreads())
def test_every_accepted_spread_can_be_drawn(drawn: tuple[Spread, float, bool]) -> None:
    spread, value, share = drawn
    assume(not list(spread.problems(value, share=share)))
    found = distribution(spread, value, share=share)
    ends = np.concatenate([np.geomspace(1e-15, 1e-3, 40), [0.01, 0.1]])
    u = np.concatenate([ends, np.linspace(0.2, 0.8, 20), 1 - ends[::-1]])
    exact = found.ppf(u)
    assert np.isfinite(exact).all()
    assert (np.diff(exact) >= -1e-9 * found.sd).all()
    assert ((exact >= found.low) & (exact <= found.high)).all()
    assert not share or (found.low >= 0 and found.high <= 1)
    quick = found.quantile(u)
    assert ((quick >= found.low) & (quick <= found.high)).all()
    if spread.shape != "discrete":
        # Of a lognormal as wide as this draws them, tails lie thousands of standard deviations away: there the error
        # is small beside the number itself.
        assert (np.abs(quick - exact) <= 1e-4 * found.sd + 1e-5 * np.abs(exact)).all()
    if spread.interval is not None and spread.mean is None:
        below = shapes.tail(spread.interval)
        width = spread.high - spread.low  # type: ignore[operator]
        near = 1e-9 * width + 1e-12 * np.abs(exact).max()
        assert found.ppf(np.array([below, 1 - below])) == pytest.approx([spread.low, spread.high], abs=near, rel=1e-9)


@pytest.mark.parametrize(("value", "share", "stated"), TABLES)
def test_tables_are_finer_than_they_need_be(value: float, share: bool, stated: dict[str, Any]) -> None:
    found = made(value, share=share, **stated)
    tails = np.geomspace(1e-6, 0.25, 50_001)
    u = np.concatenate([tails, np.linspace(0.25, 0.75, 50_001), 1 - tails])
    assert np.abs(found.quantile(u) - found.ppf(u)).max() < 1e-5 * found.sd


@pytest.mark.parametrize(
    ("value", "share", "stated", "said"),
    [
        (
            1.0,
            False,
            {"shape": "lognormal", "standard_error": 20.0},
            "more than 10 times the mean 1: so wide a logn",
        ),
        (
            1.0,
            False,
            {"shape": "gamma", "standard_error": 20.0},
            "more than 10 times the mean 1: so wide a gamma",
        ),
        (1.0, False, {"shape": "gamma", "standard_error": 1e-4}, "so small beside the mean 1 that a gamma spread is a"),
        (1.0, False, {"shape": "gamma", "low": 1e-90, "high": 5.0, "interval": 0.01}, "No gamma spread reaches from"),
        (
            1.0,
            False,
            {"shape": "gamma", "low": 0.99999, "high": 1.00001, "interval": 0.9},
            "a gamma spread is a norm",
        ),
        (1.0, False, {"shape": "lognormal", "low": 1e-50, "high": 1e50, "interval": 0.9}, "has no mean to speak of"),
        (0.0, True, {"shape": "beta", "n": 10}, "The mean 0 of 10 observations is too near to 0 or 1"),
        (1.0, True, {"shape": "beta", "n": 10}, "The mean 1 of 10 observations is too near to 0 or 1"),
        (
            0.1,
            True,
            {"shape": "truncated_normal", "standard_error": 0.5},
            "with mean 0.1 has at most 0.0996",
        ),
        (0.0, False, {"shape": "truncated_normal", "standard_error": 1.0}, "The mean 0 does not lie between 0 and inf"),
        (
            5.0,
            False,
            {"shape": "truncated_normal", "low": -3.0, "high": 9.0, "interval": 0.9},
            "a truncated normal above 0 has something on either side",
        ),
        (
            0.5,
            False,
            {"shape": "truncated_normal", "low": 0.001, "high": 1.0, "interval": 0.95},
            "No truncated normal above 0 has 0.95 of its weight from 0.001 to 1",
        ),
        (0.3, True, {"shape": "pert", "low": 0.02, "high": 0.5, "interval": 0.5}, "A share stays between 0 and 1: use"),
    ],
)
def test_what_no_distribution_meets(value: float, share: bool, stated: dict[str, Any], said: str) -> None:
    (problem,) = Spread(**stated).problems(value, share=share)
    assert said in problem
    assert problem.endswith(".")
