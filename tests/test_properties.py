"""Laws that must hold for any service: no expected number here at all."""

from __future__ import annotations

import copy
import itertools
import math
from typing import Any

import numpy as np
import pytest
import reference_engine
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from own_convention import evaluate_with
from strategies import PRESET, services, written_out

import sroi

CONVENTIONS = sorted(reference_engine.conventions())
conventions = st.sampled_from(CONVENTIONS)
MONEY = (
    "pv_benefits",
    "pv_costs",
    "npsv",
    "pv_fiscal_savings",
    "pv_public_cost",
    "net_budget_impact",
    "left_out",
)
RATIOS = ("sroi_ratio", "net_sroi_ratio", "bcr", "fiscal_ratio", "cashable_ratio")
few = settings(max_examples=40)


def run(file: dict[str, Any], convention: str = "green_book_2026", **more: Any) -> Any:
    return sroi.evaluate(sroi.Service.model_validate(file), convention=convention, **more)


def scale(result: Any) -> float:
    """The size of the terms that a total is made of, for a tolerance where they cancel."""
    present_values = result.impact_map()["present_value"].to_numpy(dtype=float)
    return float(np.abs(present_values).sum() + abs(result.pv_costs)) + 1e-9


def same(a: Any, b: Any, size: float, tolerance: float = 1e-12) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance * size)


def same_results(a: Any, b: Any, names: tuple[str, ...] = MONEY) -> None:
    for name in names:
        assert same(getattr(a, name), getattr(b, name), scale(a)), name


def put(file: dict[str, Any], outcome: dict[str, Any], key: str, value: float, unit: str = "share") -> None:
    """Give one deduction of an outcome a parameter of its own."""
    name = f"put_{len(file['parameters'])}"
    file["parameters"][name] = {
        "label": "Put here by the test",
        "value": value,
        "unit": unit,
        "source": "drawn",
        "grade": "A",
    }
    outcome[key] = name
    reasons = outcome.setdefault("zero_because", {})
    reasons.pop(key, None)
    if value == 0:
        reasons[key] = "Put as zero by the test"
    if not reasons:
        del outcome["zero_because"]


shares = st.integers(0, 20).map(lambda n: n / 20)


@few
@given(services(positive=True), conventions, shares, shares)
def test_more_deadweight_never_raises_value(file: dict[str, Any], convention: str, one: float, two: float) -> None:
    worth = []
    for share in sorted((one, two)):
        for outcome in file["outcomes"]:
            put(file, outcome, "deadweight", share)
        worth.append(run(file, convention).impact_map()["present_value"].to_numpy(dtype=float))
    assert np.all(worth[1] <= worth[0] * (1 + 1e-12))
    assert np.all(worth[1] >= 0)


@few
@given(services(), conventions, st.permutations([0, 1, 2]), st.lists(shares, min_size=3, max_size=3))
def test_the_three_shares_commute(file: dict[str, Any], convention: str, order: list[int], drawn: list[float]) -> None:
    other = copy.deepcopy(file)
    for outcome, twin in zip(file["outcomes"], other["outcomes"], strict=True):
        for i, key in enumerate(("deadweight", "attribution", "displacement")):
            put(file, outcome, key, drawn[i])
            put(other, twin, key, drawn[order[i]])
    same_results(run(file, convention), run(other, convention))


@few
@given(services(), conventions)
def test_twice_the_quantity_twice_the_benefits(file: dict[str, Any], convention: str) -> None:
    other = copy.deepcopy(file)
    lines = other.setdefault("lines", {})
    for outcome in other["outcomes"]:
        name = f"twice_{outcome['id']}"
        lines[name] = {"label": "Twice", "unit": "people", "formula": f"2 * {outcome['quantity']}"}
        outcome["quantity"] = name
    once, twice = run(file, convention), run(other, convention)
    for name in ("pv_benefits", "pv_fiscal_savings", "pv_cashable_savings", "left_out"):
        assert same(2 * getattr(once, name), getattr(twice, name), scale(once)), name
    assert same(once.pv_costs, twice.pv_costs, scale(once))


@few
@given(services(), conventions)
def test_zero_rate_gives_the_plain_sum(file: dict[str, Any], convention: str) -> None:
    result = evaluate_with(
        sroi.Service.model_validate(file),
        convention=convention,
        changed={"schedule": "none", "health_schedule": "none"},
        schedules={"none": {"label": "No discounting", "bands": [{"rate": 0.0}]}},
    )
    expected = reference_engine.evaluate(file, convention)
    size = scale(result)
    assert same(result.npsv, math.fsum(expected["flows"]), size)
    assert same(result.equivalent_annual_value * file["service"]["appraisal_years"], result.npsv, size)


@few
@given(services(), conventions)
def test_benefit_period_of_nothing_gives_nothing(file: dict[str, Any], convention: str) -> None:
    lumps = {outcome["id"] for outcome in file["outcomes"] if "already_present_value" in outcome}
    for outcome in file["outcomes"]:
        if outcome["id"] not in lumps:
            file["parameters"][outcome["benefit_period"]]["value"] = 0
    result = run(file, convention)
    for name, value in result.impact_map()["present_value"].items():
        assert name in lumps or value == 0
    assert result.left_out == 0


@few
@given(services(), conventions)
def test_currency_unit_leaves_ratios_alone(file: dict[str, Any], convention: str) -> None:
    other = copy.deepcopy(file)
    for parameter in other["parameters"].values():
        if "GBP" in parameter["unit"]:
            if "value" in parameter:
                parameter["value"] *= 128
            else:
                parameter["by_year"] = [value * 128 for value in parameter["by_year"]]
    pounds, pence = run(file, convention), run(other, convention)
    assume(pounds.pv_costs == 0 or pounds.pv_costs > 1e-9 * scale(pounds))
    for name in RATIOS:
        assert same(getattr(pounds, name), getattr(pence, name), 1), name
    for name in MONEY:
        assert same(128 * getattr(pounds, name), getattr(pence, name), scale(pence)), name


@few
@given(services(), conventions, st.sampled_from(["2012-13", "2019-20"]), st.sampled_from(["2024-25", "2022-23"]))
def test_prices_to_another_year_and_back(file: dict[str, Any], convention: str, via: str, base: str) -> None:
    file["service"]["price_base_year"] = base
    other = copy.deepcopy(file)
    tables = reference_engine.deflators()
    for parameter in other["parameters"].values():
        if "price_year" in parameter:
            factor = reference_engine.price_factor(tables, "GBP", parameter["price_year"], via)
            parameter["price_year"] = via
            if "value" in parameter:
                parameter["value"] *= factor
            else:
                parameter["by_year"] = [value * factor for value in parameter["by_year"]]
    same_results(run(file, convention), run(other, convention))


@few
@given(services(), st.sampled_from(["2012-13", "2019-20"]))
def test_price_base_scales_money_and_leaves_ratios(file: dict[str, Any], base: str) -> None:
    file["service"]["price_base_year"] = "2024-25"
    now = run(file)
    then = run({**file, "service": {**file["service"], "price_base_year": base}})
    factor = reference_engine.price_factor(reference_engine.deflators(), "GBP", "2024-25", base)
    for name in MONEY:
        assert same(factor * getattr(now, name), getattr(then, name), scale(now)), name
    for name in RATIOS:
        assert same(getattr(now, name), getattr(then, name), scale(now) / (now.pv_public_cost or now.pv_costs or 1))


@few
@given(services(), conventions)
def test_empty_scenario_is_the_base_case(file: dict[str, Any], convention: str) -> None:
    base, empty = run(file, convention), run(file, convention, scenario="same")
    for name in reference_engine.RESULTS:
        assert getattr(base, name) == getattr(empty, name), name


@few
@given(services(), conventions)
def test_scenario_equals_the_file_written_out(file: dict[str, Any], convention: str) -> None:
    applied, written = run(file, convention, scenario="other"), run(written_out(file, "other"), convention)
    for name in reference_engine.RESULTS:
        assert getattr(applied, name) == getattr(written, name), name


@few
@given(services(), conventions)
def test_bridge_steps_sum_to_benefits(file: dict[str, Any], convention: str) -> None:
    result = run(file, convention)
    expected = reference_engine.evaluate(file, convention)["bridge"]
    bridge = result.bridge()
    size = scale(result) + math.fsum(abs(total) for total in expected.values())
    assert same(math.fsum(bridge["value"]), result.pv_benefits, size)
    assert same(bridge["total"].iloc[-1], result.pv_benefits, size)
    assert same(bridge["value"].iloc[0], expected["gross"], size)
    for value, total in zip(itertools.accumulate(bridge["value"]), bridge["total"], strict=True):
        assert same(value, total, size)
    left_out = bridge.loc[bridge["step"] == "left_out", "value"]
    assert len(left_out) == 1
    assert same(-left_out.iloc[0], result.left_out, size)
    totals = list(bridge["total"])
    for step in (
        "attribution",
        "multiplier",
        "drop_off",
        "left_out",
        "growth",
        "optimism_bias",
        "discounting",
    ):
        assert any(same(expected[step], total, size) for total in totals), step


@few
@given(services(), conventions)
def test_tables_sum_to_benefits(file: dict[str, Any], convention: str) -> None:
    result = run(file, convention)
    size = scale(result)
    for what in ("bearer", "stakeholder", "kind"):
        table = result.by(what)
        assert same(math.fsum(table["pv_benefits"]), result.pv_benefits, size), what
        assert table["id"].is_unique
    bearers = result.by("bearer")
    assert same(math.fsum(bearers["pv_costs"]), result.pv_costs, size)
    assert same(math.fsum(bearers["pv_net"]), result.npsv, size)
    assert same(result.pv_inputs, result.pv_costs, size)


def numbers(value: Any, draws: int) -> np.ndarray[Any, Any]:
    """A result over draws: one number for each, NaN for none."""
    array = np.array([value] if value is None or np.ndim(value) == 0 else list(value), dtype=float)
    return np.broadcast_to(array, (draws,))


FIXED = ("wait", "start", "length", "income")  # whole years and weights are not drawn here


@st.composite
def drawn_values(draw: Any) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    file = draw(services())
    names = [n for n, p in file["parameters"].items() if "value" in p and p["value"] and not n.startswith(FIXED)]
    assume(names)
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    factors = st.lists(st.integers(1, 16).map(lambda n: n / 16), min_size=5, max_size=5)
    return file, {name: file["parameters"][name]["value"] * np.array(draw(factors)) for name in chosen}


@few
@given(drawn_values(), conventions)
def test_each_draw_stands_alone(drawn: tuple[dict[str, Any], dict[str, Any]], convention: str) -> None:
    file, values = drawn
    together = run(file, convention, values=values)
    for name in reference_engine.RESULTS:
        many = numbers(getattr(together, name), 5)
        for i in range(5):
            alone = run(file, convention, values={key: value[i : i + 1] for key, value in values.items()})
            assert np.array_equal(many[i : i + 1], getattr(alone, name), equal_nan=True), (name, i)


@few
@given(drawn_values(), conventions)
def test_the_quick_reading_agrees_with_the_plain_one(
    drawn: tuple[dict[str, Any], dict[str, Any]], convention: str
) -> None:
    """Many cases go by `plan`, one case by `engine`: they multiply in another order and agree to rounding."""
    file, values = drawn
    together = run(file, convention, values=values)
    for i in range(5):
        alone = run(file, convention, values={key: float(value[i]) for key, value in values.items()})
        size = scale(alone) + abs(alone.bridge()["total"]).max()
        for name in MONEY:
            assert same(float(getattr(together, name)[i]), getattr(alone, name), size), (name, i)
        flows = together.raw("net_flow")[:, i], alone.raw("net_flow")[:, 0]
        assert np.allclose(*flows, rtol=0, atol=1e-12 * size), i


@few
@given(drawn_values(), conventions)
def test_chunks_do_not_matter(drawn: tuple[dict[str, Any], dict[str, Any]], convention: str) -> None:
    file, values = drawn
    whole = run(file, convention, values=values)
    parts = [run(file, convention, values={k: v[cut] for k, v in values.items()}) for cut in (slice(2), slice(2, 5))]
    for name in reference_engine.RESULTS:
        pieces = np.concatenate([numbers(getattr(part, name), n) for part, n in zip(parts, (2, 3), strict=True)])
        assert np.array_equal(numbers(getattr(whole, name), 5), pieces, equal_nan=True), name


@few
@given(drawn_values(), conventions)
def test_net_is_benefits_less_costs_in_every_draw(
    drawn: tuple[dict[str, Any], dict[str, Any]], convention: str
) -> None:
    file, values = drawn
    result = run(file, convention, values=values)
    net = numbers(result.npsv, 5)
    benefits, costs = numbers(result.pv_benefits, 5), numbers(result.pv_costs, 5)
    assert np.allclose(net, benefits - costs, rtol=0, atol=1e-12 * np.abs(benefits))


@few
@given(services(positive=True))
def test_optimism_bias_never_raises_value(file: dict[str, Any]) -> None:
    file["service"].pop("optimism_bias", None)
    plain = run(file)
    biased = run({**file, "service": {**file["service"], "optimism_bias": PRESET}})
    assert biased.pv_benefits <= plain.pv_benefits + 1e-12 * scale(plain)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_conventions_are_offered(convention: str) -> None:
    assert convention in set(sroi.conventions()["id"])
