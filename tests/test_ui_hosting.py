"""The app as it is hosted: its settings, under a path, its health, and what a stranger's page can make it do."""

from __future__ import annotations

import configparser
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from browsing import browsing, opened, served
from streamlit import net_util
from streamlit.web import cli
from streamlit.web.server import server_util

import sroi
from sroi.ui import settings

ROOT = Path(__file__).resolve().parent.parent


def test_settings_are_those_of_the_file() -> None:
    tables = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert {f"{t}.{key}": value for t, entries in tables.items() for key, value in entries.items()} == settings.SETTINGS


def test_what_streamlit_is_told() -> None:
    told = settings.options(8000, address="0.0.0.0", path="/sroi/")
    assert Path(told[1]).is_file()
    # Files in a folder "pages" beside the script would be shown without what surrounds a page.
    assert not (Path(told[1]).parent / "pages").exists()
    assert {"--server.port=8000", "--server.address=0.0.0.0", "--server.baseUrlPath=sroi"} <= set(told)
    assert {"--server.headless=true", "--browser.gatherUsageStats=false", "--server.enableAgentApi=false"} <= set(told)
    assert "--server.headless=false" in settings.options(8000, browser=True)


def test_nothing_outside_is_asked_for_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit would, as soon as a page of another origin knocks."""
    asked: list[str] = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, **_: asked.append(url))
    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(cli, "main", lambda *_, **__: None)
    settings.launch(port=8000)
    assert not server_util.is_url_from_allowed_origins("https://stranger.example")
    assert not asked


def test_files_for_hosting_say_what_the_program_takes() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(ROOT / "deploy" / "sroi.service", encoding="utf-8")
    assert "sroi app --no-browser" in unit["Service"]["ExecStart"]
    assert "MemoryMax" in unit["Service"]
    container = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert "--address" in container
    assert "/_stcore/health" in container
    guide = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    for limit in ("server.maxUploadSize", "server.maxMessageSize", "server.disconnectedSessionTTL"):
        assert f"{settings.SETTINGS[limit]}" in next(line for line in guide.splitlines() if limit in line)


@pytest.mark.slow
def test_under_a_path_and_without_agents(chromium: Path) -> None:
    with served("--path", "/tools/sroi") as address, browsing(chromium) as browser:
        with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            assert answer.read() == b"ok"
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(address.removesuffix("/tools/sroi") + "/_stcore/health")
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{address}/_stcore/agent/interact")
        tab = opened(browser, address)
        tab.go("explore", "service=legal_advice")
        tab.page.get_by_text(sroi.simulate(sroi.load("legal_advice")).headline()).first.wait_for(timeout=60_000)
        tab.turn_to("Compare")
        assert tab.page.url.startswith(f"{address}/compare?service=legal_advice")
        tab.page.reload()
        tab.settle()
        tab.turn_to("Start")
        tab.all_is_well()
