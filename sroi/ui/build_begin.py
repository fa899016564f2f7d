"""How a service of one's own is begun: a blank form, one of the library, or a file."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from sroi import form, library, reading
from sroi.errors import Fault, ServiceError, shown
from sroi.service_file import tables_of
from sroi.ui import catalogue
from sroi.ui.build_draft import Desk
from sroi.ui.words import plain
from sroi.workbook.guard import check_bytes
from sroi.workbook.read import read_workbook
from sroi.workbook.value_map import looks_like_map, read_value_map
from sroi.workbook.value_map_names import slug

WAYS = ("A blank form", "A service of the library", "A file")
MEGABYTES = 20
_NAME = "build/begin/name"
_SERVICE = "build/begin/service"
_FAULTS = "build/begin/faults"


def begin(desk: Desk) -> None:
    """Show the ways to begin; a draft that is on the desk is kept."""
    way = st.radio("Begin with", WAYS, key="build/begin/way", horizontal=True)
    if way == WAYS[2]:
        _file(desk)
    else:
        if way == WAYS[1]:
            _library()
        st.text_input(
            "Name of your service",
            key=_NAME,
            placeholder="such as befriending_older_people",
            help="Small letters, digits and \\_, beginning with a letter. The file is called like it.",
        )
        st.button("Begin", type="primary", on_click=_begin, args=(desk, way))
    for sentence in st.session_state.get(_FAULTS, ()):
        st.error(plain(sentence))


def _library() -> None:
    st.selectbox(
        "Service to begin from",
        library.ids(),
        format_func=lambda name: catalogue.load(name).title,
        key=_SERVICE,
        help="Its numbers and sources are yours to change, and its name is not.",
    )


def _begin(desk: Desk, way: str) -> None:
    # As they are when the button is pressed, which may be after what was shown.
    name = str(st.session_state.get(_NAME, "")).strip()
    chosen = str(st.session_state[_SERVICE]) if way == WAYS[1] else None
    try:
        if not name:
            raise ServiceError("the request", [Fault("", "Write a name for your service, and press Begin again.")])
        form.check_name(name)
        text = form.form(name) if chosen is None else form.copy_of(chosen, name)
    except ServiceError as error:
        st.session_state[_FAULTS] = [str(fault) for fault in error.faults]
        return
    st.session_state[_FAULTS] = []
    origin = "the blank form" if chosen is None else f"the library's “{catalogue.load(chosen).title}”"
    desk.begin(tomllib.loads(text), origin)


def _file(desk: Desk) -> None:
    st.markdown(
        "A service file (.toml, a draft as well), a workbook that came from here, or a completed Value Map of Social"
        " Value International (both .xlsx). It is read as data: nothing in it is run."
    )
    found = st.file_uploader("File", type=["toml", "xlsx"], key="build/begin/file", max_upload_size=MEGABYTES)
    if found is not None:
        st.button("Open it", type="primary", on_click=_open, args=(desk, found.name, found.getvalue()))


def _open(desk: Desk, name: str, content: bytes) -> None:
    try:
        tables, said = read_file(name, content)
    except ServiceError as error:
        st.session_state[_FAULTS] = [str(fault) for fault in error.faults]
        return
    st.session_state[_FAULTS] = []
    desk.begin(tables, f"the file {shown(name)}", said)


def read_file(name: str, content: bytes) -> tuple[Mapping[str, Any], list[str]]:
    """Return the tables of a file that somebody sent, and what is to be said of them.

    Parameters
    ----------
    name : str
        Its name, which may be anything.
    content : bytes

    Raises
    ------
    ServiceError
        When it is too large, not safe to open, or none of the files that are known here.
    """
    if not name.lower().endswith(".xlsx"):
        return reading.parse_tables(name, content), []
    check_bytes(content, name)
    with tempfile.TemporaryDirectory() as folder:
        # Never under the name that came with it.
        path = Path(folder) / f"{slug(PurePath(name).stem, 'value_map')}.xlsx"
        path.write_bytes(content)
        if not looks_like_map(content, name):
            return tables_of(read_workbook(path)), []
        found = read_value_map(path)
    said = [found.headline]
    for _, cell, gap, write in found.gaps.itertuples(index=False, name=None):
        said.append(f"{f'{cell}: ' if cell else ''}{gap}.{f' Write {write}.' if write else ''}")
    for what, cell, sheet, ours, _, reason in found.disagreements.itertuples(index=False, name=None):
        ours_said = "none" if ours is None or ours != ours else f"{ours:,.8g}"
        said.append(f"{what} ({cell}): the sheet has {sheet:,.8g}, we have {ours_said}: {reason}.")
    return tables_of(found.service), said
