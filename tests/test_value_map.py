"""Import of a Value Map: what is read, what is listed as a gap, and why the sheet's figures differ from ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from value_map_sample import ADULTS, COUNCIL, KEYS, PRESENT, ROWS, TOTAL_PRESENT, TOTALS, results, write

import sroi
from sroi.cli import main
from sroi.workbook.value_map_cells import Cell, normal
from sroi.workbook.value_map_headings import classify

# The worked check of the method; the arithmetic stands beside each figure.
AT_END = 1.387708  # (214,200 / 1.035 + 149,940 / 1.035²) / 250,000
AT_START = 1.436278  # (214,200 + 149,940 / 1.035) / 250,000
UNDISCOUNTED = 1.456560  # (214,200 + 149,940) / 250,000
PEOPLE = {**ADULTS, "stakeholder": "Their families", "input": None, "outcome": "They worry less", "group": None}
ONE_ROW = {
    "stakeholder": "STAKEHOLDER",
    "group": "No. in\ngroup",
    "input": "What they invest",
    "input_value": "Value of inputs, £",
    "output": "Outputs",
    "outcome": "Outcome description",
    "outcome_source": "Source",
    "quantity": "How many people?",
    "duration": "Years of benefit",
    "start": "Start (1 or 2)",
    "proxy": "Financial proxy",
    "proxy_value": "Proxy value (£)",
    "proxy_source": "Proxy source",
    "deadweight": "Dead-weight",
    "displacement": "DISPLACEMENT (%)",
    "attribution": "Attribution",
    "drop_off": "Dropoff",
    "impact": "Impact",
    "year_1": "Yr 1",
    "year_2": "Yr 2",
    "year_3": "Yr 3",
}


def read(path: Path, rows: list[dict[str, Any]] = ROWS, **options: Any) -> sroi.ValueMap:
    told = {key: options.pop(key) for key in ("price_year", "currency", "sheet", "name") if key in options}
    return sroi.read_value_map(write(path / "sample.xlsx", rows, **options), **told)


def reasons(found: sroi.ValueMap) -> dict[str, str]:
    return dict(zip(found.disagreements["what"], found.disagreements["reason"], strict=True))


def gaps(found: sroi.ValueMap) -> str:
    return "\n".join(f"{row.cell}: {row.gap} -> {row.write}" for row in found.gaps.itertuples())


def below(rows: list[dict[str, Any]], totals: dict[str, Any], **stated: Any) -> list[dict[str, Any]]:
    return [*rows, totals, *results(**stated)]


# What is read -------------------------------------------------------------------------------------------------


def test_the_sample_gives_the_worked_check(tmp_path: Path) -> None:
    found = read(tmp_path, price_year="2022-23")
    assert found.result.sroi_ratio == pytest.approx(AT_END, abs=5e-7)
    assert found.result.convention_name == "svi"
    assert sroi.evaluate(found.service, convention="green_book_2026").sroi_ratio == pytest.approx(AT_START, abs=5e-7)
    assert found.disagreements.empty, found.disagreements
    assert "1 outcomes with a price, 0 without, 1 inputs; an SROI ratio of 1.39" in repr(found)
    assert "<table" in found._repr_html_()


def test_every_number_is_a_parameter_with_its_source(tmp_path: Path) -> None:
    service = read(tmp_path, price_year="2022-23", name="homes").service
    (outcome,), (cost,) = service.outcomes, service.costs
    assert (service.id, service.about.price_base_year, service.about.appraisal_years) == ("homes", "2022-23", 3)
    assert (outcome.id, outcome.kind, outcome.stakeholder) == ("they_keep_their_home", "social", "young_adults_housed")
    assert (cost.funder, cost.payment, service.bearers["the_council"].public) == ("the_council", "cash", True)
    quantity, proxy = service.parameters[outcome.quantity], service.parameters[outcome.proxy]
    assert (quantity.value, quantity.unit, quantity.grade) == (60, "people", "D")
    assert (proxy.value, proxy.unit, proxy.price_year) == (8_500, "GBP per person", "2022-23")
    records, costs = service.sources[quantity.source], service.sources[proxy.source]
    assert (records.title, records.year, records.how_sure) == ("Project records 2023", 2023, "second-hand")
    assert (costs.year, costs.locator) == (2022, "Value Map “sample.xlsx”, sheet “Value Map”, cell N5")
    deadweight = service.parameters[str(outcome.deadweight)]
    assert (deadweight.value, deadweight.source, deadweight.grade) == (0.4, "assumption", "F")
    # A reason in the cell is kept; one that is not there is not made up.
    assert outcome.zero_because == {"displacement": "nobody else was waiting"}
    # A service made so passes every rule again from its own tables.
    assert sroi.Service.model_validate(service.model_dump(by_alias=True)).id == "homes"


def test_gaps_of_the_sample(tmp_path: Path) -> None:
    said = gaps(read(tmp_path))
    for part in (
        "the year of prices is not stated: taken to be 2024-25 -> price_year",
        "C5: 'Time' is put in, but no value: left out of the inputs",
        "A5: who gains or loses the money is not in a Value Map",
        "graded D",
        "the first year is not stated",
    ):
        assert part in said
    assert "without a reason" not in said
    assert "not read" not in said


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(KEYS, id="as published"),
        pytest.param(["", *KEYS[:5], "", "", *KEYS[5:14], "", *KEYS[14:]], id="blank columns"),
        pytest.param([*KEYS[11:], "", *KEYS[:11]], id="proxies first"),
        pytest.param([key for key in KEYS if key not in ("group", "output", "impact")], id="missing columns"),
    ],
)
def test_columns_are_found_wherever_they_stand(keys: list[str], tmp_path: Path) -> None:
    for headings in (None, ONE_ROW):
        found = read(tmp_path, [ADULTS, COUNCIL], keys=keys, headings=headings)
        assert found.result.sroi_ratio == pytest.approx(AT_END, abs=5e-7), headings
        assert found.disagreements.empty
        assert "there is no column" not in gaps(found)
        assert {source.title for source in found.service.sources.values()} == {
            "Project records 2023",
            "Unit cost database, 2022",
        }


def test_blank_rows_subtotals_and_notes(tmp_path: Path) -> None:
    families = {key: value for key, value in PEOPLE.items() if key != "stakeholder"}
    rows = [{"stakeholder": "Young adults"}, {}, ADULTS, {}, {"stakeholder": "Sub-total", "impact": 214_200}, families]
    rows += [COUNCIL, {}, {"stakeholder": "Total", "impact": 428_400}, {}, {"outcome": "Figures were checked in May."}]
    found = read(tmp_path, rows)
    # Twice the same value over the same input.
    assert found.result.sroi_ratio == pytest.approx(2 * TOTAL_PRESENT / 250_000, rel=1e-12)
    # The second outcome has no stakeholder of its own: it belongs to the one above.
    assert [outcome.stakeholder for outcome in found.service.outcomes] == ["young_adults_housed"] * 2
    assert found.service.non_monetised == ()
    assert found.disagreements.empty


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("£1,234", 1_234),
        ("£ 1,234.50 per person", 1_234.5),
        ("GBP 20", 20),
        ("1 234", 1_234),
        ("-5", -5),
        ("−£5", -5),
        ("(5)", -5),
        ("27%", 0.27),
        ("27 % (survey)", 0.27),
        ("2 years", 2),
        ("0% – net figures", 0),
        (".5", 0.5),
        ("1.2m", None),
        ("£2 million", None),
        ("1-2 years", None),
        ("1 to 2", None),
        ("1/2", None),
        ("1 : 2", None),
        ("1,5", None),
        ("1.234,56", None),
        ("about 30", None),
        ("tbc", None),
        ("#REF!", None),
        (True, None),
        (1e300, None),
        ("1" * 400, None),
        ("9" * 20_000 + "x", None),
    ],
)
def test_numbers_as_people_write_them(value: Any, number: float | None) -> None:
    assert Cell("A1", value).number == number


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Who do we have an affect on?", "stakeholder"),
        ("No. in group", "group_size"),
        ("What is the value of the inputs in currency (only enter numbers)", "input_value"),
        ("How would the stakeholder describe the changes?", "outcome"),
        ("Outcome indicator", "indicator"),
        ("Source of outcome data", "outcome_source"),
        ("Outcomes start", "start"),
        ("Duration (years)", "duration"),
        ("Financial proxy (£)", "proxy_value"),
        ("Financial proxy: source", "proxy_source"),
        ("What is the value of the change?", "proxy_value"),
        ("Reason for deadweight", "deadweight_reason"),
        ("Drop-off %", "drop_off"),
        ("Impact: quantity times financial proxy, less deadweight", "impact"),
        ("Sample size used to determine quantity", ""),
        ("Colour", ""),
    ],
)
def test_what_headings_mean(heading: str, meaning: str) -> None:
    assert classify(normal(heading)) == meaning


def test_shares_as_people_write_them(tmp_path: Path) -> None:
    rows = [{**ADULTS, "deadweight": 40, "attribution": "30%", "drop_off": "30 %"}, COUNCIL]
    found = read(tmp_path, rows)
    assert found.result.sroi_ratio == pytest.approx(AT_END, abs=5e-7)
    assert "O5: Deadweight is 40: read as 0.4, which is 40.0000% -> a percentage" in gaps(found)
    wrong = read(tmp_path, [{**ADULTS, "deadweight": "some", "attribution": 140}, COUNCIL])
    assert "O5: Deadweight is 'some', which is no share: taken as 0%" in gaps(wrong)
    assert "Q5: Attribution is 140, which is no share: taken as 0%" in gaps(wrong)
    assert wrong.service.outcomes[0].zero_because["deadweight"] == "some"


def test_percent_cells_are_fractions(tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["O5"].number_format = "0%"
    book.active["O5"].value = 1
    book.save(path)
    found = sroi.read_value_map(path)
    assert found.service.parameters["deadweight_they_keep_their_home"].value == 1
    assert "Deadweight is" not in gaps(found)


def test_zeros_of_the_template_are_gaps(tmp_path: Path) -> None:
    zeros = {**ADULTS, **dict.fromkeys(("deadweight", "displacement", "drop_off"), 0), "attribution": None}
    found = read(tmp_path, [zeros, COUNCIL])
    said = gaps(found)
    assert "O5: Deadweight is left at the template's 0%, without a reason -> the share, or why" in said
    assert "Q5: Attribution is missing: taken as 0%, without a reason" in said
    assert set(found.service.outcomes[0].zero_because) == {"deadweight", "displacement", "attribution", "drop_off"}
    # In an outcome of one year nothing drops off: that is no gap.
    assert "Drop-off" not in gaps(read(tmp_path, [{**zeros, "duration": 1}, COUNCIL]))


def test_what_is_missing_is_listed_and_not_made_up(tmp_path: Path) -> None:
    rows = [
        {**ADULTS, "outcome_source": None, "duration": None, "start": 7, "stakeholder": None, "quantity": 90},
        {**PEOPLE, "proxy_value": "not yet known"},
        {**COUNCIL, "input_value": "£250,000"},
        {"stakeholder": "Volunteers", "input": "Volunteer hours, in kind", "input_value": 10_000},
        {"stakeholder": "Volunteers", "input": "Volunteer hours, in kind", "input_value": 10_000},
        {"stakeholder": "A trust", "input": "A clawback", "input_value": -10},
    ]
    found = read(tmp_path, rows)
    said = gaps(found)
    for part in (
        "row 5: no stakeholder is named",
        "I5: no source is stated: graded as an assumption",
        "J5: the duration is missing: taken as 1 year",
        "K5: the outcome's start is 7: taken as 1",
        "I5: the quantity 90 is more than the 80 in the group",
        "M6: 'not yet known' is not one number: 'They worry less' is kept as an outcome without a price",
        "D8: taken to be given in kind",
        "D9: the same input of the same stakeholder stands above: counted once",
        "D10: an input of -10 is below zero",
    ):
        assert part in said, said
    assert [entry.label for entry in found.service.non_monetised] == ["They worry less"]
    assert [(cost.payment, cost.amount) for cost in found.service.costs] == [
        ("cash", "input_grant"),
        ("in_kind", "input_volunteer_hours_in_kind"),
    ]


def test_columns_that_are_not_there_or_not_understood(tmp_path: Path) -> None:
    keys = [key for key in KEYS if key not in ("displacement", "start")]
    headings = {**ONE_ROW, "colour": "Colour of the outcome's icon"}
    found = read(tmp_path, [{**ADULTS, "colour": "red"}, COUNCIL], keys=[*keys, "colour"], headings=headings)
    said = gaps(found)
    assert "there is no column 'Displacement %'" in said
    assert "there is no column 'Outcome start'" in said
    assert 'column U: the column "Colour of the outcome\'s icon" is not read' in said
    assert found.result.sroi_ratio == pytest.approx(AT_END, abs=5e-7)


def test_an_outcome_that_starts_later(tmp_path: Path) -> None:
    later = {**ADULTS, "start": 2, "year_1": 0, "year_2": 214_200, "year_3": 149_940}
    found = read(tmp_path, [later, COUNCIL])
    # All a year later: once more over 1.035.
    assert found.result.sroi_ratio == pytest.approx(TOTAL_PRESENT / 1.035 / 250_000, rel=1e-12)
    assert found.disagreements.empty


def test_currency_and_price_year_from_the_sheet(tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xlsx")
    book = openpyxl.load_workbook(path)
    for cell in ("D4", "M4"):
        book.active[cell].value = book.active[cell].value.replace("£", "$")
    book.active["A1"].value = "Sample Value Map, 2021/22"
    book.save(path)
    found = sroi.read_value_map(path)
    assert (found.service.about.currency, found.service.about.price_base_year) == ("USD", "2021-22")
    assert "A1: the year of prices is not stated: taken to be 2021-22, named here" in gaps(found)
    assert sroi.read_value_map(path, currency="GBP").service.about.currency == "GBP"


HOSTILE = ('=HYPERLINK("http://x")', "'; DROP TABLE x; --", "x" * 32_000, "🏠 שלום", "a\x01b\x1fc", "{0} %s \\", "<b>")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    rows = []
    for number, text in enumerate(HOSTILE):
        safe = text.replace("\x01", "_x0001_").replace("\x1f", "_x001F_")
        rows.append({**ADULTS, "stakeholder": safe, "outcome": safe, "proxy_source": safe, "indicator": str(number)})
    path = write(tmp_path / "sample.xlsx", [*rows, COUNCIL])
    book = openpyxl.load_workbook(path)
    for column in ("A5", "F5", "N5"):
        # openpyxl would make a formula of it.
        book.active[column].value = HOSTILE[0]
        book.active[column].data_type = "s"
    book.save(path)
    found = sroi.read_value_map(path)
    assert len(found.service.outcomes) == len(HOSTILE)
    assert found.result.sroi_ratio == pytest.approx(len(HOSTILE) * TOTAL_PRESENT / 250_000, rel=1e-9)
    assert found.service.outcomes[0].label == HOSTILE[0]
    assert all(len(outcome.name) <= 120 and outcome.name.isprintable() for outcome in found.service.outcomes)
    assert "holds more than 20,000 characters" in gaps(found)


def test_a_long_remark_beside_a_share_is_kept_as_far_as_a_service_file_holds_it(tmp_path: Path) -> None:
    found = read(tmp_path, [{**ADULTS, "deadweight": "x" * 32_000}, COUNCIL])
    (note,) = [p.note for name, p in found.service.parameters.items() if name.startswith("deadweight")]
    assert len(note) == 20_000
    assert "holds more than 20,000 characters" in gaps(found)


# Where the sheet differs --------------------------------------------------------------------------------------


def test_an_arithmetic_slip_is_said_once_and_followed(tmp_path: Path) -> None:
    # 241,200 for 214,200: two digits exchanged; the years follow from it, 0.7 × 241,200 = 168,840.
    slip = {**ADULTS, "impact": 241_200, "year_1": 241_200, "year_2": 168_840}
    totals = {**TOTALS, "impact": 241_200, "year_1": 241_200, "year_2": 168_840}
    total = 241_200 / 1.035 + 168_840 / 1.035**2
    present = {"year_1": 241_200 / 1.035, "year_2": 168_840 / 1.035**2, "year_3": 0}
    found = read(tmp_path, below([slip, COUNCIL], totals, present=present, total=total))
    said = reasons(found)
    assert said.pop("Impact of 'They keep their home'").startswith("unexplained")
    assert len(said) == 7
    assert all(reason.startswith("follows from") for reason in said.values()), said
    row = found.disagreements.iloc[0]
    assert (row["cell"], row["sheet"], row["ours"], row["difference"]) == ("S5", 241_200, 214_200, 27_000)


def test_year_1_undiscounted(tmp_path: Path) -> None:
    # 214,200 + 149,940 / 1.035 = 359,069.565…
    present = {"year_1": 214_200, "year_2": 149_940 / 1.035, "year_3": 0}
    total = 214_200 + 149_940 / 1.035
    found = read(tmp_path, below([ADULTS, COUNCIL], TOTALS, present=present, total=total))
    said = reasons(found)
    assert len(said) == 4
    assert set(said.values()) == {"year 1 is not discounted"}
    last = found.disagreements.iloc[-1]
    assert (last["what"], last["sheet"]) == ("Social return for each unit invested", pytest.approx(AT_START, abs=5e-7))
    assert last["ours"] == pytest.approx(AT_END, abs=5e-7)


# The rest of the map is as the sample has it, and only the ratio is stated.
@pytest.mark.parametrize(
    ("ratio", "reason"),
    [
        (AT_START, "year 1 is not discounted"),
        ("£1 : £1.44", "year 1 is not discounted"),
        ("£1.44 : £1", "year 1 is not discounted"),
        ("1:1.46", "nothing is discounted"),
        (UNDISCOUNTED, "nothing is discounted"),
        # 510,000 × (1 − 0.4 − 0.3) = 153,000 for 214,200: 1.387708 × 153,000 / 214,200
        (0.991220, "added up"),
        # a year's drop-off more: 0.7 × 1.387708
        (0.971396, "drop-off is taken off in the first year"),
        # 510,000 for 214,200: 1.387708 / 0.42
        (3.304068, "outcomes are counted without any deduction"),
        # 1.387708 / 0.6
        (2.312847, "deadweight is not taken off"),
        # (214,200 / 1.035 + 214,200 / 1.035²) / 250,000
        (1.627658, "drop-off is not taken off"),
        # a third year, 0.49 × 214,200 / 1.035³ / 250,000 = 0.378664 more
        (1.766373, "the duration is counted after the period of activity"),
        # (346,927.116 − 250,000) / 250,000
        (0.387708, "the net present value, and not the present value, is divided"),
        (7, "unexplained"),
    ],
)
def test_a_ratio_is_explained(ratio: Any, reason: str, tmp_path: Path) -> None:
    found = read(tmp_path, [ADULTS, COUNCIL, {"drop_off": "Social return (SROI ratio)", "impact": ratio}])
    (row,) = found.disagreements.to_dict("records")
    assert row["what"] == "Social return for each unit invested"
    assert reason in row["reason"]
    assert row["ours"] == pytest.approx(AT_END, abs=5e-7)


def test_another_rate(tmp_path: Path) -> None:
    total = 214_200 / 1.05 + 149_940 / 1.05**2
    rows = [ADULTS, COUNCIL, {"proxy_value": "Discount rate:", "deadweight": "5%"}]
    rows += [{"proxy_value": "SROI ratio", "deadweight": total / 250_000}]
    said = reasons(read(tmp_path, rows))
    assert "both rates are in use" in said["Discount rate"]
    assert said["Social return for each unit invested"] == "the sheet discounts at 5.00%, svi at 3.50%"


def test_an_input_in_kind_left_out(tmp_path: Path) -> None:
    helpers = {"stakeholder": "Volunteers", "input": "Volunteer time, in kind", "input_value": 30_000}
    found = read(tmp_path, below([ADULTS, COUNCIL, helpers], TOTALS))
    said = reasons(found)
    reason = "the input in kind 'Volunteer time, in kind' is left out"
    assert said == {
        "Total inputs": reason,
        "Net present value": reason,
        "Social return for each unit invested": reason,
    }
    # 346,927.116 / 280,000
    assert found.result.sroi_ratio == pytest.approx(1.239025, abs=5e-7)


def test_a_sum_that_ends_too_early(tmp_path: Path) -> None:
    said = reasons(read(tmp_path, below([ADULTS, COUNCIL, PEOPLE], TOTALS)))
    assert said["Total impact"] == "row 5 is left out of the sum"
    assert said["Total, Year 1 (and 1 more)"] == "row 5 is left out of the sum"
    assert said["Present value, Year 1 (and 1 more)"] == "follows from the totals"
    assert said["Social return for each unit invested"] == "follows from the figures above"


def test_drop_off_at_once_or_a_typed_year(tmp_path: Path) -> None:
    # 0.7 × 214,200 = 149,940 in the first year, 0.49 × 214,200 = 104,958 in the second
    at_once = {**ADULTS, "year_1": 149_940, "year_2": 104_958}
    said = reasons(read(tmp_path, [at_once, COUNCIL]))
    assert said == {"Year 1 of 'They keep their home' (and 1 more)": "drop-off is taken off in the first year already"}
    typed = {**ADULTS, "year_2": 100_000}
    assert next(iter(reasons(read(tmp_path, [typed, COUNCIL])).values())).startswith("unexplained")
    empty = {**ADULTS, "year_2": None}
    assert list(reasons(read(tmp_path, [empty, COUNCIL]))) == ["Year 2 of 'They keep their home'"]


def test_added_deductions_in_a_row(tmp_path: Path) -> None:
    # 510,000 × (1 − 0.4 − 0 − 0.3) = 153,000
    said = reasons(read(tmp_path, [{**ADULTS, "impact": 153_000, "year_1": 153_000, "year_2": 107_100}, COUNCIL]))
    assert "added up" in said["Impact of 'They keep their home'"]
    assert said["Year 1 of 'They keep their home' (and 1 more)"] == "follows from the row's impact"


def test_years_beyond_the_last_column(tmp_path: Path) -> None:
    keys = [key for key in KEYS if key not in ("year_2", "year_3")]
    # 214,200 / 1.035 / 250,000
    rows = [ADULTS, COUNCIL, {"drop_off": "Ratio", "impact": 0.827826}]
    (reason,) = reasons(read(tmp_path, rows, keys=keys)).values()
    assert reason == "what falls after the sheet's last year column is left out (1 years)"


def test_no_input_no_ratio(tmp_path: Path) -> None:
    found = read(tmp_path, [ADULTS, {"drop_off": "Ratio", "impact": 2}])
    (row,) = found.disagreements.to_dict("records")
    assert row["reason"] == "no input with a value could be read"
    assert "no input has a value" in gaps(found)
    assert "no ratio, since no input has a value" in found.headline


# What is refused ----------------------------------------------------------------------------------------------


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(sroi.ServiceError) as refused:
        sroi.read_value_map(path, **options)
    return str(refused.value)


def test_refusals_say_what_to_write(tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xlsx")
    assert "sheet 'Map' is not in the workbook. It has: 'Value Map'." in refusal(path, sheet="Map")
    assert "currency is 'EUR'. Price indices are there for GBP, USD" in refusal(path, currency="EUR")
    assert "price_year is 'now'. Write a calendar year such as '2024'" in refusal(path, price_year="now")
    table = openpyxl.Workbook()
    table.active.append(["Month", "Rainfall"])
    table.save(tmp_path / "table.xlsx")
    assert "No sheet has the headings of a Value Map" in refusal(tmp_path / "table.xlsx")
    part = write(tmp_path / "part.xlsx", keys=[key for key in KEYS if key != "quantity"])
    assert "have no heading for: Outcome: quantity" in refusal(part)
    bare = write(tmp_path / "bare.xlsx", [{**ADULTS, "quantity": None}])
    assert "No row below row 4 has both a quantity (column I) and a value of the proxy (column M)" in refusal(bare)
    unsaved = write(tmp_path / "unsaved.xlsx", [{**ADULTS, "quantity": "=30*2"}])
    assert "I5 holds a formula whose result is not saved" in refusal(unsaved)
    assert "There is no file" in refusal(tmp_path / "none.xlsx")
    long = write(tmp_path / "long.xlsx", [ADULTS] * 1_001)
    assert "has 1,001 rows. A Value Map of at most 1,000 rows is read" in refusal(long)
    large = write(tmp_path / "large.xlsx", [*ROWS, *[{}] * 5_000, {"stakeholder": "Far below"}])
    assert "beyond 5,000 rows and 200 columns nothing is read" in gaps(sroi.read_value_map(large))


def test_a_second_map_in_the_workbook_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xlsx")
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book.active).title = "Second"
    book.save(path)
    assert "the sheet “Second” looks like a Value Map too" in gaps(sroi.read_value_map(path))
    assert sroi.read_value_map(path, sheet="Second").sheet == "Second"


# On the command line ------------------------------------------------------------------------------------------


def test_import_map_says_gaps_and_disagreements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "sample.xlsx", [ADULTS, COUNCIL, {"drop_off": "SROI ratio", "impact": AT_START}])
    assert main(["import-map", str(path), "--price-year", "2022"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "an SROI ratio of 1.39" in said
    assert "C5: 'Time' is put in, but no value" in said
    assert "the sheet has 1.436278, we have 1.3877085: year 1 is not discounted." in said
    assert main(["import-map", str(write(tmp_path / "sound.xlsx"))]) == 0
    assert "0 disagreements" in " ".join(capsys.readouterr().out.split())


def test_import_map_writes_a_service_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, target = write(tmp_path / "sample.xlsx"), tmp_path / "my_homes.toml"
    assert main(["import-map", str(path), "-o", str(target)]) == 0
    assert sroi.evaluate(sroi.load(target)).sroi_ratio == pytest.approx(AT_END, abs=5e-7)
    assert main(["import-map", str(path), "-o", str(target)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_import_map_refuses_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "sample.xlsx")
    for arguments, sentence in (
        ([str(tmp_path / "none.xlsx")], "There is no file"),
        ([str(path), "-o", "service.yaml"], "Write a name in .toml"),
        ([str(path), "-o", str(tmp_path / "My Homes.toml")], "'my_homes.toml'"),
    ):
        assert main(["import-map", *arguments]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert sentence in printed.err


def test_present_values_are_those_of_the_sample() -> None:
    assert sum(PRESENT.values()) == pytest.approx(TOTAL_PRESENT)
    assert pytest.approx(AT_END, abs=5e-7) == TOTAL_PRESENT / 250_000
