"""Tables as Altair charts, each with the sentence that says what it shows."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import altair as alt
import pandas as pd

from sroi import printing

BLUE, TEAL, PLUM, ORANGE, GREY, LILAC = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
TEXT = "#1F1F1F"
BAR_STEP = 34
LINE_STEP = 17
WRAP = 24  # characters in a line of a name
SHOWN = 12  # bars of a chart that ranks: the rest stand in its table
ROOM = 80  # for legend and axis, which the page counts as height
FONT = "Arial, Helvetica, sans-serif"


def styled(chart: Any, symbol: str, description: str) -> alt.LayerChart:
    """Return a chart in our type and colours, with its sentence as description for screen readers."""
    locale = alt.Locale(
        number=alt.NumberLocale(currency=[symbol, ""], decimal=".", grouping=[3], thousands=","),
    )
    styled: alt.LayerChart = (
        chart.properties(description=description)
        .configure(font=FONT, locale=locale, background="white")
        .configure_axis(
            labelColor=TEXT, titleColor=TEXT, labelFontSize=13, titleFontSize=13, gridColor="#E3E5E8", labelLimit=170
        )
        .configure_legend(labelColor=TEXT, labelFontSize=13, orient="top", title=None, columns=2)
        .configure_view(stroke=None)
    )
    return styled


def number_format(symbol: str, largest: float) -> str:
    """Return how amounts up to a size are written on an axis."""
    return "$,.2f" if largest < 10 else "$,.3~s" if len(f"{largest:.0f}") > 4 else "$,.0f"


def names_axis(labels: pd.Series[str]) -> alt.Y:
    """Return the axis of names, long ones in several lines: none is cut off."""
    lines = {label: "\n".join(textwrap.wrap(label, WRAP)) for label in labels}
    found = " : ".join(f"datum.value === {json.dumps(label)} ? {json.dumps(text)}" for label, text in lines.items())
    axis = alt.Axis(labelExpr=f"split({found} : datum.value, '\\n')", labelLimit=0)
    return alt.Y("label:N", sort=None, title=None, axis=axis)


def step(labels: pd.Series[str]) -> int:
    """Return the room for a bar whose name may run over several lines."""
    return max(BAR_STEP, LINE_STEP * max((len(textwrap.wrap(label, WRAP)) for label in labels), default=1))


def money_axis(largest: float) -> alt.Axis:
    """Return an axis of amounts up to a size."""
    return alt.Axis(format=number_format("", largest), tickCount=5, labelOverlap=True, labelSeparation=8)


def cash_flow(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw discounted benefits and costs of each year as bars, and the running net as a line."""
    wide = frame.reset_index()
    wide["year"] = wide["year"].astype(str)
    long = pd.concat(
        [
            pd.DataFrame({"year": wide["year"], "what": "Benefits", "amount": wide["discounted_benefits"]}),
            pd.DataFrame({"year": wide["year"], "what": "Costs", "amount": -wide["discounted_costs"]}),
        ]
    )
    running = pd.DataFrame({"year": wide["year"], "what": "Net to date", "amount": wide["discounted_net_to_date"]})
    largest = float(max(long["amount"].abs().max(), running["amount"].abs().max()))
    colour = alt.Color(
        "what:N", scale=alt.Scale(domain=["Benefits", "Costs", "Net to date"], range=[TEAL, BLUE, PLUM]), title=None
    )
    tips = [
        alt.Tooltip("year:N", title="Year"),
        alt.Tooltip("what:N", title="What"),
        alt.Tooltip("amount:Q", title="Discounted", format="$,.0f"),
    ]
    x = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y("amount:Q", title=None, axis=money_axis(largest))
    bars = alt.Chart(long).mark_bar().encode(x=x, y=y, color=colour, tooltip=tips)
    line = alt.Chart(running).mark_line(point=True, strokeWidth=3).encode(x=x, y=y, color=colour, tooltip=tips)
    return styled(alt.layer(bars, line).properties(height=300), symbol, cash_flow_sentence(frame, symbol))


def cash_flow_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say what the cash flow comes to."""
    end = float(frame["discounted_net_to_date"].iloc[-1])
    side = "more than it costs" if end > 0 else "less than it costs" if end < 0 else "exactly what it costs"
    said = f"{printing.money(abs(end), symbol)} {side}" if end else side
    years = printing.years(len(frame))
    return f"Over {years} from {frame.index[0]}, discounted, the service brings {said}."


def bridge(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw the steps from gross value to the present value of benefits; steps that change nothing are left out."""
    shown = _steps(frame)
    largest = float(shown[["start", "total"]].abs().to_numpy().max())
    y = names_axis(shown["label"])
    colour = alt.Color(
        "what:N", scale=scale_of(shown["what"], {"Total": BLUE, "Adds": TEAL, "Takes off": ORANGE}), title=None
    )
    tips = [
        alt.Tooltip("label:N", title="Step"),
        alt.Tooltip("value:Q", title="Changes by", format="$,.0f"),
        alt.Tooltip("total:Q", title="Leads to", format="$,.0f"),
    ]
    x = alt.X("start:Q", title=None, axis=money_axis(largest))
    bars = alt.Chart(shown).mark_bar().encode(x=x, x2="total:Q", y=y, color=colour, tooltip=tips)
    height = step(shown["label"]) * len(shown) + ROOM
    return styled(alt.layer(bars).properties(height=height), symbol, bridge_sentence(frame, symbol))


def scale_of(shown: pd.Series[str], colours: dict[str, str]) -> alt.Scale:
    """Return the colours of what is shown, so that the legend names nothing else."""
    kept = {what: colour for what, colour in colours.items() if what in set(shown)}
    return alt.Scale(domain=list(kept), range=list(kept.values()))


def _steps(frame: pd.DataFrame) -> pd.DataFrame:
    steps = frame.assign(start=frame["total"] - frame["value"])
    steps["what"] = ["Adds" if value > 0 else "Takes off" for value in steps["value"]]
    steps.loc[steps.index[0], "what"] = "Total"
    kept: pd.DataFrame = steps[(steps["value"] != 0) | (steps.index == steps.index[0])]
    end = float(frame["total"].iloc[-1])
    net = {"step": "net", "label": "Present value of benefits", "value": end, "total": end, "start": 0.0}
    return pd.concat([kept, pd.DataFrame([net | {"what": "Total"}])], ignore_index=True)


def bridge_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say how much of the gross value is left, and what takes off most."""
    gross, net = float(frame["total"].iloc[0]), float(frame["total"].iloc[-1])
    steps = frame.iloc[1:]
    said = f"Gross value of {printing.money(gross, symbol)} leads to {printing.money(net, symbol)} of benefits"
    if steps.empty or steps["value"].min() >= 0:
        return f"{said}; no step takes anything off."
    largest = steps.iloc[int(steps["value"].argmin())]
    return f"{said}; most is taken off by {largest['label']} ({printing.money(-largest['value'], symbol)})."


def by_bearer(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw benefits and costs of each bearer."""
    parts = [
        pd.DataFrame({"label": frame["label"], "what": "Gains or loses", "amount": frame["pv_benefits"]}),
        pd.DataFrame({"label": frame["label"], "what": "Pays", "amount": -frame["pv_costs"]}),
    ]
    return _members(pd.concat(parts), symbol, by_bearer_sentence(frame, symbol))


def by_member(frame: pd.DataFrame, symbol: str) -> alt.LayerChart:
    """Draw benefits of each stakeholder or kind."""
    long = pd.DataFrame({"label": frame["label"], "what": "Gains or loses", "amount": frame["pv_benefits"]})
    return _members(long, symbol, by_member_sentence(frame, symbol))


def _members(long: pd.DataFrame, symbol: str, sentence: str) -> alt.LayerChart:
    largest = float(long["amount"].abs().max()) if len(long) else 0.0
    scale = scale_of(long["what"], {"Gains or loses": TEAL, "Pays": BLUE})
    bars = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X("amount:Q", title=None, axis=money_axis(largest)),
            y=names_axis(long["label"]),
            color=alt.Color("what:N", scale=scale, title=None),
            tooltip=[
                alt.Tooltip("label:N", title="Who"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("amount:Q", title="Present value", format="$,.0f"),
            ],
        )
    )
    height = step(long["label"]) * max(2, long["label"].nunique()) + ROOM
    return styled(alt.layer(bars).properties(height=height), symbol, sentence)


def by_bearer_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say who pays most and who gains most."""
    payer = frame.iloc[int(frame["pv_costs"].argmax())]
    pays = f"{payer['label']} pays most ({printing.money(payer['pv_costs'], symbol)})"
    said = pays if payer["pv_costs"] > 0 else "Nobody pays"
    return f"{said}; {_gains_most(frame, symbol)}."


def by_member_sentence(frame: pd.DataFrame, symbol: str) -> str:
    """Say who gains most."""
    said = _gains_most(frame, symbol)
    return f"{said[0].upper()}{said[1:]}."


def weights(frame: pd.DataFrame) -> alt.LayerChart:
    """Draw how much of a result rests on each number, those first on which most does.

    Parameters
    ----------
    frame : DataFrame
        From :func:`sroi.evidence.evidence_rows`: ``label``, ``share``, ``weak``, ``grade``.
    """
    shown = frame[frame["share"] > 0].head(SHOWN)
    what = ["Weak evidence" if weak else "Better evidence" for weak in shown["weak"]]
    graded = [f"grade {grade}" if grade else "your own value" for grade in shown["grade"]]
    long = pd.DataFrame({"label": shown["label"], "what": what, "share": shown["share"], "grade": graded})
    scale = scale_of(long["what"], {"Better evidence": BLUE, "Weak evidence": ORANGE})
    x = alt.X("share:Q", title="Share of the result", axis=alt.Axis(format=".0%", tickCount=4))
    y = names_axis(long["label"])
    tips = [
        alt.Tooltip("label:N", title="Number"),
        alt.Tooltip("share:Q", title="Share of the result", format=".0%"),
        alt.Tooltip("grade:N", title="Evidence"),
    ]
    colour = alt.Color("what:N", scale=scale, title=None)
    bars = alt.Chart(long).mark_bar().encode(x=x, y=y, color=colour, tooltip=tips)
    grades = alt.Chart(long).mark_text(align="left", dx=4, fontSize=13, color=TEXT).encode(x=x, y=y, text="grade:N")
    height = step(long["label"]) * max(2, long["label"].nunique()) + ROOM
    return styled(alt.layer(bars, grades).properties(height=height), "", weights_sentence(frame))


def weights_sentence(frame: pd.DataFrame) -> str:
    """Say on which number most rests."""
    shown = frame[frame["share"] > 0]
    if shown.empty:
        return "The result moves with no single number."
    first = shown.iloc[0]
    graded = f"grade {first['grade']}" if first["grade"] else "your own value"
    return f"Most rests on {first['label']} ({graded}): {first['share']:.0%} of the result."


def _gains_most(frame: pd.DataFrame, symbol: str) -> str:
    gainer = frame.iloc[int(frame["pv_benefits"].argmax())]
    if gainer["pv_benefits"] <= 0:
        return "nobody gains"
    return f"the largest gain goes to {gainer['label']} ({printing.money(gainer['pv_benefits'], symbol)})"
