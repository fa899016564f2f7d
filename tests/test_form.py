"""A service of one's own: the form and what check says of it, copies of the library, and what makes a file better."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import small_service as small

import sroi
from sroi import cli, form, rules_form
from sroi.advice import advice
from sroi.schema import About, Bearer, Cost, NonMonetised, Outcome, Parameter, Scenario, Source, Stakeholder

ROOT = Path(__file__).resolve().parent.parent
FORM = (ROOT / "models" / "reference" / form.FORM).read_text(encoding="utf-8")
IDS = sorted(sroi.services()["id"])

Printed = pytest.CaptureFixture[str]


def filled(text: str) -> str:
    return re.sub(r'"FILL IN: [^"]*"', '"Said in words."', text)


# The form ------------------------------------------------------------------------------------------------------------


def test_check_of_the_untouched_form_says_what_to_write_for_each_text(tmp_path: Path, capsys: Printed) -> None:
    assert cli.main(["new", "befriending", "-o", str(tmp_path)]) == 0
    file = tmp_path / "befriending.toml"
    assert capsys.readouterr().out == f"Wrote {file}, a form to fill in. Next: sroi check {file}\n"
    assert cli.main(["check", str(file)]) == 2
    said = capsys.readouterr().err.splitlines()
    count = FORM.count('"FILL IN: ')
    assert said[0] == f"befriending.toml has {count} faults"
    assert len(said) == count + 1
    for number, sentence in enumerate(said[1:], 1):
        assert re.fullmatch(rf"{number}\. [a-z_.0-9 ]+ still begins with FILL IN\. Write: .+[.?]", sentence), sentence
    title = "service.title still begins with FILL IN. Write: What a commissioner calls the service, such as"
    assert said[1] == f"1. {title} 'Befriending for older people'."
    assert any("outcomes.outcome.zero_because.displacement still" in sentence for sentence in said)


def test_the_form_is_a_service_once_its_texts_are_written(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "befriending.toml"
    file.write_text(filled(form.form("befriending")), encoding="utf-8")
    assert cli.main(["check", str(file)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("befriending is in order: 8 parameters (6 assumed), 1 outcomes, 1 costs, 1 scenarios.")
    # The form has all that a good file has; only its made-up numbers remain.
    assert said.count(" - ") == 1
    assert "of the result rests on assumptions" in said
    result = sroi.evaluate(sroi.load(file))
    # By hand: 100 × 0.4 × 0.7 × 0.8 = 22.4; £1,000 in the first year and half of it in the second, at 3.5%.
    assert result.pv_benefits == pytest.approx(22_400 * (1 + 0.5 / 1.035))
    assert result.pv_costs == pytest.approx(45_000)
    assert sroi.evaluate(sroi.load(file), scenario="cautious").npsv < result.npsv


def test_no_name_is_left_in_the_form() -> None:
    assert form.NAME not in form.form("befriending")
    assert tomllib.loads(form.form("befriending"))["service"]["id"] == "befriending"


def test_the_form_has_every_key_that_must_be_there() -> None:
    content = tomllib.loads(FORM)
    entries = {
        About: content["service"],
        Source: content["sources"]["our_records"],
        Parameter: content["parameters"]["people"],
        Outcome: content["outcomes"][0],
        Cost: content["costs"][0],
        NonMonetised: content["non_monetised"][0],
        Bearer: content["bearers"]["council"],
        Stakeholder: content["stakeholders"]["participants"],
        Scenario: content["scenarios"]["cautious"],
    }
    for kind, table in entries.items():
        needed = {key for key, field in kind.model_fields.items() if field.is_required()}
        assert needed <= set(table), kind.__name__


# What is left of it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["FILL IN: Say it.", "FILL IN Say it.", "  FILL IN: Say it."])
def test_a_text_that_is_left_is_a_fault_beside_all_others(text: str) -> None:
    faults = small.faults({"service.title": text, "parameters.half.value": 27})
    assert faults[0] == "service.title still begins with FILL IN. Write: Say it."
    assert faults[1].startswith("parameters.half.value is 27.")


def test_a_text_without_a_guide_and_one_too_long() -> None:
    assert small.faults({"service.title": "FILL IN"}) == [
        "service.title still begins with FILL IN. Write: what it asks for."
    ]
    (said,) = small.faults({"service.title": f"FILL IN: {'x' * 5000}"})
    assert len(said) < 400


def test_only_the_beginning_of_a_text_counts() -> None:
    assert not small.faults({"service.title": "How to FILL IN forms", "parameters.people.note": "Please fill in."})


def test_deep_and_hostile_tables_are_no_trouble() -> None:
    deep: dict[str, object] = {"a": "FILL IN"}
    for _ in range(5_000):
        deep = {"a": deep}
    assert not list(rules_form.unfilled(deep))
    many = rules_form.unfilled({"notes": ["FILL IN"] * 10_000})
    assert len(list(many)) == 201


@pytest.mark.parametrize("name", IDS)
def test_nothing_of_the_library_is_left_to_fill_in(name: str) -> None:
    assert not list(rules_form.unfilled(tomllib.loads((ROOT / "models" / f"{name}.toml").read_text(encoding="utf-8"))))


# Copies --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", IDS)
def test_a_copy_is_the_service_under_another_name(origin: str, tmp_path: Path, capsys: Printed) -> None:
    assert cli.main(["new", "our_service", "--from", origin, "-o", str(tmp_path)]) == 0
    file = tmp_path / "our_service.toml"
    assert f"a copy of {origin}" in capsys.readouterr().out
    copy, service = sroi.load(file), sroi.load(origin)
    assert copy.id == "our_service"
    assert copy.title == f"{service.title} (copied as our_service)"
    assert copy.about.notes[0].startswith(f"Copied from the service {origin} of sroi ")
    assert copy.about.notes[1:] == service.about.notes
    about = copy.about.model_copy(update={key: getattr(service.about, key) for key in ("id", "title", "notes")})
    assert copy.replace(about=about) == service
    original = (ROOT / "models" / f"{origin}.toml").read_text(encoding="utf-8")
    comments = re.findall(r"(?m)^#.*$", original)
    assert re.findall(r"(?m)^#.*$", file.read_text(encoding="utf-8"))[1:] == comments


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("Befriending", "befriending"),
        ("befriending.toml", "befriending"),
        ("Community Transport!", "community_transport"),
        ("../../etc/passwd", "etc_passwd"),
        ("2nd_chance", "nd_chance"),
        ("_", "my_service"),
        ("", "my_service"),
        ("é", "my_service"),
        ("x" * 101, "x" * 100),
    ],
)
def test_a_bad_name_is_refused_with_a_good_one(name: str, write: str, capsys: Printed) -> None:
    assert cli.main(["new", name]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "cannot be the name of a service" in printed.err
    assert printed.err.endswith(f"Write {write}.\n")
    form.check_name(write)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["legal_advice"], "Write another name, such as legal_advice_here."),
        (["ours", "--from", "legal_advise"], "Did you mean 'legal_advice'?"),
        (["ours", "--from", "../legal_advice.toml"], "is not a service of the library."),
        (["ours", "-o", "nowhere"], "'nowhere' is not a folder that is there."),
    ],
)
def test_a_bad_request_gives_one_message(
    arguments: list[str], said: str, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("mine", encoding="utf-8")
    assert cli.main(["new", "ours", "-o", str(tmp_path)]) == 2
    assert "is there already, and may hold somebody's work" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


# What would make a file better ---------------------------------------------------------------------------------------

SPREADS = {
    f"parameters.{name}.spread": {"shape": "fixed", "note": "Known."}
    for name in ("people", "worth", "half", "lasts", "budget")
}
GOOD: dict[str, object] = {**SPREADS, "service.does_not_show": ["Much."]}


def test_a_good_file_has_nothing_to_better() -> None:
    assert advice(small.service(GOOD)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scenarios": {}}, "It has no scenario."),
        ({"scenarios.low.changes": {}}, "No scenario is more cautious than the base case."),
        ({"non_monetised": []}, "It names nothing that has no price."),
        ({"service.does_not_show": []}, "does_not_show is empty."),
        (
            {"parameters.worth.spread": None},
            "state no spread, so that their range is a guess by their grade: worth",
        ),
        (
            {
                "parameters.worth.source": "assumption",
                "parameters.worth.grade": "F",
                "parameters.worth.note": "Chosen.",
                "parameters.worth.spread": {"shape": "pert", "low": 5, "high": 15},
            },
            "most on: worth",
        ),
    ],
)
def test_what_is_missing_is_said_gently(change: dict[str, object], said: str, tmp_path: Path, capsys: Printed) -> None:
    service = small.service({**GOOD, **change})
    (sentence,) = advice(service)
    assert said in sentence
    file = tmp_path / "small.toml"
    file.write_text(sroi.to_toml(service), encoding="utf-8")
    assert cli.main(["check", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "What would make it better:" in printed
    assert sentence in " ".join(printed.split())
