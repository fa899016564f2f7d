"""The command line: what it prints, and that bad input gives one clear message and exit status 2."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sroi
from sroi import cli_simulation, terminal
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


def simulated(capsys: Printed, *arguments: str) -> str:
    assert main(["simulate", *arguments]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_simulate_says_how_likely_what_is_asked_for_is(capsys: Printed) -> None:
    conditions = ["npsv > 0", "sroi_ratio >= 2 and npsv > 1e4"]
    asked = [part for condition in conditions for part in ("--chance", condition)]
    said = simulated(capsys, "nurse_family_partnership", "--draws", "2000", *asked)
    table = sroi.simulate(sroi.load("nurse_family_partnership"), 2_000).chances(conditions)
    for condition, row in table.iterrows():
        assert f"{condition}: {row['chance']:.1%} (standard error {row['standard_error']:.1%})." in said
    assert main(["simulate", "nurse_family_partnership", "--draws", "2000", *asked, "--json"]) == 0
    chances = json.loads(capsys.readouterr().out)["chances"]
    assert chances == {str(condition): dict(row) for condition, row in table.iterrows()}
    assert main(["simulate", "nurse_family_partnership", "--chance", "npvs > 0"]) == 2
    assert "Did you mean 'npsv'?" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["bearer", "kind", "stakeholder"])
def test_simulate_says_whose_the_benefits_are(what: str, capsys: Printed) -> None:
    said = simulated(capsys, "debt_advice_consequences", "--draws", "500", "--by", what)
    frame = sroi.simulate(sroi.load("debt_advice_consequences"), 500).by(what)
    for row in frame.itertuples():
        assert f"{row.label} {row.written}" in said
    # One draw has no spread, and JSON no word for that but null.
    assert main(["simulate", "debt_advice_consequences", "--draws", "1", "--by", what, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["by"][what]
    assert set(found) == set(frame.index)
    assert all(row["sd"] is None for row in found.values())


def test_simulate_saves_its_draws(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "draws.csv"
    said = simulated(capsys, "legal_advice", "--draws", "300", "--save-draws", str(file))
    assert f"300 draws are written to {file}." in said
    saved = pd.read_csv(file, index_col="draw")
    drawn = sroi.simulate(sroi.load("legal_advice"), 300).draws()
    assert list(saved) == list(drawn)
    assert saved["npsv"].to_numpy() == pytest.approx(drawn["npsv"].to_numpy(), rel=1e-12)
    assert main(["simulate", "legal_advice", "--draws", "300", "--save-draws", str(tmp_path / "none" / "x.csv")]) == 2
    assert "Name a file in a folder that is there." in capsys.readouterr().err


def test_draws_that_are_stopped_leave_no_file(tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "draws.csv"
    file.write_text("before", encoding="utf-8")

    def interrupted(_: pd.DataFrame, path: Path) -> None:
        path.write_text("half a ro", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_csv", interrupted)
    assert main(["simulate", "legal_advice", "--draws", "300", "--save-draws", str(file)]) == 130
    assert capsys.readouterr().err == f"stopped: no draws are written to {file}\n"
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text(encoding="utf-8") == "before"


def test_a_path_is_checked_before_its_draws_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = sroi.simulate(sroi.load("legal_advice"), 10)
    monkeypatch.setattr(sroi.Simulation, "draws", lambda _: pytest.fail("drawn for nothing"))
    for path in (tmp_path, tmp_path / "none" / "x.csv"):
        with pytest.raises(sroi.ServiceError, match="cannot be written"):
            cli_simulation.save(simulation, str(path))


def test_simulate_says_where_the_answer_turns_and_what_cannot_turn_it(capsys: Printed) -> None:
    said = simulated(capsys, "nuka_primary_care", "--draws", "1000")
    simulation = sroi.simulate(sroi.load("nuka_primary_care"), 1_000)
    table = sroi.switching_values(simulation, list(simulation.uncertain))
    turns = table["switches_at"].notna()
    assert 0 < turns.sum() < len(table)
    for sentence in table.loc[turns, "says"]:
        assert f"{sentence}." in said
    others = "; ".join(table.loc[~turns, "label"])
    assert f"The service pays back at every possible value of each of these: {others}." in said


def test_simulate_says_once_that_nothing_is_worth_measuring(capsys: Printed) -> None:
    said = simulated(capsys, "nuka_primary_care")
    assert said.count("worth nothing") == 0
    assert said.count("No single input is worth measuring before this decision") == 1
    assert "Knowing everything before deciding would be worth about $" in said


def test_simulate_says_what_the_best_choice_is_now(capsys: Printed) -> None:
    """The mean of skewed draws is above zero, and decides; the central value, which is printed first, is a loss."""
    said = " ".join(simulated(capsys, "debt_advice_consequences").split())
    draws = sroi.simulate(sroi.load("debt_advice_consequences"), 100_000, results=["npsv"]).draws()["npsv"]
    assert draws.mean() > 0 > sroi.evaluate(sroi.load("debt_advice_consequences")).npsv
    assert "On average over the draws it is better to fund it: the mean net value is £" in said
    assert ", though at the central values it is −£1.1 million." in said


def test_simulate_says_whose_ranges_the_inputs_have(capsys: Printed) -> None:
    said = simulated(capsys, "debt_advice_consequences", "--draws", "200")
    assert "17 inputs are uncertain." in said
    assert "by assumption" in said
    assert "no spread in the file" not in said
    assert "by assumption" not in simulated(capsys, "debt_advice_consequences", "--draws", "200", "--stated-only")


def test_few_draws_say_no_range_in_any_row(capsys: Printed) -> None:
    said = simulated(capsys, "nurse_family_partnership", "--draws", "99")
    assert "(likely" not in said
    assert "What to measure next" not in said


def test_json_of_draws_has_an_error_for_every_quantile(capsys: Printed) -> None:
    assert main(["simulate", "family_nurse_partnership_england", "--draws", "1000", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    simulation = sroi.simulate(sroi.load("family_nurse_partnership_england"), 1_000)
    for key in ("p5", "p25", "median", "p75", "p95"):
        assert printed["npsv"][f"error_{key}"] == simulation.summary().loc["npsv", f"error_{key}"] > 0
        assert printed["irr"][f"error_{key}"] is None
    labels = [entry.label for entry in sroi.load("family_nurse_partnership_england").non_monetised]
    assert printed["non_monetised"] == labels
    assert printed["share_cost_below_zero"] == (simulation.draws()["pv_costs"] < 0).mean()


@pytest.mark.parametrize("terminal_there", [True, False])
def test_a_run_that_is_stopped_says_how_far_it_came(
    terminal_there: bool, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = terminal.Progress.__call__

    def interrupted(self: terminal.Progress, done: int, asked: int) -> None:
        tell(self, done, asked)
        if done > 100_000:
            raise KeyboardInterrupt

    monkeypatch.setattr(terminal.Progress, "__call__", interrupted)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal_there)
    assert main(["simulate", "legal_advice", "--draws", "1e6"]) == 130
    *bar, last, end = capsys.readouterr().err.split("\n")
    assert re.fullmatch(r"stopped after 1\d\d,\d\d\d of 1,000,000 draws", last)
    assert end == ""
    assert bool(bar) == terminal_there


def test_run_points_to_the_ranges_and_writes_a_pair_alike(capsys: Printed) -> None:
    assert main(["run", "debt_advice_consequences"]) == 0
    said = capsys.readouterr().out
    assert "At the central values (their likely ranges: sroi simulate)" in said
