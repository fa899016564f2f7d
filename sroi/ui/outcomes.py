"""Outcome by outcome: one at a time, in words, with its steps from gross to net and its inputs at hand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sroi import breakdown, charts, outcome_words, printing, tables
from sroi.inputs import of_outcome
from sroi.result import Result
from sroi.schema import Outcome
from sroi.ui import explained, inputs
from sroi.ui.view import View
from sroi.ui.words import plain, tabled


def show(now: View) -> None:
    """Show the outcome that is chosen, the one worth most first; beneath it all of them in one table."""
    result = now.result
    if not result.service.outcomes:
        st.markdown("This service has no outcome that carries a price.")
        return
    table = result.impact_map().sort_values("present_value", ascending=False, kind="stable")
    symbol = tables.symbol_of(result)
    names = {each.id: each.name for each in result.service.outcomes}
    worth = {name: printing.money(amount, symbol) for name, amount in table["present_value"].items()}
    # The amount stands below, not in the option: an option that changes its text would close the list.
    key = f"outcome/{result.service.id}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = table.index[0]
    st.selectbox("Outcome", list(names), format_func=names.__getitem__, key=key, persist_state="session")
    chosen = next(each for each in result.service.outcomes if each.id == st.session_state[key])
    _one(now, chosen, worth[chosen.id])
    with st.expander("All outcomes in one table"):
        st.dataframe(written_map(result), hide_index=True)


def _one(now: View, outcome: Outcome, worth: str) -> None:
    result = now.result
    said = outcome_words.said_of(result, outcome)
    st.markdown("\n".join(f"- **{heading}:** {plain(sentence)}" for heading, sentence in said))
    explained.button(result, f"present_value.{outcome.id}", f"Present value: {outcome.name}, {worth}", "outcome")
    if outcome.note:
        st.markdown(f"**Note.** {plain(outcome.note)}")
    steps = breakdown.bridge_of(result, outcome.id)
    symbol = tables.symbol_of(result)
    if steps["total"].any():
        st.markdown(plain(charts.bridge_sentence(steps, symbol)))
        moving = steps[(steps["value"] != 0) | (steps.index == 0)]
        st.table(tabled(steps_written(moving, symbol)), hide_index=True)
    names = of_outcome(result.service, outcome)
    st.markdown(f"**Its inputs** ({len(names)}; the same as under Inputs)")
    grid = st.grid(2)
    for name in names:
        with grid.cell():
            inputs.boxes(now, [name], place="outcome")


def steps_written(steps: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """Return the steps of a bridge as a person reads them."""
    named = {"label": "Step", "value": "Changes by", "total": "Leads to"}
    return money(steps[list(named)], symbol).rename(columns=named)


def money(frame: pd.DataFrame, symbol: str) -> pd.DataFrame:
    """Return a table with its numbers written as whole amounts."""
    amounts = frame.copy()
    for name in frame.select_dtypes("number"):
        amounts[name] = [printing.money(value, symbol, exact=True) for value in frame[name]]
    return amounts


_MAP_COLUMNS = {
    "label": "Outcome",
    "stakeholder": "Who experiences it",
    "bearer": "Who gains or loses the money",
    "kind": "Kind",
    "transfer": "Transfer",
    "quantity": "Quantity",
    "proxy": "Worth of one",
    "deadweight": "Deadweight",
    "displacement": "Displacement",
    "attribution": "Attribution to others",
    "leakage": "Leakage",
    "substitution": "Substitution",
    "drop_off": "Drop-off a year",
    "onset_year": "Onset, years",
    "benefit_period": "Benefit period, years",
    "impact": "Impact",
    "present_value": "Present value",
}
_MAP_SHARES = ("deadweight", "displacement", "attribution", "leakage", "substitution", "drop_off")


def written_map(result: Result) -> pd.DataFrame:
    """Return the impact map as a commissioner reads it: shares in percent, money with its sign."""
    frame, symbol = result.impact_map(), tables.symbol_of(result)
    written = frame[list(_MAP_COLUMNS)].astype(object)
    for name in _MAP_SHARES:
        written[name] = [f"{share:.0%}" if share else "none" for share in frame[name]]
    for name in ("proxy", "present_value"):
        written[name] = [printing.money(amount, symbol) for amount in frame[name]]
    for name in ("quantity", "impact", "onset_year", "benefit_period"):
        written[name] = [printing.count(number) for number in frame[name]]
    written["transfer"] = ["yes" if transfer else "no" for transfer in frame["transfer"]]
    return written.rename(columns=_MAP_COLUMNS)
