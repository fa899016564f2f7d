"""The evidence behind a result: each number with its source, its age and what rests on it, and how much is weak."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sroi.elasticity import ZERO, of_result
from sroi.result import Result
from sroi.schema import ASSUMPTION, Parameter

# The numbers that are said to carry a result: the first that together hold half of it, from three to five.
FEWEST, MOST, HALF = 3, 5, 0.5
# A weak number on which less rests than this is not named at the top.
NAMED = 0.05


@dataclass(frozen=True)
class Standing:
    """How much of a result rests on which numbers; every share is of all that rests on its numbers.

    Attributes
    ----------
    carry : sequence of str
        The few parameters on which most rests: the first that together hold half, from three to five.
    carried, on_weak, on_weak_fixed : float
        The share that rests on these; on weak numbers; on those of the weak that the file holds fixed.
    numbers, assumptions, weakly_graded, own : int
        How many numbers there are, how many of them are assumptions, are graded D or E, are values of one's own.
    weak : sequence of str
        The weak numbers on which most rests, other than those held fixed.
    zero : sequence of str
        The weak numbers that are 0, for which 1% says nothing.
    """

    carry: Sequence[str]
    carried: float
    numbers: int
    assumptions: int
    weakly_graded: int
    own: int
    on_weak: float
    on_weak_fixed: float
    weak: Sequence[str]
    zero: Sequence[str]


def evidence_rows(result: Result, year: int) -> pd.DataFrame:
    """Return the evidence table of a result, what rests on each number, and how old it is.

    Parameters
    ----------
    result : Result
        Of one case.
    year : int
        The calendar year to which ages are counted.

    Returns
    -------
    DataFrame
        The columns of ``result.evidence()``; ``source`` (its name in the file) and ``age`` (years, nan where the file
        gives no year); and those of :func:`sroi.elasticities`, in its order and with its ``attrs``, its ``note`` as
        ``rests_note``.
    """
    rests, stated = of_result(result), result.evidence()
    added = rests.rename(columns={"note": "rests_note"}).drop(columns=["label", "grade"])
    frame = stated.loc[rests.index].join(added)
    frame["source"] = ["" if name in result.values else _parameter(result, name).source for name in frame.index]
    frame["age"] = [age(result, name, year) for name in frame.index]
    frame["age"] = frame["age"].astype(float)
    frame.attrs = dict(rests.attrs)
    return frame


def _parameter(result: Result, name: str) -> Parameter:
    found: Parameter = result.service.parameters[name]
    return found


def age(result: Result, name: str, year: int) -> int | None:
    """Return how many years old a number is: from its source's year, or from that of its prices where it is earlier."""
    parameter = _parameter(result, name)
    source = None if name in result.values else result.service.sources.get(parameter.source)
    if source is None:
        return None
    years = [found for text in (source.year, parameter.price_year) if (found := first_year(text)) is not None]
    return max(0, year - min(years)) if years else None


def this_year() -> int:
    """Return the calendar year that it is."""
    return datetime.date.today().year


def first_year(text: object) -> int | None:
    """Return the first calendar year that a text names: 2008 of ``"2008-09"``."""
    found = re.search(r"(?<!\d)\d{4}(?!\d)", str(text), re.ASCII)
    return int(found[0]) if found else None


def standing(rows: pd.DataFrame) -> Standing:
    """Return how much of a result rests on which numbers, from :func:`evidence_rows`."""
    share = rows["share"].fillna(0)
    before = share.cumsum() - share
    place = pd.Series(range(len(rows)), rows.index)
    carry = rows.index[((before < HALF) | (place < FEWEST)) & (share > 0)][:MOST]
    weak, fixed = rows["weak"].astype(bool), rows["fixed"].astype(bool)
    named = rows.index[weak & ~fixed & (share >= NAMED)][:MOST]
    assumed = (rows["source"] == ASSUMPTION) & ~rows["changed"]
    return Standing(
        carry=list(carry),
        carried=float(share[carry].sum()),
        numbers=len(rows),
        assumptions=int(assumed.sum()),
        weakly_graded=int((weak & ~assumed & ~rows["changed"]).sum()),
        own=int(rows["changed"].sum()),
        on_weak=float(share[weak].sum()),
        on_weak_fixed=float(share[weak & fixed].sum()),
        weak=list(named),
        zero=list(rows.index[weak & (rows["rests_note"] == ZERO)]),
    )
