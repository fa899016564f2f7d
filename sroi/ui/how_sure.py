"""How sure: the likely range and chance, what matters, where the answer turns, and what to measure next."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from sroi import charts_uncertain, printing, tables
from sroi.ui import draws, one_input
from sroi.ui.drawn import amounts, drawn, percent, table, ticks
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
from sroi.uncertainty.margins import margins
from sroi.uncertainty.measure import net_benefits

LIKELY = "“Likely” means from the 5th to the 95th percentile: in nine of ten draws."
NET = "Benefits less costs, each in today's worth (net present social value). Break-even is where it is nothing."
DRAW = "One draw sets every uncertain input to some value in its range, all at once, and works the service out."
SWINGS = "Each input alone moves from the low to the high end of its likely range; all others stay at their values."
KNOWING = "The most that a perfect study of this input would be worth: how much better the decision would be for it."


def show(now: View) -> None:
    """Show everything that rests on draws."""
    simulation = now.simulation
    st.header("How sure is this?", anchor=False, help=LIKELY)
    _settings(now)
    draws.watch()
    if simulation is None:
        st.warning("The inputs cannot be drawn as their ranges stand:")
        st.markdown("\n".join(f"- {plain(problem)}" for problem in now.in_the_way))
        return
    if not simulation.uncertain:
        st.markdown(
            "No input has a range, so there is nothing to draw: the figures are stated as certain. Switch on ranges"
            " by evidence grade above to see how sure they could be."
        )
        return
    swings, turning = one_way(simulation), margins(simulation)
    _in_short(simulation, swings, turning)
    _ranges(simulation)
    _spread(simulation)
    _matters(now, simulation, swings, turning)
    _turns(simulation, turning)
    _together(now, simulation, swings)
    _next(simulation)


def _settings(now: View) -> None:
    """Show what gives inputs their ranges and how many draws are made, and what was drawn."""
    with st.expander("How this is worked out: ranges and draws"):
        st.markdown(plain(f"{DRAW} {LIKELY}"))
        st.toggle(
            "Give inputs without a stated range one that follows their evidence grade",
            value=True,
            key="preset",
            persist_state="session",
            help="An assumption: from 5% either way for audited data to half the value for a bare assumption.",
        )
        st.selectbox(
            "Draws",
            draws.DRAWS,
            format_func=lambda count: f"{count:,}",
            key="draws",
            persist_state="session",
            help="More draws take longer and change little. You can go on reading, and stop them.",
        )
        if now.simulation is not None and now.simulation.uncertain:
            st.markdown(plain(" ".join(saying.origins(now.simulation.uncertain))))
            _inputs(now.simulation)


def _inputs(simulation: Simulation) -> None:
    frame = simulation.inputs()
    written = {
        "Input": frame["label"],
        "Unit": frame["unit"],
        "Value": ticks(frame["central"], frame["unit"]),
        "5th percentile": ticks(frame["p5"], frame["unit"]),
        "95th percentile": ticks(frame["p95"], frame["unit"]),
        "Shape": frame["shape"],
        "Whose range": frame["origin"].map(saying.WHOSE),
    }
    st.markdown("**Ranges of the inputs**")
    st.dataframe(pd.DataFrame(written), hide_index=True)


def _in_short(simulation: Simulation, swings: pd.DataFrame, turning: pd.DataFrame) -> None:
    """Say the answer, what decides it, and how near that is to turning."""
    symbol = tables.symbol_of(simulation.central)
    said = [simulation.headline(), charts_uncertain.tornado_sentence(swings, symbol)]
    said += turning["says"].head(1).tolist()
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in said))


def _ranges(simulation: Simulation) -> None:
    frame = simulation.summary()
    with st.expander("Every result with its likely range"):
        table(pd.DataFrame({"Result": frame["label"], "Likely": frame["written"]}))


def _spread(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    bars = pictures.distribution(simulation)
    written = pd.DataFrame({"Net value": charts_uncertain.amounts(bars, symbol), "Chance": percent(bars["chance"])})
    chart = charts_uncertain.distribution(bars, symbol)
    drawn("Chance of paying back", charts_uncertain.distribution_sentence(bars), chart, written, help=NET)
    left, right = st.columns(2)
    with left:
        _at_most(simulation, symbol)
    with right:
        _accepted(simulation)


def _at_most(simulation: Simulation, symbol: str) -> None:
    curve = pictures.cumulative(simulation)
    written = amounts(curve, ["value"], symbol).assign(chance=percent(curve["chance"]))
    drawn(
        "Chance of at most an amount",
        charts_uncertain.cumulative_sentence(curve, symbol),
        charts_uncertain.cumulative(curve, symbol),
        written.rename(columns={"value": "Net value at most", "chance": "Chance"}),
    )


def _accepted(simulation: Simulation) -> None:
    if simulation.no_guide:
        st.subheader("Chance of a return", anchor=False)
        st.markdown(plain(f"The ratio is {simulation.no_guide}. Look at the net present social value."))
        return
    accepted = pictures.acceptability(simulation)
    if accepted.empty:
        return
    asked = [f"{threshold:.2f}" for threshold in accepted["threshold"]]
    written = pd.DataFrame({"Return of at least": asked, "Chance": percent(accepted["chance"])})
    chart = charts_uncertain.acceptability(accepted)
    drawn("Chance of a return", charts_uncertain.acceptability_sentence(accepted), chart, written)


def _matters(now: View, simulation: Simulation, swings: pd.DataFrame, turning: pd.DataFrame) -> None:
    symbol, service = tables.symbol_of(simulation.central), now.case.service
    written = amounts(swings, ["at_low", "at_high"], symbol)
    for name in ("low", "high"):
        written[name] = ticks(swings[name], swings["unit"])
    named = {
        "label": "Input",
        "unit": "Unit",
        "low": "5th percentile",
        "high": "95th percentile",
        "at_low": "Net value at the 5th",
        "at_high": "Net value at the 95th",
    }
    drawn(
        "What matters most",
        charts_uncertain.tornado_sentence(swings, symbol),
        charts_uncertain.tornado(swings, symbol),
        written[list(named)].rename(columns=named),
        help=SWINGS,
        key=one_input.bars(service),
        on_select=partial(one_input.pick, service),
    )
    one_input.show(now, simulation.inputs(), list(swings.index), turning)


def _turns(simulation: Simulation, turning: pd.DataFrame) -> None:
    """Say where each input would turn the answer, and last those that cannot."""
    st.subheader("Where the answer turns", anchor=False)
    st.markdown("How far each input could move, alone, all others at their values:")
    others = switching_values(simulation, [name for name in simulation.uncertain if name not in turning.index])
    said = [*turning["says"], *saying.turns(others)]
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in said))


def _together(now: View, simulation: Simulation, swings: pd.DataFrame) -> None:
    moving = swings[swings["swing"] > 0]
    if len(moving) < 2:
        return
    symbol = tables.symbol_of(simulation.central)
    labels = dict(moving["label"])
    st.subheader("Two inputs together", anchor=False)
    chosen = [_axis(way, now.case.service, labels, place) for place, way in enumerate(("Up", "Across"))]
    first, second = chosen
    if first == second:
        st.info("Choose two different inputs.")
        return
    (label, other), (unit, across) = (moving.loc[chosen, name].tolist() for name in ("label", "unit"))
    grid = two_way(simulation, first, second)
    shown = grid.map(lambda amount: printing.to_figures(float(amount), symbol))
    shown.index = pd.Index([printing.tick(float(number), unit) for number in grid.index])
    shown.columns = pd.Index([printing.tick(float(number), across) for number in grid.columns])
    drawn(
        "Two inputs together",
        f"{charts_uncertain.heat_map_sentence(grid, (label, other))} A minus marks those in which it does not.",
        charts_uncertain.heat_map(grid, (label, other), symbol, (unit, across)),
        shown.reset_index(names=f"{label} (down), {other} (across)"),
        headed=True,
    )


def _axis(way: str, service: str, labels: dict[str, str], place: int) -> str:
    """Let an input be chosen for one side of the grid: at first those that matter most."""
    key = f"grid/{way}/{service}"
    if st.session_state.get(key) not in labels:
        st.session_state[key] = list(labels)[place]
    chosen: str = st.selectbox(
        f"{way}: input", list(labels), format_func=labels.__getitem__, key=key, persist_state="session"
    )
    return chosen


def _next(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    frame, known = parameter_information(simulation), perfect_information(simulation)
    mean = float(net_benefits(simulation)[1][:, -1].mean())
    decision = saying.decision(known, mean, float(simulation.central.npsv), symbol)
    sentence = f"{decision} {charts_uncertain.information_sentence(frame, symbol)} {saying.everything(known, symbol)}"
    if not saying.is_worth_measuring(frame).any():
        st.subheader("What to measure next", anchor=False, help=KNOWING)
        st.markdown(plain(sentence))
        return
    written = amounts(frame, ["value"], symbol)
    written["chance_changes"] = [printing.chance(chance) for chance in frame["chance_changes"]]
    named = {"label": "Input", "value": "Worth about, a decision", "chance_changes": "Would change the decision in"}
    chart = charts_uncertain.information(frame, symbol)
    drawn("What to measure next", sentence, chart, written[list(named)].rename(columns=named), help=KNOWING)
