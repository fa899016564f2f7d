"""Time how long it takes to load and check the whole library.

Run ``uv run python benchmarks/library.py``; ``--quick`` for one repetition. Medians; prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time

from sroi import library

FRESH = "import time; t = time.perf_counter(); from sroi import library; list(library.all_services()); "
FRESH += "print(time.perf_counter() - t)"


def main() -> None:
    """Time the library, in a process that has read it before and in a fresh one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one repetition")
    repeats = 1 if parser.parse_args().quick else 9
    count, again, fresh = len(list(library.all_services())), [], []
    for _ in range(repeats):
        started = time.perf_counter()
        list(library.all_services())
        again.append((time.perf_counter() - started) * 1e3)
        command = [sys.executable, "-c", FRESH]
        fresh.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) * 1e3)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| services | load and check all, ms | in a fresh process with its imports, ms |")
    print("|---|---|---|")
    print(f"| {count} | {statistics.median(again):.0f} | {statistics.median(fresh):.0f} |")


if __name__ == "__main__":
    main()
