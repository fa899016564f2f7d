"""Charts of a simulation, each with the sentence that says what it shows."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from sroi import printing, ranges
from sroi.charts import (
    BLUE,
    FONT,
    GREY,
    LINE_STEP,
    ORANGE,
    PLUM,
    ROOM,
    TEAL,
    TEXT,
    money_axis,
    names_axis,
    number_format,
    step,
    styled,
)
from sroi.uncertainty import saying

# The selection of a bar.
PICKED = "picked"
# How many parameters a chart shows: the rest stand in its table. How many a sentence names.
SHOWN, NAMED = 12, 3
# Significant figures of the ends of bars, of which forty lie side by side.
FIGURES = 3
# A cell of a grid in pixels, and the characters of a line above or below it that a small screen holds.
CELL, LINE = 26, 44


def distribution(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw how often the net value falls where, with the break-even marked and both sides named."""
    what = ["Pays back" if meets else "Does not pay back" for meets in frame["meets"]]
    shown = frame.assign(what=what, amount=amounts(frame, symbol))
    largest = float(shown[["low", "high"]].abs().to_numpy().max())
    kept = [what for what in ("Does not pay back", "Pays back") if what in set(shown["what"])]
    colours = {"Does not pay back": ORANGE, "Pays back": TEAL}
    colour = alt.Color("what:N", scale=alt.Scale(domain=kept, range=[colours[what] for what in kept]), title=None)
    tips = [
        alt.Tooltip("amount:N", title="Net value"),
        alt.Tooltip("chance:Q", title="Chance", format=".1%"),
    ]
    x = alt.X("low:Q", title="Net present social value", axis=money_axis(largest))
    y = alt.Y("chance:Q", title="Chance", axis=alt.Axis(format=".0%", tickCount=4))
    bars = (
        alt.Chart(shown)
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(x=x, x2="high:Q", y=y, y2=alt.datum(0), color=colour, tooltip=tips)
    )
    even = pd.DataFrame({"at": [0.0], "label": ["Break-even"]})
    rule = alt.Chart(even).mark_rule(color=GREY, strokeWidth=2, strokeDash=[6, 3]).encode(x="at:Q")
    text = (
        alt.Chart(even)
        .mark_text(color=GREY, align="left", dx=5, fontSize=13)
        .encode(x="at:Q", y=alt.value(10), text="label:N")
    )
    return styled(alt.layer(bars, rule, text).properties(height=280), symbol, distribution_sentence(frame))


def amounts(frame: pd.DataFrame, symbol: str) -> list[str]:
    """Write from where to where each bar reaches; one that holds what lies beyond it has no end there."""
    said = []
    for bar in frame.to_dict("records"):
        low, high = (printing.to_figures(bar[end], symbol, FIGURES) for end in ("low", "high"))
        said.append({"below": f"under {high}", "above": f"{low} or more"}.get(bar["open"], f"{low} to {high}"))
    return said


def distribution_sentence(frame: pd.DataFrame) -> str:
    """Say how often the service pays back."""
    if frame.empty:
        return "No draw has a number."
    pays = float(frame.loc[frame["meets"], "chance"].sum())
    said = f"In {printing.chance(pays)} of the draws the service pays back, in {printing.chance(1 - pays)} it does not."
    return f"{said} The outermost bars hold all that lies beyond them." if frame["open"].any() else said


def cumulative(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw the chance that the net value is at most an amount."""
    largest = float(frame["value"].abs().max())
    tips = [
        alt.Tooltip("value:Q", title="Net value at most", format="$,.0f"),
        alt.Tooltip("chance:Q", title="Chance", format=".0%"),
    ]
    line = (
        alt.Chart(frame)
        .mark_line(color=BLUE, strokeWidth=3)
        .encode(
            x=alt.X("value:Q", title="Net present social value at most", axis=money_axis(largest)),
            y=alt.Y("chance:Q", title="Chance", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
            tooltip=tips,
        )
    )
    return styled(alt.layer(line).properties(height=260), symbol, cumulative_sentence(frame, symbol))


def cumulative_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say between which values nine in ten draws lie."""
    low, high = (float(frame.loc[frame["chance"] == chance, "value"].iloc[0]) for chance in (0.05, 0.95))
    return f"Nine in ten draws lie in the range from {ranges.span(low, high, 'money', symbol)}."


def tornado(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw what the net value does when each parameter moves alone, the widest first, without those that do nothing.

    A click on a bar selects its parameter, as ``name`` in the selection that :data:`PICKED` names.
    """
    shown = frame[frame["swing"] > 0].head(SHOWN)
    parts = [
        pd.DataFrame(
            {
                "name": shown.index,
                "label": shown["label"],
                "what": what,
                "start": shown["central"],
                "end": shown[column],
                "at": shown[at],
            }
        )
        for what, column, at in (
            ("5th percentile", "at_low", "low"),
            ("95th percentile", "at_high", "high"),
        )
    ]
    long = pd.concat(parts)
    largest = float(long[["start", "end"]].abs().to_numpy().max()) if len(long) else 0.0
    scale = alt.Scale(domain=["5th percentile", "95th percentile"], range=[PLUM, TEAL])
    tips = [
        alt.Tooltip("label:N", title="Input"),
        alt.Tooltip("what:N", title="Moved"),
        alt.Tooltip("at:Q", title="To", format=",.4~g"),
        alt.Tooltip("end:Q", title="Net value", format="$,.0f"),
    ]
    bars = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X("start:Q", title="Net present social value", axis=money_axis(largest)),
            x2="end:Q",
            y=names_axis(shown["label"]),
            color=alt.Color("what:N", scale=scale, title=None, legend=alt.Legend(columns=1)),
            tooltip=tips,
        )
        .add_params(alt.selection_point(name=PICKED, fields=["name"]))
    )
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=GREY, strokeDash=[6, 3]).encode(x="at:Q")
    height = step(shown["label"]) * max(1, len(shown)) + ROOM
    return styled(alt.layer(bars, zero).properties(height=height), symbol, tornado_sentence(frame, symbol))


def tornado_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say which parameter moves the result most, and whether any alone decides the answer."""
    if frame.empty or not (frame["swing"] > 0).any():
        return "No input is uncertain."
    first = frame.iloc[0]
    ends = sorted((float(first["at_low"]), float(first["at_high"])))
    span = ranges.span(ends[0], ends[1], "money", symbol)
    said = f"{first['label']} matters most: alone, it moves the net value from {span}."
    deciding = frame[(frame[["at_low", "at_high"]].min(axis=1) < 0) & (frame[["at_low", "at_high"]].max(axis=1) > 0)]
    if deciding.empty:
        return f"{said} No input alone changes whether the service pays back."
    named = deciding["label"].head(NAMED).tolist()
    if len(deciding) > NAMED:
        named.append(f"and {len(deciding) - NAMED} more")
    change = "this can" if len(deciding) == 1 else "each of these can"
    return f"{said} Alone, {change} change whether the service pays back: {'; '.join(named)}."


def acceptability(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw the chance that the ratio is at least a threshold."""
    line = (
        alt.Chart(frame)
        .mark_line(color=BLUE, strokeWidth=3)
        .encode(
            x=alt.X("threshold:Q", title="Return asked for", axis=alt.Axis(format=",.3~g")),
            y=alt.Y(
                "chance:Q", title="Chance of at least that", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")
            ),
            tooltip=[
                alt.Tooltip("threshold:Q", title="Return of at least", format=",.2f"),
                alt.Tooltip("chance:Q", title="Chance", format=".0%"),
            ],
        )
    )
    even = alt.Chart(pd.DataFrame({"at": [1.0]})).mark_rule(color=GREY, strokeDash=[6, 3]).encode(x="at:Q")
    return styled(alt.layer(line, even).properties(height=260), "", acceptability_sentence(frame))


def acceptability_sentence(frame: pd.DataFrame) -> str:
    """Say the chance at returns of 1 and 2."""
    if frame.empty:
        return "No draw has a ratio."
    chances = frame.set_index("threshold")["chance"]
    parts = [f"{printing.chance(float(chances[asked]))} for a return of {asked:g}" for asked in (1.0, 2.0)]
    return f"The chance is {' and '.join(parts)} or more."


def heat_map(
    frame: pd.DataFrame, labels: tuple[str, str], symbol: str, units: tuple[str, str] = ("", "")
) -> alt.LayerChart:
    """Draw a result over a grid of two parameters: orange and with a minus below zero, teal above.

    Parameters
    ----------
    frame : DataFrame
        As :func:`sroi.two_way` returns it: the first parameter goes up, the second across.
    labels : tuple of str
        Of the two parameters.
    symbol : str
        Of the currency.
    units : tuple of str, optional
        Of the two parameters, for the titles of the axes.
    """
    long = frame.rename_axis(index="first", columns="second").stack().reset_index()
    long.columns = pd.Index(["first", "second", "value"])
    for name, axis, unit in (("first", frame.index, units[0]), ("second", frame.columns, units[1])):
        long[name] = long[name].map({number: printing.tick(float(number), unit) for number in axis})
    up, across = (list(dict.fromkeys(long[name])) for name in ("first", "second"))
    largest = float(long["value"].abs().max())
    scale = alt.Scale(domain=[-largest, 0, largest], range=[ORANGE, "#FFFFFF", TEAL], interpolate="rgb")
    titles = [
        textwrap.wrap(f"{way}: {label}{f' ({unit})' if unit else ''}", LINE)
        for way, label, unit in zip(("Up", "Across"), labels, units, strict=True)
    ]
    x = alt.X("second:O", sort=across, title=titles[1], axis=alt.Axis(labelAngle=0, values=_ends(across)))
    y = alt.Y("first:O", sort=up[::-1], title=None, axis=alt.Axis(values=_ends(up)))
    # A title along the side would be cut off, and a label for each value would run into the next.
    cells = (
        alt.Chart(long, title=alt.Title(titles[0], anchor="start", font=FONT, fontSize=13, color=TEXT))
        .mark_rect()
        .encode(
            x=x,
            y=y,
            color=alt.Color("value:Q", scale=scale, legend=_scale_of_money(largest)),
            tooltip=[
                alt.Tooltip("first:O", title=labels[0]),
                alt.Tooltip("second:O", title=labels[1]),
                alt.Tooltip("value:Q", title="Net value", format="$,.0f"),
            ],
        )
    )
    # Not by colour alone: a cell that does not pay back has a minus in it.
    losing = alt.Chart(long[long["value"] < 0]).mark_text(text="−", color=TEXT, fontSize=14)
    losing = losing.encode(x=x, y=y)
    height = CELL * len(up) + ROOM + LINE_STEP * sum(len(title) for title in titles)
    return styled(alt.layer(cells, losing).properties(height=height), symbol, heat_map_sentence(frame, labels))


def _scale_of_money(largest: float) -> alt.Legend:
    name = "Net present social value"
    return alt.Legend(format=number_format("", largest), title=name, tickCount=2, gradientLength=200)


def _ends(ticks: list[str]) -> list[str]:
    """Return the ends and the middle of an axis."""
    return list(dict.fromkeys([ticks[0], ticks[len(ticks) // 2], ticks[-1]]))


def heat_map_sentence(frame: pd.DataFrame, labels: tuple[str, str]) -> str:
    """Say on how much of the grid the service pays back."""
    pays = float((frame.to_numpy() > 0).mean())
    return f"The service pays back in {pays:.0%} of the combinations of “{labels[0]}” and “{labels[1]}” shown."


def information(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw what knowing each parameter would be worth, without those that are worth nothing."""
    shown = frame[frame["value"] > 0].head(SHOWN)
    largest = float(shown["value"].max()) if len(shown) else 0.0
    bars = (
        alt.Chart(shown)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("value:Q", title="Worth of knowing it, a decision", axis=money_axis(largest)),
            y=names_axis(shown["label"]),
            tooltip=[
                alt.Tooltip("label:N", title="Input"),
                alt.Tooltip("value:Q", title="Worth about", format="$,.0f"),
                alt.Tooltip("chance_changes:Q", title="Would change the decision in", format=".0%"),
            ],
        )
    )
    height = step(shown["label"]) * max(1, len(shown)) + ROOM
    return styled(alt.layer(bars).properties(height=height), symbol, information_sentence(frame, symbol))


def information_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say what knowing the most valuable parameter would be worth."""
    return "No input is uncertain." if frame.empty else saying.worth_measuring(frame, symbol)[0]
