"""Time ``sroi.evaluate`` beside the same service written by hand, and the start of the command line.

Run ``uv run python benchmarks/evaluate.py``; ``--quick`` for a short run. Runs of the two programs take turns, so that
a busy machine slows both; medians are printed, and ratios. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import by_hand
import numpy as np

import sroi
from sroi import reference

FILE = Path(__file__).with_name("benchmark_service.toml")
RESULTS = ("npsv", "sroi_ratio", "pv_benefits", "pv_costs")
DRAWS = (1_000, 10_000, 100_000, 1_000_000)
MEGABYTE = 2**20


def main() -> None:
    """Check that both programs agree, then time them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few repetitions, few draws")
    quick = parser.parse_args().quick
    service = sroi.load(FILE)
    factor = reference.price_factor("GBP", "2019-20", service.about.price_base_year)
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores\n")
    _point(service, factor, 3 if quick else 60)
    _many(service, factor, DRAWS[:1] if quick else DRAWS, 1 if quick else 9)
    _start(1 if quick else 11)


def _values(service: sroi.Service, seed: int, draws: int | None) -> dict[str, Any]:
    """Return every parameter of the service moved by up to 10%, other numbers for each seed."""
    stream = np.random.default_rng(seed)
    base = {name: parameter.value for name, parameter in service.parameters.items()}
    return {name: value * stream.uniform(0.9, 1.1, draws) for name, value in base.items() if value is not None}


def _ours(service: sroi.Service, values: dict[str, Any]) -> dict[str, Any]:
    result = sroi.evaluate(service, values)
    return {name: getattr(result, name) for name in RESULTS}


def _agree(service: sroi.Service, factor: float, values: dict[str, Any]) -> None:
    ours, theirs = _ours(service, values), by_hand.evaluate(values, factor)
    for name in RESULTS:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12)


def _paired(repeats: int, *programs: Callable[[], object]) -> list[float]:
    """Return the median seconds of each program, run in turn."""
    taken: list[list[float]] = [[] for _ in programs]
    for _ in range(repeats):
        for program, seconds in zip(programs, taken, strict=True):
            started = time.perf_counter()
            program()
            seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def _point(service: sroi.Service, factor: float, repeats: int) -> None:
    several = [_values(service, seed, None) for seed in range(20)]
    for values in several:
        _agree(service, factor, values)
    ours, theirs = _paired(
        repeats,
        lambda: [_ours(service, values) for values in several],
        lambda: [by_hand.evaluate(values, factor) for values in several],
    )
    ours, theirs = ours / len(several), theirs / len(several)
    print("One case (20 parameters, 6 outcomes, 10 years, 3 cohorts), other values each time:\n")
    print("| | by hand | sroi | ratio |\n|---|---|---|---|")
    print(f"| milliseconds | {theirs * 1e3:.3f} | {ours * 1e3:.3f} | {ours / theirs:.1f} |\n")


def _many(service: sroi.Service, factor: float, counts: tuple[int, ...], repeats: int) -> None:
    print("Many draws, every parameter an array:\n")
    print("| draws | by hand, ms | sroi, ms | ratio | sroi, ns a draw | peak memory above inputs and results, MB |")
    print("|---|---|---|---|---|---|")
    for draws in counts:
        values = _values(service, draws, draws)
        _agree(service, factor, values)
        ours, theirs = _paired(repeats, partial(_ours, service, values), partial(by_hand.evaluate, values, factor))
        tracemalloc.start()
        kept = _ours(service, values)
        peak = tracemalloc.get_traced_memory()[1] - sum(array.nbytes for array in kept.values())
        tracemalloc.stop()
        print(
            f"| {draws:,} | {theirs * 1e3:.2f} | {ours * 1e3:.2f} | {ours / theirs:.1f} |"
            f" {ours / draws * 1e9:.0f} | {peak / MEGABYTE:.0f} |"
        )
    print()


def _start(repeats: int) -> None:
    commands = (["--help"], ["list"], ["run", "legal_advice", "--json"])
    print("Start of the command line, seconds:\n\n| command | median |\n|---|---|")
    for arguments in commands:
        command = [sys.executable, "-m", "sroi", *arguments]
        (seconds,) = _paired(repeats, partial(subprocess.run, command, check=True, capture_output=True))
        print(f"| sroi {' '.join(arguments)} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
