"""Tables, comparisons, headline and the writing of numbers."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sroi
from sroi import printing

SERVICES = list(sroi.services()["id"])


@pytest.fixture(params=SERVICES, scope="module")
def result(request: pytest.FixtureRequest) -> sroi.Result:
    return sroi.evaluate(sroi.load(request.param))


def test_summary_has_every_result(result: sroi.Result) -> None:
    summary = result.summary()
    assert tuple(summary.index) == sroi.RESULTS
    for name, row in summary.iterrows():
        value = getattr(result, str(name))
        assert math.isnan(row["value"]) if value is None else row["value"] == value
        assert bool(row["status"]) or value is not None
        assert row["written"] not in ("", "undefined")


def test_cash_flow_sums_to_the_results(result: sroi.Result) -> None:
    flow = result.cash_flow()
    assert flow["discounted_benefits"].sum() == pytest.approx(result.pv_benefits, rel=1e-12)
    assert flow["discounted_costs"].sum() == pytest.approx(result.pv_costs, rel=1e-12)
    assert flow["discounted_net_to_date"].iloc[-1] == pytest.approx(result.npsv, rel=1e-9)
    assert flow.index[0] == result.service.about.first_year
    assert len(flow) == result.service.about.appraisal_years


def test_impact_map_sums_to_benefits(result: sroi.Result) -> None:
    frame = result.impact_map()
    assert list(frame.index) == [outcome.id for outcome in result.service.outcomes]
    assert frame.loc[~frame["transfer"], "present_value"].sum() == pytest.approx(
        result.pv_benefits, rel=1e-12, abs=1e-9
    )


@pytest.mark.parametrize("what", ["bearer", "stakeholder", "kind"])
def test_breakdowns_sum_to_the_whole(result: sroi.Result, what: str) -> None:
    frame = result.by(what)
    assert frame["pv_benefits"].sum() == pytest.approx(result.pv_benefits, rel=1e-12, abs=1e-9)
    assert frame["pv_fiscal_savings"].sum() == pytest.approx(result.pv_fiscal_savings, rel=1e-12, abs=1e-9)
    assert frame["pv_cashable_savings"].sum() == pytest.approx(result.pv_cashable_savings, rel=1e-12, abs=1e-9)
    assert frame["per_pound"].sum() == pytest.approx(result.sroi_ratio, rel=1e-12)
    stacked = result.bridge_by(what).groupby("step")["value"].sum()
    for row in result.bridge().itertuples():
        assert stacked[row.step] == pytest.approx(row.value, rel=1e-9, abs=1e-6)


def test_bearers_carry_the_budget_impact(result: sroi.Result) -> None:
    frame = result.by("bearer")
    assert frame["net_budget_impact"].sum() == pytest.approx(result.net_budget_impact, rel=1e-12, abs=1e-9)
    assert frame["pv_public_cost"].sum() == pytest.approx(result.pv_public_cost, rel=1e-12)


def test_an_unknown_breakdown_is_refused(result: sroi.Result) -> None:
    with pytest.raises(sroi.ServiceError, match="Write 'bearer', 'stakeholder' or 'kind'"):
        result.by("ward")


def test_additive_deductions_are_one_step() -> None:
    steps = list(sroi.evaluate(sroi.load("legal_advice"), convention="additive").bridge()["step"])
    assert "deductions" in steps
    assert not {"deadweight", "displacement", "attribution"} & set(steps)


def test_evidence_cites_every_parameter(result: sroi.Result) -> None:
    frame = result.evidence()
    assert list(frame.index) == list(result.service.parameters)
    assert frame["cited"].str.len().min() > 10
    assert not frame["changed"].any()


def test_json_has_no_infinities(result: sroi.Result) -> None:
    json.dumps(result.to_dict(), allow_nan=False)


def test_scenarios_and_conventions_side_by_side() -> None:
    service = sroi.load("legal_advice")
    scenarios = sroi.compare_scenarios(service)
    assert list(scenarios.index) == ["base", *service.scenarios]
    assert scenarios.loc["cautious", "sroi_ratio"] == sroi.evaluate(service, scenario="cautious").sroi_ratio
    conventions = sroi.compare_conventions(service, scenario="cautious")
    assert list(conventions.index) == list(sroi.conventions()["id"])
    assert conventions.loc["svi", "npsv"] == sroi.evaluate(service, scenario="cautious", convention="svi").npsv


def test_headline_states_its_range_convention_and_prices() -> None:
    service = sroi.load("nurse_family_partnership")
    said = sroi.headline(sroi.evaluate(service))
    ratios = sroi.compare_scenarios(service)["sroi_ratio"]
    for part in (f"${ratios.min():.2f}", f"${ratios.max():.2f}", "$1.47", "Green Book 2026", "2022 prices"):
        assert part in said, said


def test_headline_of_a_loss_says_less() -> None:
    service = sroi.load("family_nurse_partnership_england")
    assert "less than it costs" in sroi.headline(sroi.evaluate(service))


def test_many_cases() -> None:
    service = sroi.load("nuka_primary_care")
    population = np.array([50_000.0, 60_000.0, 70_000.0])
    many = sroi.evaluate(service, {"population": population})
    frame = many.cases_frame()
    assert list(frame["population"]) == list(population)
    for case, value in enumerate(population):
        one = sroi.evaluate(service, {"population": value})
        for name in sroi.RESULTS:
            expected = getattr(one, name)
            got = frame[name].iloc[case]
            assert np.isnan(got) if expected is None else got == pytest.approx(expected, rel=1e-12), name
    assert many.summary().loc["npsv", "mean"] == pytest.approx(frame["npsv"].mean())
    assert "3 cases" in repr(many)
    assert "<table" in many._repr_html_()
    with pytest.raises(sroi.ServiceError, match="is a table of one case"):
        many.cash_flow()


def test_results_have_a_useful_repr(result: sroi.Result) -> None:
    assert result.service.about.title in repr(result)
    assert "convention green_book_2026" in repr(result)
    assert "<table" in result._repr_html_()
    assert result.service.id in repr(result.service)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "£0.00"),
        (2.345, "£2.35"),
        (99.994, "£99.99"),
        (100, "£100"),
        (-1_234.5, "−£1,234"),
        (999_999, "£999,999"),
        (1_000_000, "£1.00 million"),
        (162_537_601, "£162.54 million"),
        (-2.5e9, "−£2.50 billion"),
    ],
)
def test_money(value: float, said: str) -> None:
    assert printing.money(value, "£") == said


def test_a_ratio_below_zero_has_a_minus_sign() -> None:
    assert printing.ratio(-1.234) == "−1.23"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.27, "share", "0.27 (27.0%)"),
        (1_200, "GBP per person", "£1,200 per person"),
        (12, "people", "12 people"),
        (2.5, "years", "2.5 years"),
    ],
)
def test_quantities(value: float, unit: str, said: str) -> None:
    assert printing.quantity(value, unit, {"GBP": "£"}) == said


def test_every_status_has_its_words() -> None:
    for service in SERVICES:
        loaded = sroi.load(service)
        for scenario in (None, *loaded.scenarios):
            assert set(sroi.evaluate(loaded, scenario=scenario).status.values()) <= set(printing.REASONS)


def payback_service(paid: list[float], gained: list[float]) -> sroi.Service:
    """A made-up service with yearly costs and benefits as given."""
    money = {"unit": "GBP per year", "price_year": "2024-25", "source": "made_up", "grade": "A"}
    none = dict.fromkeys(("deadweight", "attribution", "displacement", "drop_off"), "made up")
    return sroi.Service.model_validate(
        {
            "service": {
                "id": "made_up",
                "title": "Made up",
                "description": "Made up.",
                "currency": "GBP",
                "price_base_year": "2024-25",
                "first_year": 2024,
                "appraisal_years": len(paid),
                "delivery_years": len(paid),
            },
            "sources": {"made_up": {"title": "t", "author": "a", "year": 2024, "locator": "p", "how_sure": "own text"}},
            "parameters": {
                "paid": {"label": "Paid", "by_year": paid, **money},
                "gained": {"label": "Gained", "by_year": gained, **money},
                "one": {"label": "One", "value": 1.0, "unit": "share", "source": "made_up", "grade": "A"},
                "years": {"label": "Years", "value": 1.0, "unit": "years", "source": "made_up", "grade": "A"},
            },
            "outcomes": [
                {
                    "id": "gain",
                    "stakeholder": "people",
                    "bearer": "people",
                    "kind": "social",
                    "quantity": "one",
                    "proxy": "gained",
                    "benefit_period": "years",
                    "zero_because": none,
                }
            ],
            "costs": [{"id": "cost", "funder": "council", "kind": "revenue", "amount": "paid"}],
            "bearers": {"people": {"label": "People", "public": False}, "council": {"label": "C", "public": True}},
            "stakeholders": {"people": {"label": "People"}},
        }
    )


def test_payback_says_when_the_running_sum_falls_again() -> None:
    # Net flows -100, 150, -100, 200: to date -100, 50, -50, 150. Paid back at 1 - 50/150 = 2/3, below again in year 2.
    again = sroi.evaluate(payback_service([100, 0, 100, 0], [0, 150, 0, 200]))
    assert again.payback_year_undiscounted == pytest.approx(2 / 3)
    assert again.status["payback_year_undiscounted"] == "falls_below_again"
    assert "falls below zero again" in again.summary().loc["payback_year_undiscounted", "written"]
    # Net flows -100, 150, 0, 200: stays above once it is there.
    once = sroi.evaluate(payback_service([100, 0, 0, 0], [0, 150, 0, 200]))
    assert "payback_year_undiscounted" not in once.status


def test_for_each_participant() -> None:
    result = sroi.evaluate(sroi.load("nuka_primary_care"), {"population": 60_000})
    frame = result.per_participant()
    # Counted as quantities are, in each of the five delivery years: person-years.
    assert result.participants == 300_000
    assert frame.loc["pv_costs", "per_participant"] == pytest.approx(result.pv_costs / 300_000, rel=1e-12)
    assert frame.loc["pv_benefits", "per_pound"] == pytest.approx(result.sroi_ratio, rel=1e-12)


def test_nobody_counted() -> None:
    assert sroi.evaluate(payback_service([1.0], [2.0])).per_participant().empty


def test_elasticities_bracket_the_weighted_result(root: Path) -> None:
    file = tomllib.loads((root / "tests" / "cases" / "distribution.toml").read_text(encoding="utf-8"))["file"]
    service = sroi.Service.model_validate(file)
    frame = sroi.compare_elasticities(service)
    central = sroi.evaluate(service).pv_benefits_weighted
    assert frame["pv_benefits_weighted"].iloc[1] == central
    assert (
        frame["pv_benefits_weighted"].is_monotonic_increasing or frame["pv_benefits_weighted"].is_monotonic_decreasing
    )
    assert frame["pv_benefits"].nunique() == 1


def test_a_value_of_ones_own_has_no_grade_and_no_source() -> None:
    row = sroi.evaluate(sroi.load("legal_advice"), {"spend_debt": 2e6}).evidence().loc["spend_debt"]
    assert list(row[["grade", "url", "how_sure", "cited"]]) == ["", "", "your own value", "Your own value"]


def test_headline_keeps_to_its_horizon() -> None:
    """The range over scenarios is of the same years as the figure, which then lies within it."""
    service = sroi.load("debt_advice_consequences")
    said = sroi.headline(sroi.evaluate(service, appraisal_years=service.about.appraisal_years + 1))
    longer = [
        sroi.evaluate(service, scenario=name, appraisal_years=service.about.appraisal_years + 1).sroi_ratio
        for name in (None, *service.scenarios)
    ]
    assert f"range from £{min(longer):.2f} to £{max(longer):.2f}" in said
    assert "No range is stated" in sroi.headline(sroi.evaluate(payback_service([100, 0, 0], [0, 150, 0])))


def test_nothing_spent_is_said_truly() -> None:
    none = dict.fromkeys(("spend_housing", "spend_debt", "spend_benefits", "spend_employment"), 0.0)
    result = sroi.evaluate(sroi.load("legal_advice"), none)
    assert result.status["bcr_netted"] == "no_costs"
    assert result.status["sroi_ratio"] == "no_inputs"
    assert "range from £0.00 to £0.00" in sroi.headline(result)


@pytest.mark.parametrize("service", ["legal_advice", None, 3])
def test_what_is_no_service_is_refused(service: Any) -> None:
    with pytest.raises(sroi.ServiceError, match="Load it first"):
        sroi.evaluate(service)


def test_comparisons_are_of_one_case() -> None:
    service = sroi.load("legal_advice")
    for compared in (sroi.compare_conventions, sroi.compare_scenarios, sroi.compare_elasticities):
        with pytest.raises(sroi.ServiceError, match="one case"):
            compared(service, {"spend_debt": [1.0, 2.0]})
    with pytest.raises(sroi.ServiceError, match="one case"):
        sroi.headline(sroi.evaluate(service, {"spend_debt": [1.0, 2.0]}))


def test_results_are_listed_and_cannot_be_overwritten() -> None:
    result = sroi.evaluate(sroi.load("legal_advice"), appraisal_years=np.int64(2))
    assert {"load", "evaluate"} <= set(dir(sroi))
    assert set(sroi.RESULTS) <= set(dir(result))
    with pytest.raises(AttributeError, match="Evaluate with other values"):
        result.npsv = 3
