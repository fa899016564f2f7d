"""The chart of an investment in the relationship, with the sentence that says what it shows."""

from __future__ import annotations

import altair as alt
import pandas as pd

from sroi import printing
from sroi.charts import BLUE, GREY, LILAC, ORANGE, PLUM, TEAL, styled

# Colour and shape of what is marked: neither alone tells them apart.
MARKED = {
    "Break-even": (PLUM, "diamond"),
    "Taken in this case": (BLUE, "circle"),
    "Evidence: at most": (ORANGE, "triangle-down"),
    "Evidence: best estimate": (TEAL, "square"),
    "Evidence: at least": (LILAC, "triangle-up"),
}


def returns(curve: pd.DataFrame, marks: pd.DataFrame, symbol: str, title: str, *, shares: bool) -> alt.LayerChart:
    """Draw what each extra pound returns against the dependence, with break-even and findings marked.

    Parameters
    ----------
    curve, marks : DataFrame
        From :func:`sroi.dependence.curve` and :func:`sroi.dependence.marks`.
    symbol : str
        Of the currency.
    title : str
        What the dependence is called.
    shares : bool
        Whether it is a share, written in percent.
    """
    low, high = float(curve["dependence"].min()), float(curve["dependence"].max())
    axis = alt.Axis(format=".0%" if shares else ",.3~g", tickCount=5)
    x = alt.X("dependence:Q", title=title, axis=axis, scale=alt.Scale(domain=[low, high], nice=False))
    y = alt.Y("per_pound:Q", title=f"Returned for each extra {symbol}1", axis=alt.Axis(format="$,.2f", tickCount=5))
    tips = [
        alt.Tooltip("written:N", title="Dependence"),
        alt.Tooltip("per_pound:Q", title=f"For each extra {symbol}1", format="$,.2f"),
    ]
    known = curve.dropna(subset=["per_pound"])
    line = alt.Chart(known).mark_line(color=GREY, strokeWidth=3).encode(x=x, y=y, tooltip=tips)
    even = pd.DataFrame({"per_pound": [1.0], "label": [f"{symbol}1 returns {symbol}1"]})
    rule = alt.Chart(even).mark_rule(color=GREY, strokeWidth=2, strokeDash=[6, 3]).encode(y="per_pound:Q")
    text = (
        alt.Chart(even)
        .mark_text(color=GREY, align="right", baseline="bottom", dx=-4, dy=-4, fontSize=13)
        .encode(y="per_pound:Q", x=alt.value("width"), text="label:N")
    )
    shown = marks.dropna(subset=["per_pound"])
    kept = [what for what in MARKED if what in set(shown["what"])]
    colours, shapes = ([MARKED[what][place] for what in kept] for place in (0, 1))
    points = (
        alt.Chart(shown)
        .mark_point(filled=False, size=200, strokeWidth=3, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("what:N", scale=alt.Scale(domain=kept, range=colours), title=None),
            shape=alt.Shape("what:N", scale=alt.Scale(domain=kept, range=shapes), title=None),
            tooltip=[alt.Tooltip("what:N", title="What"), *tips],
        )
    )
    layers = alt.layer(rule, text, line, points).properties(height=320)
    # One name a row: two would be cut off on a narrow screen.
    found = styled(layers, symbol, returns_sentence(curve, marks, symbol))
    found.config.legend.columns = 1
    return found


def returns_sentence(curve: pd.DataFrame, marks: pd.DataFrame, symbol: str) -> str:
    """Say from where to where the return goes, and where it turns."""
    known = curve.dropna(subset=["per_pound"])
    if known.empty:
        return "It costs nothing more, so that no return on an extra pound can be stated."
    first, last = known.iloc[0], known.iloc[-1]
    ends = (f"{printing.money(row['per_pound'], symbol)} at {row['written']}" for row in (first, last))
    said = f"Each extra {symbol}1 returns from {' to '.join(ends)}."
    turns = marks[marks["what"] == "Break-even"]
    if len(turns):
        return f"{said} It pays back from {turns['written'].iloc[0]} on."
    side = "everywhere" if first["per_pound"] >= 1 and last["per_pound"] >= 1 else "nowhere"
    return f"{said} It pays back {side} between these."
