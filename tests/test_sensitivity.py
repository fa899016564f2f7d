"""What matters and what to measure next: closed forms, published test functions, and sums that are exact."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_service import number, service
from test_simulation import LOGNORMAL, NORMAL, SE, plain

import sroi
from sroi import charts_uncertain
from sroi.uncertainty import information, pictures, variance
from sroi.uncertainty.shapley import shapley

PHI = NormalDist()


# Value of information -------------------------------------------------------------------------------------------------


def perfect(mean: float, sd: float) -> float:
    """EVPI of two options whose difference is N(mean, sd), as the method page has it."""
    return sd * PHI.pdf(mean / sd) - abs(mean) * PHI.cdf(-abs(mean) / sd)


@pytest.mark.parametrize("mean", [-200.0, -20.0, 20.0, 300.0])
def test_perfect_information_on_a_normal_difference(mean: float) -> None:
    gain = np.random.default_rng(1).normal(mean, 250, 100_000)
    found = information.evpi(np.column_stack([np.zeros(gain.size), gain]))
    assert found.value == pytest.approx(perfect(mean, 250), abs=SE * found.standard_error)
    assert found.chosen == int(mean > 0)
    assert found.chance_wrong == pytest.approx(PHI.cdf(-abs(mean) / 250), abs=0.01)


def linear(draws: int, mean: float, seed: int = 1) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Difference = mean + 3 a + 2 b + c with standard normal a, b, c; d does not matter."""
    drawn = np.random.default_rng(seed).standard_normal((draws, 4))
    gain = mean + drawn @ np.array([3.0, 2.0, 1.0, 0.0])
    return drawn, np.column_stack([np.zeros(draws), gain])


@pytest.mark.parametrize("mean", [-1.0, 0.5, 3.0])
@pytest.mark.parametrize(
    ("columns", "sd"), [([0], 3), ([1], 2), ([2], 1), ([0, 1], math.sqrt(13)), ([0, 1, 2], math.sqrt(14))]
)
def test_partial_information_in_the_linear_normal_problem(columns: list[int], sd: float, mean: float) -> None:
    drawn, benefits = linear(100_000, mean)
    found = information.evppi(drawn[:, columns], benefits)
    assert found.value == pytest.approx(perfect(mean, sd), abs=SE * found.standard_error + 0.002)
    assert found.chance_changes == pytest.approx(PHI.cdf(-abs(mean) / sd), abs=0.02)
    assert found.value <= information.evpi(benefits).value + 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_what_does_not_matter_is_worth_nothing(seed: int) -> None:
    drawn, benefits = linear(10_000, 0.5, seed)
    found = information.evppi(drawn[:, 3], benefits)
    assert found.value <= 3 * found.standard_error


def test_a_kink_and_a_group_of_values() -> None:
    """max(x - 1, 0) - 0.1 with x ~ N(0, 1), blurred: worth knowing x is E max(0, that) - max(0, E that)."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal(200_000)
    gain = np.maximum(x - 1, 0) - 0.1
    grid = PHI.inv_cdf
    points = np.array([grid((i + 0.5) / 20_000) for i in range(20_000)])
    exact = np.maximum(points - 1, 0) - 0.1
    expected = np.maximum(exact, 0).mean() - max(0.0, exact.mean())
    found = information.evppi(x, np.column_stack([np.zeros(x.size), gain + rng.normal(0, 0.5, x.size)]))
    assert found.value == pytest.approx(expected, abs=SE * found.standard_error)
    # Of three values each its own mean: -1, 0.5, 0.2, a third each; known, two of them are taken: 0.7 / 3.
    group = rng.integers(0, 3, 60_000)
    gain = np.array([-1.0, 0.5, 0.2])[group] + rng.normal(0, 1, group.size)
    found = information.evppi(group.astype(float), np.column_stack([np.zeros(gain.size), gain]))
    assert found.value == pytest.approx(0.7 / 3, abs=SE * found.standard_error)


def test_three_options() -> None:
    """Net benefits 0, a and b, both standard normal: E max(0, a, b) is 3 / (2 sqrt(pi)) E-max formula for one known."""
    drawn = np.random.default_rng(1).standard_normal((100_000, 2))
    benefits = np.column_stack([np.zeros(100_000), drawn])
    # E max of three independent standard normals less their mean is 3 / (2 sqrt(pi)); here one of the three is 0:
    # E max(0, a, b) by integration of 1 - F^2 above 0.
    grid = np.linspace(0, 8, 80_001)
    at_most = np.array([PHI.cdf(value) for value in grid])
    expected = float(np.trapezoid(1 - at_most**2, grid))
    found = information.evpi(benefits)
    assert found.value == pytest.approx(expected, abs=SE * found.standard_error + 0.01)
    with pytest.raises(ValueError, match="not numbers"):
        information.evpi(np.array([[0.0, math.nan]]))


def test_information_on_a_service() -> None:
    """NPSV = 100 worth - 500 with worth ~ N(6, 3): N(100, 300). Only worth varies: knowing it is knowing all."""
    file = plain(worth={"shape": "normal", "standard_error": 3.0, "mean": 6.0})
    simulation = sroi.simulate(file, 100_000, preset=None)
    everything = sroi.perfect_information(simulation, decisions=10)
    assert everything["value"] == pytest.approx(perfect(100, 300), abs=SE * everything["standard_error"])
    assert everything["all_decisions"] == 10 * everything["value"]
    assert everything["chosen"] == "fund it"
    frame = sroi.parameter_information(simulation)
    assert frame.loc["worth", "value"] == pytest.approx(everything["value"], rel=0.01)
    assert frame.loc["worth", "chance_changes"] == pytest.approx(PHI.cdf(-100 / 300), abs=0.01)
    assert "is worth up to £" in frame.loc["worth", "says"]
    grouped = sroi.parameter_information(simulation, {"a survey": ["worth"]})
    assert grouped.index.tolist() == ["a survey"]
    with pytest.raises(sroi.ServiceError, match="Did you mean 'worth'"):
        sroi.parameter_information(simulation, {"a survey": ["wroth"]})


def test_information_on_a_choice_among_options() -> None:
    """The same draws under two scenarios: the better one is chosen, and half the people is never the best."""
    parameters = {"people": number(50, "people")}
    half = {
        "why": "Fewer",
        "changes": {"people": {"value": parameters["people"]["value"], "why": "x", "source": "study"}},
    }
    file = sroi.Service.model_validate({**plain(worth=NORMAL).model_dump(by_alias=True), "scenarios": {"half": half}})
    options = {name: sroi.simulate(file, 20_000, preset=None, scenario=name) for name in (None, "half")}
    named = {"whole": options[None], "half": options["half"]}
    found = sroi.perfect_information(named)
    # NPSV 100 w - 500 or 50 w - 500: the whole is better whenever w > 0, and pays above 5.
    assert found["chosen"] == "whole"
    assert found["value"] == pytest.approx(perfect(500, 300), abs=SE * found["standard_error"] + 0.5)
    with pytest.raises(sroi.ServiceError, match="drawn differently"):
        sroi.perfect_information({"a": options[None], "b": sroi.simulate(file, 10)})


# Variance -------------------------------------------------------------------------------------------------------------


def ishigami(uniforms: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    x = np.pi * (2 * uniforms - 1)
    found: np.ndarray[Any, Any] = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    return found


def test_indices_of_ishigami() -> None:
    """Ishigami and Homma (1990), a = 7, b = 0.1: first 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437."""
    found = variance.sobol(ishigami, 3, points=8_192, seed=1)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert (found.total_error < 0.05).all()


def test_indices_agree_with_another_package() -> None:
    """SALib's Saltelli sample and Sobol analysis of the same function, within both intervals."""
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    points = sample.sample(problem, 4_096, calc_second_order=False, seed=1)
    theirs = analyze.analyze(problem, ishigami(points.T), calc_second_order=False, seed=1)
    ours = variance.sobol(ishigami, 3, points=4_096, seed=2)
    assert (np.abs(ours.first - theirs["S1"]) <= ours.first_error + theirs["S1_conf"]).all()
    assert (np.abs(ours.total - theirs["ST"]) <= ours.total_error + theirs["ST_conf"]).all()


def test_the_example_of_another_package() -> None:
    """The overview of the R package voi 1.0.3 (Jackson, Heath and others 2024): p1 ~ N(1, 1) less p2 ~ N(0, 2), or 0.

    It states EVPI 0.4798107 exactly, and from 10,000 draws EVPPI 0.08210074 for p1 (standard error 0.0071) and
    0.39029827 for p2, whose error it does not state: the spread of such a mean over 10,000 draws is about 0.01.
    """
    rng = np.random.default_rng(1)
    p1, p2 = rng.normal(1, 1, 200_000), rng.normal(0, 2, 200_000)
    benefits = np.column_stack([np.zeros(200_000), p1 - p2])
    everything = information.evpi(benefits)
    assert everything.value == pytest.approx(0.4798107, abs=SE * everything.standard_error)
    for parameter, stated, error in ((p1, 0.08210074, 0.007093807), (p2, 0.39029827, 0.01)):
        found = information.evppi(parameter, benefits)
        assert found.value == pytest.approx(stated, abs=2 * math.hypot(error, found.standard_error))


def test_partial_information_agrees_with_nested_simulation() -> None:
    """A ratio model without closed form: 2,000 values of one parameter, 2,000 draws of the rest within each."""
    rng = np.random.default_rng(1)

    def gain(a: Any, b: Any) -> Any:
        return 100 * a * b - 55

    outer, inner = rng.beta(4, 4, 2_000), rng.lognormal(0, 0.5, 2_000)
    known = gain(outer[:, None], inner[None, :]).mean(axis=1)
    nested = np.maximum(known, 0).mean() - max(0.0, known.mean())
    a, b = rng.beta(4, 4, 200_000), rng.lognormal(0, 0.5, 200_000)
    found = information.evppi(a, np.column_stack([np.zeros(a.size), gain(a, b)]))
    error = float(np.std(np.maximum(known, 0), ddof=1)) / math.sqrt(2_000)
    assert found.value == pytest.approx(nested, abs=SE * math.hypot(error, found.standard_error))


def test_indices_of_a_product() -> None:
    """(1 + c z) factors: first c_i^2 / V, total c_i^2 prod(1 + c_j^2) / V, V = prod(1 + c^2) - 1."""
    scale = np.array([0.5, 0.3, 0.1])

    def model(uniforms: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = np.prod(1 + scale[:, None] * math.sqrt(12) * (uniforms - 0.5), axis=0)
        return found

    squares = scale**2
    whole = np.prod(1 + squares) - 1
    found = variance.sobol(model, 3, points=8_192, seed=1)
    assert found.first == pytest.approx(squares / whole, abs=0.02)
    assert found.total == pytest.approx(squares * np.prod(1 + squares) / (1 + squares) / whole, abs=0.02)


def test_what_does_not_vary_has_no_indices() -> None:
    found = variance.sobol(lambda uniforms: np.ones(uniforms.shape[1]), 2, points=64, seed=1)
    assert np.isnan(found.first).all()


def test_indices_and_contributions_of_a_service() -> None:
    """People alone, or people and worth: ratios of squared coefficients of variation, 0.3^2 to 0.2^2 for small ones."""
    file = plain(people={"shape": "normal", "standard_error": 3.0}, worth={"shape": "normal", "standard_error": 0.2})
    simulation = sroi.simulate(file, 20_000, preset=None)
    shares = {"people": 9 / 13, "worth": 4 / 13}
    found = sroi.sobol_indices(simulation)
    assert found["first"].to_dict() == pytest.approx(shares, abs=0.02)
    assert found["total"].to_dict() == pytest.approx(shares, abs=0.02)
    frame = sroi.contributions(simulation)
    assert frame["contribution"].to_dict() == pytest.approx(shares, abs=0.02)
    assert frame["contribution"].sum() == pytest.approx(1)


# One at a time --------------------------------------------------------------------------------------------------------


def test_one_way_moves_each_alone() -> None:
    """worth ~ N(10, 3): NPSV from 500 - 1.645 x 300 to 500 + 1.645 x 300; people lognormal: 10 x quantile - 500."""
    simulation = sroi.simulate(plain(people=LOGNORMAL, worth=NORMAL), 100, preset=None)
    frame = sroi.one_way(simulation)
    ends = [500 + 300 * PHI.inv_cdf(p) for p in (0.05, 0.95)]
    assert frame.loc["worth", ["at_low", "at_high"]].tolist() == pytest.approx(ends, rel=1e-9)
    sigma = math.sqrt(math.log(1.09))
    ends = [1_000 * math.exp(-(sigma**2) / 2 + z * sigma) - 500 for z in (PHI.inv_cdf(0.05), PHI.inv_cdf(0.95))]
    assert frame.loc["people", ["at_low", "at_high"]].tolist() == pytest.approx(ends, rel=1e-6)
    assert frame["swing"].is_monotonic_decreasing
    assert set(frame["central"]) == {500.0}


def test_two_way_agrees_with_evaluate() -> None:
    file = plain(people=LOGNORMAL, worth=NORMAL)
    grid = sroi.two_way(sroi.simulate(file, 100, preset=None), "people", "worth", points=5)
    assert grid.shape == (5, 5)
    for people, worth in ((grid.index[0], grid.columns[-1]), (grid.index[3], grid.columns[1])):
        alone = sroi.evaluate(file, {"people": people, "worth": worth}).npsv
        assert grid.loc[people, worth] == pytest.approx(alone, rel=1e-12)
    with pytest.raises(sroi.ServiceError, match="is not an uncertain parameter"):
        sroi.two_way(sroi.simulate(file, 10, preset=None), "people", "budget")


def test_switching_values() -> None:
    """100 x 10 - 500: breaks even at 50 people, at 5 a person, at a budget of 1,000."""
    frame = sroi.switching_values(sroi.evaluate(plain()))
    assert frame["switches_at"].drop("one").to_dict() == pytest.approx({"people": 50, "worth": 5, "budget": 1_000})
    assert frame.loc["people", "change"] == pytest.approx(-0.5)
    doubled = sroi.switching_values(sroi.evaluate(plain()), ["people"], "sroi_ratio", 3.0)
    assert doubled.loc["people", "switches_at"] == pytest.approx(150)
    for name, value in frame["switches_at"].dropna().items():
        assert sroi.evaluate(plain(), {str(name): value}).npsv == pytest.approx(0, abs=1e-6)


def test_no_switching_value_within_the_possible_range() -> None:
    """Half the people, twice over: with 50% deadweight left of a service that loses money anyway, no share helps."""
    small = service({"parameters.budget": number(1e9, "GBP")})
    frame = sroi.switching_values(sroi.evaluate(small), ["half"])
    assert math.isnan(frame.loc["half", "switches_at"])
    assert frame.loc["half", "says"] == "A number: no value from 0 to 1 lets the service break even"
    # Nobody served is no switch: benefits and costs both vanish there, and the sign is the same around it.
    per_head = service(
        {"costs.0.amount": "worth", "costs.0.per": "people", "outcomes.0.deadweight": "zero_share"}
        | {"parameters.zero_share": number(0, "share"), "outcomes.0.zero_because": {"deadweight": "x"}}
    )
    assert math.isnan(sroi.switching_values(sroi.evaluate(per_head), ["people"]).loc["people", "switches_at"])


# From one scenario to another -----------------------------------------------------------------------------------------


def test_shapley_by_hand() -> None:
    """x y from (1, 1) to (3, 5): alone 2 and 4, together 14: 2 + 4, and the rest, 8, halved. A third does nothing."""

    def value(made: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = np.where(made[:, 0], 3.0, 1.0) * np.where(made[:, 1], 5.0, 1.0)
        return found

    found = shapley(["x", "y", "idle"], value)
    assert found.exact
    assert found.parts == pytest.approx({"x": 6.0, "y": 8.0, "idle": 0.0}, abs=1e-12)
    assert shapley([], value).parts == {}


@pytest.mark.parametrize("count", [5, 16, 20])
def test_shapley_sums_exactly(count: int) -> None:
    factors = np.random.default_rng(1).uniform(0.5, 2, count)

    def value(made: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = np.prod(np.where(made, factors, 1.0), axis=1)
        return found

    found = shapley([str(place) for place in range(count)], value)
    assert found.exact == (count <= 16)
    assert math.fsum(found.parts.values()) == pytest.approx(float(np.prod(factors)) - 1, rel=1e-15)


@pytest.mark.parametrize("name", ["debt_advice_consequences", "nurse_family_partnership", "nuka_primary_care"])
def test_a_scenario_bridge_leads_from_one_to_the_other(name: str) -> None:
    file = sroi.load(name)
    results = [sroi.evaluate(file, scenario=scenario) for scenario in (None, *file.scenarios)]
    for after in results[1:]:
        frame = sroi.scenario_bridge(results[0], after)
        assert math.fsum(frame["contribution"]) == pytest.approx(after.npsv - results[0].npsv, rel=1e-9, abs=1e-6)
    with pytest.raises(sroi.ServiceError, match="joins two different appraisals"):
        sroi.scenario_bridge(results[0], sroi.evaluate(file, convention="svi"))


# Pictures -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=sroi.services()["id"])
def simulation(request: pytest.FixtureRequest) -> sroi.Simulation:
    return sroi.simulate(sroi.load(request.param), 2_000)


def test_pictures_hold_the_draws(simulation: sroi.Simulation) -> None:
    bars = pictures.distribution(simulation)
    assert bars["chance"].sum() == pytest.approx(1)
    assert bars.loc[bars["meets"], "chance"].sum() == pytest.approx(simulation.chance("npsv >= 0"), abs=1e-9)
    assert not ((bars["low"] < -1e-6) & (bars["high"] > 1e-6)).any(), "no bar holds both sides of break-even"
    curve = pictures.cumulative(simulation)
    assert curve["value"].is_monotonic_increasing
    accepted = pictures.acceptability(simulation)
    assert accepted["chance"].is_monotonic_decreasing
    threshold, chance = accepted.iloc[40]
    assert chance == pytest.approx(simulation.chance(f"sroi_ratio >= 0 - {-threshold}".replace("0 - -", "")), abs=1e-9)


def test_charts_say_what_they_show(simulation: sroi.Simulation) -> None:
    swings, information_table = sroi.one_way(simulation), sroi.parameter_information(simulation)
    pair = swings.index[:2]
    grid = sroi.two_way(simulation, *pair)
    labels = (str(swings["label"].iloc[0]), str(swings["label"].iloc[1]))
    drawn = {
        "distribution": charts_uncertain.distribution(pictures.distribution(simulation), "£"),
        "cumulative": charts_uncertain.cumulative(pictures.cumulative(simulation), "£"),
        "tornado": charts_uncertain.tornado(swings, "£"),
        "acceptability": charts_uncertain.acceptability(pictures.acceptability(simulation)),
        "heat_map": charts_uncertain.heat_map(grid, labels, "£"),
        "information": charts_uncertain.information(information_table, "£"),
    }
    for name, chart in drawn.items():
        content = chart.to_dict()
        assert len(content["description"]) > 20, name
        nothing = name == "information" and not (information_table["value"] > 0).any()
        assert nothing or sum(len(rows) for rows in content["datasets"].values()) > 0, name
    empty = charts_uncertain.tornado_sentence(pd.DataFrame(), "£")
    assert empty == charts_uncertain.information_sentence(pd.DataFrame()) == "No input is uncertain."
