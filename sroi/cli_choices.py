"""The commands `sroi options` and `sroi relationship`: ways to run a service, and what an investment in it returns."""

from __future__ import annotations

import argparse
import json
import math
import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sroi import printing, ranges, terminal

if TYPE_CHECKING:
    from sroi.deep_value import Lens


def register(commands: Any, request: Callable[[argparse.ArgumentParser], None], values: Callable[..., Any]) -> None:
    """Add the commands to those of `sroi`."""
    options = commands.add_parser("options", help="compare the options of a service: what more buys")
    request(options)
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.set_defaults(command=lambda given: _options(given, values))

    lens = commands.add_parser("relationship", help="say what an investment in the relationship returns")
    request(lens)
    lens.add_argument("--json", action="store_true", help="print one JSON object")
    lens.set_defaults(command=lambda given: _relationship(given, values))


def _asked(given: argparse.Namespace, values: Callable[..., Any]) -> dict[str, Any]:
    return {"values": values(given.set), "scenario": given.scenario, "convention": given.convention}


def _options(given: argparse.Namespace, values: Callable[..., Any]) -> None:
    from sroi.library import load
    from sroi.options import compare_options
    from sroi.reference import currencies

    service = load(given.name)
    table = compare_options(service, **_asked(given, values))
    if given.json:
        print(json.dumps(json.loads(table.to_json(orient="index")), ensure_ascii=False, indent=2))
        return
    symbol = currencies()[service.about.currency].symbol
    print(f"{service.title}: options, {service.about.currency} at {service.about.price_base_year} prices")
    for row in table.to_dict("records"):
        print(f"\n{row['label']}")
        terminal.rows(_figures(row, symbol))


def _figures(row: Mapping[Any, Any], symbol: str) -> Any:
    import pandas as pd

    def likely(name: str) -> str:
        return ranges.likely(row[name], row[f"{name}_low"], row[f"{name}_high"], "money", symbol)

    lines = [
        ("Costs", printing.money(row["pv_costs"], symbol)),
        ("Benefits", printing.money(row["pv_benefits"], symbol)),
        ("Net present social value", likely("npsv")),
        ("Chance that it is the best", _chance(row["chance_best"])),
        ("Standing", row["standing"]),
    ]
    if row["why"]:
        lines.insert(0, ("What it is", row["why"]))
    if row["extra_costs"] or row["extra_benefits"]:
        cost, benefit = (printing.money(row[f"extra_{key}"], symbol) for key in ("costs", "benefits"))
        lines.append(("Over the service as it stands", f"costs {cost}, benefits {benefit}, net {likely('extra_npsv')}"))
    if not math.isnan(row["step_per_pound"]):
        lines.append((f"Each further {symbol}1", f"returns {printing.money(row['step_per_pound'], symbol)}"))
    return pd.DataFrame(lines, columns=["label", "written"])


def _chance(share: float) -> str:
    return "not known" if math.isnan(share) else printing.chance(share)


def _relationship(given: argparse.Namespace, values: Callable[..., Any]) -> None:
    from sroi.deep_value import relationship
    from sroi.library import load

    lens = relationship(load(given.name), **_asked(given, values))
    if given.json:
        print(json.dumps(lens.to_dict(), ensure_ascii=False, allow_nan=False, indent=2))
        return
    print(f"{lens.service.title}: the relationship as an investment\n")
    print(textwrap.fill(lens.headline(), terminal.columns()))
    print(f"\n{textwrap.fill(lens.relationship.how, terminal.columns())}")
    terminal.paragraphs("What evidence says:", _findings(lens))
    _staff(lens)
    terminal.paragraphs("Profile of the relationship (1 to 5, not priced):", _profile(lens))


def _findings(lens: Lens) -> list[str]:
    from sroi import tables

    symbol = tables.symbol_of(lens.result)
    said = []
    for row in lens.evidence.to_dict("records"):
        each = row["per_pound"]
        pound = f"{symbol}1" if lens.relationship.option is None else f"an extra {symbol}1"
        worth = f" If that were the effect, {pound} would return {printing.money(each, symbol)}."
        said.append(f"{row['statement']} Grade {row['grade']}: {row['source']}.{'' if math.isnan(each) else worth}")
    return said


def _staff(lens: Lens) -> None:
    from sroi import tables

    if not lens.relationship.staff_outcomes:
        return
    symbol = tables.symbol_of(lens.result)
    gains, each = (
        ranges.likely(found.central, found.low, found.high, "money", symbol)
        for found in (lens.staff_benefits, lens.per_pound_with_staff)
    )
    text = f"Kept apart, gains of staff and employer: {gains}. With them, each extra {symbol}1 returns {each}."
    print(f"\n{textwrap.fill(text, terminal.columns())}")


def _profile(lens: Lens) -> list[str]:
    from sroi.reference import relationship_profile

    known = {key: entry for entries in relationship_profile().values() for key, entry in entries.items()}
    return [f"{known[key].label}: {rating.rating}. {rating.why}" for key, rating in lens.service.profile.items()]
