"""The evidence page: every number with source, age and what rests on it; what carries the result said at the top."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
import small_service as small

import sroi
from sroi import cli, evidence, evidence_pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "evidence"
IDS = sorted(sroi.services()["id"])

Printed = pytest.CaptureFixture[str]


def page_of(name: str, **asked: object) -> str:
    return sroi.evidence_page(sroi.load(name), year=2026, **asked)  # type: ignore[arg-type]


def rows_of(changes: dict[str, object], year: int = 2026) -> object:
    return evidence.evidence_rows(sroi.evaluate(small.service(changes)), year)


# Fresh ---------------------------------------------------------------------------------------------------------------


def test_pages_of_the_library_are_fresh() -> None:
    listed = (PAGES / "README.md").read_text(encoding="utf-8")
    # Ages are counted to the year in which the pages were made, so that no page goes stale at New Year.
    year = re.search(r"Ages are counted to (\d{4})", listed)
    assert year
    pages = evidence_pages.library_pages(int(year[1]))
    said = "docs/evidence is stale. Write: uv run sroi evidence --all -o docs/evidence --force"
    assert {file.name for file in PAGES.iterdir()} == set(pages), said
    for name, text in pages.items():
        assert (PAGES / name).read_text(encoding="utf-8") == text, f"{name}: {said}"


def test_readme_leads_to_the_pages() -> None:
    assert "(docs/evidence/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


# What a page holds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_a_page_holds_every_number_source_change_and_caveat(name: str) -> None:
    service = sroi.load(name)
    text = " ".join(
        page_of(name, html=True).replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&").split()
    )
    wanted = [each.label for each in service.parameters.values()]
    wanted += [source.title for source in service.sources.values()]
    wanted += [change.why for scenario in service.scenarios.values() for change in scenario.changes.values()]
    wanted += [scenario.why for scenario in service.scenarios.values()]
    wanted += [each.description for each in service.non_monetised]
    wanted += service.about.does_not_show
    for sentence in wanted:
        assert " ".join(sentence.split()).replace(">", "&gt;").replace("<", "&lt;") in text, sentence


def test_the_top_says_what_carries_the_result() -> None:
    text = page_of("nuka_primary_care")
    top = text.split("## Every number")[0]
    assert "The SROI ratio is 1.70 (base case, Green Book 2026, USD at 2024 prices)." in top
    assert "50% of it rests on 3 of its 16 numbers:" in top
    assert "Weak evidence: of its 16 numbers 10 are assumptions (grade F) and 5 are graded D or E." in top
    assert "On these rests 100% of the result." in top
    assert "Added cost of the redesign per person (grade F, 17%)" in top
    assert "At 0, where this measure says nothing: Share of the falls that would have come anyway." in top


def test_shares_are_those_of_the_elasticities() -> None:
    rows = evidence.evidence_rows(sroi.evaluate(sroi.load("debt_advice_consequences")), 2026)
    found = evidence.standing(rows)
    assert found.on_weak == pytest.approx(rows.loc[rows["grade"].isin(["D", "E", "F"]), "share"].sum())
    assert found.assumptions == (rows["source"] == "assumption").sum()
    assert found.carried == pytest.approx(rows.loc[found.carry, "share"].sum())
    assert 3 <= len(found.carry) <= 5
    assert not rows.loc[found.weak, "fixed"].any()


def test_a_scenario_and_ones_own_values_are_shown() -> None:
    text = page_of("legal_advice", scenario="cautious", values={"spend_debt": 1e6}, convention="svi")
    assert "(scenario cautious, Social Value International practice" in text
    assert "1 is your own" in text
    assert "| Your own value | your own value | – |" in text


@pytest.mark.parametrize(
    ("source", "price_year", "years"),
    [
        (2010, "2024-25", 16),
        (2024, "2009-10", 17),
        ("2008-09", "2024-25", 18),
        ("undated", "2024-25", 2),
        (2030, "2024-25", 2),
    ],
)
def test_age_counts_from_the_earlier_of_source_and_prices(source: object, price_year: str, years: int) -> None:
    rows = rows_of({"sources.study.year": source, "parameters.worth.price_year": price_year})
    assert rows.loc["worth", "age"] == years  # type: ignore[attr-defined]


def test_what_has_no_source_has_no_age() -> None:
    assert math.isnan(rows_of({}).loc["guess", "age"])  # type: ignore[attr-defined]
    assert math.isnan(rows_of({"sources.study.year": "undated"}).loc["people", "age"])  # type: ignore[attr-defined]


def test_a_sparse_service_has_a_page() -> None:
    """Nothing is put in, so there is no ratio; no scenario, nothing unpriced, nothing said."""
    bare = small.service({"parameters.budget.value": 0, "scenarios": {}, "non_monetised": []})
    text = sroi.evidence_page(bare, year=2026)
    assert "The net present social value is £" in text
    for said in ("The file has no scenario.", "names no outcome without a price", "does not say what its evidence"):
        assert said in text
    assert "nan" not in text


def test_nothing_of_a_hostile_file_becomes_markup() -> None:
    bad = "<script>alert(1)</script>|`x`"
    paths = (
        "service.title",
        "service.description",
        "parameters.people.label",
        "sources.study.title",
        "scenarios.low.why",
    )
    hostile = small.service(dict.fromkeys(paths, bad) | {"sources.study.url": "javascript:alert(1)"})
    assert "<script" not in sroi.evidence_page(hostile, html=True)
    text = sroi.evidence_page(hostile)
    assert "<script" not in text
    assert "](javascript" not in text


# The command ---------------------------------------------------------------------------------------------------------


def test_command_prints_the_page_and_writes_it(tmp_path: Path, capsys: Printed) -> None:
    assert cli.main(["evidence", "legal_advice", "--year", "2026"]) == 0
    assert capsys.readouterr().out == page_of("legal_advice")
    for name, html in (("page.md", False), ("page.html", True)):
        file = tmp_path / name
        assert cli.main(["evidence", "legal_advice", "--year", "2026", "-o", str(file)]) == 0
        assert file.read_text(encoding="utf-8") == page_of("legal_advice", html=html)
        assert capsys.readouterr().out == f"Wrote {file}\n"
    assert cli.main(["evidence", "legal_advice", "-o", str(tmp_path / "page.md")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert cli.main(["evidence", "legal_advice", "-o", str(tmp_path / "page.md"), "--force"]) == 0


def test_json_has_a_row_for_each_number(capsys: Printed) -> None:
    asked = ["--scenario", "cautious", "--set", "spend_debt=1e6", "--convention", "svi", "--year", "2026"]
    assert cli.main(["evidence", "legal_advice", *asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["stated_under"]["scenario"] == "cautious"
    service = sroi.load("legal_advice")
    table = sroi.elasticities(service, {"spend_debt": 1e6}, scenario="cautious", convention="svi")
    assert [row["name"] for row in found["numbers"]] == list(table.index)
    assert [row["elasticity"] for row in found["numbers"]] == table["elasticity"].tolist()
    assert set(found["numbers"][0]) >= {"label", "value", "unit", "cited", "url", "how_sure", "grade", "age", "share"}


def test_all_writes_every_page_and_a_list(tmp_path: Path, capsys: Printed) -> None:
    assert cli.main(["evidence", "--all", "-o", str(tmp_path), "--year", "2026"]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"README.md", *(f"{name}.md" for name in IDS)}
    listed = (tmp_path / "README.md").read_text(encoding="utf-8")
    for name in IDS:
        assert f"]({name}.md)" in listed
    assert cli.main(["evidence", "--all", "-o", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "NAME is missing"),
        (["legal_advise"], "Did you mean 'legal_advice'?"),
        (["legal_advice", "-o", "page.pdf"], "End it in .md or .html"),
        (["legal_advice", "-o", "nowhere/page.md"], "is not a folder that is there"),
        (["legal_advice", "-o", "page.md", "--json"], "Write one of them"),
        (["legal_advice", "--scenario", "cautios"], "Did you mean 'cautious'?"),
        (["--all"], "Write the folder for the pages"),
        (["legal_advice", "--all", "-o", "."], "is for one service"),
    ],
)
def test_bad_requests_give_one_message(arguments: list[str], said: str, capsys: Printed) -> None:
    assert cli.main(["evidence", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
