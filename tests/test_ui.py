"""The app: what is shown is what ``evaluate`` says, and nothing that is typed or sent breaks it."""

from __future__ import annotations

import io
import time
import zipfile
from threading import Event
from typing import Any

import openpyxl
import pandas as pd
import pytest
from app_pages import choose_service, holds_figure, page, says, sound, texts, with_label
from streamlit.testing.v1 import AppTest

import sroi
from sroi import library
from sroi.evidence import this_year
from sroi.ui import draws, state, take_away, words
from sroi.ui.evidence import html_of
from sroi.uncertainty import saying


def share_and_value() -> tuple[str, float]:
    """A share of the Nuka service, and its value."""
    parameters = sroi.load("nuka_primary_care").parameters
    return next((name, p.value) for name, p in parameters.items() if p.unit == "share" and p.value is not None)


NAME, DEFAULT = share_and_value()
SET = f"set.{NAME}"


def likely(name: str = "nuka_primary_care", values: dict[str, float] | None = None, **more: Any) -> str:
    """The headline that the page shows first, from the draws that it makes."""
    return sroi.simulate(sroi.load(name), values=values, **more).headline()


def nuka(name: str = "explore", **query: str) -> AppTest:
    return page(name, service="nuka_primary_care", **query)


def box(app: AppTest, scenario: str = "") -> Any:
    return app.number_input(key=f"box/nuka_primary_care/{scenario}/{NAME}")


def reset(app: AppTest) -> Any:
    return next(button for button in app.button if str(button.key).startswith("reset/"))


def test_headline_and_figures_of_every_service_are_those_of_evaluate() -> None:
    """One visit, which walks through the library: each service follows another one."""
    app = page(service=library.ids()[0])
    for name in library.ids():
        choose_service(app, name)
        service = sroi.load(name)
        result, simulation = sroi.evaluate(service), sroi.simulate(service)
        assert not app.error, name
        assert not app.warning, name
        assert says(app, simulation.headline()), name
        assert "The scenarios of this file range from" in sroi.headline(result)
        assert says(app, "The scenarios of this file range from"), name
        for figure in ("sroi_ratio", "npsv", "pv_benefits", "pv_costs", "payback_year", "net_budget_impact"):
            assert holds_figure(app, str(simulation.summary().loc[figure, "written"])), (name, figure)


def test_an_address_restores_scenario_convention_terms_and_values() -> None:
    app = nuka(scenario="cautious", convention="svi", **{SET: "0.01"})
    assert says(app, likely(values={NAME: 0.01}, scenario="cautious", convention="svi"))
    assert box(app, "cautious").value == 0.01
    assert any("Changed" in text for text in texts(app))
    service = sroi.load("legal_advice")
    longer = service.replace(about=service.about.model_copy(update={"appraisal_years": 7}))
    assert says(page(service="legal_advice", years="7"), sroi.simulate(longer).headline())


def test_a_bad_value_shows_the_rule_and_keeps_both_it_and_the_last_result() -> None:
    app = nuka()
    box(app).set_value(0.02).run()
    box(app).set_value(27.0).run()
    assert any("Shares are fractions from 0 to 1" in error.value for error in app.error)
    assert box(app).value == 27.0
    assert says(app, likely(values={NAME: 0.02}))
    sound(app)


def test_reset_of_one_and_of_all() -> None:
    app = nuka(**{SET: "0.01"})
    assert says(app, likely(values={NAME: 0.01}))
    assert likely(values={NAME: 0.01}) != likely()
    reset(app).click().run()
    assert box(app).value == DEFAULT
    assert says(app, likely())
    box(app).set_value(0.03).run()
    with_label(app.button, "Reset all").click().run()
    assert says(app, likely())
    assert SET not in app.query_params


def test_another_service_and_scenario_can_be_chosen() -> None:
    app = nuka()
    app.selectbox(key="choose/scenario/nuka_primary_care").set_value("cautious").run()
    assert likely(scenario="cautious") != likely()
    assert says(app, likely(scenario="cautious"))
    choose_service(app, "legal_advice")
    assert says(app, likely("legal_advice"))


@pytest.mark.parametrize(
    "query",
    [
        {"scenario": "nobody"},
        {"convention": "/etc/passwd.toml"},
        {"set.nothing": "1"},
        {SET: "nan"},
        {SET: "1e999"},
        {SET: "<script>alert(1)</script>"},
        {"years": "1e9"},
        {"prices": "=1+1"},
        {"other": "x" * 5000},
    ],
)
def test_a_hostile_part_is_said_and_the_rest_kept(query: dict[str, str]) -> None:
    case, sentences = state.read({"service": "nuka_primary_care", "set.population_kept": "1", **query})
    assert case.service == "nuka_primary_care"
    assert len(sentences) == 2  # the part that is unknown in every case, and the hostile one
    assert all(len(sentence) < 300 for sentence in sentences)


def test_hostile_parts_of_an_address_are_said_on_the_page() -> None:
    app = nuka(**{"scenario": "<b>nobody</b>", SET: "<script>alert(1)</script>", "other": "x" * 5000})
    assert len(app.warning) == 3
    assert not any("<script>" in text for text in texts(app))
    assert says(app, likely())


@pytest.mark.parametrize("service", ["../models/legal_advice.toml", "/etc/passwd", "no_such", ""])
def test_an_address_opens_no_file_outside_the_library(service: str) -> None:
    case, sentences = state.read({"service": service})
    assert len(sentences) == 1
    assert case.service == library.ids()[0]


def test_text_is_shown_as_it_stands_and_csv_holds_no_formula() -> None:
    assert words.plain("$1 of *x* [a](b)") == r"\$1 of \*x\* \[a\](b)"
    frame = pd.DataFrame({"a": ["=1+1", "@x", "plain", -2]}, index=pd.Index(["+n", "m", "o", "p"], name="name"))
    assert words.csv_of(frame).decode("utf-8-sig").splitlines() == ["name,a", "'+n,'=1+1", "m,'@x", "o,plain", "p,-2"]


def test_ranges_can_be_switched_off() -> None:
    def counted(app: AppTest) -> str:
        return next(text for text in texts(app) if "inputs are uncertain" in text)

    app = page("how_sure", service="debt_advice_consequences")
    uncertain = sroi.simulate(sroi.load("debt_advice_consequences"), 10).uncertain
    stated = sum(each.origin == "stated" for each in uncertain.values())
    assert 0 < stated < len(uncertain)
    assert f"{len(uncertain)} inputs are uncertain. {stated} have the ranges that the service" in counted(app)
    assert f"{len(uncertain) - stated} have ranges by assumption" in counted(app)
    app.toggle(key="preset").set_value(False).run()
    assert f"{stated} inputs are uncertain. {stated} have the ranges that the service" in counted(app)
    assert "by assumption" not in counted(app)
    sound(app)


def waited_for(app: AppTest, over: bool = True) -> Any:
    """The long run of a page, when it is over or has begun to draw."""
    run = app.session_state["run"]
    for _ in range(600):
        if run.over.is_set() if over else run.done:
            return run
        time.sleep(0.1)
    pytest.fail("the run did not come so far")


def spread_of(app: AppTest, name: str, **more: Any) -> bool:
    """Whether the page shows the likely net value of a simulation."""
    said = str(sroi.simulate(sroi.load(name), **more).summary().loc["npsv", "written"])
    return any(said in frame.value.to_string() for frame in (*app.table, *app.dataframe)) or holds_figure(app, said)


def test_many_draws_are_shown_when_they_are_made() -> None:
    app = page("how_sure", service="debt_advice_consequences")
    app.selectbox(key="draws").set_value(100_000).run()
    waited_for(app)
    sound(app.run())
    assert spread_of(app, "debt_advice_consequences", draws=100_000)
    app.selectbox(key="draws").set_value(10_000).run()
    assert "run" not in app.session_state
    assert spread_of(app, "debt_advice_consequences")


def test_a_long_run_can_be_watched_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile, and when it has been stopped, the figures are of few draws and say so."""
    monkeypatch.setattr(draws, "PATIENCE", 0)
    held, slowly = Event(), sroi.simulate

    def slow(*arguments: Any, **more: Any) -> sroi.Simulation:
        progress = more.pop("progress", None)

        def tell(done: int, asked: int) -> None:
            progress(done, asked)
            held.wait(60)

        return slowly(*arguments, **more, progress=tell if progress else None)

    monkeypatch.setattr(draws, "simulate", slow)
    app = page("how_sure", service="debt_advice_consequences")
    app.selectbox(key="draws").set_value(1_000_000).run()
    run = waited_for(app, over=False)
    app.run()
    assert spread_of(app, "debt_advice_consequences")
    with_label(app.button, "Stop").click().run()
    held.set()
    assert waited_for(app) is run
    assert run.found is None
    app.run()
    said = f"Stopped after {run.done:,} of 1,000,000 draws. The figures are of 10,000 draws."
    assert [warning.value for warning in app.warning] == [said]
    assert spread_of(app, "debt_advice_consequences")
    with_label(app.button, "Draw again").click().run()
    assert waited_for(app).found is not None
    sound(app.run())
    assert spread_of(app, "debt_advice_consequences", draws=1_000_000)


def test_another_case_ends_the_run_of_the_last_one() -> None:
    app = page("how_sure", service="debt_advice_consequences")
    app.selectbox(key="draws").set_value(100_000).run()
    first = waited_for(app)
    app.selectbox(key="choose/convention/").set_value("svi").run()
    second = waited_for(app)
    assert second is not first
    assert first.stopped.is_set()
    sound(app.run())
    assert spread_of(app, "debt_advice_consequences", convention="svi", draws=100_000)


def test_a_changed_input_says_whose_range_it_has() -> None:
    app = nuka(**{SET: "0.01"})
    frame = sroi.simulate(sroi.load("nuka_primary_care"), values={NAME: 0.01}).inputs()
    assert "range" in saying.whose(frame, NAME)
    assert says(app, saying.whose(frame, NAME))


def test_what_turns_nothing_and_what_everything_is_worth_are_said_too() -> None:
    app = nuka("how_sure")
    simulation = sroi.simulate(sroi.load("nuka_primary_care"))
    for name in simulation.uncertain:
        assert says(app, simulation.central.service.parameters[name].label), name
    assert says(app, saying.NOTHING_TO_MEASURE)
    assert says(app, "Knowing everything before deciding would be worth about")
    assert not says(app, "none of them would change it")


def test_a_ratio_that_is_no_guide_has_no_chart() -> None:
    app = page("how_sure", service="family_nurse_partnership_england")
    assert says(app, "The ratio is no guide here")
    assert not says(app, "for a return of 1")


def test_an_amount_says_of_which_prices_it_is() -> None:
    labels = [field.label for field in page(service="legal_advice").number_input]
    said = "Legal aid spending on debt problems"
    assert any(label.startswith(said) and "2009-10 prices" in label for label in labels)


def test_a_visitor_takes_the_workbook_and_the_data_away() -> None:
    """Made only when asked for: what the buttons would send is what is written elsewhere."""
    app = nuka("take_away", **{SET: "0.3"}, scenario="cautious", convention="svi")
    labels = " ".join(button.proto.label for button in app.get("download_button"))
    for kind in ("xlsx", "json", "csv", "html"):
        assert f".{kind}" in labels
    result = sroi.evaluate(sroi.load("nuka_primary_care"), {NAME: 0.3}, scenario="cautious", convention="svi")
    book = openpyxl.load_workbook(io.BytesIO(take_away._workbook(result, ())), data_only=True)
    ratio = next(row[1].value for row in book["Results"].iter_rows(min_row=5) if row[9].value == "sroi_ratio")
    assert ratio == pytest.approx(result.sroi_ratio, rel=1e-12)
    with zipfile.ZipFile(io.BytesIO(take_away._zipped(result))) as archive:
        assert "nuka_primary_care_cautious_svi_summary.csv" in archive.namelist()
    page_asked = {"scenario": "cautious", "convention": "svi", "html": True}
    assert html_of(result, this_year()).decode() == sroi.evidence_page(result.base, {NAME: 0.3}, **page_asked)
