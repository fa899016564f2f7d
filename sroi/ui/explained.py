"""Where a number comes from: how it is worked out, in words, and what it rests on, down to the sources."""

from __future__ import annotations

import html
import math
import re

import streamlit as st

from sroi import glossary, printing, reference, tables
from sroi.explain import Explanation
from sroi.method import LINES
from sroi.result import Result
from sroi.ui.words import plain

# The method cites its standards by letters, which nobody need know.
_STANDARDS = {
    "GB": "HM Treasury, The Green Book",
    "SVI": "Social Value International, A Guide to SROI",
    "GMCA": "Greater Manchester cost-benefit model",
}
# The parts of a number that lie open; deeper ones open when they are asked for.
_OPEN = 1


def known(result: Result) -> dict[str, str]:
    """Return everything of a case that can be explained, with what it is called: results first, inputs last."""
    service = result.service
    named = {name: tables.label_of(name) for name in result.summary().index}
    named |= {f"present_value.{each.id}": f"Present value: {each.name}" for each in service.outcomes}
    named |= {f"present_cost.{each.id}": f"Cost: {each.name}" for each in service.costs}
    named |= {line.name: line.label for line in LINES.values() if line.level == "year" and line.unit == "money"}
    named |= {name: line.label for name, line in LINES.items() if name not in named and line.level == "service"}
    named |= {name: f"Line of the service: {line.label}" for name, line in service.lines.items()}
    return named | {name: f"Input: {each.label}" for name, each in service.parameters.items()}


def button(result: Result, name: str, label: str, place: str) -> None:
    """Show a button that explains a number over the page."""
    if st.button(
        "Explain", key=f"explain/{place}/{name}", type="tertiary", help=f"Where it comes from: {plain(label)}"
    ):
        dialog(result, name, label)


@st.dialog("Where this number comes from", width="large")
def dialog(result: Result, name: str, label: str) -> None:
    """Explain a number over the page."""
    st.markdown(f"**{plain(label)}**")
    show(result, name)


def show(result: Result, name: str) -> None:
    """Explain a number on the page."""
    if meaning := glossary.meaning(name.partition(".")[0]):
        st.markdown(plain(meaning))
    if getattr(result, name, 0) is None:
        status = str(result.summary()["written"].to_dict()[name])
        st.markdown(plain(f"Here it is {status}."))
        return
    st.html(page_of(result.explain(name)))


def page_of(found: Explanation) -> str:
    """Return an explanation as HTML: each part can be opened, and every text of a file is escaped."""
    return f'<div class="explanation">{_part(found, 0)}</div>'


def _part(found: Explanation, depth: int) -> str:
    said = f"<strong>{html.escape(found.label)}</strong>: {html.escape(written(found))}"
    more = [f"How: {html.escape(found.words)}."] if found.words else []
    if found.key.partition(".")[0] in LINES and found.source:
        more.append(f"Method: {html.escape(_in_full(found.source))}.")
    elif found.source:
        grade = f" Evidence grade {found.grade}." if found.grade else ""
        more.append(f"Source: {html.escape(found.source.rstrip('.'))}.{grade}")
    below = "".join(f"<p>{sentence}</p>" for sentence in more)
    if not found.parts:
        return f'<div style="margin: 0.3em 0 0.3em 1.1em">{said}{below}</div>'
    inner = "".join(_part(part, depth + 1) for part in found.parts)
    opened = " open" if depth < _OPEN else ""
    return f'<details{opened} style="margin: 0.3em 0 0.3em 0.5em"><summary>{said}</summary>{below}{inner}</details>'


def _in_full(source: str) -> str:
    return re.sub(r"\b(GB|SVI|GMCA)\b", lambda letters: _STANDARDS[letters.group()], source)


def written(found: Explanation) -> str:
    """Write an explained number as people do; a series by its first and last."""
    numbers = [number for number in found.value if math.isfinite(number)]
    if not numbers:
        return "undefined"
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    shown = [printing.quantity(number, found.unit, symbols) for number in numbers]
    return shown[0] if len(set(shown)) == 1 else f"from {shown[0]} to {shown[-1]} over {printing.years(len(shown))}"
