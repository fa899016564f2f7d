"""How numbers are written for people: pounds, ratios, shares and years, and what an undefined result says."""

from __future__ import annotations

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
