"""The command ``sroi export``: which file in which format, and what is said when it is written."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.errors import Fault, ServiceError, nearest, shown

if TYPE_CHECKING:
    from sroi.result import Result
    from sroi.service import Service

FORMATS = ("xlsx", "csv", "json", "toml")
HELP = """
PATH is a file, or a folder that is there, in which the file is called after service, scenario and convention.
Without --format the ending of PATH says the format; a folder takes csv.

xlsx  the workbook, with the likely ranges of its results from 10,000 draws: --draws and --seed ask for others,
      --no-ranges leaves them out, which is quicker
csv   one file for each table and one that says what they were computed under, in a folder. Text that begins like a
      formula (= + - @) has an apostrophe before it, so that no spreadsheet runs it; numbers are as they are.
json  the same tables in one file
toml  the service itself, for `sroi run PATH`: values set with --set become assumptions of grade F that say so
"""

Values = dict[str, float]


def register(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    request: Callable[[argparse.ArgumentParser], None],
    values: Callable[[list[str]], Values],
    count: Callable[[str], int],
) -> None:
    """Add the command to the program.

    Parameters
    ----------
    commands : the subcommands of the program
    request : callable
        Adds what every command that evaluates takes: NAME, --set, --scenario, --convention.
    values : callable
        Reads the settings of --set.
    count : callable
        Reads a whole number.
    """
    parser = commands.add_parser(
        "export",
        help="write results, or the service, to a file",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    request(parser)
    parser.add_argument("-o", "--output", metavar="PATH", required=True, help="the file, or a folder, to write to")
    parser.add_argument("--format", metavar="F", help="xlsx, csv, json or toml")
    parser.add_argument("--force", action="store_true", help="write over files that are there")
    parser.add_argument("--draws", type=count, metavar="N", help="xlsx: draws that ranges rest on (default 10000)")
    parser.add_argument("--seed", type=count, metavar="N", help="xlsx: start of the draws (default 1)")
    parser.add_argument("--no-ranges", action="store_true", help="xlsx: leave the likely ranges out")
    parser.set_defaults(command=partial(_export, read=values))


def _export(options: argparse.Namespace, read: Callable[[list[str]], Values]) -> None:
    from sroi.library import load

    path = Path(options.output)
    kind = _format(options.format, path)
    _refuse_place(path, kind)
    asked = _ranges(options, kind)
    values = read(options.set)
    if kind == "xlsx":
        _xlsx(load(options.name), values, path, options, asked)
        return
    write = {"csv": _csv, "json": _json, "toml": _toml}[kind]
    write(load(options.name), values, path, options)


def _ranges(options: argparse.Namespace, kind: str) -> dict[str, int | None]:
    """Return what is asked of the draws behind the likely ranges, or say why it cannot be had."""
    given = {"--draws": options.draws, "--seed": options.seed, "--no-ranges": options.no_ranges or None}
    for option, value in given.items():
        if value is not None and kind != "xlsx":
            raise _fault(option, f"is for xlsx: {kind} holds no likely ranges. Leave it out, or see sroi simulate.")
        if value is not None and options.no_ranges and option != "--no-ranges":
            raise _fault(option, "asks for draws, which --no-ranges leaves out. Write one of the two.")
    if options.no_ranges:
        return {"draws": None}
    return {key: value for key, value in (("draws", options.draws), ("seed", options.seed)) if value is not None}


def _format(asked: str | None, path: Path) -> str:
    from sroi.export import is_folder

    if asked is not None:
        if asked.lower() not in FORMATS:
            raise _fault("--format", f"is {shown(asked)}. {nearest(asked, FORMATS)}")
        return asked.lower()
    ending = path.suffix.removeprefix(".").lower()
    if ending in FORMATS:
        return ending
    if is_folder(path) or not ending:
        return "csv"
    rule = "ends in no format that can be written. End it in .xlsx, .json or .toml, or write a folder for csv."
    raise _fault(f"-o {shown(str(path))}", rule)


def _refuse_place(path: Path, kind: str) -> None:
    """Refuse a folder that is not there before anything is worked out."""
    from sroi.export import is_folder, not_a_folder

    if is_folder(path):
        return
    if kind != "csv":
        if not is_folder(path.parent):
            raise not_a_folder(path.parent)
    elif path.suffix.lower() == ".csv":
        rule = "is one file, but csv is one file for each table: write a folder that is there, such as -o ."
        raise _fault(f"-o {shown(str(path))}", rule)
    else:
        raise not_a_folder(path)


def _fault(where: str, sentence: str) -> ServiceError:
    return ServiceError("the request", [Fault(where, sentence)])


def _evaluated(service: Service, values: Values, options: argparse.Namespace) -> Result:
    from sroi.result import evaluate

    return evaluate(service, values, scenario=options.scenario, convention=options.convention)


def _file(path: Path, result: Result, kind: str) -> Path:
    """Return the file that is meant by a file or a folder."""
    from sroi.export import file_stem, is_folder

    return path / f"{file_stem(result)}.{kind}" if is_folder(path) else path


def _csv(service: Service, values: Values, path: Path, options: argparse.Namespace) -> None:
    from sroi.export import file_stem, write_csv

    result = _evaluated(service, values, options)
    files = write_csv(result, path, force=options.force)
    print(f"Wrote {len(files)} tables to {path}: {file_stem(result)}_*.csv")


def _json(service: Service, values: Values, path: Path, options: argparse.Namespace) -> None:
    from sroi.export import write_json

    result = _evaluated(service, values, options)
    print(f"Wrote {write_json(result, _file(path, result, 'json'), force=options.force)}")


def _xlsx(service: Service, values: Values, path: Path, options: argparse.Namespace, ranges: Mapping[str, Any]) -> None:
    from sroi.export import refuse_existing, unwritable

    try:
        from sroi.workbook.write import write_workbook
    except ModuleNotFoundError as missing:
        rule = f"is xlsx, which needs {missing.name}, which is not installed. Write: pip install 'sroi[excel]'"
        raise _fault("The format", rule) from None
    file = _file(path, _evaluated(service, values, options), "xlsx")
    refuse_existing([file], force=options.force)
    try:
        write_workbook(service, file, values=values, scenario=options.scenario, convention=options.convention, **ranges)
    except OSError as error:
        raise unwritable(file, error) from None
    print(f"Wrote {file}")


def _toml(service: Service, values: Values, path: Path, options: argparse.Namespace) -> None:
    file = as_file(service, path)
    save_service(_as_asked(service, values, file, options), file, force=options.force)
    for name, scenario in _set_by_scenarios(service, values):
        print(f"Scenario {scenario} sets {name} itself: the value that you set is not in it.")


def as_file(service: Service, path: Path) -> Path:
    """Return the service file that is meant by a file or a folder."""
    from sroi.export import is_folder

    return path / f"{service.id}.toml" if is_folder(path) else path


def save_service(service: Service, file: Path, *, force: bool) -> None:
    """Write a service file, called like its id, and say so; or say why that cannot be written."""
    from sroi.export import refused, save
    from sroi.reading import LARGEST_FILE
    from sroi.service_file import to_toml

    check_name(file)
    written = service.replace(about=service.about.model_copy(update={"id": file.stem}))
    content = to_toml(written).encode()
    if len(content) > LARGEST_FILE:
        rule = f"would have more than {LARGEST_FILE:,} bytes, the most for a service file: take out what is not needed."
        raise refused(file, rule)
    save({file: content}, force=force)
    print(f"Wrote {file}")
    if written.id != service.id:
        print(f"Its id is {written.id!r}: a service file is called like its id.")


def check_name(file: Path) -> None:
    """Refuse a name that no service file can have."""
    from sroi.export import refused
    from sroi.schema import LONGEST_NAME, NAME_PATTERN

    if file.suffix != ".toml" or not re.fullmatch(NAME_PATTERN, file.stem) or len(file.stem) > LONGEST_NAME:
        rule = "is not a name for a service file: small letters, digits and _, beginning with a letter, then .toml."
        raise refused(file, rule)


def _as_asked(service: Service, values: Values, file: Path, options: argparse.Namespace) -> Service:
    """Return the service with values and convention, or say why that cannot be written."""
    from sroi.service_file import with_values

    if options.scenario is not None:
        rule = "is not for toml: a service file holds every scenario. Export the file, and use --scenario when running."
        raise _fault("--scenario", rule)
    if options.convention is not None and options.convention.endswith(".toml"):
        rule = "is a file, which a service file cannot hold. Use --convention when running."
        raise _fault("--convention", rule)
    check_name(file)
    # Refuses values and conventions that cannot be.
    _evaluated(service, values, options)
    changed = with_values(service, values) if values else service
    if options.convention is None:
        return changed
    return changed.replace(about=changed.about.model_copy(update={"convention": options.convention}))


def _set_by_scenarios(service: Service, values: Mapping[str, float]) -> list[tuple[str, str]]:
    return [(name, key) for name in values for key, scenario in service.scenarios.items() if name in scenario.changes]
