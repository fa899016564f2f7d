"""The pages The relationship, Evidence and Take away."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import sroi
from sroi.reference import relationship_profile
from sroi.ui import case_file, take_away
from sroi.ui.view import View, view
from sroi.ui.visit import Visit

ROOT = Path(__file__).resolve().parent.parent


def page(name: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(f"sroi/ui/pages/{name}.py")
    app.run()
    assert not app.exception
    assert not app.error
    return app


def texts(app: AppTest) -> str:
    return " ".join(each.value for kind in ("markdown", "subheader", "info") for each in getattr(app, kind))


# The relationship -----------------------------------------------------------------------------------------------------


def test_the_lens_says_when_it_pays_back() -> None:
    said = texts(page("relationship", service="legal_advice"))
    assert "It pays back from 2.3% on" in said
    assert "Where evidence is silent, break-even is the answer" in said


def test_a_service_without_an_investment_is_asked_the_general_question() -> None:
    app = page("relationship", service="debt_advice")
    said = texts(app)
    assert "states no investment in the relationship" in said
    assert "every priced outcome alike would have to be 6.9% greater" in said
    app.number_input(key="each/debt_advice").set_value(200.0).run()
    assert "13.8% greater" in texts(app)


def test_ratings_are_kept_over_pages_and_go_into_what_is_taken_away() -> None:
    app = page("relationship", service="debt_advice")
    keys = [key for entries in relationship_profile().values() for key in entries]
    assert len(keys) == 11
    app.text_input(key=f"profile/debt_advice/{keys[0]}/why").set_value("Ten interviews")
    app.radio(key=f"profile/debt_advice/{keys[0]}/rating").set_value(4).run()
    assert "Rated so far: 1 of 11." in texts(app)
    app.switch_page("sroi/ui/pages/evidence.py").run()
    app.switch_page("sroi/ui/pages/relationship.py").run()
    assert app.radio(key=f"profile/debt_advice/{keys[0]}/rating").value == 4
    assert app.text_input(key=f"profile/debt_advice/{keys[0]}/why").value == "Ten interviews"
    visit: Visit = app.session_state["the_visit"]
    assert visit.profiles["debt_advice"][keys[0]].rating == 4
    app.switch_page("sroi/ui/pages/take_away.py").run()
    assert not app.exception


# Evidence -------------------------------------------------------------------------------------------------------------


def test_evidence_shows_every_number_and_those_of_a_grade() -> None:
    app = page("evidence", service="debt_advice")
    count = len(sroi.load("debt_advice").parameters)
    assert f"{count} of {count} numbers" in texts(app)
    assert "Weak evidence" in texts(app)
    app.get("button_group")[0].set_value(["F"]).run()
    weak = sum(parameter.grade == "F" for parameter in sroi.load("debt_advice").parameters.values())
    assert f"{weak} of {count} numbers" in texts(app)
    assert len(app.dataframe[0].value) == weak


# Take away ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def looked_at() -> View:
    app = page("take_away", service="legal_advice", scenario="cautious")
    assert {each.value for each in app.subheader} >= {"Summary on two pages", "Link to this case"}
    here: Visit = app.session_state["the_visit"]
    case = here.case
    here.change(case.with_value("spend_debt", 1e6), "Spending on debt", "£1", "£1 million", "Ours")
    return view(here)


def test_every_file_is_made_and_says_what_it_is(looked_at: View) -> None:
    files = {each.ending: each for group in take_away._files(looked_at, looked_at.result).values() for each in group}
    assert len(files) == 8
    book = openpyxl.load_workbook(io.BytesIO(files[".xlsx"].make()))
    row = [cell.value for cell in book["Change log"][5]]
    assert row[1:6] == ["in the app", "Spending on debt", "£1", "£1 million", "Ours"]
    text = files["_service.toml"].make().decode()
    assert text.startswith("# Legal")
    assert "scenario cautious" in text.splitlines()[0]
    assert tomllib.loads(text)["parameters"]["spend_debt"]["value"] == 1e6
    for ending in ("_tables.zip", "_charts_png.zip"):
        with zipfile.ZipFile(io.BytesIO(files[ending].make())) as archive:
            assert all(name.startswith("legal_advice_cautious_") for name in archive.namelist())
    assert json.loads(files[".json"].make())["stated_under"]["scenario"] == "cautious"


def test_a_case_is_opened_again_from_its_file(looked_at: View) -> None:
    here = looked_at.visit
    found = case_file.open_case("a_case.json", case_file.text_of(here, "A case").encode())
    assert found.case == here.case
    assert found.log == here.log
    assert found.said == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"sroi_case": 1}', b'{"sroi_case": 2, "case": {"service": "x"}}'])
def test_a_file_that_is_no_case_is_refused(content: bytes) -> None:
    with pytest.raises(sroi.ServiceError, match="This is no case that the app saved"):
        case_file.open_case("a.json", content)
