"""Charts of cases beside each other, each with the sentence that says what it shows."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from sroi import printing, tables
from sroi.charts import (
    BLUE,
    GREY,
    LILAC,
    ORANGE,
    PLUM,
    ROOM,
    TEAL,
    money_axis,
    names_axis,
    scale_of,
    step,
    styled,
)

# How many changes a sentence names.
NAMED = 3
THIS, OTHERS = "This case", "Others"
FRONTIER = "On the frontier"


def _axis(measure: str, largest: float) -> alt.Axis:
    """Return the axis of a result: amounts with their sign, ratios without."""
    money = tables.unit_of(measure) == "money"
    return money_axis(largest) if money else alt.Axis(format=",.3~g", tickCount=5, labelOverlap=True)


def _even(measure: str) -> float:
    """Return where a result says that as much comes back as goes in."""
    return 0.0 if tables.unit_of(measure) == "money" else 1.0


def side_by_side(frame: pd.DataFrame, measure: str, symbol: str, sentence: str) -> alt.LayerChart:
    """Draw one result of each case as a point with its likely range, the first marked by its shape as well.

    Parameters
    ----------
    frame : DataFrame
        As :func:`sroi.side_by_side.side_by_side` returns it.
    measure : str
        ``sroi_ratio`` or ``npsv``.
    symbol : str
        Of the currency.
    sentence : str
        What the chart shows, for those who do not see it.
    """
    shown = pd.DataFrame(
        {
            "label": frame["label"],
            "what": [THIS if place == 0 else OTHERS for place in range(len(frame))],
            "at": frame[measure],
            "low": frame[f"{measure}_low"],
            "high": frame[f"{measure}_high"],
            "written": frame[f"{measure}_written"],
        }
    ).dropna(subset=["at", "low", "high"])
    largest = float(shown[["low", "high"]].abs().to_numpy().max()) if len(shown) else 0.0
    scale = alt.Scale(domain=[THIS, OTHERS], range=[PLUM, BLUE])
    shapes = alt.Scale(domain=[THIS, OTHERS], range=["diamond", "circle"])
    x = alt.X("low:Q", title=tables.label_of(measure), axis=_axis(measure, largest))
    y = names_axis(shown["label"])
    tips = [alt.Tooltip("label:N", title="Case"), alt.Tooltip("written:N", title=tables.label_of(measure))]
    bars = alt.Chart(shown).mark_rule(strokeWidth=4, opacity=0.45)
    bars = bars.encode(x=x, x2="high:Q", y=y, color=alt.Color("what:N", scale=scale, legend=None), tooltip=tips)
    points = alt.Chart(shown).mark_point(filled=True, size=120, opacity=1)
    points = points.encode(
        x="at:Q",
        y=y,
        color=alt.Color("what:N", scale=scale, title=None),
        shape=alt.Shape("what:N", scale=shapes, title=None),
        tooltip=tips,
    )
    even = alt.Chart(pd.DataFrame({"at": [_even(measure)]})).mark_rule(color=GREY, strokeDash=[6, 3]).encode(x="at:Q")
    height = step(shown["label"]) * max(2, len(shown)) + ROOM
    return styled(alt.layer(even, bars, points).properties(height=height), symbol, sentence)


def range_sentence(frame: pd.DataFrame, measure: str, symbol: str) -> str:
    """Say from where to where the cases go at their central inputs, and how many pay back."""
    found = frame.dropna(subset=[measure]).sort_values(measure, kind="stable")
    if found.empty:
        return f"None of them has a number for the {_named(measure)}."
    least, most = found.iloc[0], found.iloc[-1]
    unit = tables.unit_of(measure)
    low, high = (f"{printing.figure(row[measure], unit, symbol)} (“{row['label']}”)" for row in (least, most))
    said = f"The {_named(measure)} goes from {low} to {high}" if len(found) > 1 else f"The {_named(measure)} is {low}"
    return f"{said}. {pays_sentence(frame)}"


def pays_sentence(frame: pd.DataFrame) -> str:
    """Say how many of the cases return more than they cost."""
    pays = int((frame["npsv"] > 0).sum())
    if len(frame) == 1:
        return f"At its central inputs it {'returns' if pays else 'does not return'} more than it costs."
    said = f"At their central inputs {pays} of {len(frame)} {'returns' if pays == 1 else 'return'} more than"
    return f"{said} {'it costs' if pays == 1 else 'they cost'}."


def _named(measure: str) -> str:
    label = tables.label_of(measure)
    return label if label[:2].isupper() else f"{label[0].lower()}{label[1:]}"


def scenario_bridge(
    frame: pd.DataFrame, ends: tuple[tuple[str, float], tuple[str, float]], measure: str, symbol: str
) -> alt.LayerChart:
    """Draw how each changed input leads from one case to the other.

    Parameters
    ----------
    frame : DataFrame
        As :func:`sroi.scenario_bridge` returns it.
    ends : pair of (str, float)
        What the two cases are called, and their results.
    measure, symbol : str
    """
    steps = bridge_steps(frame, ends)
    steps["start"] = steps["total"] - steps["value"]
    steps["what"] = [_way(row) for row in steps.to_dict("records")]
    largest = float(steps[["start", "total"]].abs().to_numpy().max())
    colours = {"Case": BLUE, "Adds": TEAL, "Takes off": ORANGE}
    number = "$,.0f" if tables.unit_of(measure) == "money" else ",.2f"
    bars = (
        alt.Chart(steps)
        .mark_bar()
        .encode(
            x=alt.X("start:Q", title=tables.label_of(measure), axis=_axis(measure, largest)),
            x2="total:Q",
            y=names_axis(steps["label"]),
            color=alt.Color("what:N", scale=scale_of(steps["what"], colours), title=None),
            tooltip=[
                alt.Tooltip("label:N", title="Step"),
                alt.Tooltip("value:Q", title="Changes by", format=number),
                alt.Tooltip("total:Q", title="Leads to", format=number),
            ],
        )
    )
    even = alt.Chart(pd.DataFrame({"at": [_even(measure)]})).mark_rule(color=GREY, strokeDash=[6, 3]).encode(x="at:Q")
    height = step(steps["label"]) * len(steps) + ROOM
    said = bridge_sentence(frame, ends, measure, symbol)
    return styled(alt.layer(bars, even).properties(height=height), symbol, said)


def _way(row: dict[Any, Any]) -> str:
    if row["step"] == "case":
        return "Case"
    return "Adds" if row["value"] > 0 else "Takes off"


def bridge_steps(frame: pd.DataFrame, ends: tuple[tuple[str, float], tuple[str, float]]) -> pd.DataFrame:
    """Return the way from one case to the other: where it begins, each change, the largest first, and where it ends.

    ``value`` is what each step adds and ``total`` where it leads to.
    """
    (before, start), (after, end) = ends
    changed = frame[frame["contribution"] != 0]
    changed = changed.iloc[changed["contribution"].abs().argsort(kind="stable")[::-1]]
    middle = pd.DataFrame({"step": "change", "label": changed["label"], "value": changed["contribution"]})
    middle["total"] = start + middle["value"].cumsum()
    first = pd.DataFrame([{"step": "case", "label": before, "value": start, "total": start}])
    last = pd.DataFrame([{"step": "case", "label": after, "value": end, "total": end}])
    return pd.concat([each for each in (first, middle, last) if len(each)], ignore_index=True)


def bridge_sentence(
    frame: pd.DataFrame, ends: tuple[tuple[str, float], tuple[str, float]], measure: str, symbol: str
) -> str:
    """Say how far apart two cases are, and which changes make the difference."""
    (before, start), (after, end) = ends
    unit = tables.unit_of(measure)
    low, high = (printing.figure(each, unit, symbol) for each in (start, end))
    if low == high:
        said = f"“{before}” and “{after}” come to the same {_named(measure)}: {low}."
    else:
        way = "rises" if end > start else "falls"
        by = printing.figure(abs(end - start), unit, symbol)
        said = f"From “{before}” to “{after}” the {_named(measure)} {way} by {by}, from {low} to {high}."
    steps = bridge_steps(frame, ends).iloc[1:-1]
    if steps.empty:
        return f"{said} No input differs between them."
    some = len(steps) > NAMED
    named = [
        f"{row['label']} ({'+' if row['value'] > 0 else ''}{printing.figure(row['value'], unit, symbol)})"
        for row in steps.head(NAMED).to_dict("records")
    ]
    if some:
        named.append(f"and {printing.counted(len(steps) - NAMED, 'smaller change')}")
    return f"{said} {'Most' if some else 'This'} comes from: {'; '.join(named)}."


def frontier(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw what each option costs and returns, the frontier through those that none beats, and where both are equal.

    Parameters
    ----------
    frame : DataFrame
        As :func:`sroi.compare_options` returns it.
    symbol : str
        Of the currency.
    """
    shown = frame.reset_index()[["label", "pv_costs", "pv_benefits", "standing"]].copy()
    # Names are longer than a small screen is wide: a number stands in the chart, and before the name in the table.
    shown["number"] = [str(place) for place in range(1, len(shown) + 1)]
    shown["what"] = shown["standing"].str.split(":").str[0]
    shown["name"] = shown["number"] + ". " + shown["label"]
    colours = {FRONTIER: TEAL, "Dominated": ORANGE, "Extendedly dominated": LILAC, "Not known": GREY}
    marks = {FRONTIER: "circle", "Dominated": "square", "Extendedly dominated": "triangle-up", "Not known": "cross"}
    kept = [what for what in colours if what in set(shown["what"])]
    costs, benefits = (float(shown[name].abs().max()) for name in ("pv_costs", "pv_benefits"))
    x = alt.X("pv_costs:Q", title=tables.label_of("pv_costs"), axis=money_axis(costs))
    y = alt.Y("pv_benefits:Q", title="Benefits", axis=money_axis(benefits))
    points = alt.Chart(shown).mark_point(filled=True, size=160, opacity=1)
    points = points.encode(
        x=x,
        y=y,
        color=alt.Color("what:N", scale=scale_of(shown["what"], colours), title=None),
        shape=alt.Shape("what:N", scale=alt.Scale(domain=kept, range=[marks[what] for what in kept]), title=None),
        tooltip=[
            alt.Tooltip("name:N", title="Option"),
            alt.Tooltip("pv_costs:Q", title="Costs", format="$,.0f"),
            alt.Tooltip("pv_benefits:Q", title="Benefits", format="$,.0f"),
            alt.Tooltip("standing:N", title="Standing"),
        ],
    )
    text = alt.Chart(shown).mark_text(align="left", dx=9, dy=-9, fontSize=14, fontWeight="bold", color=GREY)
    best = shown[shown["what"] == FRONTIER].sort_values("pv_costs")
    line = alt.Chart(best).mark_line(color=TEAL, strokeWidth=3).encode(x=x, y=y)
    ends = pd.DataFrame({"pv_costs": [0.0, costs], "pv_benefits": [0.0, costs]})
    even = alt.Chart(ends).mark_line(color=GREY, strokeDash=[6, 3]).encode(x=x, y=y)
    layers = alt.layer(even, line, points, text.encode(x=x, y=y, text="number:N"))
    return styled(layers.properties(height=320), symbol, frontier_sentence(frame, symbol))


def frontier_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say which options none beats, what each further unit of money buys, and which is most often the best."""
    best, labels = frame[frame["standing"] == FRONTIER].sort_values("pv_costs"), dict(frame["label"])
    said = [f"On the frontier, where no other option or mix of options returns more for the money: {_list(best)}."]
    for row in best.dropna(subset=["step_per_pound"]).to_dict("records"):
        before = labels[row["step_from"]]
        each = printing.money(row["step_per_pound"], symbol)
        said.append(f"Each further {symbol}1 spent on “{row['label']}” instead of “{before}” returns {each}.")
    first = frame.sort_values("chance_best", ascending=False, kind="stable").to_dict("records")[0]
    said.append(f"“{first['label']}” has the highest net value in {printing.chance(first['chance_best'])} of draws.")
    return " ".join(said)


def _list(frame: pd.DataFrame) -> str:
    return "; ".join(f"“{label}”" for label in frame["label"])
