"""Distributions give back what was stated, and tables agree with the exact functions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
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
