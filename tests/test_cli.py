"""The command line: what it prints, and that bad input gives one clear message and exit status 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import sroi
from sroi.cli import main

Printed = pytest.CaptureFixture[str]


def test_list_names_services_scenarios_and_conventions(capsys: Printed) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    for service in sroi.services().itertuples():
        assert str(service.id) in said
    assert "cautious" in said
    assert "green_book_2026" in said


def test_list_json(capsys: Printed) -> None:
    assert main(["list", "--json"]) == 0
    assert {row["id"] for row in json.loads(capsys.readouterr().out)} == set(sroi.services()["id"])


def test_run_json_holds_the_attributes(capsys: Printed) -> None:
    assert main(["run", "legal_advice", "--scenario", "cautious", "--set", "spend_debt=1e6", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    result = sroi.evaluate(sroi.load("legal_advice"), {"spend_debt": 1e6}, scenario="cautious")
    for name in sroi.RESULTS:
        assert found[name] == getattr(result, name), name
        assert found[name] is not None or found["status"][name]
    assert found["scenario"] == "cautious"
    assert found["values"] == {"spend_debt": 1e6}
    for stated in ("price_base_year", "discounting_base_year", "schedule", "convention", "appraisal_years", "version"):
        assert found[stated], stated


def test_run_prints_the_headline_and_what_is_not_priced(capsys: Printed) -> None:
    assert main(["run", "nuka_primary_care"]) == 0
    said = capsys.readouterr().out
    service = sroi.load("nuka_primary_care")
    assert " ".join(said.split()).count(sroi.headline(sroi.evaluate(service))) == 1
    for entry in service.non_monetised:
        assert entry.label in said


def test_run_takes_a_path(tmp_path: Path, capsys: Printed, root: Path) -> None:
    copy = tmp_path / "legal_advice.toml"
    copy.write_bytes((root / "models" / "legal_advice.toml").read_bytes())
    assert main(["run", str(copy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["service"] == "legal_advice"


def test_run_takes_a_convention_of_ones_own(tmp_path: Path, capsys: Printed) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(
        """
[convention]
label = "Ours"
edition = "2026"
source = "finance department"
outcome_timing = "end"
cost_timing = "start"
schedule = "flat:0.05"
health_schedule = "flat:0.015"
deductions = "multiplicative"
drop_off_in_first_year = false
optimism_bias = "none"
bcr_fiscal_savings = "benefits"
headline = ["sroi_ratio"]
""",
        encoding="utf-8",
    )
    assert main(["run", "legal_advice", "--convention", str(own), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["convention"] == "ours"
    # All in one year, benefits at its end: the base ratio over 1.05.
    assert found["sroi_ratio"] == pytest.approx(sroi.evaluate(sroi.load("legal_advice")).sroi_ratio / 1.05, rel=1e-12)


def test_check(capsys: Printed) -> None:
    assert main(["check", "legal_advice"]) == 0
    assert capsys.readouterr().out.startswith("legal_advice is in order")


def test_explain_leads_to_a_source(capsys: Printed) -> None:
    assert main(["explain", "npsv", "legal_advice"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Net present social value = ")
    assert "Citizens Advice 2010" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "legal_advise"], "Did you mean 'legal_advice'?"),
        (["run", "../legal_advice"], "neither an id nor a path to a .toml file"),
        (["run", "nowhere.toml"], "There is no file 'nowhere.toml'"),
        (["run", "legal_advice", "--set", "spend_debt"], "Write --set name=0.5"),
        (["run", "legal_advice", "--set", "spend_debt=27%"], "Shares are fractions: write 0.27"),
        (["run", "legal_advice", "--set", "spend_debt=nan"], "Numbers are finite"),
        (["run", "legal_advice", "--set", "spend_debt=inf"], "Numbers are finite"),
        (["run", "legal_advice", "--set", "spend_debt=1e308"], "finite number"),
        (["run", "legal_advice", "--set", "spend_dept=1"], "Did you mean 'spend_debt'?"),
        (["run", "legal_advice", "--scenario", "cautios"], "Did you mean 'cautious'?"),
        (["run", "legal_advice", "--convention", "sv"], "Did you mean 'svi'?"),
        (["run", "legal_advice", "--convention", "none.toml"], "none.toml"),
        (["explain", "npv", "legal_advice"], "Did you mean 'npsv'?"),
        (["check", "pyproject.toml"], "service is missing"),
    ],
)
def test_bad_input_gives_one_message(arguments: list[str], said: str, capsys: Printed) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert "Traceback" not in printed.err


def test_every_fault_of_a_request_at_once(capsys: Printed) -> None:
    assert main(["run", "legal_advice", "--set", "spend_debt=-1", "--set", "x=1"]) == 2
    assert "legal_advice has 2 faults" in capsys.readouterr().err


def test_help_stays_light() -> None:
    """What makes a program slow to answer is what it imports."""
    code = (
        "import sys\nfrom sroi.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'pydantic', 'scipy', 'streamlit', 'altair'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "usage: sroi" in finished.stdout


def test_a_reader_that_goes_away_is_no_fault() -> None:
    program = f"{sys.executable} -m sroi run nurse_family_partnership --json | head -c 10"
    finished = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert finished.stderr == ""


@pytest.mark.parametrize("draws", ["ten", "1e400", "nan", "0.5", ""])
def test_draws_that_are_no_whole_number(draws: str, capsys: Printed) -> None:
    with pytest.raises(SystemExit) as left:
        main(["simulate", "legal_advice", "--draws", draws])
    assert left.value.code == 2
    assert "is not a whole number: write for example 10000" in capsys.readouterr().err


def test_simulate_prints_ranges_and_json(capsys: Printed) -> None:
    assert main(["simulate", "nurse_family_partnership", "--draws", "1e3", "--seed", "2"]) == 0
    said = capsys.readouterr().out
    for part in ("likely", "What matters most", "What to measure next", "Not priced", "does not show"):
        assert part in said
    assert main(["simulate", "nurse_family_partnership", "--draws", "1,000", "--stated-only", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["draws"], printed["preset"]) == (1_000, None)
    assert set(printed["sroi_ratio"]) >= {"mean", "median", "p5", "p25", "p75", "p95", "standard_error"}
    assert 0.6 < printed["chance_npsv_positive"] < 0.7
