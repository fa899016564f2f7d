"""The page How sure: what is said is what the draws show, and a bar leads to its input."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import sroi
from sroi import charts_uncertain
from sroi.ui.words import plain
from sroi.uncertainty.margins import margins

ROOT = Path(__file__).resolve().parent.parent
NAME = "nuka_primary_care"


def page(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page("sroi/ui/pages/how_sure.py")
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


@pytest.mark.parametrize("name", [NAME, "debt_advice", "teacher_relationships"])
def test_the_answer_and_what_decides_it_stand_first(name: str) -> None:
    app, simulation = page(service=name), sroi.simulate(sroi.load(name))
    first = next(text.value for text in app.markdown if plain(simulation.headline()) in text.value)
    symbol = "$" if simulation.central.service.about.currency == "USD" else "£"
    assert plain(charts_uncertain.tornado_sentence(sroi.one_way(simulation), symbol)) in first
    turning = margins(simulation)
    for sentence in turning["says"]:
        assert plain(sentence) in shown(app)
    titles = [each.value for each in app.subheader]
    for title in ("Chance of paying back", "What matters most", "Where the answer turns", "What to measure next"):
        assert title in titles


def test_a_box_beside_the_chart_changes_the_input_chosen() -> None:
    app, service = page(service=NAME), sroi.load(NAME)
    swings = sroi.one_way(sroi.simulate(service))
    assert app.selectbox(key=f"beside/{NAME}").value == swings.index[0]
    second = swings.index[1]
    app.selectbox(key=f"beside/{NAME}").set_value(second).run()
    value = service.parameters[second].value
    assert value is not None
    box = app.number_input(key=f"box/beside/{NAME}//{second}")
    assert box.value == value
    box.set_value(value * 0.9).run()
    assert f"set.{second}" in app.query_params
    assert app.number_input(key=f"box/{NAME}//{second}").value == value * 0.9
    next(button for button in app.button if button.label == "Reset this input").click().run()
    assert f"set.{second}" not in app.query_params
    assert not app.exception


def test_two_inputs_of_the_grid_are_chosen() -> None:
    app = page(service=NAME)
    simulation = sroi.simulate(sroi.load(NAME))
    third, first = (str(sroi.one_way(simulation).index[place]) for place in (2, 0))
    app.selectbox(key=f"grid/Up/{NAME}").set_value(third).run()
    app.selectbox(key=f"grid/Across/{NAME}").set_value(first).run()
    parameters = simulation.central.service.parameters
    labels = parameters[third].label, parameters[first].label
    assert plain(charts_uncertain.heat_map_sentence(sroi.two_way(simulation, third, first), labels)) in shown(app)
    app.selectbox(key=f"grid/Up/{NAME}").set_value(first).run()
    assert "two different inputs" in app.info[-1].value


def test_without_ranges_nothing_is_drawn_and_it_says_so() -> None:
    app = page(service="debt_advice")
    app.toggle(key="preset").set_value(False).run()
    assert not app.exception
    stated = sroi.simulate(sroi.load("debt_advice"), preset=None)
    assert bool(stated.uncertain) != ("there is nothing to draw" in shown(app))
