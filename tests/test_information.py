"""What to measure next: closed forms, nested calculation, and what another package states."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from small_service import DEDUCTIONS, number, service
from test_simulation import NORMAL, SE, plain

import sroi
from sroi.uncertainty import information

PHI = NormalDist()


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
    assert "would be worth about £" in frame.loc["worth", "says"]
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


# Advice that changes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_noise_does_not_change_the_advice(seed: int) -> None:
    """Difference 0.5 + 3 a + 2 b + c + 0 d: given x of weight w the advice changes when w x < -0.5; given d, never."""
    drawn, benefits = linear(10_000, 0.5, seed)
    assert information.evppi(drawn[:, 3], benefits).chance_changes == 0.0
    for column, weight in enumerate((3.0, 2.0, 1.0)):
        found = information.evppi(drawn[:, column], benefits)
        assert found.chance_changes == pytest.approx(PHI.cdf(-0.5 / weight), abs=0.05), weight


def test_advice_agrees_with_a_nested_calculation() -> None:
    """A job's value is one of 17 inputs: at each of its values the mean over the others stays on one side of 0."""
    file = sroi.load("debt_advice_consequences")
    simulation = sroi.simulate(file, 10_000)
    drawn = simulation.parameters(10_000)
    name = "economic_value_job"
    signs = set()
    for probability in (0.001, 0.25, 0.5, 0.75, 0.999):
        value = float(simulation.uncertain[name].distribution.ppf(np.array([probability]))[0])
        inner = sroi.evaluate(file, {**drawn, name: np.full(10_000, value)}).npsv
        signs.add(float(np.sign(np.mean(inner))))
    assert len(signs) == 1
    assert sroi.parameter_information(simulation).loc[name, "chance_changes"] == 0.0


def test_few_draws_and_what_does_not_vary() -> None:
    for draws in (1, 2, 3):
        found = information.evppi(np.arange(draws, dtype=float), np.column_stack([np.zeros(draws), np.ones(draws)]))
        assert (found.value, found.chance_changes) == (0.0, 0.0)
    still = information.evppi(np.ones((50, 2)), np.column_stack([np.zeros(50), np.linspace(-1, 1, 50)]))
    assert (still.value, still.chance_changes) == (0.0, 0.0)


# Options --------------------------------------------------------------------------------------------------------------


def worth_of_two(changes: dict[str, Any] | None = None, correlations: Any = (), **more: Any) -> sroi.Service:
    """NPSV = a + b - budget with a ~ N(1000, 300) and b ~ N(500, 400); the budget of 1,400 is certain."""
    fixed = {"spread": {"shape": "fixed"}}
    parameters = {
        "idle": number(1, "ratio", **fixed),
        "a": number(1000, "GBP per person", spread={"shape": "normal", "standard_error": 300.0}),
        "b": number(500, "GBP per person", spread={"shape": "normal", "standard_error": 400.0}),
        "unit": number(1, "people", **fixed),
        "one": number(1, "years", **fixed),
        "budget": number(1400, "GBP", **fixed),
        **more,
    }
    common = {"stakeholder": "clients", "bearer": "clients", "kind": "social", "quantity": "unit"}
    common |= {"benefit_period": "one", "zero_because": dict.fromkeys(DEDUCTIONS, "not under test")}
    scenario = {"why": "x", "changes": changes or {"budget": {"value": 1450, **fixed, "why": "x", "source": "study"}}}
    return service(
        {
            "parameters": parameters,
            "lines": {},
            "outcomes": [{"id": f"of_{name}", "proxy": name, **common} for name in ("a", "b")],
            "stakeholders": {"clients": {"label": "Clients"}},
            "correlations": list(correlations),
            "scenarios": {"other": scenario},
        }
    )


DEARER = {"budget": {"value": 1450, "spread": {"shape": "fixed"}, "why": "x", "source": "study"}}
RANGE = {"shape": "uniform", "low": 0.0, "high": 2.0}


@pytest.mark.parametrize("method", ["monte_carlo", "latin_hypercube", "sobol"])
def test_options_that_draw_other_parameters_draw_the_shared_ones_alike(method: str) -> None:
    """The other option costs 50 more in every draw and is never taken: EVPI is that of N(100, 500) against nothing.

    It also draws a number that moves nothing and stands first in the file.
    """
    file = worth_of_two({**DEARER, "idle": {"value": 1, "spread": RANGE, "why": "x", "source": "study"}})
    options = {name: sroi.simulate(file, 16_384, method=method, scenario=name) for name in (None, "other")}
    assert list(options["other"].uncertain) == ["idle", *options[None].uncertain]
    named = {"A": options[None], "B": options["other"]}
    found = sroi.perfect_information(named)
    assert found["value"] == pytest.approx(perfect(100, 500), abs=SE * found["standard_error"])
    known = sroi.parameter_information(named)
    assert known.loc["a", "value"] == pytest.approx(perfect(100, 300), abs=SE * known.loc["a", "standard_error"])
    assert known.loc["idle", "value"] == 0.0


def test_a_correlated_parameter_is_drawn_alike_where_its_partner_is_not() -> None:
    """B holds a at 1,000 and costs what A costs, so they differ by a - 1,000 alone: N(0, 300) in every draw.

    And neither is better before: to know a is worth E max(0, N(0, 300)) to who must choose between the two.
    """
    held = {"a": {"value": 1000, "spread": {"shape": "fixed"}, "why": "x", "source": "study"}}
    pair = {"between": ["a", "b"], "rank": 0.6, "why": "x", "source": "study"}
    file = worth_of_two(held, [pair], budget=number(1, "GBP", spread={"shape": "fixed"}))
    for method in ("monte_carlo", "latin_hypercube", "sobol"):
        whole, other = (sroi.simulate(file, 20_000, method=method, scenario=name) for name in (None, "other"))
        assert np.array_equal(whole.parameters(100)["b"], other.parameters(100)["b"])
        apart = whole.column("npsv", 20_000) - other.column("npsv", 20_000)
        assert apart == pytest.approx(whole.parameters(20_000)["a"] - 1_000)
        found = sroi.parameter_information({"A": whole, "B": other}, {"a": ["a"]}).iloc[0]
        # Nothing (0) is hardly ever best at a budget of 1.
        assert found["value"] == pytest.approx(300 * PHI.pdf(0), abs=SE * found["standard_error"] + 2)


def test_a_spread_that_differs_between_options_is_one_parameter() -> None:
    """Under B a is 900 or 1,100, by the same uniform number that says how a falls under A."""
    coin = {"shape": "discrete", "values": [900.0, 1100.0], "weights": [0.5, 0.5]}
    changed = {"a": {"value": 900, "spread": coin, "why": "x", "source": "study"}}
    file = worth_of_two(changed)
    whole, other = (sroi.simulate(file, 50_000, scenario=name, preset=None) for name in (None, "other"))
    found = sroi.parameter_information({"B": other, "A": whole}, {"a": ["a"]}).iloc[0]
    # Nested, by a fine grid of that number: E max(0, A, B) given it, less 100, which both bring on average.
    places = (np.arange(20_000) + 0.5) / 20_000
    a = np.array([1_000 + 300 * PHI.inv_cdf(place) for place in places])
    given = np.stack([np.zeros(20_000), a - 900, np.where(places <= 0.5, 900.0, 1_100.0) - 900])
    expected = given.max(axis=0).mean() - 100
    assert found["value"] == pytest.approx(expected, abs=SE * found["standard_error"])


def test_a_parameter_that_one_option_does_not_have() -> None:
    """Two services of the library: what only one of them has moves that one alone."""
    names = ("family_nurse_partnership_england", "legal_advice")
    england, advice = (sroi.simulate(sroi.load(name), 5_000) for name in names)
    frame = sroi.parameter_information({"a": england, "b": advice})
    assert set(frame.index) == {*england.uncertain, *advice.uncertain}
    alone = sroi.perfect_information({"a": england, "b": advice})
    gain = np.column_stack([np.zeros(5_000), england.column("npsv", 5_000), advice.column("npsv", 5_000)])
    assert alone["value"] == pytest.approx(gain.max(axis=1).mean() - gain.mean(axis=0).max())


@pytest.mark.parametrize(
    ("names", "asked", "said"),
    [
        (("nurse_family_partnership", "legal_advice"), {}, "'a' in USD, prices of 2022, Green Book 2026; 'b' in GBP"),
        (("nurse_family_partnership", "nuka_primary_care"), {}, "compare options in one currency, price base"),
        (("family_nurse_partnership_england", "legal_advice"), {"method": "sobol"}, "with method 'monte_carlo'"),
        (("debt_advice_consequences", "legal_advice"), {}, "use 'cost_per_problem' for “Cost of advising on one debt"),
    ],
)
def test_services_that_are_no_options_of_one_decision(names: tuple[str, str], asked: Any, said: str) -> None:
    first, second = (sroi.simulate(sroi.load(name), 16, **asked) for name in names)
    for function in (sroi.perfect_information, sroi.parameter_information):
        with pytest.raises(sroi.ServiceError) as caught:
            function({"a": first, "b": second})
        assert said in str(caught.value)


def test_options_under_two_conventions_or_correlated_otherwise() -> None:
    file = worth_of_two()
    first, second = (sroi.simulate(file, 16, convention=name) for name in ("svi", "green_book_2026"))
    with pytest.raises(sroi.ServiceError, match="compare options in one currency, price base and convention"):
        sroi.perfect_information({"a": first, "b": second})
    pair = {"between": ["a", "b"], "rank": 0.6, "why": "x", "source": "study"}
    together = sroi.simulate(worth_of_two(correlations=[pair]), 16)
    with pytest.raises(sroi.ServiceError, match="do not draw 'b' alike in 'a' and 'b': it is correlated otherwise"):
        sroi.perfect_information({"a": second, "b": together})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"simulations": {}}, "options is empty. Name at least one: {'fund it': sroi.simulate(service)}."),
        ({"simulations": plain()}, "Simulate first: sroi.parameter_information(sroi.simulate(service))."),
        ({"simulations": {"a": 1}}, "was given 1. Simulate first"),
        ({"decisions": -3}, "decisions is -3. Write in how many decisions the answer would be used: a number above 0."),
        ({"decisions": math.nan}, "decisions is nan."),
        ({"decisions": "many"}, "decisions is 'many'."),
        ({"groups": ["worth"]}, "groups is ['worth']. Write a dictionary of names and lists of parameters."),
        ({"groups": {"x": "worth"}}, "groups.x is 'worth'. Write a list of names."),
        ({"groups": {"x": []}}, "groups.x names no parameter. Write at least one."),
    ],
)
def test_what_cannot_be_asked_of_information(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.parameter_information(**{"simulations": sroi.simulate(plain(worth=NORMAL), 10), **asked})
    assert said in str(caught.value)


def test_information_is_said_in_sentences() -> None:
    """NPSV ~ N(100, 300): knowing worth, all that varies, is worth 79 a decision, and changes 37% of decisions."""
    file = plain(worth={"shape": "normal", "standard_error": 3.0, "mean": 6.0})
    simulation = sroi.simulate(file, 100_000, preset=None)
    once, often = sroi.perfect_information(simulation), sroi.perfect_information(simulation, 1_000)
    best = "in 37% of cases another would be better than the best choice now, “fund it”."
    assert once["says"] == f"Knowing everything would be worth about £76 a decision; {best}"
    assert (
        often["says"] == f"Knowing everything would be worth about £76 a decision, £76,000 over 1,000 decisions; {best}"
    )
    (said,) = sroi.parameter_information(simulation, decisions=2.5)["says"]
    assert (
        "would be worth about £76 a decision, £190 over 2.5 decisions; it would change the decision in 37% of cases"
        in said
    )
    certain = sroi.perfect_information(sroi.simulate(plain(), 100, preset=None))
    assert certain["says"].startswith("Knowing everything would be worth nothing that these draws can show: the best")
