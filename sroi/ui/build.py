"""The page Build: a service of one's own, made and changed in tables."""

from __future__ import annotations

import re
from functools import partial

import streamlit as st

from sroi import compare
from sroi.printing import counted
from sroi.rules_form import PLACEHOLDER
from sroi.schema import NAME_PATTERN
from sroi.service import Service
from sroi.service_file import toml_of
from sroi.ui import build_edit, catalogue, draws, shell
from sroi.ui.build_begin import begin
from sroi.ui.build_check import Checked
from sroi.ui.build_draft import Desk, Draft, desk
from sroi.ui.build_parts import ABOUT, PARTS, View, part_of
from sroi.ui.visit import Visit, forget_boxes
from sroi.ui.words import plain

_PART = "build/part"
MOST_SAID = 30


def show(here: Visit) -> None:
    """Show the draft, part by part, or how one is begun."""
    st.title("Build", anchor=False)
    st.markdown(
        "Make a service of your own, or change one: fill in tables, and read beneath each what is still missing."
        " What you type is kept when you go to another page; save a file before you close the browser."
    )
    found = desk()
    if found.draft is None:
        st.header("Begin", anchor=False)
        begin(found)
        _bring_back(found)
        return
    draft = found.draft
    checked = draft.checked()
    _standing(found, draft, checked)
    _leave(here, draft, checked)
    _part(found, draft, checked)
    with st.expander("Begin another"):
        st.markdown("The one above is put aside, and can be brought back.")
        begin(found)
    _bring_back(found)


def _bring_back(found: Desk) -> None:
    if found.before is not None:
        title = _title(found.before)
        st.button(f"Bring back “{plain(title)}”", on_click=found.bring_back)


def _title(draft: Draft) -> str:
    about = draft.sheets["service"][0]
    title = str(about.get("title", PLACEHOLDER))
    return str(about.get("id", "A new service")) if title.startswith(PLACEHOLDER) else title


def _standing(found: Desk, draft: Draft, checked: Checked) -> None:
    """Say what the draft is, how much is missing, and what first."""
    st.header(plain(_title(draft)), anchor=False)
    st.markdown(f"Begun from {plain(draft.origin)}.")
    if draft.said:
        with st.expander(f"What to know of it: {counted(len(draft.said), 'point')}", expanded=False):
            st.markdown("\n".join(f"- {plain(sentence)}" for sentence in draft.said))
    if checked.result is not None:
        st.success("It is in order, and can be used.")
        st.markdown(plain(compare.headline(checked.result)))
        return
    first = checked.faults[0]
    where = _part_of(first.sheet, first.column)
    count = counted(len(checked.faults), "thing")
    said = f"{count} to do before it can be used. First, under {PARTS[where].title}: " if where else f"{count} to do: "
    st.warning(f"{said}{build_edit.located(draft, first)}")
    if where and where != found.part:
        st.button(f"Go to {PARTS[where].title}", on_click=partial(_go, found, where))


def _part_of(sheet: str, column: str) -> str:
    return part_of(sheet, column) if any(view.sheet == sheet for part in PARTS.values() for view in part.views) else ""


def _go(found: Desk, part: str) -> None:
    found.part = part


def _part(found: Desk, draft: Draft, checked: Checked) -> None:
    """Show the choice of parts, and the one that is chosen."""
    open_in = [_part_of(fault.sheet, fault.column) for fault in checked.faults]

    def called(key: str) -> str:
        count = open_in.count(key)
        return f"{PARTS[key].title} ({count} to do)" if count else PARTS[key].title

    st.session_state[_PART] = found.part if found.part in PARTS else ABOUT
    st.radio("Part", list(PARTS), format_func=called, key=_PART, horizontal=True, on_change=_choose, args=(found,))
    part = PARTS[found.part]
    st.header(part.title, anchor=False)
    st.markdown(plain(part.said))
    _kept(draft, checked)
    st.session_state["build/by_row"] = found.by_row
    st.toggle(
        "One row at a time",
        key="build/by_row",
        on_change=_by_row,
        args=(found,),
        help="Single fields in place of tables: for a narrow screen, a screen reader, long texts, or to move a row.",
    )
    if not found.by_row:
        # Not a caption, whose grey is too pale.
        st.markdown(
            "Type in the tables. Columns with \\* are needed. A new row goes in at the bottom; to take a row out, tick"
            " it at its left and press Delete."
        )
    for view in part.views:
        _view(
            found, draft, checked, view, first=view.sheet not in [v.sheet for v in part.views[: part.views.index(view)]]
        )


def _choose(found: Desk) -> None:
    found.part = st.session_state[_PART]


def _by_row(found: Desk) -> None:
    found.by_row = st.session_state["build/by_row"]


def _view(found: Desk, draft: Draft, checked: Checked, view: View, *, first: bool) -> None:
    columns = view.columns
    if view.sheet == "service":
        build_edit.fields(draft, "service", 0, columns, checked.faults)
        return
    mine = [f for f in checked.faults if f.sheet == view.sheet and f.column in {c.key for c in columns}]
    if not view.aside and len(PARTS[found.part].views) > 1:
        st.subheader(view.title, anchor=False)
    place = st.expander(view.title, expanded=bool(mine)) if view.aside else st.container()
    with place:
        if view.said:
            st.markdown(plain(view.said))
        if not found.by_row:
            build_edit.table(draft, view.sheet, columns, view=view.title, fixed=view.fixed)
            build_edit.said(draft, view.sheet, columns, checked.faults)
        elif first:
            found.row = build_edit.row_of(draft, view.sheet, called=view.title)
        if first:
            build_edit.said(draft, view.sheet, (), checked.faults)
        if found.by_row and found.row is not None:
            shown = [column for column in columns if first or column.key not in ("id", "scenario")]
            build_edit.fields(draft, view.sheet, found.row, shown, checked.faults)


def _kept(draft: Draft, checked: Checked) -> None:
    """Show what no table holds: it is kept as it came, and can be taken out."""
    if not draft.kept:
        return
    wrong = [fault.sentence for fault in checked.faults if not _part_of(fault.sheet, fault.column)]
    with st.expander("Kept as the file has it", expanded=bool(wrong)):
        st.markdown("No table here shows these. They stay in the service, unless you take them out.")
        for key in list(draft.kept):
            st.button(
                f"Take out: {key.replace('_', ' ')}", key=f"build/kept/{key}", on_click=draft.kept.pop, args=(key,)
            )
        if wrong:
            st.error("\n".join(f"- {plain(sentence)}" for sentence in wrong[:MOST_SAID]))


def _leave(here: Visit, draft: Draft, checked: Checked) -> None:
    """Show the ways on: use the service, or save it as a file."""
    name = str(draft.sheets["service"][0].get("id", ""))
    stem = name if re.fullmatch(NAME_PATTERN, name) else "draft"
    tables = checked.tables
    with st.container(horizontal=True):
        if checked.service is not None:
            st.button("Use it", type="primary", on_click=_use, args=(here, checked.service))
        label = "Save it (.toml)" if checked.service is not None else "Save the unfinished draft (.toml)"
        st.download_button(
            label, lambda: toml_of(tables).encode(), f"{stem}.toml", "application/toml", on_click="ignore"
        )
    if checked.service is not None and catalogue.own().get(name) == checked.service and here.case.service == name:
        st.markdown("It is the service that the other pages now show.")
        shell.link("explore", "See what it comes to")


def _use(here: Visit, service: Service) -> None:
    catalogue.own()[service.id] = service
    # Figures of an earlier state of it are figures no more.
    here.valid.pop(service.id, None)
    draws.forget()
    forget_boxes()
    if here.case.service != service.id:
        shell.open_service(here, service.id)
