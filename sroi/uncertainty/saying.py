"""Say a simulation in sentences, no more exactly than it is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sroi import printing, ranges, tables
from sroi.result import Result
from sroi.uncertainty.spreads import Uncertain
from sroi.uncertainty.summaries import Summary

# Results that divide by what is spent: where that is below zero they rank the better service lower.
OVER_COST = ("sroi_ratio", "net_sroi_ratio", "bcr", "bcr_netted", "fiscal_ratio", "cashable_ratio")

# Whose range a number has, as a person reads it, by the word in ``origin``.
WHOSE = {
    "stated": "the range that the service file states",
    "preset": "a range by assumption, by its evidence grade or as your value has no source",
    "scaled": "the range of the service file, scaled to your value",
    "yours": "the range that you gave",
}
CERTAIN = "no range: it counts as certain"


def headline(central: Result, summaries: Mapping[str, Summary], pays: float, below: float, draws: int) -> str:
    """Return the headline: the ratio or net value with its likely range, the chance, the terms and what has no price.

    Parameters
    ----------
    central : Result
        At the central values.
    summaries : mapping of str to Summary
        Of ``npsv`` and of what else was simulated.
    pays : float
        The chance that the service returns more than it costs.
    below : float
        The share of draws in which the cost is below zero.
    draws : int
    """
    about, symbol = central.service.about, tables.symbol_of(central)
    if draws < ranges.FEWEST:
        counted = "1 draw is" if draws == 1 else f"{draws} draws are"
        fewest = ranges.FEWEST
        return f"{counted} too few to say how likely anything is: ask for at least {fewest}, better 10,000."
    stated = [name for name in ("sroi_ratio", "bcr") if name in central.convention.headline]
    known = [name for name in (*stated, "bcr") if name in summaries and getattr(central, name) is not None]
    warning = no_guide(below, draws)
    name = known[0] if known and not warning else "npsv"
    found = summaries[name]
    said = f"{tables.label_of(name)} {_likely(central, name, found, symbol)};"
    said += f" {printing.chance(pays)} chance that it returns more than it costs."
    if name != "npsv":
        said += f" {tables.label_of('npsv')} {_likely(central, 'npsv', summaries['npsv'], symbol)}."
    if warning:
        said += f" The {tables.label_of(known[0] if known else 'sroi_ratio')} is {warning}."
    years = printing.years(about.appraisal_years)
    said += f" {central.convention.label}, {about.price_base_year} prices, {years}, {draws:,} draws."
    if found.undefined:
        said += f" In {found.undefined:,} of {draws:,} draws the ratio is undefined."
    return f"{said} {printing.not_priced([entry.label for entry in central.service.non_monetised])}".rstrip()


def _likely(central: Result, name: str, found: Summary, symbol: str) -> str:
    ends = found.quantiles["p5"], found.quantiles["p95"]
    unit, median, whole = tables.unit_of(name), found.quantiles["median"], not found.undefined
    return ranges.likely(getattr(central, name), *ends, unit, symbol, median=median, sd=found.sd, whole=whole)


def no_guide(below: float, draws: int) -> str:
    """Return the warning that a ratio over the cost says nothing, where that is below zero; else an empty text."""
    if printing.is_rare(below) or draws < ranges.FEWEST:
        return ""
    return f"no guide here: the cost is below zero in {printing.chance(below)} of draws"


def written(
    name: str, row: Mapping[str, Any], central: Result, words: Mapping[str, int], below: float, draws: int
) -> str:
    """Write one result of a simulation, with the warning where its ratio is no guide."""
    said = ranges.drawn(row, tables.symbol_of(central), words, draws)
    warning = no_guide(below, draws) if name in OVER_COST else ""
    return f"{said}; {warning}" if warning and not math.isnan(row["p5"]) else said


def origins(uncertain: Mapping[str, Uncertain]) -> list[str]:
    """Say how many inputs are uncertain, and whose ranges they have: a sentence for each kind that there is."""
    count = {origin: sum(each.origin == origin for each in uncertain.values()) for origin in WHOSE}
    said = [f"{printing.counted(len(uncertain), 'input')} {'is' if len(uncertain) == 1 else 'are'} uncertain."]
    for origin, (one, more) in _HELD.items():
        if number := count[origin]:
            said.append(f"{number} {one if number == 1 else more}.")
    return said


def whose(inputs: pd.DataFrame, name: str) -> str:
    """Say whose range a changed input has, and from where to where it is drawn.

    Parameters
    ----------
    inputs : DataFrame
        As :meth:`sroi.Simulation.inputs` returns it.
    name : str
        A parameter, which need not be in the table.
    """
    if name not in inputs.index:
        return f"It has {CERTAIN}."
    row = inputs.to_dict("index")[name]
    low, high = (printing.tick(row[end], row["unit"]) for end in ("p5", "p95"))
    held = "a range by assumption, as your value has no source" if row["origin"] == "preset" else WHOSE[row["origin"]]
    return f"It has {held}: likely {low} to {high}."


_HELD = {
    "stated": ("has the range that the service file states", "have the ranges that the service file states"),
    "scaled": (
        "that you changed keeps the file's spread, scaled to your value",
        "that you changed keep the file's spread, scaled to your values",
    ),
    "yours": ("has a range of yours", "have ranges of yours"),
    "preset": (
        "has a range by assumption, by its evidence grade or as your value has no source",
        "have ranges by assumption, by their evidence grades or as your values have no source",
    ),
}


def turns(frame: pd.DataFrame) -> list[str]:
    """Say where inputs turn the answer, and which of them leave it as it is.

    Parameters
    ----------
    frame : DataFrame
        As :func:`sroi.switching_values` returns it for the net value at 0.
    """
    found = frame["switches_at"].notna()
    said = [f"{sentence}." for sentence in frame.loc[found, "says"]]
    for reached, how in ((True, "every"), (False, "no")):
        labels = frame.loc[~found & (frame["reached"] == reached), "label"]
        if len(labels):
            said.append(f"The service pays back at {how} possible value of each of these: {'; '.join(labels)}.")
    return said + [f"{sentence}." for sentence in frame.loc[~found & frame["reached"].isna(), "says"]]


def chances(frame: pd.DataFrame) -> list[str]:
    """Say how likely each condition is, how far that may be off, and in how many draws it has no answer.

    Parameters
    ----------
    frame : DataFrame
        As :meth:`sroi.Simulation.chances` returns it.
    """
    said = []
    for row in frame.reset_index().to_dict("records"):
        sentence = f"{row['condition']}: {row['chance']:.1%} (standard error {row['standard_error']:.1%})"
        if row["undefined"]:
            sentence += f"; undefined in {printing.counted(row['undefined'], 'draw')}, which do not meet it"
        said.append(f"{sentence}.")
    return said


def worth_measuring(frame: pd.DataFrame, symbol: str, most: int | None = None) -> list[str]:
    """Say what knowing each input is worth, and in one sentence that no other one is worth anything.

    Parameters
    ----------
    frame : DataFrame
        As :func:`sroi.parameter_information` returns it.
    symbol : str
        Of the currency.
    most : int, optional
        How many are said one by one.
    """
    worth = frame[is_worth_measuring(frame)]
    if worth.empty:
        return [NOTHING_TO_MEASURE]
    said = [_worth_knowing(row, symbol) for row in worth.head(len(worth) if most is None else most).to_dict("records")]
    if less := len(worth) - len(said):
        said.append(f"Measuring {printing.counted(less, 'more input')} alone would be worth something too, but less.")
    if rest := len(frame) - len(worth):
        others = printing.counted(rest, "other input")
        said.append(f"Measuring the {others} alone would be worth nothing that these draws can show.")
    return said


def _worth_knowing(row: Mapping[Any, Any], symbol: str) -> str:
    """Say what perfect knowledge is worth, of which the draws give an estimate from below and no bound."""
    worth, changes = printing.to_figures(row["value"], symbol), printing.chance(row["chance_changes"])
    return (
        f"Knowing “{row['label']}” for certain would be worth about {worth} a decision;"
        f" it would change the decision in {changes} of cases."
    )


def is_worth_measuring(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return for each input whether the draws show that measuring it is worth something."""
    return frame["value"] > 2 * frame["standard_error"]


NOTHING_TO_MEASURE = (
    "No single input is worth measuring before this decision, as far as these draws can show: averaged over what the"
    " others may be, the answer stays the same whatever it is."
)


def decision(known: pd.Series[Any], mean: float, central: float, symbol: str) -> str:
    """Say which choice is the best now, and by how much: what would change it cannot be read without that.

    Parameters
    ----------
    known : Series
        As :func:`sroi.perfect_information` returns it.
    mean, central : float
        The net value on average over the draws, and at the central values.
    symbol : str
        Of the currency.
    """
    said = f"On average over the draws it is better to {known['chosen']}: the mean net value is"
    said += f" {printing.to_figures(mean, symbol)}"
    # The central value is what a reader has seen: where it points the other way, it has to be said that it does.
    apart = f", though at the central values it is {printing.to_figures(central, symbol)}"
    return f"{said}{apart if (mean > 0) != (central > 0) else ''}."


def everything(known: pd.Series[Any], symbol: str) -> str:
    """Say what it would be worth to know everything before deciding.

    Parameters
    ----------
    known : Series
        As :func:`sroi.perfect_information` returns it.
    symbol : str
        Of the currency.
    """
    if known["value"] <= 2 * known["standard_error"]:
        return "Knowing everything would be worth nothing that these draws can show."
    worth = printing.to_figures(known["value"], symbol)
    return (
        f"Knowing everything before deciding would be worth about {worth} a decision: to {known['chosen']} is the"
        f" worse choice in {printing.chance(known['chance_wrong'])} of draws."
    )
