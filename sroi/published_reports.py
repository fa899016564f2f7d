"""Where a result stands among published SROI reports: its ratio and its deductions beside their distributions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from sroi import printing, reading, sentences
from sroi.breakdown import one_case
from sroi.editions import models_folder
from sroi.entry import Entry, listed
from sroi.errors import ServiceError
from sroi.result import Result
from sroi.schema import DEDUCTIONS, Outcome, Text

PERCENTILES = {
    "p10": "10th percentile",
    "p25": "25th percentile",
    "median": "median",
    "p75": "75th percentile",
    "p90": "90th percentile",
}


class Source(Entry):
    """Where the distributions are from."""

    title: Text
    author: Text
    edition: Text
    url: Text
    reports: Annotated[int, Field(ge=1)]
    """How many reports were looked at."""
    how_sure: Text
    licence: Text
    note: Text


class Distribution(Entry):
    """Percentiles of one quantity over published reports."""

    label: Text
    unit: Literal["ratio", "share"]
    n: Annotated[int, Field(ge=1)]
    """How many there are of what ``of`` says."""
    of: Text
    p10: float | None = None
    p25: float | None = None
    median: float
    p75: float | None = None
    p90: float | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _percentiles_rise(self) -> Self:
        found = list(self.percentiles.values())
        if found != sorted(found):
            raise ValueError("Percentiles do not fall: write p10, p25, median, p75 and p90 in order of size")
        return self

    @property
    def percentiles(self) -> dict[str, float]:
        """The percentiles that were seen, lowest first."""
        found = {name: getattr(self, name) for name in PERCENTILES}
        return {name: value for name, value in found.items() if value is not None}

    def place(self, value: float) -> str:
        """Say where a value stands: ``between the 25th percentile and the median of 247 published reports``."""
        percentiles = self.percentiles
        at = [PERCENTILES[name] for name, each in percentiles.items() if math.isclose(each, value)]
        below = [PERCENTILES[name] for name, each in percentiles.items() if each < value]
        above = [PERCENTILES[name] for name, each in percentiles.items() if each > value]
        if at:
            said = f"at the {' and the '.join(at)}"
        elif below and above:
            said = f"between the {below[-1]} and the {above[0]}"
        else:
            said = f"above the {below[-1]}" if below else f"below the {above[0]}"
        return f"{said} of {self.n:,} {self.of}"


class Practice(Entry):
    """Something else that is known of published reports."""

    says: Text
    source: Text
    how_sure: Text


class Reports(Entry):
    """What published SROI reports look like."""

    warning: Text
    """What has to be said beside every comparison of ratios."""
    source: Source
    distributions: dict[str, Distribution]
    practice: Annotated[tuple[Practice, ...], BeforeValidator(listed)] = ()


@cache
def read(file: Path | None = None) -> Reports:
    """Read the distributions.

    Parameters
    ----------
    file : Path, optional
        A file like ``models/reference/benchmarks.toml``, which is read when none is given.

    Raises
    ------
    ServiceError
        With every fault of the file.
    """
    path = file or models_folder() / "reference" / "benchmarks.toml"
    found, faults = sentences.read("", Reports, reading.tables_of(path))
    if found is None:
        raise ServiceError(path.name, faults)
    return found


def benchmarks() -> pd.DataFrame:
    """Return what published SROI reports look like: one row for each quantity.

    Returns
    -------
    DataFrame
        Index ``quantity``. Columns: ``label``; ``unit``, ``ratio`` (units of money for each one put in) or ``share``
        (0 to 1; of drop-off and discount rate, a year); ``n``, how many there are of what ``of`` says; ``p10``,
        ``p25``, ``median``, ``p75``, ``p90``, nan where not seen; ``note``; ``source``.

    Notes
    -----
    Source: J. C. Muñoz Mora, sroi-meta-analysis, over 383 reports of the Social Value UK database. Statistics to set a
    result beside, never a prior for any service; ratios are no league table.
    """
    reports = read()
    source = f"{reports.source.author}, {reports.source.title}, {reports.source.edition}"
    rows = {
        name: {**each.model_dump(), "note": each.note or "", "source": source}
        for name, each in reports.distributions.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")
    columns = ["label", "unit", "n", "of", *PERCENTILES, "note", "source"]
    return frame[columns].astype(dict.fromkeys(PERCENTILES, float))


def compare_benchmarks(result: Result) -> pd.DataFrame:
    """Return where a result's ratio and deductions stand among published reports.

    Parameters
    ----------
    result : Result
        One case.

    Returns
    -------
    DataFrame
        One row for the SROI ratio, where there is one, and one for each deduction of each outcome. Columns:
        ``quantity``; ``outcome``, its label, empty for the ratio; ``value``, a ratio or a share (of the first year,
        where it varies by year); ``stands``, in words; ``flag``, empty or why to look at it again: a deduction above
        zero and below the 10th percentile, or a zero without a written reason.

    Raises
    ------
    ServiceError
        When the result holds many cases.

    Notes
    -----
    As for :func:`sroi.benchmarks`. Ratios are no league table.
    """
    one_case(result, "compare_benchmarks")
    columns = ["quantity", "outcome", "value", "stands", "flag"]
    return pd.DataFrame(list(_rows(result)), columns=columns).astype({"value": float})


def _rows(result: Result) -> Iterator[dict[str, Any]]:
    ratio = result.sroi_ratio
    if ratio is not None:
        stands = read().distributions["sroi_ratio"].place(ratio)
        yield {"quantity": "sroi_ratio", "outcome": "", "value": ratio, "stands": stands, "flag": ""}
    values = result.impact_map()
    for outcome in result.service.outcomes:
        for deduction in DEDUCTIONS:
            if deduction == "drop_off" and outcome.already_present_value:
                continue
            value = float(values.loc[outcome.id, deduction])  # type: ignore[arg-type]
            stands, flag = _deduction(outcome, deduction, value)
            row = {"quantity": deduction, "outcome": outcome.name, "value": value}
            yield {**row, "stands": stands, "flag": flag}


def _deduction(outcome: Outcome, deduction: str, value: float) -> tuple[str, str]:
    """Say where a deduction stands, and why to look at it again."""
    distribution = read().distributions[deduction]
    if value == 0:
        reason = dict(outcome.zero_because).get(deduction)  # type: ignore[call-overload]
        return ("zero, with a reason", "") if reason else ("zero", "is zero without a written reason")
    stands = distribution.place(value)
    low = distribution.p10
    return stands, f"is {stands}" if low is not None and value < low and not math.isclose(value, low) else ""


def standing(result: Result) -> list[str]:
    """Say where the ratio stands among published reports, with the warning that belongs there, and what is flagged.

    Parameters
    ----------
    result : Result
        One case.
    """
    table = compare_benchmarks(result)
    ratio = table[table["quantity"] == "sroi_ratio"].to_dict("records")
    said = [f"The SROI ratio of {printing.ratio(row['value'])} is {row['stands']}. {read().warning}" for row in ratio]
    flagged = table[table["flag"] != ""]
    for (quantity, flag), rows in flagged.groupby(["quantity", "flag"], sort=False):
        label = read().distributions[str(quantity)].label
        said.append(f"{label} {flag}: {'; '.join(dict.fromkeys(rows['outcome']))}.")
    return said
