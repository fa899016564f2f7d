"""Cases worked by hand: one rule each, with the arithmetic in the file's comments.

Each file in ``cases/`` holds a small made-up service and what it must come to. The expected numbers were worked out
from the method page before there was an engine. Never edit one to pass: say why the old number was wrong.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import pytest
import reference_engine
from own_convention import evaluate_with

import sroi

CASES = Path(__file__).resolve().parent / "cases"
TOLERANCE = 1e-12
NEAR_ZERO = 1e-9  # for an expected 0, and for a rate found by iteration
ROOTS = {"irr"}


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in content["case"]:
            found.append(pytest.param(content["file"], case, id=f"{path.stem}: {case['name']}"))
    return found


def faults(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    said = []
    for name, value in expected.items():
        got = found[name]
        if value == "null":
            if got is not None:
                said.append(f"{name} is {got!r}, expected none")
        elif got is None or not math.isclose(
            got, value, rel_tol=TOLERANCE, abs_tol=NEAR_ZERO if value == 0 or name in ROOTS else 0
        ):
            said.append(f"{name} is {got!r}, expected {value!r}")
    return said


@pytest.mark.parametrize(("file", "case"), cases())
def test_engine(file: dict[str, Any], case: dict[str, Any]) -> None:
    result = evaluate_with(
        sroi.Service.model_validate(file),
        convention=case["convention"],
        changed=case.get("changed"),
        schedules=case.get("schedules"),
        scenario=case.get("scenario"),
        values=case.get("values"),
    )
    expected = case.get("expected", {})
    said = faults({name: getattr(result, name) for name in expected}, expected)
    said += faults(result.impact_map()["present_value"].to_dict(), case.get("outcomes", {}))
    by_bearer = result.by("bearer").set_index("id")["pv_benefits"].to_dict()
    said += faults(by_bearer, case.get("bearers", {}))
    said += faults(result.bridge().set_index("step")["total"].to_dict(), case.get("bridge", {}))
    for name, flows in case.get("flows", {}).items():
        for year, (found, value) in enumerate(zip(result.line(name).reshape(-1), flows, strict=True)):
            said += faults({f"{name} in year {year}": found}, {f"{name} in year {year}": value})
    for name, value in expected.items():
        if value == "null" and not result.status.get(name):
            said.append(f"{name} is none without a word in status")
    for name, word in case.get("status", {}).items():
        if result.status.get(name) != word:
            said.append(f"status of {name} is {result.status.get(name)!r}, expected {word!r}")
    assert not said, "\n".join(said)


@pytest.mark.parametrize(("file", "case"), cases())
def test_reference_engine(file: dict[str, Any], case: dict[str, Any]) -> None:
    """The second route must meet the hand-worked numbers too."""
    convention = {**reference_engine.conventions()[case["convention"]], **case.get("changed", {})}
    result = reference_engine.evaluate(
        file, convention, case.get("scenario"), case.get("values"), case.get("schedules")
    )
    said = faults(result, case.get("expected", {}))
    said += faults(result["outcomes"], case.get("outcomes", {}))
    said += faults(result["by_bearer"], case.get("bearers", {}))
    for name, word in case.get("status", {}).items():
        if result["status"].get(name) != word:
            said.append(f"status of {name} is {result['status'].get(name)!r}, expected {word!r}")
    assert not said, "\n".join(said)


def test_every_rule_is_told_apart() -> None:
    rules = [tomllib.loads(path.read_text(encoding="utf-8"))["rule"] for path in CASES.glob("*.toml")]
    assert len(rules) == len(set(rules)) >= 12
