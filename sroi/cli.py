"""The command line: one function for each command. Exit status 0, or 2 with the faults on standard error."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sroi import cli_choices, cli_evidence, cli_export, cli_import, cli_list, cli_own, cli_read, cli_units, terminal
from sroi.errors import Fault, ServiceError, shown

if TYPE_CHECKING:
    from sroi.result import Result

FAULTY = 2
PORT = 8501
PRESET = "by_grade"
SIDES = ("bearer", "kind", "stakeholder")
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
        sys.stdout.flush()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return FAULTY
    except BrokenPipeError:
        # The reader of our output has gone, as in `sroi run … | head`: point it away so that exit stays quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sroi",
        description="Social return on investment of public services, with the source of every number.",
        epilog="NAME is a service of the library (see `sroi list`) or a path to a .toml file.",
    )
    parser.add_argument("--version", action="version", version=f"sroi {_version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    cli_list.register(commands)

    cli_own.register(commands)

    run = commands.add_parser("run", help="evaluate a service")
    _request(run)
    run.add_argument("--json", action="store_true", help="print every result as one JSON object")
    run.set_defaults(command=_run)

    _simulation(commands)

    explain = commands.add_parser("explain", help="say where a number comes from, down to its sources")
    explain.add_argument("number", metavar="NUMBER", help="a result such as npsv, a line or a parameter")
    _request(explain)
    explain.set_defaults(command=_explain)

    cli_evidence.register(commands, _values)
    cli_choices.register(commands, _request, _values)
    cli_units.register(commands, _request, _values)
    cli_export.register(commands, _request, _values, _count)
    cli_import.register(commands)
    cli_read.register(commands)

    page = commands.add_parser("method", help="print how every number is computed, as a Markdown page")
    page.set_defaults(command=_method)

    schema = commands.add_parser("schema", help="print the JSON schema of service files, for editors")
    schema.set_defaults(command=_schema)

    app = commands.add_parser("app", help="open the calculator in the browser")
    app.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default {PORT})")
    app.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    app.add_argument(
        "--address", default="127.0.0.1", help="address to listen on (default 127.0.0.1: only this machine)"
    )
    app.add_argument("--path", default="", metavar="P", help="path under which a reverse proxy shows the app")
    app.set_defaults(command=_app)
    return parser


def _simulation(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = commands.add_parser("simulate", help="state a service's results with their likely range and chances")
    _request(simulate)
    simulate.add_argument("--draws", type=_count, default=10_000, metavar="N", help="how many draws (default 10000)")
    simulate.add_argument("--seed", type=_count, default=1, metavar="N", help="start of the draws (default 1)")
    simulate.add_argument("--method", default="monte_carlo", metavar="M", help="monte_carlo, latin_hypercube or sobol")
    simulate.add_argument(
        "--stated-only", action="store_true", help="no spread for parameters that state none in the file"
    )
    simulate.add_argument("--workers", type=_count, default=1, metavar="N", help="threads that share the work")
    simulate.add_argument(
        "--chance",
        action="append",
        default=[],
        metavar="CONDITION",
        help="say how likely this is, such as 'sroi_ratio >= 2 and npsv > 1e6'; may be repeated",
    )
    simulate.add_argument("--by", choices=SIDES, help="say whose the benefits are, each with its likely range")
    simulate.add_argument("--save-draws", metavar="FILE.csv", help="write every draw, a row each, to a file")
    simulate.add_argument("--json", action="store_true", help="print every result as one JSON object")
    simulate.set_defaults(command=_simulate)


def _request(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a service of the library, or a path to a .toml file")
    parser.add_argument(
        "--set", action="append", default=[], metavar="P=V", help="set parameter P to V; may be repeated"
    )
    parser.add_argument("--scenario", metavar="S", help="a scenario of the service")
    parser.add_argument("--convention", metavar="C", help="a convention, or a path to a .toml file that holds one")


def _version() -> str:
    from importlib.metadata import version

    return version("sroi")


def _evaluated(options: argparse.Namespace) -> Result:
    from sroi.library import load
    from sroi.result import evaluate

    service = load(options.name)
    convention = options.convention
    return evaluate(service, _values(options.set), scenario=options.scenario, convention=convention)


def _values(settings: list[str]) -> dict[str, float]:
    values, faults = {}, []
    for setting in settings:
        name, sign, text = setting.partition("=")
        try:
            values[name.strip()] = float(text)
        except ValueError:
            found = shown(setting)
            hint = f" Shares are fractions: write {float(text[:-1]) / 100:g}." if _is_percent(text) else ""
            faults.append(Fault(f"--set {found}", f"is not a parameter and a number. Write --set name=0.5.{hint}"))
        if sign and not name.strip():
            faults.append(Fault(f"--set {shown(setting)}", "names no parameter. Write --set name=0.5."))
    if faults:
        raise ServiceError("the request", faults)
    return values


def _is_percent(text: str) -> bool:
    return text.endswith("%") and text[:-1].strip().replace(".", "", 1).isdigit()


def _run(options: argparse.Namespace) -> None:
    result = _evaluated(options)
    if options.json:
        print(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=2))
        return
    from sroi import printing, tables
    from sroi.compare import headline
    from sroi.published_reports import standing

    print(tables.heading(result))
    print(f"\n{textwrap.fill(headline(result), terminal.columns())}\n")
    print("At the central values (their likely ranges: sroi simulate):")
    terminal.rows(result.summary())
    about = result.service.about
    if result.participants:
        money = result.per_participant()["per_participant"]
        symbol = tables.symbol_of(result)
        pair = (float(money["pv_benefits"]), float(money["pv_costs"]))
        benefits, costs = (printing.money(amount, symbol, beside=max(pair, key=abs)) for amount in pair)
        counted = f", counted in each of {about.delivery_years} years" if about.delivery_years > 1 else ""
        said = (
            f"{result.participants:,.0f} participants{counted}: for each, benefits of {benefits} and costs of {costs}"
        )
        print(f"\n  {said}")
    terminal.paragraphs("Beside published SROI reports:", standing(result))
    terminal.left_out(result)


def _count(text: str) -> int:
    """Read a whole number, written as 10000, 10_000, 10,000 or 1e4."""
    try:
        number = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number != int(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number: write for example 10000")
    return int(number)


def _simulate(options: argparse.Namespace) -> None:
    from sroi import cli_simulation
    from sroi.library import load
    from sroi.uncertainty import simulate

    if options.save_draws:
        cli_simulation.check_path(options.save_draws)
    progress = terminal.Progress()
    try:
        simulation = simulate(
            load(options.name),
            options.draws,
            options.seed,
            values=_values(options.set),
            scenario=options.scenario,
            convention=options.convention,
            method=options.method,
            preset=None if options.stated_only else PRESET,
            workers=options.workers,
            progress=progress,
        )
    except KeyboardInterrupt:
        progress.stop(options.draws)
        raise
    finally:
        progress.end()
    chances = simulation.chances(options.chance) if options.chance else None
    sides = simulation.by(options.by) if options.by else None
    if options.save_draws:
        cli_simulation.save(simulation, options.save_draws)
    if options.json:
        asked = cli_simulation.asked_for(chances, options.by, sides)
        print(json.dumps(simulation.to_dict() | asked, ensure_ascii=False, allow_nan=False, indent=2))
        return
    cli_simulation.say(simulation, chances, sides)
    if options.save_draws:
        print(f"\n{simulation.draws_made:,} draws are written to {options.save_draws}.")


def _explain(options: argparse.Namespace) -> None:
    print(_evaluated(options).explain(options.number))


def _method(options: argparse.Namespace) -> None:
    from sroi.method_page import page

    print(page())


def _schema(options: argparse.Namespace) -> None:
    from sroi.service import Service

    print(json.dumps(Service.model_json_schema(by_alias=True), ensure_ascii=False, indent=1))


def _app(options: argparse.Namespace) -> None:
    try:
        from sroi.ui import settings
    except ModuleNotFoundError as missing:
        rule = f"needs {missing.name}, which is not installed. Write: pip install 'sroi[app]'"
        raise ServiceError("sroi app", [Fault("The app", rule)]) from None
    settings.launch(port=options.port, browser=not options.no_browser, address=options.address, path=options.path)
