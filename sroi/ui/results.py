"""What a result shows: headline, figures, what is not priced, charts with their tables, comparisons, evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts, compare, printing, reference, tables
from sroi.result import Result
from sroi.service import Service
from sroi.ui.words import csv_of, plain
from sroi.uncertainty import Simulation

FIGURES = ("npsv", "pv_benefits", "pv_costs", "payback_year", "net_budget_impact")


def headline(result: Result, simulation: Simulation | None) -> None:
    """Show the sentence with its likely range, the key figures, and at once what no figure holds."""
    uncertain = simulation is not None and bool(simulation.uncertain)
    if simulation is not None and uncertain:
        st.subheader(plain(simulation.headline()), anchor=False)
        st.markdown(plain(compare.scenario_range(result)))
    else:
        st.subheader(plain(compare.headline(result)), anchor=False)
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
    st.subheader(title, anchor=False)
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
    st.subheader(title, anchor=False)
    names = ["sroi_ratio", "bcr", "npsv", "pv_benefits", "pv_costs", "net_budget_impact"]
    written = pd.DataFrame({"": [called(str(key)) for key in frame.index]})
    for name in names:
        unit = tables.unit_of(name)
        numbers = [None if pd.isna(value) else float(value) for value in frame[name]]
        written[tables.label_of(name)] = [printing.figure(value, unit, symbol) for value in numbers]
    st.dataframe(written, hide_index=True)


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
    """Show the impact map, the evidence with its download, and where one number comes from."""
    st.subheader("Outcome by outcome", anchor=False)
    st.dataframe(_written_map(result), hide_index=True)
    st.subheader("Evidence", anchor=False)
    evidence = result.evidence()
    columns = ["label", "value", "unit", "cited", "how_sure", "grade", "url"]
    shown = evidence[columns].rename(columns=lambda name: name.replace("_", " ").capitalize())
    st.dataframe(shown, hide_index=True)
    name = f"{result.service.about.id}_evidence.csv"
    st.download_button("Download the evidence (CSV)", csv_of(evidence), name, "text/csv")
    st.subheader("Explain a number", anchor=False)
    known = {name: tables.label_of(name) for name in result.summary().index}
    known |= {f"present_value.{o.id}": f"Present value: {o.name}" for o in result.service.outcomes}
    chosen = st.selectbox("Which number?", list(known), format_func=lambda name: known[name], key="explain")
    if getattr(result, chosen, 0) is None:
        st.markdown(plain(str(result.summary().loc[chosen, "written"])))
    else:
        with st.expander(f"Where it comes from: {plain(known[chosen])}", expanded=False):
            st.html(result.explain(chosen)._repr_html_())
