"""The data that services share: discount rates, conventions, price indices, grades, as the method states them."""

from __future__ import annotations

import csv
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sroi import reference

FOLDER = Path(__file__).resolve().parent.parent / "models" / "reference"

# Discounting ----------------------------------------------------------------------------------------------------------

ENDS = (30, 75, 125, 200, 300, None)
RATES = {
    "green_book_2026_standard": (3.5, 3.0, 2.5, 2.0, 1.5, 1.0),
    "green_book_2026_health": (1.50, 1.29, 1.07, 0.86, 0.64, 0.43),
    "green_book_2026_lower": (3.00, 2.57, 2.14, 1.71, 1.29, 0.86),
}
FACTORS = {
    1: (0.9661835749, 0.9852216749, 0.9708737864),
    10: (0.7089188137, 0.8616672317, 0.7440939149),
    30: (0.3562784106, 0.6397624299, 0.4119867595),
    31: (0.3459013695, 0.6316146015, 0.4016639948),
    75: (0.0942137726, 0.3593544536, 0.1315125687),
    126: (0.0268732971, 0.2092621980, 0.0448550072),
}
FLAT = {"flat_3_5": 3.5, "flat_2": 2.0, "flat_3": 3.0, "flat_7": 7.0}


def tables(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RATES)
def test_green_book_bands(name: str) -> None:
    bands = reference.schedules()[name].bands
    assert tuple(band.to_year for band in bands) == ENDS
    assert tuple(round(100 * band.rate, 10) for band in bands) == RATES[name]


@pytest.mark.parametrize("year", FACTORS)
def test_green_book_factors_to_ten_digits(year: int) -> None:
    for name, factor in zip(RATES, FACTORS[year], strict=True):
        schedule = reference.schedules()[name]
        product = math.prod(1 / (1 + schedule.rate(each)) for each in range(1, year + 1))
        assert round(product, 10) == factor, name


def test_the_rate_changes_in_the_year_after_a_band_ends() -> None:
    schedule = reference.schedules()["green_book_2026_standard"]
    at = {
        0: 0.0,
        1: 3.5,
        30: 3.5,
        31: 3.0,
        75: 3.0,
        76: 2.5,
        125: 2.5,
        126: 2.0,
        200: 2.0,
        201: 1.5,
        300: 1.5,
        301: 1.0,
    }
    assert {year: round(100 * schedule.rate(year), 10) for year in at} == at


@pytest.mark.parametrize("name", FLAT)
def test_flat_schedules(name: str) -> None:
    (band,) = reference.schedules()[name].bands
    assert band.to_year is None
    assert round(100 * band.rate, 10) == FLAT[name]


def test_there_are_no_other_schedules() -> None:
    assert set(reference.schedules()) == {*RATES, *FLAT}
    for schedule in reference.schedules().values():
        assert schedule.edition
        assert schedule.how_sure in {"own text", "second-hand", "derived", "recalled, not seen"}


# Conventions ----------------------------------------------------------------------------------------------------------

OPTIONS = {
    "svi": ("end", "start", "flat_3_5", "flat_3_5", "multiplicative", "none", ("sroi_ratio",)),
    "green_book_2026": (
        "start",
        "start",
        "green_book_2026_standard",
        "green_book_2026_health",
        "multiplicative",
        "service",
        ("npsv", "bcr", "sroi_ratio"),
    ),
    "cbax": ("mid", "mid", "flat_2", "flat_2", "multiplicative", "none", ("bcr",)),
    "additive": ("end", "start", "flat_3_5", "flat_3_5", "additive", "none", ("sroi_ratio",)),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_convention_is_the_method_s(name: str) -> None:
    convention = reference.conventions()[name]
    assert OPTIONS[name] == (
        convention.outcome_timing,
        convention.cost_timing,
        convention.schedule,
        convention.health_schedule,
        convention.deductions,
        convention.optimism_bias,
        convention.headline,
    )
    assert not convention.drop_off_in_first_year
    assert convention.optimism_grade == "weakest"
    assert convention.bcr_fiscal_savings == "benefits"


def test_there_are_no_other_conventions() -> None:
    assert set(reference.conventions()) == set(OPTIONS)


# Prices ---------------------------------------------------------------------------------------------------------------

# HM Treasury, December 2025 release (financial years before 2015-16 constructed), to two decimals.
FINANCIAL = """
2001-02 55.38  2002-03 56.58  2003-04 57.97  2004-05 59.58  2005-06 61.31  2006-07 63.03  2007-08 64.50  2008-09 66.43
2009-10 67.64  2010-11 68.73  2011-12 70.27  2012-13 71.46  2013-14 72.90  2014-15 73.90  2015-16 74.59  2016-17 76.08
2017-18 77.05  2018-19 78.80  2019-20 80.88  2020-21 85.11  2021-22 85.31  2022-23 91.31  2023-24 96.13  2024-25 100
"""
CALENDAR = """
2005 61.57  2006 63.47  2007 64.73  2008 66.89  2009 68.22  2010 69.12  2011 70.83  2012 71.93  2013 73.48  2014 74.65
2015 75.15  2016 76.46  2017 77.64  2018 79.16  2019 81.11  2020 85.21  2021 85.64  2022 90.50  2023 96.25  2024 100
"""
# World Bank, FP.CPI.TOTL, rebased to 2020 = 100.
US = "1996 60.60  2003 71.08  2006 77.89  2010 84.25  2016 92.73  2020 100  2022 113.08  2023 117.73  2024 121.20"
SERIES = {
    "prices/uk_gdp_deflator_financial_2025_12.csv": FINANCIAL,
    "prices/uk_gdp_deflator_calendar_2025_12.csv": CALENDAR,
    "prices/us_cpi_2024.csv": US,
}


@pytest.mark.parametrize("name", SERIES)
def test_price_index_is_the_published_one(name: str) -> None:
    series, words = reference.deflator(name), SERIES[name].split()
    for year, index in zip(words[::2], words[1::2], strict=True):
        # The last of two decimals, and a hair for a value on the half.
        assert abs(series[year] - float(index)) <= 0.005 + 1e-9, year


@pytest.mark.parametrize("name", SERIES)
def test_price_index_has_no_gap_and_says_where_it_is_from(name: str) -> None:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = [int(row["year"][:4]) for row in rows]
    assert years == list(range(years[0], years[0] + len(rows)))
    assert all(reference.is_price_year(row["year"]) for row in rows)
    assert all(float(row["index"]) > 0 and row["source"] for row in rows)


def test_early_financial_years_are_constructed_as_stated() -> None:
    """Three quarters of the calendar year and one quarter of the next, joined on at 2015-16."""
    financial = reference.deflator("prices/uk_gdp_deflator_financial_2025_12.csv")
    calendar = reference.deflator("prices/uk_gdp_deflator_calendar_2025_12.csv")

    def mixed(year: int) -> float:
        return 0.75 * calendar[str(year)] + 0.25 * calendar[str(year + 1)]

    for year in range(1990, 2015):
        label = f"{year}-{(year + 1) % 100:02d}"
        built = mixed(year) * financial["2015-16"] / mixed(2015)
        assert math.isclose(financial[label], built, abs_tol=1e-4), label


def test_prices_are_brought_by_the_index() -> None:
    factor = reference.price_factor
    assert factor("GBP", "2009-10", "2024-25") == pytest.approx(100 / 67.64, rel=1e-4)
    assert factor("GBP", "2019", "2024") == pytest.approx(100 / 81.11, rel=1e-4)
    assert factor("USD", "2010", "2024") == pytest.approx(121.20 / 84.25, rel=1e-12)
    # Between the two kinds of year, calendar year Y is financial year Y to Y+1.
    assert factor("GBP", "2012", "2024-25") == factor("GBP", "2012-13", "2024-25")
    there, back = factor("GBP", "2007-08", "2024-25"), factor("GBP", "2024-25", "2007-08")
    assert there * back == pytest.approx(1, rel=1e-15)


def test_every_edition_states_source_and_licence() -> None:
    series = tables("editions.toml")["series"]
    currencies = tables("currencies.toml")["currencies"]
    assert set(currencies) == {"GBP", "USD"}
    assert {currency["prices"] for currency in currencies.values()} <= set(series)
    for each in series.values():
        assert each["current"] in each["editions"]
        for edition in each["editions"].values():
            assert edition["source"]
            assert "Licence" in edition["licence"] or "CC BY" in edition["licence"]
    assert "constructed" in series["gbp_prices"]["editions"]["2025-12"]["note"]


# Grades, optimism, weights --------------------------------------------------------------------------------------------


def test_grades_are_one_scale() -> None:
    assert list(reference.grades()) == ["A", "B", "C", "D", "E", "F"]
    for grade, word in {"A": "trial", "B": "Official", "C": "before-and-after", "D": "one organisation"}.items():
        assert word in reference.grades()[grade]


@pytest.mark.parametrize("name", tables("optimism_bias.toml")["presets"])
def test_optimism_preset_says_whether_it_was_verified(name: str) -> None:
    preset = reference.optimism_presets()[name]
    assert list(preset.bias) == ["A", "B", "C", "D", "E", "F"]
    assert list(preset.bias.values()) == sorted(preset.bias.values())
    if not preset.verified:
        assert name.endswith("_unverified")
        assert "unverified" in preset.label
        assert preset.note is not None
        assert "recalled, not seen" in preset.note


def test_recalled_optimism_percentages() -> None:
    (preset,) = reference.optimism_presets().values()
    assert not preset.verified
    assert tuple(preset.bias.values()) == (0, 0.05, 0.10, 0.15, 0.25, 0.40)


def test_elasticity_has_its_range() -> None:
    assert reference.income_elasticities() == {"low": 1.0, "value": 1.3, "high": 1.6}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_table_has_edition_and_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert "edition" in text
    assert "source" in text


def test_a_price_note_says_which_year_was_taken_as_another() -> None:
    """Pounds have a financial series and go by it; dollars have calendar years only and go by them."""
    note = reference.price_note
    assert note("GBP per person", "2019", "2024-25") == "brought from 2019 to 2024-25 prices, taking 2019 as 2019-20"
    assert note("USD", "2019-20", "2024") == "brought from 2019-20 to 2024 prices, taking 2019-20 as 2019"
    assert note("USD", "2019", "2024-25") == "brought from 2019 to 2024-25 prices, taking 2024-25 as 2024"
    assert note("GBP", "2019-20", "2024-25") == "brought from 2019-20 to 2024-25 prices"
    assert note("GBP", "2024-25", "2024-25") == note("people", None, "2024-25") == ""
