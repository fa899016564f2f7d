"""The app as a visitor meets it: a server of its own, the system's Chromium, and a watcher of what goes wrong.

The watcher holds three promises of every visit: nothing is asked of another machine, the console holds no error, and
no page shows a traceback.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocket, sync_playwright

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 60_000  # milliseconds; a shared machine can be slow
LOCAL = ("127.0.0.1", "")
# Opened at a page within, Streamlit first looks for the server below that page, and is told that it is not there.
SOUGHT = ("/_stcore/health", "/_stcore/host-config")
# Streamlit draws a running script's page in parts; it is complete when the script's state says so.
COMPLETE = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const said = document.querySelector('[data-testid=stMain] h1, [data-testid=stAlert]');
    return app && said && app.getAttribute('data-test-script-state') === 'notRunning'
        && !document.querySelector('[data-testid=stSkeleton]') && !document.querySelector('[data-stale=true]');
}"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(*more: str) -> Iterator[str]:
    """Start the app as `sroi app` does; yield its address."""
    port = free_port()
    path = more[more.index("--path") + 1] if "--path" in more else ""
    command = [sys.executable, "-m", "sroi", "app", f"--port={port}", "--no-browser", *more]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    address = f"http://127.0.0.1:{port}{path}"
    try:
        wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def wait_for(url: str, seconds: float = 60, every: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(every)
    raise TimeoutError(url)


@contextmanager
def browsing(program: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Tab:
    """A tab that is watched."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, page: str, query: str = "") -> None:
        """Open a page of the app by its address."""
        self.page.goto(f"{self.address}/{page}{'?' if query else ''}{query}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page is complete."""
        self.page.wait_for_function(COMPLETE, timeout=PATIENCE)

    def turn_to(self, title: str) -> None:
        """Go to another page as a visitor does, by its name at the top of the page."""
        self.page.get_by_test_id("stTopNavLink").filter(has_text=title).first.click()
        self.page.wait_for_timeout(100)  # the script's state changes only when the server answers
        self.settle()

    def changed(self) -> None:
        """Wait until what was just typed or pressed has been worked through."""
        self.page.wait_for_timeout(300)
        self.settle()

    def text(self) -> str:
        return self.page.locator("[data-testid=stApp]").inner_text()

    def watch(self) -> None:
        def asked(request: Request) -> None:
            if urlsplit(request.url).scheme not in ("data", "blob") and urlsplit(request.url).hostname not in LOCAL:
                self.complaints.append(f"asked for {request.url}")

        def connected(socket: WebSocket) -> None:
            if urlsplit(socket.url).hostname not in LOCAL:
                self.complaints.append(f"connected to {socket.url}")

        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and not str(message.location.get("url")).endswith(SOUGHT):
                self.complaints.append(f"console: {message.text} {message.location}")

        self.page.on("request", asked)
        self.page.on("websocket", connected)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("console", said)

    def all_is_well(self) -> None:
        """Hold that nothing went wrong so far, on the wire, in the console or on the page."""
        assert not self.complaints, "\n".join(self.complaints)
        shown = self.text()
        for mark in ("Traceback (most recent", "This page could not be shown", 'File "/'):
            assert mark not in shown


def opened(browser: Browser, address: str, width: int = 1280, height: int = 900) -> Tab:
    """Open a watched tab, of a visitor of its own."""
    page = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True).new_page()
    tab = Tab(page, address)
    tab.watch()
    return tab
