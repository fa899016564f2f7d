"""Sheets written as a file. Only this module knows XlsxWriter, and what it does to text and numbers."""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from sroi.workbook.grid import DESCRIPTION_ROW, Chart, Formula, Sheet, Table, Validation
from sroi.workbook.styles import FONT, TABS, styles

# What a spreadsheet holds at most in one cell, in a message and in its heading, counted as it counts.
LONGEST_TEXT, LONGEST_MESSAGE, LONGEST_REFUSAL = 32_767, 255, 225
# Head and foot of a page hold 255 characters, the marks in them counted; a property of a file as many.
LONGEST_FOOTER, LONGEST_HEAD, LONGEST_SAID, LONGEST_PROPERTY = 200, 80, 150, 255
A4 = 9
HEADINGS = {"Input": "Your value", "Refused": "Not possible here"}
# Characters that no file of this kind can hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Row heights in points, and how much of a column's width words fill on average.
PAGE_WIDTH, MOST_ACROSS, CHART_SPAN = 230, 3, 20
# Beside the digits of a number: its sign, that of the currency, and some air.
ROOM, WIDEST = 3, 40
LINE_HEIGHT, LEADING_HEIGHT, NARROW, FILLED, HEADED, MOST_LINES = 13.0, 3.0, 9.0, 1.0, 0.9, 30
WRAPPED = frozenset({"wrapped", "header", "free", "label_wrapped", "code"})
CHART_SIZE = {"width": 900, "height": 380}
# Pixels above a chart, so that its frame does not print on the page before.
CHART_GAP = 6


class _Exact(float):
    """A number that is written with every digit: XlsxWriter writes 16, of which one in four doubles loses its last."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas are written as they are: ours hold none of the functions that need a prefix."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def clean(text: str) -> str:
    """Return a text without what a file cannot hold; line ends become one kind."""
    return FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def render(sheets: Iterable[Sheet], names: Mapping[str, str], properties: Mapping[str, Any]) -> bytes:
    """Return the sheets as a workbook.

    Parameters
    ----------
    sheets : iterable of Sheet
    names : mapping of str to str
        Defined names, each with the cell it stands for.
    properties : mapping of str to object
        ``title``, ``author``, ``comments``, ``created``, and ``custom``: properties of our own.
    """
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(FONT),
    }
    book = xlsxwriter.Workbook(target, options)
    formats = {name: book.add_format(style) for name, style in styles(str(properties["symbol"])).items()}
    written = [(sheet, book.add_worksheet(sheet.name, _Sheet)) for sheet in sheets]
    for sheet, page in written:
        sheet.widths = _fitting(sheet)
        _cells(sheet, page, book, formats)
        _marks(sheet, page, formats)
        _page(sheet, page, str(properties["footer"]))
    for sheet, page in written:
        for chart in sheet.charts:
            how = {"description": clean(chart.alt), "y_offset": CHART_GAP}
            page.insert_chart(chart.row, chart.column, _chart(book, chart), how)
    for name, place in names.items():
        book.define_name(name, f"={place}")
    title = _short(_one_line(str(properties["title"])), LONGEST_PROPERTY)
    book.set_properties({"title": title, **{key: properties[key] for key in ("author", "comments", "created")}})
    for key, value in properties["custom"].items():
        book.set_custom_property(key, value)
    book.close()
    return target.getvalue()


def _fitting(sheet: Sheet) -> dict[int, float]:
    """Return the widths of columns, widened where a number would not fit and hashes would stand for it."""
    widths = dict(sheet.widths)
    for (_, column), cell in sheet.cells.items():
        value = cell.content.value if isinstance(cell.content, Formula) else cell.content
        if isinstance(value, float) and math.isfinite(value):
            needed = min(WIDEST, len(f"{abs(value):,.0f}") + ROOM)
            widths[column] = max(widths.get(column, NARROW), needed)
    return widths


def _cells(sheet: Sheet, page: Any, book: Any, formats: Mapping[str, Any]) -> None:
    # XlsxWriter writes the headings of a table itself.
    heads = {(table.row, table.column + place) for table in sheet.tables for place in range(len(table.headers))}
    for (row, column), cell in sheet.cells.items():
        if (row, column) in heads:
            continue
        style, content = formats[cell.style], cell.content
        if isinstance(content, Formula):
            value = content.value
            if isinstance(value, float):
                value = "#N/A" if not math.isfinite(value) else _Exact(value)
            else:
                value = clean(value)
            page.write_formula(row, column, f"={content.text}", style, value)
        elif isinstance(content, str):
            if content:
                _text(page, row, column, held(content), style, book)
            else:
                page.write_blank(row, column, None, style)
        elif content is None:
            page.write_blank(row, column, None, style)
        else:
            page.write_number(row, column, _Exact(content), style)


def held(text: str) -> str:
    """Return a text as a cell holds it: what is cut stands whole on the sheet Service file, in several cells."""
    text = clean(text)
    return text if _length(text) <= LONGEST_TEXT else _short(text, LONGEST_TEXT - len(GOES_ON)) + GOES_ON


def _text(page: Any, row: int, column: int, text: str, style: Any, book: Any) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes this for marked-up text of its own, and would write it unescaped.
        page.write_rich_string(row, column, text[:1], book.add_format(), text[1:], style)
        return
    page.write_string(row, column, text, style)


def _marks(sheet: Sheet, page: Any, formats: Mapping[str, Any]) -> None:
    for table in sheet.tables:
        page.add_table(*_span(table), _table(table, formats))
    for each in sheet.validations:
        page.data_validation(each.row, each.column, each.row, each.column, _validation(each))
    for column, first, last in sheet.flags:
        for word, style in (("changed", "flag_changed"), ("fail", "flag_fail"), ("pass", "flag_pass")):
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": formats[style]}
            page.conditional_format(first, column, last, column, rule)


def _span(table: Table) -> tuple[int, int, int, int]:
    return table.row, table.column, table.row + table.rows, table.column + len(table.headers) - 1


def _table(table: Table, formats: Mapping[str, Any]) -> dict[str, Any]:
    columns = [{"header": clean(header), "header_format": formats["header"]} for header in table.headers]
    return {"name": table.name, "columns": columns, "style": None, "autofilter": False}


def _validation(each: Validation) -> dict[str, Any]:
    said = {
        "input_title": HEADINGS["Input"] if not each.options else "Choose",
        "input_message": _short(_one_line(each.message), LONGEST_MESSAGE),
        "error_title": HEADINGS["Refused"],
        "error_message": _short(_one_line(each.refusal), LONGEST_REFUSAL),
        "ignore_blank": True,
    }
    if each.options:
        return {"validate": "list", "source": f"={each.options}", **said}
    kind = "integer" if each.whole else "decimal"
    if each.low is not None and each.high is not None:
        return {"validate": kind, "criteria": "between", "minimum": each.low, "maximum": each.high, **said}
    if each.low is not None:
        return {"validate": kind, "criteria": ">=", "value": each.low, **said}
    if each.high is not None:
        return {"validate": kind, "criteria": "<=", "value": each.high, **said}
    return {"validate": kind, "criteria": "between", "minimum": -LARGEST, "maximum": LARGEST, **said}


LARGEST = 1e100
GOES_ON = " (cut here: a cell holds no more; it stands whole on the sheet Service file)"


def _one_line(text: str) -> str:
    return clean(text).replace("\n", " ")


def _length(text: str) -> int:
    """Return how long a text is as a spreadsheet counts: a character outside the first plane counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _short(text: str, longest: int) -> str:
    """Cut a text to what a spreadsheet holds, and show that it was."""
    if _length(text) <= longest:
        return text
    return text.encode("utf-16-le")[: 2 * (longest - 1)].decode("utf-16-le", errors="ignore") + "…"


def _marked(text: str, longest: int) -> str:
    """Return a text for the head or the foot of a page, where one & begins a mark and two are one."""
    text = _short(_one_line(text), longest)
    while _length(text) + text.count("&") > longest:
        text = f"{text[:-2]}…"
    return text.replace("&", "&&")


def _page(sheet: Sheet, page: Any, footer: str) -> None:
    for column, width in sheet.widths.items():
        page.set_column(column, column, width)
    for row, height in (_heights(sheet) | sheet.heights).items():
        page.set_row(row, height)
    if sheet.breaks:
        page.set_h_pagebreaks(sheet.breaks)
    page.freeze_panes(*sheet.frozen)
    page.set_tab_color(TABS[sheet.role])
    page.hide_gridlines(2)
    page.set_paper(A4)
    if not sheet.portrait:
        page.set_landscape()
    across = _pages(sheet)
    page.fit_to_pages(across, 0)
    top, bottom = 0, max(_last(sheet, 0), *(chart.row + CHART_SPAN for chart in sheet.charts), 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    if across > 1:
        # What runs over the columns beside it would be cut on every page but the first: it heads each page instead.
        top = min(row for row, _ in sheet.cells if row > DESCRIPTION_ROW)
        title, said = _marked(sheet.title, LONGEST_HEAD), _marked(sheet.description, LONGEST_SAID)
        page.set_margins(left=0.4, right=0.4, top=0.9, bottom=0.6)
        page.set_header(f"&L&B{title}&B\n{said}")
        if sheet.frozen[1]:
            page.repeat_columns(0, sheet.frozen[1] - 1)
    page.print_area(top, 0, bottom, _last(sheet, 1))
    if sheet.tables and sheet.frozen[0] == sheet.tables[0].row + 1:
        page.repeat_rows(sheet.tables[0].row)
    page.set_footer(f"&L{_marked(footer, LONGEST_FOOTER)}&R&A, page &P of &N")
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _pages(sheet: Sheet) -> int:
    """Return how many pages a sheet takes side by side, the columns that stay in view repeated on each."""
    wide = sum(sheet.widths.get(column, NARROW) for column in range(_last(sheet, 1) + 1))
    again = sum(sheet.widths.get(column, NARROW) for column in range(sheet.frozen[1]))
    # Beyond so many pages a smaller print is easier to follow than one page more.
    return 1 if wide <= PAGE_WIDTH else min(MOST_ACROSS, math.ceil((wide - again) / (PAGE_WIDTH - again)))


def _last(sheet: Sheet, axis: int) -> int:
    """Return the last row (0) or column (1) in which something stands; titles run over the columns beside them."""
    return max(place[axis] for place in sheet.cells)


def _heights(sheet: Sheet) -> dict[int, float]:
    """Return the height of each row with wrapped text: not every program works it out when it opens a file."""
    lines: dict[int, int] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.style not in WRAPPED:
            continue
        content = cell.content.value if isinstance(cell.content, Formula) else cell.content
        if isinstance(content, str) and content:
            width = max(1.0, sheet.widths.get(column, NARROW) * FILLED)
            if cell.style == "header":
                # Bold words in narrow columns: no word is cut.
                needed = len(textwrap.wrap(content, max(1, int(width * HEADED)), break_long_words=False))
            else:
                needed = sum(max(1, math.ceil(len(part) / width)) for part in content.split("\n"))
            lines[row] = max(lines.get(row, 1), min(needed, MOST_LINES))
    return {row: LINE_HEIGHT * count + LEADING_HEIGHT for row, count in lines.items() if count > 1}


def _chart(book: Any, chart: Chart) -> Any:
    # Bars lie, so that long names of what they stand for can be read.
    lying = chart.kind in ("bar", "stacked")
    kind = {"type": "bar" if lying else chart.kind, **({"subtype": "stacked"} if chart.kind == "stacked" else {})}
    drawn = book.add_chart(kind)
    for series in chart.series:
        look: dict[str, Any] = {
            "name": f"={series.name}",
            "categories": f"={series.categories}",
            "values": f"={series.values}",
        }
        none = series.colour == "none"
        if chart.kind == "line":
            look["line"] = {"color": series.colour, "width": 2.25}
        else:
            look |= {"fill": {"none": True} if none else {"color": series.colour}, "border": {"none": True}, "gap": 60}
            if chart.kind == "bar":
                look["overlap"] = 100
        drawn.add_series(look)
    drawn.set_title({"name": clean(chart.title), "name_font": {"size": 12}})
    money = {
        "num_format": chart.number_format,
        "name": chart.axis,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    plain = {"label_position": "low", "num_font": {"size": 9}}
    drawn.set_y_axis({**plain, "reverse": True} if lying else money)
    drawn.set_x_axis(money if lying else plain)
    if len(chart.series) < 2 or chart.kind == "stacked":
        # Of a bridge the names beside the bars say all; programs differ in which entry of a legend they leave out.
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom"})
    drawn.set_size(CHART_SIZE)
    return drawn
