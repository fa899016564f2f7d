"""The numbers of one evaluation: run the engine chunk by chunk, and say what is undefined and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sroi.engine import Evaluation
from sroi.errors import Fault, ServiceError, nearest
from sroi.formula import DRAW_AXIS, YEAR_AXIS, Array
from sroi.method import LINES, RESULTS
from sroi.reference import Convention
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
        self._status: dict[str, str] = {}

    # Computing ------------------------------------------------------------------------------------------------

    @property
    def _chunk(self) -> int:
        about = self.service.about
        rows = max(len(self.service.outcomes), len(self.service.costs), 1)
        return max(1, CHUNK_CELLS // (rows * about.delivery_years * about.appraisal_years))

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
            parts = [evaluation.line(name) for _, evaluation in self._evaluations()]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=DRAW_AXIS)

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
            if stated in self._status:
                self._status[name] = self._status[stated]
            return array
        if name.endswith("_weighted") and self.service.about.reference_income is None:
            self._status[name] = "no_reference_income"
            return np.full(self.cases or 1, np.nan)
        array, line = self.raw(name), LINES[name]
        if name in {"mvpf", "return_on_public_sector_cost"}:
            return self._over_public_cost(name, array)
        if name.startswith("payback_year"):
            self._note(name, self.raw(name.replace("payback_year", "years_below_again")) > 0, "falls_below_again")
            return self._undefined(name, array, array >= self.service.about.appraisal_years, "never")
        if name == "bcr_netted":
            # Nothing is left to pay: a ratio over a cost below zero would rank the better service lower.
            nothing_left = self.raw(line.needs) <= 0
            array = self._undefined(name, array, nothing_left, _SAYS[line.needs])
            self._note(name, nothing_left & (self.raw("pv_costs") == 0), "no_costs")
            return array
        if line.needs:
            return self._undefined(name, array, self.raw(line.needs) == 0, _SAYS[line.needs])
        return array

    def _undefined(self, name: str, array: Array, where: Array | Any, word: str) -> Array:
        return np.where(where, np.nan, array) if self._note(name, where, word) else array

    def _note(self, name: str, where: Array | Any, word: str) -> int:
        """Note a word for the cases in which it holds, and return how many they are."""
        count = int(np.count_nonzero(where))
        if count:
            self._status[name] = word if self.cases is None else f"{word} in {count} of {self.cases} cases"
        return count

    def _over_public_cost(self, name: str, array: Array) -> Array:
        """Apply the sign cases of the MVPF to a ratio over net public cost (method.md section 5)."""
        cost = self.raw("net_budget_impact")
        above = self.raw("value_to_people" if name == "mvpf" else "npsv")
        array = np.where(cost == 0, np.nan, array)
        self._note(name, (cost <= 0) & (above < 0), "read_the_other_way")
        return self._undefined(name, array, (cost <= 0) & (above >= 0), "pays_for_itself")

    def _irr(self) -> Array:
        if "irr" not in self._known:
            self._known["irr"], says = _internal_rates(
                self.line("net_flow").reshape(self.service.about.appraisal_years, -1)
            )
            if says:
                self._status["irr"] = says if self.cases is None else f"{says} in some of {self.cases} cases"
        return self._known["irr"]

    @property
    def status(self) -> dict[str, str]:
        """For each result that is undefined, or to be read with care, a word that says why."""
        for name in RESULTS:
            self.figure(name)
        return {name: self._status[name] for name in RESULTS if name in self._status}

    def per(self, name: str, count: float) -> float | None:
        """Return a result divided by a count, ``None`` where either is undefined or the count is 0."""
        figure = getattr(self, name)
        return None if figure is None or count == 0 else figure / count

    @property
    def participants(self) -> float | None:
        """How many people, families or cases take part, where the service says."""
        name = self.service.about.participants
        if name is None:
            return None
        value = self.named(name)
        return float(value.sum() if value.ndim and value.shape[YEAR_AXIS] > 1 else value.reshape(-1)[0])


# The search for an internal rate stays where x ** years is below about e ** 30.
WIDEST_POWER = 30


def _internal_rates(flows: Array) -> tuple[Array, str]:
    """Return the internal rate of return of each column of flows, shape (years, cases), nan where there is none.

    Only flows whose sign changes exactly once have one rate (method.md section 5). With x = 1 / (1 + rate) the
    present value is a polynomial with one positive root.
    """
    rates = np.full(flows.shape[1], np.nan)
    once = np.array([_sign_changes(column) == 1 for column in flows.T])
    if once.any():
        from scipy.optimize import elementwise

        chosen = flows[:, once]

        def present_value(log_x: Array, *columns: Array) -> Array:
            powers = np.exp(np.multiply.outer(np.arange(len(columns)), log_x))
            summed: Array = np.sum(powers * np.stack(columns), axis=0)
            return summed

        # In logarithms of x: as wide as the powers allow without overflow.
        wide = np.full(chosen.shape[1], WIDEST_POWER / max(1, flows.shape[0] - 1) + 1)
        found = elementwise.find_root(present_value, (-wide, wide), args=tuple(chosen))
        rates[once] = np.where(found.success, np.expm1(-found.x), np.nan)
    if not np.isnan(rates).any():
        return rates, ""
    return rates, "no_single_sign_change" if not once.all() else "outside_search"


def _sign_changes(flows: Array) -> int:
    signs = np.sign(flows[flows != 0])
    return int(np.count_nonzero(np.diff(signs)))
