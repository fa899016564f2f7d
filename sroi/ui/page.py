"""The page: choose a service, a scenario and a convention, change inputs, read the result."""

from __future__ import annotations

import logging

import streamlit as st

from sroi import library, reference
from sroi.errors import Fault, ServiceError
from sroi.result import Result, evaluate
from sroi.service import Service
from sroi.ui import beyond, draws, inputs, results, takeaway, uncertainty
from sroi.ui.state import Case, read
from sroi.ui.words import plain

BASE_CASE = ""


def show() -> None:
    """Show the page. A fault of a file is said in words; anything else in one sentence, with the details logged."""
    st.set_page_config(page_title="Social return on investment", layout="wide")
    try:
        _page()
    except ServiceError as error:
        for fault in error.faults:
            st.error(plain(str(fault)))
    except Exception:
        logging.getLogger(__name__).exception("the page stopped")
        st.error("This page could not be shown. Your inputs stand in the address: go back, or reload.")


def _case() -> Case:
    if "case" not in st.session_state:
        case, said = read(st.query_params.to_dict())
        st.session_state.update(case=case, said=said, valid={})
    found: Case = st.session_state["case"]
    return found


def _page() -> None:
    case = _case()
    st.title("Social return on investment", anchor=False)
    for sentence in st.session_state["said"]:
        st.warning(plain(sentence))
    base = _choose(case)
    applied = base.apply(case.scenario)
    result, problems, general = _evaluated(case, base)
    simulation, in_the_way = draws.drawn(base, result, case)
    with st.sidebar:
        inputs.show(case, applied, problems, simulation)
    if problems or general:
        st.error(
            "An input cannot be used as it stands: see Inputs. The figures below are of the last inputs that could be."
        )
        for sentence in [*(f"{applied.parameters[n].label} {text}" for n, text in problems.items()), *general]:
            st.markdown(f"- {plain(sentence)}")
    st.markdown("Change the inputs in the panel on the left; on a small screen the arrow at the top opens it.")
    results.headline(result, simulation)
    results.charts_of(result)
    uncertainty.show(simulation, in_the_way)
    results.comparisons(result, base)
    results.details(result)
    takeaway.show(result)
    beyond.show(result)
    st.query_params.from_dict(case.query())


def _choose(case: Case) -> Service:
    titles = {name: library.load(name).title for name in library.ids()}
    first, second, third = st.columns([2, 1, 1])
    with first:
        _select("Service", "service", case.service, titles, case)
    base = library.load(case.service)
    scenarios = {BASE_CASE: "Base case"} | {
        key: scenario.label or key.replace("_", " ").capitalize() for key, scenario in base.scenarios.items()
    }
    conventions = reference.conventions()
    with second:
        _select("Scenario", "scenario", case.scenario or BASE_CASE, scenarios, case)
    with third:
        labels = {key: convention.label for key, convention in conventions.items()}
        _select("Convention", "convention", case.convention, labels, case)
    st.markdown(plain(base.about.description))
    if case.scenario:
        st.info(f"Scenario: {plain(base.scenarios[case.scenario].why)}")
    st.markdown(f"Convention: {plain(conventions[case.convention].description)}")
    return base


def _select(label: str, name: str, now: str, options: dict[str, str], case: Case) -> None:
    key = f"choose/{name}/{case.service if name == 'scenario' else ''}"
    st.session_state[key] = now
    st.selectbox(label, list(options), format_func=lambda o: options[o], key=key, on_change=_take, args=(name, key))


def _take(name: str, key: str) -> None:
    case: Case = st.session_state["case"]
    chosen = st.session_state[key]
    if name == "service":
        case = Case(chosen, convention=library.load(chosen).about.convention)
        st.session_state.update(case=case, said=[])
        for box in [name for name in st.session_state if str(name).startswith("box/")]:
            del st.session_state[box]
    else:
        setattr(case, name, chosen or None)


def _evaluated(case: Case, base: Service) -> tuple[Result, dict[str, str], list[str]]:
    """Return the result, what is wrong with which input, and what else is wrong; then the last valid inputs count."""
    valid = st.session_state["valid"]
    try:
        result = evaluate(base, case.values, scenario=case.scenario, convention=case.convention)
    except ServiceError as error:
        named = {fault.where.removeprefix("values."): fault.sentence for fault in error.faults}
        problems = {name: sentence for name, sentence in named.items() if name in base.parameters}
        general = [str(fault) for fault in error.faults if fault.where.removeprefix("values.") not in problems]
    else:
        valid[case.service] = dict(case.values)
        return result, {}, []
    kept = {name: value for name, value in case.values.items() if name not in problems}
    candidates: tuple[dict[str, float], ...] = (valid.get(case.service, kept if problems else {}), {})
    for values in candidates:
        try:
            result = evaluate(base, values, scenario=case.scenario, convention=case.convention)
        except ServiceError:
            continue
        return result, problems, general
    raise ServiceError(case.service, [Fault("", "cannot be shown as it stands. Choose another scenario.")])
