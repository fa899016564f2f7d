"""The page Explore and the inputs: what is shown is what the result says, and nothing that is typed is lost."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

import sroi
from sroi import breakdown, glossary, outcome_words, printing, tables
from sroi.ui import explained, words

ROOT = Path(__file__).resolve().parent.parent
SERVICE = "teacher_relationships"
NAME = "pupils_per_teacher"
BOX = f"box/{SERVICE}//{NAME}"


def explore(service: str = SERVICE, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("sroi/ui/pages/explore.py")
    for key, value in {"service": service, **query}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(text.value for text in app.markdown)


def headline(values: dict[str, float] | None = None) -> str:
    return words.plain(sroi.simulate(sroi.load(SERVICE), values=values).headline())


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def test_both_boxes_of_an_input_hold_what_was_typed_and_the_way_back_is_kept() -> None:
    app = explore()
    assert app.header[0].value == headline()
    app.number_input(key=BOX).set_value(30.0).run()
    assert app.header[0].value == headline({NAME: 30.0})
    assert app.number_input(key=f"{BOX}/outcome").value == 30.0
    app.number_input(key=f"{BOX}/outcome").set_value(-4.0).run()
    # Wrong, and kept: the figures are of the last inputs that could be used.
    assert app.number_input(key=BOX).value == -4.0
    assert app.error
    assert app.header[0].value == headline({NAME: 30.0})
    press(app, "Undo")
    assert app.number_input(key=BOX).value == 30.0
    assert not app.error
    press(app, "Redo")
    assert app.number_input(key=BOX).value == -4.0
    press(app, "Reset")
    assert app.header[0].value == headline()
    assert app.number_input(key=f"{BOX}/outcome").value == 60.0


def test_a_change_is_noted_with_the_reason_that_is_typed() -> None:
    app = explore()
    assert "Nothing has been changed yet" in shown(app)
    app.number_input(key=BOX).set_value(30.0).run()
    assert words.plain("GCSE pupils taught by one teacher in a year: from 60 pupils") in shown(app)
    app.text_input[0].set_value("Our own timetable").run()
    assert [entry.why for entry in app.session_state["the_visit"].log] == ["Our own timetable"]
    press(app, "Undo")
    assert not app.text_input
    press(app, "Redo")
    assert app.text_input[0].value == "Our own timetable"


def test_years_and_prices_are_chosen_and_taken_back() -> None:
    app = explore()
    app.number_input(key=f"choose/years/{SERVICE}").set_value(7).run()
    assert app.session_state["the_visit"].case.years == 7
    assert " 7 years," in app.header[0].value
    app.selectbox(key=f"choose/prices/{SERVICE}").set_value("2019-20").run()
    assert "2019-20 prices" in app.header[0].value
    press(app, "Undo")
    press(app, "Undo")
    assert app.header[0].value == headline()
    assert app.number_input(key=f"choose/years/{SERVICE}").value == 5
    press(app, "Redo")
    assert app.number_input(key=f"choose/years/{SERVICE}").value == 7


def test_each_closer_look_shows_its_figures() -> None:
    app, result = explore(), sroi.evaluate(sroi.load(SERVICE))
    assert app.selectbox(key=f"outcome/{SERVICE}").value == result.impact_map()["present_value"].idxmax()
    for heading, sentence in outcome_words.said_of(result, result.service.outcomes[0]):
        assert f"**{heading}:** {words.plain(sentence)}" in shown(app)
    for look, text in (
        ("years", "Payback: "),
        ("bridge", "Gross value of "),
        ("who", "What it is made of"),
        ("explain", glossary.meaning("npsv")),
    ):
        app.session_state["look"] = look
        app.run()
        assert not app.exception
        assert words.plain(text) in shown(app), look
    app.session_state["look"] = "figures"
    app.run()
    assert len(app.table[-1].value) == len(result.summary())


def test_every_figure_of_the_cards_can_be_explained() -> None:
    app = explore()
    keys = [button.key for button in app.button if button.label == "Explain"]
    assert {f"explain/card/{name}" for name in ("npsv", "sroi_ratio", "bcr", "payback_year")} <= set(keys)
    app.button(key="explain/card/npsv").click().run()
    assert not app.exception
    assert words.plain(glossary.meaning("npsv")) in shown(app)


def test_what_explains_a_number_is_escaped_and_written_for_people() -> None:
    service = sroi.load("legal_advice")
    name = next(iter(service.parameters))
    hostile = service.parameters[name].model_copy(update={"label": "<script>alert(1)</script>"})
    changed = service.replace(parameters=type(service.parameters)({**service.parameters, name: hostile}))
    result = sroi.evaluate(changed)
    page = explained.page_of(result.explain("npsv"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert f"{tables.label_of('npsv')}</strong>: {printing.money(result.npsv, '£')}" in page
    for known in explained.known(result):
        if getattr(result, known, 0) is not None:
            assert explained.page_of(result.explain(known))


def test_the_parts_of_who_gains_sum_to_what_they_gain() -> None:
    for service in ("debt_advice_consequences", "nurse_family_partnership"):
        result = sroi.evaluate(sroi.load(service))
        for what in ("bearer", "stakeholder", "kind"):
            parts = breakdown.parts_by(result, what).groupby("label")["pv_benefits"].sum()
            whole = result.by(what).groupby("label")["pv_benefits"].sum()
            assert all(abs(parts.get(label, 0.0) - amount) < 1e-6 for label, amount in whole.items())


def test_the_bridge_of_an_outcome_ends_at_its_present_value() -> None:
    result = sroi.evaluate(sroi.load("nurse_family_partnership"))
    for outcome in result.service.outcomes:
        end = breakdown.bridge_of(result, outcome.id)["total"].iloc[-1]
        assert abs(end - result.impact_map().at[outcome.id, "present_value"]) < 1e-6
