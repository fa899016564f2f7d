"""The inputs of a service: a box for each parameter, with its source, its default and what is wrong with it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sroi import printing, reference, units
from sroi.schema import ASSUMPTION, Parameter
from sroi.service import Service
from sroi.ui.state import Case
from sroi.ui.view import View
from sroi.ui.visit import visit
from sroi.ui.words import plain
from sroi.uncertainty import saying


def key_of(case: Case, name: str) -> str:
    """Return the key of a box: another scenario has boxes of its own, since its defaults differ."""
    return f"box/{case.service}/{case.scenario or ''}/{name}"


def show(now: View) -> None:
    """Show every input, arranged by group; of those that are changed, whose range they then have."""
    case, applied = now.case, now.applied
    st.header("Inputs", anchor=False)
    drawn = None if now.simulation is None else now.simulation.inputs()
    if case.values:
        count = len(case.values)
        st.markdown(f"{count} changed")
        st.button("Reset all inputs", on_click=_reset, args=(applied, list(case.values)))
    groups = dict.fromkeys(parameter.group for parameter in applied.parameters.values())
    for place, group in enumerate(groups):
        members = {name: found for name, found in applied.parameters.items() if found.group == group}
        changed = any(name in case.values for name in members)
        with st.expander(f"{plain(group)}{' (changed)' if changed else ''}", expanded=changed or place == 0):
            for name, parameter in members.items():
                if not _one(case, name, parameter, _evidence(applied, parameter), applied.about.first_year):
                    continue
                if problem := now.problems.get(name):
                    st.error(f"{plain(parameter.label)} {plain(problem)}")
                if name in case.values:
                    _changed(case, applied, name, None if problem or drawn is None else saying.whose(drawn, name))


def _one(case: Case, name: str, parameter: Parameter, evidence: str, first: int) -> bool:
    """Show a box for a parameter, or its numbers by year; return whether it can be changed."""
    prices = f" in {parameter.price_year} prices" if parameter.price_year else ""
    label = f"{plain(parameter.label)} ({plain(parameter.unit + prices)}; grade {parameter.grade})"
    if parameter.by_year is not None or parameter.value is None:
        st.markdown(f"{label}, by year")
        st.dataframe(_by_year(first, parameter), hide_index=True)
        st.markdown(evidence)
        return False
    key = key_of(case, name)
    if key not in st.session_state:
        st.session_state[key] = case.values.get(name, parameter.value)
    step = None if units.is_share(parameter.unit) else 1.0
    st.number_input(label, key=key, step=step, format="%.12g", help=evidence, on_change=_take, args=(name, parameter))
    return True


def _changed(case: Case, applied: Service, name: str, whose: str | None) -> None:
    parameter = applied.parameters[name]
    st.markdown(f"**Changed.** Default: {plain(_written(parameter.value, parameter))}")
    if whose is not None:
        st.markdown(plain(whose))
    st.button("Reset", key=f"reset/{key_of(case, name)}", on_click=_reset, args=(applied, [name]))


def _by_year(first: int, parameter: Parameter) -> pd.DataFrame:
    numbers = parameter.by_year or ()
    years = [str(year) for year in range(first, first + len(numbers))]
    return pd.DataFrame({"Year": years, parameter.unit: numbers})


def _evidence(applied: Service, parameter: Parameter) -> str:
    said = [plain(parameter.help)] if parameter.help else []
    source = applied.sources.get(parameter.source)
    if parameter.source == ASSUMPTION or source is None:
        said.append(f"Source: assumption. {plain(parameter.note or '')}")
    else:
        locator = parameter.locator or source.locator
        cited = f"{source.author} {source.year}, {source.title}, {locator}"
        said.append(f"Source: {plain(cited)}. How sure: {source.how_sure}.")
        if source.url and source.url.startswith(("https://", "http://")):
            said.append(f"<{source.url}>")
    said.append(f"Grade {parameter.grade}: {plain(reference.grades()[parameter.grade])}")
    if parameter.price_year:
        said.append(f"Prices of {plain(parameter.price_year)}.")
    return "\n\n".join(said)


def _take(name: str, parameter: Parameter) -> None:
    here = visit()
    case = here.case
    value = st.session_state[key_of(case, name)]
    before = _written(case.values.get(name, parameter.value), parameter)
    if value is None or value == parameter.value:
        here.change(case.without([name]), parameter.label, before, _written(parameter.value, parameter))
    else:
        here.change(case.with_value(name, float(value)), parameter.label, before, _written(value, parameter))


def _written(value: float | None, parameter: Parameter) -> str:
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    return printing.quantity(value or 0.0, parameter.unit, symbols, exact=True)


def _reset(applied: Service, names: list[str]) -> None:
    here = visit()
    case = here.case
    what = applied.parameters[names[0]].label if len(names) == 1 else "All inputs"
    parameter = applied.parameters[names[0]]
    before = _written(case.values[names[0]], parameter) if len(names) == 1 else printing.counted(len(names), "change")
    here.change(case.without(names), what, before, "the scenario's own")
    for name in names:
        st.session_state[key_of(case, name)] = applied.parameters[name].value
