"""One outcome in words: who, how many, what each is worth, what is taken off and why, how long, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sroi import glossary, printing, reference, tables
from sroi.figures import Figures
from sroi.schema import Outcome, Parameter

_TAKEN_OFF = ("deadweight", "displacement", "attribution", "leakage", "substitution")
_KINDS = {
    "fiscal": "Money of the public purse",
    "economic": "Money of people and firms",
    "social": "Worth to people and society, not money in a pocket",
}


def said_of(figures: Figures, outcome: Outcome) -> list[tuple[str, str]]:
    """Return what there is to say of an outcome, in order: a heading and a sentence for each.

    Parameters
    ----------
    figures : Figures
        Of one case.
    outcome : Outcome
        One of the service's.
    """
    row = tables.impact_map(figures).to_dict("index")[outcome.id]
    return [
        ("Who", _who(figures, outcome, row)),
        ("How many", _how_many(figures, outcome, row)),
        ("What each is worth", _worth(figures, outcome, row)),
        ("What is taken off", " ".join(_taken_off(figures, outcome, row))),
        ("How long", _how_long(outcome, row)),
        ("What is left", _left(figures, row)),
    ]


def _who(figures: Figures, outcome: Outcome, row: dict[Any, Any]) -> str:
    said = f"Experienced by: {row['stakeholder']}. {_KINDS[outcome.kind]}, counted for: {row['bearer']}."
    if outcome.transfer:
        other = figures.service.bearers.get(outcome.counterpart or "")
        loses = f" and {other.label} loses the same" if other else ""
        said += f" It only changes hands{loses}, so it adds nothing to the total."
    return said


def _how_many(figures: Figures, outcome: Outcome, row: dict[Any, Any]) -> str:
    # Summed over the years of delivery, so no longer a number per year.
    written = _quantity(row["quantity"], _unit(figures, outcome.quantity).removesuffix(" per year"))
    years = figures.service.about.delivery_years
    together = f" in the {printing.years(years)} of delivery together" if years > 1 else ""
    if not row["quantity"]:
        return f"{written}: with these inputs the outcome counts for nothing."
    return f"{written}{together}, before anything is taken off."


def _worth(figures: Figures, outcome: Outcome, row: dict[Any, Any]) -> str:
    about = figures.service.about
    parameter = figures.service.parameters.get(outcome.proxy)
    said = _quantity(row["proxy"], _unit(figures, outcome.proxy))
    if parameter is not None:
        note = reference.price_note(parameter.unit, parameter.price_year, about.price_base_year, about.editions)
        said += f", {note}" if note else ""
        said += _by_year(parameter)
    if outcome.already_present_value:
        said += "; this is a present value already"
    return f"{said}."


def _taken_off(figures: Figures, outcome: Outcome, row: dict[Any, Any]) -> Iterator[str]:
    """Say each share that is taken off; of those that must give a reason where they are nothing, the reason."""
    reasons: dict[Any, str] = dict(outcome.zero_because)
    for key in _TAKEN_OFF:
        term = glossary.terms()[key]
        if row[key]:
            named = figures.service.parameters.get(getattr(outcome, key) or "")
            yield f"{printing.tick(row[key], 'share')}{_by_year(named)} {term.short} ({term.label.lower()})."
        elif key in reasons:
            yield f"No {term.label.lower()}: {reasons[key].rstrip('.')}."
    if not any(row[key] or key in reasons for key in _TAKEN_OFF):
        yield "Nothing."


def _by_year(parameter: Parameter | None) -> str:
    return " in the first year" if parameter is not None and parameter.by_year is not None else ""


def _how_long(outcome: Outcome, row: dict[Any, Any]) -> str:
    if outcome.already_present_value:
        return f"It stands as one sum, because: {outcome.already_present_value.rstrip('.')}."
    onset = printing.count(row["onset_year"])
    starts = "in the same year" if not row["onset_year"] else f"{onset} year{'' if onset == '1' else 's'} later"
    period = printing.count(row["benefit_period"])
    said = f"It begins {starts} and lasts {period} year{'' if period == '1' else 's'}"
    if row["drop_off"] and row["benefit_period"] > 1:
        said += f"; each year after the first, {printing.tick(row['drop_off'], 'share')} of what remains is lost"
    return f"{said}."


def _left(figures: Figures, row: dict[Any, Any]) -> str:
    if not row["present_value"]:
        return "Nothing, with these inputs."
    written = printing.money(row["present_value"], tables.symbol_of(figures))
    return f"A present value of {written}, at {figures.service.about.price_base_year} prices."


def _unit(figures: Figures, name: str) -> str:
    service = figures.service
    return service.parameters[name].unit if name in service.parameters else service.lines[name].unit


def _quantity(value: float, unit: str) -> str:
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    return printing.quantity(value, unit, symbols)
