"""The page Evidence: every number with its source, grade, age and weight, and what rests on it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from sroi import charts, reference
from sroi.evidence import evidence_rows, this_year
from sroi.evidence_pages import NUMBER, evidence_page, number_row, what_carries
from sroi.export import dated_stem
from sroi.page import Link, Words
from sroi.result import Result
from sroi.ui.view import View
from sroi.ui.words import csv_of, plain

OWN = "Your own value"
EXPLAINED = {
    "Share": "How much of the result rests on the number: how far 1% more of it moves the result, out of all numbers.",
    "Grade": "How good the evidence is, from A to F; F is an assumption.",
    "1% more: ratio": "By how much the SROI ratio moves when this number alone is 1% larger.",
    "1% more: NPSV": "By how much the net present social value moves when this number alone is 1% larger.",
    "How sure": "Whether the source was seen itself, or is cited at second hand.",
    "Age": "Years since the source, or since its prices where that is earlier.",
}


def show(now: View) -> None:
    """Show the evidence behind the case."""
    result, year = now.result, this_year()
    rows = evidence_rows(result, year)
    st.header("Evidence", anchor=False)
    carried, weak = what_carries(result, rows)
    st.markdown(f"**{plain(carried)}**")
    st.markdown(plain(weak))
    _weights(rows)
    _numbers(result, rows)
    _one(result, rows)
    _download(result, rows, year)


def _weights(rows: pd.DataFrame) -> None:
    st.subheader("What the result rests on", anchor=False)
    st.markdown(plain(charts.weights_sentence(rows)))
    if (rows["share"] > 0).any():
        st.markdown("Weak are grades D to F and values of your own. The table of every number stands below.")
        st.altair_chart(charts.weights(rows), theme=None, width="stretch")


def _numbers(result: Result, rows: pd.DataFrame) -> None:
    st.subheader("Every number", anchor=False)
    grades = reference.grades()
    kinds = [OWN if not grade else str(grade) for grade in rows["grade"]]
    there = [*(grade for grade in grades if grade in kinds), *([OWN] if OWN in kinds else [])]
    chosen = st.pills(
        "Show only these grades",
        there,
        selection_mode="multi",
        key=f"grades/{result.service.id}",
        format_func=lambda grade: grade if grade == OWN else f"Grade {grade}",
        help="All are shown where none is chosen.",
    )
    with st.expander("What the grades and columns mean"):
        meanings = [f"**Grade {grade}**: {plain(meaning)}" for grade, meaning in grades.items()]
        meanings += [f"**{plain(name)}**: {plain(meaning)}" for name, meaning in EXPLAINED.items()]
        st.markdown("\n".join(f"- {each}" for each in meanings))
    shown = rows[[not chosen or kind in chosen for kind in kinds]]
    st.markdown(f"{len(shown)} of {len(rows)} numbers, those on which most rests first.")
    table = pd.DataFrame([_row(result, str(name), row) for name, row in shown.iterrows()], columns=[*NUMBER, "Address"])
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            **{name: st.column_config.TextColumn(name, help=said) for name, said in EXPLAINED.items()},
            "Number": st.column_config.TextColumn("Number", width="large", pinned=True),
            "Source": st.column_config.TextColumn("Source", width="large"),
            "Address": st.column_config.LinkColumn("Address", validate="^https?://"),
        },
        column_order=["Number", "Value", "Share", "Grade", "Age", "Source", "Address", "How sure", *NUMBER[2:4]],
    )


def _row(result: Result, name: str, row: pd.Series[Any]) -> list[str | None]:
    url = str(row["url"])
    return [
        *(_text(words) for words in number_row(result, name, row)),
        url if url.startswith(("https://", "http://")) else None,
    ]


def _text(words: Words) -> str:
    parts = words if isinstance(words, tuple) else (words,)
    return "".join(part.text if isinstance(part, Link) else part for part in parts)


def _one(result: Result, rows: pd.DataFrame) -> None:
    """Show all that is said of one number, in text that can be read aloud and enlarged."""
    st.subheader("One number in full", anchor=False)
    labels = rows["label"].to_dict()
    key = f"number/{result.service.id}"
    name = st.selectbox("Which number?", list(labels), format_func=lambda key: str(labels[key]), key=key)
    if name is None:
        return
    row: Any = rows.loc[str(name)]
    said = dict(zip(NUMBER, (_text(words) for words in number_row(result, str(name), row)), strict=True))
    lines = [f"**{plain(column)}**: {plain(text)}" for column, text in said.items()]
    more = {"Grade means": row["grade_means"], "Note": row["note"], "Prices": row["price_note"]}
    lines += [f"**{title}**: {plain(str(text))}" for title, text in more.items() if text]
    lines += [f"**Weight**: {plain(row['rests_note'])}"] if row["rests_note"] else []
    if str(row["url"]).startswith(("https://", "http://")):
        lines.append(f"<{row['url']}>")
    st.markdown("\n".join(f"- {line}" for line in lines))


def _download(result: Result, rows: pd.DataFrame, year: int) -> None:
    st.subheader("Take the evidence away", anchor=False)
    stem = f"{dated_stem(result)}_evidence"
    first, second = st.columns(2)
    first.download_button(
        "Evidence page (.html)", partial(html_of, result, year), f"{stem}.html", "text/html", key="evidence/html",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    second.download_button(
        "Evidence table (.csv)", partial(csv_of, rows), f"{stem}.csv", "text/csv", key="evidence/csv",
        on_click="ignore", width="stretch",
    )  # fmt: skip


def html_of(result: Result, year: int) -> bytes:
    """Return the evidence page of a case as an HTML file."""
    text = evidence_page(
        result.base, dict(result.values), scenario=result.scenario, convention=result.convention, year=year, html=True
    )
    return text.encode()
