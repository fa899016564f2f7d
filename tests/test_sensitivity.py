"""What matters and what to measure next: closed forms, published test functions, and sums that are exact."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_service import number, service
from test_simulation import LOGNORMAL, NORMAL, plain

import sroi
from sroi import charts_uncertain
from sroi.uncertainty import pictures, variance
from sroi.uncertainty.shapley import shapley

PHI = NormalDist()


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


def test_intervals_are_those_that_resampling_gives() -> None:
    """Of 2,000 resamples of the points, with the estimators worked out again in each: within a tenth or so."""
    from scipy import stats

    found = variance.sobol(ishigami, 3, points=4_096, seed=3)
    theirs = stats.sobol_indices(func=ishigami, n=4_096, dists=[stats.uniform()] * 3, rng=np.random.default_rng(3))
    resampled = theirs.bootstrap(confidence_level=0.95, n_resamples=2_000)
    for ours, other in ((found.first_error, resampled.first_order), (found.total_error, resampled.total_order)):
        half = (other.confidence_interval.high - other.confidence_interval.low) / 2
        assert ours == pytest.approx(half, rel=0.1)


def test_one_uncertain_parameter_is_all_the_variance() -> None:
    frame = sroi.sobol_indices(sroi.simulate(plain(worth=NORMAL), 100, preset=None))
    assert frame[["first", "total"]].to_numpy().tolist() == [[pytest.approx(1, abs=0.01)] * 2]
    assert sroi.contributions(sroi.simulate(plain(worth=NORMAL), 100, preset=None))["contribution"].tolist() == [1.0]


FREE = {"shape": "discrete", "values": [0.0, 500.0], "weights": [0.25, 0.75]}


def test_draws_without_a_number_are_not_left_out_in_silence() -> None:
    """The budget is 0 in a quarter of the draws: there the ratio has no denominator."""
    simulation = sroi.simulate(plain(worth=NORMAL, budget=FREE), 8_000, preset=None)
    with pytest.raises(sroi.ServiceError, match=r"sroi_ratio has no number at 1,0\d\d of 4,096 points.*such as 'npsv'"):
        sroi.sobol_indices(simulation, "sroi_ratio", points=1_024)
    frame = sroi.contributions(simulation, "sroi_ratio")
    assert (frame["undefined"] == simulation.summary().loc["sroi_ratio", "undefined"]).all()
    assert frame["contribution"].to_dict() == pytest.approx({"worth": 1.0, "budget": 0.0}, abs=1e-9)
    assert (sroi.contributions(simulation)["undefined"] == 0).all()


def test_what_has_no_number_or_does_not_vary() -> None:
    simulation = sroi.simulate(plain(worth=NORMAL), 100, preset=None)
    # Costs and benefits fall in one year, so there is no internal rate; the costs are certain.
    with pytest.raises(sroi.ServiceError, match="irr has a number in no draw, so nothing contributes to it"):
        sroi.contributions(simulation, "irr")
    assert sroi.contributions(simulation, "pv_costs")["contribution"].isna().all()
    assert sroi.sobol_indices(simulation, "pv_costs", points=64)["total"].isna().all()


@pytest.mark.parametrize(
    ("function", "asked", "said"),
    [
        (
            sroi.sobol_indices,
            {"points": 1_000},
            "points is 1000. Write a power of 2 from 2 to 1,048,576, such as 4,096",
        ),
        (sroi.sobol_indices, {"points": 0}, "points is 0."),
        (sroi.sobol_indices, {"points": "many"}, "points is 'many'."),
        (sroi.sobol_indices, {"result": "npvs"}, "result is 'npvs', which is not a result. Did you mean 'npsv'?"),
        (sroi.contributions, {"result": "npvs"}, "result is 'npvs', which is not a result. Did you mean 'npsv'?"),
        (sroi.sobol_indices, {"simulation": 1}, "sobol_indices was given 1. Simulate first: sroi.sobol_indices("),
        (sroi.contributions, {"simulation": plain()}, "Simulate first: sroi.contributions(sroi.simulate(service))."),
    ],
)
def test_what_cannot_be_asked_of_variance(function: Any, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        function(**{"simulation": sroi.simulate(plain(worth=NORMAL), 10), **asked})
    assert said in str(caught.value)


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


def test_one_way_shows_first_what_no_width_measures() -> None:
    """A budget of 0 in a quarter of cases leaves the ratio without a denominator; worth moves it by a fifth a pound."""
    simulation = sroi.simulate(plain(worth=NORMAL, budget=FREE), 100, preset=None)
    frame = sroi.one_way(simulation, "sroi_ratio")
    assert frame.index.tolist() == ["budget", "worth"]
    assert frame["undefined"].tolist() == ["low", ""]
    assert math.isnan(frame.loc["budget", "swing"])
    assert frame.loc["worth", "swing"] == pytest.approx(2 * 3 * PHI.inv_cdf(0.95) / 5)
    # Where the result is undefined throughout, no parameter takes it anywhere.
    never = sroi.one_way(simulation, "irr")
    assert set(never["undefined"]) == {"low, central, high"}
    assert set(sroi.one_way(simulation)["undefined"]) == {""}


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
    assert frame.loc["half", "says"] == "A number: the service pays back at no value from 0 (0.0%) to 1 (100.0%)"
    # Nobody served is no switch: benefits and costs both vanish there, and the sign is the same around it.
    per_head = service(
        {"costs.0.amount": "worth", "costs.0.per": "people", "outcomes.0.deadweight": "zero_share"}
        | {"parameters.zero_share": number(0, "share"), "outcomes.0.zero_because": {"deadweight": "x"}}
    )
    assert math.isnan(sroi.switching_values(sroi.evaluate(per_head), ["people"]).loc["people", "switches_at"])


def test_what_pays_at_every_value_is_not_said_to_pay_at_none() -> None:
    """100 x 10 against 500: from 60 to 900 people it gains 100 to 8,500, a ratio of 1.2 to 18."""
    file = with_parameters(people=number(100, "people", minimum=60, maximum=900))
    case = sroi.evaluate(file)
    expected = [
        ("npsv", 0.0, "the service pays back at every value from 60 to 900 people"),
        ("npsv", 1e6, "the net present social value stays below £1.00 million at every value from 60 to 900 people"),
        ("sroi_ratio", 1.1, "the SROI ratio reaches 1.1 at every value from 60 to 900 people"),
        ("sroi_ratio", 20_000.0, "the SROI ratio stays below 20,000 at every value from 60 to 900 people"),
        ("sroi_ratio", 4.0, " would have to be 200 people, where it is 100 people, for the SROI ratio to reach 4"),
    ]
    for result, threshold, said in expected:
        row = sroi.switching_values(case, ["people"], result, threshold).loc["people"]
        assert row["says"].removeprefix("A number").removeprefix(": ") == said
        assert row["reached"] == (None if "have to be" in said else "stays below" not in said)
    money = sroi.switching_values(sroi.evaluate(with_parameters(budget=number(5, "GBP", minimum=2, maximum=900))))
    assert money.loc["budget", "says"] == "A number: the service pays back at every value from £2.00 to £900"


def with_parameters(lines: dict[str, Any] | None = None, **parameters: Any) -> sroi.Service:
    """The plain service, 100 people x 10 against 500, with other parameters, and lines of its own."""
    content = plain().model_dump(by_alias=True)
    content["parameters"] |= parameters
    content["lines"] = lines or {}
    if lines:
        key = "quantity" if "reached" in lines else "proxy"
        content["outcomes"] = [{**content["outcomes"][0], key: next(iter(lines))}]
    return sroi.Service.model_validate(content)


@pytest.mark.parametrize(
    ("threshold", "expected"), [(4.0, 250.0), (200.0, 5.0), (-1.0, -1_000.0), (-0.625, -1_600.0), (-0.1, math.nan)]
)
def test_where_a_ratio_has_no_bound_nothing_switches(threshold: float, expected: float) -> None:
    """SROI = 1,000 / budget, which may be -2,000: it changes sign at 0 without ever being 1, -1 or anything there."""
    file = with_parameters(budget=number(500, "GBP", minimum=-2_000))
    frame = sroi.switching_values(sroi.evaluate(file), ["budget"], "sroi_ratio", threshold)
    assert frame.loc["budget", "switches_at"] == pytest.approx(expected, rel=1e-9, nan_ok=True)
    if math.isnan(expected):
        through = "A number: the SROI ratio passes through −0.1 at no value from −£2,000 to £5,000"
        assert frame.loc["budget", "says"] == through


def test_where_a_net_value_has_no_bound_nothing_switches() -> None:
    """NPSV = 1,000 / gap - 500 is 0 at 2 alone; at 0, which is nearer to -1, it leaps from below all bounds."""
    line = {"label": "Each", "unit": "GBP per person", "formula": "worth / gap"}
    file = with_parameters({"each": line}, gap=number(-1, "ratio", minimum=-9, maximum=10))
    frame = sroi.switching_values(sroi.evaluate(file), ["gap"])
    assert frame.loc["gap", "switches_at"] == pytest.approx(2)


def test_a_leap_over_the_threshold_is_a_switch() -> None:
    """Fewer than 60 people and nobody is served: NPSV = -500, and 100 from 60 people on."""
    line = {"label": "Reached", "unit": "people", "formula": "where(people < fewest, 0, people)"}
    file = with_parameters({"reached": line}, fewest=number(60, "people"))
    frame = sroi.switching_values(sroi.evaluate(file), ["people"])
    assert frame.loc["people", "switches_at"] == pytest.approx(60)


def test_roots_at_the_ends_of_a_range() -> None:
    """100 x 10 - 500 is 0 at 50 people, the fewest there may be, and at a budget of 1,000, the most."""
    file = with_parameters(
        people=number(100, "people", minimum=50), budget=number(500, "GBP", minimum=100, maximum=1_000)
    )
    frame = sroi.switching_values(sroi.evaluate(file), ["people", "budget"])
    assert frame["switches_at"].to_dict() == {"people": 50.0, "budget": 1_000.0}
    assert frame.loc["people", "says"].startswith("A number would have to be 50 people, where it is 100 people")


def test_a_switch_is_said_in_its_unit() -> None:
    """100 x 5 a year x span x factor - 500, span 2 and factor 1: 0 at one year, or at a factor of a half."""
    line = {"label": "Each", "unit": "GBP per person", "formula": "worth * span * factor"}
    file = with_parameters(
        {"each": line},
        worth=number(5, "GBP per person per year"),
        span=number(2, "years"),
        factor=number(1, "ratio"),
    )
    frame = sroi.switching_values(sroi.evaluate(file), ["span", "factor"])
    says = frame["says"].tolist()
    assert says[0] == "A number would have to be 1 year, where it is 2 years, for the service to break even"
    assert says[1] == "A number would have to be 0.5, where it is 1, for the service to break even"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"threshold": math.nan}, "threshold is nan. Write the number that the result has to reach."),
        ({"threshold": "1"}, "threshold is '1'."),
        ({"result": "npvs"}, "result is 'npvs', which is not a result. Did you mean 'npsv'?"),
        ({"names": ["wroth"]}, "wroth is not a parameter. Did you mean 'worth'?"),
        ({"names": "worth"}, "names is 'worth'. Write a list of names."),
        ({"central": plain()}, "give sroi.switching_values the result of sroi.evaluate(service)."),
    ],
)
def test_what_cannot_be_asked_of_switching_values(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.switching_values(**{"central": sroi.evaluate(plain()), **asked})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"points": -1}, "points is -1. Write a whole number from 2 to 1,024."),
        ({"points": 2.5}, "points is 2.5."),
        ({"second": "people"}, "two_way was given 'people' twice. Name two parameters."),
        ({"second": "budget"}, "budget is not an uncertain parameter."),
        ({"result": "npvs"}, "Did you mean 'npsv'?"),
        ({"simulation": plain()}, "Simulate first: sroi.two_way(sroi.simulate(service))."),
    ],
)
def test_what_cannot_be_asked_of_a_grid(asked: dict[str, Any], said: str) -> None:
    simulation = sroi.simulate(plain(people=LOGNORMAL, worth=NORMAL), 10, preset=None)
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.two_way(**{"simulation": simulation, "first": "people", "second": "worth", **asked})
    assert said in str(caught.value)


def test_one_way_of_a_service_that_was_not_simulated() -> None:
    with pytest.raises(sroi.ServiceError, match=r"one_way was given <Service small.*Simulate first: sroi.one_way\("):
        sroi.one_way(plain())  # type: ignore[arg-type]


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


def test_a_bridge_over_what_has_no_number_is_refused() -> None:
    """1,000 to a budget of 500 or 0: no ratio where it is 0. Paid by another budget after, it is 0 in between alone."""
    file = with_parameters(budget=number(500, "GBP", minimum=0))
    before, free = sroi.evaluate(file), sroi.evaluate(file, {"budget": 0})
    with pytest.raises(sroi.ServiceError, match=r"sroi_ratio has no number after the changes\. A bridge takes every"):
        sroi.scenario_bridge(before, free, "sroi_ratio")
    with pytest.raises(sroi.ServiceError, match="sroi_ratio has no number before the changes"):
        sroi.scenario_bridge(free, before, "sroi_ratio")
    assert sroi.scenario_bridge(before, free)["contribution"].tolist() == [500.0]
    content = file.model_dump(by_alias=True)
    content["parameters"]["other"] = number(0, "GBP")
    content["lines"] = {"spent": {"label": "Spent", "unit": "GBP", "formula": "budget + other"}}
    content["costs"][0]["amount"] = "spent"
    two = sroi.Service.model_validate(content)
    with pytest.raises(sroi.ServiceError, match="sroi_ratio has no number with only budget changed"):
        sroi.scenario_bridge(sroi.evaluate(two), sroi.evaluate(two, {"budget": 0, "other": 500}), "sroi_ratio")


def test_a_bridge_between_simulations_is_refused() -> None:
    simulation = sroi.simulate(plain(), 10)
    with pytest.raises(sroi.ServiceError, match=r"give sroi.scenario_bridge the result of sroi.evaluate\(service\)"):
        sroi.scenario_bridge(simulation, simulation)  # type: ignore[arg-type]


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
    assert empty == charts_uncertain.information_sentence(pd.DataFrame(), "£") == "No input is uncertain."
