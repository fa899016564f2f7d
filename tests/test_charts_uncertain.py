"""Charts of draws say what the draws show, no more exactly, and leave out nothing in silence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sroi
from sroi import charts_uncertain
from sroi.uncertainty import pictures


@pytest.fixture(scope="module", params=["family_nurse_partnership_england", "nurse_family_partnership"])
def simulation(request: pytest.FixtureRequest) -> sroi.Simulation:
    return sroi.simulate(sroi.load(request.param), 4_000)


def test_the_chance_of_a_return_is_that_of_the_draws(simulation: sroi.Simulation) -> None:
    """Counted one by one: not read off between thresholds that may lie far apart."""
    ratios = simulation.draws()["sroi_ratio"]
    frame = pictures.acceptability(simulation).set_index("threshold")["chance"]
    for asked in (1.0, 2.0):
        assert frame[asked] == (ratios >= asked).mean()
    one, two = ((ratios >= asked).mean() for asked in (1, 2))
    said = charts_uncertain.acceptability_sentence(pictures.acceptability(simulation))
    assert said == f"The chance is {one:.0%} for a return of 1 and {two:.0%} for 2 or more.".replace(
        "for 2 or", "for a return of 2 or"
    )


def test_thresholds_cover_what_is_likely(simulation: sroi.Simulation) -> None:
    """From nothing, or the 5th percentile below it, to the 95th: a draw of −300 or 40 does not squash the rest."""
    ratios = simulation.draws()["sroi_ratio"]
    thresholds = pictures.acceptability(simulation)["threshold"]
    assert thresholds.min() == pytest.approx(min(0.0, ratios.quantile(0.05)))
    assert thresholds.max() == pytest.approx(max(2.0, ratios.quantile(0.95)))


def test_nine_in_ten_are_the_likely_range(simulation: sroi.Simulation) -> None:
    curve = pictures.cumulative(simulation).set_index("chance")["value"]
    row = simulation.summary().loc["npsv"]
    assert curve[0.05] == pytest.approx(row["p5"])
    assert curve[0.95] == pytest.approx(row["p95"])


def test_the_outermost_bars_say_that_they_hold_all_beyond_them(simulation: sroi.Simulation) -> None:
    bars, draws = pictures.distribution(simulation), simulation.draws()["npsv"]
    first, last = bars.iloc[0], bars.iloc[-1]
    assert (first["open"], last["open"]) == ("below", "above")
    assert set(bars["open"].iloc[1:-1]) == {""}
    assert draws.min() < first["low"]
    assert draws.max() > last["high"]
    assert first["chance"] == (draws < first["high"]).mean()
    assert last["chance"] == (draws >= last["low"]).mean()


def test_a_bar_says_where_it_ends_and_where_it_does_not() -> None:
    ends = {"low": [-8e5, 0.0, 20.16e6], "high": [0.0, 8e5, 20.96e6], "open": ["below", "", "above"]}
    said = charts_uncertain.amounts(pd.DataFrame(ends), "£")
    assert said == ["under £0", "£0 to £800,000", "£20.2 million or more"]
    shown = pd.DataFrame(ends | {"chance": [0.2, 0.7, 0.1], "meets": [False, True, True]})
    chart = json.dumps(charts_uncertain.distribution(shown, "£").to_dict(), ensure_ascii=False)
    assert "£20.2 million or more" in chart
    assert "20.2 million to" not in chart


def test_sentences_have_no_more_figures_than_the_draws() -> None:
    curve = pd.DataFrame({"value": [-7_817.0, -3_000.0, 3_369.0], "chance": [0.05, 0.5, 0.95]})
    said = charts_uncertain.cumulative_sentence(curve, "£")
    assert said == "Nine in ten draws lie in the range from −£8,000 to £3,500."
    bars = pd.DataFrame({"low": [-2.0, 0.0], "high": [0.0, 2.0], "chance": [0.79, 0.21], "meets": [False, True]})
    said = charts_uncertain.distribution_sentence(bars.assign(open=""))
    assert said == "In 21% of the draws the service pays back, in 79% it does not."
    said = charts_uncertain.distribution_sentence(bars.assign(open=["", "above"]))
    assert said.endswith("it does not. The outermost bars hold all that lies beyond them.")


def swings(*ends: tuple[float, float]) -> pd.DataFrame:
    low, high = np.array(ends).T
    labels = [f"Input {place}" for place in range(len(ends))]
    return pd.DataFrame({"label": labels, "at_low": low, "at_high": high, "swing": np.abs(high - low)})


# Width 2,050: steps of 200, which move 950 by a twentieth and 1,100 by less than a tenth.
@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            swings((-950.0, 1_100.0), *[(-1.0, 2.0)] * 4),
            "Input 0 matters most: alone, it moves the net value from −£1,000 to £1,200. Alone, each of these can"
            " change whether the service pays back: Input 0; Input 1; Input 2; and 2 more.",
        ),
        (
            swings((-950.0, 1_100.0), (1.0, 2.0)),
            "Input 0 matters most: alone, it moves the net value from −£1,000 to £1,200. Alone, this can change whether"
            " the service pays back: Input 0.",
        ),
        (
            swings((100.0, 200.0)),
            "Input 0 matters most: alone, it moves the net value from £100 to £200."
            " No input alone changes whether the service pays back.",
        ),
    ],
)
def test_what_matters_says_how_many_it_does_not_name(frame: pd.DataFrame, said: str) -> None:
    assert charts_uncertain.tornado_sentence(frame, "£") == said


def test_a_grid_names_its_axes_with_units_and_writes_few_labels() -> None:
    label = "Cost for one family beyond usual care, over two and a half years, whoever pays for it in the end"
    grid = pd.DataFrame(
        [[-1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
        index=pd.Index([0.1, 0.25, 0.4]),
        columns=pd.Index([1_234.5, 2_000.0, 3_000.0]),
    )
    content: dict[str, Any] = charts_uncertain.heat_map(
        grid, ("Share kept", label), "£", ("share", "GBP per family")
    ).to_dict()
    # Titles stand above and below, in lines that a small screen holds.
    layer, losing = content["layer"]
    titles = layer.get("title", content.get("title"))["text"], layer["encoding"]["x"]["title"]
    assert titles[0] == ["Up: Share kept (share)"]
    assert " ".join(titles[1]) == f"Across: {label} (GBP per family)"
    assert all(len(line) <= 44 for line in titles[1])
    assert layer["encoding"]["y"]["axis"]["values"] == ["10.0%", "25.0%", "40.0%"]
    assert layer["encoding"]["x"]["axis"]["values"] == ["1,230", "2,000", "3,000"]
    # Eight of nine cells pay back; all nine are drawn, and the ninth has a minus, not a colour alone.
    assert "pays back in 89% of the combinations" in content["description"]
    rows = content["datasets"][layer["data"]["name"]]
    assert losing["mark"]["text"] == "−"
    assert [row["value"] for row in content["datasets"][losing["data"]["name"]]] == [-1]
    assert sorted(row["value"] for row in rows) == [-1, 1, 2, 2, 3, 3, 4, 5, 6]
    assert json.dumps(content)
