"""Where cells are typed: a table of many rows, or the fields of one row, each with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from sroi import reference
from sroi.errors import brief
from sroi.ui.build_cells import MOST_ROWS, NO, YES, Cell, Row, choices, edited, frame_of, put
from sroi.ui.build_check import Placed
from sroi.ui.build_columns import SHEETS, Column
from sroi.ui.build_draft import Draft, Editor
from sroi.ui.words import plain

# Faults of one table that are said at once.
MOST_SAID = 12
LONGEST_NAME = 60
LONG = frozenset({"description", "note", "help", "why", "formula", "sentence"})


def table(draft: Draft, sheet: str, columns: Sequence[Column], *, view: str, fixed: bool = False) -> None:
    """Show a table in which every cell can be changed.

    Parameters
    ----------
    draft : Draft
    sheet : str
        Whose rows.
    columns : sequence of Column
        Those that are shown.
    view : str
        What the table is called.
    fixed : bool
        Whether rows are named elsewhere, so that none can be added here.
    """
    editor, key = _editor(draft, sheet, columns, view)
    st.data_editor(
        frame_of(editor.base, columns),
        key=key,
        num_rows="fixed" if fixed else "dynamic",
        hide_index=True,
        width="stretch",
        placeholder="",
        alt=f"{view}: a table to type in. The same cells as single fields: choose One row at a time.",
        column_config={
            column.key: _config(column, offered, locked=fixed and column.key in ("id", "scenario"))
            for column, offered in zip(columns, editor.offered, strict=True)
        },
        on_change=_take,
        args=(draft, sheet, tuple(columns), view, key),
    )


def _editor(draft: Draft, sheet: str, columns: Sequence[Column], view: str) -> tuple[Editor, str]:
    rows = draft.sheets[sheet]
    offered = tuple(_offered(draft, column) for column in columns)
    found = draft.editors.get(view)
    key = "" if found is None else _key(draft, view, found)
    if found is None or key not in st.session_state or found.now != rows or found.offered != offered:
        base = [dict(row) for row in rows]
        found = Editor(1 if found is None else found.count + 1, base, [dict(row) for row in rows], offered)
        draft.editors[view] = found
        key = _key(draft, view, found)
    return found, key


def _key(draft: Draft, view: str, editor: Editor) -> str:
    return f"build/{draft.number}/{view}/{editor.count}"


def _take(draft: Draft, sheet: str, columns: tuple[Column, ...], view: str, key: str) -> None:
    editor = draft.editors[view]
    editor.now = edited(editor.base, st.session_state[key], columns)
    draft.sheets[sheet] = [dict(row) for row in editor.now]


def _offered(draft: Draft, column: Column) -> tuple[str, ...]:
    """Return what a cell of a column can be, with what stands there already and could not be chosen."""
    return (YES, NO) if column.kind == "yes" else choices(column, draft.sheets)


def _config(column: Column, offered: object, *, locked: bool) -> Any:
    common: dict[str, Any] = {"help": plain(column.help) or None, "disabled": locked or None}
    label = f"{column.label} *" if column.needed else column.label
    # A row keeps its name in sight; the parameter that a change is of is no name of its row.
    pinned = (column.key == "id" and not column.names) or None
    if column.kind in ("choice", "yes"):
        return st.column_config.SelectboxColumn(label, options=offered, pinned=pinned, **common)  # type: ignore[arg-type]
    if column.kind in ("number", "whole"):
        return st.column_config.NumberColumn(label, format="%.12g", step=None, **common)
    width = "large" if _is_long(column) else None
    return st.column_config.TextColumn(label, pinned=pinned, width=width, **common)  # type: ignore[arg-type]


def row_of(draft: Draft, sheet: str, *, called: str) -> int | None:
    """Show which row of a table is looked at, with buttons to add, move and take out; return its place."""
    rows = draft.sheets[sheet]
    chosen = f"build/{draft.number}/row/{sheet}"
    if rows:
        # The widget is gone after a visit to another page; which row was shown is not worth more than its start.
        st.session_state[chosen] = min(st.session_state.get(chosen, 0), len(rows) - 1)
        st.selectbox(f"Row of {called.lower()}", range(len(rows)), format_func=partial(_called, rows), key=chosen)
    place = int(st.session_state.get(chosen, 0)) if rows else 0
    buttons = (
        ("Add a row", partial(_add, draft, sheet, chosen), len(rows) >= MOST_ROWS),
        ("Move up", partial(_move, draft, sheet, chosen, -1), place == 0),
        ("Move down", partial(_move, draft, sheet, chosen, 1), place >= len(rows) - 1),
        ("Take this row out", partial(_out, draft, sheet, place), not rows),
    )
    with st.container(horizontal=True):
        for label, act, disabled in buttons:
            st.button(label, key=f"build/{draft.number}/{sheet}/{label}", on_click=act, disabled=disabled)
    return place if rows else None


def _called(rows: Sequence[Row], place: int) -> str:
    row = rows[place] if place < len(rows) else {}
    names = [str(row[key]) for key in ("scenario", "id", "label", "sentence") if row.get(key)]
    return brief(f"{place + 1}: {', '.join(names) or 'no name yet'}", LONGEST_NAME)


def _add(draft: Draft, sheet: str, chosen: str) -> None:
    draft.sheets[sheet].append({})
    draft.moves += 1
    st.session_state[chosen] = len(draft.sheets[sheet]) - 1


def _move(draft: Draft, sheet: str, chosen: str, by: int) -> None:
    rows, place = draft.sheets[sheet], int(st.session_state[chosen])
    rows[place], rows[place + by] = rows[place + by], rows[place]
    draft.moves += 1
    st.session_state[chosen] = place + by


def _out(draft: Draft, sheet: str, place: int) -> None:
    del draft.sheets[sheet][place]
    draft.moves += 1


def fields(draft: Draft, sheet: str, place: int, columns: Sequence[Column], faults: Sequence[Placed]) -> None:
    """Show the cells of one row as fields, each with what is wrong beneath it."""
    row = draft.sheets[sheet][place]
    mine = [fault for fault in faults if fault.sheet == sheet and fault.row == place]
    beside: list[Any] = []
    for column in columns:
        if _is_long(column):
            beside, where = [], st.container()
        else:
            # Two by two, which stand one above the other where it is narrow.
            beside = beside or list(st.columns(2))
            where = beside.pop(0)
        with where:
            _field(draft, sheet, place, row, column)
            for fault in mine:
                if fault.column == column.key:
                    st.error(f"{plain(column.label)}: {plain(fault.sentence)}")


def _is_long(column: Column) -> bool:
    return column.key.split(".")[-1] in LONG


def _written(column: Column, choice: str) -> str:
    """Write a choice as people do: a convention has a label."""
    known = reference.conventions() if column.names == "conventions" else {}
    return known[choice].label if choice in known else choice


def _field(draft: Draft, sheet: str, place: int, row: Row, column: Column) -> None:
    key = f"build/{draft.number}/{draft.moves}/{sheet}/{place}/{column.key}"
    value: Cell | None = row.get(column.key)
    label = f"{column.label} (needed)" if column.needed else column.label
    common: dict[str, Any] = {"key": key, "help": plain(column.help) or None, "on_change": _put}
    common["args"] = (draft, sheet, place, column, key)
    if column.kind in ("choice", "yes"):
        offered = list(_offered(draft, column))
        if value is not None and value not in offered:
            offered.append(str(value))
        st.session_state.setdefault(key, value)
        common["format_func"] = partial(_written, column)
        st.selectbox(label, offered, index=None, placeholder="Nothing chosen", **common)
    elif column.kind in ("number", "whole"):
        whole = column.kind == "whole" and isinstance(value, int | None)
        st.session_state.setdefault(key, value if value is None or whole else float(value))
        st.number_input(label, value=None, step=1 if whole else None, format="%d" if whole else "%.12g", **common)
    elif _is_long(column):
        st.session_state.setdefault(key, str(value or ""))
        st.text_area(label, **common)
    else:
        st.session_state.setdefault(key, "" if value is None else str(value))
        st.text_input(label, **common)


def _put(draft: Draft, sheet: str, place: int, column: Column, key: str) -> None:
    put(draft.sheets[sheet][place], column, st.session_state[key])


def said(draft: Draft, sheet: str, columns: Sequence[Column], faults: Sequence[Placed]) -> None:
    """Show what is wrong in some columns of a table, row by row; without columns, what concerns none of them."""
    keys, known = {column.key for column in columns}, {column.key for column in SHEETS[sheet].columns}
    mine = [f for f in faults if f.sheet == sheet and (f.column in keys if keys else f.column not in known)]
    if not mine:
        return
    rows = [f"- {located(draft, fault)}" for fault in mine[:MOST_SAID]]
    if len(mine) > MOST_SAID:
        rows.append(f"- and {len(mine) - MOST_SAID} more: these first")
    st.error("\n".join(rows))


def located(draft: Draft, fault: Placed) -> str:
    """Return a fault with its row and column, in Markdown."""
    if fault.row is None:
        return plain(fault.sentence)
    column = SHEETS[fault.sheet].column(fault.column)
    parts = [] if fault.sheet == "service" else [f"row {_called(draft.sheets[fault.sheet], fault.row)}"]
    parts += [] if column is None else [column.label]
    return f"**{plain('; '.join(parts))}** {plain(fault.sentence)}" if parts else plain(fault.sentence)
