"""Two routes meet: the package's engine and the plain-Python reference engine give the same results."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import pytest
import reference_engine
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import services

import sroi

MODELS = Path(__file__).resolve().parent.parent / "models"
CONVENTIONS = sorted(reference_engine.conventions())
TOLERANCE = 1e-12
DENOMINATORS = {
    "sroi_ratio": "pv_costs",
    "net_sroi_ratio": "pv_costs",
    "bcr": "pv_costs",
    "bcr_netted": "netted_cost",
    "fiscal_ratio": "pv_public_cost",
    "cashable_ratio": "pv_public_cost",
    "mvpf": "net_budget_impact",
    "return_on_public_sector_cost": "net_budget_impact",
}


def on_edge(name: str, expected: dict[str, Any]) -> bool:
    """Whether rounding alone decides which case applies: a sum of terms that cancel to nothing."""
    least = 1e-9 * expected["scale"]
    if name in DENOMINATORS:
        bottom = expected[DENOMINATORS[name]]
        return 0 < abs(bottom) < least or (bottom <= 0 and abs(expected["npsv"]) < least)
    if name == "irr":
        return any(0 < abs(flow) < least for flow in expected["flows"])
    if name.startswith("payback"):
        running = expected["running" if name.endswith("undiscounted") else "discounted_running"]
        return any(0 < abs(total) < least for total in running)
    return False


def tolerance(name: str, value: float, expected: dict[str, Any]) -> float:
    """1e-12 relative to the terms that are added up, since a difference of large terms keeps their rounding."""
    scale = expected["scale"]
    if name == "irr":
        return 1e-9 * (1 + abs(value))
    if name.startswith("payback"):
        return 1e-9
    if name in DENOMINATORS:
        scale = scale / abs(expected[DENOMINATORS[name]]) * (1 + abs(value))
    if name == "left_out":
        scale += abs(expected["bridge"]["drop_off"])
    if name.endswith("weighted"):
        scale *= 30
    return TOLERANCE * max(scale, abs(value))


def disagreements(result: Any, expected: dict[str, Any]) -> list[str]:
    said = []

    def compare(name: str, found: float | None, value: float | None) -> None:
        if found is None or value is None:
            if found is not value:
                said.append(f"{name}: engine {found!r}, reference {value!r}")
        elif not math.isclose(found, value, rel_tol=0, abs_tol=tolerance(name, value, expected)):
            said.append(f"{name}: engine {found!r}, reference {value!r}")

    for name in reference_engine.RESULTS:
        if not on_edge(name, expected):
            compare(name, getattr(result, name), expected[name])
    present_values = result.impact_map()["present_value"].to_dict()
    for outcome, value in expected["outcomes"].items():
        compare(outcome, present_values[outcome], value)
    for column in ("bearer", "kind"):
        found = result.by(column).set_index("id")["pv_benefits"].to_dict()
        for key, value in expected[f"by_{column}"].items():
            compare(f"{column} {key}", found[key], value)
    costs = result.by("bearer").set_index("id")["pv_costs"].to_dict()
    for key, value in expected["costs_by_funder"].items():
        compare(f"costs of {key}", costs[key], value)
    for word in ("pays_for_itself", "read_the_other_way"):
        for name in ("mvpf", "return_on_public_sector_cost"):
            if not on_edge(name, expected) and (result.status.get(name) == word) != (
                expected["status"].get(name) == word
            ):
                said.append(f"status of {name}: engine {result.status.get(name)!r}, reference {word!r}")
    return said


def files() -> list[Any]:
    found = []
    for path in sorted(MODELS.glob("*.toml")):
        scenarios = tomllib.loads(path.read_text(encoding="utf-8")).get("scenarios", {})
        found += [pytest.param(path, scenario, id=f"{path.stem}: {scenario}") for scenario in (None, *scenarios)]
    return found


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("path", "scenario"), files())
def test_library(path: Path, scenario: str | None, convention: str) -> None:
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    result = sroi.evaluate(sroi.load(path), scenario=scenario, convention=convention)
    said = disagreements(result, reference_engine.evaluate(file, convention, scenario))
    assert not said, "\n".join(said)


@settings(max_examples=60)
@given(file=services(), convention=st.sampled_from(CONVENTIONS), scenario=st.sampled_from([None, "other"]))
def test_random_services(file: dict[str, Any], convention: str, scenario: str | None) -> None:
    result = sroi.evaluate(sroi.Service.model_validate(file), scenario=scenario, convention=convention)
    said = disagreements(result, reference_engine.evaluate(file, convention, scenario))
    assert not said, "\n".join(said)


STANDARD = {
    1: 0.9661835749,
    10: 0.7089188137,
    30: 0.3562784106,
    31: 0.3459013695,
    75: 0.0942137726,
    126: 0.0268732971,
}
HEALTH = {
    1: 0.9852216749,
    10: 0.8616672317,
    30: 0.6397624299,
    31: 0.6316146015,
    75: 0.3593544536,
    126: 0.2092621980,
}
LOWER = {
    1: 0.9708737864,
    10: 0.7440939149,
    30: 0.4119867595,
    31: 0.4016639948,
    75: 0.1315125687,
    126: 0.0448550072,
}


@pytest.mark.parametrize(("name", "table"), [("standard", STANDARD), ("health", HEALTH), ("lower", LOWER)])
def test_reference_factors_are_the_published_ones(name: str, table: dict[int, float]) -> None:
    schedule = reference_engine.schedules()[f"green_book_2026_{name}"]
    for year, factor in table.items():
        assert math.isclose(reference_engine.discount_factor(schedule, year), factor, abs_tol=5.1e-11)
