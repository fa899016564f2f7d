"""From lines to results as they are stated: what is undefined says so in a word, the internal rate is searched for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sroi.errors import Fault, ServiceError
from sroi.formula import Array
from sroi.method import LINES
from sroi.reference import Convention
from sroi.service import Service

# Why a ratio is undefined, by the line that it divides by.
SAYS = {
    "pv_inputs": "no_inputs",
    "pv_costs": "no_costs",
    "net_funder_cost": "no_net_cost",
    "pv_public_cost": "no_public_cost",
}
TOO_LARGE = "does not come out as a finite number. Check for values that are too large, or a division by zero."


def lines_behind(name: str, service: Service, convention: Convention) -> tuple[str, ...]:
    """Return the lines of the method that a result is stated from."""
    if name == "irr":
        return ("net_flow",)
    if name == "bcr":
        name = bcr_line(convention)
    if name.endswith("_weighted") and service.about.reference_income is None:
        return ()
    if name in {"mvpf", "return_on_public_sector_cost"}:
        return (name, "net_budget_impact", _above(name))
    if name.startswith("payback_year"):
        return (name, name.replace("payback_year", "years_below_again"))
    needs = LINES[name].needs
    return (name, *((needs, "pv_costs") if name == "bcr_netted" else (needs,) if needs else ()))


def bcr_line(convention: Convention) -> str:
    """Return the line that a convention states as the BCR."""
    return "bcr_netted" if convention.bcr_fiscal_savings == "netted" else "bcr_as_benefits"


def _above(name: str) -> str:
    return "value_to_people" if name == "mvpf" else "npsv"


class Stated:
    """Results for a number of cases, from the lines that they rest on.

    Parameters
    ----------
    service : Service
    convention : Convention
    cases : int
    raw : callable
        Gives a line of the service level for every case, shape (cases,); ``net_flow`` with shape (years, cases).

    Attributes
    ----------
    words : dict
        For each result the words that hold, each with the number of cases.
    """

    def __init__(self, service: Service, convention: Convention, cases: int, raw: Callable[[str], Array]) -> None:
        self._service = service
        self._convention = convention
        self._cases = cases
        self._raw = raw
        self._rates: Array | None = None
        self.words: dict[str, dict[str, int]] = {}

    def figure(self, name: str) -> Array:
        """Return a result for every case, shape (cases,), nan where it is undefined.

        Raises
        ------
        ServiceError
            When the result is too large for a number.
        """
        array = self._stated(name)
        if np.isinf(array).any():
            raise ServiceError(self._service.id, [Fault(name, TOO_LARGE)])
        return array

    def _line(self, name: str) -> Array:
        array = self._raw(name)
        # A ratio may be undefined where its denominator is 0; anything else is a number.
        if not LINES[name].needs and not np.isfinite(array).all():
            raise ServiceError(self._service.id, [Fault(name, TOO_LARGE)])
        return array

    def _stated(self, name: str) -> Array:
        if name == "irr":
            return self._irr()
        if name == "bcr":
            array = self._stated(bcr_line(self._convention))
            self.words[name] = self.words.get(bcr_line(self._convention), {})
            return array
        if not lines_behind(name, self._service, self._convention):
            return self._undefined(name, np.full(self._cases, np.nan), np.True_, "no_reference_income")
        array, line = self._line(name), LINES[name]
        if name in {"mvpf", "return_on_public_sector_cost"}:
            return self._over_public_cost(name, array)
        if name.startswith("payback_year"):
            below_again = self._line(name.replace("payback_year", "years_below_again")) > 0
            self._note(name, below_again, "falls_below_again")
            return self._undefined(name, array, array >= self._service.about.appraisal_years, "never")
        if name == "bcr_netted":
            # Nothing is left to pay: a ratio over a cost below zero would rank the better service lower.
            nothing_left, free = self._line(line.needs) <= 0, self._line("pv_costs") == 0
            array = self._undefined(name, array, nothing_left & free, "no_costs")
            return self._undefined(name, array, nothing_left & ~free, SAYS[line.needs])
        if line.needs:
            return self._undefined(name, array, self._line(line.needs) == 0, SAYS[line.needs])
        return array

    def _undefined(self, name: str, array: Array, where: Any, word: str) -> Array:
        return np.where(where, np.nan, array) if self._note(name, where, word) else array

    def _note(self, name: str, where: Any, word: str) -> int:
        """Note a word for the cases in which it holds, and return how many they are."""
        count = int(np.count_nonzero(np.broadcast_to(where, self._cases)))
        if count:
            self.words.setdefault(name, {})[word] = count
        return count

    def _over_public_cost(self, name: str, array: Array) -> Array:
        """Apply the sign cases of the MVPF to a ratio over net public cost."""
        cost, above = self._line("net_budget_impact"), self._line(_above(name))
        array = np.where(cost == 0, np.nan, array)
        self._note(name, (cost <= 0) & (above < 0), "read_the_other_way")
        return self._undefined(name, array, (cost <= 0) & (above >= 0), "pays_for_itself")

    def _irr(self) -> Array:
        if self._rates is None:
            flows = self._line("net_flow")
            once = _sign_changes(flows) == 1
            self._rates = _internal_rates(flows, once)
            self._note("irr", ~once, "no_single_sign_change")
            self._note("irr", once & np.isnan(self._rates), "outside_search")
        return self._rates


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
