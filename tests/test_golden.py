"""Our own results, kept so that a change of them is seen: ``golden/<service>.csv``.

A row for each scenario under each convention. Regenerated only by ``pytest --update-golden``; read the diff before
committing it, and say in the commit why each number moved.
"""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

import sroi
from sroi import reference

GOLDEN = Path(__file__).resolve().parent / "golden"
MODELS = GOLDEN.parent.parent / "models"
NAMES = sorted(path.stem for path in MODELS.glob("*.toml"))
RESULTS = ("pv_benefits", "pv_costs", "npsv", "sroi_ratio", "bcr_netted", "fiscal_ratio", "mvpf", "payback_year")
DIGITS = 10
# The tenth digit may differ where another machine rounds the last bit otherwise.
TOLERANCE = 1e-9
BASE = "(base)"

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    service = sroi.load(name)
    found = []
    for scenario in (None, *service.scenarios):
        for convention in reference.conventions():
            result = sroi.evaluate(service, scenario=scenario, convention=convention)
            status = result.status
            cells = {key: written(getattr(result, key), status.get(key, "")) for key in RESULTS}
            found.append({"scenario": scenario or BASE, "convention": convention, **cells})
    return found


def written(value: float | None, status: str) -> str:
    return status if value is None else f"{value + 0.0:.{DIGITS}g}"


def as_text(table: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def differences(old: list[Row], new: list[Row]) -> list[str]:
    """A line for each number that moved, and for each row that came or went."""
    before = {(row["scenario"], row["convention"]): row for row in old}
    after = {(row["scenario"], row["convention"]): row for row in new}
    said = [f"{' under '.join(key)}: no longer there" for key in before if key not in after]
    for key, row in after.items():
        if key not in before:
            said.append(f"{' under '.join(key)}: new")
            continue
        for name in RESULTS:
            was, now = before[key].get(name, "nothing"), row[name]
            if not alike(was, now):
                said.append(f"{' under '.join(key)}: {name} was {was}, is {now}{moved(was, now)}")
    return said


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def alike(was: str, now: str) -> bool:
    one, other = number(was), number(now)
    if one is None or other is None:
        return was == now
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def moved(was: str, now: str) -> str:
    one, other = number(was), number(now)
    return f" ({other / one - 1:+.2%})" if one and other is not None else ""


@pytest.mark.parametrize("name", NAMES)
def test_results_are_as_before(name: str, update_golden: bool) -> None:
    path = GOLDEN / f"{name}.csv"
    table = rows(name)
    if update_golden:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(as_text(table), encoding="utf-8")
        return
    how = "If each is meant, write: uv run pytest tests/test_golden.py --update-golden"
    if not path.exists():
        pytest.fail(f"There is no {path.name} in tests/golden. {how}", pytrace=False)
    with path.open(encoding="utf-8", newline="") as file:
        said = differences(list(csv.DictReader(file)), table)
    if said:
        pytest.fail("\n".join([f"{name}: {len(said)} differences.", *said, how]), pytrace=False)


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == NAMES


def test_a_difference_is_said_readably() -> None:
    cells = dict.fromkeys(RESULTS, "2")
    old = [{"scenario": "a", "convention": "svi", **cells}, {"scenario": "b", "convention": "svi", **cells}]
    new = [{"scenario": "a", "convention": "svi", **cells, "npsv": "3", "mvpf": "never"}]
    assert differences(old, new) == [
        "b under svi: no longer there",
        "a under svi: npsv was 2, is 3 (+50.00%)",
        "a under svi: mvpf was 2, is never",
    ]
    assert differences(new, new) == []
    assert alike("0.9999999999", "1")
    assert not alike("0.99999999", "1")
