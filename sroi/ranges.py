"""How figures with a likely range are written: no more exactly than they are known, and on the side where they lie."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sroi.printing import BEYOND_WORDS, REASONS, SCALES, counted, figure

# How many steps of what is printed lie within the likely range, and the steps that people count in.
STEPS_WITHIN = 5
_COUNTED_IN = (5, 2, 1)
# How many powers of ten finer the steps may become, and how far rounding may carry a figure: a tenth of itself, or a
# hundredth of the likely range.
_FINER, _OF_ITSELF, _OF_THE_RANGE = 2, 0.1, 0.01
# How far it may carry the figure itself, which other pages state to the penny, instead of a tenth.
_OF_THE_FIGURE = 0.035
# Fewer years than these, under three weeks, are at once: elsewhere too they are written in tenths.
_AT_ONCE = 0.05
# Where a figure changes its meaning: pays or does not. Rounding carries no figure there or beyond.
_MARKS = {"money": (0.0,), "ratio": (0.0, 1.0), "rate": (0.0,), "years": (0.0,)}
# With fewer draws there are too few beyond the 5th and 95th percentile to say where these are.
FEWEST = 100
# Smaller amounts than a hundredth of a penny are what is left when equal sums are taken from each other.
_NO_MONEY = 0.01 / 100


def step_of(low: float, high: float) -> float:
    """Return the step to which a figure with a likely range is rounded: 1, 2 or 5 times a power of ten."""
    return next(_steps(abs(high - low)))


def _steps(width: float) -> Iterator[float]:
    """Yield the steps that leave room for five within a range, from the coarsest to a hundredth of that."""
    room = width / STEPS_WITHIN
    power = math.floor(math.log10(room))
    for finer in range(_FINER + 1):
        for count in _COUNTED_IN:
            step = count * 10.0 ** (power - finer)
            if step <= room * (1 + 1e-9):
                yield step


def likely(
    value: float,
    low: float,
    high: float,
    unit: str,
    symbol: str,
    *,
    median: float | None = None,
    sd: float = 0.0,
    whole: bool = True,
) -> str:
    """Write a figure no more exactly than it is known: ``about 4 (likely 2.5 to 6)``.

    Parameters
    ----------
    value : float
        The figure at the central values.
    low, high : float
        The 5th and 95th percentile of the draws: what "likely" means everywhere.
    unit, symbol : str
        As for :func:`figure`.
    median : float, optional
        Of the draws, said as well where it rounds to another number, and lies more than a hundredth of the range away.
    sd : float
        Of the draws: says whether they are the same where the percentiles are.
    whole : bool
        Whether every draw has a number.
    """
    if math.isnan(low) or math.isnan(high):
        return f"{figure(value, unit, symbol)} (no likely range: no draw has a number)"
    value, low, high = (0.0 if _is_nothing(each, unit) else each for each in (value, low, high))
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        return _without_a_range(value, low, unit, symbol, sd, whole)
    write = _Range(low, high, unit, symbol)
    said = f"{write.about(value)} (likely {write(low)} to {write(high)}"
    apart = median is not None and not write.alike(median, value)
    return f"{said}; median {write.figure(median or 0.0)})" if apart else f"{said})"


def _is_nothing(value: float, unit: str) -> bool:
    return unit == "money" and abs(value) < _NO_MONEY


def _without_a_range(value: float, draws_at: float, unit: str, symbol: str, sd: float, whole: bool) -> str:
    """Write a figure whose 5th and 95th percentile coincide: every draw is the same, or most are."""
    said, central = figure(draws_at, unit, symbol), figure(value, unit, symbol)
    ends = f"; {central} at the central values" if central != said else ""
    if sd <= 1e-9 * abs(draws_at) or _is_nothing(sd, unit):
        same = "every draw the same" if whole else "all draws with a number the same"
        return f"{said} ({same}{ends})"
    return f"{said} in at least 90% of draws{'' if whole else ' that have a number'}{ends}"


def span(start: float, end: float, unit: str, symbol: str) -> str:
    """Write from where to where something moves, as exactly as the way is long: ``−£6,000 to £3,000``."""
    if abs(end - start) <= 1e-9 * max(abs(start), abs(end)):
        return f"{figure(start, unit, symbol)} to {figure(end, unit, symbol)}"
    write = _Range(start, end, unit, symbol)
    return f"{write(start)} to {write(end)}"


class _Range:
    """Writes figures as exactly as a range allows.

    An end is rounded to the coarsest step of which five lie within the range, that moves it by no more than a tenth of
    itself (or a hundredth of the range), and that leaves it on its side of what divides paying from not paying.

    The figure itself, and the median, are rounded to the coarsest of those steps too where that moves them by little,
    else to a power of ten: beside an exact 5.28, a 5.5 looks like another number, and 5.3 does not.
    """

    def __init__(self, low: float, high: float, unit: str, symbol: str) -> None:
        self._unit, self._symbol = unit, symbol
        self._width = abs(high - low)
        self._largest = max(abs(low), abs(high))
        # Beyond lie rows of digits that nobody reads.
        self._readable = 1e-9 <= self._largest < BEYOND_WORDS

    def __call__(self, number: float) -> str:
        return self._rounded(number, _steps(self._width), _OF_ITSELF)

    def figure(self, number: float) -> str:
        return self._rounded(number, self._figure_steps(), _OF_THE_FIGURE)

    def about(self, number: float) -> str:
        said = self.figure(number)
        return said if said.startswith(("just", "at once")) else f"about {said}"

    def alike(self, one: float, other: float) -> bool:
        """Say whether one figure says nothing that the other does not."""
        near = abs(one - other) <= self._width * _OF_THE_RANGE and self._sides(one, other)
        return near or self.figure(one) == self.figure(other)

    def _rounded(self, number: float, steps: Iterable[float], of_itself: float) -> str:
        if not self._readable:
            return figure(number, self._unit, self._symbol)
        if self._unit == "years" and abs(number) < _AT_ONCE:
            return "at once"
        most = max(abs(number) * of_itself, self._width * _OF_THE_RANGE)
        for step in steps:
            rounded = round(number / step) * step
            if abs(rounded - number) <= most and self._sides(number, rounded, step / 2):
                return self._written(number, step)
        mark = next(each for each in _MARKS[self._unit] if self._on(number, each))
        return f"just {'over' if number > mark else 'under'} {self._written(mark, step_of(0.0, self._width))}"

    def _figure_steps(self) -> Iterator[float]:
        steps = list(_steps(self._width))
        yield steps[0]
        yield from (step for step in steps[1:] if _is_power_of_ten(step))

    def _sides(self, number: float, rounded: float, nearer: float = 0.0) -> bool:
        """Say whether two figures lie on one side of every mark; what is nearer to one than that lies on it."""
        return all(
            _sign(number - mark) == (0 if abs(rounded - mark) < nearer else _sign(rounded - mark))
            for mark in _MARKS[self._unit]
        )

    def _on(self, number: float, mark: float) -> bool:
        *_, finest = _steps(self._width)
        return abs(number - mark) <= finest

    def _written(self, number: float, step: float) -> str:
        scale, word = 1.0, ""
        rounded = round(number / step) * step
        if self._unit == "money":
            # A figure's word goes by the largest end, so that all of them can be compared at a glance.
            scale, word = next((pair for pair in SCALES if self._largest >= pair[0]), (1.0, ""))
            if abs(rounded) < scale * _OF_ITSELF:
                scale, word = 1.0, ""
        return _rounded(rounded, step, scale, self._unit, self._symbol) + word


def _is_power_of_ten(step: float) -> bool:
    power = math.log10(step)
    return abs(power - round(power)) < 1e-9


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _rounded(nearest: float, step: float, scale: float, unit: str, symbol: str) -> str:
    nearest, step = nearest / scale, step / scale
    if unit == "rate":
        nearest, step = nearest * 100, step * 100
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    pence = unit == "money" and scale == 1 and places > 0
    size = f"{abs(nearest):,.{max(places, 2) if pence else places}f}"
    if "." in size and not pence:
        size = size.rstrip("0").rstrip(".")
    sign = "−" if nearest < 0 and float(size.replace(",", "")) else ""
    if unit == "years":
        return f"{sign}{size} year{'' if size == '1' else 's'}" if float(size.replace(",", "")) else "at once"
    size = {"money": f"{symbol}{size}", "rate": f"{size}%"}.get(unit, size)
    return f"{sign}{size}"


def drawn(row: Mapping[str, Any], symbol: str, words: Mapping[str, int], draws: int) -> str:
    """Write a result of a simulation with its likely range, and in how many draws it has no number, and why.

    Parameters
    ----------
    row : mapping
        ``unit``, ``central``, ``median``, ``p5``, ``p95``, ``sd`` and ``undefined`` of the result.
    symbol : str
        Of the currency.
    words : mapping of str to int
        The words of :data:`REASONS` that hold, each with its number of draws.
    draws : int
    """
    central = math.nan if row["central"] is None else float(row["central"])
    low, high, median = float(row["p5"]), float(row["p95"]), float(row["median"])
    if math.isnan(low):
        word = next(iter(words), "") if len(words) == 1 else ""
        return f"{_NEVER} in any draw" if word == "never" else REASONS.get(word, "no draw has a number")
    told = dict(words) or ({"": row["undefined"]} if row["undefined"] else {})
    counts = "; ".join(_in_draws(word, times, draws) for word, times in told.items())
    if draws < FEWEST:
        known = figure(None if math.isnan(central) else central, row["unit"], symbol)
        said = f"{known} at the central values; no likely range from {counted(draws, 'draw')}"
        return f"{said}; {counts}" if counts else said
    at = median if math.isnan(central) else central
    whole = not row["undefined"]
    said = likely(at, low, high, row["unit"], symbol, median=median, sd=float(row["sd"]), whole=whole)
    if math.isnan(central):
        counts = counts.replace(f"{_NEVER} in", f"{_NEVER} at the central values and in")
        return f"{'' if 'never' in words else 'no number at the central values; '}{counts}; in the other draws {said}"
    return f"{said}; {counts}" if counts else said


_NEVER = "never pays back within the horizon"


def _in_draws(word: str, times: int, draws: int) -> str:
    """Say in how many draws a word of a result holds, and what it means."""
    reason = _NEVER if word == "never" else REASONS.get(word, "undefined")
    what, _, why = reason.removeprefix("but ").partition(": ")
    return f"{what} in {times:,} of {counted(draws, 'draw')}{f' ({why})' if why else ''}"
