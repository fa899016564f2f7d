"""The inputs of a service: a box for each parameter, with its source, its default and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from sroi import printing, reference, units
from sroi.schema import ASSUMPTION, Parameter
from sroi.service import Service
from sroi.ui import changes
from sroi.ui.choosing import hold
from sroi.ui.state import Case
from sroi.ui.view import View
from sroi.ui.visit import visit
from sroi.ui.words import plain, tabled
from sroi.uncertainty import saying


def key_of(case: Case, name: str, place: str = "") -> str:
    """Return the key of a box: another scenario has boxes of its own, since its defaults differ.

    Parameters
    ----------
    case : Case
    name : str
        Of the parameter.
    place : str
        Where on the page, for a box that stands there besides the one beside the page.
    """
    return f"box/{case.service}/{case.scenario or ''}/{name}{f'/{place}' if place else ''}"


def show(now: View) -> None:
    """Show every input, arranged by group; of those that are changed, whose range they then have."""
    case, applied = now.case, now.applied
    st.header("Inputs", anchor=False)
    count = len(case.values)
    if count:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(f"{count} changed", color="blue")
            st.button("Reset all inputs", on_click=_reset, args=(applied, list(case.values)))
    else:
        st.markdown("Type your own numbers: every figure follows.")
    drawn = _ranges(now)
    groups: dict[str, list[str]] = {}
    for name, parameter in applied.parameters.items():
        groups.setdefault(parameter.group, []).append(name)
    for place, (group, members) in enumerate(groups.items()):
        changed = sum(name in case.values for name in members)
        wrong = any(name in now.problems for name in members)
        mark = f" ({changed} changed{', one to mend' if wrong else ''})" if changed else ""
        # The key keeps a group open, whatever its title then says.
        with st.expander(f"{plain(group)}{mark}", expanded=bool(changed) or place == 0, key=_group(case, place)):
            boxes(now, members, drawn=drawn)
    changes.show(now.visit)


def _group(case: Case, place: int) -> str:
    return f"open_group/{case.service}/{place}"


def _ranges(now: View) -> pd.DataFrame | None:
    """Return the ranges that are drawn, where any input is changed: of the others nothing is said."""
    return now.simulation.inputs() if now.simulation is not None and now.case.values else None


def boxes(now: View, names: Iterable[str], place: str = "", drawn: pd.DataFrame | None = None) -> None:
    """Show boxes for some parameters, each with what is wrong with it and what was changed.

    Parameters
    ----------
    now : View
    names : iterable of str
    place : str
        As for :func:`key_of`.
    drawn : DataFrame, optional
        The ranges of the inputs, as a simulation states them.
    """
    case, applied = now.case, now.applied
    for name in names:
        parameter = applied.parameters[name]
        if not _one(case, name, parameter, evidence_of(applied, name), applied.about.first_year, place):
            continue
        if problem := now.problems.get(name):
            st.error(f"{plain(parameter.label)} {plain(problem)}")
        if name in case.values:
            whose = None if problem or drawn is None else saying.whose(drawn, name)
            _changed(case, applied, name, whose, place)


def _one(case: Case, name: str, parameter: Parameter, evidence: str, first: int, place: str) -> bool:
    """Show a box for a parameter, or its numbers by year; return whether it can be changed."""
    label = f"{plain(parameter.label)} ({plain(unit_in_words(parameter))}; grade {parameter.grade})"
    if parameter.by_year is not None or parameter.value is None:
        st.markdown(f"{label}, by year")
        st.table(tabled(_by_year(first, parameter)), hide_index=True)
        st.markdown(evidence)
        return False
    key = key_of(case, name, place)
    hold(key, case.values.get(name, parameter.value))
    step = None if units.is_share(parameter.unit) else 1.0
    st.number_input(
        label, key=key, step=step, format="%.12g", help=evidence, on_change=_take, args=(name, parameter, key)
    )
    return True


def unit_in_words(parameter: Parameter) -> str:
    """Return the unit of a parameter as a person reads it beside a box."""
    prices = f" in {parameter.price_year} prices" if parameter.price_year else ""
    return f"{parameter.unit}{prices}"


def _changed(case: Case, applied: Service, name: str, whose: str | None, place: str) -> None:
    parameter = applied.parameters[name]
    default = f"Default: {plain(_written(parameter.value, parameter))}"
    st.markdown(f":blue-badge[Changed] {default}" + (f"\n\n{plain(whose)}" if whose is not None else ""))
    label = plain(f"Reset {parameter.label}")
    st.button("Reset", key=f"reset/{key_of(case, name, place)}", help=label, on_click=_reset, args=(applied, [name]))


def _by_year(first: int, parameter: Parameter) -> pd.DataFrame:
    numbers = parameter.by_year or ()
    years = [str(year) for year in range(first, first + len(numbers))]
    return pd.DataFrame({"Year": years, parameter.unit: [printing.tick(number, parameter.unit) for number in numbers]})


def evidence_of(applied: Service, name: str) -> str:
    """Say what a parameter is, its default, its source and its grade."""
    parameter = applied.parameters[name]
    said = [plain(parameter.help)] if parameter.help else []
    if parameter.value is not None:
        said.append(f"Default: {plain(_written(parameter.value, parameter))}.")
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


def _take(name: str, parameter: Parameter, key: str) -> None:
    here = visit()
    case = here.case
    value = st.session_state[key]
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
    parameter = applied.parameters[names[0]]
    if len(names) == 1:
        what, before = parameter.label, _written(case.values[names[0]], parameter)
        after = _written(parameter.value, parameter)
    else:
        what, before, after = "All inputs", printing.counted(len(names), "change"), "as the scenario has them"
    here.change(case.without(names), what, before, after)
