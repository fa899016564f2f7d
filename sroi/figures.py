"""The numbers of one evaluation: run the engine chunk by chunk, and say what is undefined and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sroi.engine import Evaluation
from sroi.errors import Fault, ServiceError, nearest
from sroi.formula import DRAW_AXIS, YEAR_AXIS, Array, Value
from sroi.method import LINES, RESULTS
from sroi.reference import Convention
from sroi.schema import LONGEST_HORIZON
from sroi.service import Service

# A chunk holds at most this many cells of (row, cohort, year, draw), so that memory stays bounded.
CHUNK_CELLS = 2**20

_TOGETHER = ("npsv", "pv_benefits", "pv_costs", "sroi_ratio", "net_budget_impact", "value_to_people")
_SAYS = {
    "pv_inputs": "no_inputs",
    "pv_costs": "no_costs",
    "net_funder_cost": "no_net_cost",
    "pv_public_cost": "no_public_cost",
}
_TOO_LARGE = "does not come out as a finite number. Check for values that are too large, or a division by zero."

Figure = Any  # float, or None where undefined; an array of shape (cases,) with nan where undefined


class Figures:
    """The numbers of one service, under one scenario and convention.

    Every name in :data:`RESULTS` is an attribute: a float, ``None`` where it is undefined (``status`` says why),
    or an array of shape (cases,) with nan where undefined. Money is at the service's price base.
    """

    def __init__(
        self,
        service: Service,
        values: Mapping[str, float | Array],
        scenario: str | None,
        convention_name: str,
        convention: Convention,
    ) -> None:
        self.service = service
        self.values = values
        self.scenario = scenario
        self.convention_name = convention_name
        self.convention = convention
        arrays = [value for value in values.values() if isinstance(value, np.ndarray)]
        self.cases: int | None = arrays[0].size if arrays else None
        self._first = Evaluation(service, convention, self._part(0, self._chunk))
        self._known: dict[str, Array] = {}
        # For each result the words that hold, each with the number of cases.
        self._words: dict[str, dict[str, int]] = {}

    # Computing ------------------------------------------------------------------------------------------------

    @property
    def _chunk(self) -> int:
        about = self.service.about
        rows = max(len(self.service.outcomes), len(self.service.costs), 1)
        years = max(about.delivery_years * about.appraisal_years, self._longest_effect())
        return max(1, CHUNK_CELLS // (rows * years))

    def _longest_effect(self) -> int:
        """Return an upper end for the years that an effect lasts, which one line of the bridge runs along."""
        longest = 1
        for name in {outcome.benefit_period for outcome in self.service.outcomes} - {None}:
            parameter = self.service.parameters.get(name or "")
            stated = self.values.get(name or "", parameter.value if parameter else None)
            longest = max(longest, LONGEST_HORIZON if stated is None else math.ceil(np.max(stated)))
        return longest

    def _part(self, start: int, stop: int) -> dict[str, float | Array]:
        return {
            name: value[start:stop] if isinstance(value, np.ndarray) else value for name, value in self.values.items()
        }

    def _evaluations(self) -> Iterator[tuple[int, Evaluation]]:
        yield 0, self._first
        for start in range(self._chunk, self.cases or 1, self._chunk):
            yield start, Evaluation(self.service, self.convention, self._part(start, start + self._chunk))

    def raw(self, name: str) -> Array:
        """Return a service-level line of the method for every case, shape (cases,)."""
        if name not in self._known:
            wanted = (*_TOGETHER, name) if self.cases is not None and self.cases > self._chunk else (name,)
            self._known |= self._compute([line for line in wanted if line not in self._known])
            # A ratio may be undefined where its denominator is 0; anything else is a number.
            if not LINES[name].needs and not np.isfinite(self._known[name]).all():
                raise ServiceError(self.service.id, [Fault(name, _TOO_LARGE)])
        return self._known[name]

    def _compute(self, wanted: list[str]) -> dict[str, Array]:
        count = self.cases or 1
        found = {name: np.empty(count) for name in wanted}
        with np.errstate(all="ignore"):
            for start, evaluation in self._evaluations():
                size = min(self._chunk, count - start)
                for name in wanted:
                    found[name][start : start + size] = evaluation.line(name).reshape(-1)
                self._refuse_infinite(evaluation)
        for array in found.values():
            # Handed out as they are: nobody may write into what the next reader gets.
            array.setflags(write=False)
        return found

    def _refuse_infinite(self, evaluation: Evaluation) -> None:
        for line, rows in (("present_value", self.service.outcomes), ("present_cost", self.service.costs)):
            array = evaluation.line(line)
            if not np.isfinite(array).all():
                place = int(np.flatnonzero(~np.isfinite(array).all(axis=(1, 2, 3)))[0])
                where = f"{'outcomes' if line == 'present_value' else 'costs'}.{rows[place].id}"
                raise ServiceError(self.service.id, [Fault(where, _TOO_LARGE)])

    def line(self, name: str) -> Array:
        """Return any line of the method with axes (outcome or cost, cohort, year, case), all cases at once."""
        if name not in LINES:
            raise ServiceError(
                self.service.id, [Fault(name[:60], f"is not a line of the method. {nearest(name, LINES)}")]
            )
        with np.errstate(all="ignore"):
            parts = [self._all_cases(start, evaluation.line(name)) for start, evaluation in self._evaluations()]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=DRAW_AXIS)

    def _all_cases(self, start: int, array: Array) -> Array:
        """Return a line of one chunk with one entry for each of its cases, even where no case differs."""
        size = min(self._chunk, (self.cases or 1) - start)
        return np.broadcast_to(array, (*array.shape[:DRAW_AXIS], size)) if array.ndim else array

    def line_or_setting(self, name: str) -> Array:
        """Return a line, an input or a setting of the method for the first chunk of cases."""
        with np.errstate(all="ignore"):
            return self._first.line(name)

    def named(self, name: str) -> Array:
        """Return a parameter, at the price base, or a line of the service, for the first chunk of cases."""
        with np.errstate(all="ignore"):
            return np.asarray(self._first.named(name))

    # Results --------------------------------------------------------------------------------------------------

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *RESULTS]

    def __setattr__(self, name: str, value: object) -> None:
        if name in RESULTS:
            raise AttributeError(f"{name} is a result. Evaluate with other values to change it.")
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Figure:
        if name not in RESULTS:
            raise AttributeError(f"a result has no {name!r}. {nearest(name, RESULTS)}")
        return self._shown(self.figure(name))

    def _shown(self, array: Array) -> Figure:
        if self.cases is not None:
            return array
        return None if math.isnan(array[0]) else float(array[0])

    def figure(self, name: str) -> Array:
        """Return a result for every case, shape (cases,), nan where it is undefined.

        Raises
        ------
        ServiceError
            When the result is too large for a number.
        """
        array = self._stated(name)
        if np.isinf(array).any():
            raise ServiceError(self.service.id, [Fault(name, _TOO_LARGE)])
        return array

    def _stated(self, name: str) -> Array:
        if name == "irr":
            return self._irr()
        if name == "bcr":
            stated = "bcr_netted" if self.convention.bcr_fiscal_savings == "netted" else "bcr_as_benefits"
            array = self._stated(stated)
            self._words[name] = self._words.get(stated, {})
            return array
        if name.endswith("_weighted") and self.service.about.reference_income is None:
            return self._undefined(name, np.full(self.cases or 1, np.nan), np.True_, "no_reference_income")
        array, line = self.raw(name), LINES[name]
        if name in {"mvpf", "return_on_public_sector_cost"}:
            return self._over_public_cost(name, array)
        if name.startswith("payback_year"):
            self._note(name, self.raw(name.replace("payback_year", "years_below_again")) > 0, "falls_below_again")
            return self._undefined(name, array, array >= self.service.about.appraisal_years, "never")
        if name == "bcr_netted":
            # Nothing is left to pay: a ratio over a cost below zero would rank the better service lower.
            nothing_left = self.raw(line.needs) <= 0
            free = self.raw("pv_costs") == 0
            array = self._undefined(name, array, nothing_left & free, "no_costs")
            return self._undefined(name, array, nothing_left & ~free, _SAYS[line.needs])
        if line.needs:
            return self._undefined(name, array, self.raw(line.needs) == 0, _SAYS[line.needs])
        return array

    def _undefined(self, name: str, array: Array, where: Array | Any, word: str) -> Array:
        return np.where(where, np.nan, array) if self._note(name, where, word) else array

    def _note(self, name: str, where: Array | Any, word: str) -> int:
        """Note a word for the cases in which it holds, and return how many they are."""
        count = int(np.count_nonzero(np.broadcast_to(where, self.cases or 1)))
        if count:
            self._words.setdefault(name, {})[word] = count
        return count

    def _over_public_cost(self, name: str, array: Array) -> Array:
        """Apply the sign cases of the MVPF to a ratio over net public cost."""
        cost = self.raw("net_budget_impact")
        above = self.raw("value_to_people" if name == "mvpf" else "npsv")
        array = np.where(cost == 0, np.nan, array)
        self._note(name, (cost <= 0) & (above < 0), "read_the_other_way")
        return self._undefined(name, array, (cost <= 0) & (above >= 0), "pays_for_itself")

    def _irr(self) -> Array:
        if "irr" not in self._known:
            flows = self.line("net_flow").reshape(self.service.about.appraisal_years, -1)
            once = _sign_changes(flows) == 1
            rates = _internal_rates(flows, once)
            self._note("irr", ~once, "no_single_sign_change")
            self._note("irr", once & np.isnan(rates), "outside_search")
            rates.setflags(write=False)
            self._known["irr"] = rates
        return self._known["irr"]

    @property
    def status(self) -> dict[str, str]:
        """For each result that is undefined, or to be read with care, a word that says why."""
        for name in RESULTS:
            self.figure(name)
        return {name: self._said(self._words[name]) for name in RESULTS if self._words.get(name)}

    def _said(self, words: Mapping[str, int]) -> str:
        if self.cases is None:
            return next(iter(words))
        return "; ".join(f"{word} in {count} of {self.cases} cases" for word, count in words.items())

    def per(self, name: str, count: float) -> float | None:
        """Return a result divided by a count, ``None`` where either is undefined or the count is 0."""
        figure = getattr(self, name)
        return None if figure is None or count == 0 else figure / count

    @property
    def participants(self) -> Figure:
        """How many people, families or cases take part in the delivery years together, where the service says.

        A float, or shape (cases,). The file counts those of one delivery year, as it does for quantities: who
        takes part in two years counts twice.
        """
        name = self.service.about.participants
        if name is None:
            return None
        with np.errstate(all="ignore"):
            parts = [
                self._all_cases(start, self.in_delivery(evaluation.named(name)))
                for start, evaluation in self._evaluations()
            ]
        counts: Array = np.concatenate(parts, axis=DRAW_AXIS).reshape(-1)
        return float(counts[0]) if self.cases is None else counts

    def in_delivery(self, value: Value) -> Array:
        """Return a count of the service summed over the delivery years, axes kept."""
        years = self.service.about.delivery_years
        array = np.asarray(value).reshape((1, 1, 1, 1) if np.ndim(value) == 0 else np.shape(value))
        by_year = np.broadcast_to(array, (1, 1, max(years, array.shape[YEAR_AXIS]), array.shape[DRAW_AXIS]))
        summed: Array = by_year[:, :, :years].sum(axis=YEAR_AXIS, keepdims=True)
        return summed


# How far the search for an internal rate goes, as logarithms: x ** years stays a number, rates stay imaginable.
WIDEST_POWER, WIDEST_RATE = 600, 30


def _internal_rates(flows: Array, once: Array) -> Array:
    """Return the internal rate of return of each column of flows, shape (years, cases), nan where there is none.

    Only flows whose sign changes exactly once, which ``once`` says, have one rate. With
    x = 1 / (1 + rate) the present value is a polynomial with one positive root, which early years without a flow
    do not move.
    """
    rates = np.full(flows.shape[1], np.nan)
    if not once.any():
        return rates
    from scipy.optimize import elementwise

    chosen = flows[:, once]
    years = np.arange(flows.shape[0])
    flowing = chosen != 0
    first = flowing.argmax(axis=0)
    last = years[-1] - flowing[::-1].argmax(axis=0)

    def present_value(log_x: Array, begins: Array, *columns: Array) -> Array:
        found = np.zeros_like(log_x)
        for year, column in enumerate(columns):
            # A year without a flow adds nothing, however large the power would be.
            found += np.exp(np.where(column != 0, (year - begins) * log_x, 0)) * column
        return found

    ends = -WIDEST_RATE * np.ones(first.shape), np.minimum(WIDEST_POWER / (last - first), WIDEST_RATE)
    found = elementwise.find_root(present_value, ends, args=(first, *chosen))
    rates[once] = np.where(found.success, np.expm1(-found.x), np.nan)
    return rates


def _sign_changes(flows: Array) -> Array:
    """Count how often the sign changes along each column of flows, shape (years, cases); zeros have no sign."""
    changes = np.zeros(flows.shape[1], int)
    before = np.zeros(flows.shape[1])
    for row in np.sign(flows):
        changes += row * before < 0
        before = np.where(row == 0, before, row)
    return changes
