"""From one scenario to another: which changed inputs make the difference."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts_compare, printing, reference, tables
from sroi.errors import ServiceError
from sroi.result import evaluate
from sroi.ui.drawn import drawn
from sroi.ui.view import View
from sroi.ui.words import plain, scenario_name
from sroi.uncertainty import scenario_bridge

TITLE = "From one scenario to another"
# What stands in a list for the base case, which has no name.
BASE = ""
HOW = (
    "What each change adds is averaged over every order in which the changes could be made: the order does not matter,"
    " and the parts add up to the difference (Shapley value)."
)


def bridge(now: View) -> None:
    """Show how two scenarios, chosen here, come to differ."""
    names = [BASE, *now.base.scenarios]
    st.subheader(TITLE, anchor=False, help=HOW)
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            before = _choice(now, "From", names, now.result.scenario or BASE)
        with right:
            away = next((name for name in ("cautious", *names) if name in names and name != before), BASE)
            after = _choice(now, "To", names, away)
    measure = st.session_state.get("compare_by", "sroi_ratio")
    try:
        _show(now, before, after, measure)
    except ServiceError as error:
        for fault in error.faults:
            st.info(plain(str(fault)))


def _choice(now: View, label: str, names: list[str], first: str) -> str:
    key = f"bridge/{label}/{now.case.service}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = first
    chosen: str = st.selectbox(
        label, names, format_func=lambda name: scenario_name(now.base, name), key=key, persist_state="session"
    )
    return chosen


def _show(now: View, before: str, after: str, measure: str) -> None:
    values, convention = dict(now.result.values), now.result.convention_name
    first, last = (evaluate(now.base, values, scenario=name or None, convention=convention) for name in (before, after))
    found = scenario_bridge(first, last, measure)
    symbol = tables.symbol_of(now.result)
    ends = [(scenario_name(now.base, name), getattr(each, measure)) for name, each in ((before, first), (after, last))]
    pair = (ends[0], ends[1])
    sentence = charts_compare.bridge_sentence(found, pair, measure, symbol)
    if found.empty:
        st.markdown(plain(sentence))
        return
    chart = charts_compare.scenario_bridge(found, pair, measure, symbol)
    drawn(TITLE, sentence, chart, _written(now, found, measure, symbol), headed=True)
    if not found.attrs["exact"]:
        st.markdown("So many inputs change that a sample of the orders was averaged: the parts are near, not exact.")


def _written(now: View, found: pd.DataFrame, measure: str, symbol: str) -> pd.DataFrame:
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    rows: list[dict[str, Any]] = []
    for row in found.reset_index().to_dict("records"):
        unit = now.base.parameters[row["name"]].unit
        rows.append(
            {
                "Input": row["label"],
                "From": printing.quantity(row["before"], unit, symbols),
                "To": printing.quantity(row["after"], unit, symbols),
                f"Adds to the {tables.label_of(measure)}": printing.figure(
                    row["contribution"], tables.unit_of(measure), symbol
                ),
            }
        )
    return pd.DataFrame(rows)
