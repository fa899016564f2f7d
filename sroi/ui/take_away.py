"""What a visitor takes away: the workbook and the data of the case on the page, made when the button is pressed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial

import streamlit as st

from sroi.evidence_pages import evidence_page
from sroi.export import csv_files, file_stem, json_bytes
from sroi.result import Result
from sroi.ui.view import View
from sroi.workbook.write import workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(now: View) -> None:
    """Show the buttons. Nothing is made before one is pressed, and the page stays as it is meanwhile."""
    result = now.result
    st.header("Take away", anchor=False)
    st.markdown(
        "The workbook recalculates in any spreadsheet program: every input with its source, every formula live,"
        " scenarios and conventions to choose from. The data are the tables of this page, with every digit. The"
        " evidence page prints: every number with its source and age, and how much of the result rests on it."
    )
    stem = file_stem(result)
    # Each callable holds the case as it is now: by the time it runs, the page may show another.
    files: tuple[tuple[str, Callable[[], bytes], str, str], ...] = (
        ("Workbook (.xlsx)", partial(_workbook, result), f"{stem}.xlsx", XLSX),
        ("Data (.json)", partial(json_bytes, result), f"{stem}.json", "application/json"),
        ("Tables (.csv, zipped)", partial(_zipped, result), f"{stem}.zip", "application/zip"),
        ("Evidence (.html)", partial(_evidence, result), f"{stem}_evidence.html", "text/html"),
    )
    for column, (label, make, name, kind) in zip(st.columns(len(files)), files, strict=True):
        with column:
            st.download_button(label, make, name, kind, key=f"take/{name}", on_click="ignore", width="stretch")


def _workbook(result: Result) -> bytes:
    return workbook_bytes(
        result.base, values=result.values, scenario=result.scenario, convention=result.convention_name
    )


def _evidence(result: Result) -> bytes:
    base, convention = result.base, result.convention
    return evidence_page(base, result.values, scenario=result.scenario, convention=convention, html=True).encode()


def _zipped(result: Result) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in csv_files(result).items():
            archive.writestr(name, content)
    return target.getvalue()
