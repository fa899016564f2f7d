"""Say a simulation in sentences, no more exactly than it is known."""

from __future__ import annotations

from collections.abc import Mapping

from sroi import printing, tables
from sroi.result import Result
from sroi.uncertainty.summaries import Summary

# With fewer draws there are too few beyond the 5th and 95th percentile to say where these are.
FEWEST = 100


def headline(central: Result, summaries: Mapping[str, Summary], pays: float, draws: int) -> str:
    """Return the headline: the ratio or net value with its likely range, the chance, and the terms.

    Parameters
    ----------
    central : Result
        At the central values.
    summaries : mapping of str to Summary
        Of ``npsv`` and of what else was simulated.
    pays : float
        The chance that the service returns more than it costs.
    draws : int
    """
    about, symbol = central.service.about, tables.symbol_of(central)
    if draws < FEWEST:
        counted = "1 draw is" if draws == 1 else f"{draws} draws are"
        return f"{counted} too few to say how likely anything is: ask for at least {FEWEST}, better 10,000."
    stated = [name for name in ("sroi_ratio", "bcr") if name in central.convention.headline]
    known = [name for name in (*stated, "bcr") if name in summaries and getattr(central, name) is not None]
    name = known[0] if known else "npsv"
    found = summaries[name]
    said = f"{tables.label_of(name)} {_likely(central, name, found, symbol)};"
    said += f" {printing.chance(pays)} chance that it returns more than it costs."
    if name != "npsv":
        said += f" {tables.label_of('npsv')} {_likely(central, 'npsv', summaries['npsv'], symbol)}."
    years = printing.years(about.appraisal_years)
    said += f" {central.convention.label}, {about.price_base_year} prices, {years}, {draws:,} draws."
    if found.undefined:
        said += f" In {found.undefined:,} of {draws:,} draws the ratio is undefined."
    return said


def _likely(central: Result, name: str, found: Summary, symbol: str) -> str:
    ends = found.quantiles["p5"], found.quantiles["p95"]
    unit, median = tables.unit_of(name), found.quantiles["median"]
    return printing.likely(getattr(central, name), *ends, unit, symbol, median=median)
