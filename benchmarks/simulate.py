"""Time ``sroi.simulate`` beside the same service drawn, evaluated and summed up by hand, and beside other libraries.

Run ``uv run python benchmarks/simulate.py``, or with the names of some tables; ``--quick`` for a short run. Other
libraries are timed where installed: ``uv run --group benchmarks python benchmarks/simulate.py others``. Runs of the
programs take turns, with another seed each time; medians are printed, and ratios. Before anything is timed the
programs must agree. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import simulation_by_hand as by_hand
import simulation_others
from simulation_by_hand import PARAMETERS, RESULTS

import sroi

FILE = Path(__file__).with_name("uncertain_service.toml")
SERVICE = sroi.load(FILE)
DRAWS, QUICK = (10_000, 100_000, 1_000_000), (10_000,)
FEWER, MANY, POINTS = 100_000, 10_000_000, 4096
KIBIBYTES = 1024
PROBABILITIES = np.array([1e-3, 0.05, 0.25, 0.5, 0.75, 0.95, 1 - 1e-3])
Program = Callable[[int], Any]


def main() -> None:
    """Check that the programs agree, then time them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", help=f"some of {', '.join(TABLES)}; all when not given")
    parser.add_argument("--quick", action="store_true", help="few draws, one repetition")
    parser.add_argument("--peak", nargs=2, metavar=("PROGRAM", "DRAWS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peak:
        print(peak(asked.peak[0], int(asked.peak[1])))
        return
    unknown = set(asked.tables) - set(TABLES)
    if unknown:
        parser.error(f"there is no table {', '.join(sorted(unknown))}: choose from {', '.join(TABLES)}")
    check()
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores\n")
    for name in asked.tables or TABLES:
        TABLES[name](QUICK if asked.quick else DRAWS, 1 if asked.quick else 5)


def ours(draws: int, seed: int, method: str = "monte_carlo", workers: int = 1) -> sroi.Simulation:
    """Return the simulation, with all that is asked of it."""
    simulation = sroi.simulate(SERVICE, draws=draws, seed=seed, results=RESULTS, method=method, workers=workers)
    simulation.summary()
    simulation.chance("npsv > 0")
    return simulation


# Agreement ----------------------------------------------------------------------------------------------------


def check() -> None:
    """Refuse to time programs that differ: in their distributions, their arithmetic or their means."""
    simulation = ours(FEWER, 1)
    assert list(simulation.uncertain) == list(PARAMETERS)
    for name, each in simulation.uncertain.items():
        theirs = by_hand.frozen(name).ppf(PROBABILITIES)
        np.testing.assert_allclose(each.distribution.ppf(PROBABILITIES), theirs, rtol=1e-6, err_msg=name)
    drawn = {name: row.copy() for name, row in by_hand.Draws(1, "samplers").next(1_000).items()}
    result = sroi.evaluate(SERVICE, {name: row.copy() for name, row in drawn.items()})
    for name, found in by_hand.Evaluation().results(drawn).items():
        np.testing.assert_allclose(found, getattr(result, name), rtol=1e-9, atol=1e-6, err_msg=name)
    for method in ("samplers", "tables", "sobol"):
        agree(simulation, by_hand.simulate(FEWER, 2, method))
    agree(ours(FEWER, 1, "sobol"), by_hand.simulate(FEWER, 2, "sobol"))


def agree(simulation: sroi.Simulation, other: dict[str, dict[str, float]]) -> None:
    """Compare the means and the chance with another program's, within five standard errors."""
    summary = simulation.summary()
    for name in RESULTS:
        error = np.hypot(summary.loc[name, "standard_error"], other[name]["standard_error"])
        assert abs(summary.loc[name, "mean"] - other[name]["mean"]) < 5 * error, name
    chance = simulation.chance("npsv > 0")
    error = np.sqrt(2 * chance * (1 - chance) / min(simulation.draws_made, FEWER))
    assert abs(chance - other["chance"]["npsv > 0"]) < 5 * error, "chance"


# Measuring ----------------------------------------------------------------------------------------------------


def paired(repeats: int, *programs: Program) -> list[float]:
    """Return the median milliseconds of each program, run in turn after one run each that does not count."""
    taken: list[list[float]] = [[] for _ in programs]
    for seed in range(repeats + 1):
        for program, times in zip(programs, taken, strict=True):
            gc.collect()
            started = time.perf_counter()
            program(seed)
            if seed:
                times.append((time.perf_counter() - started) * 1e3)
    return [statistics.median(times) for times in taken]


def peak_of(program: str, draws: int) -> str:
    """Return the peak memory of a fresh process, in MB."""
    command = [sys.executable, __file__, "--peak", program, str(draws)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def peak(program: str, draws: int) -> str:
    """Return the most memory that a run took above what a small run left behind, in MB."""
    reset = Path("/proc/self/clear_refs")
    if not reset.exists():
        return "not measured here"
    run: dict[str, Program] = {
        "sroi": lambda count: ours(count, 1),
        **{method: lambda count, m=method: by_hand.simulate(count, 1, m) for method in ("samplers", "tables", "sobol")},
    }
    run[program](1_000)
    gc.collect()
    # Linux sets the peak back to what is held now: what the imports once took does not count. (`getrusage` would
    # count the parent process too.)
    reset.write_text("5")
    before = _status("VmHWM")
    run[program](draws)
    return f"{(_status('VmHWM') - before) / KIBIBYTES:.0f}"


def _status(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(key))


# Tables -------------------------------------------------------------------------------------------------------


def plain(counts: tuple[int, ...], repeats: int) -> None:
    """Plain Monte Carlo, and where the time goes by hand."""
    parts: dict[int, list[dict[str, float]]] = {draws: [] for draws in counts}
    print("Plain Monte Carlo, one thread:\n")
    print("| draws | by hand, ms | by hand with quantile tables, ms | sroi, ms | sroi / by hand | sroi / with tables |")
    print("|---|---|---|---|---|---|")
    for draws in counts:

        def samplers(seed: int, draws: int = draws) -> None:
            seconds: dict[str, float] = {}
            by_hand.simulate(draws, seed, "samplers", seconds)
            parts[draws].append(seconds)

        hand, tables, mine = paired(
            repeats,
            samplers,
            lambda seed, n=draws: by_hand.simulate(n, seed, "tables"),
            lambda seed, n=draws: ours(n, seed),
        )
        print(f"| {draws:,} | {hand:.1f} | {tables:.1f} | {mine:.1f} | {mine / hand:.2f} | {mine / tables:.2f} |")
    print(f"\nBy hand, ms:\n\n| draws | {' | '.join(by_hand.PARTS)} |\n|---|---|---|---|")
    for draws, several in parts.items():
        medians = [statistics.median(seconds[part] for seconds in several[1:]) * 1e3 for part in by_hand.PARTS]
        print(f"| {draws:,} | {' | '.join(f'{median:.1f}' for median in medians)} |")
    print()


def sobol(counts: tuple[int, ...], repeats: int) -> None:
    """Scrambled Sobol draws."""
    print("Sobol draws, one thread:\n\n| draws | by hand, ms | sroi, ms | ratio |\n|---|---|---|---|")
    for draws in counts:
        hand, mine = paired(
            repeats,
            lambda seed, n=draws: by_hand.simulate(n, seed, "sobol"),
            lambda seed, n=draws: ours(n, seed, "sobol"),
        )
        print(f"| {draws:,} | {hand:.1f} | {mine:.1f} | {mine / hand:.2f} |")
    print()


def memory(counts: tuple[int, ...], _repeats: int) -> None:
    """Peak memory of fresh processes."""
    print("Peak memory above imports and a run of 1,000 draws, MB:\n")
    print("| draws | by hand | by hand with tables | by hand, Sobol | sroi |\n|---|---|---|---|---|")
    draws = counts[-1]
    print(f"| {draws:,} | {' | '.join(peak_of(name, draws) for name in ('samplers', 'tables', 'sobol', 'sroi'))} |")
    if draws == DRAWS[-1]:
        print(f"| {MANY:,} | – | – | – | {peak_of('sroi', MANY)} |")
        (mine,) = paired(1, lambda seed: ours(MANY, seed))
        print(f"\nsroi, {MANY:,} draws, summaries only: {mine / 1e3:.1f} s")
    print()


def others(counts: tuple[int, ...], repeats: int) -> None:
    """Run other libraries, where they are installed."""
    print("The same job in other libraries, ms:\n\n| library | 10,000 draws | 100,000 draws |\n|---|---|---|")
    reference = ours(FEWER, 1)
    for name in ("squigglepy", "salib", "monaco"):
        program = getattr(simulation_others, name)
        try:
            agree(reference, program(DRAWS[0], 1))
        except ImportError as error:
            print(f"| {name} | {error.name} is not installed: `uv run --group benchmarks …` | |")
            continue
        few = paired(min(repeats, 3), lambda seed, run=program: run(DRAWS[0], seed + 1))[0]
        cells = [f"{few:.0f}", "not run"]
        if FEWER in counts:
            started = time.perf_counter()
            program(FEWER, 1)
            cells[1] = f"{(time.perf_counter() - started) * 1e3:.0f}"
        print(f"| {name} | {' | '.join(cells)} |")
    print()


def information(counts: tuple[int, ...], repeats: int) -> None:
    """Value of partial perfect information of every parameter."""
    draws = min(FEWER, counts[-1])
    simulation = ours(draws, 1)
    drawn, npsv = simulation.parameters(draws), simulation.column("npsv", draws)
    found, theirs = sroi.parameter_information(simulation), simulation_others.parameter_information(drawn, npsv)
    for name, value in theirs.items():
        apart = abs(found.loc[name, "value"] - value)
        assert apart < 5 * found.loc[name, "standard_error"] + 0.05 * max(theirs.values()), name
    hand, mine = paired(
        repeats,
        lambda _: simulation_others.parameter_information(drawn, npsv),
        lambda _: sroi.parameter_information(simulation),
    )
    print(f"Value of information of each of {len(drawn)} parameters, {draws:,} draws:\n")
    print("| by hand, cubic regression, ms | sroi, ms | ratio |\n|---|---|---|")
    print(f"| {hand:.0f} | {mine:.0f} | {mine / hand:.1f} |\n")


def indices(_counts: tuple[int, ...], repeats: int) -> None:
    """Sobol indices of every parameter."""
    simulation = ours(DRAWS[0], 1)
    found, theirs = sroi.sobol_indices(simulation, points=POINTS), simulation_others.sobol_indices(POINTS, 1)
    for name, (first, total) in theirs.items():
        assert abs(found.loc[name, "first"] - first) < 0.05, name
        assert abs(found.loc[name, "total"] - total) < 0.05, name
    hand, mine = paired(
        repeats,
        lambda seed: simulation_others.sobol_indices(POINTS, seed),
        lambda _: sroi.sobol_indices(simulation, points=POINTS),
    )
    try:
        other = f"{paired(min(repeats, 3), lambda seed: simulation_others.salib_indices(POINTS, seed))[0]:.0f}"
    except ImportError:
        other = "not installed"
    print(f"Sobol first-order and total indices of {len(theirs)} parameters, {POINTS:,} points:\n")
    print("| by hand, without intervals, ms | sroi, ms | ratio | SALib, ms |\n|---|---|---|---|")
    print(f"| {hand:.0f} | {mine:.0f} | {mine / hand:.1f} | {other} |\n")


def workers(counts: tuple[int, ...], repeats: int) -> None:
    """Threads that share the work."""
    draws = counts[-1]
    one, two = paired(repeats, lambda seed: ours(draws, seed), lambda seed: ours(draws, seed, workers=2))
    print(f"sroi, {draws:,} draws, on threads:\n\n| workers | ms |\n|---|---|\n| 1 | {one:.0f} |\n| 2 | {two:.0f} |\n")


TABLES: dict[str, Callable[[tuple[int, ...], int], None]] = {
    "plain": plain,
    "sobol": sobol,
    "memory": memory,
    "others": others,
    "information": information,
    "indices": indices,
    "workers": workers,
}

if __name__ == "__main__":
    main()
