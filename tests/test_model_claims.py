"""What the service files claim in their own words is what they come to: distances, sums in notes, kinds of evidence."""

from __future__ import annotations

import pytest

import sroi
from sroi import reference

DEDUCTIONS = ("deadweight", "attribution", "displacement", "drop_off")


def notes(name: str) -> str:
    return " ".join(sroi.load(name).about.notes)


# Legal advice ---------------------------------------------------------------------------------------------------------

CATEGORIES = {
    "housing": (9_129, 2.34),
    "debt": (56_990, 2.98),
    "benefits": (43_234, 8.80),
    "employment": (2_954, 7.13),
}


@pytest.mark.parametrize("kind", CATEGORIES)
def test_legal_advice_category_alone_gives_its_ratio(kind: str) -> None:
    problems, ratio = CATEGORIES[kind]
    service = sroi.load("legal_advice")
    others = {f"spend_{other}": 0 for other in CATEGORIES if other != kind}
    assert sroi.evaluate(service, others, scenario="headline").sroi_ratio == pytest.approx(ratio, rel=1e-15)
    assert sroi.evaluate(service, others).sroi_ratio == pytest.approx(ratio, rel=1e-15)
    assert sroi.evaluate(service, others, scenario="cautious").sroi_ratio == pytest.approx(0.60, rel=1e-15)
    # Problems handled x the average cost, 25.7 million / 112,307.
    spent = problems * 25_700_000 / sum(count for count, _ in CATEGORIES.values())
    assert service.parameters[f"spend_{kind}"].value == pytest.approx(spent, abs=0.005)


def test_legal_advice_says_what_kind_of_claim_it_is() -> None:
    service = sroi.load("legal_advice")
    assert "A second deduction would count it twice" in notes("legal_advice")
    for kind in CATEGORIES:
        saving = service.parameters[f"saving_per_pound_{kind}"]
        assert saving.grade == "D"
        assert saving.spread is not None
        assert saving.spread.low == 0.60
        # The lowest cost of casework seen, brought from 2010-11 to 2009-10 prices, lifts the ratio most.
        assert saving.value is not None
        assert saving.spread.high == pytest.approx(saving.value * 228.84 / 197, abs=0.005)
        cautious = service.scenarios["cautious"].changes[f"saving_per_pound_{kind}"]
        assert service.sources[cautious.source].how_sure == "derived"
        for outcome in service.outcomes:
            assert set(outcome.zero_because) == set(DEDUCTIONS)


def test_legal_advice_blend_is_as_noted() -> None:
    assert f"blend to {sroi.evaluate(sroi.load('legal_advice')).sroi_ratio:.2f}" in notes("legal_advice")


# Debt advice ----------------------------------------------------------------------------------------------------------


def test_debt_advice_states_how_far_it_lands() -> None:
    """Every figure that the notes give is what the service comes to."""
    service, said = sroi.load("debt_advice_consequences"), notes("debt_advice_consequences")
    base = sroi.evaluate(service)
    claim = sroi.load("legal_advice").parameters["saving_per_pound_debt"].value
    assert claim == 2.98
    assert f"£{base.fiscal_ratio:.2f} saved to the state for each £1, so £{claim - base.fiscal_ratio:.2f} short" in said
    assert f"at {base.fiscal_ratio / claim:.0%} of the claim" in said
    assert f"reaches £{base.fiscal_ratio:.2f}" in service.about.description
    assert f"The SROI ratio is {base.sroi_ratio:.3f}" in said
    for scenario, result, sentence in (
        ("rates_of_all_legal_problems", "fiscal_ratio", "reaches £{:.2f}"),
        ("earnings_counted", "sroi_ratio", "the SROI ratio is {:.2f}"),
        ("cheap_case", "fiscal_ratio", "at the lowest cost seen they come to £{:.2f}"),
    ):
        assert sentence.format(getattr(sroi.evaluate(service, scenario=scenario), result)) in said
    every = sroi.evaluate(service, {"share_averted": 1})
    assert f"the priced parts would come to £{every.fiscal_ratio:.2f}" in said
    with_some = sroi.evaluate(service, {"share_of_earnings_counted": 0.58})
    assert "with 58% of them it would be 2.98" in said
    assert with_some.sroi_ratio == pytest.approx(2.98, abs=0.02)


def test_debt_advice_gap_is_as_noted() -> None:
    """The gap for a problem, and what an averted case of lost income would have to be worth to close it."""
    said = notes("debt_advice_consequences")
    to_2009 = {year: reference.price_factor("GBP", year, "2009-10") for year in ("2007-08", "2010-11", "2012-13")}
    illness = 0.296 * 830 * to_2009["2007-08"]
    job = 0.004 * 9_800 * to_2009["2012-13"]
    home = 0.004 * 2_501 * to_2009["2010-11"]
    averted = 0.67 * (illness + job + home)
    gap = 2.98 * 229 - averted
    case = gap / (0.116 * 0.67)
    for figure in (
        f"0.296 × {830 * to_2009['2007-08']:.2f} = {illness:.2f}",
        f"0.004 × {9_800 * to_2009['2012-13']:,.2f} = {job:.2f}",
        f"0.004 × {2_501 * to_2009['2010-11']:,.2f} = {home:.2f}",
        f"= {averted:.2f}; over £229 = {averted / 229:.3f}",
        f"£{gap:.0f} a problem",
        f"£{case:,.0f} to the state",
        f"{illness / (illness + job + home):.0%} of the 0.89 is ill health",
        f"(£{0.67 * illness / 229:.2f})",
        f"£{0.67 * job / 229:.2f} and £{0.67 * home / 229:.2f}",
        f"the sum would be £{0.67 * (0.296 * 830 + 0.004 * 9_800 + 0.004 * 2_501) / 229:.2f}",
    ):
        assert figure in said


def test_debt_advice_transfer_is_counted_once() -> None:
    """The benefit payment saved is the state's gain and the claimant's loss; the job's value comes in beside it."""
    result = sroi.evaluate(sroi.load("debt_advice_consequences"))
    by_bearer = result.by("bearer").set_index("id")["pv_benefits"]
    payments = result.impact_map()["present_value"]["benefit_payments"]
    assert payments > 0
    assert by_bearer["dwp"] == pytest.approx(payments)
    jobs = result.impact_map()["present_value"]["earnings_jobs"]
    assert by_bearer["clients"] == pytest.approx(jobs - payments)


# Nurse-Family Partnership ---------------------------------------------------------------------------------------------


def test_nurse_family_partnership_has_its_bearers_and_claims() -> None:
    service = sroi.load("nurse_family_partnership")
    assert {"taxpayers", "participants", "others", "economy"} <= set(service.bearers)
    assert sroi.evaluate(service).npsv == sroi.evaluate(service, scenario="wsipp_2023").npsv
    for claim in ("rand_high_risk", "rand_low_risk"):
        assert "claim" in (service.scenarios[claim].label or "")
        assert "A claim, not a result of this model" in service.scenarios[claim].why
        assert service.scenarios[claim].changes["claimed_ratio"].grade == "D"


def test_replication_loses_effect_and_costs_less() -> None:
    service = sroi.load("nurse_family_partnership")
    changes = service.scenarios["cautious"].changes
    assert changes["loss_of_effect"].value == 0.218
    assert changes["cost_per_family"].value == 8_860
    result, base = sroi.evaluate(service, scenario="cautious"), sroi.evaluate(service)
    assert result.pv_benefits == pytest.approx(base.pv_benefits * (1 - 0.218), rel=1e-12)
    assert result.pv_costs == pytest.approx(8_860 * 113.08 / 84.25, rel=1e-12)


def test_england_has_effects_that_span_none() -> None:
    service = sroi.load("family_nurse_partnership_england")
    for name, none in (
        ("odds_smoking", 1),
        ("birthweight_difference", 0),
        ("odds_second_pregnancy", 1),
        ("odds_emergency_care", 1),
        ("qaly_gain", 0),
        ("cost_difference", 0),
    ):
        spread = service.parameters[name].spread
        assert spread is not None
        assert spread.low is not None
        assert spread.high is not None
        assert spread.low < none < spread.high, name


# Nuka -----------------------------------------------------------------------------------------------------------------


def test_nuka_baselines_are_assumptions_to_be_replaced() -> None:
    service = sroi.load("nuka_primary_care")
    asked = [key for key in service.parameters if key.startswith(("baseline_", "cost_", "redesign_cost"))]
    assert len(asked) == 7
    for key in asked:
        parameter = service.parameters[key]
        assert parameter.source == "assumption"
        assert parameter.note is not None
        assert "replace it" in parameter.note
        assert parameter.spread is not None
        assert parameter.spread.shape != "fixed"


def test_nuka_scales_with_population_and_keeps_its_ratio() -> None:
    service = sroi.load("nuka_primary_care")
    base, other = sroi.evaluate(service), sroi.evaluate(service, values={"population": 60_000}, scenario="cautious")
    assert other.participants == 5 * 60_000
    assert other.sroi_ratio == pytest.approx(sroi.evaluate(service, scenario="cautious").sroi_ratio, rel=1e-12)
    assert other.sroi_ratio < 1 < base.sroi_ratio


def test_nuka_works_as_noted() -> None:
    service, said = sroi.load("nuka_primary_care"), notes("nuka_primary_care")
    parts = {"emergency": 0.43 * 0.40 * 700, "specialist": 1.5 * 0.50 * 250, "hospital": 0.6 * 0.30 * 3_000}
    for part in parts.values():
        assert f"= ${part:.2f}" in said
    total = sum(parts.values())
    assert f"${total:.2f} a person a year, against $500: {sroi.evaluate(service).sroi_ratio:.2f} per $1" in said
    even = sroi.evaluate(service, {"redesign_cost_per_person": total})
    assert even.npsv == pytest.approx(0, abs=1e-3)
    assert f"${total:.0f} a person a year" in said
    later = 3_660 * reference.price_factor("USD", "2010", "2024")
    assert f"${later:,.0f} at 2024 prices" in said


def test_nuka_satisfaction_has_no_price() -> None:
    service = sroi.load("nuka_primary_care")
    (satisfaction,) = (entry for entry in service.non_monetised if entry.id == "satisfaction")
    assert "From 35% to 85%" in satisfaction.description
    assert satisfaction.quantity == "more_people_satisfied"
    base = sroi.evaluate(service).npsv
    assert sroi.evaluate(service, {"satisfaction_after": 0.35}).npsv == base
