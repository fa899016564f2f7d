"""Files and values as a stranger might give them: each is refused in one ServiceError that says what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_service import REMOVED, number, service

import sroi
from sroi import library, reading

GOOD = library.models_folder() / "legal_advice.toml"


def brief(value: Any) -> str:
    try:
        return ascii(value)[:40]
    except ValueError:  # Python refuses to write 5,000 digits
        return "10**5000"


def refusal(name: Any) -> sroi.ServiceError:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.load(name)
    for fault in caught.value.faults[:50]:
        assert len(str(fault)) < 500, str(fault)[:600]
        assert str(fault).endswith((".", "?")), str(fault)
    assert len(str(caught.value).splitlines()[0]) < 200
    return caught.value


def written(folder: Path, content: bytes | str, name: str = "small.toml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Where services are found -----------------------------------------------------------------------------------------


def test_every_service_of_the_library_is_loaded_by_id_and_by_path() -> None:
    assert library.ids() == sorted(library.ids())
    for name in library.ids():
        assert sroi.load(name) == sroi.load(library.models_folder() / f"{name}.toml")
        assert sroi.load(name).id == name
    assert [found.id for found in library.all_services()] == library.ids()
    assert list(sroi.services()["id"]) == library.ids()


def test_a_path_is_a_string_or_a_path() -> None:
    assert sroi.load(str(GOOD)) == sroi.load(GOOD) == sroi.load("legal_advice")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("legal_advise", "'legal_advise' is not a service of the library. Did you mean 'legal_advice'?"),
        ("", "'' is neither an id nor a path to a .toml file. Ids are small letters, digits and _."),
        ("../..", "'../..' is neither an id nor a path to a .toml file."),
        ("/etc/passwd", "'/etc/passwd' is neither an id nor a path to a .toml file."),
        ("reference/grades", "'reference/grades' is neither an id nor a path"),
        ("Legal_advice", "'Legal_advice' is neither an id nor a path to a .toml file."),
        ("legal_advice\n", "'legal_advice\\n' is neither an id nor a path to a .toml file."),
        ("legal_advice\0", "'legal_advice\\x00' is neither an id nor a path to a .toml file."),
        ("a" * 100_000, "aaaa… is not a service of the library."),
        (None, "'None' is neither an id nor a path"),
        (3, "'3' is neither an id nor a path"),
        ("../../no_such.toml", "There is no file '../../no_such.toml'. Check the path."),
        ("/no/such/place.toml", "There is no file '/no/such/place.toml'. Check the path."),
        ("no\0such.toml", "There is no file 'no\\x00such.toml'. Check the path."),
        ("no\nsuch.toml", "There is no file 'no\\nsuch.toml'. Check the path."),
        ("a" * 100_000 + ".toml", "The file cannot be read:"),
        ("/".join(["a"] * 10_000) + ".toml", "The file cannot be read:"),
    ],
    ids=brief,
)
def test_a_name_that_is_not_there(name: Any, said: str) -> None:
    error = refusal(name)
    assert len(error.faults) == 1
    assert said in str(error)
    assert len(str(error)) < 500
    assert len(str(error).splitlines()) == 2


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "small.toml").mkdir()
    assert "There is no file" in str(refusal(tmp_path / "small.toml"))


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD.read_bytes(), "legal_advice.toml")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read everything

        def refused(*_: Any, **__: Any) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "open", refused)
    assert "The file cannot be read: Permission denied. Check the path." in str(refusal(path))


# What is in the file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "service is missing: write a table [service] with id, title and the rest."),
        (b"\xff\xfe[\0s\0", "Byte 1 is not UTF-8. Save the file as UTF-8."),
        ("[service]\ntitle = 'caf\xe9'".encode("latin-1"), "Byte 23 is not UTF-8. Save the file as UTF-8."),
        ("[service]\nid = 'a'\nid = 'b'", "This is not TOML: Cannot overwrite a value ("),
        ("[parameters.a]\n[parameters.a]", "This is not TOML: Cannot declare ('parameters', 'a') twice"),
        ("[[costs]]\n[costs]", "This is not TOML: "),
        ("[service\n", "This is not TOML: "),
        ("a = " + "[" * 100_000, "This is not TOML"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "This is not TOML"),
        ("a = " + "{a=" * 5_000 + "1" + "}" * 5_000, "This is not TOML"),
        ("a = " + "9" * 5_000, "This is not TOML that can be read"),
        (b"\0", "This is not TOML: "),
        ("x" * 5_000_000, "The file has more than 1,000,000 bytes, the most for a service file: take out what is not"),
        (
            "[service]\nid = 'other'",
            "service.id is 'other', but the file is called 'small.toml'. Write id = 'small', or",
        ),
        ("service = 3", "service is 3. Write it as a table with keys."),
        ("service = 1979-05-27", "service is datetime.date(1979, 5, 27)"),
        ("[service]\nid = 'small'\ntitle = 1979-05-27T07:32:00Z", "service.title is "),
        (
            "[service]\nid = 'small'\nfirst_year = 0x7e9\nappraisal_years = inf",
            "service.appraisal_years is inf. Write a",
        ),
    ],
    ids=brief,
)
def test_a_file_that_is_not_a_service(tmp_path: Path, content: bytes | str, said: str) -> None:
    error = refusal(written(tmp_path, content))
    assert error.name == "small.toml"
    assert said in str(error)


def test_a_byte_order_mark_is_no_fault_or_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + GOOD.read_bytes(), "legal_advice.toml")
    try:
        assert sroi.load(path) == sroi.load("legal_advice")
    except sroi.ServiceError as error:
        assert "byte order mark" in str(error)  # noqa: PT017


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.read_bytes().replace(b"\n", b"\r\n"), "legal_advice.toml")
    assert sroi.evaluate(sroi.load(path)).npsv == sroi.evaluate(sroi.load("legal_advice")).npsv


def test_the_name_of_the_file_and_the_other_faults_are_said_together(tmp_path: Path) -> None:
    text = GOOD.read_text(encoding="utf-8").replace('currency = "GBP"', 'currency = "GPB"', 1)
    said = str(refusal(written(tmp_path, text, "other.toml")))
    assert "service.id is 'legal_advice', but the file is called 'other.toml'." in said
    assert "Did you mean 'GBP'?" in said


MANY = {
    "parameters without keys": "[parameters]\n" + "".join(f"a{n}={{}}\n" for n in range(80_000)),
    "parameters that are numbers": "[parameters]\n" + "".join(f"a{n}=1\n" for n in range(80_000)),
    "unknown tables": "".join(f"[a{n}]\n" for n in range(100_000)),
    "unknown names in formulas": "".join(
        f"[lines.aaaaaa{n}]\nlabel='a'\nunit='people'\nformula='aaaaab{n}'\n" for n in range(12_000)
    ),
    "unknown names in one formula": "[lines]\n"
    + "".join(f"aaaaaa{n}={{}}\n" for n in range(50_000))
    + "z={label='z',unit='people',formula='"
    + "+".join(f"zzaaa{n}" for n in range(100))
    + "'}\n",
    "outcomes that name nothing": "".join(
        f"[[outcomes]]\nid='a{n}'\nstakeholder='b{n}'\nbearer='c{n}'\nkind='social'\nquantity='d{n}'\nproxy='e{n}'\n"
        for n in range(9_000)
    ),
    "dotted keys": "a" + ".a" * 5_000 + "=1",
    "dotted keys in a parameter": "parameters.people.value" + ".a" * 3_000 + "=1",
    "one long unit": "[parameters.a]\nlabel='a'\nsource='assumption'\ngrade='F'\nvalue=1\nunit='"
    + "a per " * 3_000
    + "a'",
    "one long name": "[parameters." + "a" * 900_000 + "]",
    "one long text": "[service]\nid='small'\ntitle='" + "a" * 900_000 + "'",
}


@pytest.mark.parametrize("content", MANY.values(), ids=MANY)
def test_a_huge_file_is_refused(tmp_path: Path, content: str) -> None:
    assert len(content.encode()) < reading.LARGEST_FILE
    refusal(written(tmp_path, content))


def test_a_list_of_faults_has_an_end(tmp_path: Path) -> None:
    assert len(str(refusal(written(tmp_path, MANY["parameters without keys"])))) < 100_000


def test_a_large_good_service_is_loaded_and_evaluated() -> None:
    changes = {f"parameters.more_{n}": number(n, "people") for n in range(5_000)}
    assert sroi.evaluate(service(changes)).npsv == sroi.evaluate(service()).npsv


def stacked(count: int) -> dict[str, Any]:
    return {
        f"lines.line_{n}": {"label": "x", "unit": "people", "formula": f"line_{n - 1} + people" if n else "people"}
        for n in range(count)
    } | {"outcomes.0.quantity": f"line_{count - 1}"}


def test_lines_one_upon_the_other() -> None:
    result = sroi.evaluate(service(stacked(50)))
    assert result.named("line_49").item() == pytest.approx(50 * 100)
    assert "Line" in str(result.explain("npsv")) or result.explain("npsv").parts
    with pytest.raises(sroi.ServiceError, match=r"lines.line_50 rests on more than 50 lines, one upon another\. Put"):
        service(stacked(1_000))


# Values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"peple": 1}, "values.peple is not a parameter of this service. Did you mean 'people'?"),
        ({"reached": 1}, "values.reached is not a parameter of this service. It is a line, which is calculated:"),
        ({"half": 27}, "values.half is 27. Shares are fractions from 0 to 1: write 0.27."),
        ({"half": [0.1, 1.1]}, "values.half is 1.1. Shares are fractions from 0 to 1"),
        ({"half": [-0.1, 0.1]}, "values.half is -0.1. Shares are fractions from 0 to 1."),
        ({"lasts": -1}, "values.lasts is -1. Years run from 0 to 200."),
        ({"starts": 0.5}, "values.starts is not whole. Write a whole number of years, 0 for the same year."),
        ({"people": float("nan")}, "values.people holds a number that is not finite. Numbers are finite: write a"),
        ({"people": [1, float("inf")]}, "values.people holds a number that is not finite."),
        ({"people": None}, "values.people "),
        ({"people": "27%"}, "values.people is '27%'. Shares are fractions from 0 to 1: write 0.27."),
        ({"people": object}, "values.people is <class 'object'>. Write a number."),
        ({"people": {}}, "values.people is {}. Write a number."),
        ({"people": 1 + 2j}, "values.people is (1+2j). Write a number."),
        ({"people": 10**400}, "values.people is 1000"),
        (
            {"people": [[1, 2]]},
            "values.people is an array of shape (1, 2). Write a number, or one array of shape (cases,).",
        ),
        ({"people": []}, "values.people is an array of shape (0,). Write a number, or one array of shape (cases,)."),
        ({"people": [[1], [1, 2]]}, "values.people is [[1], [1, 2]]. Write a number."),
        (
            {"people": [1, 2], "lasts": [1, 2, 3]},
            "values are arrays of different lengths: people has 2, lasts has 3. Give every array the same number of",
        ),
        ({"people": "3"}, "values.people is '3'."),
        ({"half": b"1"}, "values.half is b'1'."),
        ({"half": True}, "values.half is True."),
        ({"half": [True, False]}, "values.half is [True, False]."),
        ({"people": np.array(["3", "4"])}, "values.people is array("),
        ({"people": np.array([1 + 2j])}, "values.people is array("),
        ({"people": np.datetime64("2020-01-01")}, "values.people is "),
        ({"people": 10**5000}, "values.people is "),
        ([1], "values "),
        ("people", "values "),
        ({1: 2}, "values.1 is not a parameter of this service."),
    ],
    ids=brief,
)
def test_values_that_cannot_be(values: Any, said: str) -> None:
    found = service({"outcomes.0.onset_year": "starts"})
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.evaluate(found, values)
    assert any(str(fault).startswith(said) for fault in caught.value.faults), str(caught.value)
    assert len(str(caught.value)) < 500


def test_all_faults_of_the_values_are_said_at_once() -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.evaluate(service(), {"peple": 1, "half": 3, "lasts": "x", "people": float("nan")})
    assert len(caught.value.faults) == 4


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scenario": "lwo"}, "scenario 'lwo' is not in this service. Did you mean 'low'?"),
        ({"scenario": ""}, "scenario '' is not in this service. Known: low."),
        ({"scenario": "x" * 100_000}, "is not in this service. Known: low."),
        ({"convention": "sv1"}, "'sv1' is not a convention. Did you mean 'svi'?"),
        ({"convention": 3}, "'3' is not a convention. Known: svi, green_book_2026, cbax, additive."),
        ({"convention": "no_such.toml"}, "There is no file 'no_such.toml'. Check the path."),
        ({"convention": library.models_folder()}, " is not a convention."),
        ({"appraisal_years": 0}, "appraisal_years is 0. Write a whole number from 1 (the delivery years) to 5."),
        ({"appraisal_years": 2.0}, "appraisal_years is 2.0. Write a whole number from"),
        ({"appraisal_years": "5"}, "appraisal_years is '5'. Write a whole number from"),
        ({"appraisal_years": 10_000}, "appraisal_years is 10000. Write a whole number from"),
        ({"appraisal_years": True}, "appraisal_years is True. Write a whole number from"),
        ({"scenario": 3}, "scenario 3 is not in this service."),
        ({"scenario": ["low"]}, "scenario ['low'] is not in this service."),
        ({"convention": "x\0.toml"}, "Check the path."),
        ({"convention": "x" * 100_000 + ".toml"}, "Check the path."),
    ],
    ids=brief,
)
def test_a_request_for_what_is_not_there(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.evaluate(service(), **asked)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 500


OWN = """[convention]
label = "Own"
edition = "x"
source = "x"
outcome_timing = "end"
cost_timing = "start"
schedule = "flat_3_5"
health_schedule = "flat_3_5"
deductions = "multiplicative"
drop_off_in_first_year = false
optimism_bias = "none"
bcr_fiscal_savings = "benefits"
headline = ["npsv"]
"""


def test_a_convention_of_ones_own(tmp_path: Path) -> None:
    result = sroi.evaluate(service(), convention=written(tmp_path, OWN, "own.toml"))
    assert result.convention_name == "own"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"flat_3_5"', '"flat_3_6"'),
        ('"flat_3_5"', '"flat:x"'),
        ('"flat_3_5"', '"flat:3.5"'),
        ('"flat_3_5"', '"flat:nan"'),
        ('"flat_3_5"', "3"),
        ('"end"', '"middle"'),
        ("[convention]", "[conventions]"),
        ("[convention]", "[convention"),
        ("[convention]\n", "[convention]\nzzz = 1\n"),
        ("false", '"no"'),
        ('"Own"', "3"),
        ('["npsv"]', '["nspv"]'),
        ('schedule = "flat_3_5"\nh', 'schedule = {label="x",edition="x",source="x",bands=[{to_year=1,rate=0.1}]}\nh'),
        ("[convention]", "convention = " + "[" * 5_000),
    ],
    ids=lambda value: value[:30],
)
def test_a_convention_with_a_fault(tmp_path: Path, old: str, new: str) -> None:
    assert old in OWN
    path = written(tmp_path, OWN.replace(old, new), "own.toml")
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.evaluate(service(), convention=path)
    for fault in caught.value.faults:
        assert len(str(fault)) < 400
        assert "Input should" not in str(fault), "that is the machinery's sentence, not ours"


# Too large --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["people", "worth", "budget", "income"])
@pytest.mark.parametrize("scale", [1e308, [1.0, 1e308]], ids=["one", "many"])
def test_what_overflows_is_refused_by_name(name: str, scale: Any) -> None:
    """With everything else large too; if the numbers can still be held, each of them is finite."""
    large = {other: 1e300 for other in ("people", "worth", "budget") if other != name}
    try:
        result = sroi.evaluate(service(), {**large, name: scale})
        for result_name in sroi.RESULTS:
            found = np.asarray(getattr(result, result_name), float)
            assert np.isfinite(found).all() or result_name in result.status
    except sroi.ServiceError as error:
        said = str(error)
        assert "does not come out as a finite number" in said
        assert any(word in said for word in ("outcomes.", "costs.", "lines.", "pv_", "npsv")), said


def test_1e308_everywhere_is_refused() -> None:
    large = dict.fromkeys(("people", "worth", "budget", "income", "guess"), 1e308)
    with pytest.raises(sroi.ServiceError, match=r"outcomes\.gain does not come out as a finite number"):
        sroi.evaluate(service(), large)


def test_a_sum_that_overflows_both_ways_does_not_become_nothing() -> None:
    """Benefits and costs both beyond all numbers: their difference is not a number, and must not be 'undefined'."""
    nothing: dict[str, Any] = {}
    for place in (0, 1):
        for key in ("deadweight", "attribution", "displacement", "drop_off"):
            nothing[f"outcomes.{place}.{key}"] = REMOVED
            nothing[f"outcomes.{place}.zero_because.{key}"] = "x"
        nothing[f"outcomes.{place}.quantity"] = "people"
    second = {"id": "second", "funder": "council", "kind": "revenue", "amount": "budget"}
    found = service({**nothing, "costs.1": second, "parameters.lasts.value": 1})
    with pytest.raises(sroi.ServiceError, match="does not come out as a finite number"):
        sroi.evaluate(found, {"people": 1.7e308, "worth": 1.0, "budget": 1.7e308}, convention="svi")


def test_a_period_without_end_is_refused_or_cut() -> None:
    line = {"label": "x", "unit": "years", "formula": "lasts * 1000000 * 1000000"}
    try:
        frame = sroi.evaluate(service({"lines.long": line, "outcomes.0.benefit_period": "long"})).bridge()
        assert np.isfinite(frame["amount" if "amount" in frame else frame.columns[-1]]).all()
    except sroi.ServiceError as error:
        assert "long" in str(error)  # noqa: PT017
