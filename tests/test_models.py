"""Each service of the library: it loads, every number has its source, every scenario runs.

What one service claims in its own words is held in ``test_model_claims.py``.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi import reference
from sroi.cli import main

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
PUBLISHED = ROOT / "tests" / "published"
NAMES = sorted(path.stem for path in MODELS.glob("*.toml"))
FIVE = {
    "legal_advice",
    "debt_advice_consequences",
    "nurse_family_partnership",
    "family_nurse_partnership_england",
    "nuka_primary_care",
}
DEDUCTIONS = ("deadweight", "attribution", "displacement", "drop_off")
# Words of the workshop, which a commissioner has no use for.
WORKSHOP = re.compile(
    r"\.\./|(?<!\w)/work\b|(?<!\w)/tmp\b|\bthe seed\b|\bevidence page\b|\bissue #?\d|\bTODO\b|\bhelper\b|\.md\b"
)


def file(name: str) -> dict[str, Any]:
    return tomllib.loads((MODELS / f"{name}.toml").read_text(encoding="utf-8"))


def entries(content: Any, key: str) -> Iterator[Any]:
    """Every value stored under a key, at any depth."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name == key:
                yield value
            yield from entries(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from entries(value, key)


def strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from strings(value)


def test_the_five_services_are_there() -> None:
    assert set(NAMES) >= FIVE
    assert set(sroi.services()["id"]) == set(NAMES)


# What must hold of every service --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_or_is_an_assumption(name: str) -> None:
    service = sroi.load(name)
    for key, parameter in service.parameters.items():
        if parameter.source == "assumption":
            assert parameter.grade == "F", key
            assert parameter.note, key
        else:
            assert parameter.source in service.sources, key
            assert parameter.grade != "F", f"{key} is graded as an assumption and has a source"
    for scenario in service.scenarios.values():
        for key, change in scenario.changes.items():
            assert change.why, key
            assert change.source == "assumption" or change.source in service.sources, key
            assert change.source != "assumption" or change.grade == "F", key


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_used(name: str) -> None:
    content = file(name)
    rest = {key: value for key, value in content.items() if key != "sources"}
    assert set(content["sources"]) <= set(entries(rest, "source"))


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_used(name: str) -> None:
    content = file(name)
    rest = {key: value for key, value in content.items() if key not in {"parameters", "sources", "scenarios"}}
    words = set(re.findall(r"[a-z_0-9]+", " ".join(strings(rest))))
    assert set(content["parameters"]) <= words


@pytest.mark.parametrize("name", NAMES)
def test_numbers_that_are_not_sure_are_not_graded_well(name: str) -> None:
    service = sroi.load(name)
    for key, parameter in service.parameters.items():
        source = service.sources.get(parameter.source)
        if source is not None and source.how_sure == "recalled, not seen":
            assert parameter.grade in "DEF", key


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_runs_under_every_convention(name: str) -> None:
    service = sroi.load(name)
    for scenario in (None, *service.scenarios):
        for convention in reference.conventions():
            result = sroi.evaluate(service, scenario=scenario, convention=convention)
            assert math.isfinite(result.npsv)
            assert math.isfinite(result.sroi_ratio)
            assert result.npsv == pytest.approx(result.pv_benefits - result.pv_costs, abs=1e-6)
            assert result.bridge() is not None


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_does_not_show(name: str) -> None:
    service = sroi.load(name)
    assert len(service.about.does_not_show) >= 3
    assert service.about.notes
    assert service.non_monetised
    assert all(scenario.label for scenario in service.scenarios.values())
    for outcome in service.outcomes:
        for deduction in DEDUCTIONS:
            exempt = deduction == "drop_off" and outcome.already_present_value
            assert getattr(outcome, deduction) or deduction in outcome.zero_because or exempt, outcome.id


@pytest.mark.parametrize("name", NAMES)
def test_is_written_for_a_commissioner(name: str) -> None:
    for text in strings(file(name)):
        assert not WORKSHOP.search(text.replace("https://", "")), text
        assert "  " not in text, text


@pytest.mark.parametrize("name", NAMES)
def test_one_scenario_is_the_base_case(name: str) -> None:
    """The default is one of the named scenarios, so that it can be asked for by name."""
    service = sroi.load(name)
    base = sroi.evaluate(service).npsv
    assert any(sroi.evaluate(service, scenario=scenario).npsv == base for scenario in service.scenarios)


# The command line shows the published figures -------------------------------------------------------------------------


def shown() -> list[Any]:
    """Published figures that stand in the JSON as they are, under the service's own convention."""
    found = []
    for path in sorted(PUBLISHED.glob("*/figures.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for figure in content["figure"]:
            if "service" not in content or figure["result"] not in sroi.RESULTS or "ratio" not in figure["result"]:
                continue
            setting = [f"--set={key}={value}" for key, value in figure["set"].items()]
            name = f"{content['service']}: {figure['scenario']} {figure['value']} {' '.join(setting)}"
            found.append(pytest.param(content["service"], figure, setting, id=name))
    return found


@pytest.mark.parametrize(("name", "figure", "setting"), shown())
def test_run_shows_the_published_figure(
    name: str, figure: dict[str, Any], setting: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", name, "--scenario", figure["scenario"], *setting, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)[figure["result"]] - figure.get("distance", 0)
    allowed = figure["tolerance"] if "tolerance" in figure else 0.5 * 10.0 ** -figure["decimals"] * (1 + 1e-9)
    assert abs(said - figure["value"]) <= allowed


def test_run_shows_it_from_outside_too() -> None:
    alone = ["--set=spend_housing=0", "--set=spend_benefits=0", "--set=spend_employment=0"]
    finished = subprocess.run(
        [sys.executable, "-m", "sroi", "run", "legal_advice", "--scenario", "headline", *alone, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["sroi_ratio"] == pytest.approx(2.98, rel=1e-15)


# Scenarios that scripts and the page ask for --------------------------------------------------------------------------

ASKED = {
    "legal_advice": {"headline", "cautious"},
    "debt_advice_consequences": {"headline", "cautious"},
    "nurse_family_partnership": {
        "wsipp_2023",
        "wsipp_2017",
        "headline",
        "rand_high_risk",
        "rand_low_risk",
        "cautious",
    },
    "family_nurse_partnership_england": {"trial", "cautious"},
    "nuka_primary_care": {"headline", "cautious", "later_claims", "comparison_fall_is_deadweight"},
}


@pytest.mark.parametrize("name", ASKED)
def test_scenarios_are_there(name: str) -> None:
    service = sroi.load(name)
    assert ASKED[name] <= set(service.scenarios)
    for scenario in ASKED[name] & {"cautious"}:
        assert sroi.evaluate(service, scenario=scenario).npsv < sroi.evaluate(service).npsv
