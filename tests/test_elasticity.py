"""What rests on each number: known elasticities, numbers that cannot be moved, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
import small_service as small

import sroi
from sroi import elasticity

# One outcome without deductions, so that the ratio is people × half × worth ÷ budget.
PLAIN: dict[str, Any] = {
    "outcomes.1": small.REMOVED,
    **{f"outcomes.0.{name}": small.REMOVED for name in small.DEDUCTIONS},
    "outcomes.0.zero_because": dict.fromkeys(small.DEDUCTIONS, "Worked by hand."),
    "outcomes.0.benefit_period": small.REMOVED,
    "outcomes.0.already_present_value": "Counted once.",
}
LASTING = {"outcomes.0.benefit_period": "lasts", "outcomes.0.already_present_value": None}


def rests(changes: dict[str, Any] | None = None, **asked: Any) -> Any:
    given = {path: value for path, value in {**PLAIN, **(changes or {})}.items() if value is not None}
    return sroi.elasticities(small.service(given), **asked)


def test_a_factor_has_elasticity_one_and_a_divisor_minus_one() -> None:
    found = rests()
    for name in ("people", "half", "worth"):
        assert found.loc[name, "elasticity"] == pytest.approx(1, rel=1e-12)
    # (1/1.01 - 1/0.99) / 0.02 by hand: -1.00010001.
    assert found.loc["budget", "elasticity"] == pytest.approx(-1.00010001, rel=1e-9)
    # 100 people × 0.5 × £10 = £500, of which 1% is £5; 1% of the £500 budget is £5 too.
    assert found.loc["worth", "npsv_per_percent"] == pytest.approx(5, rel=1e-9)
    assert found.loc["budget", "npsv_per_percent"] == pytest.approx(-5, rel=1e-9)
    assert found["share"].sum() == pytest.approx(1)
    assert found.attrs["result"] == "sroi_ratio"


def test_most_comes_first_and_equals_keep_the_order_of_the_file() -> None:
    found = rests()
    assert list(found.index[:4]) == ["people", "worth", "half", "budget"]
    assert (found["share"].iloc[4:].fillna(0) == 0).all()


def test_rounding_is_nothing() -> None:
    """What a ratio does not rest on has no last digits of a floating-point sum."""
    found = sroi.elasticities(sroi.load("nurse_family_partnership"))
    assert found.loc["families", "elasticity"] == 0
    assert found.loc["families", "npsv_per_percent"] > 0


def test_a_number_that_cannot_be_moved_says_why() -> None:
    found = rests({"outcomes.0.onset_year": "starts", "outcomes.0.leakage": "zero", "parameters.zero.unit": "share"})
    assert found.loc["starts", "note"] == elasticity.WHOLE
    assert found.loc["zero", "note"] == elasticity.ZERO
    assert math.isnan(found.loc["zero", "elasticity"])
    narrow = rests({"parameters.worth.minimum": 10, "parameters.worth.maximum": 10})
    assert narrow.loc["worth", "note"] == elasticity.NARROW


@pytest.mark.parametrize(("bound", "note"), [("maximum", elasticity.UPPER), ("minimum", elasticity.LOWER)])
def test_a_number_at_a_bound_is_moved_to_the_other_side(bound: str, note: str) -> None:
    found = rests({f"parameters.worth.{bound}": 10})
    assert found.loc["worth", "note"] == note
    assert found.loc["worth", "elasticity"] == pytest.approx(1, rel=1e-9)


def test_a_side_that_the_method_refuses_is_left_out() -> None:
    """A cost of five years cannot last 1% longer than the five years that are looked at."""
    lasts = {"costs.0.years": "lasts", "parameters.lasts.value": 5}
    found = rests(lasts)
    assert found.loc["lasts", "note"] == elasticity.UPPER
    assert found.loc["lasts", "elasticity"] < 0
    assert found.loc["people", "elasticity"] == pytest.approx(1, rel=1e-9)


def test_values_by_year_are_scaled_together() -> None:
    found = rests({**LASTING, "lines.reached.formula": "series * half", "service.delivery_years": 5})
    assert found.loc["series", "elasticity"] == pytest.approx(1, rel=1e-9)


def test_without_a_ratio_the_net_value_says_it() -> None:
    found = rests({"parameters.budget.value": 0})
    assert found.attrs["result"] == "npsv"
    assert found["elasticity"].isna().all()
    assert found.loc["worth", "npsv_per_percent"] == pytest.approx(5, rel=1e-9)
    assert found.loc[["people", "half", "worth"], "share"].tolist() == pytest.approx([1 / 3] * 3)


def test_scenario_convention_and_values_are_those_asked_for() -> None:
    asked = {"worth": 20.0, "lasts": 1.0}
    found = rests(LASTING, scenario="low", values=asked, convention="svi")
    # 50 people × 0.5 × £20, at the end of the year: £500 ÷ 1.035.
    assert found.loc["worth", "npsv_per_percent"] == pytest.approx(5 / 1.035, rel=1e-9)
    assert found.loc["worth", "grade"] == ""
    assert found.loc["worth", "weak"]
    assert not found.loc["people", "weak"]


def test_weak_and_fixed_numbers_are_marked() -> None:
    fixed = {"shape": "fixed", "note": "A decision."}
    found = rests({"parameters.people.grade": "D", "parameters.budget.spread": fixed})
    assert found.index[found["weak"]].tolist() == ["people", "guess"]
    assert found.index[found["fixed"]].tolist() == ["budget"]


def test_it_is_for_one_case() -> None:
    with pytest.raises(sroi.ServiceError, match="one case"):
        rests(values={"people": [1.0, 2.0]})
