"""Where a result stands among published reports: the distributions as stated, places in words, and what is flagged."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from small_service import REMOVED, number, service

import sroi
from sroi import published_reports
from sroi.published_reports import Distribution

# Muñoz Mora, sroi-meta-analysis, commit 68098e7: n, P10, P25, median, P75, P90; deductions in percent.
PUBLISHED = {
    "sroi_ratio": (247, 1.31, 2.06, 3.56, 6.60, 10.22),
    "deadweight": (154, 5.2, 10, 20, 34.75, 50),
    "attribution": (216, 10, 15, 25.5, 42, 53),
    "drop_off": (90, 10, 10, 21.5, 50, 50),
    "displacement": (40, None, None, 17.5, None, None),
    "discount_rate": (246, None, 3.5, 3.5, 3.5, None),
}


def test_distributions_are_the_published_ones() -> None:
    table = sroi.benchmarks()
    assert list(table.index) == list(PUBLISHED)
    for name, (n, *percentiles) in PUBLISHED.items():
        row, scale = table.loc[name], 1 if name == "sroi_ratio" else 100
        assert row["n"] == n
        for found, stated in zip(row[["p10", "p25", "median", "p75", "p90"]], percentiles, strict=True):
            assert math.isnan(found) if stated is None else found * scale == pytest.approx(stated, rel=1e-12)
        assert "Muñoz Mora" in row["source"]


RATIO = published_reports.read().distributions["sroi_ratio"]
DROP_OFF = published_reports.read().distributions["drop_off"]
DISPLACEMENT = published_reports.read().distributions["displacement"]


@pytest.mark.parametrize(
    ("distribution", "value", "said"),
    [
        (RATIO, -1, "below the 10th percentile of 247 published reports"),
        (RATIO, 1.5, "between the 10th percentile and the 25th percentile of 247 published reports"),
        (RATIO, 3, "between the 25th percentile and the median of 247 published reports"),
        (RATIO, 3.56, "at the median of 247 published reports"),
        (RATIO, 20, "above the 90th percentile of 247 published reports"),
        (DROP_OFF, 0.1, "at the 10th percentile and the 25th percentile of 90 values above zero in published reports"),
        (DROP_OFF, 0.3 - 0.2, "at the 10th percentile and the 25th percentile of 90 values above zero"),
        (DISPLACEMENT, 0.1, "below the median of 40 values above zero in published reports"),
    ],
)
def test_a_place_is_said_in_words(distribution: Distribution, value: float, said: str) -> None:
    assert distribution.place(value).startswith(said)


def test_every_ratio_stands_somewhere_with_the_warning() -> None:
    for name in sroi.services()["id"]:
        result = sroi.evaluate(sroi.load(name))
        said = published_reports.standing(result)
        table = sroi.compare_benchmarks(result)
        assert (table["quantity"] == "sroi_ratio").sum() == (result.sroi_ratio is not None)
        if result.sroi_ratio is not None:
            assert "of 247 published reports" in said[0]
            assert "no league table" in said[0]


OWN_DEADWEIGHT = {"parameters.own": number(0.3, "share"), "outcomes.0.deadweight": "own"}
BELOW = "is below the 10th percentile of 154 values above zero in published reports"


@pytest.mark.parametrize(("value", "flag"), [(0.05, BELOW), (0.052, ""), (0.2, "")])
def test_a_deduction_below_the_tenth_percentile_is_flagged(value: float, flag: str) -> None:
    result = sroi.evaluate(service(OWN_DEADWEIGHT), {"own": value})
    table = sroi.compare_benchmarks(result)
    assert len(table) == 1 + 2 * 4
    (row,) = table[(table["quantity"] == "deadweight") & (table["outcome"] == "Gain")].to_dict("records")
    assert (row["value"], row["flag"]) == (value, flag)
    assert table["flag"].ne("").sum() == bool(flag)
    assert ([f"Deadweight {flag}: Gain."] if flag else []) == published_reports.standing(result)[1:]


def test_a_zero_needs_a_written_reason() -> None:
    """A file is refused without one; a value of one's own can bring a zero that no reason was written for."""
    result = sroi.evaluate(service(OWN_DEADWEIGHT), {"own": 0.0})
    table = sroi.compare_benchmarks(result).set_index(["quantity", "outcome"])
    assert table.loc[("deadweight", "Gain"), ["stands", "flag"]].tolist() == [
        "zero",
        "is zero without a written reason",
    ]
    assert published_reports.standing(result)[1:] == ["Deadweight is zero without a written reason: Gain."]
    reason = {"outcomes.0.zero_because": {"deadweight": "Nobody would have."}}
    reasoned = sroi.compare_benchmarks(sroi.evaluate(service(OWN_DEADWEIGHT | reason), {"own": 0.0}))
    assert reasoned["flag"].tolist() == [""] * 9
    assert "zero, with a reason" in reasoned["stands"].tolist()


def test_a_drop_off_of_a_present_value_is_not_asked_for() -> None:
    changes = {"outcomes.0.already_present_value": "Stated so.", "outcomes.0.drop_off": REMOVED}
    changes |= {"outcomes.0.benefit_period": REMOVED}
    table = sroi.compare_benchmarks(sroi.evaluate(service(changes)))
    assert ("drop_off", "Gain") not in set(zip(table["quantity"], table["outcome"], strict=True))


def test_a_result_without_a_ratio_says_nothing_of_one() -> None:
    service = sroi.load("legal_advice")
    spends = [name for name in service.parameters if name.startswith("spend_")]
    result = sroi.evaluate(service, dict.fromkeys(spends, 0.0))
    assert result.sroi_ratio is None
    assert not [each for each in published_reports.standing(result) if "SROI ratio" in each]


def test_many_cases_have_no_one_place() -> None:
    service = sroi.load("legal_advice")
    result = sroi.evaluate(service, {"spend_debt": [1e6, 2e6]})
    with pytest.raises(sroi.ServiceError, match="compare_benchmarks"):
        sroi.compare_benchmarks(result)


def test_percentiles_that_fall_are_refused(tmp_path: Path, root: Path) -> None:
    text = (root / "models" / "reference" / "benchmarks.toml").read_text(encoding="utf-8")
    file = tmp_path / "benchmarks.toml"
    file.write_text(text.replace("p25 = 2.06", "p25 = 0.06"), encoding="utf-8")
    with pytest.raises(sroi.ServiceError, match="Percentiles do not fall: write p10, p25, median, p75 and p90"):
        published_reports.read(file)
