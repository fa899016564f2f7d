"""How numbers are written for people: pounds, ratios, shares and years, and what an undefined result says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

# Why a result is undefined, or to be read with care, by the word in ``status``.
REASONS = {
    "no_inputs": "undefined: nothing is put in",
    "no_costs": "undefined: nothing is spent",
    "no_net_cost": "undefined: fiscal savings cover the whole cost",
    "no_public_cost": "undefined: no public body pays",
    "pays_for_itself": "none: on balance the public purse pays nothing, and nobody else loses",
    "read_the_other_way": "to be read with care: the public purse saves, and people lose this much for each unit saved",
    "never": "never within the horizon",
    "falls_below_again": "but the running sum falls below zero again later",
    "no_single_sign_change": "undefined: the yearly net flow does not change sign exactly once",
    "outside_search": "undefined: beyond any rate that could be meant",
    "no_reference_income": "not stated: the service gives no incomes",
}
_SCALES = ((1e9, " billion"), (1e6, " million"))
_SMALLEST_WHOLE = 100
_SMALLEST_THOUSAND = 1_000


def money(value: float, symbol: str, *, exact: bool = False) -> str:
    """Write an amount: three figures of a million, whole pounds below, pence under 100."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    if not exact:
        for scale, word in _SCALES:
            if size >= scale:
                return f"{sign}{symbol}{size / scale:,.2f}{word}"
    return f"{sign}{symbol}{size:,.0f}" if size >= _SMALLEST_WHOLE or exact else f"{sign}{symbol}{size:,.2f}"


def ratio(value: float) -> str:
    """Write a ratio to two decimals."""
    return f"{value:,.2f}".replace("-", "−")


def count(value: float) -> str:
    """Write a number of people, visits or years: four figures, whole from 1,000 up."""
    return f"{value:,.0f}" if abs(value) >= _SMALLEST_THOUSAND else f"{value:.4g}"


def years(count: int) -> str:
    """Write a whole number of years."""
    return f"{count} year{'' if count == 1 else 's'}"


def figure(value: float | None, unit: str, symbol: str, status: str = "") -> str:
    """Write a result in its unit (``money``, ``ratio``, ``years``, ``rate``), or why there is none."""
    if value is None:
        return REASONS.get(status, "undefined")
    said = _written(value, unit, symbol)
    return f"{said}, {REASONS[status]}" if status in REASONS else said


def _written(value: float, unit: str, symbol: str) -> str:
    match unit:
        case "money":
            return money(value, symbol)
        case "years":
            return f"{value:.1f} years" if value else "at once"
        case "rate":
            return f"{value:.1%}".replace("-", "−")
        case _:
            return ratio(value)


def quantity(value: float, unit: str, symbol_of: dict[str, str]) -> str:
    """Write a parameter's value with its unit: a share in percent, money with its sign, the rest in words."""
    if unit == "share":
        return f"{value:.4g}".replace("-", "−") + f" ({value:.1%})"
    for code, symbol in symbol_of.items():
        if unit == code or unit.startswith(f"{code} "):
            return f"{money(value, symbol)}{unit.removeprefix(code)}"
    return f"{value:,.6g} {unit}".strip()


# How many steps of what is printed lie within the likely range, and the steps that people count in.
STEPS_WITHIN = 5
_COUNTED_IN = (5, 2, 1)
_NEARLY_ALL = 0.995


def step_of(low: float, high: float) -> float:
    """Return the step to which a figure with a likely range is rounded: 1, 2 or 5 times a power of ten."""
    room = (high - low) / STEPS_WITHIN
    power = 10.0 ** math.floor(math.log10(room))
    return next(count * power for count in _COUNTED_IN if count * power <= room * (1 + 1e-9))


def likely(value: float, low: float, high: float, unit: str, symbol: str, *, median: float | None = None) -> str:
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
        Of the draws, said as well where it rounds to another number.
    """
    if not math.isfinite(high - low):
        return f"{figure(value, unit, symbol)} (no likely range: no draw has a number)"
    if high <= low:
        return f"{figure(value, unit, symbol)} (every draw the same)"
    step = step_of(low, high)
    scale, word = 1.0, ""
    if unit == "money":
        # A figure's word goes by the largest end, so that all of them can be compared at a glance.
        scale, word = next((pair for pair in _SCALES if max(abs(low), abs(high)) >= pair[0]), (1.0, ""))

    def write(number: float) -> str:
        return _rounded(number, step, scale, unit, symbol) + (word if unit == "money" else "")

    said = f"about {write(value)} (likely {write(low)} to {write(high)}"
    other = median is not None and write(median) != write(value)
    return f"{said}; median {write(median or 0.0)})" if other else f"{said})"


def _rounded(number: float, step: float, scale: float, unit: str, symbol: str) -> str:
    nearest = round(number / step) * step / scale
    if unit == "rate":
        nearest, step = nearest * 100, step * 100
    places = max(0, -math.floor(math.log10(step / scale) + 1e-9))
    pence = unit == "money" and scale == 1 and places > 0
    size = f"{abs(nearest):,.{max(places, 2) if pence else places}f}"
    if "." in size and not pence:
        size = size.rstrip("0").rstrip(".")
    sign = "−" if nearest < 0 and float(size.replace(",", "")) else ""
    size = {"money": f"{symbol}{size}", "rate": f"{size}%", "years": f"{size} year{'' if size == '1' else 's'}"}.get(
        unit, size
    )
    return f"{sign}{size}"


def chance(share: float) -> str:
    """Write a chance in whole percent; never 0% or 100%, which a finite number of draws cannot show."""
    if share >= _NEARLY_ALL:
        return "over 99%"
    return "under 1%" if share < 1 - _NEARLY_ALL else f"{share:.0%}"


def to_figures(value: float, symbol: str, figures: int = 2) -> str:
    """Write an amount to so many significant figures: £12,000, £1.2 million."""
    rounded = float(f"{value:.{figures - 1}e}")
    scale, word = next((pair for pair in _SCALES if abs(rounded) >= pair[0]), (1.0, ""))
    size = f"{abs(rounded) / scale:,.6f}".rstrip("0").rstrip(".")
    return f"{'−' if rounded < 0 else ''}{symbol}{size}{word}"


def drawn(row: Mapping[str, Any], symbol: str) -> str:
    """Write a result of a simulation with its likely range, and in how many draws it has no number."""
    central = math.nan if row["central"] is None else float(row["central"])
    low, high = float(row["p5"]), float(row["p95"])
    at = float(row["median"]) if math.isnan(central) else central
    if math.isnan(low):
        return "no draw has a number"
    said = likely(at, low, high, row["unit"], symbol, median=float(row["median"]))
    if math.isnan(central):
        said = f"undefined at the central values; over the other draws {said}"
    return f"{said}, undefined in {row['undefined']:,} draws" if row["undefined"] else said
