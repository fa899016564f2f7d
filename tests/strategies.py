"""Random valid services, as the plain dict that a service file holds. Small on purpose; numbers are round."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

SOURCE = {
    "title": "Drawn at random",
    "author": "sroi tests",
    "year": 2026,
    "locator": "tests/strategies.py",
    "how_sure": "derived",
}
PRESET = "local_partnerships_2014_unverified"
BEARERS = {
    "council": {"label": "Council", "public": True},
    "nhs": {"label": "Health service", "public": True},
    "clients": {"label": "Clients", "public": False},
    "charity": {"label": "Charity", "public": False},
}
PUBLIC = ("council", "nhs")
PRIVATE = ("clients", "charity")
REASON = "Drawn as zero"
DEDUCTIONS = ("deadweight", "attribution", "displacement", "drop_off")

shares = st.integers(0, 20).map(lambda n: n / 20)
positive_shares = st.integers(1, 20).map(lambda n: n / 20)
people = st.integers(1, 200)
signed_people = st.integers(-50, 200)
money = st.integers(-300, 900).map(float)
price_years = st.sampled_from(["2024-25", "2019-20", "2012-13", "2019", "2022"])


class Writer:
    """Builds one file; every number becomes a parameter with a name of its own."""

    def __init__(self, draw: Any, years: int, grades: st.SearchStrategy[str]) -> None:
        self.draw, self.years, self.grades = draw, years, grades
        self.parameters: dict[str, Any] = {}
        self.lines: dict[str, Any] = {}

    def parameter(self, stem: str, value: Any, unit: str, grade: str | None = None, **more: Any) -> str:
        name = f"{stem}_{len(self.parameters)}"
        self.parameters[name] = {
            "label": f"Number {len(self.parameters)}",
            "by_year" if isinstance(value, list) else "value": value,
            "unit": unit,
            "source": "drawn",
            "grade": grade or self.draw(self.grades),
            **({"price_year": self.draw(price_years)} if "GBP" in unit else {}),
            **more,
        }
        return name

    def yearly(self, values: st.SearchStrategy[Any]) -> Any:
        by_year = st.lists(values, min_size=self.years, max_size=self.years)
        return self.draw(st.one_of(values, values, by_year))

    def maybe(self, target: dict[str, Any], key: str, stem: str, values: st.SearchStrategy[Any], unit: str) -> None:
        if self.draw(st.booleans()):
            target[key] = self.parameter(stem, self.draw(values), unit)

    def quantity(self, values: st.SearchStrategy[Any]) -> str:
        base = self.parameter("people", self.yearly(values), "people")
        form = self.draw(st.sampled_from(["plain", "share", "capped", "branch"]))
        if form == "plain":
            return base
        name = f"line_{len(self.lines)}"
        share = self.parameter("share", self.draw(shares), "share")
        if form == "share":
            formula = f"{base} * (1 - {share}) ** 2"
        elif form == "capped":
            places = self.parameter("places", self.draw(people), "people")
            formula = f"max(min({base}, {places}) * {share}, -{places})"
        else:
            bar = self.parameter("bar", self.draw(people), "people")
            formula = f"where({base} >= {bar}, {base} / 2 + {bar}, {base} * {share})"
        self.lines[name] = {"label": f"Line {len(self.lines)}", "unit": "people", "formula": formula}
        return name


def _reasons(outcome: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
    reasons = {}
    for key in DEDUCTIONS:
        if key == "drop_off" and "already_present_value" in outcome:
            continue
        if key not in outcome or parameters[outcome[key]]["value"] == 0:
            reasons[key] = REASON
    return reasons


def _outcome(writer: Writer, index: int, delivery: int, positive: bool) -> dict[str, Any]:
    draw = writer.draw
    kind = draw(st.sampled_from(["fiscal", "economic", "social"]))
    private = (*PRIVATE, "council") if not positive and draw(st.booleans()) else PRIVATE
    outcome: dict[str, Any] = {
        "id": f"outcome_{index}",
        "label": f"Outcome {index}",
        "stakeholder": draw(st.sampled_from(["poor", "rich", "others"])),
        "bearer": draw(st.sampled_from(PUBLIC if kind == "fiscal" else private)),
        "kind": kind,
        "quantity": writer.quantity(people if positive else signed_people),
    }
    worth = st.integers(1, 900).map(float) if positive else money
    outcome["proxy"] = writer.parameter("worth", writer.yearly(worth), "GBP per person per year")
    for key in ("deadweight", "attribution", "displacement"):
        writer.maybe(outcome, key, key, shares, "share")
    for key in ("leakage", "substitution"):
        writer.maybe(outcome, key, key, shares, "share")
    writer.maybe(outcome, "multiplier", "multiplier", st.integers(1, 8).map(lambda n: n / 4), "ratio")
    if delivery == 1 and draw(st.integers(0, 4)) == 0:
        outcome["already_present_value"] = "Drawn as a present value"
    else:
        periods = st.sampled_from([0, 0.5, 1, 2, 2.5, 3, 7, 12.25])
        outcome["benefit_period"] = writer.parameter("lasts", draw(periods), "years")
        writer.maybe(outcome, "drop_off", "fade", shares, "share")
        writer.maybe(outcome, "onset_year", "wait", st.integers(0, 3), "years")
        writer.maybe(outcome, "growth", "growth", st.integers(-2, 4).map(lambda n: n / 100), "rate")
        if kind == "social" and draw(st.booleans()):
            outcome |= {"discount_class": "health", "wellbeing_route": "qaly"}
    if draw(st.integers(0, 3)) == 0 and (kind == "fiscal" or outcome["bearer"] in PRIVATE):
        others = [name for name in BEARERS if name != outcome["bearer"]]
        outcome |= {"transfer": True, "counterpart": draw(st.sampled_from(others))}
    if (kind == "fiscal" or outcome.get("counterpart") in PUBLIC) and draw(st.booleans()):
        outcome["cashable"] = writer.parameter("cash", draw(shares), "share", grade="A")
    reasons = _reasons(outcome, writer.parameters)
    return {**outcome, "zero_because": reasons} if reasons else outcome


def _cost(writer: Writer, index: int, years: int, delivery: int) -> dict[str, Any]:
    draw = writer.draw
    amounts = st.integers(0, 90).map(lambda n: n * 500.0)
    cost: dict[str, Any] = {
        "id": f"cost_{index}",
        "label": f"Cost {index}",
        "funder": draw(st.sampled_from(list(BEARERS))),
        "kind": draw(st.sampled_from(["capital", "revenue"])),
        "payment": draw(st.sampled_from(["cash", "in_kind"])),
        "recurrence": draw(st.sampled_from(["recurring", "one_off"])),
    }
    if draw(st.booleans()):
        cost["amount"] = writer.parameter("rate", writer.yearly(amounts.map(lambda n: n / 100)), "GBP per person")
        cost["per"] = writer.quantity(people)
    else:
        cost["amount"] = writer.parameter("amount", writer.yearly(amounts), "GBP per year")
    if draw(st.integers(0, 4)) == 0:
        cost |= {"recurrence": "one_off", "already_present_value": "Drawn as a present value"}
    elif cost["recurrence"] == "one_off":
        writer.maybe(cost, "start_year", "start", st.integers(0, years - 1), "years")
    elif draw(st.booleans()):
        start = draw(st.integers(0, years - 1))
        cost["start_year"] = writer.parameter("start", start, "years")
        cost["years"] = writer.parameter("length", draw(st.integers(1, years - start)), "years")
    if draw(st.booleans()):
        cost["optimism_bias"] = writer.parameter("uplift", draw(shares), "share")
        writer.maybe(cost, "mitigation", "mitigation", shares, "share")
    return cost


@st.composite
def services(draw: Any, positive: bool = False, delivery: int | None = None) -> dict[str, Any]:
    """A valid service file; ``positive`` keeps every quantity and proxy above zero."""
    years = draw(st.integers(delivery or 1, 8))
    delivery = delivery or draw(st.integers(1, min(3, years)))
    writer = Writer(draw, years, st.sampled_from("ABCDEF"))
    service: dict[str, Any] = {
        "id": "drawn",
        "title": "Drawn at random",
        "description": "A random service for the tests.",
        "field": "Test",
        "currency": "GBP",
        "price_base_year": draw(st.sampled_from(["2024-25", "2022-23", "2022"])),
        "first_year": 2025,
        "appraisal_years": years,
        "delivery_years": delivery,
    }
    outcomes = [_outcome(writer, i, delivery, positive) for i in range(draw(st.integers(1, 4)))]
    costs = [_cost(writer, i, years, delivery) for i in range(draw(st.integers(1, 3)))]
    stakeholders: dict[str, Any] = {name: {"label": name.capitalize()} for name in ("poor", "rich", "others")}
    incomes = st.integers(8, 80).map(lambda n: n * 1000.0)
    if draw(st.booleans()):
        for name in ("poor", "rich"):
            stakeholders[name]["income"] = writer.parameter(f"income_{name}", draw(incomes), "GBP per year")
        service["reference_income"] = writer.parameter("income_typical", draw(incomes), "GBP per year")
    if draw(st.booleans()):
        service["optimism_bias"] = PRESET
    return {
        "service": service,
        "sources": {"drawn": dict(SOURCE)},
        "parameters": writer.parameters,
        **({"lines": writer.lines} if writer.lines else {}),
        "outcomes": outcomes,
        "costs": costs,
        "bearers": {name: dict(bearer) for name, bearer in BEARERS.items()},
        "stakeholders": stakeholders,
        "scenarios": {"other": _scenario(draw, writer), "same": {"label": "Same", "why": "No changes"}},
    }


def _scenario(draw: Any, writer: Writer) -> dict[str, Any]:
    """A change of one or two plain numbers that need no new reason for a zero."""
    free = [
        name
        for name, parameter in writer.parameters.items()
        if "value" in parameter and name.startswith(("people", "worth", "amount", "rate", "places", "bar"))
    ]
    changes: dict[str, Any] = {}
    if free:
        for name in draw(st.lists(st.sampled_from(free), min_size=1, max_size=2, unique=True)):
            value = draw(st.integers(1, 60))
            changes[name] = {"value": value, "why": "Drawn", "source": "drawn"}
            if "price_year" in writer.parameters[name] and draw(st.booleans()):
                changes[name]["price_year"] = draw(price_years)
    return {"label": "Other", "why": "Drawn", **({"changes": changes} if changes else {})}


def written_out(file: dict[str, Any], scenario: str) -> dict[str, Any]:
    """The file with a scenario's changes made in place, as an analyst would write it out whole."""
    parameters = {name: dict(parameter) for name, parameter in file["parameters"].items()}
    for name, change in file["scenarios"][scenario].get("changes", {}).items():
        parameters[name].pop("spread", None)
        kept = ("value", "by_year", "price_year", "source", "grade", "locator", "spread")
        parameters[name].update({key: change[key] for key in kept if key in change})
    return {**file, "parameters": parameters, "scenarios": {}}
