"""How sure: the likely range and chance, what matters, where the answer turns, and what to measure next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts_uncertain, printing, tables
from sroi.errors import ServiceError
from sroi.result import Result
from sroi.service import Service
from sroi.ui.state import Case
from sroi.ui.words import plain
from sroi.uncertainty import (
    Simulation,
    one_way,
    parameter_information,
    perfect_information,
    pictures,
    simulate,
    switching_values,
    two_way,
)

DRAWS = (10_000, 100_000, 1_000_000)
RESULTS = ("npsv", "sroi_ratio", "bcr", "pv_benefits", "pv_costs", "payback_year")


def drawn(base: Service, result: Result, case: Case) -> tuple[Simulation | None, list[str]]:
    """Return the simulation of the case that the page shows, or what stands in its way."""
    draws = st.session_state.get("draws", DRAWS[0])
    bar = st.progress(0.0, "Drawing …") if draws > DRAWS[0] else None

    def tell(done: int, asked: int) -> None:
        # Whatever is changed on the page meanwhile ends the run here: Streamlit stops a script where it speaks.
        if bar is not None:
            bar.progress(done / asked, f"{done:,} of {asked:,} draws")

    try:
        simulation = simulate(
            base,
            draws,
            values=dict(result.values),
            scenario=result.scenario,
            convention=case.convention,
            preset="by_grade" if st.session_state.get("preset", True) else None,
            results=RESULTS,
            progress=tell,
        )
    except ServiceError as error:
        return None, [str(fault) for fault in error.faults]
    finally:
        if bar is not None:
            bar.empty()
    return simulation, []


def show(simulation: Simulation | None, problems: list[str]) -> None:
    """Show everything that rests on draws."""
    st.header("How sure is this?", anchor=False)
    st.toggle(
        "Give inputs without a stated range one that follows their evidence grade",
        value=True,
        key="preset",
        help="An assumption: from 5% either way for audited data to half the value for a bare assumption.",
    )
    st.selectbox("Draws", DRAWS, format_func=lambda count: f"{count:,}", key="draws")
    if simulation is None:
        st.warning("The inputs cannot be drawn as their ranges stand:")
        st.markdown("\n".join(f"- {plain(problem)}" for problem in problems))
        return
    if not simulation.uncertain:
        st.markdown("No input has a range, so there is nothing to draw: the figures above are stated as certain.")
        return
    stated = sum(each.origin == "stated" for each in simulation.uncertain.values())
    st.markdown(
        f"{len(simulation.uncertain)} inputs are uncertain; {stated} of them by a range stated in the service file."
        " “Likely” means from the 5th to the 95th percentile."
    )
    _ranges(simulation)
    _inputs(simulation)
    _spread(simulation)
    _matters(simulation)
    _next(simulation)


def _inputs(simulation: Simulation) -> None:
    frame = simulation.inputs()
    for column in ("central", "p5", "p95"):
        frame[column] = [f"{number:,.4g}" for number in frame[column]]
    named = {"p5": "5th percentile", "p95": "95th percentile", "origin": "Whose range"}
    _table("Ranges of the inputs", frame.rename(columns=lambda name: named.get(name, str(name).capitalize())))


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
    written = _money(bars, ["low", "high"], symbol)[["low", "high", "chance"]]
    written["chance"] = [f"{chance:.1%}" for chance in bars["chance"]]
    _drawn(
        "Chance of paying back",
        charts_uncertain.distribution_sentence(bars, symbol),
        charts_uncertain.distribution(bars, symbol),
        written.rename(columns={"low": "From", "high": "To", "chance": "Chance"}),
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
    accepted = pictures.acceptability(simulation)
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
        written[name] = [f"{number:,.4g}" for number in swings[name]]
    named = {
        "label": "Input",
        "unit": "Unit",
        "low": "5th percentile",
        "high": "95th percentile",
        "at_low": "Net value there",
        "at_high": "Net value at the 95th",
    }
    _drawn(
        "What matters most",
        charts_uncertain.tornado_sentence(swings, symbol),
        charts_uncertain.tornado(swings, symbol),
        written[list(named)].rename(columns=named),
    )
    turning = switching_values(simulation, list(simulation.uncertain))
    st.subheader("Where the answer turns", anchor=False)
    found = turning.dropna(subset="switches_at")
    st.markdown("\n".join(f"- {plain(sentence)}." for sentence in found["says"]) or "No single input turns the answer.")
    moving = swings[swings["swing"] > 0]
    if len(moving) > 1:
        first, second = moving.index[:2]
        labels = (str(moving["label"].iloc[0]), str(moving["label"].iloc[1]))
        grid = two_way(simulation, first, second)
        shown = grid.map(lambda amount: printing.to_figures(float(amount), symbol))
        shown.index, shown.columns = (pd.Index([f"{n:.4g}" for n in axis]) for axis in (grid.index, grid.columns))
        _drawn(
            "Two inputs together",
            charts_uncertain.heat_map_sentence(grid, labels),
            charts_uncertain.heat_map(grid, labels, symbol),
            shown.reset_index(names=labels[0]),
        )


def _next(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    frame = parameter_information(simulation)
    everything = float(perfect_information(simulation)["value"])
    worth = printing.to_figures(everything, symbol)
    sentence = f"{charts_uncertain.information_sentence(frame)} Knowing everything would be worth up to {worth}."
    if not (frame["value"] > 0).any():
        st.subheader("What to measure next", anchor=False)
        st.markdown("No single input is worth measuring before this decision: none of them would change it.")
        return
    written = _money(frame, ["value"], symbol)
    written["chance_changes"] = [f"{chance:.0%}" for chance in frame["chance_changes"]]
    named = {"label": "Input", "value": "Worth up to, a decision", "chance_changes": "Would change the decision in"}
    chart = charts_uncertain.information(frame, symbol)
    _drawn("What to measure next", sentence, chart, written[list(named)].rename(columns=named))
