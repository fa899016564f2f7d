"""Every page of the app for every service, and a visit that loses nothing on its way through them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app_pages import choose_service, page, says, sound, texts, turn_to, with_label
from streamlit.testing.v1 import AppTest

import sroi
from sroi import library
from sroi.ui import shell, words

OF_A_CASE = [name for name in shell.PAGES if name not in ("start", "build")]
SERVICE, SCENARIO = "nuka_primary_care", "cautious"
NAME = next(name for name, p in sroi.load(SERVICE).parameters.items() if p.unit == "share" and p.value is not None)


def box(app: AppTest, scenario: str = "") -> Any:
    return app.number_input(key=f"box/{SERVICE}/{scenario}/{NAME}")


def test_every_page_has_a_file() -> None:
    folder = Path(library.__file__).parent / "ui" / "pages"
    assert {file.stem for file in folder.glob("*.py")} == set(shell.PAGES)


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_A_CASE)
def test_page_for_every_service(name: str) -> None:
    """One visit on one page, through the whole library, each service at its last scenario too."""
    app = page(name, service=library.ids()[0])
    for service in library.ids():
        choose_service(app, service)
        assert [title.value for title in app.title], service
        assert not app.error, service
        scenarios = list(sroi.load(service).scenarios)
        if scenarios:
            sound(app.selectbox(key=f"choose/scenario/{service}").set_value(scenarios[-1]).run())
            assert not app.error, (service, scenarios[-1])


@pytest.mark.parametrize("name", ["start", "build"])
def test_page_about_no_one_case(name: str) -> None:
    app = page(name)
    assert len(app.title) == 1
    assert not app.error


def test_start_names_every_service_and_what_is_not_modelled() -> None:
    app = page("start")
    shown = "\n".join([*texts(app), *(frame.value.to_string() for frame in app.dataframe)])
    for service in library.all_services():
        assert words.plain(service.title) in shown or service.title in shown
    assert len(app.get("page_link")) >= len(library.ids())


def test_every_page_has_one_title_and_its_headings_in_order() -> None:
    app = page("explore", service=SERVICE)
    for name in shell.PAGES:
        turn_to(app, name)
        assert len(app.title) == 1, name


def test_nothing_is_lost_on_the_way_through_the_pages() -> None:
    app = page("explore", service=SERVICE, scenario=SCENARIO, convention="svi")
    box(app, SCENARIO).set_value(0.05).run()
    asked = dict(app.query_params)
    for name in [*shell.PAGES, "explore"]:
        turn_to(app, name)
        assert dict(app.query_params) == asked, name
        if name in OF_A_CASE:
            assert box(app, SCENARIO).value == 0.05, name
    simulation = sroi.simulate(sroi.load(SERVICE), values={NAME: 0.05}, scenario=SCENARIO, convention="svi")
    assert says(app, simulation.headline())


def test_a_bad_value_outlives_a_change_of_page() -> None:
    app = page("explore", service=SERVICE)
    box(app).set_value(27.0).run()
    turn_to(app, "evidence")
    turn_to(app, "explore")
    assert box(app).value == 27.0
    assert any("Shares are fractions from 0 to 1" in error.value for error in app.error)


def test_undo_and_redo_go_back_and_forth_over_pages() -> None:
    app = page("explore", service=SERVICE)
    default = box(app).value
    box(app).set_value(0.02).run()
    box(app).set_value(0.03).run()
    app.selectbox(key=f"choose/scenario/{SERVICE}").set_value(SCENARIO).run()
    turn_to(app, "compare")
    with_label(app.button, "Undo").click().run()
    assert box(app).value == 0.03
    assert app.selectbox(key=f"choose/scenario/{SERVICE}").value == ""
    with_label(app.button, "Undo").click().run()
    assert box(app).value == 0.02
    turn_to(app, "explore")
    with_label(app.button, "Redo").click().run()
    assert box(app).value == 0.03
    assert says(app, sroi.simulate(sroi.load(SERVICE), values={NAME: 0.03}).headline())
    for _ in range(2):
        with_label(app.button, "Undo").click().run()
    assert box(app).value == default
    assert f"set.{NAME}" not in app.query_params
    assert says(app, sroi.simulate(sroi.load(SERVICE)).headline())


def test_another_service_can_be_undone_with_its_changes() -> None:
    app = page("explore", service=SERVICE)
    box(app).set_value(0.02).run()
    choose_service(app, "legal_advice")
    with_label(app.button, "Undo").click().run()
    sound(app)
    assert app.selectbox(key="choose/service/").value == SERVICE
    assert box(app).value == 0.02


def test_the_log_says_what_was_changed_from_what_to_what() -> None:
    app = page("explore", service=SERVICE)
    box(app).set_value(0.02).run()
    box(app).set_value(0.03).run()
    log = app.session_state["the_visit"].log
    label = sroi.load(SERVICE).parameters[NAME].label
    assert [entry.what for entry in log] == [label, label]
    assert log[1].before == log[0].after != log[1].after
    assert log[0].when <= log[1].when
