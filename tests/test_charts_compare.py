"""Charts of cases beside each other hold the numbers of their tables, and say them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

import sroi
from sroi import charts_compare, charts_reports, library, side_by_side
from sroi.uncertainty.margins import margins


def rows(chart: Any, column: str) -> list[dict[str, Any]]:
    """The rows of the data of a chart that have a column."""
    return [row for data in chart.to_dict()["datasets"].values() for row in data if column in row]


@pytest.fixture(scope="module")
def cases() -> dict[str, sroi.Simulation]:
    service = sroi.load("nuka_primary_care")
    return {name or "base": sroi.simulate(service, 2_000, scenario=name) for name in (None, *service.scenarios)}


def test_cases_are_held_against_the_first(cases: dict[str, sroi.Simulation]) -> None:
    frame = side_by_side.side_by_side(cases)
    assert list(frame["label"]) == list(cases)
    for row, simulation in zip(frame.to_dict("records"), cases.values(), strict=True):
        summary = simulation.summary()
        for name in side_by_side.RESULTS:
            assert row[name] == summary.at[name, "central"]
            assert row[f"{name}_low"] == summary.at[name, "p5"]
            assert row[f"extra_{name}"] == pytest.approx(row[name] - frame[name].iloc[0])
        assert row["chance"] == simulation.chance("npsv > 0")
    written = side_by_side.compared(frame, "npsv")
    assert written["Against this case"].iloc[:2].tolist() == ["(this case)", "the same"]


def test_money_of_two_currencies_is_not_compared_and_ratios_are() -> None:
    pair = {name: sroi.simulate(sroi.load(name), 500) for name in ("nuka_primary_care", "legal_advice")}
    frame = side_by_side.side_by_side(pair)
    assert math.isnan(frame["extra_npsv"].iloc[1])
    assert not math.isnan(frame["extra_sroi_ratio"].iloc[1])
    assert side_by_side.compared(frame, "npsv")["Against this case"].iloc[1] == "not comparable"
    assert len(side_by_side.grounds(frame)) == 2


@pytest.mark.parametrize("measure", ["sroi_ratio", "npsv"])
def test_points_and_ranges_are_those_of_the_table(cases: dict[str, sroi.Simulation], measure: str) -> None:
    frame = side_by_side.side_by_side(cases)
    chart = charts_compare.side_by_side(frame, measure, "$", "What it shows.")
    drawn = {row["label"]: row for row in rows(chart, "low")}
    for row in frame.to_dict("records"):
        found = drawn[row["label"]]
        assert (found["at"], found["low"]) == pytest.approx((row[measure], row[f"{measure}_low"]))
    assert chart.to_dict()["description"] == "What it shows."


def test_the_range_names_its_ends_and_counts_what_pays_back() -> None:
    frame = pd.DataFrame({"label": ["a", "b", "c"], "sroi_ratio": [2.0, 0.5, math.nan], "npsv": [100.0, -50.0, -1.0]})
    said = charts_compare.range_sentence(frame, "sroi_ratio", "£")
    assert said == (
        "The SROI ratio goes from 0.50 (“b”) to 2.00 (“a”). At their central inputs 1 of 3 returns more than it costs."
    )
    assert "None of them has a number" in charts_compare.range_sentence(frame.tail(1), "sroi_ratio", "£")


@pytest.mark.parametrize("name", library.ids())
@pytest.mark.parametrize("measure", ["npsv", "sroi_ratio"])
def test_a_bridge_leads_from_one_case_to_the_other(name: str, measure: str) -> None:
    service = sroi.load(name)
    before, after = sroi.evaluate(service), sroi.evaluate(service, scenario=list(service.scenarios)[-1])
    try:
        frame = sroi.scenario_bridge(before, after, measure)
    except sroi.ServiceError:
        pytest.skip("no number on the way")
    ends = (("Base", getattr(before, measure)), ("Other", getattr(after, measure)))
    steps = charts_compare.bridge_steps(frame, ends)
    assert steps["total"].iloc[-2] == pytest.approx(getattr(after, measure))
    assert len(rows(charts_compare.scenario_bridge(frame, ends, measure, "£"), "start")) == len(steps)


def test_a_bridge_says_what_makes_the_difference() -> None:
    frame = pd.DataFrame({"label": ["a", "b", "c", "d", "e"], "contribution": [-50.0, 20.0, -500.0, 0.0, 5.0]})
    said = charts_compare.bridge_sentence(frame, (("One", 1_000.0), ("Two", 475.0)), "npsv", "£")
    assert said == (
        "From “One” to “Two” the net present social value falls by £525, from £1,000 to £475."
        " Most comes from: c (−£500); a (−£50.00); b (+£20.00); and 1 smaller change."
    )
    same = charts_compare.bridge_sentence(frame.head(0), (("One", 5.0), ("Two", 5.0)), "sroi_ratio", "£")
    assert same == "“One” and “Two” come to the same SROI ratio: 5.00. No input differs between them."


@pytest.mark.parametrize("name", [name for name in library.ids() if sroi.load(name).options])
def test_the_frontier_holds_every_option(name: str) -> None:
    frame = sroi.compare_options(sroi.load(name), draws=500)
    chart = charts_compare.frontier(frame, "£")
    drawn = {row["label"]: row for row in rows(chart, "number")}
    assert set(drawn) == set(frame["label"])
    for row in frame.to_dict("records"):
        assert drawn[row["label"]]["pv_benefits"] == pytest.approx(row["pv_benefits"])
        assert (f"“{row['label']}”" in charts_compare.frontier_sentence(frame, "£").split("Each further")[0]) == (
            row["standing"] == charts_compare.FRONTIER
        )


@pytest.mark.parametrize("name", library.ids())
def test_this_case_stands_among_published_reports(name: str) -> None:
    own, found = sroi.compare_benchmarks(sroi.evaluate(sroi.load(name))), sroi.benchmarks()
    for unit in ("ratio", "share"):
        part = found[(found["unit"] == unit) & found.index.isin(own["quantity"])]
        mine = own[own["quantity"].isin(part.index)]
        values = [row["value"] for row in rows(charts_reports.published(part, mine), "written")]
        assert values == pytest.approx(mine.loc[mine["value"] != 0, "value"].tolist())
        said = charts_reports.published_sentence(part, mine)
        assert all(f"{label} here: " in said for label in part["label"])


def test_margins_say_which_way_and_how_far_and_whether_that_is_likely() -> None:
    """At the value that is said the net value is 0, whichever side it is on now."""
    for scenario in (None, "cautious"):
        simulation = sroi.simulate(sroi.load("nuka_primary_care"), 500, scenario=scenario)
        frame, central = margins(simulation), simulation.central
        assert len(frame)
        for name, row in frame.iterrows():
            there = sroi.evaluate(central.base, {**central.values, str(name): row["switches_at"]}, scenario=scenario)
            assert there.npsv == pytest.approx(0, abs=1e-6 * central.pv_costs)
            way = "rise" if row["switches_at"] > row["central"] else "fall"
            verb = "could" if central.npsv > 0 else "would have to"
            assert f"{row['label']} {verb} {way} from " in row["says"]
            assert ("within its likely range" in row["says"]) == (row["low"] <= row["switches_at"] <= row["high"])
        assert list(frame["within"]) == sorted(frame["within"], reverse=True)
