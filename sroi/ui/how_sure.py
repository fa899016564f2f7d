"""How sure: the likely range and chance, what matters, where the answer turns, and what to measure next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts_uncertain, printing, tables
from sroi.ui import draws
from sroi.ui.view import View
from sroi.ui.words import plain
from sroi.uncertainty import (
    Simulation,
    one_way,
    parameter_information,
    perfect_information,
    pictures,
    saying,
    switching_values,
    two_way,
)
from sroi.uncertainty.measure import net_benefits


def show(now: View) -> None:
    """Show everything that rests on draws."""
    simulation, problems = now.simulation, now.in_the_way
    st.header("How sure is this?", anchor=False)
    st.toggle(
        "Give inputs without a stated range one that follows their evidence grade",
        value=True,
        key="preset",
        help="An assumption: from 5% either way for audited data to half the value for a bare assumption.",
    )
    st.selectbox("Draws", draws.DRAWS, format_func=lambda count: f"{count:,}", key="draws")
    draws.watch()
    if simulation is None:
        st.warning("The inputs cannot be drawn as their ranges stand:")
        st.markdown("\n".join(f"- {plain(problem)}" for problem in problems))
        return
    if not simulation.uncertain:
        st.markdown("No input has a range, so there is nothing to draw: the figures above are stated as certain.")
        return
    said = [*saying.origins(simulation.uncertain), "“Likely” means from the 5th to the 95th percentile."]
    st.markdown(plain(" ".join(said)))
    _ranges(simulation)
    _inputs(simulation)
    _spread(simulation)
    _matters(simulation)
    _next(simulation)


def _inputs(simulation: Simulation) -> None:
    frame = simulation.inputs()
    for column in ("central", "p5", "p95"):
        frame[column] = _ticks(frame[column], frame["unit"])
    frame["origin"] = frame["origin"].map(saying.WHOSE)
    named = {"p5": "5th percentile", "p95": "95th percentile", "origin": "Whose range"}
    _table("Ranges of the inputs", frame.rename(columns=lambda name: named.get(name, str(name).capitalize())))


def _ticks(numbers: pd.Series[float], units: pd.Series[str]) -> list[str]:
    return [printing.tick(float(number), unit) for number, unit in zip(numbers, units, strict=True)]


def _table(title: str, frame: pd.DataFrame) -> None:
    with st.expander(f"Table: {title.lower()}"):
        st.dataframe(frame, hide_index=True)


def _drawn(title: str, sentence: str, chart: Any, frame: pd.DataFrame) -> None:
    st.subheader(title, anchor=False)
    st.markdown(plain(sentence))
    st.altair_chart(chart, theme=None, width="stretch")
    _table(title, frame)


def _ranges(simulation: Simulation) -> None:
    frame = simulation.summary()
    # Not st.dataframe, which cuts long sentences short.
    st.table(frame.set_index("label")[["written"]].rename_axis("Result").rename(columns={"written": "Likely"}))


def _money(frame: pd.DataFrame, names: list[str], symbol: str) -> pd.DataFrame:
    return frame.assign(
        **{name: [printing.to_figures(float(amount), symbol) for amount in frame[name]] for name in names}
    )


def _spread(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    bars = pictures.distribution(simulation)
    chances = [f"{chance:.1%}" for chance in bars["chance"]]
    written = pd.DataFrame({"Net value": charts_uncertain.amounts(bars, symbol), "Chance": chances})
    _drawn(
        "Chance of paying back",
        charts_uncertain.distribution_sentence(bars),
        charts_uncertain.distribution(bars, symbol),
        written,
    )
    curve = pictures.cumulative(simulation)
    written = _money(curve, ["value"], symbol)
    written["chance"] = [f"{chance:.1%}" for chance in curve["chance"]]
    _drawn(
        "Chance of at most an amount",
        charts_uncertain.cumulative_sentence(curve, symbol),
        charts_uncertain.cumulative(curve, symbol),
        written.rename(columns={"value": "Net value at most", "chance": "Chance"}),
    )
    _accepted(simulation)


def _accepted(simulation: Simulation) -> None:
    accepted = pictures.acceptability(simulation)
    if simulation.no_guide:
        st.subheader("Chance of a return", anchor=False)
        st.markdown(plain(f"The ratio is {simulation.no_guide}. Look at the net present social value."))
        return
    if not accepted.empty:
        written = pd.DataFrame(
            {
                "Return of at least": [f"{threshold:.2f}" for threshold in accepted["threshold"]],
                "Chance": [f"{chance:.1%}" for chance in accepted["chance"]],
            }
        )
        chart = charts_uncertain.acceptability(accepted)
        _drawn("Chance of a return", charts_uncertain.acceptability_sentence(accepted), chart, written)


def _matters(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    swings = one_way(simulation)
    written = _money(swings, ["at_low", "at_high", "swing"], symbol)
    for name in ("low", "high"):
        written[name] = _ticks(swings[name], swings["unit"])
    named = {
        "label": "Input",
        "unit": "Unit",
        "low": "5th percentile",
        "high": "95th percentile",
        "at_low": "Net value at the 5th",
        "at_high": "Net value at the 95th",
    }
    _drawn(
        "What matters most",
        charts_uncertain.tornado_sentence(swings, symbol),
        charts_uncertain.tornado(swings, symbol),
        written[list(named)].rename(columns=named),
    )
    _turns(simulation)
    moving = swings[swings["swing"] > 0]
    if len(moving) > 1:
        _together(simulation, moving)


def _turns(simulation: Simulation) -> None:
    """Say where each input would turn the answer, and last those that cannot."""
    turning = switching_values(simulation, list(simulation.uncertain)).sort_values("switches_at", key=pd.isna)
    st.subheader("Where the answer turns", anchor=False)
    st.markdown("Each input alone, all others at their central values:")
    st.markdown("\n".join(f"- {plain(sentence)}." for sentence in turning["says"]))


def _together(simulation: Simulation, moving: pd.DataFrame) -> None:
    symbol = tables.symbol_of(simulation.central)
    first, second = moving.index[:2]
    (label, other), (unit, across) = moving["label"].iloc[:2], moving["unit"].iloc[:2]
    grid = two_way(simulation, first, second)
    shown = grid.map(lambda amount: printing.to_figures(float(amount), symbol))
    shown.index = pd.Index([printing.tick(float(number), unit) for number in grid.index])
    shown.columns = pd.Index([printing.tick(float(number), across) for number in grid.columns])
    _drawn(
        "Two inputs together",
        charts_uncertain.heat_map_sentence(grid, (label, other)),
        charts_uncertain.heat_map(grid, (label, other), symbol, (unit, across)),
        shown.reset_index(names=label),
    )


def _next(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    frame, known = parameter_information(simulation), perfect_information(simulation)
    mean = float(net_benefits(simulation)[1][:, -1].mean())
    decision = saying.decision(known, mean, float(simulation.central.npsv), symbol)
    sentence = f"{decision} {charts_uncertain.information_sentence(frame, symbol)} {saying.everything(known, symbol)}"
    if not saying.is_worth_measuring(frame).any():
        st.subheader("What to measure next", anchor=False)
        st.markdown(plain(sentence))
        return
    written = _money(frame, ["value"], symbol)
    written["chance_changes"] = [printing.chance(chance) for chance in frame["chance_changes"]]
    named = {"label": "Input", "value": "Worth about, a decision", "chance_changes": "Would change the decision in"}
    chart = charts_uncertain.information(frame, symbol)
    _drawn("What to measure next", sentence, chart, written[list(named)].rename(columns=named))
