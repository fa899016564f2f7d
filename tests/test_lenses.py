"""The services of the library through the Deep Value lens: each answer worked out by hand in the docstring."""

from __future__ import annotations

import math

import pytest

import sroi
from sroi.deep_value import NEVER

DRAWS = 500


def test_longer_interviews_in_legal_advice() -> None:
    """What more interview time buys, and that it never pays back where a problem saves less than it costs.

    £25.7 million of 2009-10 = £38.00 million of 2024-25 (GDP deflator 67.6365 to 100), 5.277 saved for each £1.
    Time: a tenth of it, £3.80 million. Problems found, 6%: £2.28 million more to advise on, £12.03 million saved:
    12.03 / 6.08 = 1.98, or 5.277 × 0.06 / 0.16. Break-even: 5.277 d = d + 0.1, so d = 0.1 / 4.277 = 2.34%.
    At 12%, the most: 5.277 × 0.12 / 0.22 = 2.88. Cautious: 0.6 d is less than d + 0.1 whatever d is.
    Shorter interviews: 88% of problems at nine tenths of the cost: 0.792 spent and 0.88 of the saving, 3.04 lost for
    each £1 spared (0.12 × 5.277 / 0.208).
    """
    service = sroi.load("legal_advice")
    spent, ratio = 25.7 / 0.676365, sroi.evaluate(service).sroi_ratio
    assert (spent, ratio) == pytest.approx((38.00, 5.277), rel=1e-3)
    lens = sroi.relationship(service, draws=DRAWS)
    assert lens.extra_costs.central == pytest.approx(spent * 1e6 * 0.16, rel=1e-6)
    assert lens.extra_benefits.central == pytest.approx(spent * 1e6 * 0.06 * ratio, rel=1e-6)
    assert lens.per_pound.central == pytest.approx(1.98, abs=0.005)
    assert lens.break_even == pytest.approx(0.1 / (ratio - 1))
    assert lens.evidence["per_pound"][0] == pytest.approx(2.88, abs=0.005)
    assert "No evidence says what it returns" in lens.headline()
    cautious = sroi.relationship(service, scenario="cautious", draws=DRAWS)
    assert cautious.break_even == NEVER
    assert cautious.evidence["per_pound"][0] == pytest.approx(0.6 * 0.12 / 0.22)
    shorter = sroi.compare_options(service, draws=DRAWS).loc["shorter_interviews"]
    assert shorter["pv_costs"] == pytest.approx(spent * 1e6 * 0.792, rel=1e-6)
    assert shorter["extra_benefits"] / shorter["extra_costs"] == pytest.approx(3.04, abs=0.005)


def test_longer_interviews_where_nothing_is_spent() -> None:
    """Without problems there is nothing to find, and no division by none of them."""
    kinds = ("housing", "debt", "benefits", "employment")
    lens = sroi.relationship(sroi.load("legal_advice"), {f"spend_{kind}": 0 for kind in kinds}, draws=DRAWS)
    assert (lens.extra_costs.central, lens.extra_benefits.central) == (0, 0)


@pytest.mark.parametrize("scenario", [None, "cautious"])
def test_more_visits_in_the_nurse_family_partnership(scenario: str | None) -> None:
    """What six visits more return, the same in the base case and as replicated.

    6 × $354 of 2010 = $2,124, at prices of 2022 (consumer prices 84.25 to 113.08) $2,850.82. Benefit: 21.8% of
    $20,495 = $4,467.91; for each $1 1.567. Break-even: 2,850.82 / 20,495 = 13.9%.
    Of the benefit taxpayers get 21.8% of $5,061 = $1,103.30.
    """
    service = sroi.load("nurse_family_partnership")
    lens = sroi.relationship(service, scenario=scenario, draws=DRAWS)
    assert lens.extra_costs.central == pytest.approx(2_850.82, abs=0.01)
    assert lens.extra_benefits.central == pytest.approx(4_467.91)
    assert lens.per_pound.central == pytest.approx(1.567, abs=0.0005)
    assert lens.break_even == pytest.approx(0.1391, abs=0.00005)
    assert "Evidence: 21.8% (best estimate)." in lens.headline()
    before, after = (
        sroi.evaluate(each, scenario=scenario).pv_fiscal_savings
        for each in (service, service.with_option("more_visits"))
    )
    assert after - before == pytest.approx(1_103.30, abs=0.01)


def test_restored_visits_bring_back_what_replication_lost() -> None:
    """As replicated, $20,495 × (1 − 0.218) = $16,027.09; with the visits back, the whole $20,495 again.

    Fewer visits as an option: $8,860 of 2010 = $11,891.85 of 2022 for the same $16,027.09.
    """
    service = sroi.load("nurse_family_partnership")
    table = sroi.compare_options(service, scenario="cautious", draws=DRAWS)
    assert table["pv_benefits"].tolist() == pytest.approx([0, 16_027.09, 16_027.09, 20_495])
    fewer = sroi.compare_options(service, draws=DRAWS).loc["as_replicated"]
    assert (fewer["pv_costs"], fewer["pv_benefits"]) == pytest.approx((11_891.85, 16_027.09), abs=0.01)


def test_continuity_in_general_practice() -> None:
    """What seeing the same doctor returns if the whole association is cause, and how much of it must be.

    5.53 admissions at £2,115.13 and 181.85 consultations at £48 come to £20,425, against 52 hours at £285 = £14,820:
    1.38 for £1 if all of it is cause; break-even 14,820 / 20,425 = 72.6%. Cautious: 44% of the admissions' £11,696
    and £8,729 come to £13,850, less than the cost even if all of it is cause.
    """
    service = sroi.load("gp_continuity")
    lens = sroi.relationship(service, draws=DRAWS)
    assert lens.extra_costs.central == pytest.approx(14_820)
    assert lens.break_even == pytest.approx(0.7256, abs=0.0001)
    assert lens.evidence["per_pound"][0] == pytest.approx(1.38, abs=0.005)
    assert lens.evidence["value"].tolist() == pytest.approx([1, *[float("nan")] * 5], nan_ok=True)
    assert sroi.relationship(service, scenario="cautious", draws=DRAWS).break_even == NEVER


def test_a_lighter_version_of_continuity() -> None:
    """Half the hours, £7,410, for a rise of 0.11.

    Admissions: 92.16 × 3.3% = 3.04 at £2,115.13 = £6,433. Consultations: 1 − (1 + 0.181 × 0.61) / (1 + 0.181 × 0.72)
    = 1.7615% of 5,760 = 101.46 at £48 = £4,870. Half of £11,303 is £5,651; £7,410 more buys the rest of £10,212.
    """
    table = sroi.compare_options(sroi.load("gp_continuity"), draws=DRAWS)
    assert tuple(table.loc["lighter", ["pv_costs", "pv_benefits"]]) == pytest.approx((7_410, 5_651), abs=1)
    assert table.loc["as_it_stands", "step_from"] == "lighter"
    assert table.loc["as_it_stands", "step_per_pound"] == pytest.approx((10_212 - 5_651) / 7_410, abs=0.001)


def test_nuka_as_an_investment_in_the_relationship() -> None:
    """How much of the falls must be owed to the relationship: $500 / $847.90 a person a year = 59.0%.

    Cautious: half of $120.40 and $540.00 is $330.20, less than $500 even if all of it is owed to the relationship.
    """
    service = sroi.load("nuka_primary_care")
    lens = sroi.relationship(service, draws=DRAWS)
    assert lens.break_even == pytest.approx(500 / 847.9)
    assert "No evidence says what it returns" in lens.headline()
    assert "No evidence gives a number to set beside it." in lens.headline()
    assert sroi.relationship(service, scenario="cautious", draws=DRAWS).break_even == NEVER
    half = sroi.evaluate(service, {"share_by_relationship": 0.5}).sroi_ratio
    assert half == pytest.approx(847.9 / 2 / 500)


def lens(name: str, scenario: str | None = None) -> sroi.Lens:
    return sroi.relationship(sroi.load(name), scenario=scenario, draws=200)


# Employment advisers --------------------------------------------------------------------------------------------------


def test_employment_adviser_asks_how_many_jobs_more_time_must_bring() -> None:
    """Six interviews against jobs that last as the others do; no source says how many.

    Cost: 6 × £238 million / 10.8 million = £132.22 of 2005-06, £215.65 at 2024-25 prices (index 61.3146), for each of
    1,000 starters. A job to everyone: 0.8207 of a year × £20,443.72 = £16,777. Break-even 215.65 / 16,777 = 1.285%, one
    starter in 78. To the state: 0.8207 × £13,713.10 = £11,254, one in 52. With fees of £3,412 for each further job
    (£1,000 + £2,210 × 14 / 23 of 2010-11) taken off the £16,777: one in 62.
    """
    found = lens("employment_adviser")
    assert found.extra_costs.central == pytest.approx(215_646, abs=1)
    assert found.cost_per_participant == pytest.approx(215.65, abs=0.01)
    assert found.extra_benefits.central == 0
    assert found.break_even == pytest.approx(0.01285, abs=0.00001)
    assert found.break_even_with_staff == found.break_even
    said = found.headline()
    assert "No evidence says what it returns: no source that was seen says how many more jobs" in said
    assert "It pays back from 1.3% on, for: starters whom six more interviews bring into work." in said
    assert "No evidence gives a number to set beside it." in said
    notes = " ".join(found.service.about.notes)
    for text, one_in in [
        ("one person in 78", 16_777 / 215.65),
        ("one in 52", 11_254 / 215.65),
        ("one in 62", (16_777 - 3_412) / 215.65),
    ]:
        assert text in notes
        assert text.endswith(f" {one_in:.0f}")


def test_employment_adviser_more_jobs_are_worth_the_three_views() -> None:
    """One starter in a hundred of 1,000: 10 × £16,777 to everyone, 10 × £11,254 to the state."""
    service = sroi.load("employment_adviser")
    given = {"jobs_through_time": 0.01}
    before, after = (sroi.evaluate(each, given) for each in (service, service.with_option("more_adviser_time")))
    assert after.pv_benefits - before.pv_benefits == pytest.approx(167_772, abs=1)
    extra = after.fiscal_ratio * after.pv_costs - before.fiscal_ratio * before.pv_costs
    assert extra == pytest.approx(112_537, abs=1)


def test_employment_adviser_more_time_without_a_gain_is_only_dearer() -> None:
    """£1,493,050 + £215,646 = £1,708,695 for the same £2,843,732: 1.664 for £1 instead of 1.905."""
    table = sroi.compare_options(sroi.load("employment_adviser"), draws=200)
    row = table.loc["more_adviser_time"]
    assert row["pv_costs"] == pytest.approx(1_708_695, abs=1)
    assert row["sroi_ratio"] == pytest.approx(1.664, abs=0.001)
    assert row["standing"].startswith("Not known")
    # It is said that this is want of evidence.
    assert "want of evidence" in sroi.load("employment_adviser").options["more_adviser_time"].why


def test_employment_adviser_does_not_depend_on_what_the_programme_costs() -> None:
    """The cautious case changes fees alone; one more job costs and brings the same."""
    assert lens("employment_adviser", "cautious").break_even == pytest.approx(0.01285, abs=0.00001)


# Teachers -------------------------------------------------------------------------------------------------------------


def test_teacher_relationships_turns_on_which_trial_is_believed() -> None:
    """Earnings for each standard deviation: 3,000 pupils × 0.5 / 0.6 × 0.5 × £9,963 / 1.035 = £12.03 million.

    Exclusions avoided add 3,000 × 0.001 × 0.05 × 0.3 × £15,898 × (1 / 1.035 + 1 / 1.035²), about £1,360. £200,000 is
    covered at (200,000 - 1,360) / 12.03 million = 0.0165 standard deviations, which is a weight of (0.0165 - 0.015) /
    (0.22 - 0.015) = 0.7%. The later trial alone returns (0.015 × 12.03 million + 1,360) / 200,000 = 0.91; the first
    (0.22 × 12.03 million + 1,360) / 200,000 = 13.24.
    """
    found = lens("teacher_relationships")
    assert found.extra_costs.central == pytest.approx(200_000)
    assert found.cost_per_participant == pytest.approx(66.67, abs=0.01)
    assert found.per_pound.central == pytest.approx(3.38, abs=0.005)
    assert found.break_even == pytest.approx(0.0074, abs=0.0001)
    assert found.evidence["per_pound"].tolist() == pytest.approx([13.24, 0.91, math.nan], abs=0.005, nan_ok=True)
    assert found.evidence["bound"].tolist() == ["upper", "lower", "upper"]
    assert "Evidence: 100% (at most); 0% (at least)." in found.headline()


def test_teacher_relationships_cautious() -> None:
    """A quarter of the earnings caused, not half: 0.033 standard deviations, (0.033 - 0.015) / 0.205 = 8.8%."""
    found = lens("teacher_relationships", "cautious")
    assert found.per_pound.central < 1
    assert found.break_even == pytest.approx(0.088, abs=0.0005)


# Therapy --------------------------------------------------------------------------------------------------------------


def test_therapeutic_alliance_turns_on_how_much_is_cause() -> None:
    """£61,150 buys £115,600, 1.89 for £1, at half of the correlation as cause; break-even at 26%.

    The shift 0.2 × 0.278 × 0.5 = 0.0278 brings 17.7 recoveries of £6,508 each. Near a recovery rate of one half,
    value is in proportion to the shift: 0.5 / 1.8904 = 0.2645. All of it as cause returns twice 1.89, 3.78; none of it
    nothing.
    """
    found = lens("therapeutic_alliance")
    assert found.extra_costs.central == pytest.approx(61_150, abs=1)
    assert found.extra_benefits.central == pytest.approx(115_600, abs=1)
    assert found.per_pound.central == pytest.approx(1.89, abs=0.005)
    assert found.break_even == pytest.approx(0.2645, abs=0.0005)
    assert found.evidence["per_pound"].tolist() == pytest.approx([3.78, 0, math.nan], abs=0.005, nan_ok=True)
    assert found.evidence["bound"].tolist() == ["upper", "lower", "upper"]


def test_therapeutic_alliance_cautious_never_pays_back() -> None:
    """Public savings alone, a tenth of a standard deviation: even all of the correlation as cause is too little."""
    found = lens("therapeutic_alliance", "cautious")
    assert found.break_even == "never"
    # 0.13 at a quarter of the correlation as cause, four times that at all of it.
    assert found.evidence["per_pound"][0] == pytest.approx(4 * found.per_pound.central, rel=0.01)
    assert found.evidence["per_pound"][0] < 1


# Asylum ---------------------------------------------------------------------------------------------------------------


def test_early_legal_advice_asylum_asks_how_far_appeals_must_fall() -> None:
    """£540.77 a case over £2,550 for each avoided appeal: 21 in 100; the evaluation found no discernible fall.

    An avoided appeal, support in cash left out as it only changes hands: £1,051 + £517 + 60% of £1,635 = £2,549.
    """
    found = lens("early_legal_advice_asylum")
    assert found.cost_per_participant == pytest.approx(540.77, abs=0.01)
    assert found.extra_benefits.central == 0
    assert found.break_even == pytest.approx(540.77 / 2_550, abs=0.0001)
    assert found.evidence["per_pound"].tolist() == pytest.approx([0, math.nan], nan_ok=True)
    assert "Evidence: 0 appeals per case (best estimate)." in found.headline()
