"""Time the app: from a change of an input to the headline in a browser, its start, and twenty visitors at once.

Run ``uv run python benchmarks/app.py``; ``--quick`` for a short run. Needs the system's Chromium. Everything stays on
the loopback; the number of requests is fixed beforehand. Prints Markdown, medians beside the goals.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import sixty
from playwright.sync_api import Page, sync_playwright
from websocket_visitor import Visitor

from sroi.ui import settings

SCRIPT = Path(__file__).with_name("app_sixty.py")
QUERY = f"service={sixty.ID}"
VISITORS, EVERY = 20, 10.0
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Seconds are taken in the page itself: from the key that sends the number to the first frame with another headline.
CHANGE = """([label, value]) => new Promise((done, fail) => {
    const headline = () => [...document.querySelectorAll('[data-testid=stMain] :is(h2, h3)')]
        .map(e => e.innerText).find(text => text.includes('10,000 draws'));
    const before = headline(), box = document.querySelector(`input[aria-label^="${label} ("]`);
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(box, value);
    box.dispatchEvent(new Event('input', {bubbles: true}));
    const started = performance.now();
    box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true}));
    const look = () => headline() && headline() !== before ? done(performance.now() - started)
        : performance.now() - started > 20000 ? fail(new Error('no new headline')) : requestAnimationFrame(look);
    look();
})"""
SHOWN = """() => [...document.querySelectorAll('[data-testid=stMain] :is(h2, h3)')]
    .some(e => e.innerText.includes('10,000 draws'))"""


@contextmanager
def server(script: Path | None = None) -> Iterator[tuple[int, int]]:
    """Start the app; yield its port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sroi", "app", "--no-browser", "--port", str(port)]
    if script is not None:
        told = settings.options(port)
        command = [sys.executable, "-m", "streamlit", *told[:1], str(script), *told[2:]]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        for _ in range(1200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
                    break
            except OSError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@contextmanager
def tab() -> Iterator[Page]:
    """Open a page of a browser of its own."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER)
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def resident(process: int) -> float:
    """Return the megabytes of memory that a process holds."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _people(place: int) -> int:
    """Return a number of people: few and many in turn, so that each headline differs from the one before it."""
    return 60 + place if place % 2 else 160 + place


def _start(repeats: int) -> list[float]:
    """Return seconds from a server that is up to its first page, of a new server each time."""
    taken = []
    for _ in range(repeats):
        with server() as (port, _process), tab() as page:
            started = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/")
            page.locator("[data-testid=stMain] h1").first.wait_for(timeout=60_000)
            page.locator("[data-testid=stMain] button:visible").first.wait_for(timeout=60_000)
            taken.append(time.perf_counter() - started)
    return taken


def _changes(repeats: int) -> list[float]:
    """Return seconds from a change of an input to another headline, each time a number of its own."""
    taken = []
    with server(SCRIPT) as (port, _process), tab() as page:
        page.goto(f"http://127.0.0.1:{port}/explore?{QUERY}")
        page.wait_for_function(SHOWN, timeout=60_000)
        page.wait_for_timeout(2000)
        for place in range(repeats + 3):
            taken.append(page.evaluate(CHANGE, ["People", str(_people(place))]) / 1000)
            page.wait_for_timeout(1500)
    return taken[3:]


async def _visit(visitor: Visitor, stream: random.Random, changes: int, every: float) -> list[float]:
    await asyncio.sleep(stream.uniform(0, every))
    label = next(label for label in visitor.boxes if label.startswith("People "))
    taken = []
    for place in range(changes):
        before = visitor.headline
        seconds = await visitor.change(label, _people(place))
        assert visitor.headline != before, "the change did not reach the headline"
        taken.append(seconds)
        await asyncio.sleep(max(0.0, every - seconds))
    return taken


async def _crowd(port: int, process: int, changes: int, count: int, every: float) -> tuple[list[float], float]:
    """Return seconds from each change to a complete page, and megabytes a visitor."""
    first = Visitor(port, "explore", QUERY)
    await first.arrive()
    before = resident(process)
    visitors = [Visitor(port, "explore", QUERY) for _ in range(count)]
    for visitor in visitors:
        await visitor.arrive()
    stream = random.Random(1)
    seconds = await asyncio.gather(
        *(_visit(visitor, random.Random(stream.random()), changes, every) for visitor in visitors)
    )
    after = resident(process)
    for visitor in (first, *visitors):
        await visitor.leave()
    return [one for several in seconds for one in several], (after - before) / count


def _row(what: str, value: float, goal: float, unit: str, digits: int) -> None:
    print(f"| {what} | {value:.{digits}f} {unit} | under {goal:g} {unit} |")


def main() -> None:
    """Take every time, and print each beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few repetitions, few visitors")
    quick = parser.parse_args().quick
    streamlit, cores = version("streamlit"), os.cpu_count()
    print(f"Python {platform.python_version()}, Streamlit {streamlit}, {cores} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| what | measured | goal |\n|---|---|---|")
    started = _start(1 if quick else 7)
    _row("first page of a new server, median", statistics.median(started), 3, "s", 2)
    changed = _changes(2 if quick else 30)
    _row(
        "input to headline in a browser, 60 inputs, 10,000 draws, median",
        statistics.median(changed) * 1e3,
        400,
        "ms",
        0,
    )
    count = 3 if quick else VISITORS
    with server(SCRIPT) as (port, process):
        seconds, memory = asyncio.run(_crowd(port, process, 1 if quick else 8, count, 1.0 if quick else EVERY))
    ordered = sorted(seconds)
    _row(f"{count} visitors, change to complete page, median", statistics.median(ordered), 1.5, "s", 2)
    _row(f"{count} visitors, 95th percentile", ordered[int(0.95 * (len(ordered) - 1))], 1.5, "s", 2)
    _row("memory a visitor", memory, 60, "MB", 0)


if __name__ == "__main__":
    main()
