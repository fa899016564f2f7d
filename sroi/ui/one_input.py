"""One input beside a chart: chosen from a list or by a bar, and changed where it stands."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts_uncertain, printing, reference, units
from sroi.schema import Parameter
from sroi.ui.view import View
from sroi.ui.visit import forget_boxes, visit
from sroi.ui.words import plain
from sroi.uncertainty import saying


def chooser(service: str) -> str:
    """Return the key of the list of inputs."""
    return f"beside/{service}"


def bars(service: str) -> str:
    """Return the key of the chart whose bars lead here."""
    return f"bars/{service}"


def pick(service: str) -> None:
    """Choose the input whose bar was clicked."""
    picked = st.session_state[bars(service)]["selection"].get(charts_uncertain.PICKED, [])
    if picked:
        st.session_state[chooser(service)] = picked[0]["name"]


def show(now: View, inputs: pd.DataFrame, names: list[str], turning: pd.DataFrame) -> None:
    """Show a list of inputs, and a box for the chosen one with what is known of it.

    Parameters
    ----------
    now : View
    inputs : DataFrame
        As :meth:`sroi.Simulation.inputs` returns it.
    names : list of str
        The inputs, in the order of the list.
    turning : DataFrame
        As :func:`sroi.uncertainty.margins.margins` returns it.
    """
    case, applied = now.case, now.applied
    key = chooser(case.service)
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    labels = {name: applied.parameters[name].label for name in names}
    with st.container(border=True):
        chosen: str | None = st.selectbox(
            "Change one of these inputs (a click on its bar chooses it too)",
            names,
            format_func=labels.__getitem__,
            key=key,
            persist_state="session",
        )
        if chosen is None:
            return
        parameter = applied.parameters[chosen]
        if parameter.value is None:
            st.markdown("It has a value for each year: see Inputs.")
            return
        _box(now, chosen, parameter)
        said = [f"As the scenario has it: {_written(parameter.value, parameter)}.", saying.whose(inputs, chosen)]
        said += [str(turning.at[chosen, "says"])] if chosen in turning.index else []
        st.markdown(plain(" ".join(said)))
        if chosen in case.values:
            st.button("Reset this input", on_click=_change, args=(chosen, parameter, parameter.value))


def _box(now: View, name: str, parameter: Parameter) -> None:
    case = now.case
    key = f"box/beside/{case.service}/{case.scenario or ''}/{name}"
    st.session_state[key] = case.values.get(name, parameter.value)
    step = None if units.is_share(parameter.unit) else 1.0
    label = f"{plain(parameter.label)} ({plain(parameter.unit)}; grade {parameter.grade})"
    help_ = plain(f"{parameter.help or ''} Grade {parameter.grade}: {reference.grades()[parameter.grade]}".strip())
    st.number_input(label, key=key, step=step, format="%.12g", help=help_, on_change=_take, args=(key, name, parameter))
    if problem := now.problems.get(name):
        st.error(f"{plain(parameter.label)} {plain(problem)}")


def _take(key: str, name: str, parameter: Parameter) -> None:
    _change(name, parameter, st.session_state[key])


def _change(name: str, parameter: Parameter, value: float | None) -> None:
    here = visit()
    case, own = here.case, parameter.value
    new = case.without([name]) if value is None or value == own else case.with_value(name, float(value))
    before, after = (_written(each.values.get(name, own), parameter) for each in (case, new))
    here.change(new, parameter.label, before, after)
    # The box of the same input in the sidebar shows what the case now holds.
    forget_boxes()


def _written(value: Any, parameter: Parameter) -> str:
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    return printing.quantity(value or 0.0, parameter.unit, symbols, exact=True)
