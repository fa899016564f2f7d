"""Coverage of the method: every line, function and operator takes part in a number that a case has worked by hand.

A line counts when an expected number of some case in ``cases/`` rests on it and it is not always 0 there, nor always
1: such a line would not be missed. Cases may state ``[case.bridge]``, steps of the bridge with what they come to.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from own_convention import evaluate_with

import sroi
from sroi import formula, inputs
from sroi.formula import METHOD_FUNCTIONS, SERVICE_FUNCTIONS, Node, Operation
from sroi.method import BRIDGE_STEPS, COST_INPUTS, LINES, OUTCOME_INPUTS, SETTINGS

CASES = Path(__file__).resolve().parent / "cases"
OPERATORS = {"neg", "+", "-", "*", "/", "**", "<", "<=", ">", ">="}
# Results that are no line of their own, and what they rest on.
ROOTS = {"irr": ("net_flow",), "bcr": (), "outcomes": ("present_value",), "bearers": ("present_value", "fiscal_sign")}
STATUS = {"falls_below_again": ("years_below_again",)}


@cache
def results() -> list[tuple[dict[str, Any], sroi.Result]]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        service = sroi.Service.model_validate(content["file"])
        for case in content["case"]:
            asked = {key: case.get(key) for key in ("changed", "schedules", "scenario", "values")}
            found.append((case, evaluate_with(service, convention=case["convention"], **asked)))
    return found


def expected_lines(case: dict[str, Any], result: sroi.Result) -> Iterator[str]:
    """Yield the lines, inputs and settings on which the case's expected numbers rest."""
    waiting = [name for name, value in case.get("expected", {}).items() if value != "null"]
    waiting += [key for key in ("outcomes", "bearers") if key in case]
    waiting += [
        f"{STATUS[word][0]}{'_undiscounted' * name.endswith('_undiscounted')}"
        for name, word in case.get("status", {}).items()
        if word in STATUS
    ]
    waiting += [line for step, _, line in BRIDGE_STEPS if step in case.get("bridge", {})]
    waiting += list(case.get("flows", {}))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in LINES:
            yield name
            waiting += [found.id for found in formula.names(LINES[name].tree)]
        elif name == "bcr":
            waiting.append("bcr_netted" if result.convention.bcr_fiscal_savings == "netted" else "bcr_as_benefits")
        elif name in ROOTS:
            waiting += ROOTS[name]
        else:
            yield name


@cache
def values() -> dict[str, set[float]]:
    """Return the values that each line, input and setting takes over the cases that rest on it."""
    taken: dict[str, set[float]] = defaultdict(set)
    for case, result in results():
        for name in expected_lines(case, result):
            if name in LINES or name in OUTCOME_INPUTS or name in COST_INPUTS or name in SETTINGS:
                taken[name] |= set(np.asarray(result.line_or_setting(name)).reshape(-1).tolist())
    return taken


def symbols(node: Node) -> Iterator[str]:
    if isinstance(node, Operation):
        yield node.symbol
        for argument in node.arguments:
            yield from symbols(argument)


def left_over(known: Iterable[str]) -> list[str]:
    """Return what no case exercises."""
    taken = {name: values().get(name, set()) for name in known}
    return sorted(name for name, found in taken.items() if not (found - {0, 1} or found == {0, 1}))


def test_every_line_of_the_method_is_exercised() -> None:
    assert not left_over(LINES), f"No case exercises these lines of the method: {', '.join(left_over(LINES))}"


def test_every_input_of_the_method_is_exercised() -> None:
    known = [*OUTCOME_INPUTS, *COST_INPUTS, *SETTINGS]
    assert not left_over(known), f"No case exercises these inputs of the method: {', '.join(left_over(known))}"


def test_every_function_of_the_language_is_exercised() -> None:
    of_method = {symbol for name in values() if name in LINES for symbol in symbols(LINES[name].tree)}
    of_files = set()
    for case, result in results():
        if case.get("expected") or case.get("outcomes"):
            rows = [*result.service.outcomes, *result.service.costs]
            used = {name for row in rows for name in row.model_dump().values() if isinstance(name, str)}
            waiting = [name for name in used if name in result.service.lines]
            while waiting:
                tree = inputs.trees(result.service)[waiting.pop()]
                of_files |= set(symbols(tree))
                waiting += [found.id for found in formula.names(tree) if found.id in result.service.lines]
    missing = {*OPERATORS, *SERVICE_FUNCTIONS} - of_files
    assert not missing, f"No case uses these in a line of its file: {', '.join(sorted(missing))}"
    missing = set(METHOD_FUNCTIONS) - of_method
    assert not missing, f"No case exercises these functions of the method: {', '.join(sorted(missing))}"


def test_every_line_is_asked_for_by_a_result() -> None:
    """A line that no result, bridge or flow rests on would be dead."""
    below = {found.id for line in LINES.values() for found in formula.names(line.tree)}
    shown = {*sroi.RESULTS, "bcr_as_benefits", "net_flow", "discounted_net_flow"}
    unused = {
        name
        for name, line in LINES.items()
        if name not in below | shown and line.level == "service" and not name.startswith("years_below_again")
    }
    assert not unused, f"Lines on which nothing rests: {', '.join(sorted(unused))}"
