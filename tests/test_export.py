"""Results as CSV and JSON files, and the command that writes them and service files."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_service import number, service

import sroi
from sroi import library
from sroi.cli import main
from sroi.export import data_tables

Printed = pytest.CaptureFixture[str]
NAMES = [
    *("summary", "cash_flow", "impact_map", "evidence", "bridge"),
    *("by_bearer", "by_stakeholder", "by_kind", "non_monetised", "stated_under"),
]
STAMP = ["service", "scenario", "convention", "values", "price_base_year", "version", "date"]
HARMFUL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", "－1", '=cmd|" /C calc"!A0']
HARMLESS = ["a=1", " =1", "'", "£1", "−1", "1-2", 'a "quoted", text', "a\nb", "😀", "שלום", "x" * 20_000]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def refusal(*arguments: Any, **more: Any) -> str:
    function, *rest = arguments
    with pytest.raises(sroi.ServiceError) as caught:
        function(*rest, **more)
    (fault,) = caught.value.faults
    return str(fault)


# Tables -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.ids())
def test_every_table_of_a_result(name: str) -> None:
    result = sroi.evaluate(sroi.load(name))
    found = data_tables(result)
    assert list(found) == NAMES
    assert found["summary"].set_index("name")["value"]["npsv"] == result.npsv
    assert found["bridge"]["value"].sum() == pytest.approx(result.pv_benefits)
    assert found["by_bearer"]["per_pound"].sum() == pytest.approx(result.sroi_ratio)
    for frame in found.values():
        assert frame.index.equals(pd.RangeIndex(len(frame)))


def test_what_it_was_computed_under() -> None:
    result = sroi.evaluate(service(), {"people": 70}, scenario="low", convention="svi")
    stated = data_tables(result)["stated_under"].set_index("key")["value"]
    assert (stated["service"], stated["scenario"], stated["convention"]) == ("small", "low", "svi")
    assert (stated["price_base_year"], stated["appraisal_years"]) == ("2024-25", 5)
    assert (stated["version"], stated["date"]) == (version("sroi"), date.today().isoformat())
    assert stated["values.people"] == 70


def test_many_cases_are_refused(tmp_path: Path) -> None:
    result = sroi.evaluate(service(), {"people": np.array([1.0, 2.0])})
    assert "Evaluate that case by itself." in refusal(sroi.write_csv, result, tmp_path)
    assert "Evaluate that case by itself." in refusal(sroi.write_json, result, tmp_path / "x.json")
    assert not list(tmp_path.iterdir())


# CSV ----------------------------------------------------------------------------------------------------------------


def test_one_file_for_each_table(tmp_path: Path) -> None:
    files = sroi.write_csv(sroi.evaluate(service()), tmp_path)
    assert [file.name for file in files] == [f"small_base_green_book_2026_{name}.csv" for name in NAMES]
    assert set(files) == set(tmp_path.iterdir())
    files = sroi.write_csv(sroi.evaluate(service(), scenario="low", convention="svi"), str(tmp_path))
    assert files[0] == tmp_path / "small_low_svi_summary.csv"


def test_a_convention_of_ones_own_makes_a_good_name(tmp_path: Path) -> None:
    svi = sroi.evaluate(service(), convention="svi").convention
    ours = svi.model_copy(update={"label": "../Ours: 5% / flat"})
    files = sroi.write_csv(sroi.evaluate(service(), convention=ours), tmp_path)
    assert files[0] == tmp_path / "small_base_Ours_5_flat_summary.csv"


def test_numbers_are_exact_and_marked_as_utf8(tmp_path: Path) -> None:
    result = sroi.evaluate(sroi.load("nuka_primary_care"))
    tables = data_tables(result)
    for file, (name, frame) in zip(sroi.write_csv(result, tmp_path), tables.items(), strict=True):
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        if name == "stated_under":
            continue
        found = rows_of(file)
        assert list(found[0]) == [*frame.columns, *STAMP]
        for column in frame.select_dtypes("number"):
            numbers = [float(row[column] or "nan") for row in found]
            assert numbers == pytest.approx(frame[column].tolist(), rel=0, abs=0, nan_ok=True)


def test_every_row_says_what_it_was_computed_under(tmp_path: Path) -> None:
    result = sroi.evaluate(service(), {"people": 70, "half": 0.25})
    for file in sroi.write_csv(result, tmp_path):
        for row in rows_of(file):
            if not file.stem.endswith("stated_under"):
                said = ["small", "base", "green_book_2026", "people=70.0; half=0.25", "2024-25", version("sroi")]
                assert [row[key] for key in STAMP] == [*said, date.today().isoformat()]
    stated = {row["key"]: row["value"] for row in rows_of(tmp_path / "small_base_green_book_2026_stated_under.csv")}
    assert (stated["scenario"], stated["values.half"], stated["appraisal_years"]) == ("base", "0.25", "5")
    assert "apostrophe" in stated["text"]


def everywhere(text: str) -> sroi.Service:
    return service(
        {
            "service.title": text,
            "parameters.people.label": text,
            "parameters.people.group": text,
            "sources.study.title": text,
            "outcomes.0.label": text,
            "bearers.council.label": text,
            "stakeholders.clients.label": text,
            "non_monetised.0.description": text,
        }
    )


@pytest.mark.parametrize("text", [*HARMFUL, *HARMLESS], ids=lambda text: ascii(text)[:20])
def test_text_that_begins_like_a_formula_is_guarded(text: str, tmp_path: Path) -> None:
    guarded = f"'{text}" if text in HARMFUL else text
    files = {file.stem.split("2026_")[1]: rows_of(file) for file in _written(everywhere(text), tmp_path)}
    assert files["impact_map"][0]["label"] == guarded
    assert files["impact_map"][0]["stakeholder"] == guarded
    assert files["by_bearer"][0]["label"] == guarded
    assert files["by_stakeholder"][0]["label"] == guarded
    assert files["non_monetised"][0]["description"] == guarded
    assert {row["label"]: row for row in files["evidence"]}[guarded]["group"] == guarded
    assert next(row["value"] for row in files["stated_under"] if row["key"] == "title") == guarded


def _written(found: sroi.Service, folder: Path) -> list[Path]:
    return sroi.write_csv(sroi.evaluate(found), folder)


def test_no_cell_begins_like_a_formula_but_numbers(tmp_path: Path) -> None:
    series = {**number(0, "people"), "value": None, "by_year": [-1, 2, 3, 4, 5]}
    found = service({"parameters.series": series, "parameters.worth.value": -3})
    negative = 0
    for file in _written(found, tmp_path):
        for row in rows_of(file):
            for cell in row.values():
                if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
                    assert math.isfinite(float(cell))
                    negative += 1
    assert negative
    by_year = [row["by_year"] for row in rows_of(tmp_path / "small_base_green_book_2026_evidence.csv")]
    assert "[-1.0, 2.0, 3.0, 4.0, 5.0]" in by_year


def test_nothing_is_written_over_unless_told_to(tmp_path: Path) -> None:
    result = sroi.evaluate(service())
    last = tmp_path / "small_base_green_book_2026_stated_under.csv"
    last.write_text("mine", encoding="utf-8")
    assert "stated_under.csv' is there already. Write --force" in refusal(sroi.write_csv, result, tmp_path)
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["mine"]
    files = sroi.write_csv(result, tmp_path, force=True)
    assert "mine" not in last.read_text(encoding="utf-8-sig")
    assert f"(and {len(files) - 1} more of its files)" in refusal(sroi.write_csv, result, tmp_path)
    lone = sroi.write_json(result, tmp_path / "x.json")
    assert "x.json' is there already. Write --force (in Python force=True)" in refusal(sroi.write_json, result, lone)


@pytest.mark.parametrize("folder", ["nowhere", "a" * 10_000, "a\0b"])
def test_a_folder_that_is_not_there(folder: str, tmp_path: Path) -> None:
    result = sroi.evaluate(service())
    said = refusal(sroi.write_csv, result, tmp_path / folder)
    assert said.endswith("is not a folder that is there. Make it first, or write another.")
    assert "cannot be written:" in refusal(sroi.write_json, result, tmp_path / folder / "x.json")


# JSON ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.ids())
def test_json_holds_every_table_exactly(name: str, tmp_path: Path) -> None:
    result = sroi.evaluate(sroi.load(name))
    file = sroi.write_json(result, tmp_path / "x.json")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert set(found) == set(NAMES)
    assert found["stated_under"]["service"] == name
    assert found["stated_under"]["scenario"] is None
    values = {row["name"]: row["value"] for row in found["summary"]}
    assert values == {key: getattr(result, key) for key in sroi.RESULTS}
    assert found["bridge"][-1]["total"] == pytest.approx(result.pv_benefits)


def test_json_keeps_text_and_series_as_they_are(tmp_path: Path) -> None:
    file = sroi.write_json(sroi.evaluate(everywhere("=1+1 £")), tmp_path / "x.json")
    found = json.loads(file.read_bytes())
    assert found["impact_map"][0]["label"] == "=1+1 £"
    assert {row["name"]: row["by_year"] for row in found["evidence"]}["series"] == [1, 2, 3, 4, 5]
    assert b"\xef\xbb\xbf" not in file.read_bytes()
    assert "£".encode() in file.read_bytes()


# The command --------------------------------------------------------------------------------------------------------


def test_the_format_follows_from_the_path(tmp_path: Path, capsys: Printed) -> None:
    for name in ("x.json", "x.JSON", "legal_advice.toml"):
        assert main(["export", "legal_advice", "-o", str(tmp_path / name)]) == 0
        assert capsys.readouterr().out == f"Wrote {tmp_path / name}\n"
    assert main(["export", "legal_advice", "-o", str(tmp_path), "--scenario", "cautious"]) == 0
    said = f"Wrote 10 tables to {tmp_path}: legal_advice_cautious_green_book_2026_*.csv\n"
    assert capsys.readouterr().out == said
    assert len(list(tmp_path.glob("legal_advice_cautious_green_book_2026_*.csv"))) == len(NAMES)


def test_a_folder_gets_a_file_that_is_called_after_what_it_holds(tmp_path: Path) -> None:
    for kind in ("json", "toml"):
        assert main(["export", "legal_advice", "-o", str(tmp_path), "--format", kind, "--convention", "svi"]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"legal_advice_base_svi.json", "legal_advice.toml"}
    assert sroi.load(tmp_path / "legal_advice.toml").about.convention == "svi"


def test_export_has_the_numbers_of_run(tmp_path: Path, capsys: Printed) -> None:
    request = ["legal_advice", "--set", "spend_debt=1e6", "--scenario", "cautious", "--convention", "svi"]
    assert main(["run", *request, "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert main(["export", *request, "-o", str(tmp_path / "x.json")]) == 0
    found = json.loads((tmp_path / "x.json").read_bytes())
    assert {row["name"]: row["value"] for row in found["summary"]} == {name: asked[name] for name in sroi.RESULTS}
    assert found["stated_under"]["values.spend_debt"] == 1e6


def test_toml_with_values_is_a_service_of_its_own(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "our_advice.toml"
    assert main(["export", "legal_advice", "-o", str(file), "--set", "spend_debt=2e6", "--convention", "svi"]) == 0
    said = capsys.readouterr().out
    assert f"Wrote {file}\nIts id is 'our_advice'" in said
    found = sroi.load(file)
    assert (found.parameters["spend_debt"].value, found.parameters["spend_debt"].grade) == (2e6, "F")
    asked = sroi.evaluate(sroi.load("legal_advice"), {"spend_debt": 2e6}, convention="svi")
    assert sroi.evaluate(found).npsv == asked.npsv
    assert main(["check", str(file)]) == 0


def test_toml_says_which_scenarios_set_the_value_themselves(tmp_path: Path, capsys: Printed) -> None:
    base = sroi.load("legal_advice")
    name = next(iter(base.scenarios["cautious"].changes))
    file = tmp_path / "legal_advice.toml"
    assert main(["export", "legal_advice", "-o", str(file), "--set", f"{name}={base.parameters[name].value}"]) == 0
    assert f"Scenario cautious sets {name} itself" in capsys.readouterr().out
    assert sroi.load(file) == base


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "nowhere/x.json"], "'nowhere' is not a folder that is there. Make it first"),
        (["-o", "nowhere", "--format", "csv"], "'nowhere' is not a folder that is there. Make it first"),
        (["-o", "nowhere/x.xlsx"], "'nowhere' is not a folder that is there. Make it first"),
        (["-o", "nowhere/legal_advice.toml"], "'nowhere' is not a folder that is there. Make it first"),
        (["-o", "x.csv"], "'x.csv' is one file, but csv is one file for each table"),
        (["-o", "x.pdf"], "'x.pdf' ends in no format that can be written. End it in .xlsx, .json or .toml"),
        (["-o", "x.json", "--format", "jsn"], "--format is 'jsn'. Did you mean 'json'?"),
        (["-o", "x.json", "--format", "pdf"], "--format is 'pdf'. Known: xlsx, csv, json, toml."),
        (["-o", "x.toml", "--scenario", "cautious"], "--scenario is not for toml"),
        (["-o", "x.toml", "--convention", "own.toml"], "--convention is a file, which a service file cannot hold."),
        (["-o", "x.toml", "--convention", "sv"], "Did you mean 'svi'?"),
        (["-o", "X y.toml"], "'X y.toml' is not a name for a service file"),
        (["-o", "x.txt", "--format", "toml"], "'x.txt' is not a name for a service file"),
        (["-o", f"{'x' * 101}.toml"], "is not a name for a service file"),
        (["-o", "x.toml", "--set", "spend_dept=1"], "Did you mean 'spend_debt'?"),
        (["-o", "x.json", "--set", "spend_debt"], "Write --set name=0.5"),
        (["-o", "x.json", "--scenario", "cautios"], "Did you mean 'cautious'?"),
        (["-o", "there.json"], "'there.json' is there already. Write --force"),
        (["-o", f"{'x' * 300}.json"], "cannot be written: File name too long."),
        (["-o", "a\0b.json"], "cannot be written: embedded null byte."),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_what_cannot_be_written(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.json").write_text("mine", encoding="utf-8")
    assert main(["export", "legal_advice", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert re.search(r" has 1 fault\n1\. .*[.?]\n$", printed.err)
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["mine"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full stands in for a full disk")
def test_a_full_disk(tmp_path: Path, capsys: Printed) -> None:
    target = tmp_path / "x.json"
    target.symlink_to("/dev/full")
    assert main(["export", "legal_advice", "-o", str(target), "--force"]) == 2
    assert "cannot be written: No space left on device. Check the path" in capsys.readouterr().err


def test_force_writes_over(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("mine", encoding="utf-8")
    assert main(["export", "legal_advice", "-o", str(file), "--force"]) == 0
    assert json.loads(file.read_bytes())["stated_under"]["service"] == "legal_advice"


def test_a_service_file_that_would_be_too_large_to_read_is_refused(tmp_path: Path, capsys: Printed) -> None:
    # A tab may stand in a file as it is, and is written as two characters.
    notes = ", ".join(["'" + 20_000 * "\t" + "'"] * 40)
    source = tmp_path / "small.toml"
    source.write_text(sroi.to_toml(service({"service.notes": ["x"]})).replace('"x"', notes), encoding="utf-8")
    assert main(["export", str(source), "-o", str(tmp_path / "other.toml")]) == 2
    assert "would have more than 1,000,000 bytes, the most for a service file" in capsys.readouterr().err
    assert not (tmp_path / "other.toml").exists()


def test_xlsx_hands_over_to_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    asked: dict[str, Any] = {}

    def write_workbook(found: sroi.Service, path: Path, **more: Any) -> None:
        asked.update(more, service=found.id, path=path)

    monkeypatch.setattr("sroi.workbook.write.write_workbook", write_workbook)
    file = tmp_path / "bid.xlsx"
    request = ["--set", "spend_debt=1e6", "--scenario", "cautious", "--convention", "svi"]
    assert main(["export", "legal_advice", "-o", str(file), *request]) == 0
    handed = {"values": {"spend_debt": 1e6}, "scenario": "cautious", "convention": "svi"}
    assert asked == handed | {"service": "legal_advice", "path": file}
    file.write_bytes(b"mine")
    assert main(["export", "legal_advice", "-o", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "handed"),
    [
        ([], {}),
        (["--no-ranges"], {"draws": None}),
        (["--draws", "2,000", "--seed", "7"], {"draws": 2_000, "seed": 7}),
    ],
)
def test_ranges_as_asked_for(
    options: list[str], handed: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr("sroi.workbook.write.write_workbook", lambda service, path, **more: asked.update(more))
    assert main(["export", "legal_advice", "-o", str(tmp_path / "bid.xlsx"), *options]) == 0
    assert asked == {"values": {}, "scenario": None, "convention": None} | handed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "x.json", "--no-ranges"], "--no-ranges is for xlsx: json holds no likely ranges."),
        (["-o", "x.toml", "--draws", "10"], "--draws is for xlsx: toml holds no likely ranges."),
        (["-o", "x.xlsx", "--no-ranges", "--seed", "2"], "--seed asks for draws, which --no-ranges leaves out."),
        (["-o", "x.xlsx", "--draws", "0"], "draws is 0. Write a whole number from 1 to 100,000,000."),
    ],
)
def test_ranges_that_cannot_be_had(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "legal_advice", *options]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_xlsx_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    for name in [name for name in sys.modules if name.startswith("sroi.workbook")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert main(["export", "legal_advice", "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "needs xlsxwriter, which is not installed. Write: pip install 'sroi[excel]'" in capsys.readouterr().err
