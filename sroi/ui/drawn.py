"""A chart as a page shows it: its title, its sentence, the chart, and its table to open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from sroi import printing
from sroi.ui.words import plain

# A longer table scrolls in a window of its own.
LONGEST = 40


def drawn(title: str, sentence: str | list[str], chart: Any, frame: pd.DataFrame, **more: Any) -> None:
    """Show a chart between its sentence, or a list of them, and its table.

    Parameters
    ----------
    title : str
    sentence : str or list of str
    chart : altair.Chart
    frame : DataFrame
        Its table, as it is to be read.
    **more : optional
        ``help``, a word explained; ``headed``, whether the title stands on the page already; ``key`` and
        ``on_select``, for a chart in which something can be chosen.
    """
    if not more.get("headed"):
        st.subheader(title, anchor=False, help=more.get("help"))
    several = not isinstance(sentence, str)
    st.markdown("\n".join(f"- {plain(each)}" for each in sentence) if several else plain(str(sentence)))
    asked: dict[str, Any] = {name: more[name] for name in ("key", "on_select") if name in more}
    # Its alternative text is the description that every chart of ours carries.
    st.altair_chart(chart, theme=None, width="stretch", **asked)
    with st.expander(f"Table: {plain(title[0].lower() + title[1:])}"):
        table(frame)


def table(frame: pd.DataFrame) -> None:
    """Show a table: as a real one, which screen readers know how to read, unless it is long."""
    if len(frame) > LONGEST:
        st.dataframe(frame, hide_index=True)
        return
    # Its cells are read as markdown.
    written = frame.astype(str).map(plain).rename(columns=lambda name: plain(str(name)))
    st.table(written, hide_index=True)


def amounts(frame: pd.DataFrame, names: list[str], symbol: str) -> pd.DataFrame:
    """Return a table with some columns written as amounts."""
    return frame.assign(**{name: _each(frame[name], lambda v: printing.to_figures(v, symbol)) for name in names})


def ticks(numbers: pd.Series[float], units: pd.Series[str]) -> list[str]:
    """Write each number as its own unit is written."""
    return [printing.tick(float(number), unit) for number, unit in zip(numbers, units, strict=True)]


def percent(chances: pd.Series[float]) -> list[str]:
    """Write chances to a tenth of a percent, as beside a chart."""
    return _each(chances, lambda chance: f"{chance:.1%}")


def _each(numbers: pd.Series[float], write: Callable[[float], str]) -> list[str]:
    return [write(float(number)) for number in numbers]
