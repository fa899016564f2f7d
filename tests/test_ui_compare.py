"""The page Compare: what stands beside the case is what the package says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import sroi
from sroi import charts_compare, published_reports, side_by_side
from sroi.ui.words import plain, scenario_name

ROOT = Path(__file__).resolve().parent.parent


def page(section: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page("sroi/ui/pages/compare.py")
    app.session_state["compare_with"] = section
    app.run()
    assert not app.exception
    assert not app.error
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def test_scenarios_stand_beside_the_case_with_the_bridge_between_two() -> None:
    app, service = page("Scenarios", service="nuka_primary_care", scenario="cautious"), sroi.load("nuka_primary_care")
    names = ["cautious", None, *(name for name in service.scenarios if name != "cautious")]
    frame = side_by_side.side_by_side({scenario_name(service, n): sroi.simulate(service, scenario=n) for n in names})
    assert plain(charts_compare.range_sentence(frame, "sroi_ratio", "$")) in shown(app)
    assert list(app.table[0].value.iloc[:, 0]) == [plain(scenario_name(service, name)) for name in names]
    before, after = sroi.evaluate(service, scenario="cautious"), sroi.evaluate(service)
    app.selectbox(key="bridge/To/nuka_primary_care").set_value("").run()
    ends = ((scenario_name(service, "cautious"), before.sroi_ratio), ("Base case", after.sroi_ratio))
    found = sroi.scenario_bridge(before, after, "sroi_ratio")
    assert plain(charts_compare.bridge_sentence(found, ends, "sroi_ratio", "$")) in shown(app)
    app.selectbox(key="bridge/To/nuka_primary_care").set_value("cautious").run()
    assert "No input differs between them" in shown(app)
    app.radio(key="compare_by").set_value("npsv").run()
    assert plain(charts_compare.range_sentence(frame, "npsv", "$")) in shown(app)


@pytest.mark.parametrize("name", ["legal_advice", "nurse_family_partnership", "gp_continuity"])
def test_options_stand_against_each_other(name: str) -> None:
    app, service = page("Options", service=name), sroi.load(name)
    frame = sroi.compare_options(service)
    symbol = "$" if service.about.currency == "USD" else "£"
    assert plain(charts_compare.frontier_sentence(frame, symbol)) in shown(app)
    assert len(app.table[0].value) == len(frame)


def test_a_service_without_options_says_what_they_are() -> None:
    app = page("Options", service="debt_advice")
    assert "has no options" in app.info[0].value


def test_every_convention_stands_beside_the_chosen_one() -> None:
    app = page("Conventions", service="debt_advice")
    assert len(app.table[0].value) == len(sroi.conventions())
    assert app.subheader[0].value == "Conventions side by side"


def test_services_are_not_ranked_and_the_warning_stands_above() -> None:
    app = page("Other services", service="debt_advice")
    assert plain(published_reports.read().warning) in app.warning[0].value
    assert not app.table
    app.multiselect(key="compare_services").set_value(["nuka_primary_care", "legal_advice"]).run()
    assert not app.exception
    called = [sroi.load(name).title for name in ("nuka_primary_care", "legal_advice")]
    assert list(app.table[0].value.iloc[1:, 0]) == [plain(title) for title in called]
    assert "in the order in which they were chosen" in shown(app)


def test_published_reports_say_where_the_ratio_stands() -> None:
    app = page("Published reports", service="supported_employment")
    for sentence in published_reports.standing(sroi.evaluate(sroi.load("supported_employment"))):
        # The warning, which belongs to the ratio, stands once above it all.
        assert plain(sentence.replace(published_reports.read().warning, "")) in shown(app)
    assert plain(published_reports.read().warning) in app.warning[0].value
