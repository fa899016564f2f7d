"""Figures that studies state themselves, and arithmetic on them, met by the service files.

Each folder of ``published/`` holds ``figures.toml`` (its keys are explained in the one of
``nurse_family_partnership``), and ``differences.md`` with every known difference. ``chances.toml`` holds chances.
Never edit a figure to pass: say why the old one was wrong, with its source.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from own_convention import evaluate_with
from published_results import PAGE, figure_of, page
from small_service import number, service

import sroi
from sroi import reference
from sroi.schema import Parameter

PUBLISHED = Path(__file__).resolve().parent / "published"
MODELS = PUBLISHED.parent.parent / "models"
CONVENTIONS = sorted(reference.conventions())
KEYS = {
    "scenario",
    "conventions",
    "set",
    "result",
    "price_year",
    "value",
    "distance",
    "decimals",
    "tolerance",
    "kind",
    "source",
    "locator",
    "note",
}


def read(name: str) -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PUBLISHED.glob(f"*/{name}"))]


def figures() -> Iterator[Any]:
    """Each figure under each of its conventions."""
    for content in read("figures.toml"):
        for count, figure in enumerate(content["figure"], 1):
            if "service" in content:
                every = CONVENTIONS if figure["conventions"] == "all" else figure["conventions"]
                for convention in every:
                    name = f"{content['service']} {count}: {figure['scenario']} {figure['result']}, {convention}"
                    yield pytest.param(content["service"], figure, convention, id=name)


@pytest.mark.parametrize(("name", "figure", "convention"), list(figures()))
def test_figure(name: str, figure: dict[str, Any], convention: str) -> None:
    result = sroi.evaluate(sroi.load(name), figure["set"], scenario=figure["scenario"], convention=convention)
    value, said = figure_of(result, figure), figure["value"]
    apart = value - said - figure.get("distance", 0)
    # To the published decimals: half a unit of the last, and a hair for a value that lies on the half.
    allowed = figure["tolerance"] if "tolerance" in figure else 0.5 * 10.0 ** -figure["decimals"] * (1 + 1e-9)
    assert abs(apart) <= allowed, f"{figure['result']} is {value!r}; {figure['source']}, {figure['locator']}: {said}"


@pytest.mark.parametrize("path", sorted(PUBLISHED.glob("*/figures.toml")), ids=lambda path: path.parent.name)
def test_figures_are_stated_in_full(path: Path) -> None:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert path.with_name("differences.md").read_text(encoding="utf-8").startswith("# ")
    for figure in content["figure"]:
        if "schedule" in figure:
            assert {"source", "locator"} <= set(content)
            continue
        assert set(figure) <= KEYS
        assert ("decimals" in figure) != ("tolerance" in figure)
        assert figure["kind"] in {"published", "derived"}
        assert figure["source"]
        assert figure["locator"]
        # A difference of more than rounding has its reason beside it.
        assert figure.get("tolerance", 0) < 1e-9 or figure["note"]


def test_every_service_has_figures() -> None:
    told = {content["service"] for content in read("figures.toml") if "service" in content}
    assert told == {path.stem for path in MODELS.glob("*.toml")}


def test_the_page_of_published_results_is_fresh() -> None:
    how = "Write: uv run python tests/published_results.py"
    assert PAGE.read_text(encoding="utf-8") == page(), how


# The Green Book's discount factors ------------------------------------------------------------------------------------


def factors() -> Iterator[Any]:
    for content in read("figures.toml"):
        for figure in content["figure"]:
            if "schedule" in figure:
                yield pytest.param(figure, id=f"{figure['schedule']}, year {figure['k']}")


@pytest.mark.parametrize("figure", list(factors()))
def test_discount_factor(figure: dict[str, Any]) -> None:
    """1 pound of benefit in year k is worth the factor."""
    small = service(
        {
            "service.appraisal_years": max(figure["k"] + 1, 5),
            "parameters.starts.value": figure["k"],
            "parameters.one": number(1, "years"),
            "parameters.person": number(1, "people"),
            "parameters.pound": number(1, "GBP per person per year"),
            "parameters.series.by_year": [1] * max(figure["k"] + 1, 5),
            "outcomes": [
                {
                    "id": "gain",
                    "stakeholder": "clients",
                    "bearer": "clients",
                    "kind": "social",
                    "quantity": "person",
                    "proxy": "pound",
                    "onset_year": "starts",
                    "benefit_period": "one",
                    "zero_because": dict.fromkeys(("deadweight", "attribution", "displacement", "drop_off"), "Test."),
                }
            ],
        }
    )
    changed = {"schedule": figure["schedule"], "health_schedule": figure["schedule"]}
    result = evaluate_with(small, convention="green_book_2026", changed=changed)
    assert round(result.pv_benefits, figure["decimals"]) == figure["value"]


# The worked check of the method ---------------------------------------------------------------------------------------

WORKED = [
    ("start", "flat_3_5", 1.436278),
    ("mid", "flat_3_5", 1.411785),
    ("end", "flat_3_5", 1.387708),
    ("start", "flat:0", 1.456560),
]


def worked(inputs: float, people: int, worth: float, deadweight: float, attribution: float, years: int) -> sroi.Service:
    """A service with one outcome that loses 30% a year and one cost."""
    return service(
        {
            "parameters.budget.value": inputs,
            "parameters.people.value": people,
            "parameters.worth": number(worth, "GBP per person per year"),
            "parameters.without": number(deadweight, "share"),
            "parameters.others": number(attribution, "share"),
            "parameters.fades": number(0.3, "share"),
            "parameters.lasts.value": years,
            "outcomes": [
                {
                    "id": "gain",
                    "stakeholder": "clients",
                    "bearer": "clients",
                    "kind": "social",
                    "quantity": "people",
                    "proxy": "worth",
                    "benefit_period": "lasts",
                    "deadweight": "without",
                    "attribution": "others",
                    "drop_off": "fades",
                    "zero_because": {"displacement": "None in this case."},
                }
            ],
        }
    )


@pytest.mark.parametrize(("timing", "schedule", "ratio"), WORKED)
def test_worked_check_of_the_method(timing: str, schedule: str, ratio: float) -> None:
    result = evaluate_with(
        worked(250_000, 60, 8_500, 0.4, 0.3, 2),
        convention="green_book_2026",
        changed={"outcome_timing": timing, "schedule": schedule, "health_schedule": schedule},
    )
    assert round(result.sroi_ratio, 6) == ratio


def test_worked_check_of_one_year() -> None:
    result = sroi.evaluate(worked(60_000, 80, 1_100, 0.35, 0.15, 1))
    assert round(result.sroi_ratio, 6) == 0.810333


# Chances, in closed form ----------------------------------------------------------------------------------------------


def chances() -> Iterator[Any]:
    for content in read("chances.toml"):
        for chance in content["chance"]:
            yield pytest.param(content["service"], chance, id=f"{content['service']}: {chance['scenario']}")


def normal(parameter: Parameter) -> tuple[float, float]:
    """Mean and standard deviation of a parameter with a normal spread, or its value and 0."""
    spread = parameter.spread
    assert parameter.value is not None
    if spread is None or spread.shape != "normal":
        return parameter.value, 0.0
    if spread.standard_error is not None:
        return parameter.value if spread.mean is None else spread.mean, spread.standard_error
    assert spread.low is not None
    assert spread.high is not None
    assert spread.interval is not None
    half = NormalDist().inv_cdf(0.5 + spread.interval / 2)
    return (spread.low + spread.high) / 2, (spread.high - spread.low) / 2 / half


@pytest.mark.parametrize(("name", "chance"), list(chances()))
def test_spreads_give_the_stated_chance(name: str, chance: dict[str, Any]) -> None:
    """Net value is a sum of independent normal parameters, each times a constant, so its chance is a closed form."""
    assert chance["event"] == "npsv > 0"
    loaded = sroi.load(name)
    spreads = {key: normal(value) for key, value in loaded.apply(chance["scenario"]).parameters.items()}
    moved = {key: pair for key, pair in spreads.items() if pair[1] > 0}
    means = {key: mean for key, (mean, _) in moved.items()}

    def npsv(values: dict[str, float]) -> float:
        net: float = sroi.evaluate(loaded, values, scenario=chance["scenario"]).npsv
        return net

    middle = npsv(means)
    steps = [npsv(means | {key: mean + deviation}) - middle for key, (mean, deviation) in moved.items()]
    together = npsv({key: mean + deviation for key, (mean, deviation) in moved.items()})
    assert math.isclose(together - middle, math.fsum(steps), rel_tol=1e-9)  # a sum, as claimed
    assert abs(NormalDist().cdf(middle / math.hypot(*steps)) - chance["value"]) < 0.0005
