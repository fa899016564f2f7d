"""The service file as rows of a sheet, and back: what was written is what is read, to the last character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sroi.schema import Change, Parameter
from sroi.service import Service
from sroi.service_file import to_toml
from sroi.workbook.render import FORBIDDEN

NAME = "Service file"
HEADING = "Text"
GOES_ON = "goes on in the next row"
LONGEST_LINE = 15_000
# What no cell can hold, and what openpyxl takes for an escape of its own. Such text stands between quotation marks
# only, where TOML has another spelling for it.
_UNSAFE = re.compile(f"{FORBIDDEN.pattern}|x(?=005F_)")


def text_of(service: Service) -> str:
    """Return the service file of a service, with numbers by year for as many years as it looks at."""
    years = service.about.appraisal_years
    parameters = {name: _cut(parameter, years) for name, parameter in service.parameters.items()}
    scenarios = {
        key: scenario.model_copy(update={"changes": {n: _cut(change, years) for n, change in scenario.changes.items()}})
        for key, scenario in service.scenarios.items()
    }
    text = to_toml(service.replace(parameters=parameters, scenarios=scenarios))
    # A line end is one of the characters that no cell of one line holds, and what rows are made of.
    return "\n".join(_UNSAFE.sub(_escaped, line) for line in text.split("\n"))


def _cut(entry: Parameter | Change, years: int) -> Parameter | Change:
    if entry.by_year is None or len(entry.by_year) <= years:
        return entry
    return entry.model_copy(update={"by_year": entry.by_year[:years]})


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def rows_of(text: str) -> list[tuple[str, bool]]:
    """Return the rows that hold a text: what stands in each, and whether it goes on in the next."""
    return [piece for line in text.split("\n") for piece in _pieces(line)]


def _pieces(line: str) -> list[tuple[str, bool]]:
    """Cut a line that no cell can hold."""
    cut = [line[start : start + LONGEST_LINE] for start in range(0, max(1, len(line)), LONGEST_LINE)]
    return [(piece, place < len(cut) - 1) for place, piece in enumerate(cut)]


def lines_of(rows: Iterable[tuple[str, bool]]) -> tuple[list[str], list[int]]:
    """Return the lines that rows hold, and for each the row in which it begins, from 0."""
    lines: list[str] = []
    starts: list[int] = []
    open_line = False
    for row, (text, goes_on) in enumerate(rows):
        if open_line:
            lines[-1] += text
        else:
            lines.append(text)
            starts.append(row)
        open_line = goes_on
    return lines, starts


def rows_on(values: Sequence[Sequence[object]]) -> Iterator[tuple[str, bool]]:
    """Yield the rows below a heading as :func:`rows_of` gives them."""
    for row in values:
        text, mark = (*row, None, None)[:2]
        yield "" if text is None else str(text), mark == GOES_ON
