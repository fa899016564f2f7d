"""Services of the library through the Deep Value lens; what each test expects is worked out by hand above it."""

from __future__ import annotations

import math

import pytest

import sroi


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
    assert "Dominated" in row["standing"]
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
    assert "Evidence: 100.0% (at most); 0.0% (at least)." in found.headline()


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
    assert "Evidence: 0 (best estimate)." in found.headline()
