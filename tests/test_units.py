"""Units are words: how they are read, multiplied, compared, and what is said when they do not go together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_service import faults, number

from sroi import FormulaError, formula, units
from sroi.units import NUMBER, PER_YEAR, YEAR, Unit, read

TABLE = {
    "people": read("people"),
    "visits": read("visits per person"),
    "worth": read("GBP per person"),
    "dollars": read("USD"),
    "pounds": read("GBP"),
    "half": read("share"),
    "years": read("years"),
    "yearly": read("GBP per year"),
}


def of(text: str) -> Unit | None:
    return units.of_formula(formula.parse(text), TABLE.__getitem__)


@pytest.mark.parametrize(
    ("text", "powers"),
    [
        ("people", {"person": 1}),
        ("GBP", {"GBP": 1}),
        ("GBP per person", {"GBP": 1, "person": -1}),
        ("GBP per person per year", {"GBP": 1, "person": -1, "year": -1}),
        ("visits per people per years", {"visit": 1, "person": -1, "year": -1}),
        ("  GBP per person ", {"GBP": 1, "person": -1}),
        ("GBP per GBP", {}),
        ("people per person per year", {"year": -1}),
        ("share", {}),
        ("ratio", {}),
        ("rate", {}),
        ("odds ratio", {}),
        ("share per year", {"year": -1}),
        ("nights in hospital", {"nights in hospital": 1}),
        ("hospital nights", {"hospital night": 1}),
        ("full-time posts", {"full-time post": 1}),
        ("percentage", {"percentage": 1}),
        ("shares", {}),
        ("rates", {}),
        ("odds ratios", {}),
    ],
)
def test_reading(text: str, powers: dict[str, int]) -> None:
    assert dict(read(text).powers) == powers


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "£", "£ per person", "%", "100 people", "GBP/person", "GBP*person", "a\nb", "people  saved"),
        *("-", "GBP per  per year", "1", "a\0b", "a_b per 2"),
        # 'per' is no unit, a unit holds no digits, signs or underscores
        *("per", "per person", "GBP per ", "GBP per person²", "visits2", "GBP2024", "a_b"),
    ],
)
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(FormulaError, match=r"^Units are words joined by 'per': write for example 'visits per person"):
        read(text)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("person", "people"),
        ("child", "children"),
        ("life", "lives"),
        ("woman", "women"),
        ("visit", "visits"),
        ("family", "families"),
        ("household", "households"),
        ("case", "cases"),
        ("house", "houses"),
        ("place", "places"),
        ("hour", "hours"),
        ("crisis team", "crisis teams"),
        ("day", "days"),
        ("key worker", "key workers"),
        ("business", "businesses"),
        ("loss", "losses"),
        ("address", "addresses"),
        ("class", "classes"),
        ("box", "boxes"),
        ("match", "matches"),
    ],
)
def test_singular_and_plural_are_one_unit(one: str, many: str) -> None:
    assert read(one) == read(many)
    assert read(f"GBP per {one}") == read(f"GBP per {many}")


@pytest.mark.parametrize("word", ["GBP", "USD", "bus", "illness", "analysis", "status", "news", "gas"])
def test_a_word_that_ends_in_s_may_be_singular(word: str) -> None:
    assert read(word) == read(word.strip())
    assert units.singular(units.singular(word)) == units.singular(word)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people", "person"),
        ("GBP per person per year", "GBP per person per year"),
        ("share", "a plain number"),
        ("share per year", "1 per year"),
    ],
)
def test_a_unit_is_said_as_it_is_written(text: str, said: str) -> None:
    assert str(read(text)) == said


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("people * worth", "GBP"),
        ("people * visits", "visits"),
        ("pounds / people", "GBP per person"),
        ("pounds / worth", "people"),
        ("pounds / pounds", "share"),
        ("people * half", "people"),
        ("people + people * half", "people"),
        ("people - 0", "people"),
        ("0 + people", "people"),
        ("-people", "people"),
        ("people * 2", "people"),
        ("yearly * years", "GBP"),
        ("min(people, people * 2)", "people"),
        ("max(people, 0)", "people"),
        ("where(people > 0, pounds, 0)", "GBP"),
        ("where(people >= people, 0, pounds)", "GBP"),
        ("people < people", "share"),
        ("half ** 2", "share"),
        ("half ** years", "share"),
        ("(1 + half) ** years", "share"),
        ("people ** 1", "people"),
        ("people ** 0", "share"),
        ("pounds * dollars / dollars", "GBP"),
        ("1 - half", "share"),
    ],
)
def test_formulas(text: str, unit: str) -> None:
    assert of(text) == read(unit)


def test_powers() -> None:
    assert of("people ** 2") == read("people") * read("people")
    assert str(of("people ** 2")) == "person^2"
    assert str(of("1 / people ** 2")) == "1 per person^2"
    assert str(of("pounds * people")) == "GBP × person"
    assert of("0") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people + pounds", "person cannot be added to GBP: bring both to one unit."),
        ("people - pounds", "GBP cannot be taken from person: bring both to one unit."),
        ("pounds + dollars", "GBP cannot be added to USD: bring both to one unit."),
        ("pounds + yearly", "GBP cannot be added to GBP per year: bring both to one unit."),
        ("people + 1", "person cannot be added to a plain number: bring both to one unit."),
        ("people < pounds", "person cannot be compared by '<' with GBP: bring both to one unit."),
        ("people >= 2", "person cannot be compared by '>=' with a plain number: bring both to one unit."),
        ("min(people, pounds)", "person cannot be compared by 'min' with GBP: bring both to one unit."),
        ("max(people, 2)", "person cannot be compared by 'max' with a plain number: bring both to one unit."),
        ("where(people > 0, people, pounds)", "person cannot be compared by 'where' with GBP: bring both to one unit."),
        ("2 ** people", "An exponent is a plain number or years, not person."),
        ("half ** pounds", "An exponent is a plain number or years, not GBP."),
        ("people ** half", "Only a plain number can be raised to a power that varies, not person."),
        ("people ** years", "Only a plain number can be raised to a power that varies, not person."),
    ],
)
def test_unlike_units(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        of(text)
    assert caught.value.sentence == said


def test_the_line_is_named() -> None:
    changes = {
        "lines.reached.formula": "people + budget",
        "lines.mixed": {"label": "x", "unit": "GBP per person", "formula": "worth + dollars"},
        "lines.wrong": {"label": "x", "unit": "GBP", "formula": "people * half"},
    }
    found = faults(changes)
    assert "lines.reached.formula mixes units. person cannot be added to GBP: bring both to one unit." in found
    mixed = "lines.mixed.formula mixes units. GBP per person cannot be added to USD per person: bring both to one unit."
    assert mixed in found
    assert "lines.wrong.unit is 'GBP', but the formula gives person. Mend the formula or the unit." in found


def test_a_currency_is_known_by_its_code_alone() -> None:
    """A pound in small letters is no currency: it must not pass for money without a price year."""
    changes = {"parameters.small": number(1, "gbp per person"), "outcomes.0.proxy": "small"}
    assert any("outcomes.gain gives quantity × proxy in gbp." in fault for fault in faults(changes))
    assert units.currencies_in(read("GBP per USD per year"), ["GBP", "USD"]) == [("GBP", 1), ("USD", -1)]


# Algebra ----------------------------------------------------------------------------------------------------------

some_units = st.dictionaries(st.sampled_from(["GBP", "person", "year", "visit"]), st.integers(-3, 3)).map(units.of)


@given(some_units, some_units, some_units, st.integers(-3, 3))
def test_algebra(a: Unit, b: Unit, c: Unit, n: int) -> None:
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a * NUMBER == a == a / NUMBER
    assert a / a == NUMBER
    assert a / b == a * b**-1
    assert (a * b) ** n == a**n * b**n
    assert a**0 == NUMBER
    assert a**2 == a * a
    assert YEAR * PER_YEAR == NUMBER
    assert (a * b).power("GBP") == a.power("GBP") + b.power("GBP")


@given(st.dictionaries(st.sampled_from(["GBP", "person", "year", "visit"]), st.sampled_from([1, -1])).map(units.of))
def test_a_simple_unit_is_read_back_from_what_is_said(unit: Unit) -> None:
    if sum(power > 0 for _, power in unit.powers) == 1:
        assert read(str(unit)) == unit


@given(st.text(max_size=40))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        assert isinstance(read(text), Unit)
    except FormulaError as error:
        assert error.sentence  # noqa: PT017
