"""Figures with a likely range are written no more exactly than they are known (method: honest printing)."""

from __future__ import annotations

import math

import pytest

from sroi import ranges


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
        # Width 1, steps of 0.2. Zero, which −0.041 would round to, is another thing than a loss; of the powers of ten
        # 0.01 is the first that leaves it there. −0.2 and 0.8 move an end by over a tenth.
        (-0.041, -0.28, 0.72, "about −0.04 (likely −0.3 to 0.7)"),
        # Width 3.7, steps of 0.5: 5.5 would be 4.2% off and above every scenario; 5.3, of the tenths, is 0.4% off.
        (5.2776, 1.8, 5.5, "about 5.3 (likely 1.8 to 5.5)"),
        # Width 1.2, steps of 0.2: 1.6 would be 5.6% off.
        (1.6958, 1.2, 2.4, "about 1.7 (likely 1.2 to 2.4)"),
        # Steps of 0.2: 0.94 would be 1, which is breaking even, and so would 0.9996 at every step down to 0.001; 0.9 is
        # 4.7% off. A low end of 0.4 or 0.6 would be a fifth off 0.5; 1.6 is less than a tenth off 1.5.
        (0.944, 0.546, 1.642, "about 0.94 (likely 0.6 to 1.6)"),
        # The same less 1, as the net ratio is: hundredths move it by less than a hundredth of the range.
        (-0.056, -0.454, 0.642, "about −0.06 (likely −0.45 to 0.6)"),
        (0.9996, 0.5, 1.5, "just under 1 (likely 0.5 to 1.6)"),
        (1.0004, 0.5, 1.5, "just over 1 (likely 0.5 to 1.6)"),
        (1.0, 0.5, 1.5, "about 1 (likely 0.5 to 1.6)"),
        (2.0, 2.0, 2.0, "2.00 (every draw the same)"),
        (4e101, 2e101, 7e102, "about 4.0 × 10^101 (likely 2.0 × 10^101 to 7.0 × 10^102)"),
        (2e-300, 1e-300, 3e-300, "about 0.00 (likely 0.00 to 0.00)"),
    ],
)
def test_ratios(value: float, low: float, high: float, said: str) -> None:
    assert ranges.likely(value, low, high, "ratio", "£") == said


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (1_234_567, 600_000, 1_900_000, "about £1.2 million (likely £0.6 million to £2 million)"),
        (1_234, 810, 1_490, "about £1,200 (likely £800 to £1,500)"),
        # Steps of 200,000 would make a fifth less of it; steps of 100,000 a fifth more; of 10,000 next to nothing.
        (-250_400, -910_000, 400_000, "about −£250,000 (likely −£1,000,000 to £400,000)"),
        (2.54, 1.1, 4.2, "about £2.50 (likely £1.00 to £4.00)"),
        (3.2e9, 2.1e9, 4.4e9, "about £3.2 billion (likely £2 billion to £4.4 billion)"),
        # A loss of a million is no loss of two, and the loss of 452,000 in the middle draw is no break-even.
        (-1.0737e6, -8.5364e6, 11.986e6, "about −£1 million (likely −£8 million to £12 million)"),
        # Steps of 200,000 down to 20,000 give zero; at £0.01 million a word would only hide the size.
        (7_200, -1.0e6, 1.0e6, "about £10,000 (likely −£1 million to £1 million)"),
        # Steps of 2,000 and 1,000 move it by more than a thirtieth, hundreds by 20.
        (-580, -5_890, 4_897, "about −£600 (likely −£6,000 to £5,000)"),
        # Less than a hundredth of a penny is no money.
        (0.0, -4.7e-9, 3.5e-9, "£0.00 (every draw the same)"),
        (3.8e7, 3.8e7, 3.8e7 + 1e-8, "£38.00 million (every draw the same)"),
    ],
)
def test_money(value: float, low: float, high: float, said: str) -> None:
    assert ranges.likely(value, low, high, "money", "£") == said


def test_rates_years_and_the_median() -> None:
    # 5% would be 4% or 6% at steps of 2%, a fifth off. 2.26 at steps of a half would be a tenth more: tenths.
    assert ranges.likely(0.1234, 0.05, 0.2, "rate", "£") == "about 12% (likely 5% to 20%)"
    assert ranges.likely(2.26, 1.0, 4.0, "years", "£") == "about 2.3 years (likely 1 year to 4 years)"
    assert ranges.likely(0.5, 0.0, 1.0, "years", "£") == "about 0.5 years (likely at once to 1 year)"
    assert ranges.likely(0.01, 0.0, 0.9, "years", "£") == "at once (likely at once to 0.9 years)"
    assert ranges.likely(4, 2.5, 6, "ratio", "£", median=3.4) == "about 4 (likely 2.5 to 6; median 3.5)"
    # 3.9 is 2.5% off 4, less than the 3.5% that a figure may be moved.
    assert ranges.likely(4, 2.5, 6, "ratio", "£", median=3.9) == "about 4 (likely 2.5 to 6)"
    # Printed as 7,000 and 6,000, yet only 0.4% of the range apart they say the same; 3% apart they do not.
    assert ranges.likely(6_570, -19e3, 34e3, "money", "$", median=6_370) == "about $7,000 (likely −$20,000 to $35,000)"
    said = ranges.likely(6_570, -19e3, 34e3, "money", "$", median=5_000)
    assert said == "about $7,000 (likely −$20,000 to $35,000; median $5,000)"
    assert "no draw has a number" in ranges.likely(4, math.nan, math.nan, "ratio", "£")


def test_the_median_is_said_where_it_lies_on_the_other_side() -> None:
    # Steps of 5 would make both 0, steps of 2 too; but one is a loss. In whole pounds no pence are written.
    said = ranges.likely(1.0, -15.0, 15.0, "money", "£", median=-1.0)
    assert said == "about £1 (likely −£15 to £15; median −£1)"


def test_most_draws_alike_is_not_every_draw() -> None:
    """£100 in 96 of 100 draws, a ruin in 4: both percentiles are 100, and the spread is not zero."""
    assert ranges.likely(100, 100, 100, "money", "£", sd=97_800.0) == "£100 in at least 90% of draws"
    # The figure is that of the draws, which need not be the central one.
    said = ranges.likely(50, 100, 100, "money", "£", sd=9.0)
    assert said == "£100 in at least 90% of draws; £50.00 at the central values"
    said = ranges.likely(2, 2, 2, "ratio", "£", sd=0.4, whole=False)
    assert said == "2.00 in at least 90% of draws that have a number"
    said = ranges.likely(2, 2, 2, "ratio", "£", whole=False)
    assert said == "2.00 (all draws with a number the same)"


@pytest.mark.parametrize("width", [1e-6, 0.003, 0.9, 1.0, 4.99, 5.0, 77.0, 3e8])
def test_a_step_is_of_a_kind_that_people_count_in(width: float) -> None:
    step = ranges.step_of(1.0, 1.0 + width)
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(step, count * power, rel_tol=1e-6) for count in (1, 2, 5))
    assert step <= width / 5 * (1 + 1e-6) < step * 2.5 * (1 + 1e-5)


def test_spans_run_the_way_they_move() -> None:
    # Width 10,759: steps of 2,000; 3,150 would be 4,000 or, at steps of 1,000, 3,000: 5% less.
    assert ranges.span(3_150, -7_609, "money", "£") == "£3,000 to −£8,000"
    assert ranges.span(5.0, 5.0, "money", "£") == "£5.00 to £5.00"


def row(**changes: float | str | None) -> dict[str, float | str | None]:
    given = {"unit": "ratio", "central": 1.4718, "median": 1.46, "p5": -0.51, "p95": 3.49, "sd": 1.2, "undefined": 0}
    return given | changes


def test_what_has_no_number_says_in_how_many_draws_and_why() -> None:
    assert ranges.drawn(row(), "£", {}, 1_000) == "about 1.5 (likely −0.5 to 3.5)"
    said = ranges.drawn(row(undefined=1), "£", {"no_net_cost": 1}, 1_000)
    assert said.endswith("; undefined in 1 of 1,000 draws (fiscal savings cover the whole cost)")
    nan = math.nan
    nothing = row(central=None, median=nan, p5=nan, p95=nan, sd=nan, undefined=1_000)
    said = ranges.drawn(nothing, "£", {"no_reference_income": 1_000}, 1_000)
    assert said == "not stated: the service gives no incomes"
    assert ranges.drawn(nothing, "£", {"never": 900, "no_inputs": 100}, 1_000) == "no draw has a number"


def test_what_never_pays_back_says_so() -> None:
    years = row(unit="years", median=2.0, p5=1.0, p95=4.0, undefined=787)
    said = ranges.drawn(years | {"central": 2.26}, "£", {"never": 787}, 1_000)
    assert said == (
        "about 2.3 years (likely 1 year to 4 years; median 2 years);"
        " never pays back within the horizon in 787 of 1,000 draws"
    )
    said = ranges.drawn(years | {"central": None}, "£", {"never": 787}, 1_000)
    assert said == (
        "never pays back within the horizon at the central values and in 787 of 1,000 draws;"
        " in the other draws about 2 years (likely 1 year to 4 years)"
    )
    always = years | {"central": None, "median": math.nan, "p5": math.nan, "p95": math.nan, "undefined": 1_000}
    assert ranges.drawn(always, "£", {"never": 1_000}, 1_000) == "never pays back within the horizon in any draw"


def test_few_draws_have_no_likely_range() -> None:
    said = ranges.drawn(row(), "£", {}, 99)
    assert said == "1.47 at the central values; no likely range from 99 draws"
    said = ranges.drawn(row(sd=math.nan, p5=1.1, p95=1.1, median=1.1), "£", {}, 1)
    assert said == "1.47 at the central values; no likely range from 1 draw"
