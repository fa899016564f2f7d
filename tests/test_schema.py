"""Every rule of a service file: one thing of a small valid service is changed, and the fault must say so."""

from __future__ import annotations

import math
from typing import Any

import pydantic
import pytest
from small_service import DEDUCTIONS, REMOVED, STUDY, faults, number, service, tables

import sroi
from sroi import draft, rules

PAIR = {"between": ["people", "worth"], "rank": 0.5, "why": "They move together", "source": "study"}
P, OUT, COST = "parameters.", "outcomes.0.", "costs.0."
LOW = "scenarios.low.changes."


def change(value: Any = 1, **more: Any) -> dict[str, Any]:
    return {"value": value, "why": "Because", "source": "study", **more}


def spread(shape: str, **stated: Any) -> dict[str, Any]:
    return {"shape": shape, **stated}


# Rule -> the changes that break it, and the fault that must be said.
RULES: list[tuple[str, dict[str, Any], str]] = [
    (
        "known_currency",
        {"service.currency": "GPB"},
        "service.currency is 'GPB', an unknown currency. Did you mean 'GBP'?",
    ),
    ("known_currency", {"service.currency": "EUR"}, "service.currency is 'EUR', an unknown currency. Known: GBP, USD."),
    (
        "known_convention",
        {"service.convention": "green_book_2025"},
        "service.convention is 'green_book_2025'. Did you mean 'green_book_2026'?",
    ),
    ("known_convention", {"service.optimism_bias": "zzz"}, "service.optimism_bias is 'zzz', an unknown preset."),
    (
        "delivery_within_horizon",
        {"service.delivery_years": 6},
        "service.delivery_years is 6, but only 5 years are appraised. A cohort cannot start at or after the horizon:",
    ),
    (
        "price_years",
        {"service.price_base_year": "2024/25"},
        "service.price_base_year is '2024/25'. Write a calendar year such as '2024' or a financial year such as",
    ),
    ("price_years", {P + "worth.price_year": "2024-26"}, "parameters.worth.price_year is '2024-26'. Write a calendar"),
    ("price_years", {P + "worth.price_year": "2023–24"}, "parameters.worth.price_year is '2023–24'. Write a calendar"),
    (
        "price_years",
        {LOW + "worth": change(price_year="24")},
        "scenarios.low.changes.worth.price_year is '24'. Write a calendar",
    ),
    (
        "names_in_order",
        {P + "People": number(1, "people")},
        "parameters.'People' is not a name. Names are small letters, digits and _, beginning with a letter.",
    ),
    ("names_in_order", {"sources.2study": STUDY}, "sources.'2study' is not a name."),
    ("names_in_order", {"bearers.the council": {"label": "x", "public": True}}, "bearers.'the council' is not a name."),
    ("names_in_order", {"scenarios.é": {"why": "x"}}, "scenarios.'é' is not a name."),
    (
        "names_in_order",
        {P + "min": number(1, "ratio")},
        "parameters.min is a word of the language of formulas. Choose another name.",
    ),
    (
        "names_in_order",
        {"lines.people": {"label": "x", "unit": "people", "formula": "series"}},
        "lines.people is also the name of a parameter. Choose another name.",
    ),
    (
        "names_in_order",
        {"sources.assumption": STUDY},
        "sources.assumption is the word for a number without a source. Choose another name.",
    ),
    (
        "names_in_order",
        {"outcomes.1.id": "gain"},
        "outcomes.gain stands twice. Every id is used once: choose another.",
    ),
    ("names_in_order", {"costs.1": tables()["costs"][0]}, "costs.grant stands twice."),
    ("names_in_order", {"non_monetised.1": tables()["non_monetised"][0]}, "non_monetised.pride stands twice."),
    ("one_value", {P + "zero.value": REMOVED}, "parameters.zero has neither value nor by_year. Write one of them."),
    ("one_value", {P + "series.value": 1}, "parameters.series has both value and by_year. Write one of them."),
    ("one_value", {LOW + "people.value": REMOVED}, "scenarios.low.changes.people has neither value nor by_year."),
    (
        "one_value",
        {P + "series.by_year": [1, 2]},
        "parameters.series.by_year has 2 values. Write one for each of the 5 appraisal years.",
    ),
    ("one_value", {P + "series.by_year": []}, "parameters.series.by_year has 0 values. Write one for each of the 5"),
    (
        "values_possible",
        {P + "half.value": 27, P + "half.spread": REMOVED},
        "parameters.half.value is 27. Shares are fractions from 0 to 1: write 0.27.",
    ),
    (
        "values_possible",
        {P + "half.value": -0.1, P + "half.spread": REMOVED},
        "parameters.half.value is -0.1. Shares are fractions from 0 to 1.",
    ),
    (
        "values_possible",
        {P + "half.value": 101, P + "half.spread": REMOVED},
        "parameters.half.value is 101. Shares are fractions from 0 to 1.",
    ),
    ("values_possible", {P + "lasts.value": -1}, "parameters.lasts.value is -1. Years run from 0 to 200."),
    ("values_possible", {P + "lasts.value": 201}, "parameters.lasts.value is 201. Years run from 0 to 200."),
    (
        "values_possible",
        {P + "people.minimum": 200},
        "parameters.people.value is 100. It is at least 200 here: write a value within.",
    ),
    ("values_possible", {P + "people.maximum": 50}, "parameters.people.value is 100. It is at most 50 here:"),
    (
        "values_possible",
        {P + "people.minimum": 1, P + "people.maximum": 50},
        "parameters.people.value is 100. It is at least 1 and at most 50 here:",
    ),
    (
        "values_possible",
        {P + "people.minimum": 200, P + "people.maximum": 50},
        "parameters.people.minimum is 200, above maximum 50. Exchange them.",
    ),
    (
        "values_possible",
        {P + "series.unit": "share", P + "series.by_year": [0, 0, 0, 0, 2]},
        "parameters.series.by_year is 2. Shares are fractions from 0 to 1: write 0.02.",
    ),
    (
        "money_has_a_price_year",
        {P + "worth.price_year": REMOVED},
        "parameters.worth.price_year is missing. Money is stated in the prices of a year: write for example",
    ),
    (
        "money_has_a_price_year",
        {P + "people.price_year": "2024"},
        "parameters.people.price_year is given, but 'people' is not money. Take it out, or name the currency in the",
    ),
    (
        "money_has_a_price_year",
        {P + "worth.price_year": "1066"},
        "parameters.worth.price_year is 1066: the deflator for GBP has no year 1066-67. Choose a year that it holds.",
    ),
    (
        "money_has_a_price_year",
        {LOW + "people.price_year": "2024"},
        "scenarios.low.changes.people.price_year is given, but the parameter is not money. Take it out.",
    ),
    (
        "money_has_a_price_year",
        {LOW + "worth": change(price_year="1066")},
        "scenarios.low.changes.worth.price_year is 1066: the deflator for GBP has no year 1066-67.",
    ),
    (
        "sources_exist",
        {P + "people.source": "stduy"},
        "parameters.people.source is 'stduy', which is not among the sources. Did you mean 'study'?",
    ),
    ("sources_exist", {P + "half.spread.source": "zzz"}, "parameters.half.spread.source is 'zzz', which is not among"),
    ("sources_exist", {"lines.reached.source": "zzz"}, "lines.reached.source is 'zzz', which is not among the"),
    ("sources_exist", {"scenarios.low.source": "zzz"}, "scenarios.low.source is 'zzz', which is not among the"),
    ("sources_exist", {LOW + "people.source": "zzz"}, "scenarios.low.changes.people.source is 'zzz', which is not"),
    (
        "assumptions_say_so",
        {P + "guess.grade": "B"},
        "parameters.guess.grade is B, but its source is 'assumption'. Write F, or cite a source.",
    ),
    (
        "assumptions_say_so",
        {P + "guess.note": REMOVED},
        "parameters.guess.note is missing. An assumption says how it was chosen: write a note.",
    ),
    (
        "units_readable",
        {P + "worth.unit": "£ per person"},
        "parameters.worth.unit is '£ per person'. Units are words joined by 'per': write for example 'visits per",
    ),
    ("units_readable", {"lines.reached.unit": "100 people"}, "lines.reached.unit is '100 people'. Units are words"),
    ("units_readable", {P + "zero.unit": " "}, "parameters.zero.unit is ' '. Units are words"),
    (
        "spreads_possible",
        {P + "people.maximum": 120, P + "people.spread": spread("pert", low=80, high=150)},
        "parameters.people.spread. As stated the pert spread reaches up to 150, while the parameter is at most 120:",
    ),
    (
        "spreads_possible",
        {P + "people.minimum": 0, P + "people.spread": spread("normal", standard_error=5)},
        "parameters.people.spread. As stated the normal spread reaches down to any number, while the parameter is at",
    ),
    (
        "spreads_possible",
        {P + "lasts.spread": spread("normal", standard_error=1)},
        "spread reaches down to any number and up to any number, while the parameter is at least 0 and at most 200",
    ),
    (
        "spreads_possible",
        {P + "half.spread": spread("pert", low=0.1)},
        "parameters.half.spread. A pert spread needs high and low.",
    ),
    (
        "spreads_possible",
        {LOW + "people.spread": spread("uniform", low=60, high=70)},
        "scenarios.low.changes.people.spread. The value 50 lies outside low 60 to high 70: mend one of them.",
    ),
    (
        "scenarios_change_parameters",
        {LOW + "poeple": change()},
        "scenarios.low.changes.poeple changes a parameter that is not there. Did you mean 'people'?",
    ),
    (
        "scenarios_change_parameters",
        {LOW + "reached": change()},
        "scenarios.low.changes.reached changes a parameter that",
    ),
    (
        "scenarios_change_parameters",
        {LOW + "half": change(45)},
        "scenarios.low.changes.half.value is 45. Shares are fractions from 0 to 1: write 0.45.",
    ),
    (
        "scenarios_change_parameters",
        {LOW + "half": change(0.3, source="assumption", grade="A")},
        "scenarios.low.changes.half.grade is A, but its source is 'assumption'. Write F, or cite a source.",
    ),
    (
        "formulas_in_order",
        {"lines.reached.formula": "peple * half"},
        "lines.reached.formula, character 1: there is no 'peple'. Did you mean 'people'?",
    ),
    (
        "formulas_in_order",
        {"lines.reached.formula": "half * reached"},
        "lines.reached.formula, character 8: the line uses itself. Use only parameters and lines above it.",
    ),
    (
        "formulas_in_order",
        {"lines.reached.formula": "twice"},
        "lines.reached.formula, character 1: 'twice' stands below this line. Use only what stands above: move it up.",
    ),
    (
        "formulas_in_order",
        {"lines.reached.formula": "people * 0.27"},
        "lines.reached.formula holds the bare number 0.27. Every number is a parameter with its source: declare one",
    ),
    (
        "formulas_in_order",
        {"lines.reached.formula": ""},
        "lines.reached.formula The formula is empty: write one, such as",
    ),
    ("formulas_in_order", {"lines.reached.formula": "people *"}, "The formula is not complete or not in order: check"),
    (
        "formulas_in_order",
        {"lines.reached.formula": "people * print(1)"},
        "lines.reached.formula, character 10: There is no function 'print'. The functions are min, max, where.",
    ),
    (
        "units_agree",
        {"lines.reached.formula": "people + worth"},
        "lines.reached.formula mixes units. person cannot be added to GBP per person: bring both to one unit.",
    ),
    (
        "units_agree",
        {"lines.reached.unit": "visits"},
        "lines.reached.unit is 'visits', but the formula gives person. Mend the formula or the unit.",
    ),
    (
        "references_exist",
        {OUT + "proxy": "wroth"},
        "outcomes.gain.proxy is 'wroth': there is no such parameter or line. Did you mean 'worth'?",
    ),
    (
        "references_exist",
        {OUT + "bearer": "councl"},
        "outcomes.gain.bearer is 'councl': there is no such bearer. Did you",
    ),
    (
        "references_exist",
        {OUT + "stakeholder": "zz"},
        "outcomes.gain.stakeholder is 'zz': there is no such stakeholder.",
    ),
    ("references_exist", {COST + "funder": "zz"}, "costs.grant.funder is 'zz': there is no such bearer."),
    ("references_exist", {COST + "per": "zz"}, "costs.grant.per is 'zz': there is no such parameter or line."),
    ("references_exist", {"service.participants": "zz"}, "service.participants is 'zz': there is no such parameter"),
    ("references_exist", {"service.reference_income": "zz"}, "service.reference_income is 'zz': there is no such"),
    (
        "references_exist",
        {"stakeholders.clients.income": "zz"},
        "stakeholders.clients.income is 'zz': there is no such",
    ),
    ("references_exist", {"non_monetised.0.quantity": "zz"}, "non_monetised.pride.quantity is 'zz': there is no such"),
    ("references_exist", {"non_monetised.0.stakeholder": "zz"}, "non_monetised.pride.stakeholder is 'zz': there is no"),
    (
        "correlations_join_parameters",
        {"correlations": [PAIR | {"between": ["people", "wroth"]}]},
        "correlations.number 1.between holds 'wroth'. Did you mean 'worth'?",
    ),
    (
        "correlations_join_parameters",
        {"correlations": [PAIR | {"between": ["people", "people"]}]},
        "correlations.number 1.between names one parameter twice. Name two different ones.",
    ),
    (
        "correlations_join_parameters",
        {"correlations": [PAIR | {"between": ["people", "series"]}]},
        "correlations.number 1.between holds 'series', which varies by year.",
    ),
    (
        "correlations_join_parameters",
        {"correlations": [PAIR, PAIR | {"between": ["worth", "people"]}]},
        "correlations.number 2.between is a pair that stands above already.",
    ),
    (
        "correlations_join_parameters",
        {"correlations": [PAIR | {"source": "studdy"}]},
        "correlations.number 1.source is 'studdy', which is not among the sources. Did you mean 'study'?",
    ),
    (
        "correlations_are_possible",
        {
            "correlations": [
                PAIR | {"rank": 0.9},
                PAIR | {"between": ["worth", "budget"], "rank": 0.9},
                PAIR | {"between": ["people", "budget"], "rank": -0.9},
            ]
        },
        "correlations of people, worth, budget contradict each other. No numbers can be correlated like this",
    ),
    (
        "sources_exist",
        {"scenarios.low.changes.people.spread": {"shape": "uniform", "low": 40, "high": 60, "source": "studdy"}},
        "scenarios.low.changes.people.spread.source is 'studdy', which is not among the sources.",
    ),
    (
        "shares_are_plain",
        {OUT + "growth": "lasts"},
        "outcomes.gain.growth uses 'lasts', which is in year. It must be a plain number",
    ),
    (
        "effects_have_a_period",
        {"parameters.cash": number(None, "share", by_year=[0.5] * 5), "outcomes.1.cashable": "cash"},
        "outcomes.saving.cashable varies by year. It is one number for the whole effect",
    ),
    (
        "effects_have_a_period",
        {"parameters.long": number(None, "years", by_year=[1.0] * 5), COST + "years": "long"},
        "costs.grant.years varies by year.",
    ),
    (
        "income_is_money",
        {"service.reference_income": "weekly", "parameters.weekly": number(500, "GBP per person per week")},
        "stakeholders.clients.income uses 'income', which is in GBP per person per year, while 'weekly' is in",
    ),
    (
        "income_is_money",
        {"service.reference_income": "dollars"},
        "service.reference_income uses 'dollars', which is in USD per person. Income is money: use a parameter such as",
    ),
    (
        "income_is_money",
        {
            "service.reference_income": "income",
            "parameters.income": number(None, "GBP per person per year", by_year=[1.0] * 5),
        },
        "service.reference_income varies by year.",
    ),
    (
        "money_has_a_price_year",
        {"parameters.rate": number(0.7, "GBP per USD", price_year="1950")},
        "parameters.rate.price_year is 1950: the deflator for USD has no year 1950.",
    ),
    ("something_to_value", {"outcomes": []}, "outcomes is missing: write at least one table [[outcomes]]."),
    (
        "flows_come_out_as_money",
        {OUT + "quantity": "worth"},
        "outcomes.gain gives quantity × proxy in GBP^2 per person^2. It must come out as GBP, or GBP per year: mend a",
    ),
    (
        "flows_come_out_as_money",
        {OUT + "proxy": "dollars"},
        "outcomes.gain gives quantity × proxy in USD. It must come",
    ),
    (
        "flows_come_out_as_money",
        {COST + "amount": "people"},
        "costs.grant gives amount in person. It must come out as GBP,",
    ),
    (
        "flows_come_out_as_money",
        {COST + "per": "people"},
        "costs.grant gives amount × per in GBP × person. It must come",
    ),
    (
        "shares_are_plain",
        {OUT + "deadweight": "people"},
        "outcomes.gain.deadweight uses 'people', which is in 'people'. It must be in 'share', a fraction from 0 to 1.",
    ),
    (
        "shares_are_plain",
        {OUT + "onset_year": "zero"},
        "outcomes.gain.onset_year uses 'zero', which is in a plain number. It",
    ),
    (
        "shares_are_plain",
        {OUT + "benefit_period": "half"},
        "outcomes.gain.benefit_period uses 'half', which is in a plain",
    ),
    (
        "shares_are_plain",
        {OUT + "multiplier": "people"},
        "outcomes.gain.multiplier uses 'people', which is in person. It",
    ),
    (
        "shares_are_plain",
        {COST + "mitigation": "people"},
        "costs.grant.mitigation uses 'people', which is in 'people'. It must be in 'share'",
    ),
    (
        "shares_are_plain",
        {COST + "start_year": "half"},
        "costs.grant.start_year uses 'half', which is in a plain number.",
    ),
    (
        "lines_not_too_deep",
        {
            f"lines.line_{n}": {"label": "x", "unit": "people", "formula": f"line_{n - 1}" if n else "people"}
            for n in range(60)
        },
        "lines.line_50 rests on more than 50 lines, one upon another. Put some into one formula.",
    ),
    (
        "scenarios_keep_the_rules",
        {OUT + "onset_year": "starts", LOW + "starts": change(1.5)},
        "outcomes.gain.onset_year is 1.5. Write a whole number of years",
    ),
    *[
        (
            "zero_needs_a_reason",
            {OUT + deduction: REMOVED},
            f"outcomes.gain.{deduction} is left out without a reason. Write zero_because.{deduction} = 'why nothing is",
        )
        for deduction in DEDUCTIONS
    ],
    (
        "zero_needs_a_reason",
        {P + "none": number(0, "share"), OUT + "deadweight": "none"},
        "outcomes.gain.deadweight is zero without a reason.",
    ),
    (
        "zero_needs_a_reason",
        {
            P + "none": {"by_year": [0] * 5, "label": "x", "unit": "share", "source": "study", "grade": "A"},
            OUT + "deadweight": "none",
        },
        "outcomes.gain.deadweight is zero without a reason.",
    ),
    (
        "effects_have_a_period",
        {OUT + "benefit_period": REMOVED},
        "outcomes.gain.benefit_period is missing. Name the parameter that says how many years the effect lasts.",
    ),
    (
        "effects_have_a_period",
        {P + "series.unit": "years", OUT + "benefit_period": "series"},
        "outcomes.gain.benefit_period varies by year. It is one number for the whole effect: use a parameter with one",
    ),
    (
        "effects_have_a_period",
        {P + "starts.value": 1.5, OUT + "onset_year": "starts"},
        "outcomes.gain.onset_year is 1.5. Write a whole number of years, 0 for the same year.",
    ),
    (
        "effects_have_a_period",
        {P + "starts.value": 1.5, COST + "start_year": "starts"},
        "costs.grant.start_year is 1.5. Write a whole number of years, 0 for the same year.",
    ),
    (
        "present_values_stand_alone",
        {"service.delivery_years": 2, OUT + "already_present_value": "So it is"},
        "outcomes.gain.already_present_value stands at t = 0 for one cohort, but the service has several delivery",
    ),
    (
        "money_has_a_public_bearer",
        {"outcomes.1.bearer": "clients"},
        "outcomes.saving.bearer is 'clients', which is not public. Fiscal value falls to a public body: choose one.",
    ),
    (
        "money_has_a_public_bearer",
        {OUT + "cashable": "half"},
        "outcomes.gain.cashable is given for social value. Only fiscal savings are cashable: take it out.",
    ),
    (
        "transfers_have_two_sides",
        {OUT + "transfer": True},
        "outcomes.gain.counterpart is missing. A transfer is a gain to one and an equal loss to another: name the",
    ),
    (
        "transfers_have_two_sides",
        {OUT + "counterpart": "council"},
        "outcomes.gain.counterpart is given, but this is not a transfer. Write transfer = true, or take it out.",
    ),
    (
        "transfers_have_two_sides",
        {OUT + "transfer": True, OUT + "counterpart": "clients"},
        "outcomes.gain.counterpart is the bearer itself. Name the other side of the transfer.",
    ),
    (
        "wellbeing_counts_once",
        {OUT + "discount_class": "health"},
        "outcomes.gain.discount_class is 'health', which is for effects valued in QALYs. Write 'standard', or",
    ),
    (
        "wellbeing_counts_once",
        {OUT + "wellbeing_route": "qaly", "outcomes.1.wellbeing_route": "wellby", "outcomes.1.quantity": "reached"},
        "outcomes.saving.wellbeing_route values the same change as 'gain' by another route. Use WELLBY or QALY, never",
    ),
    (
        "costs_are_not_negative",
        {P + "budget.value": -5},
        "costs.grant.amount is -5. A cost below zero is a benefit: write an outcome, or give the parameter a minimum",
    ),
    (
        "costs_are_not_negative",
        {P + "starts.value": 5, COST + "start_year": "starts"},
        "costs.grant.start_year is 5, at or after the horizon of 5 years. Write an earlier year.",
    ),
    (
        "income_is_money",
        {"service.reference_income": "people"},
        "service.reference_income uses 'people', which is in person. Income is money: use a parameter such as GBP per",
    ),
    (
        "income_is_money",
        {"stakeholders.clients.income": "lasts"},
        "stakeholders.clients.income uses 'lasts', which is in",
    ),
    (
        "options_keep_the_rules",
        {"options.more": {"label": "More", "why": "Why.", "without": ["gone"]}},
        "options.more.without holds 'gone', which is no outcome or cost of the service.",
    ),
    (
        "the_relationship_is_an_option",
        {"relationship": {"investment": "continuity", "how": "How.", "dependence": "people"}},
        "relationship.dependence is 'people', which has no ends.",
    ),
    (
        "the_profile_rates_what_is_known",
        {"profile.patience": {"rating": 1, "why": "Why."}},
        "profile.patience is no element or condition of a relationship.",
    ),
]

# What the type of one key says.
SHAPES: list[tuple[dict[str, Any], str]] = [
    ({P + "half.value": "27%"}, "parameters.half.value is '27%'. Shares are fractions from 0 to 1: write 0.27."),
    ({P + "half.value": "0,27"}, "parameters.half.value is '0,27'. Write the number without quotation marks: 0.27."),
    ({P + "half.value": "1,5%"}, "parameters.half.value is '1,5%'. Shares are fractions from 0 to 1: write 0.015."),
    (
        {P + "people.value": "1,000"},
        "parameters.people.value is '1,000'. Write the number without quotation marks: 1000.",
    ),
    ({P + "people.value": "£12"}, "parameters.people.value is '£12'. Write a number without quotation marks."),
    ({P + "people.value": "nan"}, "parameters.people.value is 'nan'. Write a number without quotation marks."),
    ({P + "people.value": True}, "parameters.people.value is True. Write a number."),
    ({P + "people.value": [1]}, "parameters.people.value is [1]. Write a number."),
    ({P + "people.value": {}}, "parameters.people.value is {}. Write a number."),
    ({P + "people.value": math.nan}, "parameters.people.value is nan. Numbers are finite: write a number."),
    ({P + "people.value": math.inf}, "parameters.people.value is inf. Numbers are finite: write a number."),
    ({P + "people.value": 10**400}, "parameters.people.value is 1000000000000000000000"),
    ({P + "people.value": 10**5000}, "parameters.people.value is "),
    ({P + "series.by_year": [1, 2, "3", 4, 5]}, "parameters.series.by_year.2 is '3'. Write the number without"),
    ({P + "series.by_year": [1, 2, math.nan, 4, 5]}, "parameters.series.by_year.2 is nan. Numbers are finite:"),
    ({P + "series.by_year": 3}, "parameters.series.by_year is 3."),
    ({P + "people.label": REMOVED}, "parameters.people.label is missing: write it."),
    ({P + "people.labell": "x"}, "parameters.people.labell is not a key of this table. Did you mean 'label'?"),
    ({P + "people.grade": "G"}, "parameters.people.grade is 'G'. Write 'A', 'B', 'C', 'D', 'E' or 'F'."),
    ({P + "people.label": 3}, "parameters.people.label is 3. Write text in quotation marks."),
    ({P + "people.label": ""}, "parameters.people.label is empty. Write what it asks for."),
    ({P + "people.label": "x" * 20_001}, "parameters.people.label has more than 20000 characters. Shorten it."),
    ({P + "people": 3}, "parameters.people is 3. Write it as a table with keys."),
    ({P + "half.spread": 3}, "parameters.half.spread is 3. Write it as a table with keys."),
    ({P + "half.spread.shape": "normla"}, "parameters.half.spread.shape is 'normla'. Write 'triangular', 'pert',"),
    ({P + "half.spread.hihg": 1}, "parameters.half.spread.hihg is not a key of this table."),
    (
        {P + "half.spread.low": "40%"},
        "parameters.half.spread.low is '40%'. Shares are fractions from 0 to 1: write 0.4.",
    ),
    ({"service.appraisal_years": 0}, "service.appraisal_years is 0. Write a number of at least 1."),
    ({"service.appraisal_years": 10_000}, "service.appraisal_years is 10000. Write a number of at most 200."),
    ({"service.appraisal_years": 5.0}, "service.appraisal_years is 5.0. Write a whole number."),
    ({"service.appraisal_years": "5"}, "service.appraisal_years is '5'. Write a whole number."),
    ({"service.appraisal_years": True}, "service.appraisal_years is True. Write a whole number."),
    ({"service.first_year": 20}, "service.first_year is 20. Write a number of at least 1900."),
    (
        {"service.price_base_year": 2024},
        "service.price_base_year is 2024. Write a year in quotation marks: '2024', or '2024-25'",
    ),
    ({"service.id": "Small One"}, "service.id is 'Small One'. Names are small letters, digits and _, beginning with"),
    ({"service.does_not_show": "x"}, "service.does_not_show is 'x'."),
    ({"service": REMOVED}, "service is missing: write a table [service] with id, title and the rest."),
    ({"service": 3}, "service is 3. Write it as a table with keys."),
    ({"servise": {}}, "'servise' is not a table of a service file. Did you mean 'service'?"),
    ({"parameters": [1]}, "parameters is [1]. Write tables such as [parameters.example]."),
    ({"costs": {"a": 1}}, "costs is not a list. Write each entry under [[costs]]."),
    ({"costs.0": 3}, "costs.number 1 is 3. Write it as a table with keys."),
    ({"bearers.council.public": "yes"}, "bearers.council.public is 'yes'. Write true or false."),
    ({"bearers.council.public": 1}, "bearers.council.public is 1. Write true or false."),
    ({OUT + "kind": "Fiscal"}, "outcomes.gain.kind is 'Fiscal'. Write 'fiscal', 'economic' or 'social'."),
    (
        {OUT + "quantity": 3},
        "outcomes.gain.quantity is 3. Every number is a parameter: declare one with this value and write its",
    ),
    ({OUT + "quantity": "a * b"}, "outcomes.gain.quantity is 'a * b'. Names are small letters, digits and _"),
    ({OUT + "deadwieght": "half"}, "outcomes.gain.deadwieght is not a key of this table. Did you mean 'deadweight'?"),
    ({OUT + "zero_because": {"deadwieght": "x"}}, "outcomes.gain.zero_because.deadwieght is "),
    ({COST + "recurrence": "yearly"}, "costs.grant.recurrence is 'yearly'. Write 'recurring' or 'one_off'."),
    (
        {"sources.study.how_sure": "sure"},
        "sources.study.how_sure is 'sure'. Write 'own text', 'second-hand', 'derived' or",
    ),
    ({"sources.study.locator": REMOVED}, "sources.study.locator is missing: write it."),
    ({"sources.study.year": 2024.5}, "sources.study.year is 2024.5. Write "),
    ({LOW + "people.why": REMOVED}, "scenarios.low.changes.people.why is missing: write it."),
    ({LOW + "people": 5}, "scenarios.low.changes.people is 5. Write it as a table with keys."),
    (
        {"non_monetised.0.importance": "huge"},
        "non_monetised.pride.importance is 'huge'. Write 'high', 'medium' or 'low'.",
    ),
]

# What is wrong with a spread of a number of 5, or of a share of 0.5.
NUMBER_SPREADS: list[tuple[dict[str, Any], str]] = [
    (spread("triangular"), "A triangular spread needs high and low."),
    (spread("uniform", high=9), "A uniform spread needs high and low."),
    (spread("normal"), "A normal spread needs standard_error or high and interval and low."),
    (
        spread("lognormal", low=1, high=9),
        "low and high of a lognormal spread bound an interval: write interval = 0.95, or",
    ),
    (spread("beta", low=1), "A beta spread needs n or high and low."),
    (spread("discrete", values=[5]), "A discrete spread needs values and weights."),
    (spread("triangular", low=9, high=1), "low is 9 and high is 1. Write the smaller first, or shape = 'fixed'."),
    (spread("triangular", low=5, high=5), "low is 5 and high is 5. Write the smaller first, or shape = 'fixed'."),
    (spread("triangular", low=6, high=9), "The value 5 lies outside low 6 to high 9: mend one of them."),
    (spread("pert", low=1, high=9, mode=10), "mode 10 lies outside low 1 to high 9: mend one of them."),
    (
        spread("normal", low=1, high=9, interval=95),
        "interval is 95. Write the share between low and high, such as 0.95.",
    ),
    (spread("normal", low=1, high=9, interval=0), "interval is 0. Write the share between low and high, such as 0.95."),
    (spread("normal", standard_error=0), "standard_error is 0. It must be above 0; for none write shape = 'fixed'."),
    (spread("normal", standard_error=-1), "standard_error is -1. It must be above 0; for none write shape = 'fixed'."),
    (spread("beta", n=0), "n is 0. It must be above 0."),
    (spread("discrete", values=[4, 5], weights=[1.0]), "2 values have 1 weights: write one weight for each value."),
    (spread("discrete", values=[], weights=[]), "0 values have 0 weights: write one weight for each value."),
    (
        spread("discrete", values=[4, 5], weights=[0.5, 0.6]),
        "The weights sum to 1.1. They must not be negative and must",
    ),
    (
        spread("discrete", values=[4, 5], weights=[-0.5, 1.5]),
        "The weights sum to 1. They must not be negative and must",
    ),
    (spread("gamma", low=0, high=9, interval=0.9), "A gamma spread is above 0 everywhere: low is 0."),
    (spread("lognormal", mean=-5, standard_error=1), "A lognormal spread is above 0 everywhere: mean is -5"),
    (spread("beta", n=10), "A beta spread "),
    (spread("triangular", low=1, high=9, n=10), "A triangular spread does not use n: take it out."),
    (spread("pert", low=1, high=9, mean=4), "A pert spread does not use mean: take it out."),
    (spread("fixed", low=1, high=9), "A fixed spread does not use high and low: take them out."),
    (
        spread("normal", standard_error=1, mode=4),
        "A normal spread stated by standard_error does not use mode: take it out.",
    ),
    (
        spread("normal", standard_error=1, low=1, high=9, interval=0.9),
        "A normal spread stated by standard_error does not use high and interval and low: take them out.",
    ),
    (spread("normal", mean=12, low=1, high=9, interval=0.9), "mean 12 lies outside low 1 to high 9: mend one of them."),
    (
        spread("normal", low=1, high=9, interval=0.001),
        "interval is 0.001. Write the share between low and high, such as 0.95.",
    ),
    (
        spread("normal", standard_error=1e200),
        "standard_error is 1e+200. Beside a spread, write 0 or 1e-100 to 1e+100 in size.",
    ),
    (
        spread("uniform", low=5 - 1e-15, high=5 + 1e-15),
        "low and high, 4.999999999999999 and 5.000000000000001, differ by no more than rounding: use shape = 'fixed'.",
    ),
    (
        spread("normal", standard_error=1e-12),
        "standard_error is 1e-12, no more than rounding beside the mean 5: use shape = 'fixed'.",
    ),
]
SHARE_SPREADS: list[tuple[dict[str, Any], str]] = [
    (
        spread("normal", standard_error=0.1),
        "A share stays between 0 and 1: use beta, pert, triangular, uniform or truncated_normal, not normal.",
    ),
    (spread("pert", low=-0.1, high=0.9), "low is -0.1. Shares are fractions from 0 to 1."),
    (spread("pert", low=0.1, high=27), "high is 27. Shares are fractions from 0 to 1."),
    (spread("discrete", values=[0.5, 27], weights=[0.5, 0.5]), "27"),
    (spread("truncated_normal", mean=27, standard_error=1), "mean is 27. Shares are fractions from 0 to 1."),
]


def test_the_small_service_is_valid() -> None:
    assert sroi.evaluate(service()).npsv < 0


@pytest.mark.parametrize(("rule", "changes", "said"), RULES)
def test_rule(rule: str, changes: dict[str, Any], said: str) -> None:
    found = faults(changes)
    assert any(said in fault for fault in found), found


def test_each_rule_is_tested_and_says_what_it_is() -> None:
    untested = {check.__name__ for check in rules.RULES}
    for rule, changes, said in RULES:
        content = draft.read(tables(changes))
        for check in rules.RULES:
            if check.__name__ == rule and any(said in str(fault) for fault in check(content)):
                untested.discard(rule)
    assert not untested, f"Rules that no test triggers: {sorted(untested)}"
    assert all(check.__doc__ for check in rules.RULES)


@pytest.mark.parametrize(("changes", "said"), SHAPES)
def test_shape(changes: dict[str, Any], said: str) -> None:
    found = faults(changes)
    assert any(fault.startswith(said) for fault in found), found


@pytest.mark.parametrize(("stated", "said"), NUMBER_SPREADS)
def test_spread_of_a_number(stated: dict[str, Any], said: str) -> None:
    found = faults({P + "guess.value": 5, P + "guess.spread": stated})
    assert any(fault.startswith(f"parameters.guess.spread. {said}") for fault in found), found


@pytest.mark.parametrize(("stated", "said"), SHARE_SPREADS)
def test_spread_of_a_share(stated: dict[str, Any], said: str) -> None:
    found = faults({P + "half.spread": stated})
    assert any(fault.startswith("parameters.half.spread. ") and said in fault for fault in found), found


@pytest.mark.parametrize(
    "stated",
    [
        spread("triangular", low=1, high=9),
        spread("pert", low=1, high=9, mode=4),
        spread("uniform", low=1, high=9),
        spread("normal", standard_error=1),
        spread("normal", low=1, high=9, interval=0.95),
        spread("lognormal", low=1, high=9, interval=0.95),
        spread("gamma", standard_error=1),
        spread("discrete", values=[4, 5], weights=[0.5, 0.5]),
        spread("fixed"),
    ],
)
def test_good_spreads_pass(stated: dict[str, Any]) -> None:
    assert not faults({P + "guess.value": 5, P + "guess.spread": stated})


def test_a_spread_needs_one_value() -> None:
    (found,) = faults({P + "series.spread": spread("normal", standard_error=1)})
    assert found == (
        "parameters.series.spread. A spread surrounds one value: write value instead of by_year, or shape = 'fixed'."
    )
    assert not faults({P + "series.spread": spread("fixed")})


def test_a_spread_that_nothing_meets_is_said_at_load() -> None:
    (found,) = faults({P + "half.spread": spread("truncated_normal", standard_error=0.4)})
    assert found == (
        "parameters.half.spread. standard_error is 0.4, but a truncated normal from 0 to 1 with mean 0.5 has at most"
        " 0.289: lower it, or use another shape."
    )


def test_a_sample_has_at_least_one_and_not_too_many() -> None:
    for n, said in ((0.5, "0.5"), (1e10, "1e+10")):
        (found,) = faults({P + "half.spread": spread("beta", n=n)})
        assert found == f"parameters.half.spread. n is {said}. Write the number of observations, from 1 to 1e+09."


def test_all_faults_are_said_at_once() -> None:
    changes = {
        "service.currency": "EUR",
        P + "half.value": "27%",
        P + "people.source": "zzz",
        "lines.twice.formula": "reached * 3",
        "outcomes.1.proxy": "wroth",
        "costs.0.kind": "running",
    }
    with pytest.raises(sroi.ServiceError) as caught:
        service(changes)
    lines = str(caught.value).splitlines()
    for where in changes:
        table, key, *_ = where.split(".")
        stem = {"outcomes": "outcomes.saving", "costs": "costs.grant"}.get(table, f"{table}.{key}")
        assert any(stem in line for line in lines[1:]), (where, lines)
    assert lines[0] == f"small has {len(lines) - 1} faults"
    assert [line.split(".")[0] for line in lines[1:]] == [str(n) for n in range(1, len(lines))]


@pytest.mark.parametrize("changes", [changes for _, changes, _ in RULES] + [changes for changes, _ in SHAPES])
def test_messages_read_well(changes: dict[str, Any]) -> None:
    """Each is one line, not long, ends with a full stop or question mark, and quotes nothing of the machinery."""
    for fault in faults(changes):
        assert fault == fault.strip()
        assert "\n" not in fault
        assert len(fault) < 400
        assert fault.endswith((".", "?")), fault
        assert not any(word in fault for word in ("pydantic", "Traceback", "Input should", "constrained", "[key]")), (
            fault
        )
        assert ".. " not in fault, fault
        assert not fault.endswith(".."), fault


def test_nothing_can_be_set_afterwards() -> None:
    found = service()
    with pytest.raises(pydantic.ValidationError):
        found.about = found.about  # type: ignore[misc]
    with pytest.raises(pydantic.ValidationError):
        found.parameters["people"].value = 3  # type: ignore[misc]
    with pytest.raises(pydantic.ValidationError):
        found.outcomes[0].deadweight = None  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.parameters["people"] = found.parameters["half"]


# Ways round the rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {P + "zero.value": 5, OUT + "deadweight": "zero"},
        {P + "zero.value": -5, OUT + "attribution": "zero"},
        {P + "zero.value": 5, "outcomes.1.cashable": "zero"},
        {
            "lines.reached.unit": "share",
            "lines.reached.formula": "half * 7",
            OUT + "deadweight": "reached",
            OUT + "quantity": "people",
            "lines.twice.formula": "people",
        },
        {OUT + "onset_year": "starts", LOW + "starts": change(1.5)},
        {COST + "start_year": "starts", LOW + "starts": change(5)},
        {LOW + "budget": change(-5)},
        {LOW + "half": {"by_year": [0.1] * 5, "why": "x", "source": "study"}},
        {"lines.later": {"label": "x", "unit": "years", "formula": "lasts * half * half"}, OUT + "onset_year": "later"},
        {P + "income.value": 0, "service.reference_income": "income"},
        {P + "income.value": -5, "service.reference_income": "income"},
    ],
    ids=lambda changes: ", ".join(changes),
)
def test_what_a_rule_forbids_cannot_be_got_by_another_way(changes: dict[str, Any]) -> None:
    """By a line, a scenario or another unit: refused with the file, or at the latest when it is evaluated."""
    with pytest.raises(sroi.ServiceError):
        _ = sroi.evaluate(service(changes), scenario="low").npsv_weighted


@pytest.mark.parametrize(
    "changes",
    [
        {P + "people.price_year": "2024-25", LOW + "people.price_year": "2024-25"},
        {P + "worth.unit": "£ per person", LOW + "worth": change(price_year="2024-25")},
        {P + "worth.unit": "GBP per USD", P + "worth.price_year": "1960"},
    ],
    ids=lambda changes: ", ".join(changes),
)
def test_two_faults_that_meet_are_still_faults(changes: dict[str, Any]) -> None:
    assert faults(changes)


@pytest.mark.parametrize("word", ["class", "import", "lambda", "in", "is", "not", "return"])
def test_a_name_that_no_formula_can_use_is_refused(word: str) -> None:
    found = faults({P + word: number(1, "ratio")})
    assert any(word in fault and "Choose another name." in fault for fault in found), found


@pytest.mark.parametrize("data", [None, 3, "x", [], [("service", {})]])
def test_what_is_not_a_table_is_a_fault(data: Any) -> None:
    with pytest.raises(sroi.ServiceError):
        sroi.Service.model_validate(data)


@pytest.mark.parametrize("name", ["bad\nname", "b" * 5000, "\x1b[31m"])
def test_a_hostile_name_cannot_disturb_the_list_of_faults(name: str) -> None:
    found = faults({P + name: number(1, "GBP", source="zzz", price_year=None)} if "." not in name else {})
    assert len(found) >= 2
    assert all(fault.isprintable() and len(fault) < 400 for fault in found)


def test_nested_without_end_is_a_fault() -> None:
    nest: Any = {}
    for _ in range(5000):
        nest = {"a": nest}
    for changes in ({P + "people.value": nest}, {"parameters": nest}, {"costs": nest}, {"service": nest}):
        assert faults(changes)


def test_a_faulty_key_does_not_hide_the_faults_of_its_neighbours() -> None:
    found = faults({OUT + "kind": "financial", OUT + "proxy": "wroth", OUT + "drop_off": REMOVED})
    assert len(found) == 3, found
    assert any(fault.startswith("outcomes.gain.kind is 'financial'") for fault in found)
    assert any("Did you mean 'worth'?" in fault for fault in found)
    assert any(fault.startswith("outcomes.gain.drop_off is left out without a reason") for fault in found)


@pytest.mark.parametrize("value", [0.27, "0.27"])
def test_a_number_where_a_name_belongs_says_to_declare_a_parameter(value: Any) -> None:
    (fault,) = faults({OUT + "deadweight": value})
    assert "declare one with this value and write its name here" in fault


def test_references_are_looked_up_in_names_gathered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with thousands of outcomes is checked in time that grows with it, not with its square."""
    gathered: list[int] = []
    names = draft.Draft.names
    monkeypatch.setattr(draft.Draft, "names", lambda read: gathered.append(1) or names(read))
    outcome = tables()["outcomes"][0]
    sroi.Service.model_validate(tables({"outcomes": [{**outcome, "id": f"gain_{place}"} for place in range(50)]}))
    assert len(gathered) <= 5
