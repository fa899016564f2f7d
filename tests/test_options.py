"""Options against each other, and the investment in the relationship: expected values worked out in comments."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from small_service import DEDUCTIONS, SMALL, STUDY, faults, number, service

import sroi
from sroi.deep_value import ALWAYS, NEVER
from sroi.options import frontier
from sroi.reading import parse_tables

NOTHING_OFF = dict.fromkeys(DEDUCTIONS, "Made up.")


def outcome(identifier: str, quantity: str, proxy: str, bearer: str = "clients") -> dict[str, Any]:
    return {
        "id": identifier,
        "stakeholder": "clients",
        "bearer": bearer,
        "kind": "social",
        "quantity": quantity,
        "proxy": proxy,
        "benefit_period": "once",
        "zero_because": NOTHING_OFF,
    }


# One year, no discounting. As it stands: 100 people × £10 = £1,000 for £500.
# More time: £2 × 100 people more; 100 people × 0.1 × £30 = £300 more for them, and £50 for staff.
SERVED: dict[str, Any] = {
    "service": {**SMALL["service"], "id": "served", "appraisal_years": 1, "participants": "people"},
    "sources": {"study": STUDY},
    "parameters": {
        "people": number(100, "people"),
        "worth": number(10, "GBP per person"),
        "budget": number(500, "GBP"),
        "once": number(1, "years"),
        "minutes": number(2, "GBP per person"),
        "depends": number(0.1, "share"),
        "full_effect": number(30, "GBP per person"),
        "staff_worth": number(50, "GBP per team"),
        "teams": number(1, "teams"),
    },
    "lines": {"better": {"label": "Better off", "unit": "people", "formula": "people * depends"}},
    "outcomes": [outcome("gain", "people", "worth")],
    "costs": [{"id": "grant", "funder": "council", "kind": "revenue", "amount": "budget"}],
    "bearers": SMALL["bearers"],
    "stakeholders": {"clients": {"label": "Clients"}},
    "scenarios": {
        "few": {"why": "Fewer", "changes": {"people": {"value": 50, "why": "Fewer", "source": "study"}}},
        "cheap": {"why": "Cheaper", "changes": {"budget": {"value": 100, "why": "Cheaper", "source": "study"}}},
    },
    "options": {
        "more_time": {
            "label": "More time",
            "why": "Ten minutes more.",
            "outcomes": [outcome("extra", "better", "full_effect"), outcome("rested", "teams", "staff_worth")],
            "costs": [{"id": "time", "funder": "council", "kind": "revenue", "amount": "minutes", "per": "people"}],
        },
        "minimum": {
            "label": "Minimum",
            "why": "What the law asks for.",
            "changes": {"budget": {"value": 300, "why": "Fewer staff", "source": "study"}},
            "without": ["gain"],
            "outcomes": [outcome("some", "better", "worth")],
        },
    },
    "relationship": {
        "option": "more_time",
        "investment": "contact time",
        "how": "More is found out.",
        "dependence": "depends",
        "staff_outcomes": ["rested"],
        "evidence": [
            {"statement": "An association.", "value": 0.3, "bound": "upper", "source": "study", "grade": "C"},
            {"statement": "Words.", "source": "study", "grade": "E"},
        ],
    },
    "profile": {"time": {"rating": 3, "why": "Asked of staff."}},
}


def served(**changes: Any) -> sroi.Service:
    content = copy.deepcopy(SERVED)
    for path, value in changes.items():
        *before, last = path.split("__")
        place: Any = content
        for part in before:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[last] = value
    return sroi.Service.model_validate(content)


def test_each_option_has_its_own_costs_and_benefits() -> None:
    table = sroi.compare_options(served(), draws=200)
    assert list(table.index) == ["do_nothing", "as_it_stands", "more_time", "minimum"]
    # Minimum: £300, and 100 people × 0.1 × £10 = £100.
    assert table["pv_costs"].tolist() == pytest.approx([0, 500, 700, 300])
    assert table["pv_benefits"].tolist() == pytest.approx([0, 1000, 1350, 100])
    assert table["npsv"].tolist() == pytest.approx([0, 500, 650, -200])


def test_increments_are_over_the_service_as_it_stands() -> None:
    row = sroi.compare_options(served(), draws=200).loc["more_time"]
    assert (row["extra_costs"], row["extra_benefits"]) == pytest.approx((200, 350))
    assert row["extra_per_pound"] == pytest.approx(1.75)
    assert row["extra_npsv_low"] < 150 < row["extra_npsv_high"]


def test_what_more_buys_along_the_frontier() -> None:
    """From nothing to the service £1,000 for £500; to more time £350 for £200. The minimum is worse than a mix."""
    table = sroi.compare_options(served(), draws=200)
    assert table["step_from"].tolist() == ["", "do_nothing", "as_it_stands", ""]
    assert table["step_per_pound"].tolist() == pytest.approx([float("nan"), 2, 1.75, float("nan")], nan_ok=True)
    assert table.loc["minimum", "standing"] == (
        "Extendedly dominated: a mix of Do nothing and The service as it stands returns more"
    )


def test_dominance_and_the_frontier() -> None:
    """Costs and benefits: B (3, 3) costs more than A (2, 3) for the same; C (1, 1) returns less than half of A."""
    found = frontier({"nothing": (0, 0), "a": (2, 3), "b": (3, 3), "c": (1, 1), "again": (2, 3), "d": (4, 4)})
    assert {key: standing.beaten_by for key, standing in found.items()} == {
        "nothing": (),
        "a": (),
        "b": ("a",),
        "c": ("nothing", "a"),
        "again": ("a",),
        "d": (),
    }
    assert found["d"].before == "a"


def test_every_option_sees_the_same_draws() -> None:
    """Without an uncertain input of its own, an option's extra value does not vary."""
    fixed = {"shape": "fixed", "note": "Made up."}
    made = served(
        options__more_time__outcomes=[],
        parameters__minutes={**number(2, "GBP per person"), "spread": fixed},
        parameters__people={**number(100, "people"), "spread": fixed},
        relationship__staff_outcomes=[],
    )
    row = sroi.compare_options(made, draws=200).loc["more_time"]
    assert (row["extra_npsv_low"], row["extra_npsv_high"]) == pytest.approx((-200, -200))
    assert sroi.compare_options(made, draws=200)["chance_best"].sum() == pytest.approx(1)


def test_a_scenario_changes_evidence_and_an_option_what_is_done() -> None:
    minimum = served().with_option("minimum")
    assert sroi.evaluate(minimum, scenario="cheap").pv_costs == pytest.approx(300)
    assert sroi.evaluate(minimum, scenario="few").pv_benefits == pytest.approx(50)
    table = sroi.compare_options(served(), scenario="cheap", draws=200)
    assert table["pv_costs"].tolist() == pytest.approx([0, 100, 300, 300])
    table = sroi.compare_options(served(), {"budget": 900}, draws=200)
    assert table["pv_costs"].tolist() == pytest.approx([0, 900, 1100, 300])


def test_a_service_without_options_says_how_to_write_one() -> None:
    with pytest.raises(sroi.ServiceError, match=r"options It has no options\. Write one as a table"):
        sroi.compare_options(service())
    with pytest.raises(sroi.ServiceError, match="'less' is not in this service"):
        served().with_option("less")


def test_options_survive_a_round_trip_through_a_file() -> None:
    made = served()
    assert sroi.Service.model_validate(parse_tables("served.toml", sroi.to_toml(made).encode())) == made


# The relationship -----------------------------------------------------------------------------------------------------


def test_the_lens_answers() -> None:
    """£200 more buys £300 for people (1.5 for £1) and £50 for staff (1.75 with it)."""
    lens = sroi.relationship(served(), draws=500)
    assert lens.extra_costs.central == pytest.approx(200)
    assert lens.cost_per_participant == pytest.approx(2)
    assert lens.extra_benefits.central == pytest.approx(300)
    assert lens.staff_benefits.central == pytest.approx(50)
    assert lens.per_pound.central == pytest.approx(1.5)
    assert lens.per_pound_with_staff.central == pytest.approx(1.75)
    assert lens.per_pound.low < 1.5 < lens.per_pound.high


def test_break_even_is_where_extra_value_covers_extra_cost() -> None:
    """100 × £30 × dependence = £200 at 1/15; with £50 for staff at 1/20."""
    lens = sroi.relationship(served(), draws=100)
    assert lens.break_even == pytest.approx(1 / 15)
    assert lens.break_even_with_staff == pytest.approx(1 / 20)


def test_the_service_itself_may_be_the_investment() -> None:
    """100 people × 0.1 × £30 = £300 for £500, 0.6 for £1; £500 at 1/6."""
    content = copy.deepcopy(SERVED)
    content["relationship"].pop("option")
    content["relationship"]["staff_outcomes"] = ["rested"]
    content["outcomes"] = [outcome("extra", "better", "full_effect"), outcome("rested", "teams", "staff_worth")]
    content["options"] = {}
    lens = sroi.relationship(sroi.Service.model_validate(content), draws=100)
    assert (lens.extra_costs.central, lens.staff_benefits.central) == pytest.approx((500, 50))
    assert lens.per_pound.central == pytest.approx(0.6)
    assert lens.break_even == pytest.approx(1 / 6)
    assert "This service (contact time) costs £500 (£5.00 a participant). Each £1 returns" in lens.headline()


def test_each_finding_stands_beside_what_it_would_return() -> None:
    """At 0.3: 100 × £30 × 0.3 = £900 for £200."""
    evidence = sroi.relationship(served(), draws=100).evidence
    assert evidence["per_pound"].tolist() == pytest.approx([4.5, float("nan")], nan_ok=True)
    assert evidence.loc[0, "source"] == "A. Author (2024), A study"


def test_break_even_may_be_never_or_always() -> None:
    dear = sroi.relationship(served(parameters__minutes=number(31, "GBP per person")), draws=100)
    assert (dear.break_even, dear.break_even_with_staff) == (NEVER, NEVER)
    assert "It would not pay back even at 100%, the most for: a number." in dear.headline()
    free = sroi.relationship(served(parameters__minutes=number(0, "GBP per person")), draws=100)
    assert free.break_even == ALWAYS
    assert "no return on an extra pound can be stated" in free.headline()


def test_where_evidence_is_silent_break_even_is_the_answer() -> None:
    lens = sroi.relationship(served(relationship__silent="nobody has tried."), draws=100)
    assert "No evidence says what it returns: nobody has tried. It pays back from 6.7% on" in lens.headline()
    assert "Each extra" not in lens.headline()


def test_the_gains_of_staff_and_the_least_finding_are_said() -> None:
    """Break-even 1/15 without and 1/20 with the gains of staff; a finding of at least 2% falls short of it."""
    evidence = [{"statement": "Little.", "value": 0.02, "bound": "lower", "source": "study", "grade": "B"}]
    said = sroi.relationship(served(relationship__evidence=evidence), draws=100).headline()
    assert "With the gains of staff and employer it does from 5% on." in said
    assert said.endswith("Evidence: 2% (at least). At the least that evidence supports it does not pay back.")


def test_an_option_on_which_evidence_is_silent_is_not_ranked() -> None:
    table = sroi.compare_options(served(relationship__silent="nobody has tried."), draws=100)
    assert table.loc["more_time", "standing"].startswith("Not known")
    assert table["chance_best"].isna().tolist() == [False, False, True, False]
    assert table["chance_best"].sum() == pytest.approx(1)
    assert table["step_from"].tolist() == ["", "do_nothing", "", ""]
    assert table.loc["more_time", "why"] == "Ten minutes more."


def test_a_service_without_the_table_says_how_to_write_it() -> None:
    with pytest.raises(sroi.ServiceError, match=r"relationship It states no investment in the relationship\."):
        sroi.relationship(service())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"options.x": {"label": "X", "why": "Y", "without": ["gone"]}},
            "options.x.without holds 'gone', which is no outcome or cost of the service. Known: gain, saving, grant.",
        ),
        (
            {
                "options.x": {
                    "label": "X",
                    "why": "Y",
                    "changes": {"half": {"value": 30, "why": "W", "source": "study"}},
                }
            },
            "options.x.changes.half.value is 30. Shares are fractions from 0 to 1: write 0.3.",
        ),
        (
            {
                "options.x": {
                    "label": "X",
                    "why": "Y",
                    "changes": {"halves": {"value": 0, "why": "W", "source": "study"}},
                }
            },
            "options.x.changes.halves changes a parameter that is not there. Did you mean 'half'?",
        ),
        (
            {"options.x": {"label": "X", "why": "Y", "costs": [SMALL["costs"][0]]}},
            "options.x: costs.grant stands twice. Every id is used once: choose another.",
        ),
        (
            {"options.x": {"label": "X", "why": "Y", "costs": [{**SMALL["costs"][0], "id": "more", "amount": "half"}]}},
            "options.x: costs.more gives amount in a plain number. It must come out as GBP, or GBP per year:"
            " mend a unit.",
        ),
        (
            {"options.x": {"label": "X", "why": "Y", "without": ["gain", "saving"]}},
            "options.x: outcomes is missing: write at least one table [[outcomes]].",
        ),
        (
            {"options.x": {"label": "X", "why": "Y", "source": "nowhere"}},
            "options.x.source is 'nowhere', which is not among the sources. Known: study.",
        ),
        (
            {"relationship": {"option": "x", "investment": "continuity", "how": "H", "dependence": "half"}},
            "relationship.option is 'x', which is no option. Write an option that makes the investment."
            " Write one of the names that it has.",
        ),
        (
            {"profile.patience": {"rating": 3, "why": "W"}},
            "profile.patience is no element or condition of a relationship. Known: understanding, collaboration,"
            " commitment, communication, empowerment, time, frontline_autonomy, continuity_and_time,"
            " training_and_skills, attitudes, policing_and_supporting.",
        ),
        ({"profile.time": {"rating": 6, "why": "W"}}, "profile.time.rating is 6. Write a number of at most 5."),
    ],
)
def test_refusals(changes: dict[str, Any], said: str) -> None:
    assert faults(changes) == [said]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("dependence", "nobody", "relationship.dependence is 'nobody', which is no parameter."),
        ("dependence", "people", "relationship.dependence is 'people', which has no ends."),
        (
            "staff_outcomes",
            ["gone"],
            "relationship.staff_outcomes holds 'gone', which is no outcome",
        ),
    ],
)
def test_refusals_of_the_relationship(key: str, value: object, said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        served(**{f"relationship__{key}": value})
    assert [str(fault).startswith(said) for fault in caught.value.faults] == [True]
