"""A service written as a service file is read back as an equal service, whatever its text and numbers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from small_service import REMOVED, number, service, tables

import sroi
from sroi import library
from sroi.service_file import with_values

HOSTILE = {
    "quotes": '"a" \'b\' """ \'\'\' "',
    "three quotes and an end of line": 'a\n"""\nb"',
    "backslashes": "C:\\new\\table \\u0041 \\",
    "backslash at the end of a line": "a\\\n   b",
    "end of line first": "\nafter",
    "ends of lines": "a\nb\n\n  c\n",
    "carriage returns": "a\r\nb\rc\r",
    "tabs": "\ta\t",
    "control characters": "".join(map(chr, [*range(32), 127, 0x80, 0x85, 0x2028, 0x2029, 0xFEFF])),
    "emoji": "👩‍👩‍👧 £ € 😀",
    "right to left": "שלום \u202eabc\u202c العربية",
    "TOML": '[service]\nid = "x" # no comment\n{ }',
    "formula": "=1+1",
    "blank": " ",
    "long": "Long. " * 3_000,
}


def read_back(written: sroi.Service) -> sroi.Service:
    return sroi.Service.model_validate(tomllib.loads(sroi.to_toml(written)))


def everywhere(text: str) -> dict[str, Any]:
    """The small service with a text wherever a text may stand, and with an entry of every kind."""
    spread = {"shape": "pert", "low": 0.4, "high": 0.6, "note": text}
    return tables(
        {
            "service.title": text,
            "service.description": text,
            "service.does_not_show": [text, "x", text],
            "service.notes": [text],
            "sources.study.title": text,
            "sources.study.year": text,
            "parameters.people.label": text,
            "parameters.people.help": text,
            "parameters.half.spread": spread,
            "lines.reached.note": text,
            "outcomes.0.label": text,
            "outcomes.0.zero_because": {"deadweight": text, "drop_off": text},
            "costs.0.note": text,
            "non_monetised.0.description": text,
            "bearers.council.label": text,
            "stakeholders.clients.description": text,
            "scenarios.low.why": text,
            "scenarios.low.changes.half": {"value": 0.5, "why": text, "source": "study", "spread": spread},
            "scenarios.none": {"why": text},
            "correlations": [{"between": ["people", "half"], "rank": -0.5, "why": text, "source": "study"}],
        }
    )


@pytest.mark.parametrize("name", library.ids())
def test_services_of_the_library_come_back(name: str) -> None:
    found = sroi.load(name)
    for scenario in (None, *found.scenarios):
        written = found.apply(scenario)
        assert read_back(written) == written


@given(strategies.services())
@settings(max_examples=50)
def test_services_made_at_random_come_back(file: dict[str, Any]) -> None:
    written = sroi.Service.model_validate(file)
    assert read_back(written) == written


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_back(text: str) -> None:
    written = sroi.Service.model_validate(everywhere(text))
    assert read_back(written) == written


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back(text: str) -> None:
    written = service({"service.title": text, "service.notes": [text], "parameters.half.spread.note": text})
    assert read_back(written) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_to_the_last_bit(value: float) -> None:
    written = service({"parameters.extra": number(value, "ratio"), "parameters.series.by_year": [value] * 5})
    found = read_back(written).parameters
    for back in (found["extra"].value, found["series"].by_year[0]):
        assert type(back) is float
        assert back.hex() == value.hex()


def test_whole_numbers_are_written_whole() -> None:
    said = sroi.to_toml(service({"parameters.extra": number(1e22, "ratio")}))
    assert "first_year = 2025\n" in said
    assert "value = 100\n" in said
    assert "value = 1e+22\n" in said
    assert "by_year = [1, 2, 3, 4, 5]\n" in said


def test_keys_that_need_quotes_come_back() -> None:
    """No checked service has one; a copy made in Python can."""
    study = service().sources["study"]
    names = ["with space", "a.b", 'a"b', "ä", "", "a\nb", "[x]", "="]
    written = service().replace(sources=dict.fromkeys(names, study))
    assert list(tomllib.loads(sroi.to_toml(written))["sources"]) == names


@pytest.mark.parametrize("name", library.ids())
def test_tables_stand_as_in_the_file_that_was_read(name: str) -> None:
    file = (library.models_folder() / f"{name}.toml").read_text(encoding="utf-8")
    headings = [re.findall(r"(?m)^\[.*\]$", text) for text in (file, sroi.to_toml(sroi.load(name)))]
    assert headings[0] == headings[1]


def test_what_was_not_set_is_left_out() -> None:
    stated = tables()
    del stated["parameters"]["series"]["value"]
    assert tomllib.loads(sroi.to_toml(service())) == stated


def test_several_lines_are_written_as_lines() -> None:
    said = sroi.to_toml(service({"service.description": "One.\nTwo.", "service.notes": ["Three.", "Four."]}))
    assert 'description = """One.\nTwo."""\n' in said
    assert 'notes = [\n  "Three.",\n  "Four.",\n]\n' in said


def test_empty_tables_are_left_out() -> None:
    bare: dict[str, Any] = {"non_monetised": [], "scenarios": {}, "service.notes": [], "outcomes.0.zero_because": {}}
    written = service(bare)
    assert read_back(written) == written
    assert "non_monetised" not in sroi.to_toml(written)


def test_a_file_is_loaded_as_an_equal_service(tmp_path: Path) -> None:
    written = service({"service.title": "Ünïcode £"})
    sroi.evaluate(written)
    file = tmp_path / "small.toml"
    file.write_text(sroi.to_toml(written), encoding="utf-8")
    assert sroi.load(file) == written
    assert sroi.to_toml(sroi.load(file)) == sroi.to_toml(written)


def test_services_are_equal_by_what_they_say() -> None:
    used = service()
    sroi.evaluate(used, scenario="low")
    assert used == service()
    assert used != service({"service.title": "Other"})
    assert used != "small"


# Values of one's own ------------------------------------------------------------------------------------------------


def test_values_become_assumptions_that_say_so() -> None:
    found = with_values(service(), {"people": 250.0}).parameters["people"]
    assert (found.value, found.source, found.grade, found.locator) == (250, "assumption", "F", None)
    assert found.note == (
        "Set to 250 people by --set when this file was exported from 'small', which has 100 people"
        " (source 'study', grade B)."
    )


@pytest.mark.parametrize("name", library.ids())
def test_values_in_the_file_give_the_results_of_the_same_values(name: str) -> None:
    base = sroi.load(name)
    values = {
        key: parameter.value * 0.9
        for key, parameter in base.parameters.items()
        if parameter.value
        and parameter.unit not in ("years", "people")
        and (parameter.minimum is None or parameter.value * 0.9 >= parameter.minimum)
    }
    assert values
    written = read_back(with_values(base, values))
    asked, found = sroi.evaluate(base, values), sroi.evaluate(written)
    assert [getattr(found, key) for key in ("npsv", "sroi_ratio")] == [asked.npsv, asked.sroi_ratio]
    draws = [
        sroi.simulate(each, 200, values=set_to).draws()["npsv"] for each, set_to in ((base, values), (written, {}))
    ]
    assert draws[0].tolist() == draws[1].tolist()


def test_a_spread_goes_with_its_value_as_an_assumption() -> None:
    found = with_values(service(), {"half": 0.25}).parameters["half"].spread
    assert found is not None
    assert (found.low, found.high, found.source) == (0.2, 0.3, "assumption")
    assert "moved with the value" in (found.note or "")


def test_a_deduction_set_to_zero_says_why() -> None:
    found = with_values(service({"parameters.half.spread": REMOVED}), {"half": 0.0})
    assert "Set to 0 share by --set" in found.outcomes[0].zero_because["deadweight"]


def test_a_value_takes_the_place_of_values_by_year() -> None:
    found = with_values(service(), {"series": 7.0}).parameters["series"]
    assert (found.value, found.by_year) == (7, None)
    assert "has values by year (source 'study', grade B)" in (found.note or "")


def test_a_value_that_stands_there_already_changes_nothing() -> None:
    assert with_values(service(), {"people": 100.0}) == service()


def test_a_value_that_breaks_a_rule_is_refused() -> None:
    late = service({"costs.0.start_year": "starts"})
    with pytest.raises(sroi.ServiceError, match=r"costs\.grant\.start_year"):
        with_values(late, {"starts": 7.0})
