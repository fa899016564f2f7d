"""The page Compare: scenarios, conventions and options side by side."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from sroi import compare, printing, reference, tables
from sroi.result import Result
from sroi.service import Service
from sroi.ui.view import View


def show(now: View) -> None:
    """Show the case beside others."""
    comparisons(now.result, now.base)


def comparisons(result: Result, base: Service) -> None:
    """Show the case under every scenario and every convention, side by side."""
    values = dict(result.values)
    _compared(
        "Scenarios side by side",
        compare.compare_scenarios(base, values, convention=result.convention),
        tables.symbol_of(result),
        lambda key: "Base case" if key == compare.BASE else base.scenarios[key].label or key.replace("_", " "),
    )
    _compared(
        "Conventions side by side",
        compare.compare_conventions(base, values, scenario=result.scenario),
        tables.symbol_of(result),
        lambda key: reference.conventions()[key].label,
    )


def _compared(title: str, frame: pd.DataFrame, symbol: str, called: Callable[[str], str]) -> None:
    st.header(title, anchor=False)
    names = ["sroi_ratio", "bcr", "npsv", "pv_benefits", "pv_costs", "net_budget_impact"]
    written = pd.DataFrame({"Case": [called(str(key)) for key in frame.index]})
    for name in names:
        unit = tables.unit_of(name)
        numbers = [None if pd.isna(value) else float(value) for value in frame[name]]
        written[tables.label_of(name)] = [printing.figure(value, unit, symbol) for value in numbers]
    st.dataframe(written, hide_index=True)
