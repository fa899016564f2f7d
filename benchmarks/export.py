"""Time ``sroi.write_workbook`` for every service of the library, and say how large the files are.

Run ``uv run python benchmarks/export.py``; ``--quick`` for one repetition of two services. Medians of warm runs; the
first run of a process imports the libraries and is timed by itself. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sroi

# A small service and the largest.
QUICK = ("legal_advice", "debt_advice")
FRESH = "import sys, time; import sroi; s = sroi.load(sys.argv[1]); t = time.perf_counter(); "
FRESH += "sroi.write_workbook(s, sys.argv[2], draws=None); print(time.perf_counter() - t)"


def taken(service: sroi.Service, path: Path, draws: int | None, repeats: int) -> float:
    """Return the median milliseconds of a warm export."""
    times = []
    for repeat in range(repeats + 1):
        gc.collect()
        started = time.perf_counter()
        sroi.write_workbook(service, path, draws=draws, seed=repeat)
        if repeat:
            times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def main() -> None:
    """Time every service."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one repetition of two services")
    quick = parser.parse_args().quick
    repeats, names = (1, QUICK) if quick else (7, sroi.services()["id"])
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| service | inputs | outcomes | without ranges, ms | with 10,000 draws, ms | first in a process, ms | kB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bid.xlsx"
        for name in names:
            service = sroi.load(name)
            plain, ranged = taken(service, path, None, repeats), taken(service, path, 10_000, repeats)
            command = [sys.executable, "-c", FRESH, name, str(path)]
            fresh = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) * 1e3
            size = path.stat().st_size / 1e3
            counts = f"{len(service.parameters)} | {len(service.outcomes)}"
            print(f"| {name} | {counts} | {plain:.0f} | {ranged:.0f} | {fresh:.0f} | {size:.0f} |")


if __name__ == "__main__":
    main()
