"""Explanations lead from a result down to the parameters and sources, with the engine's own numbers."""

from __future__ import annotations

import pytest

import sroi
from sroi.explain import Explanation


@pytest.fixture(scope="module")
def result() -> sroi.Result:
    return sroi.evaluate(sroi.load("nuka_primary_care"), {"population": 60_000})


def found(explanation: Explanation) -> dict[str, Explanation]:
    return {part.key: part for _, part in explanation.lines()}


@pytest.mark.parametrize("name", sroi.RESULTS)
@pytest.mark.parametrize("service", sroi.services()["id"])
def test_every_result_of_every_service_is_explained(service: str, name: str) -> None:
    result = sroi.evaluate(sroi.load(service))
    explanation = result.explain(name)
    value = getattr(result, name)
    if value is None:
        assert explanation.figure() == "undefined"
    else:
        assert explanation.value == (value,)
    assert explanation.words
    assert "= nan" not in str(explanation)


def test_npsv_rests_on_every_parameter_that_moves_it(result: sroi.Result) -> None:
    keys = set(found(result.explain("npsv")))
    for name, parameter in result.service.parameters.items():
        value = parameter.value
        if value is None or name == "population":
            continue
        moved = sroi.evaluate(result.service, {"population": 60_000, name: value * 0.9})
        assert (moved.npsv == result.npsv) or name in {key.split(".")[0] for key in keys} or _named(result, name)


def _named(result: sroi.Result, name: str) -> bool:
    label = result.service.parameters[name].label
    return any(label in part.label for _, part in result.explain("npsv").lines())


def test_parameters_carry_source_and_grade(result: sroi.Result) -> None:
    leaves = [part for _, part in result.explain("npsv").lines() if part.grade]
    assert leaves
    for part in leaves:
        assert part.grade in "ABCDEF"
        assert part.source


def test_a_value_of_ones_own_is_said_to_be(result: sroi.Result) -> None:
    said = str(result.explain("population"))
    assert "changed by you" in said
    assert "60,000" in said
    assert "Your own value" in said


def test_an_assumption_says_so(result: sroi.Result) -> None:
    assumed = [
        name for name, p in result.service.parameters.items() if p.source == "assumption" and name != "population"
    ]
    assert assumed
    assert "Assumption: " in str(result.explain(assumed[0]))


def test_the_convention_is_named_where_it_decides(result: sroi.Result) -> None:
    assert "Convention green_book_2026" in str(result.explain("npsv"))


def test_one_outcome_and_one_line(result: sroi.Result) -> None:
    outcome = result.service.outcomes[0]
    explanation = result.explain(f"present_value.{outcome.id}")
    assert explanation.value == (result.impact_map().loc[outcome.id, "present_value"],)
    assert result.explain(next(iter(result.service.lines))).words


@pytest.mark.parametrize("name", ["npv", "present_value.nothing", "", "x" * 10_000, "benefits_in_year.nothing"])
def test_nothing_of_that_name(result: sroi.Result, name: str) -> None:
    with pytest.raises(sroi.ServiceError, match="is nothing that can be explained"):
        result.explain(name)


def test_many_cases_are_refused() -> None:
    many = sroi.evaluate(sroi.load("nuka_primary_care"), {"population": [1.0, 2.0]})
    with pytest.raises(sroi.ServiceError, match="works on one case"):
        many.explain("npsv")


def test_html_is_escaped(result: sroi.Result) -> None:
    assert "<details" in result.explain("npsv")._repr_html_()
