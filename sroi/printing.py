"""How numbers are written for people: pounds, ratios, shares and years, and what an undefined result says."""

from __future__ import annotations

from collections.abc import Sequence

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
# So near to never or always, no percentage is written.
_NEARLY_ALL = 0.995
# How many of the outcomes without a price a headline names.
NAMED = 3
SCALES = ((1e9, " billion"), (1e6, " million"))
_SMALLEST_WHOLE = 100
_SMALLEST_THOUSAND = 1_000
# From here on digits say nothing to anybody: a power of ten is written.
BEYOND_WORDS = 1e15


def money(value: float, symbol: str, *, exact: bool = False, beside: float = 0.0) -> str:
    """Write an amount: three figures of a million, whole pounds below, pence under 100.

    Parameters
    ----------
    value : float
    symbol : str
    exact : bool
        Whole pounds, whatever the size.
    beside : float
        Another amount, printed next to it: no pence where that has none.
    """
    sign, size = ("−" if round(value, 2) < 0 else ""), abs(value)
    if size >= BEYOND_WORDS:
        return f"{sign}{symbol}{_power(size)}"
    if not exact:
        for scale, word in SCALES:
            if size >= scale:
                return f"{sign}{symbol}{size / scale:,.2f}{word}"
    whole = exact or max(size, abs(beside)) >= _SMALLEST_WHOLE
    return f"{sign}{symbol}{size:,.0f}" if whole else f"{sign}{symbol}{size:,.2f}"


def ratio(value: float) -> str:
    """Write a ratio to two decimals."""
    if abs(value) >= BEYOND_WORDS:
        return f"{'−' if value < 0 else ''}{_power(abs(value))}"
    return f"{value:,.2f}".replace("-", "−")


def _power(size: float) -> str:
    figures, _, power = f"{size:.1e}".partition("e")
    return f"{figures} × 10^{int(power)}"


def count(value: float) -> str:
    """Write a number of people, visits or years: four figures, whole from 1,000 up."""
    return f"{value:,.0f}" if abs(value) >= _SMALLEST_THOUSAND else f"{value:.4g}"


def years(count: int) -> str:
    """Write a whole number of years."""
    return counted(count, "year")


def counted(count: int, thing: str) -> str:
    """Write how many things there are: ``1 input``, ``2 inputs``."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def not_priced(labels: Sequence[str]) -> str:
    """Name the outcomes that carry no price, the first three of them, and say how many more there are."""
    if not labels:
        return ""
    named = [*labels[:NAMED], *([f"and {len(labels) - NAMED} more"] if len(labels) > NAMED else [])]
    return f"Not priced: {'; '.join(named)}."


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


def quantity(value: float, unit: str, symbol_of: dict[str, str], *, exact: bool = False) -> str:
    """Write a parameter's value with its unit: a share in percent, money with its sign, the rest in words.

    Three figures, whole numbers from 1,000 up; all of them where it has to be ``exact``, such as a default.
    """
    size = f"{value:,.12g}" if exact else f"{value:,.0f}" if abs(value) >= _SMALLEST_THOUSAND else f"{value:.3g}"
    size = size.replace("-", "−")
    if unit == "share":
        return f"{size} ({value:.1%})".replace("-", "−")
    for code, symbol in symbol_of.items():
        if unit == code or unit.startswith(f"{code} "):
            return f"{money(value, symbol)}{unit.removeprefix(code)}"
    return f"{size} {unit}".strip()


def tick(value: float, unit: str) -> str:
    """Write a value beside an axis whose title names the unit: three figures, a share in percent."""
    if unit == "share":
        return f"{value:.1%}".replace("-", "−")
    rounded = float(f"{value:.2e}")
    return f"{rounded:,.10g}".replace("-", "−")


def chance(share: float) -> str:
    """Write a chance in whole percent; never 0% or 100%, which a finite number of draws cannot show."""
    if share >= _NEARLY_ALL:
        return "over 99%"
    return "under 1%" if share < 1 - _NEARLY_ALL else f"{share:.0%}"


def is_rare(share: float) -> bool:
    """Say whether a share of draws is too small to be written: under half a percent."""
    return share < 1 - _NEARLY_ALL


def to_figures(value: float, symbol: str, figures: int = 2) -> str:
    """Write an amount to so many significant figures: £12,000, £1.2 million, £0.80."""
    rounded = float(f"{value:.{figures - 1}e}")
    sign = "−" if rounded < 0 else ""
    if abs(rounded) >= BEYOND_WORDS:
        return f"{sign}{symbol}{_power(abs(rounded))}"
    if 0 < abs(value) < 0.01:
        return f"{'over' if value < 0 else 'under'} {sign}{symbol}0.01"
    scale, word = next((pair for pair in SCALES if abs(rounded) >= pair[0]), (1.0, ""))
    size = f"{abs(rounded) / scale:,.6f}".rstrip("0").rstrip(".")
    if "." in size and scale == 1:
        size = f"{abs(rounded):,.2f}"
    return f"{sign}{symbol}{size}{word}"
