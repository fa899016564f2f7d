"""The settings of the app, and how it is started."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import streamlit  # noqa: F401  # said missing here, where the command line looks for it, and not by a child process

ADDRESS = "127.0.0.1"

# The same as .streamlit/config.toml, which an installed package does not have. A test keeps the two equal.
SETTINGS: dict[str, bool | str | list[str]] = {
    "server.address": ADDRESS,
    "server.headless": True,
    "server.showEmailPrompt": False,
    "browser.gatherUsageStats": False,
    "browser.serverAddress": ADDRESS,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "theme.base": "light",
    "theme.primaryColor": "#12436D",
    "theme.backgroundColor": "#FFFFFF",
    "theme.secondaryBackgroundColor": "#F3F4F6",
    "theme.textColor": "#1F1F1F",
    "theme.linkColor": "#12436D",
    "theme.borderColor": "#3D3D3D",
    "theme.font": "sans-serif",
    "theme.chartCategoricalColors": ["#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"],
}


def command(port: int, *, browser: bool = False) -> list[str]:
    """Return the command that starts the app on a port.

    Parameters
    ----------
    port : int
    browser : bool
        Whether a browser is opened as well.
    """
    script = str(Path(__file__).with_name("script.py"))
    settings = SETTINGS | {"server.headless": not browser}
    options = [f"--{key}={_written(value)}" for key, value in settings.items()]
    return [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", *options]


def _written(value: bool | str | list[str]) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def launch(arguments: Sequence[str] = (), *, port: int, browser: bool = False) -> int:
    """Start the app and wait until it is stopped; return Streamlit's exit status.

    Parameters
    ----------
    arguments : sequence of str
        Further options for Streamlit.
    port : int
    browser : bool
        Whether a browser is opened as well.
    """
    print(f"Open http://{ADDRESS}:{port} (Ctrl+C stops it)", flush=True)
    return subprocess.run([*command(port, browser=browser), *arguments], check=False).returncode
