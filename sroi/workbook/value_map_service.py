"""From the rows of a Value Map to a service in which every number is a parameter with its source."""

from __future__ import annotations

import math
import re
from typing import Any

from sroi.errors import brief
from sroi.schema import ASSUMPTION, LONGEST_HORIZON
from sroi.workbook.value_map_cells import LONGEST_TEXT, Cell, letters, normal
from sroi.workbook.value_map_gaps import Gaps
from sroi.workbook.value_map_headings import DEDUCTIONS
from sroi.workbook.value_map_names import slug, unique
from sroi.workbook.value_map_rows import UNNAMED, Row, Sheet

CONVENTION = "svi"
# One organisation's own claim: what a Value Map's sources are until somebody has assessed them.
GRADE = "D"
_YEAR = re.compile(r"(?:19|20)\d\d")
_PUBLIC = re.compile(
    r"\b(?:council|(?:local|public|health) authorit\w+|nhs|government|the state|department|ministry|police|dwp|hmrc|"
    r"public (?:sector|purse)|commissioners?|treasury|probation|integrated care|health board|municipality)\b"
)
# "Council tenants" are people.
_PEOPLE = re.compile(r"\b(?:tenants|patients|residents|staff|users|clients|pupils|families|employees|volunteers)\b")
_IN_KIND = re.compile(r"\b(?:in[- ]kind|volunteer\w*|donated|pro bono|unpaid|(?:their|own) time)\b|^time\b")


class Builder:
    """The tables of a service, as they grow row by row."""

    def __init__(self, sheet: Sheet, gaps: Gaps, *, currency: str, price_year: str) -> None:
        self.sheet, self.gaps = sheet, gaps
        self.currency, self.price_year = currency, price_year
        self.sources: dict[str, dict[str, Any]] = {}
        self.parameters: dict[str, dict[str, Any]] = {}
        self.stakeholders: dict[str, dict[str, Any]] = {}
        self.bearers: dict[str, dict[str, Any]] = {}
        self.outcomes: list[dict[str, Any]] = []
        self.costs: list[dict[str, Any]] = []
        self.unpriced: list[dict[str, Any]] = []
        self.row_of: list[Row] = []
        """The row of each outcome."""
        self.repeated: dict[str, int] = {}
        """How often an input stands in the map, for those that stand there more than once."""
        self._ids: dict[str, str] = {}
        self._inputs: dict[tuple[str, str, float], str] = {}
        heading = sheet.headings.said.get(sheet.headings.columns["quantity"], "")
        self._units = "people" if re.search("people|person", normal(heading)) else "units"
        for row in sheet.rows:
            self._add_row(row)

    def _add_row(self, row: Row) -> None:
        stakeholder = self._stakeholder(row)
        self._add_input(row, stakeholder)
        if row.priced:
            self._add_outcome(row, stakeholder)
        elif row.has_outcome:
            self._add_unpriced(row, stakeholder)

    # Who ------------------------------------------------------------------------------------------------------

    def _stakeholder(self, row: Row) -> str:
        cell = row.cells.get("stakeholder")
        name = row.stakeholder
        if name == UNNAMED:
            self.gaps.add(f"row {row.number}", "no stakeholder is named", "who experiences this outcome")
        key = normal(name)
        if key in self._ids:
            return self._ids[key]
        identifier = unique(slug(name, "stakeholder"), self.stakeholders)
        self._ids[key] = identifier
        public = bool(_PUBLIC.search(key)) and not _PEOPLE.search(key)
        self.bearers[identifier] = {"label": name, "public": public}
        self.stakeholders[identifier] = {"label": name}
        if size := row.cells.get("group_size"):
            self.stakeholders[identifier]["description"] = f"{size.label} in the group."
        kind = "fiscal value to a public body" if public else "social value to people or firms, no public body"
        self.gaps.add(
            cell or f"row {row.number}",
            f"who gains or loses the money is not in a Value Map: taken to be the stakeholder, {kind}",
            f"bearer and kind of the outcomes of {name}, and bearers.{identifier}.public",
        )
        return identifier

    # What is put in -------------------------------------------------------------------------------------------

    def _add_input(self, row: Row, funder: str) -> None:
        text, cell = row.cells.get("input"), row.cells.get("input_value")
        value = row.number_of("input_value")
        if value is None or value <= 0 or cell is None:
            self._no_input(text, cell, value)
            return
        label = text.label if text else f"Input of {row.stakeholder}"
        key = (funder, normal(label), value)
        if key in self._inputs:
            name = self._inputs[key]
            self.repeated[name] = self.repeated.get(name, 1) + 1
            self.gaps.add(cell, "the same input of the same stakeholder stands above: counted once", "each input once")
            return
        identifier = unique(slug(label, "input"), [cost["id"] for cost in self.costs])
        in_kind = bool(text and _IN_KIND.search(text.words))
        if in_kind:
            self.gaps.add(cell, "taken to be given in kind, by its description", "payment: cash or in kind")
        name = self._inputs[key] = self.number(
            f"input_{identifier}", f"Input: {label}", value, self.currency, cell, group=row.stakeholder
        )
        self.costs.append(
            {
                "id": identifier,
                "label": label,
                "funder": funder,
                "kind": "revenue",
                "amount": name,
                "payment": "in_kind" if in_kind else "cash",
                "recurrence": "one_off",
            }
        )

    def _no_input(self, text: Cell | None, cell: Cell | None, value: float | None) -> None:
        if cell is not None and value is None:
            self.gaps.add(cell, f"{cell.found} is not one number: no input is read", "the value in currency")
        elif cell is not None and value is not None and value < 0:
            self.gaps.add(cell, f"an input of {cell.found} is below zero: left out", "an outcome, if it is a gain")
        elif text is not None:
            gap = f"{text.label!r} is put in, but no value: left out of the inputs"
            self.gaps.add(cell or text, gap, "its value, or why it has none")

    # What changes ---------------------------------------------------------------------------------------------

    def _add_outcome(self, row: Row, stakeholder: str) -> None:
        label = self._label(row)
        identifier = unique(slug(label, "outcome"), [outcome["id"] for outcome in self.outcomes])
        quantity, proxy = row.cells["quantity"], row.cells["proxy_value"]
        what = row.cells["proxy"].label if "proxy" in row.cells else label
        unit = "person" if self._units == "people" else "unit"
        entry: dict[str, Any] = {
            "id": identifier,
            "label": label,
            "stakeholder": stakeholder,
            "bearer": stakeholder,
            "kind": "fiscal" if self.bearers[stakeholder]["public"] else "social",
            "quantity": self._sourced(row, f"quantity_{identifier}", f"Quantity: {label}", self._units, quantity),
            "proxy": self._sourced(row, f"proxy_{identifier}", f"Proxy: {what}", f"{self.currency} per {unit}", proxy),
        }
        if description := self._description(row):
            entry["description"] = description
        entry |= self._time(row, identifier, label)
        reasons: dict[str, str] = {}
        for name in DEDUCTIONS:
            entry[name] = self._deduction(row, name, identifier, label, reasons)
        entry["zero_because"] = reasons
        self.outcomes.append(entry)
        self.row_of.append(row)
        size = row.number_of("group_size")
        if size is not None and self._units == "people" and quantity.number is not None and quantity.number > size:
            gap = f"the quantity {quantity.label} is more than the {size:g} in the group"
            self.gaps.add(quantity, gap, "how many of them changed, or the number in the group")

    def _label(self, row: Row) -> str:
        cell = next((row.cells[key] for key in ("outcome", "indicator", "proxy") if key in row.cells), None)
        if "outcome" not in row.cells:
            self.gaps.add(f"row {row.number}", "the outcome is not described", "what changes for the stakeholder")
        return cell.label if cell else f"Outcome of row {row.number}"

    def _description(self, row: Row) -> str:
        called = (("outcome", ""), ("indicator", "Indicator: "), ("output", "Output: "))
        texts = [f"{said}{self.gaps.text(row.cells[key])}." for key, said in called if key in row.cells]
        return brief(" ".join(texts), LONGEST_TEXT)

    def _add_unpriced(self, row: Row, stakeholder: str) -> None:
        label = self._label(row)
        for key, what in (("quantity", "quantity"), ("proxy_value", "value of the proxy")):
            if row.number_of(key) is None:
                cell = row.cells.get(key)
                found = f"{cell.found} is not one number" if cell else f"the {what} is missing"
                at = cell.at if cell else f"{self.sheet.headings.at(key)}{row.number}"
                self.gaps.add(at, f"{found}: {label!r} is kept as an outcome without a price", f"the {what}")
        entry = {
            "id": unique(slug(label, "outcome"), [entry["id"] for entry in self.unpriced]),
            "label": label,
            "stakeholder": stakeholder,
            "importance": "medium",
            "description": self._description(row) or label,
        }
        if row.number_of("quantity") is not None:
            entry["quantity"] = self._sourced(
                row, f"quantity_unpriced_{entry['id']}", f"Quantity: {label}", self._units, row.cells["quantity"]
            )
        self.unpriced.append(entry)

    # Numbers --------------------------------------------------------------------------------------------------

    def number(
        self, name: str, label: str, value: float, unit: str, cell: Cell | None, *, group: str, note: str = ""
    ) -> str:
        """Note a number that has no source, and return the name of its parameter."""
        at = f"cell {cell.at} of sheet “{self.sheet.title}”" if cell else f"sheet “{self.sheet.title}”"
        name = unique(name, self.parameters)
        entry: dict[str, Any] = {"label": label, "value": value, "unit": unit, "group": group, "grade": "F"}
        entry |= {"source": ASSUMPTION, "note": note or f"As {at} has it, which names no source."}
        if self.currency in unit.split():
            entry["price_year"] = self.price_year
        self.parameters[name] = entry
        return name

    def _sourced(self, row: Row, name: str, label: str, unit: str, cell: Cell) -> str:
        column = "proxy_source" if name.startswith("proxy_") else "outcome_source"
        value = cell.number
        assert value is not None  # a row is priced only where there is a number
        name = self.number(name, label, value, unit, cell, group=row.stakeholder)
        source = row.cells.get(column)
        if source is None:
            gap = "no source is stated: graded as an assumption"
            self.gaps.add(cell, gap, "where the number comes from, in the column Source")
        else:
            self.parameters[name] |= {"source": self._source(source), "grade": GRADE, "locator": f"cell {cell.at}"}
            del self.parameters[name]["note"]
        return name

    def _source(self, cell: Cell) -> str:
        key = f"source {cell.text.lower()}"
        if key not in self._ids:
            self._ids[key] = identifier = unique(slug(cell.text, "source"), [*self.sources, ASSUMPTION])
            year = _YEAR.search(cell.text)
            self.sources[identifier] = {
                "title": self.gaps.text(cell),
                "author": "As the Value Map names it",
                "year": int(year[0]) if year else "not stated",
                "locator": f"Value Map “{self.sheet.file}”, sheet “{self.sheet.title}”, cell {cell.at}",
                "how_sure": "second-hand",
            }
        return self._ids[key]

    def _time(self, row: Row, identifier: str, label: str) -> dict[str, str]:
        """Note when the outcome starts and how long it lasts."""
        start, years = row.number_of("start"), row.number_of("duration")
        if start not in (1, 2) and "start" in self.sheet.headings.columns:
            at = f"{self.sheet.headings.at('start')}{row.number}"
            found = row.cells["start"].found if "start" in row.cells else "missing"
            gap = f"the outcome's start is {found}: taken as 1"
            self.gaps.add(at, gap, "1 for the period of activity, 2 for the period after")
        if years is None or not 0 < years <= LONGEST_HORIZON:
            column = self.sheet.headings.columns.get("duration")
            found = row.cells["duration"].found if "duration" in row.cells else "missing"
            at = f"{letters(column)}{row.number}" if column else f"row {row.number}"
            self.gaps.add(at, f"the duration is {found}: taken as 1 year", "how many years the outcome lasts")
            years, note = 1.0, f"One year, since row {row.number} states no duration above 0."
        else:
            note = ""
        onset = start - 1 if start in (1, 2) else 0.0
        cells = row.cells
        group = row.stakeholder
        return {
            "benefit_period": self.number(
                f"years_{identifier}",
                f"Duration: {label}",
                years,
                "years",
                cells.get("duration"),
                group=group,
                note=note,
            ),
            "onset_year": self.number(
                f"start_{identifier}", f"Starts after: {label}", onset, "years", cells.get("start"), group=group
            ),
        }

    def _deduction(self, row: Row, name: str, identifier: str, label: str, reasons: dict[str, str]) -> str:
        """Note a share; where it is 0 or missing its reason, or that there is none."""
        cell, reason = row.cells.get(name), row.cells.get(f"{name}_reason")
        found = self.sheet.shares.get((row.number, name))
        written = None if cell is None else cell.written
        why = self.gaps.text(reason) if reason else written.remark if written else ""
        called = name.replace("_", "-").capitalize()
        at = cell.at if cell else f"{letters(self.sheet.headings.columns.get(name, 0))}{row.number}".strip()
        if found is not None and found.supposed:
            self.gaps.add(
                at, f"{called} is {cell.found if cell else ''}: {found.supposed}", "a percentage, such as 27%"
            )
        if cell is not None and found is None:
            why = why or ("" if written else self.gaps.text(cell))
            self.gaps.add(at, f"{called} is {cell.found}, which is no share: taken as 0%", "a percentage, such as 27%")
        share = found.value if found else 0.0
        if share == 0:
            # In an effect of one year there is nothing to drop off.
            years = self.parameters[f"years_{identifier}"]["value"]
            why = why or ("The effect lasts one year at most." if name == "drop_off" and years <= 1 else "")
            reasons[name] = why or "The Value Map takes nothing off and gives no reason."
        if share == 0 and not why:
            left = "left at the template's 0%" if found else "missing: taken as 0%"
            place = at if name in self.sheet.headings.columns else f"row {row.number}"
            self.gaps.add(place, f"{called} is {left}, without a reason", "the share, or why nothing is taken off")
        note = brief(f"The Value Map says: {why}", LONGEST_TEXT) if why else ""
        return self.number(
            f"{name}_{identifier}", f"{called}: {label}", share, "share", cell, group=row.stakeholder, note=note
        )

    @property
    def horizon(self) -> int:
        """How many years the sheet has, or its outcomes last."""
        ends: list[float] = [
            self.parameters[outcome["onset_year"]]["value"] + self.parameters[outcome["benefit_period"]]["value"]
            for outcome in self.outcomes
        ]
        return min(LONGEST_HORIZON, max(len(self.sheet.headings.years), 1, *(math.ceil(end) for end in ends)))
