"""Charts hold the numbers of their tables, and say them."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

import sroi
from sroi import charts, library


def rows(chart: object) -> list[dict[str, object]]:
    """All rows of data that a chart holds."""
    datasets = chart.to_dict()["datasets"]  # type: ignore[attr-defined]
    return [row for data in datasets.values() for row in data]


@pytest.fixture(scope="module", params=library.ids())
def result(request: pytest.FixtureRequest) -> sroi.Result:
    return sroi.evaluate(sroi.load(request.param))


def test_cash_flow_holds_its_table(result: sroi.Result) -> None:
    frame = result.cash_flow()
    drawn = rows(charts.cash_flow(frame, "£"))
    for what, column, sign in (
        ("Benefits", "discounted_benefits", 1),
        ("Costs", "discounted_costs", -1),
        ("Net to date", "discounted_net_to_date", 1),
    ):
        found = [row["amount"] for row in drawn if row["what"] == what]
        assert found == pytest.approx(list(sign * frame[column]))


def test_bridge_begins_at_gross_and_ends_at_the_present_value(result: sroi.Result) -> None:
    frame = result.bridge()
    drawn = rows(charts.bridge(frame, "£"))
    assert drawn[0]["total"] == pytest.approx(frame["total"].iloc[0])
    assert drawn[-1]["total"] == pytest.approx(result.pv_benefits)
    for before, after in pairwise(drawn[:-1]):
        assert after["start"] == pytest.approx(before["total"])


def test_bearers_gain_and_pay_what_the_table_says(result: sroi.Result) -> None:
    frame = result.by("bearer")
    drawn = rows(charts.by_bearer(frame, "£"))
    assert sum(r["amount"] for r in drawn if r["what"] == "Gains or loses") == pytest.approx(frame["pv_benefits"].sum())
    assert -sum(r["amount"] for r in drawn if r["what"] == "Pays") == pytest.approx(frame["pv_costs"].sum())


@pytest.mark.parametrize("what", ["stakeholder", "kind"])
def test_members_gain_what_the_table_says(result: sroi.Result, what: str) -> None:
    frame = result.by(what)
    assert [r["amount"] for r in rows(charts.by_member(frame, "£"))] == pytest.approx(list(frame["pv_benefits"]))


def flow(*net_to_date: float) -> pd.DataFrame:
    return pd.DataFrame({"discounted_net_to_date": net_to_date}, index=pd.RangeIndex(2025, 2025 + len(net_to_date)))


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (flow(250), "Over 1 year from 2025, discounted, the service brings £250 more than it costs."),
        (flow(9, -250), "Over 2 years from 2025, discounted, the service brings £250 less than it costs."),
        (flow(0), "Over 1 year from 2025, discounted, the service brings exactly what it costs."),
    ],
)
def test_cash_flow_sentence(frame: pd.DataFrame, sentence: str) -> None:
    assert charts.cash_flow_sentence(frame, "£") == sentence


def test_bridge_sentence_names_the_largest_step_or_none() -> None:
    frame = pd.DataFrame(
        {"label": ["Gross", "Deadweight", "Drop-off"], "value": [900.0, -100, -300], "total": [900.0, 800, 500]}
    )
    said = "Gross value of £900 leads to £500 of benefits; most is taken off by Drop-off (£300)."
    assert charts.bridge_sentence(frame, "£") == said
    assert charts.bridge_sentence(frame.head(1), "£").endswith("; no step takes anything off.")


def test_bearer_sentence_without_costs_or_gains() -> None:
    frame = pd.DataFrame({"label": ["Council", "NHS"], "pv_costs": [0.0, 0], "pv_benefits": [200.0, 400]})
    assert charts.by_bearer_sentence(frame, "£") == "Nobody pays; the largest gain goes to NHS (£400)."
    assert charts.by_member_sentence(frame.assign(pv_benefits=0.0), "£") == "Nobody gains."
