"""A second route to every result: the method in plain Python, written from the method page alone.

It reads the same service files (as the plain dict that tomllib gives) and the same reference data, and shares no
line of code with the package. Loops, floats and ``math.fsum``; slow and easy to check against the method page,
whose sections the functions follow. Used by tests only.
"""

from __future__ import annotations

import csv
import itertools
import math
import re
import tomllib
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parent.parent / "models" / "reference"
GRADES = "ABCDEF"
ETA = 1.3
DEDUCTIONS = ("deadweight", "displacement", "attribution")


# ---------------------------------------------------------------- reference data


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((REFERENCE / name).read_text(encoding="utf-8"))


def conventions() -> dict[str, dict[str, Any]]:
    return read_toml("conventions.toml")["conventions"]


def schedules() -> dict[str, dict[str, Any]]:
    return read_toml("discounting.toml")["schedules"]


def presets() -> dict[str, dict[str, float]]:
    return {name: preset["bias"] for name, preset in read_toml("optimism_bias.toml")["presets"].items()}


def edition(series: str, file: dict[str, Any]) -> dict[str, Any]:
    """The edition of a series that a file pins, or today's."""
    entry = read_toml("editions.toml")["series"][series]
    pinned = file.get("service", {}).get("editions", {}).get(series, entry["current"])
    found: dict[str, Any] = entry["editions"][pinned]
    return found


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def deflators(file: dict[str, Any] | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """Index by currency, kind of year ("financial" or "calendar") and year."""
    tables: dict[str, dict[str, dict[str, float]]] = {}
    for currency, entry in read_toml("currencies.toml")["currencies"].items():
        files = edition(entry["prices"], file or {})
        tables[currency] = {
            kind: {row["year"]: float(row["index"]) for row in rows(files[kind])}
            for kind in ("financial", "calendar")
            if kind in files
        }
    return tables


def with_unit_costs(file: dict[str, Any]) -> dict[str, Any]:
    """The file with the value and price year of every unit cost that it cites."""
    parameters = {name: dict(parameter) for name, parameter in file.get("parameters", {}).items()}
    outcomes = [dict(outcome) for outcome in file.get("outcomes", [])]
    bearers = dict(file.get("bearers", {}))
    for name, parameter in parameters.items():
        if "unit_cost" not in parameter:
            continue
        code, part = parameter["unit_cost"].rsplit(":", 1)
        tables = (edition(series, file).get("unit_costs") for series in read_toml("editions.toml")["series"])
        row = next(row for table in tables if table for row in rows(table) if row["code"] == code)
        parameter.setdefault("value", float(row[part]))
        parameter.setdefault("price_year", row[f"{part}_price_year"])
        for outcome in outcomes:
            if outcome["proxy"] != name:
                continue
            outcome.setdefault("kind", part)
            if "bearer" not in outcome:
                words = {"economic": "people_and_firms", "social": "people"}
                outcome["bearer"] = words.get(part, re.sub(r"\W+", "_", row["agency"]).strip("_").lower())
                bearers.setdefault(outcome["bearer"], {"public": part == "fiscal"})
    return {**file, "parameters": parameters, "outcomes": outcomes, "bearers": bearers}


# ---------------------------------------------------------------- section 1: time and discounting


def rate_of_year(schedule: dict[str, Any], year: int) -> float:
    for band in schedule["bands"]:
        if "to_year" not in band or year <= band["to_year"]:
            return float(band["rate"])
    raise ValueError(f"no band for year {year}")


def discount_factor(schedule: dict[str, Any], time: float) -> float:
    factor = 1.0
    whole = math.floor(time)
    for year in range(1, whole + 1):
        factor /= 1 + rate_of_year(schedule, year)
    if time > whole:
        factor /= (1 + rate_of_year(schedule, whole + 1)) ** (time - whole)
    return factor


SHIFT = {"start": 0.0, "mid": 0.5, "end": 1.0}


# ---------------------------------------------------------------- section 2: prices


def is_financial(year: str) -> bool:
    return "-" in str(year)


def price_factor(
    tables: dict[str, dict[str, dict[str, float]]], currency: str, price_year: str, base_year: str
) -> float:
    series = tables[currency]
    kind = "financial" if is_financial(price_year) or is_financial(base_year) else "calendar"
    if kind not in series:
        kind = "calendar" if kind == "financial" else "financial"

    def label(year: str) -> str:
        first = int(str(year)[:4])
        return str(first) if kind == "calendar" else f"{first}-{(first + 1) % 100:02d}"

    return series[kind][label(base_year)] / series[kind][label(price_year)]


def currency_exponents(unit: str, currencies: list[str]) -> dict[str, int]:
    parts = re.split(r"\bper\b", unit)
    return {
        currency: parts[0].split().count(currency) - sum(part.split().count(currency) for part in parts[1:])
        for currency in currencies
    }


# ---------------------------------------------------------------- the file: scenario, values, lines


def with_scenario(file: dict[str, Any], scenario: str | None, values: dict[str, Any] | None) -> dict[str, Any]:
    """Return the parameters after the scenario's changes and the values of the run."""
    parameters = {name: dict(parameter) for name, parameter in file.get("parameters", {}).items()}
    if scenario is not None:
        for name, change in file["scenarios"][scenario].get("changes", {}).items():
            if "value" in change or "by_year" in change:
                parameters[name].pop("value", None)
                parameters[name].pop("by_year", None)
            parameters[name].update(
                {key: change[key] for key in ("value", "by_year", "grade", "price_year") if key in change}
            )
    for name, value in (values or {}).items():
        parameters[name].pop("by_year", None)
        parameters[name]["value"] = value
    return parameters


def calculator() -> dict[str, Any]:
    return {
        "__builtins__": {},
        "min": min,
        "max": max,
        "where": lambda condition, yes, no: yes if condition else no,
    }


class Names:
    """Every parameter and line, in real terms, by year."""

    def __init__(self, file: dict[str, Any], parameters: dict[str, Any], tables: dict[str, Any]) -> None:
        self.horizon = int(file["service"]["appraisal_years"])
        self.years: dict[str, list[float]] = {}
        self.grades: dict[str, set[str]] = {}
        for name, parameter in parameters.items():
            factor = 1.0
            for currency, exponent in currency_exponents(parameter["unit"], list(tables)).items():
                if exponent:
                    base = str(file["service"]["price_base_year"])
                    factor *= price_factor(tables, currency, str(parameter["price_year"]), base) ** exponent
            raw = parameter["by_year"] if "by_year" in parameter else [parameter["value"]] * self.horizon
            self.years[name] = [float(value) * factor for value in raw]
            self.grades[name] = {parameter["grade"]}
        for name, line in file.get("lines", {}).items():
            code = compile(line["formula"].strip(), name, "eval")
            words = set(code.co_names) - {"min", "max", "where"}
            self.years[name] = [
                float(eval(code, calculator(), {word: self.years[word][t] for word in words}))
                for t in range(self.horizon)
            ]
            self.grades[name] = set().union(*(self.grades[word] for word in words)) if words else set()

    def at(self, name: str | None, t: int, default: float = 0.0) -> float:
        return default if name is None else self.years[name][t]


# ---------------------------------------------------------------- section 3: outcomes


CHAIN = (
    "quantity", "proxy", *DEDUCTIONS, "drop_off", "onset_year", "benefit_period",
    "leakage", "substitution", "multiplier", "growth",
)  # fmt: skip


def optimism_of(file: dict[str, Any], outcome: dict[str, Any], names: Names, convention: dict[str, Any]) -> float:
    preset = file["service"].get("optimism_bias")
    if convention["optimism_bias"] != "service" or preset is None:
        return 0.0
    years = {"drop_off", "onset_year", "benefit_period", "growth"} if "already_present_value" in outcome else set()
    found = set().union(*(names.grades[outcome[key]] for key in CHAIN if key in outcome and key not in years))
    return float(presets()[preset][max(found, key=GRADES.index)])


def outcome_flows(
    file: dict[str, Any],
    outcome: dict[str, Any],
    names: Names,
    convention: dict[str, Any],
    rates: dict[str, Any],
) -> dict[str, Any]:
    """One outcome: its yearly value, its present value, and its column of the gross-to-net bridge."""
    horizon = names.horizon
    delivery = int(file["service"].get("delivery_years", 1))
    lump = "already_present_value" in outcome
    additive = convention["deductions"] == "additive"
    onset = 0 if lump else round(names.at(outcome.get("onset_year"), 0))
    period = 1.0 if lump else names.at(outcome["benefit_period"], 0)
    drop_off = 0.0 if lump else names.at(outcome.get("drop_off"), 0)
    later = 1 if convention["drop_off_in_first_year"] and not lump else 0
    growth = 0.0 if lump else names.at(outcome.get("growth"), 0)
    bias = optimism_of(file, outcome, names, convention)
    first_proxy = names.at(outcome["proxy"], 0)

    steps: dict[str, list[float]] = {
        step: [] for step in ("gross", *DEDUCTIONS, "leakage", "substitution", "multiplier", "drop_off", "left_out")
    }
    impact_in_year = [[] for _ in range(horizon)]
    for cohort in range(delivery):
        shares = [names.at(outcome.get(key), cohort) for key in DEDUCTIONS]
        factor = 1.0
        value = names.at(outcome["quantity"], cohort) * first_proxy
        steps["gross"].append(value * period)
        for i, key in enumerate(DEDUCTIONS):
            factor = max(0.0, 1 - math.fsum(shares[: i + 1])) if additive else factor * (1 - shares[i])
            steps[key].append(value * period * factor)
        factor *= 1 - names.at(outcome.get("leakage"), cohort)
        steps["leakage"].append(value * period * factor)
        factor *= 1 - names.at(outcome.get("substitution"), cohort)
        steps["substitution"].append(value * period * factor)
        factor *= names.at(outcome.get("multiplier"), cohort, 1.0)
        steps["multiplier"].append(value * period * factor)
        for since in range(math.ceil(period)):
            profile = (1 - drop_off) ** (since + later) * min(1.0, max(0.0, period - since))
            steps["drop_off"].append(value * factor * profile)
            t = cohort + onset + since
            if t < horizon:
                steps["left_out"].append(value * factor * profile)
                impact_in_year[t].append(names.at(outcome["quantity"], cohort) * factor * profile)

    schedule = rates[convention["health_schedule" if outcome.get("discount_class") == "health" else "schedule"]]
    grown, value_in_year, present = [], [], []
    for t in range(horizon):
        plain = math.fsum(impact_in_year[t]) * names.at(outcome["proxy"], t) * (1 + growth) ** t
        value = plain * (1 - bias if plain >= 0 else 1 + bias)
        time = 0.0 if lump else t + SHIFT[convention["outcome_timing"]]
        grown.append(plain)
        value_in_year.append(value)
        present.append(value * discount_factor(schedule, time))
    totals = {step: math.fsum(parts) for step, parts in steps.items()}
    totals["growth"] = math.fsum(grown)
    totals["optimism_bias"] = math.fsum(value_in_year)
    totals["discounting"] = math.fsum(present)
    return {"flows": value_in_year, "discounted": present, "pv": math.fsum(present), "steps": totals}


# ---------------------------------------------------------------- section 4: costs


def cost_flows(
    file: dict[str, Any],
    cost: dict[str, Any],
    names: Names,
    convention: dict[str, Any],
    rates: dict[str, Any],
) -> dict[str, Any]:
    horizon = names.horizon
    lump = "already_present_value" in cost
    start = 0 if lump else round(names.at(cost.get("start_year"), 0))
    length = names.at(cost.get("years"), 0, float(file["service"].get("delivery_years", 1)))
    if lump or cost.get("recurrence", "recurring") == "one_off":
        length = 1.0
    flows, present = [0.0] * horizon, [0.0] * horizon
    for t in range(start, min(start + math.ceil(length), horizon)):
        part = min(1.0, start + length - t)
        uplift = 1 + names.at(cost.get("optimism_bias"), t) * (1 - names.at(cost.get("mitigation"), t))
        flows[t] = names.at(cost["amount"], t) * names.at(cost.get("per"), t, 1.0) * uplift * part
        time = 0.0 if lump else t + SHIFT[convention["cost_timing"]]
        present[t] = flows[t] * discount_factor(rates[convention["schedule"]], time)
    return {"flows": flows, "discounted": present, "pv": math.fsum(present)}


# ---------------------------------------------------------------- section 5: results


def difference(a: float, b: float) -> float:
    """What is left of two totals beyond rounding."""
    return 0.0 if math.isclose(a, b, rel_tol=1e-12) else a - b


def to_date(gains: list[float], costs: list[float]) -> list[float]:
    return [difference(math.fsum(gains[: t + 1]), math.fsum(costs[: t + 1])) for t in range(len(gains))]


def payback(to_date: list[float]) -> float | None:
    running = 0.0
    for t, total in enumerate(to_date):
        before, running = running, total
        if running >= 0:
            return 0.0 if t == 0 else t - 1 + (-before) / (running - before)
    return None


def falls_again(running: list[float]) -> bool:
    """Whether the running sum is below zero again after the year in which it first was not."""
    first = next((t for t, total in enumerate(running) if total >= 0), len(running))
    return any(total < 0 for total in running[first:])


def sign_changes(flows: list[float]) -> int:
    signs = [flow > 0 for flow in flows if flow != 0]
    return sum(a != b for a, b in itertools.pairwise(signs))


def internal_rate(flows: list[float]) -> float | None:
    """With one change of sign there is one positive root in v = 1 / (1 + rate) (Descartes): bisect for it."""
    if sign_changes(flows) != 1:
        return None

    def worth(v: float) -> float:
        return math.fsum(flow * v**t for t, flow in enumerate(flows))

    first = next(flow for flow in flows if flow)
    low, high = 1e-12, 1.0
    while worth(high) * first > 0:
        high *= 2
    for _ in range(300):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) * first > 0 else (low, middle)
    return 2 / (low + high) - 1


def ratio(top: float, bottom: float, name: str, status: dict[str, str], word: str) -> float | None:
    if bottom == 0:
        status[name] = word
        return None
    return top / bottom


def signed_ratio(top: float, bottom: float, name: str, status: dict[str, str]) -> float | None:
    if bottom > 0:
        return top / bottom
    status[name] = "pays_for_itself" if top >= 0 else "read_the_other_way"
    return None if top >= 0 or bottom == 0 else top / bottom


def evaluate(
    file: dict[str, Any],
    convention: dict[str, Any] | str | None = None,
    scenario: str | None = None,
    values: dict[str, Any] | None = None,
    own_schedules: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Evaluate a service file under one convention: all results of section 5, tables and yearly flows."""
    file = with_unit_costs(file)
    service = file["service"]
    convention = service.get("convention", "green_book_2026") if convention is None else convention
    bundle: dict[str, Any] = conventions()[convention] if isinstance(convention, str) else convention
    rates = {**schedules(), **(own_schedules or {})}
    names = Names(file, with_scenario(file, scenario, values), deflators(file))
    public = {name for name, bearer in file["bearers"].items() if bearer["public"]}
    horizon = names.horizon
    standard = rates[bundle["schedule"]]

    outcomes = {o["id"]: outcome_flows(file, o, names, bundle, rates) for o in file.get("outcomes", [])}
    costs = {c["id"]: cost_flows(file, c, names, bundle, rates) for c in file.get("costs", [])}
    funders = {c["funder"] for c in file.get("costs", [])}

    def weight_of(stakeholder: str) -> float:
        income = file["stakeholders"].get(stakeholder, {}).get("income")
        if income is None or "reference_income" not in service:
            return 1.0
        return (names.at(service["reference_income"], 0) / names.at(income, 0)) ** ETA

    # Every gain or loss as an entry: (bearer, stakeholder, kind, is fiscal, present value, cashable share, weight)
    entries: list[tuple[str, str, str, bool, float, float, float]] = []
    for o in file.get("outcomes", []):
        pv, transfer = outcomes[o["id"]]["pv"], o.get("transfer", False)
        cash = names.at(o.get("cashable"), 0)
        fiscal = o["kind"] == "fiscal" or (transfer and o["bearer"] in public)
        weight = 1.0 if fiscal else weight_of(o["stakeholder"])
        entries.append((o["bearer"], o["stakeholder"], o["kind"], fiscal, pv, cash, weight))
        if transfer:
            other = o["counterpart"]
            kind = "fiscal" if other in public else "economic"
            weight = 1.0 if other in public else weight_of(other)
            entries.append((other, other, kind, other in public, -pv, cash, weight))

    def total(keep: Any = lambda entry: True, of: Any = lambda entry: entry[4]) -> float:
        return math.fsum(of(entry) for entry in entries if keep(entry))

    status: dict[str, str] = {}
    plain = [o["id"] for o in file.get("outcomes", []) if not o.get("transfer", False)]
    pvb = math.fsum(outcomes[name]["pv"] for name in plain)
    pvc = math.fsum(cost["pv"] for cost in costs.values())
    public_cost = math.fsum(costs[c["id"]]["pv"] for c in file.get("costs", []) if c["funder"] in public)
    private_cost = math.fsum(costs[c["id"]]["pv"] for c in file.get("costs", []) if c["funder"] not in public)
    fiscal = total(lambda e: e[3])
    cashable = total(lambda e: e[3], lambda e: e[4] * e[5])
    funders_savings = total(lambda e: e[3] and e[0] in funders and e[0] in public)
    npsv = difference(pvb, pvc)
    net_public = difference(public_cost, fiscal)
    to_people = difference(total(lambda e: not e[3]), private_cost)
    weighted = total(of=lambda e: e[4] * e[6]) if "reference_income" in service else None

    def yearly(key: str) -> tuple[list[float], list[float]]:
        gains = [math.fsum(outcomes[name][key][t] for name in plain) for t in range(horizon)]
        return gains, [math.fsum(cost[key][t] for cost in costs.values()) for t in range(horizon)]

    gains, spent = yearly("flows")
    flows = [difference(a, b) for a, b in zip(gains, spent, strict=True)]
    undiscounted, discounted = to_date(gains, spent), to_date(*yearly("discounted"))
    bcr = ratio(pvb, pvc, "bcr", status, "no_cost")
    # Savings that cover the whole cost leave nothing to divide by: no ratio (docs/decisions/0005).
    netted_cost = max(0.0, difference(pvc, funders_savings))
    bcr_netted = ratio(pvb - funders_savings, netted_cost, "bcr_netted", status, "no_cost")
    steps = {
        step: math.fsum(o["steps"][step] for o in outcomes.values()) for step in next(iter(outcomes.values()))["steps"]
    }
    steps["transfers"] = pvb

    def by(position: int) -> dict[str, float]:
        return {key: total(lambda e, key=key: e[position] == key) for key in {e[position] for e in entries}}

    for name, series in (("payback_year", discounted), ("payback_year_undiscounted", undiscounted)):
        if falls_again(series):
            status[name] = "falls_below_again"

    result: dict[str, Any] = {
        "pv_benefits": pvb,
        "pv_costs": pvc,
        "pv_inputs": pvc,
        "npsv": npsv,
        "sroi_ratio": ratio(pvb, pvc, "sroi_ratio", status, "no_cost"),
        "net_sroi_ratio": ratio(npsv, pvc, "net_sroi_ratio", status, "no_cost"),
        "bcr": bcr_netted if bundle["bcr_fiscal_savings"] == "netted" else bcr,
        "bcr_netted": bcr_netted,
        "pv_public_cost": public_cost,
        "pv_fiscal_savings": fiscal,
        "pv_cashable_savings": cashable,
        "fiscal_ratio": ratio(fiscal, public_cost, "fiscal_ratio", status, "no_cost"),
        "cashable_ratio": ratio(cashable, public_cost, "cashable_ratio", status, "no_cost"),
        "net_budget_impact": net_public,
        "return_on_public_sector_cost": signed_ratio(npsv, net_public, "return_on_public_sector_cost", status),
        "mvpf": signed_ratio(to_people, net_public, "mvpf", status),
        "payback_year": payback(discounted),
        "payback_year_undiscounted": payback(undiscounted),
        "irr": internal_rate(flows),
        "equivalent_annual_value": npsv / math.fsum(discount_factor(standard, t) for t in range(horizon)),
        "pv_benefits_weighted": weighted,
        "npsv_weighted": None if weighted is None else weighted - pvc,
        "left_out": steps["drop_off"] - steps["left_out"],
    }
    return {
        **result,
        "status": status,
        "outcomes": {name: outcome["pv"] for name, outcome in outcomes.items()},
        "by_bearer": by(0),
        "by_stakeholder": by(1),
        "by_kind": by(2),
        "costs_by_funder": {
            f: math.fsum(costs[c["id"]]["pv"] for c in file.get("costs", []) if c["funder"] == f) for f in funders
        },
        "bridge": steps,
        "netted_cost": netted_cost,
        "scale": math.fsum(abs(o["pv"]) for o in outcomes.values()) + math.fsum(abs(c["pv"]) for c in costs.values()),
        "flows": flows,
        "running": undiscounted,
        "discounted_running": discounted,
    }


RESULTS = (
    "pv_benefits",
    "pv_costs",
    "pv_inputs",
    "npsv",
    "sroi_ratio",
    "net_sroi_ratio",
    "bcr",
    "bcr_netted",
    "pv_public_cost",
    "pv_fiscal_savings",
    "pv_cashable_savings",
    "fiscal_ratio",
    "cashable_ratio",
    "net_budget_impact",
    "return_on_public_sector_cost",
    "mvpf",
    "payback_year",
    "payback_year_undiscounted",
    "irr",
    "equivalent_annual_value",
    "pv_benefits_weighted",
    "npsv_weighted",
    "left_out",
)
