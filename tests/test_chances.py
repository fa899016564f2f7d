"""Spreads of the services: they say where they come from, and give the chances that the studies state.

The chances stand in ``published/<study>/chances.toml``, each with the number of draws and the tolerance.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi import reference
from sroi.schema import ASSUMPTION
from sroi.spread import Spread

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in (HERE.parent / "models").glob("*.toml"))


def chances() -> Iterator[Any]:
    for path in sorted(HERE.glob("published/*/chances.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for chance in [*content["chance"], *content.get("simulated", [])]:
            asked = reference.conventions() if chance["conventions"] == "all" else chance["conventions"]
            for convention in asked:
                name = f"{content['service']}: {chance['scenario']} under {convention}"
                yield pytest.param(content["service"], chance, convention, id=name)


@pytest.mark.parametrize(("name", "chance", "convention"), list(chances()))
def test_simulation_gives_the_stated_chance(name: str, chance: dict[str, Any], convention: str) -> None:
    simulation = sroi.simulate(
        sroi.load(name),
        scenario=chance["scenario"],
        convention=convention,
        draws=chance["draws"],
        seed=chance["seed"],
    )
    assert simulation.chance(chance["event"]) == pytest.approx(chance["value"], abs=chance["tolerance"])


def test_the_trial_in_england_is_under_the_chance_that_it_states() -> None:
    """Less than 20%, says the paper, and no more. The fitted 19.44% lies over four standard errors below."""
    simulation = sroi.simulate(
        sroi.load("family_nurse_partnership_england"), scenario="nice_threshold", draws=100_000, seed=1
    )
    assert simulation.chance("npsv > 0") < 0.20


# Where spreads come from ----------------------------------------------------------------------------------------------


def spreads(service: sroi.Service) -> Iterator[tuple[str, Spread]]:
    for key, parameter in service.parameters.items():
        if parameter.spread is not None:
            yield key, parameter.spread
    for scenario_key, scenario in service.scenarios.items():
        for key, change in scenario.changes.items():
            if change.spread is not None:
                yield f"{scenario_key}: {key}", change.spread


@pytest.mark.parametrize("name", NAMES)
def test_every_spread_says_where_it_comes_from(name: str) -> None:
    service = sroi.load(name)
    for where, spread in spreads(service):
        assert spread.note, where
        if spread.shape != "fixed":
            assert spread.source in {*service.sources, ASSUMPTION}, where


def test_nurse_family_partnership_has_one_uncertain_effect() -> None:
    """All benefits rest on the same measured effects, so one number moves them: half the effect, half of each."""
    service = sroi.load("nurse_family_partnership")
    for scenario in service.scenarios:
        whole = sroi.evaluate(service, scenario=scenario)
        half = sroi.evaluate(service, {"effect_multiple": 0.5}, scenario=scenario)
        assert half.pv_benefits == pytest.approx(whole.pv_benefits / 2, rel=1e-12)
        assert half.pv_costs == whole.pv_costs
    for stream in ("taxpayers_stream", "participants_stream", "others_stream", "indirect_stream"):
        spread = service.parameters[stream].spread
        assert spread is not None
        assert spread.shape == "fixed"


def test_england_draws_meet_the_published_intervals() -> None:
    service = sroi.load("family_nurse_partnership_england")
    for key, ends in {"cost_difference": (-2_700, 5_744), "qaly_gain": (-0.017, 0.025)}.items():
        spread = service.parameters[key].spread
        assert spread is not None
        assert (spread.low, spread.high, spread.interval) == (*ends, 0.95)
        assert spread.source == "corbacho_2017"
