"""The commands `sroi units` and `sroi rerun`: look up unit costs, add an edition, see what today's would change."""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi import printing, terminal
from sroi.errors import Fault, ServiceError, shown

if TYPE_CHECKING:
    from pandas import DataFrame

    from sroi.unit_costs import UnitCost

GMCA = "gmca_unit_costs"
# So many are printed unless all are asked for.
SHOWN = 20
_IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")


def register(commands: Any, request: Callable[[argparse.ArgumentParser], None], values: Callable[..., Any]) -> None:
    """Add the commands to those of `sroi`."""
    units = commands.add_parser("units", help="look up unit costs by word or code, or add a newer edition")
    units.add_argument("words", nargs="*", metavar="WORD", help="what to look for: eviction, A&E, HE11.0")
    units.add_argument("--all", action="store_true", help=f"print all that are found, not the first {SHOWN}")
    units.add_argument("--add", metavar="FILE.xlsx", help="read a newer GMCA Unit Cost Database, as downloaded")
    units.add_argument("--edition", metavar="NAME", help="what the added edition is called, such as 3.0")
    units.add_argument("--json", action="store_true", help="print one JSON array")
    units.set_defaults(command=_units)

    rerun = commands.add_parser("rerun", help="work a service out under today's prices and unit costs: what moves")
    request(rerun)
    rerun.add_argument("--json", action="store_true", help="print one JSON object")
    rerun.set_defaults(command=lambda options: _rerun(options, values))


def _units(options: argparse.Namespace) -> None:
    if options.add:
        _add(options)
        return
    if options.edition:
        raise ServiceError("the request", [Fault("--edition", "names what --add reads. Write both, or neither.")])
    from sroi.unit_costs import search

    if not options.words:
        _series(options)
        return
    words = " ".join(options.words)
    found = search(words, {})
    if options.json:
        print(json.dumps([_as_row(cost) for cost in found], ensure_ascii=False, indent=2))
        return
    if not found:
        raise ServiceError("the search", [Fault(shown(words), "is in no unit cost. Try fewer or shorter words.")])
    for cost in found if options.all else found[:SHOWN]:
        _say(cost)
    left = 0 if options.all else len(found) - SHOWN
    if left > 0:
        print(f"\n{left} more: add a word, or --all.")
    edition = f"{found[0].series} = '{found[0].edition}'"
    example = f"unit_cost = '{found[0].code}:{next(iter(found[0].values))}'"
    print(f"\nTo cite one in a service file: {example}, and under [service] editions = {{ {edition} }}.")


def _say(cost: UnitCost) -> None:
    from sroi.editions import all_series
    from sroi.reference import currencies

    symbol = currencies()[all_series()[cost.series].currency].symbol
    parts = [f"{part} {symbol}{value:,.12g} ({year})" for part, (value, year) in cost.values.items()]
    print(f"{cost.code}  {'; '.join(parts)}  {cost.unit.lower()}")
    span = f" Range {cost.low or '…'} to {cost.high or '…'}." if cost.low or cost.high else ""
    about = f"{cost.label.rstrip('.')}. {cost.agency or 'No agency'}. {cost.source.rstrip('.')}.{span} {cost.note}"
    print(textwrap.fill(about.strip(), terminal.columns(), initial_indent="    ", subsequent_indent="    "))


def _as_row(cost: UnitCost) -> dict[str, Any]:
    row = dict(vars(cost))
    row["values"] = {part: {"value": value, "price_year": year} for part, (value, year) in cost.values.items()}
    return row


def _series(options: argparse.Namespace) -> None:
    from sroi.editions import all_series
    from sroi.unit_costs import unit_costs

    rows = [
        {
            "series": name,
            "edition": edition,
            "today": edition == series.current,
            "source": each.source,
            "licence": each.licence,
            "unit_costs": len(unit_costs(name, edition)),
        }
        for name, series in all_series().items()
        for edition, each in series.editions.items()
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    print("Reference data, for editions = { … } in a service file. To search the unit costs: sroi units WORD.\n")
    for row in rows:
        count = f", {row['unit_costs']:,} unit costs" if row["unit_costs"] else ""
        print(f"{row['series']} {row['edition']}{'' if row['today'] else ' (an older edition)'}{count}")
        about = f"{str(row['source']).rstrip('.')}. {row['licence'] or ''}".strip()
        print(textwrap.fill(about, terminal.columns(), initial_indent="    ", subsequent_indent="    "))


def _add(options: argparse.Namespace) -> None:
    from sroi.editions import Edition, add, own_folder
    from sroi.workbook.unit_cost_workbook import read_unit_costs

    if options.words:
        raise ServiceError("the request", [Fault("--add", "reads one file. Take the words out; search afterwards.")])
    if not options.edition or not _IDENTIFIER.fullmatch(options.edition):
        rule = "Write --edition with what it calls itself, such as 3.0: letters, digits, dots and dashes."
        raise ServiceError("the request", [Fault("--edition", f"is {shown(options.edition or '')}. {rule}")])
    name = Path(options.add).name
    read = read_unit_costs(options.add)
    edition = Edition(
        title=f"Unit Cost Database {options.edition}",
        author="Greater Manchester Combined Authority",
        year=_year(read.rows),
        how_sure="own text",
        source=f"Greater Manchester Combined Authority, Unit Cost Database {options.edition}, read from {name}",
        note="Added by the user: whether it is as published was not checked. The year is that of its newest price.",
        unit_costs=f"unit_costs/gmca_{options.edition}.csv",
    )
    add(GMCA, options.edition, edition, read.as_csv())
    columns = "; ".join(f"{role}: {heading!r}" for role, heading in read.columns.items())
    print(textwrap.fill(f"Sheet {read.sheet!r}. Columns taken: {columns}.", terminal.columns()))
    left = f" Left out, without a value: {printing.counted(len(read.left_out), 'row')}." if read.left_out else ""
    print(f"{len(read.rows):,} unit costs are kept in {own_folder()}, as today's edition.{left}")
    print("Services state their own edition and keep their numbers. What would move: sroi rerun NAME.")


def _year(rows: list[dict[str, str]]) -> int:
    years = [row[key][: len("2024")] for row in rows for key in row if key.endswith("_price_year") and row[key]]
    return int(max(years))


def _rerun(options: argparse.Namespace, values: Callable[..., Any]) -> None:
    from sroi.library import load
    from sroi.rerun import built_with, rerun

    service = load(options.name)
    asked = {"scenario": options.scenario, "convention": options.convention}
    editions = built_with(service)
    results, inputs = rerun(service, values(options.set), **asked)
    if options.json:
        tables = {"editions": editions, "results": results, "inputs": inputs}
        made = {key: json.loads(frame.to_json(orient="index")) for key, frame in tables.items()}
        print(json.dumps(made, ensure_ascii=False, indent=2))
        return
    print(f"{service.title}\n")
    for row in editions.to_dict("records"):
        built = row["built_with"] or "none stated, so today's"
        print(f"  {row['label']}: built with {built}; today's is {row['today']}")
    if results.empty and inputs.empty:
        print("\nNothing moves.")
        return
    _moved("Inputs that move:", inputs)
    _moved("Results that move:", results)


def _moved(heading: str, frame: DataFrame) -> None:
    rows = frame.to_dict("records")
    lines = [f"{row['label']}: {_written(row['was'])} → {_written(row['now'])} {row['unit']}" for row in rows]
    terminal.paragraphs(heading, lines)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else "none" if value is None else f"{value:,.6g}"
