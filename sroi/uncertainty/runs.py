"""Make the draws: from uniforms to parameters to results, segment by segment, on any number of threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from sroi.errors import Fault, ServiceError
from sroi.formula import Array
from sroi.plan import Plan, flat
from sroi.result import Result
from sroi.stated import Stated, lines_behind
from sroi.steps import Runner
from sroi.uncertainty.sampling import Sampler
from sroi.uncertainty.spreads import Uncertain

# Draws that are held at once. Summaries of more are put together segment by segment.
SEGMENT = 2**18
# Inputs that a message about a draw names: those furthest from their means.
MOST_NAMED = 3

Progress = Callable[[int, int], None]


@dataclass
class Run:
    """What it takes to make the draws of a simulation again, any part of them."""

    central: Result
    uncertain: Mapping[str, Uncertain]
    sampler: Sampler
    draws: int
    workers: int
    chunk: int
    progress: Progress | None = None
    words: dict[str, dict[str, int]] = field(default_factory=dict)

    def plan(self, lines: Collection[str]) -> Plan:
        """Return the steps from the uncertain parameters to lines of the method."""
        fixed = {name: float(value) for name, value in self.central.values.items() if name not in self.uncertain}
        most = {name: each.distribution.high for name, each in self.uncertain.items()}
        return Plan(self.central.service, self.central.convention, fixed, most, lines)

    def parameters(self, start: int, stop: int) -> dict[str, Array]:
        """Return some draws of each uncertain parameter, shape (stop - start,)."""
        uniforms = self.sampler.uniforms(start, stop)
        return {name: self.uncertain[name].distribution.quantile(each) for name, each in uniforms}

    def at(self, name: str, uniforms: Array) -> Array:
        """Return one result at given places of every distribution: shape (parameters, cases) in, (cases,) out."""
        central = self.central
        runner = self.plan(lines_behind(name, central.service, central.convention)).runner()
        found = np.empty(uniforms.shape[1])
        for start in range(0, found.size, self.chunk):
            part = uniforms[:, start : start + self.chunk]
            drawn = zip(self.uncertain.items(), part, strict=True)
            values = {each: uncertain.distribution.quantile(row) for (each, uncertain), row in drawn}
            found[start : start + self.chunk] = self._stated(runner.run(values), part.shape[1]).figure(name)
        return found

    def segments(
        self, results: Sequence[str], lines: Sequence[str] = (), draws: int | None = None
    ) -> Iterator[dict[str, Array]]:
        """Yield results, and lines of rows, segment by segment: arrays of shape (draws,) that the next one reuses."""
        count = self.draws if draws is None else min(draws, self.draws)
        central = self.central
        behind = {line for name in results for line in lines_behind(name, central.service, central.convention)}
        if not self.uncertain:
            yield self._certain(results, lines, count)
            return
        plan = self.plan(dict.fromkeys([*sorted(behind), *lines]))
        own, lock = threading.local(), threading.Lock()
        held = {name: np.empty(min(SEGMENT, count)) for name in (*results, *lines)}
        self.words = {}

        def work(segment: int, start: int, stop: int) -> int:
            if not hasattr(own, "runner"):
                own.runner = plan.runner()
            found, words = self._chunk(own.runner, start, stop, results, lines)
            for name, array in found.items():
                held[name][start - segment : stop - segment] = array
            with lock:
                for name, said in words.items():
                    mine = self.words.setdefault(name, {})
                    for word, times in said.items():
                        mine[word] = mine.get(word, 0) + times
            return stop - start

        for segment in range(0, count, SEGMENT):
            end = min(segment + SEGMENT, count)
            done = segment
            for size in self._spread_out(work, segment, end):
                done += size
                if self.progress is not None:
                    self.progress(done, count)
            yield {name: array[: end - segment] for name, array in held.items()}

    def _spread_out(self, work: Callable[[int, int, int], int], segment: int, end: int) -> Iterator[int]:
        parts = [(start, min(start + self.chunk, end)) for start in range(segment, end, self.chunk)]
        if self.workers == 1 or len(parts) == 1:
            yield from (work(segment, start, stop) for start, stop in parts)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            waiting: set[Future[int]] = {pool.submit(work, segment, start, stop) for start, stop in parts}
            try:
                while waiting:
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in finished)
            finally:
                for future in waiting:
                    future.cancel()

    def _chunk(
        self, runner: Runner, start: int, stop: int, results: Sequence[str], lines: Sequence[str]
    ) -> tuple[dict[str, Array], dict[str, dict[str, int]]]:
        parameters = self.parameters(start, stop)
        try:
            raw = runner.run(parameters)
            stated = self._stated(raw, stop - start)
            with np.errstate(all="ignore"):
                found = {name: stated.figure(name) for name in results}
        except ServiceError as error:
            raise self._in_a_draw(error, runner, parameters, start, results) from None
        years = self.central.service.about.appraisal_years
        return found | {name: flat(name, raw[name], years) for name in lines}, stated.words

    def _in_a_draw(
        self, error: ServiceError, runner: Runner, parameters: Mapping[str, Array], start: int, results: Sequence[str]
    ) -> ServiceError:
        """Return the error of a chunk, saying in which draw it is seen and by which inputs."""
        low, high = 0, next(iter(parameters.values())).size
        while high - low > 1:
            middle = (low + high) // 2
            part = {name: values[low:middle] for name, values in parameters.items()}
            try:
                stated = self._stated(runner.run(part), middle - low)
                for name in results:
                    stated.figure(name)
                low = middle
            except ServiceError as sooner:
                error, high = sooner, middle
        strays = {
            name: abs(parameters[name][low] - each.distribution.mean) / (each.distribution.sd or 1)
            for name, each in self.uncertain.items()
        }
        furthest = sorted(strays, key=lambda name: -strays[name])[:MOST_NAMED]
        inputs = ", ".join(f"{name} = {parameters[name][low]:g}" for name in furthest)
        said = (
            f"It happens where inputs are drawn, as in draw {start + low + 1:,} of {self.draws:,}, with {inputs}."
            " Narrow the spread that leads there, or state a minimum or maximum."
        )
        return ServiceError(error.name, [Fault(f.where, f"{f.sentence} {said}") for f in error.faults])

    def _stated(self, raw: Mapping[str, Array], cases: int) -> Stated:
        service, years = self.central.service, self.central.service.about.appraisal_years
        return Stated(service, self.central.convention, cases, lambda name: flat(name, raw[name], years))

    def _certain(self, results: Sequence[str], lines: Sequence[str], count: int) -> dict[str, Array]:
        """Return the central case for each draw: nothing is uncertain."""
        found = {name: self.central.figure(name) for name in results}
        for name in lines:
            line, _, row = name.partition(".")
            rows = self.central.service.costs if line == "present_cost" else self.central.service.outcomes
            place = [each.id for each in rows].index(row)
            found[name] = self.central.line(line)[place].reshape(-1)
        self.words = {name: {word: count} for name, word in self.central.status.items()}
        return {name: np.broadcast_to(array, count) for name, array in found.items()}
