"""The page Build: begun in every way, checked as it is typed, kept over pages, and used."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import sroi
from sroi.service import Service
from sroi.service_file import toml_of
from sroi.ui.build_draft import Desk
from sroi.ui.build_parts import PARTS
from sroi.ui.build_tables import take
from sroi.ui.words import plain

ROOT = Path(__file__).resolve().parent.parent
BUILD = "sroi/ui/pages/build.py"


def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(BUILD)
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def begun(name: str = "mine", service: str | None = None) -> AppTest:
    app = page()
    if service is not None:
        app.radio(key="build/begin/way").set_value("A service of the library")
        run(app)
        app.selectbox(key="build/begin/service").set_value(service)
    app.text_input(key="build/begin/name").set_value(name)
    button(app, "Begin").click()
    return run(app)


def button(app: AppTest, label: str) -> object:
    return next(each for each in app.button if each.label == label)


def desk(app: AppTest) -> Desk:
    found: Desk = app.session_state["the_draft"]
    return found


def go(app: AppTest, part: str) -> AppTest:
    app.radio(key="build/part").set_value(part)
    return run(app)


def field(app: AppTest, label: str) -> object:
    every = [*app.text_input, *app.text_area, *app.number_input, *app.selectbox]
    return next(each for each in every if each.label.removesuffix(" (needed)") == label)


@pytest.mark.parametrize(
    ("name", "said"), [("", "Write a name"), ("My Service!", "my_service"), ("debt_advice", "debt_advice_here")]
)
def test_a_name_that_cannot_be_is_refused_with_what_to_write(name: str, said: str) -> None:
    app = begun(name)
    assert said.replace("_", r"\_") in app.error[0].value
    assert desk(app).draft is None


def test_the_blank_form_says_how_much_is_missing_and_what_first() -> None:
    app = begun()
    draft = desk(app).draft
    assert draft is not None
    count = len(draft.checked().faults)
    assert app.warning[0].value.startswith(f"{count} things to do before it can be used. First, under About: **Title**")
    assert any(error.value.startswith("Title: still begins with FILL IN") for error in app.error)
    assert not any(each.label == "Use it" for each in app.button)
    assert [part for part in app.radio(key="build/part").options if "to do" not in part] == ["Calculations"]


def test_a_field_is_checked_as_it_is_typed_and_kept_over_pages() -> None:
    app = begun()
    field(app, "Title").set_value("Befriending $1 *here*")
    run(app)
    assert not any(error.value.startswith("Title:") for error in app.error)
    assert app.header[0].value == plain("Befriending $1 *here*")
    app.switch_page("sroi/ui/pages/start.py")
    run(app)
    app.switch_page(BUILD)
    run(app)
    assert field(app, "Title").value == "Befriending $1 *here*"


def test_every_part_of_the_longest_service_is_shown_both_ways() -> None:
    app = begun("mine", "debt_advice")
    assert not app.error
    assert app.success[0].value == "It is in order, and can be used."
    for part in PARTS:
        go(app, part)
        assert not app.error
    app.toggle(key="build/by_row").set_value(True)
    for part in PARTS:
        go(app, part)
        assert not app.error
    draft = desk(app).draft
    assert draft is not None
    tables = draft.checked().tables
    assert Service.model_validate(tables).parameters == sroi.load("debt_advice").parameters


def test_rows_are_added_moved_changed_and_taken_out_one_by_one() -> None:
    app = begun("mine", "legal_advice")
    go(app, "lines")
    app.toggle(key="build/by_row").set_value(True)
    run(app)
    draft = desk(app).draft
    assert draft is not None
    was = [row["id"] for row in draft.sheets["lines"]]
    button(app, "Move down").click()
    run(app)
    assert [row["id"] for row in draft.sheets["lines"]][:2] == [was[1], was[0]]
    button(app, "Move up").click()
    run(app)
    button(app, "Add a row").click()
    run(app)
    field(app, "Name").set_value("twice")
    field(app, "Formula").set_value(f"{was[0]} * (2")
    run(app)
    assert draft.sheets["lines"][-1] == {"id": "twice", "formula": f"{was[0]} * (2"}
    assert any(error.value.startswith("Label: is missing") for error in app.error)
    button(app, "Take this row out").click()
    run(app)
    assert [row["id"] for row in draft.sheets["lines"]] == was
    assert not app.error


def test_it_is_used_and_changed_again_and_the_other_pages_show_it() -> None:
    app = begun("mine", "legal_advice")
    button(app, "Use it").click()
    run(app)
    assert app.session_state["the_visit"].case.service == "mine"
    field(app, "Title").set_value("Our own advice")
    run(app)
    button(app, "Use it").click()
    run(app)
    app.switch_page("sroi/ui/pages/explore.py")
    run(app)
    assert app.title[0].value == "Our own advice"


def test_the_draft_before_can_be_brought_back() -> None:
    app = begun()
    field(app, "Title").set_value("The first")
    run(app)
    app.text_input(key="build/begin/name").set_value("second")
    button(app, "Begin").click()
    run(app)
    assert app.header[0].value == "second"
    button(app, "Bring back “The first”").click()
    run(app)
    assert app.header[0].value == "The first"


def test_what_no_table_shows_is_kept_and_can_be_taken_out() -> None:
    app = begun("mine", "legal_advice")
    draft = desk(app).draft
    assert draft is not None
    assert set(draft.kept) == {"correlations", "options", "relationship"}
    button(app, "Take out: relationship").click()
    run(app)
    service = draft.checked().service
    assert service is not None
    assert service.relationship is None


def test_an_unfinished_draft_is_saved_and_opened_again() -> None:
    app = begun()
    draft = desk(app).draft
    assert draft is not None
    draft.sheets["costs"].append({"label": "=no id"})
    run(app)
    again = take(tomllib.loads(toml_of(draft.checked().tables)))
    assert again.sheets == draft.sheets
