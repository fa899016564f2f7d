"""The inputs of a service: a box for each parameter, with its source, its default and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from sroi import printing, reference, units
from sroi.schema import ASSUMPTION, Parameter
from sroi.service import Service
from sroi.ui.state import Case
from sroi.ui.words import plain
from sroi.uncertainty import Simulation, saying


def key_of(case: Case, name: str) -> str:
    """Return the key of a box: another scenario has boxes of its own, since its defaults differ."""
    return f"box/{case.service}/{case.scenario or ''}/{name}"


def show(case: Case, applied: Service, problems: Mapping[str, str], simulation: Simulation | None) -> None:
    """Show every input, arranged by group; of those that are changed, whose range they then have."""
    st.header("Inputs", anchor=False)
    drawn = None if simulation is None else simulation.inputs()
    if case.values:
        count = len(case.values)
        st.markdown(f"{count} changed")
        st.button("Reset all inputs", on_click=_reset, args=(case, applied, list(case.values)))
    groups = dict.fromkeys(parameter.group for parameter in applied.parameters.values())
    for place, group in enumerate(groups):
        members = {name: found for name, found in applied.parameters.items() if found.group == group}
        changed = any(name in case.values for name in members)
        with st.expander(f"{plain(group)}{' (changed)' if changed else ''}", expanded=changed or place == 0):
            for name, parameter in members.items():
                if not _one(case, name, parameter, _evidence(applied, parameter), applied.about.first_year):
                    continue
                if problem := problems.get(name):
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
    st.number_input(
        label, key=key, step=step, format="%.12g", help=evidence, on_change=_take, args=(case, name, parameter.value)
    )
    return True


def _changed(case: Case, applied: Service, name: str, whose: str | None) -> None:
    parameter = applied.parameters[name]
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    default = plain(printing.quantity(parameter.value or 0.0, parameter.unit, symbols, exact=True))
    st.markdown(f"**Changed.** Default: {default}")
    if whose is not None:
        st.markdown(plain(whose))
    st.button("Reset", key=f"reset/{key_of(case, name)}", on_click=_reset, args=(case, applied, [name]))


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


def _take(case: Case, name: str, default: float) -> None:
    value = st.session_state[key_of(case, name)]
    if value is None or value == default:
        case.values.pop(name, None)
    else:
        case.values[name] = float(value)


def _reset(case: Case, applied: Service, names: list[str]) -> None:
    for name in names:
        case.values.pop(name, None)
        st.session_state[key_of(case, name)] = applied.parameters[name].value
