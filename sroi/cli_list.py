"""The commands ``sroi list`` and ``sroi register``: what the library holds, and what it does not and why."""

from __future__ import annotations

import argparse
import json
import math
import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sroi import terminal

if TYPE_CHECKING:
    from sroi.service import Service

CALLED = {"base": "base case"}
# Columns of the results that say which service and case a row is of.
_ABOUT = ("id", "title", "field", "currency", "case")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the program."""
    listing = commands.add_parser("list", help="list the services with their results, and what is not modelled and why")
    listing.add_argument("--quick", action="store_true", help="without results")
    listing.add_argument("--json", action="store_true", help="print the services as one JSON array")
    listing.set_defaults(command=_list)

    named = commands.add_parser("register", help="list what the review Deep Value names: modelled, or not and why")
    named.add_argument("--json", action="store_true", help="print one JSON array")
    named.set_defaults(command=_register)


def _list(options: argparse.Namespace) -> None:
    from sroi import library

    services = list(library.all_services())
    results = {} if options.quick else _results()
    if options.json:
        print(json.dumps([_row(each, results) for each in services], ensure_ascii=False, allow_nan=False, indent=2))
        return
    if results:
        print(textwrap.fill(_what_is_listed(), terminal.columns()))
    fields: dict[str, list[Service]] = {}
    for service in services:
        fields.setdefault(service.about.field, []).append(service)
    for field in sorted(fields):
        print(f"\n{field}")
        for service in fields[field]:
            _say(service, results.get(service.id, {}))
    _say_what_is_not_modelled()
    _say_conventions()


def _results() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the results of each service by case."""
    from sroi.overview import library_results

    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in library_results().to_dict("records"):
        figures = {str(key): value for key, value in row.items() if key not in _ABOUT}
        found.setdefault(row["id"], {})[row["case"]] = figures
    return found


def _row(service: Service, results: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    about = service.about
    row: dict[str, Any] = {"id": about.id, "title": about.title, "field": about.field, "currency": about.currency}
    row["scenarios"] = list(service.scenarios)
    cases = results.get(service.id, {})
    plain = {case: {key: _plain(figure) for key, figure in figures.items()} for case, figures in cases.items()}
    return row | ({"results": plain} if plain else {})


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _what_is_listed() -> str:
    from sroi import overview, published_reports, reference

    unit = " or ".join(f"{currency.symbol}1" for currency in reference.currencies().values())
    return (
        f"What each service returns for each {unit} put in: the SROI ratio at the central values and, in brackets, its"
        f" likely range, from the 5th to the 95th percentile of {overview.DRAWS:,} draws (more: sroi simulate NAME)."
        f" Headline is the claim, cautious what later evidence supports. {published_reports.read().warning}"
    )


def _say(service: Service, cases: Mapping[str, Mapping[str, Any]]) -> None:
    print(f"\n  {service.id}")
    _wrapped(f"{service.title} ({service.about.currency})", "    ")
    lines = list(_lines(service, cases))
    width = max((len(label) for label, _ in lines), default=0)
    for label, said in lines:
        before = f"    {label:<{width}}  "
        print(textwrap.fill(said, terminal.columns(), initial_indent=before, subsequent_indent=" " * len(before)))
    others = [name for name, each in service.scenarios.items() if name not in cases and (each.changes or not cases)]
    if others:
        _wrapped(f"{'other ' if cases else ''}scenarios: {', '.join(others)}", "    ")


def _lines(service: Service, cases: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Yield what is said of each case under its label; those that are the base case by another name share its line."""
    if cases:
        same = [name for name, scenario in service.scenarios.items() if not scenario.changes]
        yield ", ".join([CALLED["base"], *same]), cases["base"]["says"]
    for case, figures in cases.items():
        if figures["changes"]:
            yield case, figures["says"]


def _wrapped(text: str, indent: str) -> None:
    print(textwrap.fill(text, terminal.columns(), initial_indent=indent, subsequent_indent=f"{indent}    "))


def _say_what_is_not_modelled() -> None:
    from sroi import review

    found = review.read()
    heading = (
        f"Named by Deep Value ({found.review.author}, {found.review.year}) and not modelled (more: sroi register):"
    )
    left_out = [f"{each.name}: {each.why_not}" for each in found.named if each.why_not]
    terminal.paragraphs(textwrap.fill(heading, terminal.columns()), left_out)


def _say_conventions() -> None:
    from sroi import reference

    print("\nConventions, for --convention:")
    conventions = reference.conventions()
    width = max(map(len, conventions))
    for name, convention in conventions.items():
        print(f"    {name:<{width}}  {convention.label}")


def _register(options: argparse.Namespace) -> None:
    from sroi import review

    if options.json:
        rows = review.register().to_dict("records")
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    found = review.read()
    about = found.review
    said = f"The services and ideas that {about.author} name in “{about.title}” ({about.publisher}, {about.year}):"
    said += " what the review says of the evidence, and the services of this library that model it, or why none does."
    print(textwrap.fill(said, terminal.columns()))
    for each in found.named:
        print()
        _wrapped(each.name, "  ")
        _wrapped(f"evidence{f' (section {each.section})' if each.section else ''}: {each.evidence}", "    ")
        _wrapped(f"modelled: {', '.join(each.modelled)}" if each.modelled else f"not modelled: {each.why_not}", "    ")
    if found.beyond:
        terminal.paragraphs("In the library and not named by the review:", found.beyond)
