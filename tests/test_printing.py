"""Figures are printed no more exactly than they are known (method: honest printing)."""

from __future__ import annotations

import math

import pytest

from sroi import printing


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        # Width 3.5: a fifth is 0.7, so steps of 0.5. Width 4: 0.8, steps of 0.5.
        (3.8684, 2.5, 6.0, "about 4 (likely 2.5 to 6)"),
        (1.4718, -0.51, 3.49, "about 1.5 (likely −0.5 to 3.5)"),
        # Width 0.3: 0.06, steps of 0.05. Width 0.012: 0.0024, steps of 0.002.
        (1.4718, 1.31, 1.61, "about 1.45 (likely 1.3 to 1.6)"),
        (1.4718, 1.466, 1.478, "about 1.472 (likely 1.466 to 1.478)"),
        # Width 5 is five steps of 1; width 4,000: 800, steps of 500; a thousand apart in words.
        (12.4, 10, 15, "about 12 (likely 10 to 15)"),
        (12_345, 11_000, 15_000, "about 12,500 (likely 11,000 to 15,000)"),
        (-0.04, -0.28, 0.72, "about 0 (likely −0.2 to 0.8)"),
        (2.0, 2.0, 2.0, "2.00 (every draw the same)"),
    ],
)
def test_ratios(value: float, low: float, high: float, said: str) -> None:
    assert printing.likely(value, low, high, "ratio", "£") == said


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (1_234_567, 600_000, 1_900_000, "about £1.2 million (likely £0.6 million to £2 million)"),
        (1_234, 810, 1_490, "about £1,200 (likely £800 to £1,500)"),
        (-250_400, -910_000, 400_000, "about −£200,000 (likely −£1,000,000 to £400,000)"),
        (2.54, 1.1, 4.2, "about £2.50 (likely £1.00 to £4.00)"),
        (3.2e9, 2.1e9, 4.4e9, "about £3.2 billion (likely £2 billion to £4.4 billion)"),
    ],
)
def test_money(value: float, low: float, high: float, said: str) -> None:
    assert printing.likely(value, low, high, "money", "£") == said


def test_rates_years_and_the_median() -> None:
    assert printing.likely(0.1234, 0.05, 0.2, "rate", "£") == "about 12% (likely 4% to 20%)"
    assert printing.likely(2.26, 1.0, 4.0, "years", "£") == "about 2.5 years (likely 1 year to 4 years)"
    assert printing.likely(4, 2.5, 6, "ratio", "£", median=3.4) == "about 4 (likely 2.5 to 6; median 3.5)"
    assert printing.likely(4, 2.5, 6, "ratio", "£", median=3.9) == "about 4 (likely 2.5 to 6)"
    assert "no draw has a number" in printing.likely(4, math.nan, math.nan, "ratio", "£")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.654, "65%"), (0.996, "over 99%"), (1.0, "over 99%"), (0.004, "under 1%"), (0.0, "under 1%"), (0.5, "50%")],
)
def test_chances(share: float, said: str) -> None:
    assert printing.chance(share) == said


@pytest.mark.parametrize("width", [1e-6, 0.003, 0.9, 1.0, 4.99, 5.0, 77.0, 3e8])
def test_a_step_is_of_a_kind_that_people_count_in(width: float) -> None:
    step = printing.step_of(1.0, 1.0 + width)
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(step, count * power, rel_tol=1e-6) for count in (1, 2, 5))
    assert step <= width / 5 * (1 + 1e-6) < step * 2.5 * (1 + 1e-5)
