"""The page Explore: headline, figures, what is not priced, charts with their tables, outcome by outcome."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts, compare, printing, tables
from sroi.result import Result
from sroi.ui import catalogue
from sroi.ui.state import horizons, price_bases
from sroi.ui.view import View
from sroi.ui.words import plain
from sroi.uncertainty import Simulation

FIGURES = ("npsv", "pv_benefits", "pv_costs", "payback_year", "net_budget_impact")


def show(now: View) -> None:
    """Show what the service does with the money put into it."""
    st.markdown(plain(now.base.about.description))
    _terms(now)
    headline(now.result, now.simulation)
    charts_of(now.result)
    details(now.result)


def _terms(now: View) -> None:
    """Show over how many years and in whose prices, to be changed."""
    about, case = now.base.about, now.case
    least, most = horizons(now.base)
    with st.expander(f"{printing.years(about.appraisal_years).capitalize()}, {about.price_base_year} prices"):
        years = st.number_input("Years looked at", least, most, about.appraisal_years, key=f"box/{case.service}/years")
        bases = price_bases(now.base)
        prices = st.selectbox("Prices of", bases, bases.index(about.price_base_year), key=f"box/{case.service}/prices")
        own = catalogue.load(case.service).about
        chosen = replace(
            case,
            years=None if years == own.appraisal_years else int(years),
            prices=None if prices == own.price_base_year else prices,
        )
        if chosen != case:
            was = f"{printing.years(about.appraisal_years)}, {about.price_base_year} prices"
            now.visit.change(chosen, "Years and prices", was, f"{printing.years(int(years))}, {prices} prices")
            st.rerun()


def headline(result: Result, simulation: Simulation | None) -> None:
    """Show the sentence with its likely range, the key figures, and at once what no figure holds."""
    uncertain = simulation is not None and bool(simulation.uncertain)
    if simulation is not None and uncertain:
        st.header(plain(simulation.headline()), anchor=False)
        st.markdown(plain(compare.scenario_range(result)))
    else:
        st.header(plain(compare.headline(result)), anchor=False)
    table = result.summary()
    if simulation is not None and uncertain:
        table["written"] = simulation.summary()["written"]
    names = list(dict.fromkeys([*result.convention.headline, *FIGURES]))
    for start in range(0, len(names), 4):
        for column, name in zip(st.columns(4), names[start : start + 4], strict=False):
            _card(column, str(table.at[name, "label"]), str(table.at[name, "written"]), result.explain(name).words)
    unpriced = result.non_monetised()
    if len(unpriced):
        st.markdown("**Not priced, and not in any figure above**")
        rows = zip(unpriced["label"], unpriced["description"], strict=True)
        st.markdown("\n".join(f"- **{plain(label)}**: {plain(description)}" for label, description in rows))
    about = result.service.about
    for title, sentences in (("What this does not show", about.does_not_show), ("Notes", about.notes)):
        if sentences:
            with st.expander(title):
                st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
    if not uncertain:
        # Where there are draws, all results stand under "How sure is this?", each with its range.
        with st.expander("All results"):
            shown = table[["label", "written"]].rename(columns={"label": "Result", "written": "Value"})
            st.dataframe(shown, hide_index=True)


def _card(column: Any, label: str, written: str, meaning: str) -> None:
    """Show a figure, and beneath it its likely range."""
    figure, *rest = re.split(r" (?=\()|; ", written, maxsplit=1)
    # Not st.metric, which cuts long amounts short and cannot hold the reason why there is none.
    column.markdown(plain(label), help=plain(meaning))
    column.markdown(f"**{plain(figure)}**")
    for more in rest:
        column.markdown(plain(more))


def _drawn(title: str, sentence: str, chart: Any, frame: pd.DataFrame) -> None:
    st.header(title, anchor=False)
    st.markdown(plain(sentence))
    st.altair_chart(chart, theme=None, width="stretch")
    with st.expander(f"Table: {title.lower()}"):
        st.dataframe(frame, hide_index=True)


def charts_of(result: Result) -> None:
    """Show the charts, each with its sentence and its table."""
    symbol = tables.symbol_of(result)
    flow = result.cash_flow()
    named = {
        "year": "Year",
        "discounted_benefits": "Benefits, discounted",
        "discounted_costs": "Costs, discounted",
        "discounted_net": "Net, discounted",
        "discounted_net_to_date": "Net to date, discounted",
    }
    table = flow.reset_index().astype({"year": str})[list(named)]
    _drawn(
        "Year by year",
        charts.cash_flow_sentence(flow, symbol),
        charts.cash_flow(flow, symbol),
        _money(table, symbol).rename(columns=named),
    )
    steps = result.bridge()
    named = {"label": "Step", "value": "Changes by", "total": "Leads to"}
    _drawn(
        "From gross to net",
        charts.bridge_sentence(steps, symbol),
        charts.bridge(steps, symbol),
        _money(steps[list(named)], symbol).rename(columns=named),
    )
    for what, title in (("bearer", "Who pays and who gains"), ("stakeholder", "For whom"), ("kind", "Whose value")):
        _shares(result.by(what), what, title, symbol)


def _shares(frame: pd.DataFrame, what: str, title: str, symbol: str) -> None:
    named = {"label": "Who", "pv_benefits": "Benefits", "pv_costs": "Costs", "pv_net": "Net"}
    named = {key: label for key, label in named.items() if key in frame}
    bearer = what == "bearer"
    sentence = charts.by_bearer_sentence(frame, symbol) if bearer else charts.by_member_sentence(frame, symbol)
    chart = charts.by_bearer(frame, symbol) if bearer else charts.by_member(frame, symbol)
    _drawn(title, sentence, chart, _money(frame[list(named)], symbol).rename(columns=named))


def _money(frame: pd.DataFrame, symbol: str) -> pd.DataFrame:
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


def _written_map(result: Result) -> pd.DataFrame:
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


def details(result: Result) -> None:
    """Show the impact map, and where one number comes from."""
    st.header("Outcome by outcome", anchor=False)
    st.dataframe(_written_map(result), hide_index=True)
    st.header("Explain a number", anchor=False)
    known = {name: tables.label_of(name) for name in result.summary().index}
    known |= {f"present_value.{o.id}": f"Present value: {o.name}" for o in result.service.outcomes}
    chosen = st.selectbox("Which number?", list(known), format_func=lambda name: known[name], key="explain")
    if getattr(result, chosen, 0) is None:
        st.markdown(plain(str(result.summary().loc[chosen, "written"])))
    else:
        with st.expander(f"Where it comes from: {plain(known[chosen])}", expanded=False):
            st.html(result.explain(chosen)._repr_html_())
