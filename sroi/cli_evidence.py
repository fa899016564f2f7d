"""The command ``sroi evidence``: the evidence page of one service, or the pages of the whole library."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.errors import Fault, ServiceError, shown

if TYPE_CHECKING:
    from sroi.result import Result

ENDINGS = (".md", ".html")
HELP = """
The page says of every number where it comes from, how good and how old the evidence is, and how much of the result
rests on it: by how much the SROI ratio moves when the number alone is 1% larger. --all writes the pages of the library
into a folder, with a list of them, README.md; those of the project are made by

  sroi evidence --all -o docs/evidence --force
"""

Read = Callable[[list[str]], dict[str, float]]


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser], values: Read) -> None:
    """Add the command to the program; ``values`` reads the settings of --set."""
    parser = commands.add_parser(
        "evidence",
        help="say of every number of a service where it comes from and what rests on it",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="a service of the library, or a path to a .toml file")
    parser.add_argument("--set", action="append", default=[], metavar="P=V", help="set parameter P to V; repeatable")
    parser.add_argument("--scenario", metavar="S", help="a scenario of the service")
    parser.add_argument("--convention", metavar="C", help="a convention, or a path to a .toml file that holds one")
    parser.add_argument("-o", "--output", metavar="PATH", help="write to this .md or .html file; with --all, a folder")
    parser.add_argument("--force", action="store_true", help="write over files that are there")
    parser.add_argument("--year", type=int, metavar="Y", help="the year to which ages are counted (default: this year)")
    parser.add_argument("--json", action="store_true", help="print one JSON object: a row for each number")
    parser.add_argument("--all", action="store_true", help="write a page for every service of the library")
    parser.set_defaults(command=partial(_evidence, read=values))


def _evidence(options: argparse.Namespace, read: Read) -> None:
    if options.all:
        _write_all(options)
        return
    if options.name is None:
        raise _fault("NAME", "is missing. Write a service of the library or a path to a .toml file, or --all.")
    path = None if options.output is None else Path(options.output)
    if path is not None and path.suffix.lower() not in ENDINGS:
        raise _fault(f"-o {shown(options.output)}", "ends in no format of this page. End it in .md or .html.")
    if path is not None and options.json:
        raise _fault("--json", "prints the rows, and -o writes the page. Write one of them.")
    _one(options, path, read(options.set))


def _one(options: argparse.Namespace, path: Path | None, values: dict[str, float]) -> None:
    from sroi.evidence_pages import evidence_page
    from sroi.library import load
    from sroi.result import evaluate

    service = load(options.name)
    asked: dict[str, Any] = {"scenario": options.scenario, "convention": options.convention}
    if options.json:
        found = rows(evaluate(service, values, **asked), options.year)
        print(json.dumps(found, ensure_ascii=False, allow_nan=False, indent=2))
        return
    as_html = path is not None and path.suffix.lower() == ".html"
    text = evidence_page(service, values, **asked, year=options.year, html=as_html)
    if path is None:
        print(text, end="")
        return
    _save({path: text.encode()}, path.parent, options)
    print(f"Wrote {path}")


def rows(result: Result, year: int | None) -> dict[str, Any]:
    """Return what ``--json`` prints: what it was computed under, and a row for each number."""
    from sroi import tables
    from sroi.evidence import evidence_rows, this_year

    frame = evidence_rows(result, this_year() if year is None else year)
    content = frame.reset_index().astype(object).to_dict("records")
    plain = [{str(key): _plain(value) for key, value in row.items()} for row in content]
    return {"stated_under": tables.stated_under(result), "share_of": frame.attrs["result"], "numbers": plain}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _write_all(options: argparse.Namespace) -> None:
    from sroi.evidence_pages import library_pages

    given = {"NAME": options.name, "--set": options.set, "--scenario": options.scenario, "--json": options.json}
    if any(given.values()):
        found = next(key for key, value in given.items() if value)
        raise _fault(found, "is for one service. --all writes each of the library in its base case.")
    if options.output is None:
        raise _fault("-o", "is missing. Write the folder for the pages, such as -o docs/evidence.")
    folder = Path(options.output)
    pages = library_pages(options.year, convention=options.convention)
    _save({folder / name: text.encode() for name, text in pages.items()}, folder, options)
    print(f"Wrote {len(pages)} pages to {folder}")


def _save(contents: dict[Path, bytes], folder: Path, options: argparse.Namespace) -> None:
    from sroi.export import is_folder, not_a_folder, save

    if not is_folder(folder):
        raise not_a_folder(folder)
    save(contents, force=options.force)


def _fault(where: str, sentence: str) -> ServiceError:
    return ServiceError("the request", [Fault(where, sentence)])
