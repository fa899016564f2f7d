"""The commands for a service of one's own: ``sroi new`` writes a file, ``sroi check`` guides to a complete one."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi import terminal
from sroi.errors import Fault, ServiceError, shown

# So many draws show that a file can be drawn.
FEW = 100
NEW = """
NAME.toml is a form: a small service that works, with every key explained and made-up numbers to replace. `sroi check
NAME.toml` lists what is still to be filled in. With --from it is a copy of a service of the library.
"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the program."""
    new = commands.add_parser("new", help="begin a service of your own: write a form to fill in", epilog=NEW)
    new.add_argument("name", metavar="NAME", help="what the service is called: small letters, digits and _")
    new.add_argument("--from", dest="origin", metavar="LIBRARY_ID", help="copy this service of the library")
    new.add_argument("-o", "--output", default=".", metavar="DIR", help="the folder for the file (default: this one)")
    new.set_defaults(command=_new)

    check = commands.add_parser("check", help="check a service file: every fault, and what would make it better")
    check.add_argument("file", metavar="FILE", help="a path to a .toml file, or a service of the library")
    check.set_defaults(command=_check)


def _new(options: argparse.Namespace) -> None:
    from sroi import form

    form.check_name(options.name)
    folder = Path(options.output)
    path = folder / f"{options.name}.toml"
    text = form.form(options.name) if options.origin is None else form.copy_of(options.origin, options.name)
    _write(path, text)
    what = "a form to fill in" if options.origin is None else f"a copy of {options.origin}"
    print(f"Wrote {path}, {what}. Next: sroi check {path}")


def _write(path: Path, text: str) -> None:
    try:
        # Whatever is there may hold somebody's work.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise _refused(path, "is there already, and may hold somebody's work. Write another name.") from None
    except (FileNotFoundError, NotADirectoryError):
        raise _refused(path.parent, "is not a folder that is there. Make it first, or write another.") from None
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}. Write another folder after -o.") from None


def _refused(path: Path, sentence: str) -> ServiceError:
    return ServiceError("the request", [Fault(shown(str(path)), sentence)])


def _check(options: argparse.Namespace) -> None:
    from sroi.advice import advice
    from sroi.library import load
    from sroi.result import evaluate
    from sroi.uncertainty import simulate

    service = load(options.file)
    for scenario in (None, *service.scenarios):
        evaluate(service, scenario=scenario).summary()
        # A few draws show that every spread can be met.
        simulate(service, FEW, scenario=scenario)
    assumed = sum(parameter.source == "assumption" for parameter in service.parameters.values())
    print(
        f"{service.id} is in order: {len(service.parameters)} parameters ({assumed} assumed),"
        f" {len(service.outcomes)} outcomes, {len(service.costs)} costs, {len(service.scenarios)} scenarios."
    )
    terminal.paragraphs("What would make it better:", advice(service))
