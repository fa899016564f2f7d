"""Take the pictures of the app that the README shows: ``uv run python tests/screenshots.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from conftest import require_chromium  # noqa: E402

from app import BROWSER, server  # noqa: E402

FOLDER = ROOT / "docs" / "images"
# A picture's name, and the page that it shows.
PICTURES = {
    "explore": "explore?service=debt_advice&scenario=cautious&convention=green_book_2026",
    "how-sure": "how_sure?service=debt_advice&scenario=cautious&convention=green_book_2026",
}


def main() -> None:
    """Take each picture at the size of a laptop's window."""
    FOLDER.mkdir(exist_ok=True)
    with server() as (port, _process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=BROWSER)
        for name, address in PICTURES.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://127.0.0.1:{port}/{address}")
            page.get_by_text("10,000 draws").first.wait_for(timeout=60_000)
            page.wait_for_timeout(4000)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
