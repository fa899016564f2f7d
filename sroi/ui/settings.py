"""The settings of the app, and how it is started."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit import net_util
from streamlit.web import cli

ADDRESS = "127.0.0.1"

# The same as .streamlit/config.toml, which an installed package does not have. A test keeps the two equal.
SETTINGS: dict[str, bool | int | str | list[str]] = {
    "server.address": ADDRESS,
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.maxUploadSize": 10,
    "server.maxMessageSize": 50,
    "server.disconnectedSessionTTL": 900,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.fileWatcherType": "none",
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
    "theme.headingFontSizes": ["2.25rem", "1.75rem", "1.375rem", "1.125rem", "1rem", "1rem"],
    "theme.chartCategoricalColors": ["#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"],
}


def options(port: int, *, browser: bool = False, address: str = ADDRESS, path: str = "") -> list[str]:
    """Return what Streamlit is told: the script, the port and the settings.

    Parameters
    ----------
    port : int
    browser : bool
        Whether a browser is opened as well.
    address : str
        The address of this machine on which to listen.
    path : str
        The path under which a reverse proxy shows the app.
    """
    # In a folder of its own: a folder pages beside it would have Streamlit take each file there for a page of its own
    # kind, and open an address that names one without what surrounds it.
    script = str(Path(__file__).parent / "main" / "script.py")
    own: dict[str, bool | int | str | list[str]] = {
        "server.port": port,
        "server.headless": not browser,
        "server.address": address,
        "server.baseUrlPath": path.strip("/"),
    }
    return ["run", script, *(f"--{key}={_written(value)}" for key, value in (SETTINGS | own).items())]


def _written(value: bool | int | str | list[str]) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _warm() -> None:
    """Import the pages and read the library before the first visitor comes, who would wait for it otherwise."""
    from sroi.ui import start_library

    start_library.begin()


def launch(*, port: int, browser: bool = False, address: str = ADDRESS, path: str = "") -> None:
    """Start the app in this process, so that stopping it stops the server, and wait until it is stopped.

    Parameters
    ----------
    port : int
    browser : bool
        Whether a browser is opened as well.
    address : str
        The address of this machine on which to listen.
    path : str
        The path under which a reverse proxy shows the app.
    """
    _warm()
    # Asked for by a page of another origin, Streamlit would fetch this machine's outside address from a service
    # on the internet, and hold up every visitor meanwhile. It is told one, so that it never asks.
    net_util._external_ip = ADDRESS
    within = f"/{path.strip('/')}" if path.strip("/") else ""
    print(f"Open http://{ADDRESS}:{port}{within} (Ctrl+C stops it)", flush=True)
    told = options(port, browser=browser, address=address, path=path)
    cli.main(told, prog_name="streamlit", standalone_mode=False)
