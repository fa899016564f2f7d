"""Time simulation beside a program written by hand and other libraries: `uv run --group benchmarks python …`.

Programs take turns; medians of five. Before anything is timed the arithmetic must agree to 1e-9 on the same draws and
the means within five standard errors. Memory is the peak of a fresh process above its imports.
"""

from __future__ import annotations

import gc
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import simulation_by_hand as by_hand

import sroi

ROUNDS = 5


SERVICE = sroi.load(Path(__file__).with_name("uncertain_service.toml"))


def ours(draws: int, seed: int, **options: object) -> sroi.Simulation:
    """Simulate the service by sroi."""
    return sroi.simulate(SERVICE, draws, seed, results=by_hand.RESULTS, **options)  # type: ignore[arg-type]


def check() -> None:
    """Stop unless both programs agree, on the same draws and on the means of their own."""
    simulation = ours(1_000, 1)
    frame = simulation.draws()
    columns = {name: frame[name].to_numpy().copy() for name in simulation.uncertain}
    for name, array in by_hand.evaluate(columns).items():
        assert np.allclose(array, frame[name], rtol=1e-9, atol=1e-6, equal_nan=True), name
    one, other = ours(200_000, 1).summary(), by_hand.simulate(200_000, 2)
    for name in by_hand.RESULTS:
        error = np.hypot(one.loc[name, "standard_error"], other[name]["standard_error"])
        assert abs(one.loc[name, "mean"] - other[name]["mean"]) < 5 * error, name


def turns(programs: dict[str, Callable[[int], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median milliseconds of each program, run in turns with other seeds each time."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for program in programs.values():
        program(0)
    for seed in range(1, rounds + 1):
        for name, program in programs.items():
            gc.collect()
            began = time.perf_counter()
            program(seed)
            times[name].append((time.perf_counter() - began) * 1e3)
    return {name: statistics.median(found) for name, found in times.items()}


def memory(program: str, draws: int) -> float:
    """Return the peak megabytes of a fresh process above its imports."""
    script = f"import simulate; print(simulate.peak({program!r}, {draws}))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    return float(run.stdout)


def peak(program: str, draws: int) -> float:
    """Run in the fresh process: a small run first, so that imports are behind it."""
    run = {"hand": by_hand.simulate, "sroi": ours}[program]
    run(1_000, 1)
    # Linux forgets the peak when told so: what the imports once took does not count.
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    run(draws, 2)
    return (_status("VmHWM") - before) / 1024


def _status(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(key))


def main() -> None:
    """Print every table."""
    check()
    print(f"Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| draws | by hand, ms | sroi, ms | ratio | sroi, Sobol, ms | ratio | sroi, 2 threads, ms |")
    print("|---|---|---|---|---|---|---|")
    for draws in (10_000, 100_000, 1_000_000):
        found = turns(
            {
                "hand": lambda seed, n=draws: by_hand.simulate(n, seed),  # type: ignore[misc]
                "sroi": lambda seed, n=draws: ours(n, seed),  # type: ignore[misc]
                "sobol": lambda seed, n=draws: ours(n, seed, method="sobol"),  # type: ignore[misc]
                "two": lambda seed, n=draws: ours(n, seed, workers=2, chunk=2**16),  # type: ignore[misc]
            }
        )
        ratios = found["sroi"] / found["hand"], found["sobol"] / found["hand"]
        print(
            f"| {draws:,} | {found['hand']:.1f} | {found['sroi']:.1f} | {ratios[0]:.2f}"
            f" | {found['sobol']:.1f} | {ratios[1]:.2f} | {found['two']:.1f} |"
        )
    print("\n| peak memory above imports, MB | by hand | sroi |\n|---|---|---|")
    for draws in (1_000_000, 10_000_000):
        print(f"| {draws:,} draws | {memory('hand', draws):.0f} | {memory('sroi', draws):.0f} |")
    simulation = ours(100_000, 1)
    jobs = {
        "value of information of each parameter, 100,000 draws": lambda _: sroi.parameter_information(simulation),
        "Sobol indices, 4,096 points": lambda _: sroi.sobol_indices(simulation),
        "one-way": lambda _: sroi.one_way(simulation),
        "every result, 10,000 draws": lambda seed: sroi.simulate(SERVICE, 10_000, seed),
    }
    print("\n| job | ms |\n|---|---|")
    for name, job in jobs.items():
        print(f"| {name} | {turns({name: job}, 3)[name]:.0f} |")
    others()


def others() -> None:
    """Print the table of other libraries, where they are installed."""
    try:
        import simulation_others
    except ImportError as error:
        print(f"\nOther libraries are not installed ({error.name}): run with --group benchmarks.")
        return
    print("\n| other libraries | 10,000 draws, ms | 100,000 draws, ms |\n|---|---|---|")
    for name in ("squigglepy", "salib", "monaco"):
        program = getattr(simulation_others, name)
        cells = []
        for draws in (10_000, 100_000):
            if name == "monaco" and draws > 10_000:
                cells.append("not run")
                continue
            try:
                found = turns({name: lambda seed, n=draws, run=program: run(n, seed + 1)}, 3)[name]  # type: ignore[misc]
                cells.append(f"{found:.0f}")
            except ImportError as error:
                cells.append(f"{error.name} is not installed")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
