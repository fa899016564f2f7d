"""Charts of where a result stands among published reports, each with the sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from sroi import printing
from sroi.charts import BLUE, GREY, ORANGE, ROOM, TEXT, names_axis, step, styled

# Lines from the 10th to the 90th percentile and from the 25th to the 75th, and the mark of the median, in pixels.
THIN, THICK, TICK = 4, 14, 26


def published(distributions: pd.DataFrame, own: pd.DataFrame) -> alt.LayerChart:
    """Draw the percentiles of published reports, and above them the values of this case.

    Parameters
    ----------
    distributions : DataFrame
        Rows of :func:`sroi.benchmarks` of one unit, of quantities that this case has.
    own : DataFrame
        Rows of :func:`sroi.compare_benchmarks`; those that are zero are left out, as the percentiles are of values
        above zero.
    """
    labels = dict(distributions["label"])
    share = bool((distributions["unit"] == "share").all())
    mine = _own(distributions, own)
    mine = mine.assign(label=mine["quantity"].map(labels), written=[_written(v, share) for v in mine["value"]])
    axis = alt.Axis(format=".0%" if share else ",.3~g", tickCount=5, labelOverlap=True)
    y = names_axis(distributions["label"])
    tips = [
        alt.Tooltip("label:N", title="Published"),
        alt.Tooltip("median:Q", title="Median", format=".0%" if share else ",.2f"),
    ]
    base = alt.Chart(distributions)
    x = alt.X("p10:Q", title=None, axis=axis)
    outer = base.mark_rule(color=GREY, strokeWidth=THIN).encode(x=x, x2="p90:Q", y=y, tooltip=tips)
    inner = base.mark_rule(color=BLUE, strokeWidth=THICK).encode(x="p25:Q", x2="p75:Q", y=y, tooltip=tips)
    middle = base.mark_tick(color=GREY, thickness=THIN, size=TICK).encode(x="median:Q", y=y, tooltip=tips)
    points = alt.Chart(mine).mark_point(filled=True, color=ORANGE, stroke=TEXT, shape="diamond", size=170, opacity=1)
    points = points.encode(
        x="value:Q",
        y=y,
        tooltip=[
            alt.Tooltip("label:N", title="This case"),
            alt.Tooltip("outcome:N", title="Outcome"),
            alt.Tooltip("written:N", title="Value"),
        ],
    )
    height = (step(distributions["label"]) + TICK) * len(distributions) + ROOM
    layers = alt.layer(outer, inner, middle, points).properties(height=height)
    return styled(layers, "", published_sentence(distributions, own))


def published_sentence(distributions: pd.DataFrame, own: pd.DataFrame) -> str:
    """Say for each quantity what this case has, and what half of the published values lie between."""
    return " ".join(sentences(distributions, own))


def sentences(distributions: pd.DataFrame, own: pd.DataFrame) -> Iterator[str]:
    """Yield what :func:`published_sentence` says, a quantity at a time."""
    found = _own(distributions, own)
    for row in distributions.reset_index().to_dict("records"):
        share = row["unit"] == "share"
        values = found.loc[found["quantity"] == row["quantity"], "value"]
        outcomes = int((own["quantity"] == row["quantity"]).sum())
        typical = _typical(row, share)
        if not share:
            yield f"{row['label']} here: {_written(values.iloc[0], share) if len(values) else 'none'}. {typical}"
        elif values.empty:
            yield f"{row['label']} here: zero for every outcome. {typical}"
        else:
            low, high = (_written(end, share) for end in (values.min(), values.max()))
            span = low if low == high else f"{low} to {high}"
            counted = printing.counted(outcomes, "outcome")
            yield f"{row['label']} here: {span}, for {len(values)} of {counted}. {typical}"


def _typical(row: dict[Any, Any], share: bool) -> str:
    middle = _written(row["median"], share)
    if pd.isna(row["p25"]):
        return f"The median of {row['n']:,} {row['of']} is {middle}."
    low, high = (_written(row[end], share) for end in ("p25", "p75"))
    return f"Half of {row['n']:,} {row['of']} lie between {low} and {high}, with a median of {middle}."


def _own(distributions: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    return own[own["quantity"].isin(distributions.index) & (own["value"] != 0)]


def _written(value: float, share: bool) -> str:
    return f"{value:.0%}" if share else printing.ratio(value)
