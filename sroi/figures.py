"""The numbers of one evaluation: run the engine chunk by chunk, and say what is undefined and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from sroi.engine import Evaluation
from sroi.errors import Fault, ServiceError, nearest
from sroi.formula import DRAW_AXIS, YEAR_AXIS, Array, Value
from sroi.method import LINES, RESULTS, SERVICE_LINES
from sroi.plan import YEARLY, Plan, chunk_size, flat
from sroi.reference import Convention
from sroi.schema import LONGEST_HORIZON
from sroi.service import Service
from sroi.stated import TOO_LARGE, Stated

# A chunk holds at most this many cells of (row, cohort, year, draw), so that memory stays bounded.
CHUNK_CELLS = 2**20

# Lines that cost little more together than one by one.
_TOGETHER = (
    tuple(
        line.name for line in SERVICE_LINES if line.name not in {"left_out", "pv_benefits_weighted", "npsv_weighted"}
    ),
    ("payback_year", "years_below_again"),
    ("payback_year_undiscounted", "years_below_again_undiscounted"),
    ("pv_benefits_weighted", "npsv_weighted"),
)
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
        self._results = Stated(service, convention, self.cases or 1, self.raw)

    # Computing ------------------------------------------------------------------------------------------------

    @cached_property
    def _chunk(self) -> int:
        # Asked for at each line of an explanation, and the same every time.
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
        """Return a service-level line of the method for every case, shape (cases,); yearly ones (years, cases)."""
        if name not in self._known:
            together = next((group for group in _TOGETHER if name in group), (name,))
            self._known |= self._one(name) if self.cases is None else self._many(together)
            for array in self._known.values():
                # Handed out as they are: nobody may write into what the next reader gets.
                array.setflags(write=False)
        return self._known[name]

    def _one(self, name: str) -> dict[str, Array]:
        with np.errstate(all="ignore"):
            self._refuse_infinite(self._first)
            return {name: flat(name, self._first.line(name), self.service.about.appraisal_years).copy()}

    def _many(self, wanted: Sequence[str]) -> dict[str, Array]:
        count = self.cases or 1
        fixed = {name: value for name, value in self.values.items() if not isinstance(value, np.ndarray)}
        drawn = {name: value for name, value in self.values.items() if isinstance(value, np.ndarray)}
        most = {name: float(value.max()) for name, value in drawn.items()}
        runner = Plan(self.service, self.convention, fixed, most, wanted).runner()
        size = chunk_size(self.service)
        years = self.service.about.appraisal_years
        found = {name: np.empty((years, count) if name in YEARLY else count) for name in wanted}
        for start in range(0, count, size):
            part = {name: value[start : start + size] for name, value in drawn.items()}
            for name, array in runner.run(part).items():
                stop = min(start + size, count)
                found[name][..., start:stop] = flat(name, array, years)
        if not all(np.isfinite(found[name]).all() for name in wanted if not LINES[name].needs):
            # The slow way, which says in which row.
            with np.errstate(all="ignore"):
                for _, evaluation in self._evaluations():
                    self._refuse_infinite(evaluation)
        return found

    def _refuse_infinite(self, evaluation: Evaluation) -> None:
        for line, rows in (("present_value", self.service.outcomes), ("present_cost", self.service.costs)):
            array = evaluation.line(line)
            if not np.isfinite(array).all():
                place = int(np.flatnonzero(~np.isfinite(array).all(axis=(1, 2, 3)))[0])
                where = f"{'outcomes' if line == 'present_value' else 'costs'}.{rows[place].id}"
                raise ServiceError(self.service.id, [Fault(where, TOO_LARGE)])

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
        array = self._results.figure(name)
        array.setflags(write=False)
        return array

    @property
    def status(self) -> dict[str, str]:
        """For each result that is undefined, or to be read with care, a word that says why."""
        for name in RESULTS:
            self.figure(name)
        words = self._results.words
        return {name: self._said(words[name]) for name in RESULTS if words.get(name)}

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
