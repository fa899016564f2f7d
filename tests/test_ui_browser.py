"""Journeys through the app in a real browser, watched: no request leaves this machine, the console holds no error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from browsing import Tab, browsing, opened, served
from playwright.sync_api import Browser, Locator

import sroi
from sroi.ui import shell

pytestmark = pytest.mark.slow
SERVICE = "nuka_primary_care"
LONGEST = ("debt_advice", "teacher_relationships", "nurse_family_partnership")
NAME = next(name for name, p in sroi.load(SERVICE).parameters.items() if p.unit == "share" and p.value is not None)
LABEL, GROUP = sroi.load(SERVICE).parameters[NAME].label, sroi.load(SERVICE).parameters[NAME].group


@pytest.fixture(scope="module")
def address(chromium: Path) -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as found:
        yield found


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Tab]:
    """A visitor's tab, of whom nothing may go wrong."""
    found = opened(browser, address)
    yield found
    found.all_is_well()
    found.page.context.close()


def sentence(values: dict[str, float] | None = None, name: str = SERVICE, **more: str) -> str:
    return sroi.simulate(sroi.load(name), values=values, **more).headline()


def box(tab: Tab) -> Locator:
    found = tab.page.locator(f'input[aria-label^="{LABEL}"]').first
    if not found.is_visible():
        tab.page.get_by_test_id("stSidebar").get_by_text(GROUP, exact=False).first.click()
        found.wait_for(state="visible")
    return found


def type_in(tab: Tab, value: str) -> None:
    box(tab).fill(value)
    box(tab).press("Enter")
    tab.changed()


def shows(tab: Tab, said: str) -> None:
    """Wait until the page shows a sentence, however it is broken into lines."""
    tab.page.get_by_text(said).first.wait_for(timeout=60_000)


def test_a_page_that_is_opened_first_has_its_frame(browser: Browser, chromium: Path) -> None:
    """A new server whose first visitor follows a link to a page within."""
    with served() as fresh:
        tab = opened(browser, fresh)
        tab.go("explore", f"service={SERVICE}")
        shows(tab, sentence())
        tab.turn_to("Compare")
        tab.all_is_well()
        tab.page.context.close()


def test_choose_change_compare_export_and_read_back(tab: Tab, tmp_path: Path) -> None:
    tab.go("")
    tab.go("explore", f"service={SERVICE}")
    shows(tab, sentence())
    type_in(tab, "0.01")
    shows(tab, sentence({NAME: 0.01}))
    tab.page.wait_for_url(f"**set.{NAME}=0.01*")
    tab.turn_to("Compare")
    assert "0.01" in tab.page.url
    tab.turn_to("Take away")
    with tab.page.expect_download(timeout=60_000) as taken:
        tab.page.get_by_role("button", name=re.compile(r"\.xlsx")).first.click()
    book = tmp_path / taken.value.suggested_filename
    taken.value.save_as(book)
    assert SERVICE in book.name
    rows = openpyxl.load_workbook(book, data_only=True)["Results"].iter_rows(min_row=5)
    found = {row[9].value: row[1].value for row in rows if row[9].value}
    result = sroi.evaluate(sroi.load(SERVICE), {NAME: 0.01})
    for name in ("sroi_ratio", "npsv", "pv_benefits", "pv_costs"):
        assert found[name] == pytest.approx(getattr(result, name), rel=1e-9), name
    tab.turn_to("Explore")
    shows(tab, sentence({NAME: 0.01}))


def test_a_broken_input_is_said_and_outlives_a_reload(tab: Tab) -> None:
    tab.go("explore", f"service={SERVICE}")
    type_in(tab, "27")
    shows(tab, "Shares are fractions from 0 to 1")
    shows(tab, sentence())
    tab.page.wait_for_url(f"**set.{NAME}=27*")
    tab.page.reload()
    tab.settle()
    shows(tab, "Shares are fractions from 0 to 1")
    assert box(tab).input_value() == "27"
    type_in(tab, "0.02")
    shows(tab, sentence({NAME: 0.02}))
    assert tab.page.get_by_text("Shares are fractions from 0 to 1").count() == 0


def test_a_reload_on_any_page_keeps_the_case(tab: Tab) -> None:
    tab.go("explore", f"service={SERVICE}&scenario=cautious&set.{NAME}=0.01")
    for title in shell.PAGES.values():
        tab.turn_to(title)
        tab.page.wait_for_url(f"**set.{NAME}=0.01*")
        tab.page.reload()
        tab.settle()
        assert "scenario=cautious" in tab.page.url, title
        assert f"set.{NAME}=0.01" in tab.page.url, title


def test_two_tabs_are_two_visits(tab: Tab) -> None:
    other = Tab(tab.page.context.new_page(), tab.address)
    other.watch()
    tab.go("explore", f"service={SERVICE}")
    other.go("explore", "service=legal_advice")
    type_in(tab, "0.01")
    shows(tab, sentence({NAME: 0.01}))
    shows(other, sentence(name="legal_advice"))
    other.page.reload()
    shows(other, sentence(name="legal_advice"))
    other.all_is_well()


def test_back_and_forward_undo_and_redo(tab: Tab) -> None:
    tab.go("explore", f"service={SERVICE}")
    for value in ("0.01", "0.02"):
        type_in(tab, value)
        tab.page.wait_for_url(f"**set.{NAME}={value}*")
    tab.page.go_back()
    tab.changed()
    shows(tab, sentence({NAME: 0.01}))
    assert box(tab).input_value() == "0.01"
    tab.page.go_forward()
    tab.changed()
    shows(tab, sentence({NAME: 0.02}))
    tab.page.get_by_role("button", name="Undo", exact=True).first.click()
    tab.changed()
    shows(tab, sentence({NAME: 0.01}))


def focus(tab: Tab) -> str:
    return str(
        tab.page.evaluate(
            "() => { const e = document.activeElement;"
            " return [e.tagName, e.getAttribute('aria-label') || '', e.innerText || ''].join(' ').trim() }"
        )
    )


def tab_to(tab: Tab, wanted: str, most: int = 150) -> None:
    """Press Tab until what is wanted has the focus, as somebody without a mouse does."""
    for _ in range(most):
        tab.page.keyboard.press("Tab")
        if re.match(wanted, focus(tab), flags=re.DOTALL):
            return
    pytest.fail(f"the Tab key does not reach {wanted!r}")


def test_a_visit_with_the_keyboard_alone(tab: Tab) -> None:
    """From Start to Explore, an input, a scenario and back: not one click."""
    tab.go("", f"service={SERVICE}")
    tab_to(tab, "A .*Explore")
    tab.page.keyboard.press("Enter")
    tab.changed()
    shows(tab, sentence())
    first = next(name for name, p in sroi.load(SERVICE).parameters.items() if p.value is not None)
    tab_to(tab, f"INPUT {re.escape(sroi.load(SERVICE).parameters[first].label)}")
    tab.page.keyboard.press("Control+A")
    tab.page.keyboard.type("60000")
    tab.page.keyboard.press("Enter")
    tab.changed()
    shows(tab, sentence({first: 60_000.0}))
    tab_to(tab, "INPUT .*Scenario")
    scenario = sroi.load(SERVICE).scenarios["cautious"]
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.type(scenario.label or "Cautious")
    tab.page.get_by_role("option").first.wait_for()
    tab.page.keyboard.press("Enter")
    tab.changed()
    shows(tab, sentence({first: 60_000.0}, scenario="cautious"))
    tab_to(tab, "BUTTON .*Undo")
    tab.page.keyboard.press("Enter")
    tab.changed()
    shows(tab, sentence({first: 60_000.0}))


@pytest.mark.parametrize("name", shell.PAGES)
def test_nothing_is_wider_than_a_narrow_window(browser: Browser, address: str, name: str) -> None:
    """320 px, which is also 1280 px at 400%; and 640 px, 1280 px at 200%."""
    tab = opened(browser, address, 320, 800)
    for service in LONGEST:
        tab.go("" if name == "start" else name, f"service={service}")
        for width in (640, 320):
            tab.page.set_viewport_size({"width": width, "height": 800})
            tab.page.wait_for_timeout(500)
            for part in ("html", "[data-testid=stMain]"):
                found = tab.page.locator(part).first.evaluate("e => e.scrollWidth - e.clientWidth")
                assert found <= 0, (service, width, part)
    tab.all_is_well()
    tab.page.context.close()


def test_hostile_text_is_shown_as_text(tab: Tab) -> None:
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%5Ba%5D(javascript:alert(1))%20$x$"
    tab.page.on("dialog", lambda dialog: tab.complaints.append("a dialog was opened"))
    tab.go("explore", f"service={SERVICE}&scenario={hostile}&set.{NAME}={hostile}&{hostile}=1")
    shows(tab, "<img src=x onerror=alert(1)>")
    assert tab.page.locator("[data-testid=stMain] img").count() == 0
    assert tab.page.locator("a[href^=javascript]").count() == 0
