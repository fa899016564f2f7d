"""The page Compare: scenarios, options, conventions and services side by side, and published reports beside them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from sroi import charts_compare, printing, ranges, reference, side_by_side, tables
from sroi.errors import ServiceError
from sroi.options import compare_options
from sroi.service import Service
from sroi.ui import catalogue, published
from sroi.ui.bridge import bridge
from sroi.ui.drawn import drawn, table
from sroi.ui.view import View
from sroi.ui.words import plain, scenario_name
from sroi.uncertainty import Simulation, simulate

MEASURES = ("sroi_ratio", "npsv")
KEY = "Each point is a case at its central inputs, each line its likely range; on the dashed line it breaks even."
# More cases than these nobody holds beside each other, and a small screen cannot.
MOST = 4
FRONTIER = (
    "An option is dominated where another costs no more and returns no less. It is extendedly dominated where a mix of"
    " two others would return more for the money. What is left is the frontier. Dashed line: benefits equal costs."
)


def show(now: View) -> None:
    """Show the case beside others."""
    st.header("Compare", anchor=False)
    sections: dict[str, Callable[[View], None]] = {
        "Scenarios": _scenarios,
        "Options": _options,
        "Conventions": _conventions,
        "Other services": _services,
        "Published reports": published.show,
    }
    chosen = st.radio(
        "This case beside its", list(sections), horizontal=True, key="compare_with", persist_state="session"
    )
    sections[chosen](now)


def _measure() -> str:
    chosen: str = st.radio(
        "Measured by",
        MEASURES,
        format_func=tables.label_of,
        horizontal=True,
        key="compare_by",
        persist_state="session",
        help="The SROI ratio is what each £1 put in returns. The net present social value is benefits less costs, in"
        " today's worth: of two services it favours the larger.",
    )
    return chosen


def _simulated(now: View, cases: dict[str, Callable[[], Simulation]]) -> dict[str, Simulation]:
    """Return the cases that can be worked out; say of the others why not."""
    found = {}
    for label, ask in cases.items():
        try:
            found[label] = ask()
        except ServiceError as error:
            st.warning(plain(f"“{label}” is left out: {'; '.join(str(fault) for fault in error.faults)}"))
    return found


def _ask(
    now: View, base: Service, scenario: str | None, convention: object, *, own: bool = True
) -> Callable[[], Simulation]:
    """Return what draws a case as the page draws its own."""
    values = dict(now.result.values) if own else {}
    preset = "by_grade" if st.session_state.get("preset", True) else None
    return lambda: simulate(
        base, values=values, scenario=scenario, convention=convention, preset=preset, results=side_by_side.RESULTS
    )


def _beside(title: str, found: dict[str, Simulation], symbol: str, *, unlike: bool = False) -> None:
    """Show cases in a chart and a table, the first as this case."""
    if not found:
        return
    measure = "sroi_ratio" if unlike else _measure()
    frame = side_by_side.side_by_side(found)
    sentence = charts_compare.range_sentence(frame, measure, symbol)
    if unlike:
        sentence = f"{charts_compare.pays_sentence(frame)} They stand in the order in which they were chosen."
    chart = charts_compare.side_by_side(frame, measure, symbol, sentence)
    drawn(title, f"{sentence} {KEY}", chart, side_by_side.compared(frame, measure))
    if unlike:
        st.markdown("**What each of them counts**")
        table(side_by_side.grounds(frame))


def _scenarios(now: View) -> None:
    if not now.base.scenarios:
        st.info("This service has no scenarios. On the page Build you can write some.")
        return
    chosen = now.result.scenario
    others = [name for name in (None, *now.base.scenarios) if name != chosen]
    cases = {
        scenario_name(now.base, name): _ask(now, now.base, name, now.result.convention_name)
        for name in (chosen, *others)
    }
    if now.result.values:
        st.info("Inputs that you changed have your value in every scenario.")
    _beside("Scenarios side by side", _simulated(now, cases), tables.symbol_of(now.result))
    with st.expander("What each scenario changes, and why"):
        why = {scenario_name(now.base, name): scenario.why for name, scenario in now.base.scenarios.items()}
        table(pd.DataFrame({"Scenario": list(why), "Why": list(why.values())}))
    bridge(now)


def _conventions(now: View) -> None:
    chosen, known = now.result.convention_name, reference.conventions()
    names = [chosen, *(name for name in known if name != chosen)]
    cases = {known[name].label: _ask(now, now.base, now.result.scenario, name) for name in names if name in known}
    st.markdown("The same service and inputs under each named way of working out a social return.")
    _beside("Conventions side by side", _simulated(now, cases), tables.symbol_of(now.result))
    with st.expander("What each convention does"):
        rows = [(known[name].label, known[name].description, known[name].source) for name in names if name in known]
        table(pd.DataFrame(rows, columns=["Convention", "What it does", "Source"]))


def _services(now: View) -> None:
    published.warning()
    titles = {name: catalogue.load(name).title for name in catalogue.ids() if name != now.case.service}
    key = "compare_services"
    st.session_state[key] = [name for name in st.session_state.get(key, []) if name in titles]
    chosen = st.multiselect(
        f"Other services to hold beside this one (at most {MOST})",
        list(titles),
        format_func=titles.__getitem__,
        max_selections=MOST,
        key=key,
        persist_state="session",
    )
    if not chosen:
        st.info("Choose one or more services above.")
        return
    this = f"{now.base.title} ({scenario_name(now.base, now.result.scenario)})"
    convention = now.result.convention_name
    cases = {this: _ask(now, now.base, now.result.scenario, convention)}
    cases |= {titles[name]: _ask(now, catalogue.load(name), None, convention, own=False) for name in chosen}
    st.markdown(plain(f"Each at its base case, all under the convention {now.result.convention.label}."))
    _beside("Services side by side", _simulated(now, cases), "", unlike=True)


def _options(now: View) -> None:
    if not now.base.options:
        st.info(
            "This service has no options: ways to run it that are held against each other, such as more time with each"
            " person. On the page Build you can write some."
        )
        return
    symbol = tables.symbol_of(now.result)
    preset = "by_grade" if st.session_state.get("preset", True) else None
    frame = compare_options(
        now.base,
        dict(now.result.values),
        scenario=now.result.scenario,
        convention=now.result.convention_name,
        preset=preset,
    )
    drawn(
        "Options against each other",
        charts_compare.frontier_sentence(frame, symbol),
        charts_compare.frontier(frame, symbol),
        _options_written(frame, symbol),
        help=FRONTIER,
    )
    numbered = zip(range(1, len(frame) + 1), frame.to_dict("records"), strict=True)
    said = [
        f"{number}. **{plain(row['label'])}** {plain(row['standing'])}. {plain(row['why'])}" for number, row in numbered
    ]
    st.markdown("\n".join(said))


def _options_written(frame: pd.DataFrame, symbol: str) -> pd.DataFrame:
    rows = []
    for number, row in enumerate(frame.to_dict("records"), 1):
        net, extra = (
            ranges.likely(row[name], row[f"{name}_low"], row[f"{name}_high"], "money", symbol)
            for name in ("npsv", "extra_npsv")
        )
        each, chance = row["step_per_pound"], row["chance_best"]
        rows.append(
            {
                "Option": f"{number}. {row['label']}",
                "Costs": printing.money(row["pv_costs"], symbol),
                "Benefits": printing.money(row["pv_benefits"], symbol),
                "Net value": net,
                "Net value, over the service as it stands": extra,
                f"Each further {symbol}1 returns": "–" if pd.isna(each) else printing.money(each, symbol),
                "Chance that it is the best": "not known" if pd.isna(chance) else printing.chance(chance),
            }
        )
    return pd.DataFrame(rows)
