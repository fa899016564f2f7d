"""The cells of the tables in which a service is built: kept, shown in a table, edited. Nothing of Streamlit is here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sroi import reference
from sroi.errors import shown
from sroi.schema import ASSUMPTION
from sroi.sentences import number_meant
from sroi.ui.build_columns import NUMBERS, SHEETS, Column

Cell = str | float | int
Row = dict[str, Cell]
Sheets = dict[str, list[Row]]
MOST_ROWS = 10_000
LONGEST_CELL = 100_000  # more than a text may have, so that the schema says that it is too long
YES, NO = "yes", "no"


def empty() -> Sheets:
    """Return tables without a row."""
    return {key: [{}] if key == "service" else [] for key in SHEETS}


def text_of(value: object) -> str:
    """Return a value as text that a cell can hold."""
    # A lone surrogate can be typed by no keyboard, and written to no file.
    text = value if isinstance(value, str) else shown(value)
    return text[:LONGEST_CELL].encode("utf-8", "replace").decode("utf-8")


def cell_of(column: Column, value: object) -> Cell | None:
    """Return a value as a cell of a column, ``None`` where there is nothing or it fits no such cell."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool):
        return (YES if value else NO) if column.kind == "yes" else None
    if column.kind in ("number", "whole"):
        number = _number(value)
        return int(number) if number is not None and column.kind == "whole" and number == int(number) else number
    if column.kind == "numbers" and isinstance(value, (list, tuple)):
        return "; ".join(repr(number) if isinstance(number, float) else text_of(number) for number in value) or None
    if isinstance(value, (str, int, float)):
        text = text_of(value if isinstance(value, str) else str(value))
        return text if text.strip() else None
    return None


def _number(value: object) -> float | None:
    if isinstance(value, str):
        return number_meant(value[:LONGEST_CELL])
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def frame_of(rows: Sequence[Row], columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as a table for an editor: numbers as numbers, everything else as text."""
    return pd.DataFrame(
        {
            column.key: pd.Series(
                [row.get(column.key) for row in rows],
                dtype="float64" if column.kind in ("number", "whole") else "string",
            )
            for column in columns
        }
    )


def rows_of(frame: pd.DataFrame, columns: Sequence[Column]) -> list[Row]:
    """Return a table as rows: what :func:`frame_of` was given."""
    return [
        {
            column.key: cell
            for column, value in zip(columns, values, strict=True)
            if not pd.isna(value) and (cell := cell_of(column, value)) is not None
        }
        for values in frame[[column.key for column in columns]].astype(object).itertuples(index=False, name=None)
    ]


def edited(rows: Sequence[Row], edits: Mapping[str, Any], columns: Sequence[Column]) -> list[Row]:
    """Return rows with the edits of an editor, in the form in which Streamlit keeps them.

    Parameters
    ----------
    rows : sequence of dict
        What the editor was given.
    edits : mapping
        ``edited_rows`` (cells by place and column), ``added_rows`` (a list of cells by column) and ``deleted_rows``
        (places).
    columns : sequence of Column
        Those that the editor shows; other cells of a row stay.
    """
    known = {column.key: column for column in columns}
    found = [dict(row) for row in rows]
    for place, cells in edits.get("edited_rows", {}).items():
        if int(place) < len(found):
            _put(found[int(place)], cells, known)
    gone = {int(place) for place in edits.get("deleted_rows", ())}
    found = [row for place, row in enumerate(found) if place not in gone]
    for cells in edits.get("added_rows", ()):
        row: Row = {}
        _put(row, cells, known)
        found.append(row)
    return found[:MOST_ROWS]


def _put(row: Row, cells: Mapping[str, Any], known: Mapping[str, Column]) -> None:
    for key, value in cells.items():
        if key in known:
            put(row, known[key], value)


def put(row: Row, column: Column, value: object) -> None:
    """Write a value into a cell; what is nothing, or fits no such cell, empties it."""
    cell = cell_of(column, value)
    if cell is None:
        row.pop(column.key, None)
    else:
        row[column.key] = cell


def choices(column: Column, sheets: Sheets) -> tuple[str, ...]:
    """Return what can be chosen in a column: what the schema says, names of the draft, or reference data."""
    if column.choices or not column.names:
        return column.choices
    listed = {
        "currencies": lambda: reference.currencies(),
        "conventions": lambda: reference.conventions(),
        "presets": lambda: reference.optimism_presets(),
        "price_years": price_years,
    }
    if column.names in listed:
        return tuple(listed[column.names]())
    tables = {NUMBERS: ("parameters", "lines"), "sources_only": ("sources",)}.get(column.names, (column.names,))
    names = [str(row["id"]) for table in tables for row in sheets[table] if "id" in row]
    return tuple(dict.fromkeys([*([ASSUMPTION] if column.names == "sources" else []), *names]))


def price_years() -> list[str]:
    """Return every year whose prices an index reaches, latest first."""
    names = {
        name
        for currency in reference.currencies().values()
        for edition in [currency.edition(reference.NONE_PINNED)]
        for name in (edition.financial, edition.calendar)
        if name
    }
    return sorted({year for name in names for year in reference.deflator(name)}, reverse=True)
