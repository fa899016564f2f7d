"""What a relationship returns at each extent of dependence, and how far outcomes must rise to repay a sum."""

from __future__ import annotations

import pytest

import sroi
from sroi import charts_lens, dependence

DRAWS = 200


def lens(name: str, scenario: str | None = None) -> sroi.Lens:
    return sroi.relationship(sroi.load(name), scenario=scenario, draws=DRAWS)


def test_the_curve_of_more_interview_time() -> None:
    """Legal advice saves 5.277 for £1 (see test_lenses): at a dependence d, 5.277 d / (d + 0.1) for each extra £1.

    0 at 0; at 6% 5.277 × 0.06 / 0.16 = 1.98; at all of it 5.277 / 1.1 = 4.80.
    """
    found = lens("legal_advice")
    curve = dependence.curve(found)
    ratio = found.result.sroi_ratio
    assert curve["per_pound"].tolist() == pytest.approx([ratio * d / (d + 0.1) for d in curve["dependence"]])
    marks = dependence.marks(found).set_index("what")["per_pound"]
    assert marks["Break-even"] == pytest.approx(1)
    assert marks["Taken in this case"] == pytest.approx(1.98, abs=0.005)
    assert marks["Evidence: at most"] == pytest.approx(found.evidence["per_pound"][0])


@pytest.mark.parametrize(
    ("name", "scenario", "said"),
    [
        ("legal_advice", None, "Where evidence is silent, break-even is the answer"),
        ("legal_advice", "cautious", "at no extent would it pay back"),
        ("nuka_primary_care", None, "Where evidence is silent, break-even is the answer"),
        ("nurse_family_partnership", None, "Set the break-even beside what evidence supports"),
    ],
)
def test_what_follows_is_said(name: str, scenario: str | None, said: str) -> None:
    assert said in dependence.turning(lens(name, scenario))


def test_the_chart_marks_break_even_and_findings_and_says_so() -> None:
    found = lens("teacher_relationships")
    curve, marks = dependence.curve(found), dependence.marks(found)
    sentence = charts_lens.returns_sentence(curve, marks, "£")
    assert sentence == "Each extra £1 returns from £0.91 at 0% to £13.24 at 100%. It pays back from 0.7% on."
    chart = charts_lens.returns(curve, marks, "£", "Weight", shares=True).to_dict()
    assert chart["description"] == sentence
    domains = [
        layer["encoding"]["shape"]["scale"]["domain"] for layer in chart["layer"] if "shape" in layer["encoding"]
    ]
    assert domains == [["Break-even", "Taken in this case", "Evidence: at most", "Evidence: at least"]]


def test_a_chart_where_it_never_pays_back() -> None:
    found = lens("legal_advice", "cautious")
    curve, marks = dependence.curve(found), dependence.marks(found)
    assert charts_lens.returns_sentence(curve, marks, "£").endswith("It pays back nowhere between these.")


def test_how_far_outcomes_must_rise() -> None:
    """$2,049.50 for one family whose benefit is $20,495: a tenth. Nuka: $169.58 of $1,695.80 would be a tenth too."""
    found = dependence.rise_to_repay(sroi.evaluate(sroi.load("nurse_family_partnership")), 2_049.5)
    assert found is not None
    assert (found.extra_costs, found.rise) == pytest.approx((2_049.5, 0.1))
    assert found.sentence() == (
        "$2,050 more for one participant."
        " To repay it, every priced outcome alike would have to be 10% greater than it is here."
    )


def test_nothing_repays_where_nothing_is_gained() -> None:
    result = sroi.evaluate(sroi.load("early_legal_advice_asylum"))
    found = dependence.rise_to_repay(result, 100)
    assert found is not None
    assert found.rise is None
    assert found.sentence() == (
        "£100 more a participant, for 1,000 participants, is £100,000 in all."
        " No rise repays it: the service brings no benefit that could grow."
    )


def test_no_sum_for_each_where_nobody_is_counted() -> None:
    service = sroi.load("debt_advice")
    nobody = service.replace(about=service.about.model_copy(update={"participants": None}))
    assert dependence.rise_to_repay(sroi.evaluate(nobody), 100) is None
