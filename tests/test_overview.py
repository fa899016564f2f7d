"""What the whole library comes to: the figures of each service's own simulation, in a table and on the command line."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import sroi
from sroi import cli_list, overview
from sroi.cli import main

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sroi.library_results()


def test_every_service_has_its_base_case_headline_and_cautious(table: pd.DataFrame) -> None:
    for name in sroi.services()["id"]:
        service = sroi.load(name)
        cases = table.loc[table["id"] == name, "case"].tolist()
        assert cases == ["base", *(each for each in ("headline", "cautious") if each in service.scenarios)]


@pytest.mark.parametrize("case", ["base", "cautious"])
def test_figures_are_those_of_a_simulation(table: pd.DataFrame, case: str) -> None:
    for row in table[table["case"] == case].to_dict("records"):
        service = sroi.load(row["id"])
        simulation = sroi.simulate(service, scenario=None if case == "base" else case)
        summary = simulation.summary()
        for name in ("sroi_ratio", "npsv"):
            assert row[name] == pytest.approx(summary.loc[name, "central"], rel=1e-12, nan_ok=True)
            for end, at in (("low", "p5"), ("high", "p95")):
                assert row[f"{name}_{end}"] == pytest.approx(summary.loc[name, at], rel=1e-12, nan_ok=True)
        assert row["chance"] == simulation.chance("npsv > 0")
        assert row["says"].startswith(summary.loc["sroi_ratio", "written"])


def test_a_scenario_without_changes_is_the_base_case(table: pd.DataFrame) -> None:
    legal = table[table["id"] == "legal_advice"].set_index("case")
    assert legal.loc["headline", "changes"] == 0
    assert legal.loc["headline", "sroi_ratio"] == legal.loc["base", "sroi_ratio"]
    assert legal.loc["cautious", "changes"] > 0


def test_where_the_ratio_is_no_guide_the_net_value_is_said(table: pd.DataFrame) -> None:
    said = table[(table["id"] == "family_nurse_partnership_england") & (table["case"] == "base")]["says"].iloc[0]
    assert "no guide here: the cost is below zero" in said
    assert "; net value about −£" in said


def test_a_service_without_a_ratio_says_why_and_its_net_value() -> None:
    service = sroi.load("legal_advice")
    nothing = {name: 0.0 for name in service.parameters if name.startswith("spend_")}
    found = overview._figures(sroi.simulate(service, values=nothing, results=overview.RESULTS))
    assert found["says"] == "undefined: nothing is put in; net value £0.00 (every draw the same)"


def test_list_says_what_the_table_holds(table: pd.DataFrame, capsys: Printed) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert all(len(line) <= 80 for line in said.splitlines())
    # A line may be broken at a hyphen.
    flat = "".join(said.split())
    for row in table.itertuples():
        assert f"\n  {row.id}\n" in said
        assert "".join(str(row.says).split()) in flat
    for entry in sroi.register().itertuples():
        assert bool(entry.why_not) == ("".join(f"-{entry.name}:{entry.why_not}".split()) in flat)


def test_list_quick_has_no_results(capsys: Printed) -> None:
    assert main(["list", "--quick"]) == 0
    said = capsys.readouterr().out
    assert "likely" not in said
    assert "scenarios: headline, cautious" in said
    assert main(["list", "--quick", "--json"]) == 0
    assert all("results" not in row for row in json.loads(capsys.readouterr().out))


def test_list_json_has_the_figures(table: pd.DataFrame, capsys: Printed) -> None:
    assert main(["list", "--json"]) == 0
    services = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    for row in table.to_dict("records"):
        found = services[row["id"]]["results"][row["case"]]
        assert found["sroi_ratio_low"] == row["sroi_ratio_low"]
        assert found["says"] == row["says"]
    assert services["legal_advice"]["scenarios"][:2] == ["headline", "cautious"]


def test_what_is_undefined_is_null() -> None:
    assert cli_list._plain(float("nan")) is None
    assert cli_list._plain(1.5) == 1.5


def test_register_is_printed_whole(capsys: Printed) -> None:
    assert main(["register"]) == 0
    said = capsys.readouterr().out
    assert all(len(line) <= 80 for line in said.splitlines())
    # A line may be broken at a hyphen.
    flat = "".join(said.split())
    for entry in sroi.register().itertuples():
        for text in (entry.name, entry.evidence, entry.modelled, entry.why_not):
            assert "".join(str(text).split()) in flat
    assert main(["register", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == sroi.register().to_dict("records")
