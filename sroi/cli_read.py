"""The command ``sroi import``: what was changed in a workbook, and the service file that it comes to."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sroi import terminal
from sroi.cli_export import as_file, check_name, save_service
from sroi.errors import Fault, ServiceError, brief, shown

if TYPE_CHECKING:
    from sroi.workbook.read import Reading
    from sroi.workbook.read_edits import Difference

HELP = """
FILE.xlsx is a workbook that `sroi export` made and somebody edited. What was changed is said with cell, old and new
value. A number of one's own becomes the input's value where the base case is chosen on Inputs, and a change of the
scenario where one is chosen: an assumption of grade F that says what stood there before. Changes anywhere else are said
too, since they are not read back: formulas, other sheets, notes in the margin. For a Value Map: sroi import-map.
"""
# So many changes of one sheet that are not read back are said one by one.
MOST_SAID = 5


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the program."""
    parser = commands.add_parser(
        "import",
        help="read an edited workbook back: what was changed, and the service with it",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE.xlsx", help="a workbook made by sroi export")
    parser.add_argument("-o", "--output", metavar="PATH.toml", help="write the service file to this file or folder")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.set_defaults(command=_import)


def _import(options: argparse.Namespace) -> None:
    try:
        from sroi.workbook.read import reading_of
    except ModuleNotFoundError as missing:
        rule = f"needs {missing.name}, which is not installed. Write: pip install 'sroi[excel]'"
        raise ServiceError("the request", [Fault("Reading a workbook", rule)]) from None
    reading = reading_of(options.file)
    file = as_file(reading.service, Path(options.output)) if options.output else None
    if file is not None:
        check_name(file)
    _say(reading)
    if file is not None:
        print()
        save_service(reading.service, file, force=options.force)
    elif reading.differences:
        print("\nTo keep this as a service file, write -o PATH.toml")


def _say(reading: Reading) -> None:
    service = reading.service
    print(f"{service.title} ({service.id})")
    print(f"Chosen on Inputs: scenario {reading.scenario_label}; convention {reading.convention_label}")
    if reading.differences:
        count = len(reading.differences)
        heading = f"{count} change{'s' if count > 1 else ''} since the workbook was made:"
        terminal.paragraphs(heading, [_sentence(each) for each in reading.differences])
    elif reading.unread or reading.uncompared:
        print("\nNo input was changed since the workbook was made.")
    else:
        print("\nNothing was changed since the workbook was made.")
    _say_unread(reading)


def _say_unread(reading: Reading) -> None:
    """Say what was changed and is not in the service, of each sheet the first few."""
    by_sheet: dict[str, list[Difference]] = {}
    for each in reading.unread:
        by_sheet.setdefault(each.sheet, []).append(each)
    sentences = []
    for sheet, found in by_sheet.items():
        sentences += [_unread(each) for each in found[:MOST_SAID]]
        if len(found) > MOST_SAID:
            sentences.append(f"and {len(found) - MOST_SAID:,} more on {sheet}: sroi.workbook_changes lists them")
    terminal.paragraphs("Changed but not read back (the service does not hold it, only inputs count):", sentences)
    if reading.uncompared:
        terminal.paragraphs("Not compared:", [reading.uncompared])


def _unread(each: Difference) -> str:
    if each.field == "sheet":
        found = "is missing" if each.new is None else "is a sheet of one's own" if each.old is None else ""
        return f"The sheet {shown(each.sheet)} {found or f'is called {shown(each.new)} now'}"
    place = f"{each.sheet}!{each.cell}, {each.what}" if each.cell else each.what
    return f"{place}: found {_found(each.new)}, was {_found(each.old)}"


def _found(value: object) -> str:
    if isinstance(value, str) and value.startswith("="):
        return f"the formula {brief(value)}"
    return _said(value) if isinstance(value, float) or value is None else shown(value)


def _sentence(each: Difference) -> str:
    return f"{each.sheet}!{each.cell}, {each.what}, {each.field}: {_said(each.old)} → {_said(each.new)} ({each.takes})"


def _said(value: object) -> str:
    """Write what stood or stands in a cell, numbers to the last digit."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return repr(value) if value else "empty"
