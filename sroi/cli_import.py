"""The command `sroi import-map`: a Value Map becomes a service file, with what it leaves open."""

from __future__ import annotations

import argparse
import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi import terminal
from sroi.errors import Fault, ServiceError, shown

if TYPE_CHECKING:
    from sroi.workbook.value_map import ValueMap


def register(commands: Any) -> None:
    """Add the command to those of `sroi`."""
    command = commands.add_parser("import-map", help="read a completed Value Map (.xlsx) into a service")
    command.add_argument("file", metavar="FILE", help="a path to an .xlsx workbook")
    command.add_argument("-o", "--output", metavar="FILE.toml", help="write the service file there")
    command.add_argument("--price-year", metavar="YEAR", help="in whose prices the map is, such as 2024 or 2024-25")
    command.add_argument("--currency", metavar="CODE", help="GBP or USD; by the signs in the map when not given")
    command.add_argument("--sheet", metavar="NAME", help="the sheet to read; the most likely when not given")
    command.set_defaults(command=_import_map)


def _import_map(options: argparse.Namespace) -> None:
    from sroi.workbook.value_map import read_value_map

    target = None if options.output is None else _target(options.output)
    found = read_value_map(
        options.file,
        price_year=options.price_year,
        currency=options.currency,
        sheet=options.sheet,
        name=None if target is None else target.stem,
    )
    _say(found)
    if target is not None:
        _write(found, target)


def _target(text: str) -> Path:
    from sroi.workbook.value_map_names import slug

    target = Path(text)
    if target.suffix != ".toml":
        raise ServiceError("the request", [Fault(f"-o {shown(text)}", "is not a service file. Write a name in .toml.")])
    # A service file is called by its id.
    name = slug(target.stem, "value_map")
    if target.stem != name:
        rule = f"cannot be a service's id. Write -o '{name}.toml'."
        raise ServiceError("the request", [Fault(f"-o {shown(text)}", rule)])
    if target.exists():
        rule = "is there already, and may hold somebody's work. Choose another name, or move it away."
        raise ServiceError("the request", [Fault(f"-o {shown(text)}", rule)])
    return target


def _say(found: ValueMap) -> None:
    print(textwrap.fill(found.headline, terminal.columns()))
    gaps = [
        f"{cell + ': ' if cell else ''}{gap}.{f' Write {write}.' if write else ''}"
        for _, cell, gap, write in found.gaps.itertuples(index=False, name=None)
    ]
    terminal.paragraphs(f"Gaps in sheet “{found.sheet}”: what is missing or was assumed:", gaps)
    differing = [
        f"{what} ({cell}): the sheet has {sheet:,.8g}, we have {_written(ours)}: {reason}."
        for what, cell, sheet, ours, _, reason in found.disagreements.itertuples(index=False, name=None)
    ]
    terminal.paragraphs("Disagreements: where the sheet's figures differ from what its numbers come to:", differing)


def _written(ours: float | None) -> str:
    return "none" if ours is None or math.isnan(ours) else f"{ours:,.8g}"


def _write(found: ValueMap, target: Path) -> None:
    from sroi.service_file import to_toml

    try:
        target.write_text(to_toml(found.service), encoding="utf-8")
    except OSError as error:
        rule = f"cannot be written: {error.strerror}. Choose another place."
        raise ServiceError("the request", [Fault(f"-o {shown(str(target))}", rule)]) from None
    print(f"\nWritten to {target}. Next: sroi check {target}")
