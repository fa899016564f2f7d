"""Uniform numbers: one stream for each name, any part by itself, correlations as stated."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy import stats

import sroi
from sroi.correlation import smallest_impossible
from sroi.uncertainty.sampling import METHODS, Sampler
from sroi.uncertainty.sobol import SobolPoints

NAMES = ["a", "b", "c"]


def uniforms(sampler: Sampler, start: int, stop: int) -> dict[str, np.ndarray]:
    return dict(sampler.uniforms(start, stop))


each_method = pytest.mark.parametrize("method", METHODS)


@each_method
def test_any_part_is_the_part_of_the_whole(method: str) -> None:
    whole = uniforms(Sampler(NAMES, 5_000, 1, method), 0, 5_000)
    sampler = Sampler(NAMES, 5_000, 1, method)
    for start, stop in ((0, 1), (1, 1_000), (1_000, 1_001), (4_000, 5_000), (0, 7), (123, 3_210)):
        part = uniforms(sampler, start, stop)
        for name in NAMES:
            assert np.array_equal(part[name], whole[name][start:stop]), (name, start)


@each_method
def test_numbers_are_uniform_and_inside(method: str) -> None:
    for name, u in uniforms(Sampler(NAMES, 20_000, 3, method), 0, 20_000).items():
        assert 0 < u.min() < u.max() < 1, name
        assert u.mean() == pytest.approx(0.5, abs=4 / math.sqrt(12 * 20_000))
        assert stats.kstest(u, "uniform").pvalue > 1e-4, name


@pytest.mark.parametrize("method", ["monte_carlo", "latin_hypercube"])
def test_another_name_moves_no_stream(method: str) -> None:
    few, more = (uniforms(Sampler(names, 1_000, 1, method), 0, 1_000) for names in (["b"], ["z", "a", "b"]))
    assert np.array_equal(few["b"], more["b"])
    assert not np.array_equal(more["a"], more["b"])


@each_method
def test_another_seed_gives_other_draws(method: str) -> None:
    one, other = (uniforms(Sampler(["a"], 100, seed, method), 0, 100)["a"] for seed in (1, 2))
    assert not np.array_equal(one, other)


def test_a_latin_hypercube_has_one_draw_in_each_stratum() -> None:
    u = uniforms(Sampler(["a"], 1_000, 1, "latin_hypercube"), 0, 1_000)["a"]
    assert np.array_equal(np.sort(np.floor(u * 1_000)), np.arange(1_000))


def test_sobol_points_integrate_better() -> None:
    def miss(method: str) -> float:
        u = uniforms(Sampler(NAMES, 4_096, 1, method), 0, 4_096)
        return abs(float((u["a"] * u["b"] + u["c"] ** 2).mean()) - (0.25 + 1 / 3))

    assert miss("sobol") < miss("monte_carlo") / 10


@each_method
def test_a_stated_rank_correlation_is_recovered(method: str) -> None:
    pairs = {("a", "b"): 0.6, ("b", "c"): -0.3}
    draws = 100_000
    u = uniforms(Sampler([*NAMES, "d"], draws, 1, method, pairs), 0, draws)
    for pair, rank in {**pairs, ("a", "d"): 0.0}.items():
        found = stats.spearmanr(u[pair[0]], u[pair[1]]).statistic
        assert found == pytest.approx(rank, abs=4 / math.sqrt(draws)), pair
    plain = uniforms(Sampler([*NAMES, "d"], draws, 1, method), 0, draws)
    assert np.array_equal(u["a"], plain["a"]), "the first of a group keeps its own draws"
    assert np.array_equal(u["d"], plain["d"]), "who is not correlated keeps its own draws"
    assert stats.kstest(u["b"], "uniform").pvalue > 1e-4


@each_method
def test_what_is_not_wanted_moves_no_draw(method: str) -> None:
    """Not even where it is correlated with what is: a scenario that holds one number draws the others alike."""
    pairs = {("a", "b"): 0.6}
    whole = uniforms(Sampler(NAMES, 1_000, 1, method, pairs), 0, 1_000)
    for wanted in (["b", "c"], ["c"], ["a"], []):
        part = uniforms(Sampler(NAMES, 1_000, 1, method, pairs, wanted), 0, 1_000)
        assert list(part) == wanted
        for name in wanted:
            assert np.array_equal(part[name], whole[name]), name


def test_sobol_points_are_those_of_scipy() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy would rather have a power of 2
        engine = stats.qmc.Sobol(5, scramble=True, bits=30, rng=np.random.default_rng(7))
        whole = engine.random(70_000).T + 0.5**31
    points = SobolPoints(5, 70_000, 7)
    for start, stop in ((0, 70_000), (69_999, 70_000), (16_000, 40_000), (3, 4)):
        assert np.array_equal(np.array(list(points.rows(start, stop))), whole[:, start:stop])


def test_a_late_part_costs_no_more_than_an_early_one() -> None:
    """And any thread may ask for any part: nothing is remembered from one to the next."""
    points = SobolPoints(2, 100_000_000, 1)
    late = np.array(list(points.rows(99_990_000, 100_000_000)))
    assert np.array_equal(np.array(list(points.rows(99_999_000, 100_000_000))), late[:, -1_000:])


def test_perfect_correlations_work() -> None:
    u = uniforms(
        Sampler(NAMES, 1_000, 1, "monte_carlo", {("a", "b"): 1.0, ("a", "c"): -1.0, ("b", "c"): -1.0}), 0, 1_000
    )
    assert u["b"] == pytest.approx(u["a"], abs=1e-9)
    assert u["c"] == pytest.approx(1 - u["a"], abs=1e-9)


def test_impossible_correlations_name_the_smallest_set_that_fails() -> None:
    # a and b together, b and c together, a and c opposed: no three numbers do that. d is innocent.
    pairs = {("d", "a"): 0.1, ("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
    assert set(smallest_impossible(["d", "a", "b", "c"], pairs)) == {"a", "b", "c"}
    with pytest.raises(sroi.ServiceError, match="correlations of a, b, c contradict each other"):
        Sampler([*NAMES, "d"], 10, 1, "monte_carlo", pairs)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"draws": 0}, "draws is 0. Write a whole number from 1 to 100,000,000."),
        ({"draws": 200_000_000}, "draws is 200000000. Write a whole number from 1 to 100,000,000."),
        ({"draws": True}, "draws is True. Write a whole number"),
        ({"draws": 10.5}, "draws is 10.5. Write a whole number"),
        ({"seed": -1}, "seed is -1. Write a whole number of at least 0."),
        ({"method": "sobel"}, "method is 'sobel'. Did you mean 'sobol'?"),
        ({"method": "latin_hypercube", "draws": 2_000_000}, "A Latin hypercube takes at most 1,000,000"),
    ],
)
def test_what_cannot_be_asked_for(asked: dict[str, object], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        Sampler(NAMES, **{"draws": 10, "seed": 1, **asked})  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_more_parameters_than_a_sobol_sequence_has_dimensions() -> None:
    with pytest.raises(sroi.ServiceError, match="at most 21,201 dimensions"):
        Sampler([str(number) for number in range(21_202)], 8, 1, "sobol")
