"""Start: what the library costs and returns, a file opened, and a visit found again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import sroi
from sroi import examples, overview
from sroi.errors import Fault, ServiceError
from sroi.ui import address, catalogue, library_figures, opening, recovery, start_library, start_open, words
from sroi.ui.build_draft import Desk
from sroi.ui.kept import Store, new_token
from sroi.ui.state import LONGEST_ADDRESS, Case, short
from sroi.ui.visit import Visit
from sroi.workbook.write import workbook_bytes

ROOT = Path(__file__).resolve().parent.parent


def page(name: str = "start", **query: str) -> AppTest:
    start_library.begin()
    assert library_figures.LIBRARY.over.wait(60)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if name != "start":
        app.switch_page(f"sroi/ui/pages/{name}.py")
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> list[str]:
    return [each.value for each in (*app.markdown, *app.subheader, *app.info)]


# The library ------------------------------------------------------------------------------------------------------


def test_every_service_is_there_with_its_figures_and_no_league_table() -> None:
    app = page()
    said = texts(app)
    assert not app.error
    assert not app.warning
    assert [each.value for each in app.title] == ["Social return on investment"]
    assert any("no league table" in each for each in said)
    titles = {each.value for each in app.subheader}
    assert titles == {words.plain(title) for title in sroi.services()["title"]}
    case = next(iter(overview.cases_of(sroi.load("debt_advice"))))
    assert any(words.plain(case["says"]) in each for each in said)
    assert any(words.plain(case["costs"]) in each and words.plain(case["returns"]) in each for each in said)
    why = sroi.register().query("why_not != ''")["why_not"]
    assert all(any(words.plain(each) in text for text in said) for each in why)


def test_search_and_filters_choose_and_say_so_when_nothing_is_left() -> None:
    app = page()
    app.selectbox(key="library_currency").set_value("USD").run()
    assert len(app.subheader) == 2
    app.text_input(key="library_search").set_value("Nurse FAMILY").run()
    assert [each.value for each in app.subheader] == [words.plain(sroi.load("nurse_family_partnership").title)]
    app.text_input(key="library_search").set_value("zeppelin").run()
    assert not app.subheader
    assert any("No service fits" in each.value for each in app.info)


def test_the_strength_of_evidence_is_that_of_the_evidence_page() -> None:
    weak, strong = (overview.evidence_of(sroi.load(name)) for name in ("teacher_relationships", "therapeutic_alliance"))
    assert (weak["strength"], strong["strength"]) == (overview.WEAKER, overview.STRONGER)
    assert weak["says"].startswith("76% of the result rests on numbers graded D to F")
    app = page()
    app.selectbox(key="library_strength").set_value(overview.STRONGER).run()
    titles = {each.value for each in app.subheader}
    assert words.plain(sroi.load("therapeutic_alliance").title) in titles
    assert words.plain(sroi.load("teacher_relationships").title) not in titles


def test_a_service_that_cannot_be_worked_out_has_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise ServiceError("it", [Fault("costs", "are not there.")])

    monkeypatch.setattr(overview, "evidence_of", refuse)
    assert library_figures.figures_of(sroi.load("debt_advice")).problem == "No figures: costs are not there."


def test_a_worked_example_can_be_worked_out() -> None:
    for example in examples.read():
        service = sroi.load(example.service)
        sroi.evaluate(service, example.values, scenario=example.scenario)
        assert set(example.values) <= set(service.parameters)
    with pytest.raises(ServiceError):
        examples.read(ROOT / "models" / "reference" / "grades.toml")


def test_the_first_sentence_of_a_text() -> None:
    assert words.first_sentence("One here (2021). Two.") == "One here (2021)."
    assert words.first_sentence("By J. Smith at £2.34 a day. Two.") == "By J. Smith at £2.34 a day."


# A link, the back button --------------------------------------------------------------------------------------------


def test_a_link_goes_on_to_another_case_and_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "SETTLED", 0)
    app = page("explore", service="debt_advice")
    first = dict(app.query_params)
    app.query_params.clear()
    app.query_params.update({"service": "gp_continuity", "scenario": "cautious"})
    app.run()
    visit: Visit = app.session_state["the_visit"]
    assert (visit.case.service, visit.case.scenario) == ("gp_continuity", "cautious")
    assert [entry.what for entry in visit.log] == ["Link or address"]
    # The back button: the address from before is the case from before.
    app.query_params.clear()
    app.query_params.update({key: value[0] if isinstance(value, list) else value for key, value in first.items()})
    app.run()
    assert visit.case.service == "debt_advice"
    assert not visit.log
    assert len(visit.future) == 1


def test_an_address_from_before_the_last_change_undoes_nothing_at_once() -> None:
    app = page("explore", service="debt_advice")
    before = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    app.selectbox(key="choose/scenario/debt_advice").set_value("cautious").run()
    app.query_params.clear()
    app.query_params.update(before)
    app.run()
    assert app.session_state["the_visit"].case.scenario == "cautious"


# A visit found again ------------------------------------------------------------------------------------------------


def test_a_reload_finds_services_of_ones_own_and_changes_and_is_a_copy() -> None:
    app = page("explore", service="debt_advice")
    app.selectbox(key="choose/scenario/debt_advice").set_value("cautious").run()
    own = sroi.load("gp_continuity")
    app.session_state["own_services"]["mine"] = own
    app.run()
    query = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    assert set(query) == {"service", "convention", "scenario", "visit"}
    again = page("explore", **query)
    there: Visit = again.session_state["the_visit"]
    assert [entry.after for entry in there.log] == [entry.after for entry in app.session_state["the_visit"].log]
    assert again.session_state["own_services"] == {"mine": own}
    assert again.query_params["visit"] != app.query_params["visit"]
    there.undo()
    again.session_state["own_services"].clear()
    assert app.session_state["the_visit"].case.scenario == "cautious"
    assert app.session_state["own_services"]


def test_ratings_and_the_draft_on_build_are_found_again_as_copies() -> None:
    app = page("relationship", service="debt_advice")
    app.radio(key="profile/debt_advice/time/rating").set_value(4).run()
    begun = app.session_state["the_draft"].begin(tomllib.loads(sroi.to_toml(sroi.load("gp_continuity"))), "a test")
    app.run()
    query = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    again = page("relationship", **query)
    assert again.radio(key="profile/debt_advice/time/rating").value == 4
    draft = again.session_state["the_draft"].draft
    assert (draft.origin, draft.sheets) == ("a test", begun.sheets)
    draft.sheets.clear()
    again.session_state["the_visit"].profiles.clear()
    assert begun.sheets
    assert app.session_state["the_visit"].profiles


@pytest.mark.parametrize("token", ["", "nobody's", "../../etc/passwd", "x" * 10_000])
def test_a_token_that_nothing_is_kept_under_begins_from_the_address(token: str) -> None:
    own: dict[str, sroi.Service] = {}
    here = recovery.begun({"service": "debt_advice", "visit": token}, own, Desk())
    assert (here.case.service, here.log, here.said, own) == ("debt_advice", [], [], {})


def test_what_is_kept_no_longer_is_said() -> None:
    here = recovery.begun({"service": "mine", "visit": new_token()}, {}, Desk())
    assert "kept for 8 hours only" in here.said[-1]


def test_an_address_stays_short_and_the_server_keeps_the_rest() -> None:
    case = Case("debt_advice", values={f"parameter_number_{place}": 0.1 for place in range(100)})
    parts = short(case)
    assert parts == {"service": "debt_advice", "convention": ""}
    here, token = Visit(case), new_token()
    assert recovery.keep(token, here, {}, Desk())
    assert recovery.begun({**parts, "visit": token}, {}, Desk()).case == case
    assert sum(len(key) + len(text) for key, text in parts.items()) < LONGEST_ADDRESS


def test_nothing_is_kept_where_the_address_says_all() -> None:
    assert not recovery.keep(new_token(), Visit(Case("debt_advice")), {}, Desk())


def test_a_store_forgets_the_oldest_and_what_is_not_used() -> None:
    now = [0.0]
    store: Store[list[int]] = Store(3, 10, len, lambda: now[0])
    store.keep("a", [1])
    store.keep("b", [1, 2])
    store.keep("c", [1])
    assert (store.get("a"), store.get("b")) == (None, [1, 2])
    now[0] = 9
    store.keep("b", [1, 2])
    now[0] = 11
    assert (store.get("b"), store.get("c")) == ([1, 2], None)
    store.keep("heavy", [1] * 9)
    assert store.get("heavy")
    assert len({new_token() for _ in range(100)}) == 100


# A file opened ------------------------------------------------------------------------------------------------------


def changed() -> sroi.Service:
    """A service of the library, with another title."""
    service = sroi.load("debt_advice")
    return service.replace(about=service.about.model_copy(update={"title": "Ours"}))


def test_a_service_file_is_opened() -> None:
    found = opening.opened("anything (1).toml", sroi.to_toml(changed()).encode())
    assert found.service == changed()


def test_a_workbook_is_opened_with_what_was_changed_in_it(tmp_path: Path) -> None:
    content = workbook_bytes(sroi.load("gp_continuity"), scenario="cautious", draws=None)
    found = opening.opened("bid.xlsx", content)
    assert found.service.id == "gp_continuity"
    assert found.scenario == "cautious"
    assert "No input was changed in it." in found.said


def test_any_other_workbook_is_read_as_a_value_map_and_refused_in_words(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(ServiceError, match="headings of a Value Map"):
        opening.opened("empty.xlsx", (tmp_path / "empty.xlsx").read_bytes())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.toml", b"[service", "not TOML"),
        ("x.toml", b"\xff", "not UTF-8"),
        ("x.toml", b"#" * 1_000_001, "more than 1,000,000 bytes"),
        ("x.toml", b"[service]\nid = 1", "service.id"),
        ("x.xlsx", b"PK", "damaged"),
        ("x.xlsx", b"text", "not an .xlsx workbook"),
        ("C:\\x.exe", b"MZ", "This kind of file is not read"),
        ("../../x", b"", "This kind of file is not read"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(name: str, content: bytes, said: str) -> None:
    with pytest.raises(ServiceError, match=said):
        opening.opened(name, content)


def opened_in(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content).run()
    assert not app.exception
    return app


def test_an_opened_service_is_ones_own_and_the_one_looked_at() -> None:
    app = page()
    opened_in(app, "ours.toml", sroi.to_toml(changed()).encode())
    assert not app.error
    assert app.session_state["the_visit"].case.service == "debt_advice_2"
    assert app.session_state["own_services"]["debt_advice_2"].title == "Ours"
    # The same file again is the same service; the library's own is there as well.
    assert app.subheader[0].value == "Ours"
    assert len(app.subheader) == len(sroi.services()) + 1


def test_a_file_with_faults_changes_nothing_and_says_each_as_text() -> None:
    app = page("start")
    case = app.session_state["the_visit"].case
    opened_in(app, "<b>x</b>.toml", b"[service]\nid = '<script>'\n[sources.x]\nyear = 'two'")
    assert "was not opened, and nothing else has changed" in app.error[0].value
    faults = next(each.value for each in app.markdown if each.value.startswith("1. "))
    assert "service.title is missing" in faults.replace("\\", "")
    assert "\\<script\\>" in faults
    assert app.session_state["the_visit"].case == case


def test_only_so_many_services_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    mine: dict[str, sroi.Service] = {}
    monkeypatch.setattr(catalogue, "own", lambda: mine)
    assert catalogue.add(sroi.load("debt_advice")).id == "debt_advice"
    assert not mine
    assert catalogue.add(changed()) == catalogue.add(changed())
    assert list(mine) == ["debt_advice_2"]
    for place in range(catalogue.MOST_OWN - 1):
        about = changed().about.model_copy(update={"title": f"Ours {place}"})
        catalogue.add(changed().replace(about=about))
    with pytest.raises(ServiceError, match="the most in one visit"):
        catalogue.add(sroi.load("gp_continuity").replace(about=changed().about))


def test_there_is_a_word_for_a_file_that_breaks_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(start_open.st, "session_state", state)
    monkeypatch.setattr(start_open, "opened", lambda *_: 1 / 0)
    start_open.take("x.toml", b"")
    assert "could not be read" in str(state["opened_file"])
