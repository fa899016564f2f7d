"""Figures are written as people read them: pounds and pence, chances, lists."""

from __future__ import annotations

import pytest

from sroi import printing


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.654, "65%"), (0.996, "over 99%"), (1.0, "over 99%"), (0.004, "under 1%"), (0.0, "under 1%"), (0.5, "50%")],
)
def test_chances(share: float, said: str) -> None:
    assert printing.chance(share) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(5.276, "£5.28"), (66.0, "£66.00"), (127.4, "£127"), (-2_340, "−£2,340"), (1_234_567, "£1.23 million")],
)
def test_amounts(value: float, said: str) -> None:
    assert printing.money(value, "£") == said


def test_amounts_side_by_side_have_pence_both_or_neither() -> None:
    assert printing.money(66.0, "£", beside=127.0) == "£66"
    assert printing.money(66.0, "£", beside=12.0) == "£66.00"
    # What would be written as zero has no sign.
    assert printing.money(-0.001, "£") == "£0.00"


def test_figures_that_nobody_can_read_are_powers_of_ten() -> None:
    assert printing.money(-3.24e102, "£") == "−£3.2 × 10^102"
    assert printing.ratio(4.06e80) == "4.1 × 10^80"
    assert printing.to_figures(4.06e80, "£") == "£4.1 × 10^80"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.8, "£0.80"),
        (2.54, "£2.50"),
        (66.2, "£66"),
        (12_340, "£12,000"),
        (-1_234_567, "−£1.2 million"),
        (0.003, "under £0.01"),
        (-0.003, "over −£0.01"),
        (0.0, "£0"),
    ],
)
def test_amounts_to_two_figures(value: float, said: str) -> None:
    assert printing.to_figures(value, "£") == said


def test_quantities_have_no_more_figures_than_are_read() -> None:
    symbols = {"GBP": "£"}
    assert printing.quantity(0.0320551, "QALYs", symbols) == "0.0321 QALYs"
    assert printing.quantity(0.213444, "days", symbols) == "0.213 days"
    assert printing.quantity(12_345.6, "people", symbols) == "12,346 people"
    assert printing.quantity(0.27, "share", symbols) == "0.27 (27.0%)"
    assert printing.quantity(28.25, "GBP per visit", symbols) == "£28.25 per visit"
    # A default is what the file says, to the last figure.
    assert printing.quantity(0.0320551, "QALYs", symbols, exact=True) == "0.0320551 QALYs"


def test_things_are_counted_in_the_singular_too() -> None:
    assert printing.counted(1, "input") == "1 input"
    assert printing.counted(2_000, "draw") == "2,000 draws"
    assert printing.years(1) == "1 year"


def test_what_has_no_price_is_named_up_to_the_third() -> None:
    assert printing.not_priced([]) == ""
    assert printing.not_priced(["Pride", "Calm, and rest"]) == "Not priced: Pride; Calm, and rest."
    assert printing.not_priced(["A", "B", "C", "D", "E"]) == "Not priced: A; B; C; and 2 more."
