"""What a simulation says of itself: nothing that is not so, and nothing that matters left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_service import number, service

import sroi
from sroi.uncertainty import saying


def plain(worth: dict[str, Any], **more: Any) -> sroi.Service:
    """100 people x a worth of 10 for one year, with nothing deducted, against a cost of 500."""
    deductions = dict.fromkeys(("deadweight", "attribution", "displacement", "drop_off"), "not under test")
    outcome = {
        "id": "gain",
        "stakeholder": "clients",
        "bearer": "clients",
        "kind": "social",
        "quantity": "people",
        "proxy": "worth",
        "benefit_period": "one",
        "zero_because": deductions,
    }
    certain = {"shape": "fixed"}
    parameters = {
        "people": number(100, "people", spread=certain),
        "worth": number(10, "GBP per person", spread=worth),
        "one": number(1, "years", spread=certain),
        "budget": number(500, "GBP", spread=certain),
    }
    changes = {"parameters": parameters, "lines": {}, "outcomes": [outcome], "scenarios": {}, **more}
    return service(changes | {"stakeholders": {"clients": {"label": "Clients"}}})


def test_a_ruin_that_is_rare_is_not_every_draw_the_same() -> None:
    """100 people x 6 less 500 is 100, in 96 draws of 100; 100 x (−4,980) less 500 is −498,500. Central: 1,000 − 500."""
    simulation = sroi.simulate(plain({"shape": "discrete", "values": [6.0, -4_980.0], "weights": [0.96, 0.04]}), 5_000)
    assert set(simulation.draws()["npsv"].round(6)) == {100.0, -498_500.0}
    for said in (simulation.headline(), simulation.summary().loc["npsv", "written"]):
        assert "every draw" not in said
        assert "£100 in at least 90% of draws; £500 at the central values" in said
    assert "96% chance that it returns more than it costs" in simulation.headline()


def test_where_cost_may_be_below_zero_the_ratio_leads_nowhere() -> None:
    simulation = sroi.simulate(sroi.load("family_nurse_partnership_england"), 5_000)
    below = (simulation.draws()["pv_costs"] < 0).mean()
    assert 0.15 < below < 0.22
    warning = f"no guide here: the cost is below zero in {below:.0%} of draws"
    assert simulation.headline().startswith("Net present social value about −£")
    assert f"The SROI ratio is {warning}." in simulation.headline()
    written = simulation.summary()["written"]
    assert written["sroi_ratio"].endswith(warning)
    assert warning not in written["npsv"]
    assert "no guide" not in sroi.simulate(sroi.load("nurse_family_partnership"), 1_000).headline()


def test_the_cost_is_looked_at_whatever_is_asked_for() -> None:
    file = sroi.load("family_nurse_partnership_england")
    few = sroi.simulate(file, 1_000, results=("sroi_ratio",))
    assert few.headline() == sroi.simulate(file, 1_000).headline()
    assert list(few.summary().index) == ["sroi_ratio"]


def test_a_headline_names_what_has_no_price() -> None:
    labels = [entry.label for entry in sroi.load("family_nurse_partnership_england").non_monetised]
    said = sroi.simulate(sroi.load("family_nurse_partnership_england"), 500).headline()
    assert said.endswith(f"Not priced: {labels[0]}; {labels[1]}; {labels[2]}; and {len(labels) - 3} more.")
    nothing = plain({"shape": "uniform", "low": 5, "high": 15}, non_monetised=[])
    assert "Not priced" not in sroi.simulate(nothing, 500).headline()


def test_few_draws_have_no_range_anywhere() -> None:
    simulation = sroi.simulate(plain({"shape": "discrete", "values": [6.0, 7.0], "weights": [0.5, 0.5]}), 1)
    said = simulation.summary().loc["npsv", "written"]
    assert said == "£500 at the central values; no likely range from 1 draw"
    assert "likely" not in simulation.headline().replace("how likely anything is", "")


def test_whose_range_the_inputs_have() -> None:
    file = plain({"shape": "uniform", "low": 5, "high": 15})
    uncertain = sroi.simulate(file, 100).uncertain
    assert saying.origins(uncertain) == [
        "1 input is uncertain.",
        "1 has the range that the service file states.",
    ]
    (one,) = uncertain.values()
    kinds = ["stated", "stated", "preset", "scaled", "scaled", "yours"]
    many = {str(place): type(one)(one.spread, one.distribution, kind) for place, kind in enumerate(kinds)}
    assert saying.origins(many) == [
        "6 inputs are uncertain.",
        "2 have the ranges that the service file states.",
        "2 that you changed keep the file's spread, scaled to your values.",
        "1 has a range of yours.",
        "1 has a range by assumption, by its evidence grade or as your value has no source.",
    ]


def worth(*pairs: tuple[float, float]) -> pd.DataFrame:
    values, errors = np.array(pairs).T
    labels = [f"Input {place}" for place in range(len(pairs))]
    return pd.DataFrame({"label": labels, "value": values, "standard_error": errors, "chance_changes": 0.25})


NINE = "Knowing “Input 0” for certain would be worth about £9 a decision; it would change the decision in 25% of cases."


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (worth((0.0, 0.0), (1.0, 0.6)), [saying.NOTHING_TO_MEASURE]),
        (worth((9.0, 1.0)), [NINE]),
        (
            worth((9.0, 1.0), (1.0, 0.6), (0.0, 0.0)),
            [NINE, "Measuring the 2 other inputs alone would be worth nothing that these draws can show."],
        ),
    ],
)
def test_what_is_worth_nothing_is_said_once(frame: pd.DataFrame, said: list[str]) -> None:
    assert saying.worth_measuring(frame, "£") == said


def test_what_knowing_everything_is_worth() -> None:
    known = pd.Series({"chosen": "fund it", "value": 450.0, "standard_error": 20.0, "chance_wrong": 0.21})
    assert saying.everything(known, "£") == (
        "Knowing everything before deciding would be worth about £450 a decision:"
        " to fund it is the worse choice in 21% of draws."
    )
    nothing = "Knowing everything would be worth nothing that these draws can show."
    known["value"], known["standard_error"] = 3.0, 2.0
    assert saying.everything(known, "£") == nothing


@pytest.mark.parametrize(
    ("chosen", "mean", "central", "said"),
    [
        ("fund it", 351_000.0, 420_000.0, "fund it: the mean net value is £350,000."),
        ("do nothing", -4_200.0, -9.0, "do nothing: the mean net value is −£4,200."),
        # Of skewed draws the mean lies elsewhere than the central value, and decides.
        (
            "fund it",
            351_000.0,
            -1_070_000.0,
            "fund it: the mean net value is £350,000, though at the central values it is −£1.1 million.",
        ),
    ],
)
def test_what_the_best_choice_is_now(chosen: str, mean: float, central: float, said: str) -> None:
    assert (
        saying.decision({"chosen": chosen}, mean, central, "£") == f"On average over the draws it is better to {said}"
    )


def test_only_so_many_are_said_one_by_one() -> None:
    frame = worth((9.0, 1.0), (8.0, 1.0), (7.0, 1.0), (0.0, 0.0))
    assert saying.worth_measuring(frame, "£", 1) == [
        NINE,
        "Measuring 2 more inputs alone would be worth something too, but less.",
        "Measuring the 1 other input alone would be worth nothing that these draws can show.",
    ]


def test_where_the_answer_turns_and_where_it_cannot() -> None:
    frame = pd.DataFrame(
        {
            "label": ["Cost", "People", "Price", "Gap"],
            "switches_at": [3.0, np.nan, np.nan, np.nan],
            "reached": [None, True, True, None],
            "says": ["Cost would have to be 3", "People: every value", "Price: every value", "Gap: leaps"],
        }
    )
    assert saying.turns(frame) == [
        "Cost would have to be 3.",
        "The service pays back at every possible value of each of these: People; Price.",
        "Gap: leaps.",
    ]
    never = frame.iloc[1:3].assign(reached=False)
    assert saying.turns(never) == ["The service pays back at no possible value of each of these: People; Price."]
    assert saying.turns(frame.head(1)) == ["Cost would have to be 3."]


def test_whose_range_a_changed_input_has() -> None:
    origins = ["scaled", "preset", "yours"]
    frame = pd.DataFrame(
        {"unit": "share", "p5": 0.2, "p95": 0.415, "origin": origins}, index=pd.Index(origins, name="name")
    )
    said = [saying.whose(frame, name) for name in (*origins, "certain")]
    assert said == [
        "It has the range of the service file, scaled to your value: likely 20.0% to 41.5%.",
        "It has a range by assumption, as your value has no source: likely 20.0% to 41.5%.",
        "It has the range that you gave: likely 20.0% to 41.5%.",
        "It has no range: it counts as certain.",
    ]
