"""The page The relationship: what an investment in it returns, when it pays back, and the profile."""

from __future__ import annotations

import streamlit as st

from sroi import charts_lens, dependence, printing, ranges, tables, units
from sroi.deep_value import BOUNDS, Lens, relationship
from sroi.ui import profile
from sroi.ui.view import View
from sroi.ui.words import plain

# What is offered first as a sum for each participant.
FIRST_SUM = 100.0
_LENS = "the_lens"
GUIDE = """
1. Add the investment as an option of the service (`[options.more_time]`: what it changes and what it costs), unless the
   service itself is the investment.
2. Name a parameter that says how far outcomes depend on it, such as a share from 0 to 1.
3. Add a table `[relationship]` with `option`, `investment`, `how` and `dependence`, and a `[[relationship.evidence]]`
   for each finding. Where no evidence says how far, write `silent` and say what is missing: break-even is then the
   answer.
"""


def show(now: View) -> None:
    """Show the Deep Value lens for the case, and the profile."""
    st.header("The relationship", anchor=False)
    st.markdown(
        "Is it worth paying for a better relationship between people and those who serve them: more time, the same"
        " person throughout, smaller caseloads, training, more freedom to decide?"
    )
    if now.base.relationship is None:
        _general(now)
    else:
        _lens(now)
    profile.show(now.base)


def _general(now: View) -> None:
    """Say how an investment is stated, and answer the question that can be asked of any service."""
    st.info("This service states no investment in the relationship, so what one returns cannot be worked out.")
    with st.expander("How to state one"):
        st.markdown(GUIDE)
    st.subheader("How much better would outcomes have to be?", anchor=False)
    symbol, key = tables.symbol_of(now.result), f"each/{now.result.service.id}"
    if key not in st.session_state:
        st.session_state[key] = now.visit.sums.get(now.case.service, FIRST_SUM)
    prices = f"{symbol}, present value at {now.base.about.price_base_year} prices"
    each = st.number_input(
        f"Spent more on each participant ({plain(prices)})",
        min_value=0.0,
        step=10.0,
        format="%.12g",
        key=key,
    )
    now.visit.sums[now.case.service] = each
    found = dependence.rise_to_repay(now.result, each)
    if found is None:
        st.markdown("The service does not say how many participants it has, so a sum for each cannot be added up.")
        return
    st.markdown(f"**{plain(found.sentence())}**")
    st.markdown(
        "Ask whoever knows the service whether a better relationship could bring so much. All outcomes rise alike here,"
        " and nothing else changes: the other costs stay, and nothing that has no price is counted."
    )


def _looked_at(now: View) -> Lens:
    """Return the lens of the case: the one before, where only a rating or a note was changed since."""
    case = now.result
    key = (now.base, dict(case.values), case.scenario, case.convention)
    before = st.session_state.get(_LENS)
    if before is None or before[0] != key:
        before = key, relationship(now.base, dict(case.values), scenario=case.scenario, convention=case.convention)
        st.session_state[_LENS] = before
    found: Lens = before[1]
    return found


def _lens(now: View) -> None:
    lens = _looked_at(now)
    symbol = tables.symbol_of(lens.result)
    st.subheader(plain(lens.headline()), anchor=False)
    st.markdown(plain(lens.relationship.how))
    if lens.relationship.silent:
        st.info(plain(f"Evidence is silent: {lens.relationship.silent}"))
    _break_even(lens, symbol)
    _findings(lens, symbol)
    _staff(lens, symbol)


def _break_even(lens: Lens, symbol: str) -> None:
    parameter = lens.service.parameters[lens.relationship.dependence]
    st.subheader(
        "Break-even beside what evidence supports",
        anchor=False,
        help="Break-even is the least at which extra benefits cover extra costs. Gains of staff are left out.",
    )
    curve, marks = dependence.curve(lens), dependence.marks(lens)
    st.markdown(plain(charts_lens.returns_sentence(curve, marks, symbol)))
    st.markdown(f"**{plain(dependence.turning(lens))}**")
    chart = charts_lens.returns(curve, marks, symbol, parameter.label, shares=units.is_share(parameter.unit))
    st.altair_chart(chart, theme=None, width="stretch")
    written = marks.assign(per_pound=[_amount(each, symbol) for each in marks["per_pound"]])
    named = {"what": "What", "written": "Dependence", "per_pound": f"Each extra {symbol}1 returns", "said": "Meaning"}
    shown = written[list(named)].rename(columns=named).map(plain).set_index("What")
    shown.columns = [plain(str(name)) for name in shown.columns]
    with st.expander("Table: break-even and evidence", expanded=False):
        st.markdown(plain(f"Dependence: {parameter.label} ({parameter.unit})."))
        st.table(shown)


def _amount(value: float, symbol: str) -> str:
    return "no number" if value != value else printing.money(value, symbol)


def _findings(lens: Lens, symbol: str) -> None:
    st.subheader("What evidence says", anchor=False)
    if lens.evidence.empty:
        st.markdown("No finding is stated.")
    for row in lens.evidence.to_dict("records"):
        known = row["value"] == row["value"]
        figure = f"{BOUNDS[row['bound']].capitalize()}: {lens.written(row['value'])}. " if known else ""
        each = row["per_pound"]
        worth = f" If that were the effect, each extra {symbol}1 would return {printing.money(each, symbol)}."
        where = f", {row['locator']}" if row["locator"] else ""
        text = f"{row['statement']}{worth if each == each else ''} Grade {row['grade']}: {row['source']}{where}."
        st.markdown(f"- {f'**{plain(figure)}** ' if figure else ''}{plain(text)}")


def _staff(lens: Lens, symbol: str) -> None:
    """Show the gains of staff and employer, apart: better outcomes may be counted in both."""
    if not lens.relationship.staff_outcomes:
        return
    st.subheader("Gains of staff and employer, kept apart", anchor=False)
    gains, each = (
        ranges.likely(found.central, found.low, found.high, "money", symbol)
        for found in (lens.staff_benefits, lens.per_pound_with_staff)
    )
    st.markdown(
        plain(
            f"They come to {gains} and are in no figure above, since better outcomes may be counted in both. With them"
            f" each extra {symbol}1 returns {each}."
        )
    )
