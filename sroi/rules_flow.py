"""Rules on outcomes and costs: what refers to what, in which unit, and what counts once."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import reference, units
from sroi.draft import Draft
from sroi.errors import Fault, nearest, shown
from sroi.rules import rule
from sroi.rules_lines import unit_table
from sroi.schema import DEDUCTIONS, Outcome
from sroi.units import NUMBER, PER_YEAR, YEAR, Unit

OUTCOME_SHARES = (
    "deadweight",
    "attribution",
    "displacement",
    "drop_off",
    "leakage",
    "substitution",
    "cashable",
)


def _references(draft: Draft) -> Iterator[tuple[str, str | None, str]]:
    """Yield where a name is used, the name, and the table that must hold it."""
    if draft.about:
        yield "service.participants", draft.about.participants, "names"
        yield "service.reference_income", draft.about.reference_income, "names"
    for outcome in draft.outcomes:
        where = f"outcomes.{outcome.id}"
        yield f"{where}.stakeholder", outcome.stakeholder, "stakeholders"
        yield f"{where}.bearer", outcome.bearer, "bearers"
        yield f"{where}.counterpart", outcome.counterpart, "bearers"
        for key in (
            "quantity",
            "proxy",
            "onset_year",
            "benefit_period",
            "multiplier",
            "growth",
            *OUTCOME_SHARES,
        ):
            yield f"{where}.{key}", getattr(outcome, key), "names"
    for cost in draft.costs:
        yield f"costs.{cost.id}.funder", cost.funder, "bearers"
        for key in ("amount", "per", "start_year", "years", "optimism_bias", "mitigation"):
            yield f"costs.{cost.id}.{key}", getattr(cost, key), "names"
    for unpriced in draft.non_monetised:
        yield f"non_monetised.{unpriced.id}.stakeholder", unpriced.stakeholder, "stakeholders"
        yield f"non_monetised.{unpriced.id}.quantity", unpriced.quantity, "names"
    for key, stakeholder in draft.stakeholders.items():
        yield f"stakeholders.{key}.income", stakeholder.income, "names"


@rule
def references_exist(draft: Draft) -> Iterator[Fault]:
    """Outcomes, costs and stakeholders refer to what the file declares."""
    # Looked up once for each reference, of which a large file has thousands: in a set, kept in order for messages.
    declared = {table: dict.fromkeys(names) for table, names in draft.declared.items()}
    declared["names"] = dict.fromkeys(draft.names())
    for where, name, table in _references(draft):
        known = declared[table]
        if name is not None and name not in known:
            kind = "parameter or line" if table == "names" else table.removesuffix("s")
            yield Fault(where, f"is {shown(name)}: there is no such {kind}. {nearest(name, known)}")


@rule
def something_to_value(draft: Draft) -> Iterator[Fault]:
    """A service has at least one outcome."""
    if not draft.outcomes and not any(fault.where.startswith("outcomes") for fault in draft.faults):
        yield Fault("outcomes", "is missing: write at least one table [[outcomes]].")


@rule
def flows_come_out_as_money(draft: Draft) -> Iterator[Fault]:
    """Quantity times proxy, and amount times per, is money, or money a year, in the service's currency."""
    if draft.about is None:
        return
    table = unit_table(draft)
    money = units.of({draft.about.currency: 1})
    pairs: list[tuple[str, str, str, str | None]]
    pairs = [(f"outcomes.{o.id}", "quantity × proxy", o.quantity, o.proxy) for o in draft.outcomes]
    pairs += [(f"costs.{c.id}", "amount × per" if c.per else "amount", c.amount, c.per) for c in draft.costs]
    for where, what, first, second in pairs:
        if first not in table or (second is not None and second not in table):
            continue
        found = table[first] * (table[second] if second is not None else NUMBER)
        if found not in (money, money * PER_YEAR):
            yield Fault(
                where,
                f"gives {what} in {found}."
                f" It must come out as {draft.about.currency}, or {draft.about.currency} per year: mend a unit.",
            )


@rule
def shares_are_plain(draft: Draft) -> Iterator[Fault]:
    """Deductions and other shares are plain numbers; onset and benefit period are years; income is money."""
    table = unit_table(draft)
    wanted: list[tuple[str, str | None, Unit, str]] = []
    for o in draft.outcomes:
        yield from _must_be_share(draft, {f"outcomes.{o.id}.{key}": getattr(o, key) for key in OUTCOME_SHARES})
        wanted += [
            (f"outcomes.{o.id}.{key}", getattr(o, key), NUMBER, "a plain number") for key in ("multiplier", "growth")
        ]
        wanted += [
            (f"outcomes.{o.id}.{key}", getattr(o, key), YEAR, "years") for key in ("onset_year", "benefit_period")
        ]
    for c in draft.costs:
        yield from _must_be_share(draft, {f"costs.{c.id}.mitigation": c.mitigation})
        wanted += [(f"costs.{c.id}.optimism_bias", c.optimism_bias, NUMBER, "a plain number")]
        wanted += [(f"costs.{c.id}.{key}", getattr(c, key), YEAR, "years") for key in ("start_year", "years")]
    for where, name, unit, word in wanted:
        if name in table and table[name] != unit:
            yield Fault(
                where,
                f"uses {name!r}, which is in {table[name]}. It must be {word}: use another, or mend its unit.",
            )


def _must_be_share(draft: Draft, used: dict[str, str | None]) -> Iterator[Fault]:
    """A share is stated in the unit `share`, so that 0 to 1 is checked wherever it comes from."""
    for where, name in used.items():
        entry = draft.parameters.get(name or "") or draft.lines.get(name or "")
        if entry is not None and not units.is_share(entry.unit):
            yield Fault(
                where, f"uses {name!r}, which is in {entry.unit!r}. It must be in 'share', a fraction from 0 to 1."
            )


def _is_zero(draft: Draft, name: str) -> bool:
    parameter = draft.parameters.get(name)
    return parameter is not None and (
        parameter.value == 0 or (parameter.by_year is not None and not any(parameter.by_year))
    )


@rule
def zero_needs_a_reason(draft: Draft) -> Iterator[Fault]:
    """A deduction that is left out or zero says why."""
    for outcome in draft.outcomes:
        for deduction in DEDUCTIONS:
            name = getattr(outcome, deduction)
            exempt = deduction == "drop_off" and outcome.already_present_value
            if (name is None or _is_zero(draft, name)) and deduction not in outcome.zero_because and not exempt:
                found = "left out" if name is None else "zero"
                yield Fault(
                    f"outcomes.{outcome.id}.{deduction}",
                    f"is {found} without a reason."
                    f" Write zero_because.{deduction} = 'why nothing is deducted', or a parameter above 0.",
                )


@rule
def effects_have_a_period(draft: Draft) -> Iterator[Fault]:
    """An outcome says how long it lasts; years it starts in are whole; what runs along years does not vary by year."""
    for outcome in draft.outcomes:
        where = f"outcomes.{outcome.id}"
        if outcome.benefit_period is None and not outcome.already_present_value:
            yield Fault(
                f"{where}.benefit_period",
                "is missing. Name the parameter that says how many years the effect lasts.",
            )
        keys = ("onset_year", "benefit_period", "drop_off", "growth", "cashable")
        yield from _one_number(draft, {f"{where}.{key}": getattr(outcome, key) for key in keys})
        yield from _whole(draft, f"{where}.onset_year", outcome.onset_year)
    for cost in draft.costs:
        where = f"costs.{cost.id}"
        yield from _one_number(draft, {f"{where}.{key}": getattr(cost, key) for key in ("start_year", "years")})
        yield from _whole(draft, f"{where}.start_year", cost.start_year)


def _one_number(draft: Draft, used: dict[str, str | None]) -> Iterator[Fault]:
    for where, name in used.items():
        parameter = draft.parameters.get(name or "")
        if parameter and parameter.by_year is not None:
            rule = "It is one number for the whole effect: use a parameter with one value."
            yield Fault(where, f"varies by year. {rule}")


def _whole(draft: Draft, where: str, name: str | None) -> Iterator[Fault]:
    parameter = draft.parameters.get(name or "")
    if parameter and parameter.value is not None and parameter.value != int(parameter.value):
        yield Fault(where, f"is {parameter.value:g}. Write a whole number of years, 0 for the same year.")


@rule
def present_values_stand_alone(draft: Draft) -> Iterator[Fault]:
    """The present value of an outcome belongs to one cohort at t = 0."""
    for outcome in draft.outcomes:
        if outcome.already_present_value and draft.about and draft.about.delivery_years > 1:
            yield Fault(
                f"outcomes.{outcome.id}.already_present_value",
                "stands at t = 0 for one cohort, but the service has several delivery years. Write delivery_years = 1.",
            )


@rule
def money_has_a_public_bearer(draft: Draft) -> Iterator[Fault]:
    """A fiscal outcome falls to a public body; only such money has a cashable share."""
    public = {key for key, bearer in draft.bearers.items() if bearer.public}
    for outcome in draft.outcomes:
        where = f"outcomes.{outcome.id}"
        if outcome.kind == "fiscal" and outcome.bearer in draft.bearers and outcome.bearer not in public:
            yield Fault(
                f"{where}.bearer",
                f"is {outcome.bearer!r}, which is not public. Fiscal value falls to a public body: choose one.",
            )
        if outcome.cashable and outcome.kind != "fiscal" and outcome.counterpart not in public:
            yield Fault(
                f"{where}.cashable",
                f"is given for {outcome.kind} value. Only fiscal savings are cashable: take it out.",
            )


@rule
def transfers_have_two_sides(draft: Draft) -> Iterator[Fault]:
    """A transfer names the other side; nothing else does."""
    for outcome in draft.outcomes:
        where = f"outcomes.{outcome.id}.counterpart"
        if outcome.transfer and outcome.counterpart is None:
            yield Fault(
                where,
                "is missing. A transfer is a gain to one and an equal loss to another: name the bearer who loses.",
            )
        elif outcome.counterpart is not None and not outcome.transfer:
            yield Fault(where, "is given, but this is not a transfer. Write transfer = true, or take it out.")
        elif outcome.transfer and outcome.counterpart == outcome.bearer:
            yield Fault(where, "is the bearer itself. Name the other side of the transfer.")


@rule
def wellbeing_counts_once(draft: Draft) -> Iterator[Fault]:
    """Health discounting is for QALYs; a change is valued by WELLBY or by QALY, never both."""
    seen: dict[tuple[str, str], Outcome] = {}
    for outcome in draft.outcomes:
        where = f"outcomes.{outcome.id}"
        if outcome.discount_class == "health" and outcome.wellbeing_route != "qaly":
            yield Fault(
                f"{where}.discount_class",
                "is 'health', which is for effects valued in QALYs. Write 'standard', or wellbeing_route = 'qaly'.",
            )
        if outcome.wellbeing_route is None:
            continue
        other = seen.setdefault((outcome.stakeholder, outcome.quantity), outcome)
        if other.wellbeing_route != outcome.wellbeing_route:
            yield Fault(
                f"{where}.wellbeing_route",
                f"values the same change as {other.id!r} by another route. Use WELLBY or QALY, never both.",
            )


@rule
def costs_are_not_negative(draft: Draft) -> Iterator[Fault]:
    """A cost below zero is a benefit; a one-off cost falls within the horizon."""
    for cost in draft.costs:
        amount = draft.parameters.get(cost.amount)
        values = (amount.by_year or (amount.value or 0,)) if amount else ()
        if any(value < 0 for value in values) and not (amount and amount.minimum is not None and amount.minimum < 0):
            yield Fault(
                f"costs.{cost.id}.amount",
                f"is {min(values):g}. A cost below zero is a benefit: write an outcome,"
                " or give the parameter a minimum below 0 where a net cost can be negative.",
            )
        start = draft.parameters.get(cost.start_year or "")
        if start and start.value is not None and draft.about and start.value >= draft.about.appraisal_years:
            yield Fault(
                f"costs.{cost.id}.start_year",
                f"is {start.value:g}, at or after the horizon of {draft.about.appraisal_years} years."
                " Write an earlier year.",
            )


@rule
def income_is_money(draft: Draft) -> Iterator[Fault]:
    """Incomes are money in the service's currency, all in one unit, one number each, above zero."""
    if draft.about is None:
        return
    table = unit_table(draft)
    wanted = {"service.reference_income": draft.about.reference_income}
    wanted |= {f"stakeholders.{key}.income": s.income for key, s in draft.stakeholders.items()}
    yield from _one_number(draft, wanted)
    first = next((name for name in wanted.values() if name in table), None)
    for where, name in wanted.items():
        parameter = draft.parameters.get(name or "")
        if parameter is not None and any(value <= 0 for value in parameter.values):
            yield Fault(where, f"is {min(parameter.values):g}. A weight divides by income: write one above 0.")
        if name not in table or first is None:
            continue
        if units.currencies_in(table[name], reference.currencies()) != [(draft.about.currency, 1)]:
            rule = f"Income is money: use a parameter such as {draft.about.currency} per person per year."
            yield Fault(where, f"uses {name!r}, which is in {table[name]}. {rule}")
        elif table[name] != table[first]:
            rule = "Incomes are compared with each other: state all in one unit."
            yield Fault(
                where, f"uses {name!r}, which is in {table[name]}, while {first!r} is in {table[first]}. {rule}"
            )
