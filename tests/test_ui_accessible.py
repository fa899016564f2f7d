"""axe-core on every page and its main states: nothing but what is listed as Streamlit's own, each with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Tab, browsing, opened, served

import sroi
from sroi.ui import shell

pytestmark = pytest.mark.slow
SERVICE = "teacher_relationships"
LISTED = tomllib.loads((Path(__file__).parent / "axe_exceptions.toml").read_text(encoding="utf-8")).get("exception", [])
MET: set[int] = set()


@pytest.fixture(scope="module")
def tab(chromium: Path) -> Iterator[Tab]:
    with served() as address, browsing(chromium) as browser:
        yield opened(browser, address)


def excepted(rule: str, html: str) -> bool:
    for place, entry in enumerate(LISTED):
        if entry["rule"] == rule and entry["html"] in html:
            MET.add(place)
            return True
    return False


def faults(tab: Tab) -> list[str]:
    """What axe-core finds on the page as it is, less what is listed."""
    found = Axe().run(tab.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html'][:300]}"
        for each in found
        for node in each["nodes"]
        if not excepted(each["id"], node["html"])
    ]


@pytest.mark.parametrize("name", shell.PAGES)
@pytest.mark.parametrize("width", [1280, 320])
def test_page(tab: Tab, name: str, width: int) -> None:
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.go("" if name == "start" else name, f"service={SERVICE}")
    assert not faults(tab)
    assert tab.page.locator("[data-testid=stMain] h1").count() == 1


def expanded(tab: Tab) -> None:
    tab.page.evaluate("() => document.querySelectorAll('details:not([open]) > summary').forEach(e => e.click())")
    tab.page.wait_for_timeout(1500)
    tab.settle()


def chosen(tab: Tab) -> None:
    tab.page.locator("input[aria-label*=Scenario]").first.click()
    tab.page.get_by_role("option").first.wait_for()


def sidebar(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 320, "height": 800})
    tab.page.wait_for_timeout(500)
    opener = tab.page.get_by_test_id("stExpandSidebarButton")
    if opener.count() and opener.first.is_visible():
        opener.first.click()
    tab.page.wait_for_timeout(500)


SHARE = next(name for name, p in sroi.load(SERVICE).parameters.items() if p.unit == "share" and p.value is not None)
STATES: dict[str, tuple[str, str, Callable[[Tab], None]]] = {
    "a changed input": ("explore", f"&set.{SHARE}=0.01", lambda tab: None),
    "an input that cannot be used": ("explore", f"&set.{SHARE}=27", lambda tab: None),
    "an address with a part that means nothing": ("explore", "&nothing=1", lambda tab: None),
    "a scenario, everything open": ("explore", "", expanded),
    "how sure, everything open": ("how_sure", "", expanded),
    "a list of choices open": ("explore", "", chosen),
    "the inputs on a narrow window": ("explore", "", sidebar),
}


@pytest.mark.parametrize("state", STATES)
def test_state(tab: Tab, state: str) -> None:
    name, query, act = STATES[state]
    tab.page.set_viewport_size({"width": 1280, "height": 900})
    tab.go(name, f"service={SERVICE}{query}")
    act(tab)
    assert not faults(tab)


def test_no_exception_is_listed_in_vain() -> None:
    """Runs last: what Streamlit has mended is taken off the list."""
    assert [entry["rule"] for place, entry in enumerate(LISTED) if place not in MET] == []
