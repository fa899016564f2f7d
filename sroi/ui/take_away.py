"""What a visitor takes away: files of the case on the page, each made when its button is pressed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from sroi import tables
from sroi.chart_files import Kind, chart_files
from sroi.evidence import this_year
from sroi.export import csv_files, dated_stem, json_bytes
from sroi.result import Result, evaluate
from sroi.service_file import set_values, to_toml
from sroi.summary_page import Asked, summary_page
from sroi.ui import case_file, profile
from sroi.ui.evidence import html_of
from sroi.ui.view import View
from sroi.ui.words import plain
from sroi.workbook.write import workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOW = "in the app, when this file was taken away from"
PREVIEW = 900


@dataclass(frozen=True)
class File:
    """A file that can be taken away: what it is called on the page, what it is for, and how it is made."""

    label: str
    said: str
    ending: str
    kind: str
    make: Callable[[], bytes]


def show(now: View) -> None:
    """Show what can be taken away. Nothing is made before a button is pressed, and the page stays as it is."""
    result = now.result
    result = _with_profile(result)
    stem, address = dated_stem(result), _address(now)
    st.header("Take away", anchor=False)
    st.markdown(plain(f"Every file says what it holds: {_stamp(result)}"))
    if now.problems or now.general:
        st.warning("The files hold the last inputs that could be used, as the figures do.")
    if now.visit.log:
        st.markdown("The changes of this visit, with time and reason, stand in the workbook on the sheet Change log.")
    _print_view(now, result, stem, address)
    for title, files in _files(now, result).items():
        st.subheader(title, anchor=False)
        for each in files:
            _button(each, stem)
    st.subheader("Link to this case", anchor=False)
    st.markdown(
        "Whoever opens the link sees this case, as long as this app runs at this address. Your own services and the"
        " profile of the relationship are not in it: take the file of the case with the service file."
    )
    st.code(address, language=None, wrap_lines=True)


def _button(each: File, stem: str) -> None:
    name = f"{stem}{each.ending}"
    left, right = st.columns([1, 2], vertical_alignment="center")
    # Ignored by the page, which stays as it is while the file is made.
    left.download_button(
        each.label, each.make, name, each.kind, key=f"take/{each.ending}", on_click="ignore", width="stretch"
    )
    right.markdown(plain(each.said))


def _files(now: View, result: Result) -> Mapping[str, tuple[File, ...]]:
    # Each callable holds the case as it is now: by the time it runs, the page may show another, and the visit is out
    # of its reach.
    log = [
        (f"{entry.when:%Y-%m-%d %H:%M}", entry.what, entry.before, entry.after, entry.why, "in the app")
        for entry in now.visit.log
    ]
    case = case_file.text_of(now.visit, _stamp(result)).encode()
    images = [
        File(
            f"Charts ({kind.upper()}, zipped)", said, f"_charts_{kind}.zip", "application/zip",
            partial(_images, now, result, kind),
        )
        for kind, said in _IMAGES.items()
    ]  # fmt: skip
    return {
        "For a bid or a meeting": (
            File("Workbook (.xlsx)", _WORKBOOK, ".xlsx", XLSX, partial(_workbook, result, log)),
            File(
                "Evidence page (.html)", "Every number with its source, grade, age and weight in the result.",
                "_evidence.html", "text/html", partial(html_of, result, this_year()),
            ),
            *images,
        ),
        "For further work": (
            File(
                "Tables (.csv, zipped)", "The tables of these pages with every digit, one file each.", "_tables.zip",
                "application/zip", partial(_zipped, result),
            ),
            File(
                "Data (.json)", "The same tables in one file for programs.", ".json", "application/json",
                partial(json_bytes, result),
            ),
            File(
                "Service file (.toml)", _SERVICE, "_service.toml", "application/toml", partial(_service, result),
            ),
            File(
                "This case (.json)", "What was chosen, typed, rated and changed, to open again here.", "_case.json",
                "application/json", lambda: case,
            ),
        ),
    }  # fmt: skip


_WORKBOOK = (
    "Recalculates in any spreadsheet program: every input with its source, every formula live, scenarios and"
    " conventions to choose from, the profile and the change log."
)
_SERVICE = (
    "The whole service with the scenario and your values in it, each of them as an assumption that says so. Open"
    " it here, or with sroi run."
)
_IMAGES: dict[Kind, str] = {
    "png": "Images for documents and slides, each with the terms above it.",
    "svg": "The same as drawings that stay sharp at any size.",
}


def _print_view(now: View, result: Result, stem: str, address: str) -> None:
    st.subheader("Summary on two pages", anchor=False)
    st.markdown(
        "The headline with its range, what is not priced, what was taken off, who pays and gains, what carries the"
        " result, sources and terms. Save it, open it and print it: it fills two pages of A4 at most."
    )
    asked = Asked(result, now.simulation, date.today(), address)
    st.download_button(
        "Summary to print (.html)", partial(_summary, asked), f"{stem}_summary.html", "text/html",
        key="take/summary", on_click="ignore", type="primary",
    )  # fmt: skip
    if st.toggle("Show the summary here", key="preview"):
        st.iframe(summary_page(asked), height=PREVIEW)


def _summary(asked: Asked) -> bytes:
    return summary_page(asked).encode()


def _with_profile(result: Result) -> Result:
    """Return the result of the same case of the service as it was rated in this visit."""
    rated = profile.rated(result.base)
    if rated is result.base:
        return result
    return evaluate(rated, dict(result.values), scenario=result.scenario, convention=result.convention_name)


def _stamp(result: Result) -> str:
    return f"{tables.heading(result)}; sroi {tables.stated_under(result)['version']}, {date.today():%d %B %Y}."


def _address(now: View) -> str:
    """Return the address at which the case opens, on the page Explore."""
    here = st.context.url or ""
    return f"{here.split('?')[0].removesuffix('take_away')}explore?{urlencode(now.case.query())}"


def _workbook(result: Result, log: Sequence[Sequence[str]]) -> bytes:
    return workbook_bytes(
        result.base, values=result.values, scenario=result.scenario, convention=result.convention_name, log=log
    )


def _service(result: Result) -> bytes:
    """Return the service of the case as a file, which has to be called like its id."""
    values = {name: float(value) for name, value in result.values.items()}
    service = set_values(result.base.apply(result.scenario), values, HOW)
    return f"# {_stamp(result)}\n# Call this file {service.id}.toml.\n{to_toml(service)}".encode()


def _images(now: View, result: Result, kind: Kind) -> bytes:
    return _packed(chart_files(result, now.simulation, kind))


def _zipped(result: Result) -> bytes:
    return _packed(csv_files(result))


def _packed(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()
