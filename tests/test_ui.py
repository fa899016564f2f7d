"""The app: what is shown is what ``evaluate`` says, and nothing that is typed or sent breaks it."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import sync_playwright
from streamlit.testing.v1 import AppTest

import sroi
from sroi import library
from sroi.ui import draws, settings, state, takeaway, words
from sroi.uncertainty import saying

ROOT = Path(__file__).resolve().parent.parent


def page(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def share_and_value() -> tuple[str, float]:
    """A share of the Nuka service, and its value."""
    parameters = sroi.load("nuka_primary_care").parameters
    return next((name, p.value) for name, p in parameters.items() if p.unit == "share" and p.value is not None)


NAME, DEFAULT = share_and_value()
SET = f"set.{NAME}"


def said(values: dict[str, float], scenario: str | None = None) -> str:
    return likely("nuka_primary_care", values, scenario=scenario)


def likely(name: str, values: dict[str, float] | None = None, **more: Any) -> str:
    """The headline that the page shows first, from the draws that it makes."""
    return words.plain(sroi.simulate(sroi.load(name), values=values, **more).headline())


def nuka(**query: str) -> AppTest:
    return page(service="nuka_primary_care", **query)


def box(app: AppTest, scenario: str = "") -> object:
    return app.number_input(key=f"box/nuka_primary_care/{scenario}/{NAME}")


@pytest.mark.parametrize("name", library.ids())
def test_headline_and_figures_are_those_of_evaluate(name: str) -> None:
    app, service = page(service=name), sroi.load(name)
    result, simulation = sroi.evaluate(service), sroi.simulate(service)
    assert not app.error
    assert not app.warning
    assert app.subheader[0].value == likely(name)
    shown = {text.value for text in app.markdown}
    assert "The scenarios of this file range from" in sroi.headline(result)
    assert any(text.startswith("The scenarios of this file range from") for text in shown)
    # Each figure in bold, its likely range beneath.
    for figure in ("sroi_ratio", "npsv", "pv_benefits", "pv_costs", "payback_year", "net_budget_impact"):
        written = simulation.summary().loc[figure, "written"]
        assert any(f"**{words.plain(written[:end])}**" in shown for end in range(1, len(written) + 1)), figure
        alone = f"**{words.plain(written)}**" in shown
        assert alone or any(words.plain(written[start:]) in shown for start in range(1, len(written))), figure


def test_an_address_restores_scenario_convention_and_values() -> None:
    app = nuka(scenario="cautious", convention="svi", **{SET: "0.01"})
    assert app.subheader[0].value == likely("nuka_primary_care", {NAME: 0.01}, scenario="cautious", convention="svi")
    assert box(app, "cautious").value == 0.01
    assert any("Changed" in text.value for text in app.markdown)


def test_a_bad_value_shows_the_rule_and_keeps_both_it_and_the_last_result() -> None:
    app = nuka()
    box(app).set_value(0.02).run()
    box(app).set_value(27.0).run()
    assert any("Shares are fractions from 0 to 1" in error.value for error in app.error)
    assert box(app).value == 27.0
    assert app.subheader[0].value == said({NAME: 0.02})
    assert not app.exception


def test_reset_of_one_and_of_all() -> None:
    app = nuka(**{SET: "0.01"})
    assert app.subheader[0].value == said({NAME: 0.01}) != said({})
    next(button for button in app.button if button.label == "Reset").click().run()
    assert box(app).value == DEFAULT
    assert app.subheader[0].value == said({})
    box(app).set_value(0.03).run()
    next(button for button in app.button if button.label == "Reset all inputs").click().run()
    assert app.subheader[0].value == said({})
    assert SET not in app.query_params


def test_another_service_and_scenario_can_be_chosen() -> None:
    app = nuka()
    app.selectbox(key="choose/scenario/nuka_primary_care").set_value("cautious").run()
    assert app.subheader[0].value == said({}, "cautious") != said({})
    app.selectbox(key="choose/service/").set_value("legal_advice").run()
    assert not app.exception
    assert app.subheader[0].value == likely("legal_advice")


@pytest.mark.parametrize(
    "query",
    [
        {"scenario": "nobody"},
        {"convention": "/etc/passwd.toml"},
        {"set.nothing": "1"},
        {SET: "nan"},
        {SET: "1e999"},
        {SET: "<script>alert(1)</script>"},
        {"other": "x" * 5000},
    ],
)
def test_a_hostile_part_is_said_and_the_rest_kept(query: dict[str, str]) -> None:
    case, sentences = state.read({"service": "nuka_primary_care", "set.population_kept": "1", **query})
    assert case.service == "nuka_primary_care"
    assert len(sentences) == 2  # the part that is unknown in every case, and the hostile one
    assert all(len(sentence) < 300 for sentence in sentences)
    app = nuka(**query)
    assert len(app.warning) == 1
    assert app.subheader[0].value == said({})


@pytest.mark.parametrize("service", ["../models/legal_advice.toml", "/etc/passwd", "no_such", ""])
def test_an_address_opens_no_file_outside_the_library(service: str) -> None:
    app = page(service=service)
    assert len(app.warning) == 1
    assert app.selectbox(key="choose/service/").value == library.ids()[0]


def test_text_is_shown_as_it_stands_and_csv_holds_no_formula() -> None:
    assert words.plain("$1 of *x* [a](b)") == r"\$1 of \*x\* \[a\](b)"
    frame = pd.DataFrame({"a": ["=1+1", "@x", "plain", -2]}, index=pd.Index(["+n", "m", "o", "p"], name="name"))
    assert words.csv_of(frame).decode("utf-8-sig").splitlines() == ["name,a", "'+n,'=1+1", "m,'@x", "o,plain", "p,-2"]


def test_settings_are_those_of_the_file() -> None:
    tables = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert {f"{t}.{key}": value for t, entries in tables.items() for key, value in entries.items()} == settings.SETTINGS


@pytest.fixture
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "sroi", "app", f"--port={port}", "--no-browser"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
                    break
            except OSError:
                time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


@pytest.mark.slow
def test_in_a_browser_a_change_moves_the_headline_and_survives_a_reload(address: str, chromium: Path) -> None:
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    label = sroi.load("nuka_primary_care").parameters[NAME].label
    group = sroi.load("nuka_primary_care").parameters[NAME].group

    def sentence(values: dict[str, float]) -> str:
        return sroi.simulate(sroi.load("nuka_primary_care"), values=values).headline()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=options)
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.goto(f"{address}/?service=nuka_primary_care")
        tab.get_by_text(sentence({})).wait_for(timeout=60_000)
        tab.get_by_test_id("stSidebar").get_by_text(group, exact=True).click()
        field = tab.get_by_label(f"{label} (share; grade D)", exact=True)
        field.fill("0.01")
        field.press("Enter")
        tab.get_by_text(sentence({NAME: 0.01})).wait_for(timeout=30_000)
        tab.wait_for_url(f"**{SET}=0.01*")
        tab.reload()
        tab.get_by_text(sentence({NAME: 0.01})).wait_for(timeout=60_000)
        tab.set_viewport_size({"width": 375, "height": 800})
        tab.get_by_text("Explain a number").wait_for(timeout=30_000)
        for part in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
            assert tab.evaluate(f"{part}.scrollWidth <= window.innerWidth")
        browser.close()


def test_ranges_can_be_switched_off() -> None:
    def counted(app: AppTest) -> str:
        return next(text.value for text in app.markdown if "inputs are uncertain" in text.value)

    app = page(service="debt_advice_consequences")
    uncertain = sroi.simulate(sroi.load("debt_advice_consequences"), 10).uncertain
    stated = sum(each.origin == "stated" for each in uncertain.values())
    assert 0 < stated < len(uncertain)
    assert counted(app).startswith(f"{len(uncertain)} inputs are uncertain. {stated} have the ranges that the service")
    assert f"{len(uncertain) - stated} have ranges by assumption" in counted(app)
    app.toggle(key="preset").set_value(False).run()
    assert counted(app).startswith(f"{stated} inputs are uncertain. {stated} have the ranges that the service")
    assert "by assumption" not in counted(app)
    assert not app.exception


def waited_for(app: AppTest, over: bool = True) -> Any:
    """The long run of a page, when it is over or has begun to draw."""
    run = app.session_state["run"]
    for _ in range(600):
        if run.over.is_set() if over else run.done:
            return run
        time.sleep(0.1)
    pytest.fail("the run did not come so far")


def test_many_draws_are_shown_when_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(service="debt_advice_consequences")
    app.selectbox(key="draws").set_value(100_000).run()
    waited_for(app)
    app.run()
    assert app.subheader[0].value == likely("debt_advice_consequences", draws=100_000)
    assert not app.exception
    app.selectbox(key="draws").set_value(10_000).run()
    assert "run" not in app.session_state
    assert app.subheader[0].value == likely("debt_advice_consequences")


def test_a_long_run_can_be_watched_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile, and when it has been stopped, the figures are of few draws and say so."""
    monkeypatch.setattr(draws, "PATIENCE", 0)
    few = likely("debt_advice_consequences")
    held, slowly = Event(), sroi.simulate

    def slow(*arguments: Any, **more: Any) -> sroi.Simulation:
        progress = more.pop("progress", None)

        def tell(done: int, asked: int) -> None:
            progress(done, asked)
            held.wait(60)

        return slowly(*arguments, **more, progress=tell if progress else None)

    monkeypatch.setattr(draws, "simulate", slow)
    app = page(service="debt_advice_consequences")
    app.selectbox(key="draws").set_value(1_000_000).run()
    run = waited_for(app, over=False)
    app.run()
    assert app.subheader[0].value == few
    next(button for button in app.button if button.label == "Stop").click().run()
    held.set()
    assert waited_for(app) is run
    assert run.found is None
    app.run()
    said = f"Stopped after {run.done:,} of 1,000,000 draws. The figures are of 10,000 draws."
    assert [warning.value for warning in app.warning] == [said]
    assert app.subheader[0].value == few
    next(button for button in app.button if button.label == "Draw again").click().run()
    assert waited_for(app).found is not None
    app.run()
    assert app.subheader[0].value == likely("debt_advice_consequences", draws=1_000_000)
    assert not app.exception


def test_another_case_ends_the_run_of_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(service="debt_advice_consequences")
    app.selectbox(key="draws").set_value(100_000).run()
    first = waited_for(app)
    app.selectbox(key="choose/convention/").set_value("svi").run()
    second = waited_for(app)
    assert second is not first
    assert first.stopped.is_set()
    app.run()
    assert app.subheader[0].value == likely("debt_advice_consequences", convention="svi", draws=100_000)


def test_a_changed_input_says_whose_range_it_has() -> None:
    shown = [text.value for text in nuka(**{SET: "0.01"}).markdown]
    place = next(place for place, text in enumerate(shown) if text.startswith("**Changed.**"))
    frame = sroi.simulate(sroi.load("nuka_primary_care"), values={NAME: 0.01}).inputs()
    assert shown[place + 1] == words.plain(saying.whose(frame, NAME))
    assert "range" in shown[place + 1]


def test_what_turns_nothing_and_what_everything_is_worth_are_said_too() -> None:
    app = nuka()
    simulation = sroi.simulate(sroi.load("nuka_primary_care"))
    shown = " ".join(text.value for text in app.markdown)
    for sentence in sroi.switching_values(simulation, list(simulation.uncertain))["says"]:
        assert words.plain(sentence) in shown
    assert words.plain(saying.NOTHING_TO_MEASURE) in shown
    assert "Knowing everything before deciding would be worth about" in shown
    assert "none of them would change it" not in shown


def test_the_relationship_and_what_is_not_modelled_are_shown() -> None:
    shown = " ".join(text.value for text in page(service="employment_adviser").markdown)
    assert "No evidence says what it returns" in shown
    assert "hoice of provider" in shown


def test_a_ratio_that_is_no_guide_has_no_chart() -> None:
    app = page(service="family_nurse_partnership_england")
    shown = " ".join(text.value for text in app.markdown)
    assert "The ratio is no guide here" in shown
    assert "for a return of 1" not in shown


def test_an_amount_says_of_which_prices_it_is() -> None:
    labels = [field.label for field in page(service="legal_advice").number_input]
    assert "Legal aid spending on debt problems (GBP in 2009-10 prices; grade D)" in labels


def test_a_visitor_takes_the_workbook_and_the_data_away() -> None:
    """Made only when asked for: what the buttons would send is what is written elsewhere."""
    app = nuka(**{SET: "0.3"}, scenario="cautious", convention="svi")
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[-4:] == ["Workbook (.xlsx)", "Data (.json)", "Tables (.csv, zipped)", "Evidence (.html)"]
    result = sroi.evaluate(sroi.load("nuka_primary_care"), {NAME: 0.3}, scenario="cautious", convention="svi")
    book = openpyxl.load_workbook(io.BytesIO(takeaway._workbook(result)), data_only=True)
    ratio = next(row[1].value for row in book["Results"].iter_rows(min_row=5) if row[9].value == "sroi_ratio")
    assert ratio == pytest.approx(result.sroi_ratio, rel=1e-12)
    with zipfile.ZipFile(io.BytesIO(takeaway._zipped(result))) as archive:
        assert "nuka_primary_care_cautious_svi_summary.csv" in archive.namelist()
    page_asked = {"scenario": "cautious", "convention": "svi", "html": True}
    assert takeaway._evidence(result).decode() == sroi.evidence_page(result.base, {NAME: 0.3}, **page_asked)
