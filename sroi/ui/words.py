"""Text of files and addresses, made safe for the page and for a spreadsheet."""

from __future__ import annotations

import re

import pandas as pd

from sroi import overview
from sroi.service import Service

# Where a sentence ends: before a capital letter, and not after a single one, as in "e.g. A" or "J. Smith".
_END = re.compile(r"(?<=[a-z0-9)]{2}[.!?])\s+(?=[A-Z])")
_MARKS = re.compile(r"([\\`*_\[\]$<>~#|:])")


def plain(text: str) -> str:
    """Return text that Streamlit shows as it stands: no formula between two $, no emphasis, no link."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def first_sentence(text: str) -> str:
    """Return the first sentence of a text."""
    return _END.split(" ".join(text.split()), maxsplit=1)[0]


def scenario_name(service: Service, name: str | None) -> str:
    """Return what a scenario is called; without a name, the base case."""
    if not name:
        return "Base case"
    label = service.scenarios[name].label or name.replace("_", " ").capitalize()
    # The claim and the cautious case are called so, whatever else their label says.
    named = name not in overview.BESIDE or label.casefold().startswith(name)
    return label if named else f"{name.capitalize()}: {label}"


def tabled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts st.table shows as they stand: it reads its cells as Markdown."""
    return frame.map(lambda cell: plain(cell) if isinstance(cell, str) else cell).rename(columns=plain)


def csv_of(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV, with an apostrophe before any text that a spreadsheet would take for a formula."""
    guarded = frame.reset_index()
    return guarded.map(_guarded).to_csv(index=False).encode("utf-8-sig")


def _guarded(cell: object) -> object:
    if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "-", "@")):
        return f"'{cell}"
    return cell
