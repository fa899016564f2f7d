"""What `sroi simulate` prints and writes."""

from __future__ import annotations

import errno
import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi import ranges, tables, terminal
from sroi.errors import Fault, ServiceError, shown
from sroi.uncertainty import Simulation, one_way, parameter_information, perfect_information, saying, switching_values
from sroi.uncertainty.measure import MOST, net_benefits

if TYPE_CHECKING:
    from pandas import DataFrame

# How many of the things that matter are said.
SHOWN = 5
# Draws that are short of enough by no more than this are not called few: how many are enough is an estimate itself.
NEARLY = 1.1


def check_path(path: str) -> None:
    """Refuse a file that cannot be written, before anything is drawn for it.

    Raises
    ------
    ServiceError
        With what to write instead.
    """
    part = _beside(Path(path))
    try:
        if Path(path).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # A pipe is left alone: to open and close it would end its reader.
        if part != Path(path):
            part.touch()
            part.unlink()
    except OSError as error:
        raise _not_written(path, error) from None


def save(simulation: Simulation, path: str) -> None:
    """Write every draw to a file of comma-separated values, a row each.

    A file under its final name is whole: the rows go to one beside it, which is renamed when all are there.

    Raises
    ------
    ServiceError
        When the file cannot be written.
    """
    check_path(path)
    part = _beside(Path(path))
    try:
        simulation.draws().to_csv(part)
        if part != Path(path):
            part.replace(path)
    except OSError as error:
        raise _not_written(path, error) from None
    except KeyboardInterrupt:
        print(f"stopped: no draws are written to {path}", file=sys.stderr)
        raise
    finally:
        if part != Path(path):
            part.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Return where rows are written first; what is no file itself, such as /dev/stdout, is written to as it is."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return path
    return path.with_name(f".{os.getpid()}.{path.name}")


def _not_written(path: str, error: OSError) -> ServiceError:
    problem = f"cannot be written ({error.strerror or error}). Name a file in a folder that is there."
    return ServiceError("the request", [Fault(f"--save-draws {shown(path)}", problem)])


def say(simulation: Simulation, chances: DataFrame | None, sides: DataFrame | None) -> None:
    """Print a simulation: headline, results, what was asked for besides, what matters, what it does not show.

    Parameters
    ----------
    simulation : Simulation
    chances : DataFrame or None
        As :meth:`sroi.Simulation.chances` returns it.
    sides : DataFrame or None
        As :meth:`sroi.Simulation.by` returns it.
    """
    print(tables.heading(simulation.central))
    print(f"\n{textwrap.fill(simulation.headline(), terminal.columns())}\n")
    terminal.rows(simulation.summary())
    if chances is not None:
        terminal.paragraphs("How likely:", saying.chances(chances))
    if sides is not None:
        print("\nPresent value of benefits:")
        terminal.rows(sides)
    if simulation.uncertain:
        _say_what_matters(simulation)
    needed = int(simulation.convergence().loc[["npsv", "sroi_ratio"], "draws_needed"].max())
    if needed > NEARLY * simulation.draws_made:
        print(f"\nThe ends of the likely range are rough: {needed:,} draws would settle them to 1% of its width.")
    terminal.left_out(simulation.central)


def _say_what_matters(simulation: Simulation) -> None:
    symbol = tables.symbol_of(simulation.central)
    swings = one_way(simulation)
    swings = swings[swings["swing"] > 0].head(SHOWN)
    said = [
        f"{row['label']}: {ranges.span(row['at_low'], row['at_high'], 'money', symbol)}"
        for row in swings.to_dict("records")
    ]
    terminal.paragraphs(
        "What matters most (net present social value, each alone from its 5th to 95th percentile):", said
    )
    turning = switching_values(simulation, list(simulation.uncertain))
    terminal.paragraphs(
        "Where the answer turns (each alone, all others at their central values):", saying.turns(turning)
    )
    if simulation.draws_made >= ranges.FEWEST:
        _say_what_to_measure(simulation, symbol)
    terminal.paragraphs("Whose ranges these are:", saying.origins(simulation.uncertain))
    if any(each.origin == "preset" for each in simulation.uncertain.values()):
        print("    (--stated-only leaves out what has a range by assumption)")


def _say_what_to_measure(simulation: Simulation, symbol: str) -> None:
    more = simulation.at_least(MOST)
    known = perfect_information(more)
    mean = float(net_benefits(more)[1][:, -1].mean())
    decision = saying.decision(known, mean, float(simulation.central.npsv), symbol)
    measured = saying.worth_measuring(parameter_information(more), symbol, SHOWN)
    terminal.paragraphs(
        f"What to measure next (from {MOST:,} draws):", [decision, *measured, saying.everything(known, symbol)]
    )


def asked_for(chances: DataFrame | None, by: str | None, sides: DataFrame | None) -> dict[str, Any]:
    """Return what was asked for besides, as ``--json`` prints it: chances by condition, benefits by side."""
    found: dict[str, Any] = {}
    if chances is not None:
        found["chances"] = _plain(chances)
    if sides is not None:
        found["by"] = {by: _plain(sides)}
    return found


def _plain(frame: DataFrame) -> dict[Any, Any]:
    return frame.astype(object).where(frame.notna(), None).to_dict("index")
