"""A service that cites unit costs by code and states its editions: what it inherits, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import reference_engine
from small_service import REMOVED, faults, service, tables

import sroi
from sroi import citing, editions, reference, unit_costs

CITED = {"label": "Found work", "unit": "GBP per person per year", "grade": "B", "unit_cost": "E&E1.0.2:fiscal"}
PINNED: dict[str, Any] = {"service.editions": {"gmca_unit_costs": "1.4"}, "parameters.job": CITED}
PROXY = {**PINNED, "outcomes.1.proxy": "job", "outcomes.1.kind": REMOVED, "outcomes.1.bearer": REMOVED}


def test_a_parameter_inherits_value_price_year_and_source() -> None:
    """GMCA Unit Cost Database v1.4, E&E1.0.2: GBP 566 to the NHS, in the prices of 2012-13."""
    job = service(PINNED).parameters["job"]
    assert (job.value, job.price_year, job.unit_cost) == (566, "2012-13", "E&E1.0.2:fiscal")
    source = service(PINNED).sources[job.source]
    assert source.title == "Unit Cost Database v1.4"
    assert source.licence is not None
    assert "CC BY 4.0" in source.licence
    assert job.locator is not None
    assert job.locator.startswith("E&E1.0.2, fiscal: Job Seekers' Allowance")


def test_an_outcome_inherits_kind_and_bearer() -> None:
    made = service(PROXY)
    assert (made.outcomes[1].kind, made.outcomes[1].bearer) == ("fiscal", "nhs")
    assert made.bearers["nhs"].label == "NHS"
    assert made.bearers["nhs"].public


def test_the_economic_part_falls_to_people_and_firms() -> None:
    cited = {**CITED, "unit_cost": "E&E1.0:economic"}
    made = service({**PROXY, "parameters.job": cited})
    assert made.parameters["job"].value == 14_044
    assert (made.outcomes[1].kind, made.outcomes[1].bearer) == ("economic", "people_and_firms")
    assert not made.bearers["people_and_firms"].public


def test_what_an_outcome_states_itself_stays() -> None:
    made = service({**PINNED, "outcomes.1.proxy": "job"})
    assert (made.outcomes[1].kind, made.outcomes[1].bearer) == ("fiscal", "council")


def test_a_cited_value_is_worked_out_as_any_other() -> None:
    """100 people, half reached, twice: 100 × GBP 566 in 2012-13 prices, half left after each of four deductions."""
    result = sroi.evaluate(service(PROXY), convention="svi")
    second = reference_engine.evaluate(tables(PROXY), "svi")
    assert result.pv_benefits == pytest.approx(second["pv_benefits"], rel=1e-12)
    row = result.evidence().loc["job"]
    assert row["value"] == 566


def test_a_written_out_file_reads_back_as_the_same_service() -> None:
    made = service(PROXY)
    text = sroi.to_toml(made)
    assert 'unit_cost = "E&E1.0.2:fiscal"' in text
    from sroi.reading import parse_tables

    assert sroi.Service.model_validate(parse_tables("small.toml", text.encode())) == made


def test_a_scenario_or_a_value_of_ones_own_cites_no_longer() -> None:
    change = {"value": 600, "why": "Seen here", "source": "study"}
    made = service({**PINNED, "scenarios.low.changes.job": change})
    job = made.apply("low").parameters["job"]
    assert (job.value, job.unit_cost, job.source) == (600, None, "study")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"parameters.job": CITED},
            "parameters.job.unit_cost cites the GMCA Unit Cost Database, and service.editions does not say which"
            " edition. Write under [service]: editions = { gmca_unit_costs = '1.4' }.",
        ),
        (
            {**PINNED, "parameters.job": {**CITED, "unit_cost": "E&E1.0.2"}},
            "parameters.job.unit_cost is 'E&E1.0.2'. Write a code and a part, such as 'HE4.0:fiscal'; parts are"
            " fiscal, economic, social.",
        ),
        (
            {**PINNED, "parameters.job": {**CITED, "unit_cost": "E&E1.0.2:social"}},
            "parameters.job.unit_cost is 'E&E1.0.2:social': E&E1.0.2 has no social part. It has fiscal.",
        ),
        (
            {**PINNED, "parameters.job": {**CITED, "unit_cost": "ZZ99.9:fiscal"}},
            "parameters.job.unit_cost is 'ZZ99.9:fiscal': there is no such code. Write one of the names that it has."
            " To look one up: sroi units WORD.",
        ),
        (
            {**PINNED, "parameters.job": {**CITED, "value": 600}},
            "parameters.job.value is 600, but E&E1.0.2:fiscal gives 566. Take it out, or take unit_cost out.",
        ),
        (
            {"service.editions": {"gmca_unit_costs": "9.9"}},
            "service.editions.gmca_unit_costs is '9.9', an edition that is not at hand. Known: 1.4.",
        ),
        (
            {**PINNED, "service.editions": {"gmca_unit_costs": ["1.4"]}},
            "service.editions.gmca_unit_costs is ['1.4']. Write text in quotation marks.",
        ),
        (
            {**PINNED, "service.editions": {"gmca": "1.4"}},
            "service.editions.gmca is not a series of reference data. Known: gbp_prices, usd_prices, gmca_unit_costs,"
            " uk_values.",
        ),
    ],
)
def test_refusals(changes: dict[str, Any], said: str) -> None:
    found = faults(changes)
    assert said in found
    assert len(found) == 1


@pytest.mark.parametrize("broken", [None, 3, [], {"service": 3}, {"service": {"editions": 3}}, {"parameters": []}])
def test_what_is_no_service_file_is_left_to_those_who_say_so(broken: object) -> None:
    if isinstance(broken, dict):
        citing.written_out(broken)
    with pytest.raises(sroi.ServiceError):
        sroi.Service.model_validate(broken)


# The editions and the tables ------------------------------------------------------------------------------------------


def test_unit_costs_are_all_there() -> None:
    """683 rows in the database's v1.4; JSA claimant entering work 9,800 and 14,044 (2012-13)."""
    table = unit_costs.unit_costs("gmca_unit_costs", "1.4")
    assert len(table) == 683
    assert table["E&E1.0"].values == {"fiscal": (9800, "2012-13"), "economic": (14044, "2012-13")}
    assert table["HE11.0"].values == {"fiscal": (830, "2007-08"), "economic": (3841, "2007-08")}
    assert table["CR2.0"].values["social"] == (6795, "2008-09")


def test_a_wellby_and_a_qaly() -> None:
    """HM Treasury 2021: GBP 13,000 (10,000 to 16,000) at 2019 prices; a QALY GBP 70,000."""
    table = unit_costs.unit_costs("uk_values", "2026-11")
    assert table["WELLBY"].values == {"social": (13_000, "2019")}
    assert (table["WELLBY"].low, table["WELLBY"].high) == ("10000", "16000")
    assert table["QALY"].values["social"][0] == 70_000


@pytest.mark.parametrize("series", ["gmca_unit_costs", "uk_values"])
def test_every_unit_cost_can_be_used(series: str) -> None:
    """Every part is a number in the prices of a year that today's deflator holds, and says its source."""
    for edition in editions.all_series()[series].editions:
        for cost in unit_costs.unit_costs(series, edition).values():
            assert cost.values, cost.code
            assert cost.source, cost.code
            for _, year in cost.values.values():
                assert reference.price_factor("GBP", year, "2024-25") > 0


def test_codes_are_used_once() -> None:
    codes = [code for table in unit_costs.tables({}) for code in table]
    assert len(codes) == len(set(codes))


def test_search_finds_by_every_word() -> None:
    found = unit_costs.search("eviction", {})
    assert "HO1.0" in [cost.code for cost in found]
    assert unit_costs.search("eviction moon", {}) == []
