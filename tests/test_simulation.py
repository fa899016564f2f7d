"""Simulation: closed forms within the Monte Carlo error, the same bits however it is run, nothing lost in silence."""

from __future__ import annotations

import json
import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_service import number, service

import sroi
from sroi.uncertainty import runs
from sroi.uncertainty.summaries import Accumulator, enough

DEDUCTIONS = ("deadweight", "attribution", "displacement", "drop_off")
SE = 4  # how many standard errors a simulated figure may lie from the closed form


def plain(**spreads: dict[str, Any]) -> sroi.Service:
    """One outcome, people x worth for one year with nothing deducted, against one cost."""
    parameters = {
        "people": number(100, "people"),
        "worth": number(10, "GBP per person"),
        "one": number(1, "years", spread={"shape": "fixed"}),
        "budget": number(500, "GBP"),
    }
    for name, spread in spreads.items():
        parameters[name]["spread"] = spread
    outcome = {
        "id": "gain",
        "stakeholder": "clients",
        "bearer": "clients",
        "kind": "social",
        "quantity": "people",
        "proxy": "worth",
        "benefit_period": "one",
        "zero_because": dict.fromkeys(DEDUCTIONS, "not under test"),
    }
    changes: dict[str, Any] = {"parameters": parameters, "lines": {}, "outcomes": [outcome], "scenarios": {}}
    changes["stakeholders"] = {"clients": {"label": "Clients"}}
    return service(changes)


LOGNORMAL = {"shape": "lognormal", "standard_error": 30.0}
NORMAL = {"shape": "normal", "standard_error": 3.0}


def test_a_product_of_lognormals() -> None:
    """Benefits = people x worth: mean 100 x 10; (1 + v) = (1 + .3^2)(1 + .2^2); log-sd^2 is the sum of both."""
    file = plain(people=LOGNORMAL, worth={"shape": "lognormal", "standard_error": 2.0})
    found = sroi.simulate(file, 200_000, preset=None).summary().loc["pv_benefits"]
    spread = math.sqrt((1 + 0.3**2) * (1 + 0.2**2) - 1)
    assert found["mean"] == pytest.approx(1_000, abs=SE * found["standard_error"])
    assert found["standard_error"] == pytest.approx(1_000 * spread / math.sqrt(200_000), rel=0.03)
    sigma = math.sqrt(math.log(1.09) + math.log(1.04))
    middle = 1_000 / math.exp(sigma**2 / 2)
    for name, z in (("p5", -1.6448536), ("p25", -0.6744898), ("median", 0.0), ("p75", 0.6744898), ("p95", 1.6448536)):
        assert found[name] == pytest.approx(middle * math.exp(sigma * z), abs=SE * found[f"error_{name}"]), name


def test_a_normal_net_value_has_its_chance() -> None:
    """NPSV = 100 worth - 500 with worth ~ N(10, 3): N(500, 300), so the chance is phi(500 / 300)."""
    simulation = sroi.simulate(plain(worth=NORMAL), 200_000, preset=None)
    expected = NormalDist().cdf(500 / 300)
    error = math.sqrt(expected * (1 - expected) / 200_000)
    assert simulation.chance("npsv > 0") == pytest.approx(expected, abs=SE * error)
    table = simulation.chances(["npsv > 0", "npsv > 500 and sroi_ratio < 3", "npsv <= 0"])
    assert table.loc["npsv > 0", "standard_error"] == pytest.approx(error, rel=0.05)
    # NPSV from 500 to 1,000 is a ratio from 2 to 3: phi(500 / 300) - phi(0).
    assert table.loc["npsv > 500 and sroi_ratio < 3", "chance"] == pytest.approx(expected - 0.5, abs=SE * 0.0011)
    assert table["chance"].iloc[0] + table["chance"].iloc[2] == pytest.approx(1)


RUNS: list[dict[str, Any]] = [
    {"workers": 1, "chunk": 1_000},
    {"workers": 1, "chunk": 1_000_000},
    {"workers": 2},
    {"workers": 4, "chunk": 3_333},
]


@pytest.mark.parametrize("method", ["monte_carlo", "latin_hypercube", "sobol"])
def test_the_same_bits_whatever_the_workers_and_chunks(method: str) -> None:
    file = sroi.load("debt_advice_consequences")
    results = ("npsv", "sroi_ratio", "payback_year", "irr", "left_out")
    first = sroi.simulate(file, 10_001, 7, method=method, results=results)
    for options in RUNS:
        again = sroi.simulate(file, 10_001, 7, method=method, results=results, **options)
        assert again.summary().equals(first.summary()), options
        assert again.draws().equals(first.draws()), options
    assert not sroi.simulate(file, 10_001, 8, method=method, results=results).draws().equals(first.draws())


def test_segments_do_not_move_draws_and_hardly_move_summaries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over several segments quantiles are read off bins: far nearer than the Monte Carlo error."""
    file = plain(people=LOGNORMAL, worth=NORMAL)
    whole = sroi.simulate(file, 50_000, preset=None)
    for module in (runs, sroi.uncertainty.simulation):
        monkeypatch.setattr(module, "SEGMENT", 8_192)
    parts = sroi.simulate(file, 50_000, preset=None)
    assert parts.draws().equals(whole.draws())
    assert parts.chance("npsv > 0") == whole.chance("npsv > 0")
    assert parts.chance("npsv > 100") == whole.chance("npsv > 100")
    a, b = parts.summary(), whole.summary()
    for name in ("p5", "p25", "median", "p75", "p95"):
        assert np.array_equal(a[name].isna(), b[name].isna())
        assert (np.abs(a[name] - b[name]).fillna(0) <= 0.02 * b[f"error_{name}"].fillna(0) + 1e-12).all(), name
    assert a["mean"].to_numpy() == pytest.approx(b["mean"].to_numpy(), rel=1e-12, nan_ok=True)


def test_without_spreads_every_draw_is_the_central_case() -> None:
    simulation = sroi.simulate(plain(), 1_000, preset=None)
    assert not simulation.uncertain
    assert set(simulation.draws()["npsv"]) == {simulation.central.npsv}
    assert simulation.summary().loc["npsv", "p5"] == simulation.central.npsv == 500
    assert "every draw the same" in simulation.headline()
    assert simulation.chance("npsv > 0") == 1.0


def test_threads_may_meet_at_a_distribution_that_none_has_used() -> None:
    """Tables are made when first needed: four threads come at once, for spreads that no other test has."""
    results = ("npsv", "sroi_ratio")
    for step in range(10):
        file = plain(people={"shape": "gamma", "standard_error": 20 + step / 7}, worth=NORMAL | {"mean": 10 + step / 7})
        together = sroi.simulate(file, 20_000, results=results, workers=4, chunk=500)
        assert together.summary().equals(sroi.simulate(file, 20_000, results=results).summary())


def test_another_parameter_moves_no_draw() -> None:
    few, more = sroi.simulate(plain(people=LOGNORMAL), 500, preset=None), sroi.simulate(plain(people=LOGNORMAL), 500)
    assert few.draws()["people"].equals(more.draws()["people"])
    assert set(more.uncertain) == {"people", "worth", "budget"}
    assert [each.origin for each in more.uncertain.values()] == ["stated", "preset", "preset"]


def test_a_value_of_ones_own_keeps_the_files_spread() -> None:
    """A value of one's own is no better known than the file's, so the range does not shrink when one is typed in."""
    spread = {"shape": "uniform", "low": 50, "high": 150}
    simulation = sroi.simulate(plain(people=spread), 5_000, values={"people": 200.0, "one": 2.0}, preset=None)
    assert simulation.uncertain["people"].origin == "scaled"
    drawn = simulation.draws()["people"]
    assert 100 <= drawn.min() < 101
    assert 299 < drawn.max() <= 300
    assert "one" not in simulation.uncertain, "what the file calls fixed stays fixed"
    # Two years of 2,000, the second discounted.
    assert simulation.central.npsv == pytest.approx(2_000 + 2_000 / 1.035 - 500)
    same = sroi.simulate(plain(people=spread), 500, values={"people": 100.0})
    assert same.uncertain["people"].origin == "stated"
    assert same.draws().equals(sroi.simulate(plain(people=spread), 500).draws()), "the file's own value changes nothing"


def test_a_value_of_ones_own_without_a_stated_spread_is_drawn_as_an_assumption() -> None:
    """Grade F: a PERT from half of 20 to one and a half times that."""
    simulation = sroi.simulate(plain(), 5_000, values={"worth": 20.0})
    assert simulation.uncertain["worth"].origin == "preset"
    drawn = simulation.draws()["worth"]
    assert 10 < drawn.min() < 11
    assert 29 < drawn.max() < 30
    assert "worth" not in sroi.simulate(plain(), 10, values={"worth": 20.0}, preset=None).uncertain


def test_a_draw_that_cannot_be_worked_out_is_named() -> None:
    """In one draw of a hundred the line divides by nothing."""
    changes = plain(worth={"shape": "discrete", "values": [0, 10], "weights": [0.01, 0.99]})
    file = changes.model_dump(exclude_none=True)
    file["lines"] = {"share": {"label": "Share", "unit": "people", "formula": "people / worth * worth"}}
    file["outcomes"][0]["quantity"] = "share"
    service = sroi.Service.model_validate(file)
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.simulate(service, 2_000, preset=None)
    said = str(caught.value)
    draws = sroi.simulate(plain(worth=file["parameters"]["worth"]["spread"]), 2_000, preset=None).draws()["worth"]
    first = int((draws == 0).to_numpy().argmax()) + 1
    assert "lines.share does not come out as a finite number" in said
    assert f"as in draw {first:,} of 2,000, with worth = 0." in said


@pytest.mark.parametrize("method", ["monte_carlo", "latin_hypercube"])
def test_more_draws_of_the_same_simulation(method: str) -> None:
    file = plain(worth=NORMAL)
    few = sroi.simulate(file, 100, 7, method=method, values={"people": 80.0})
    more, asked = few.at_least(300), sroi.simulate(file, 300, 7, method=method, values={"people": 80.0})
    assert more.column("npsv", 300).tolist() == asked.column("npsv", 300).tolist()
    assert more.results == ("npsv",)
    assert few.at_least(100) is few


def test_a_spread_of_ones_own() -> None:
    simulation = sroi.simulate(
        plain(), 5_000, preset=None, spreads={"worth": {"shape": "uniform", "low": 5, "high": 15}}
    )
    assert simulation.uncertain["worth"].origin == "yours"
    # NPSV = 100 worth - 500 is uniform from 0 to 1,000.
    assert simulation.chance("npsv > 250") == pytest.approx(0.75, abs=SE * math.sqrt(0.75 * 0.25 / 5_000))


def test_draws_without_a_number_are_counted() -> None:
    """A budget of 0, 500 or 1,000, a third each: where it is 0 there is no ratio, and none is made up."""
    third = 1 / 3
    stated = {"shape": "discrete", "values": [0.0, 500.0, 1000.0], "weights": [third, third, third]}
    simulation = sroi.simulate(plain(budget=stated), 30_000, preset=None)
    row = simulation.summary().loc["sroi_ratio"]
    assert row["undefined"] == pytest.approx(10_000, abs=SE * math.sqrt(30_000 * 2 / 9))
    assert row["status"] == f"no_inputs in {row['undefined']:,} draws"
    assert set(simulation.draws()["sroi_ratio"].dropna()) == {1.0, 2.0}
    # A draw without a number does not meet the condition.
    assert simulation.chance("sroi_ratio >= 1") == pytest.approx(1 - row["undefined"] / 30_000)
    assert simulation.chances(["sroi_ratio >= 1"])["undefined"].iloc[0] == row["undefined"]
    assert f"In {row['undefined']:,} of 30,000 draws the ratio is undefined." in simulation.headline()


def test_stated_correlations_widen_a_product() -> None:
    pair = {"between": ["people", "worth"], "rank": 0.8, "why": "Busy places pay more", "source": "study"}
    apart = plain(people=LOGNORMAL, worth=NORMAL)
    together = sroi.Service.model_validate({**apart.model_dump(by_alias=True), "correlations": [pair]})
    wide, narrow = (sroi.simulate(file, 20_000, preset=None).summary().loc["npsv", "sd"] for file in (together, apart))
    assert wide > narrow * 1.2
    with pytest.raises(sroi.ServiceError, match="correlated inputs: people, worth"):
        sroi.sobol_indices(sroi.simulate(together, 100, preset=None))


def test_a_correlation_that_no_draw_has_is_said() -> None:
    pair = {"between": ["people", "worth"], "rank": 0.6, "why": "x", "source": "study"}
    file = sroi.Service.model_validate(
        {**plain(people=LOGNORMAL, worth=NORMAL).model_dump(by_alias=True), "correlations": [pair]}
    )
    together = sroi.simulate(file, 100)
    assert together.correlations()["says"].tolist() == ["people and worth, rank 0.6: drawn together"]
    assert together.to_dict()["correlations_left_out"] == []
    held = sroi.simulate(file, 100, spreads={"worth": {"shape": "fixed"}})
    assert held.correlations()["drawn"].tolist() == [False]
    assert held.to_dict()["correlations_left_out"] == ["people and worth, rank 0.6: left out, worth not drawn"]
    assert np.array_equal(held.parameters(100)["people"], together.parameters(100)["people"])
    assert sroi.simulate(plain(), 10).correlations().empty
    # Fixed in the base case, and uncertain in a scenario: that is no fault of the file.
    content = file.model_dump(by_alias=True)
    content["parameters"]["worth"]["spread"] = {"shape": "fixed"}
    change = {"value": 12, "spread": NORMAL, "why": "x", "source": "study"}
    content["scenarios"] = {"unsure": {"why": "x", "changes": {"worth": change}}}
    unsure = sroi.simulate(sroi.Service.model_validate(content), 100, scenario="unsure")
    assert unsure.correlations()["drawn"].tolist() == [True]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"draws": 0}, "draws is 0."),
        ({"results": ("npvs",)}, "results holds ['npvs'], not a result. Did you mean 'npsv'?"),
        ({"results": ()}, "Name at least one."),
        ({"workers": 0}, "workers is 0. Write a whole number of at least 1."),
        ({"chunk": 0.5}, "chunk is 0.5."),
        ({"preset": "by_grde"}, "preset is 'by_grde', an unknown preset. Did you mean 'by_grade'?"),
        ({"spreads": {"wroth": {}}}, "spreads.wroth is not a parameter of this service. Did you mean 'worth'?"),
        ({"spreads": {"worth": {"shape": "pert", "low": 5}}}, "A pert spread needs high and low."),
        (
            {"spreads": {"one": {"shape": "normal", "standard_error": 9.0}}},
            "spreads.one. As stated the normal spread reaches",
        ),
        ({"spreads": {"worth": {"shape": "round"}}}, "spreads.worth.shape is 'round'."),
        ({"values": {"people": np.array([1.0, 2.0])}}, "is a table of one case"),
    ],
)
def test_what_cannot_be_asked_for(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.simulate(plain(), **{"draws": 10, **asked})
    assert said in str(caught.value)


@pytest.mark.parametrize("condition", ["npsv >", "npvs > 0", "1 > 0", "npsv > 0 or npsv < 1"])
def test_conditions_that_do_not_speak_of_results(condition: str) -> None:
    simulation = sroi.simulate(plain(), 10)
    with pytest.raises(sroi.ServiceError, match="condition"):
        simulation.chance(condition)


@pytest.mark.parametrize("condition", ["npsv", "npsv - 100", "npsv > 0 and bcr", "where(npsv > 0, 1, 0)"])
def test_conditions_that_do_not_compare(condition: str) -> None:
    simulation = sroi.simulate(plain(), 10)
    with pytest.raises(sroi.ServiceError, match=r"which does not compare\. Write for example 'npsv > 0 and bcr > 1'"):
        simulation.chance(condition)


def test_a_condition_without_a_number_is_not_met_and_counted() -> None:
    """Nothing divided by 0 is over 1, nor under; NPSV = 100 worth - 500 over itself is 1 wherever it is not 0."""
    simulation = sroi.simulate(plain(worth=NORMAL), 1_000, preset=None)
    table = simulation.chances(["npsv / 0 > 1", "npsv / 0 <= 1", "npsv / npsv >= 1", "npsv > 0 and bcr / 0 > 0"])
    assert table["chance"].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert table["undefined"].tolist() == [1_000, 1_000, 0, 1_000]
    # The branch that is not chosen may be anything.
    assert simulation.chance("where(npsv > 0, npsv, 1 / 0) > 0") == simulation.chance("npsv > 0")


def test_a_draw_that_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(sroi.ServiceError, match=r"costs.grant.amount comes to -"):
        sroi.simulate(plain(budget={"shape": "normal", "standard_error": 400.0}), 1_000)


def test_progress_is_told_and_can_stop_the_run() -> None:
    told: list[tuple[int, int]] = []
    sroi.simulate(plain(people=LOGNORMAL), 5_000, chunk=1_000, progress=lambda done, asked: told.append((done, asked)))
    assert told == [(1_000 * step, 5_000) for step in range(1, 6)]

    def stop(done: int, asked: int) -> None:
        raise KeyboardInterrupt

    for workers in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            sroi.simulate(plain(people=LOGNORMAL), 50_000, chunk=1_000, workers=workers, progress=stop)


@pytest.mark.parametrize("name", sroi.services()["id"])
def test_every_service_says_its_range(name: str) -> None:
    simulation = sroi.simulate(sroi.load(name), 2_000)
    said = simulation.headline()
    # At break-even a figure is on its side of it: just over 1.
    assert "about" in said or "just over" in said or "just under" in said
    assert "likely" in said
    assert "chance that it returns more than it costs" in said
    printed = json.loads(json.dumps(simulation.to_dict(), allow_nan=False))
    assert set(printed["npsv"]) >= {"mean", "median", "p5", "p25", "p75", "p95", "standard_error"}
    assert printed["chance_npsv_positive"] == simulation.chance("npsv > 0")
    assert simulation.by("bearer")["mean"].sum() == pytest.approx(printed["pv_benefits"]["mean"], rel=1e-9)
    assert simulation.by("kind")["mean"].sum() == pytest.approx(printed["pv_benefits"]["mean"], rel=1e-9)


def test_the_inputs_say_whose_range_they_have() -> None:
    frame = sroi.simulate(
        plain(worth=NORMAL), 10, spreads={"people": {"shape": "uniform", "low": 50, "high": 150}}
    ).inputs()
    assert frame["origin"].to_dict() == {"people": "yours", "worth": "stated", "budget": "preset"}
    assert frame.loc["people", ["p5", "p95"]].tolist() == [55.0, 145.0]
    assert frame.loc["worth", "p95"] == pytest.approx(10 + 3 * NormalDist().inv_cdf(0.95))
    assert frame.loc["budget", "source"] == "assumption"


def test_too_few_draws_are_not_dressed_up() -> None:
    one = sroi.simulate(plain(worth=NORMAL), 1)
    assert one.headline().startswith("1 draw is too few to say how likely anything is")
    assert math.isnan(one.summary().loc["npsv", "standard_error"])
    assert one.to_dict()["npsv"]["standard_error"] is None
    assert not one.convergence().loc["npsv", "enough"]
    assert "99 draws are too few" in sroi.simulate(plain(worth=NORMAL), 99).headline()
    assert "likely" in sroi.simulate(plain(worth=NORMAL), 100).headline()


def test_enough_draws() -> None:
    """The standard error falls with the root of the draws: a quarter of the error takes 16 times as many."""
    collector = Accumulator()
    collector.add(np.random.default_rng(1).standard_normal(1_000))
    summary = collector.summary()
    fine, needed = enough(summary, 0.5)
    assert fine
    few, more = enough(summary, 0.004)[1], enough(summary, 0.001)[1]
    assert more == pytest.approx(16 * few, rel=0.01)
    assert needed < 1_000 < few
    frame = sroi.simulate(plain(people=LOGNORMAL), 100, preset=None).convergence()
    assert not frame.loc["npsv", "enough"]
    assert frame.loc["npsv", "draws_needed"] > 100


def test_draws_without_a_number_are_never_enough() -> None:
    """Benefits and costs of one year have no internal rate; a free service has a ratio in three draws of four."""
    free = {"shape": "discrete", "values": [0.0, 500.0], "weights": [0.25, 0.75]}
    simulation = sroi.simulate(plain(worth=NORMAL, budget=free), 2_000, preset=None)
    frame, counted = simulation.convergence(), simulation.to_dict()
    assert not frame.loc["irr", "enough"]
    assert frame.loc["irr", "draws_needed"] is pd.NA
    assert counted["irr"]["undefined"] == 2_000
    assert type(counted["sroi_ratio"]["undefined"]) is int
    # So many draws in all that three quarters of them are as many numbers as are needed.
    defined = 2_000 - counted["sroi_ratio"]["undefined"]
    summary = simulation.summary_of("sroi_ratio")
    width = summary.quantiles["p95"] - summary.quantiles["p5"]
    worst = max(summary.errors[key] for key in ("mean", "median", "p5", "p95"))
    numbers = defined * (worst / (0.01 * width)) ** 2
    assert frame.loc["sroi_ratio", "draws_needed"] == pytest.approx(numbers * 2_000 / defined, abs=1)


def test_one_draw_is_not_several() -> None:
    free = {"shape": "discrete", "values": [0.0, 500.0], "weights": [0.5, 0.5]}
    simulation = sroi.simulate(plain(budget=free), 2, preset=None, method="latin_hypercube")
    assert simulation.summary().loc["sroi_ratio", "status"] == "no_inputs in 1 draw"
