"""What a result hands out: arrays of one length, that nobody can spoil, with a word for what is undefined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_service import SMALL, number, service

import sroi


def test_what_no_case_moves_still_has_one_entry_for_each() -> None:
    """`unused` moves nothing, so every line comes out once; results are for each case all the same."""
    result = sroi.evaluate(service({"parameters.unused": number(1, "ratio")}), {"unused": np.arange(7.0)})
    for name in sroi.RESULTS:
        assert getattr(result, name).shape == (7,), name
    assert result.line("present_value").shape == (2, 1, 1, 7)


def test_results_over_several_chunks_have_one_entry_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sroi.figures.CHUNK_CELLS", 20)
    people = np.linspace(1, 100, 11)
    result = sroi.evaluate(service(), {"people": people})
    for name in sroi.RESULTS:
        assert getattr(result, name).shape == (11,), name
    assert np.allclose(result.pv_benefits / people, result.pv_benefits[0] / people[0], rtol=1e-12)
    untouched = sroi.evaluate(service({"parameters.unused": number(1, "ratio")}), {"unused": people})
    assert untouched.irr.shape == untouched.line("net_flow")[0, 0, 0].shape == (11,)


def test_what_is_handed_out_cannot_be_written_into() -> None:
    result = sroi.evaluate(service(), {"people": np.array([1.0, 2.0])})
    for array in (result.npsv, result.irr, result.line("present_value"), result.line("net_flow")):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_copy_of_a_service_is_worked_out_anew() -> None:
    first = service()
    before = sroi.evaluate(first).pv_benefits
    about = first.about.model_copy(update={"price_base_year": "2019-20"})
    assert sroi.evaluate(first.model_copy(update={"about": about})).pv_benefits < before
    assert sroi.evaluate(first).pv_benefits == before


def test_status_says_every_word_that_holds() -> None:
    """One case costs nothing, one has its cost covered by savings, one has something left to pay."""
    result = sroi.evaluate(service(), {"budget": np.array([0.0, 1.0, 1e6]), "people": np.array([100.0, 100.0, 0.0])})
    assert result.status["bcr_netted"] == "no_costs in 1 of 3 cases; no_net_cost in 1 of 3 cases"
    assert np.isnan(result.bcr_netted).tolist() == [True, True, False]


def test_participants_are_counted_in_every_delivery_year() -> None:
    """100 people a year for three years; by year 1, 2, 3 of the first three of five years; two cases at once."""
    three = {"service.delivery_years": 3, "service.participants": "people"}
    assert sroi.evaluate(service(three)).participants == 300
    assert sroi.evaluate(service({**three, "service.participants": "series"})).participants == 6
    many = sroi.evaluate(service(three), {"people": np.array([1.0, 10.0])})
    assert many.participants.tolist() == [3, 30]
    assert many.to_dict()["participants"] == [3, 30]
    # The line takes half of them.
    assert sroi.evaluate(service({**three, "service.participants": "reached"})).participants == 150


def test_present_values_are_not_graded_by_years_that_they_do_not_use() -> None:
    """Grade F of a cashable share, and of years behind a present value, weaken nothing: grade B as all the rest."""
    weak = {
        "service.optimism_bias": "local_partnerships_2014_unverified",
        "parameters.share_of_cash": number(0.5, "share", grade="F"),
        "parameters.long": number(3, "years", grade="F"),
        "outcomes.1.cashable": "share_of_cash",
        "outcomes.1.already_present_value": "It is one",
        "outcomes.1.benefit_period": "long",
    }
    plain = {**weak, "parameters.share_of_cash": number(0.5, "share"), "parameters.long": number(3, "years")}
    assert sroi.evaluate(service(weak)).pv_benefits == sroi.evaluate(service(plain)).pv_benefits
    biased = {**plain, "parameters.worth": {**SMALL["parameters"]["worth"], "grade": "F"}}
    assert sroi.evaluate(service(biased)).pv_benefits < sroi.evaluate(service(plain)).pv_benefits


@pytest.mark.parametrize(
    ("changes", "values", "where", "rule"),
    [
        ({}, {"budget": -1}, "costs.grant.amount", "A cost below zero is a benefit"),
        (
            {"costs.0.per": "people", "costs.0.amount": "worth"},
            {"people": -1},
            "costs.grant.per",
            "A cost below zero is a benefit",
        ),
        ({"costs.0.years": "lasts"}, {"lasts": 6}, "costs.grant.years", "beyond the horizon of 5 years"),
        (
            {"costs.0.years": "lasts", "costs.0.start_year": "starts"},
            {"starts": 4},
            "costs.grant.years",
            "lets the cost run to year 6",
        ),
        (
            {"parameters.g": number(0.01, "rate"), "outcomes.0.growth": "g"},
            {"g": -1},
            "outcomes.gain.growth",
            "Growth is a rate a year above -1",
        ),
    ],
)
def test_values_that_a_file_could_not_hold(
    changes: dict[str, Any], values: dict[str, float], where: str, rule: str
) -> None:
    for given in (values, {name: np.array([1.0, value]) for name, value in values.items()}):
        with pytest.raises(sroi.ServiceError) as caught:
            sroi.evaluate(service(changes), given)
        assert where in str(caught.value)
        assert rule in str(caught.value)


def test_a_shorter_horizon_does_not_lose_a_cost() -> None:
    file = service({"costs.0.years": "lasts"})
    with pytest.raises(sroi.ServiceError, match="beyond the horizon of 1 years"):
        sroi.evaluate(file, appraisal_years=1)
