"""``simulate``: draw every uncertain parameter many times, and state each result with its range and its chances."""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sroi import tables
from sroi.breakdown import one_case
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.method import RESULTS
from sroi.plan import chunk_size
from sroi.result import Result, evaluate
from sroi.service import Service
from sroi.uncertainty import conditions as conditions_of
from sroi.uncertainty import frames, saying
from sroi.uncertainty.runs import SEGMENT, Progress, Run
from sroi.uncertainty.sampling import Sampler
from sroi.uncertainty.spreads import PRESET, Uncertain, uncertain_parameters
from sroi.uncertainty.summaries import Accumulator, Summary, chance_error, enough

# A standard error at most this share of the likely range is enough for what is printed.
PRECISION = 0.01
# What `simulate` always counts: whether it pays back.
PAYS = "npsv > 0"


def simulate(
    service: Service,
    draws: int = 10_000,
    seed: int = 1,
    *,
    values: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    convention: Any = None,
    appraisal_years: int | None = None,
    method: str = "monte_carlo",
    preset: str | None = PRESET,
    spreads: Mapping[str, Any] | None = None,
    results: Collection[str] = RESULTS,
    workers: int = 1,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate a service.

    Parameters
    ----------
    service : Service
    draws : int
        How many, from 1 to 100 million.
    seed : int
        The same seed gives the same draws, to the last bit, whatever the workers and chunks.
    values, scenario, convention, appraisal_years : optional
        As for :func:`sroi.evaluate`. A value of your own keeps the spread that the file states,
        scaled to it; without one, or where that cannot be, it is drawn by the preset for an assumption.
    method : {"monte_carlo", "latin_hypercube", "sobol"}
        How the draws are made. Standard errors are those of plain Monte Carlo, which the others fall below.
    preset : str or None
        What gives a spread to parameters that state none, by their evidence grade; ``None`` for no spread.
    spreads : mapping of str to Spread or dict, optional
        Spreads that differ from the file.
    results : collection of str
        Which results to sum up, all by default.
    workers : int
        Threads that share the work.
    chunk : int, optional
        Draws that are worked on at once: a question of speed and memory only.
    progress : callable, optional
        Called with the draws that are done and the draws asked for; what it raises ends the run.

    Raises
    ------
    ServiceError
        With every fault of the request, or of a draw that cannot be worked out.
    """
    central = evaluate(service, values, scenario=scenario, convention=convention, appraisal_years=appraisal_years)
    one_case(central, "simulate")
    unknown = [name for name in results if name not in RESULTS]
    if unknown or not results:
        rule = nearest(unknown[0], RESULTS) if unknown else "Name at least one."
        raise ServiceError(service.id, [Fault("results", f"holds {shown(unknown)}, not a result. {rule}")])
    for name, number in (("workers", workers), ("chunk", 1 if chunk is None else chunk)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise ServiceError(service.id, [Fault(name, f"is {shown(number)}. Write a whole number of at least 1.")])
    uncertain = uncertain_parameters(central.service, central.values, preset, spreads or {})
    sampler = _sampler(central, draws, seed, method, uncertain)
    run = Run(central, uncertain, sampler, int(draws), workers, chunk or chunk_size(central.service), progress)
    return Simulation(run, tuple(name for name in RESULTS if name in results), seed, method, preset)


def _sampler(central: Result, draws: int, seed: int, method: str, uncertain: Mapping[str, Uncertain]) -> Sampler:
    pairs = {entry.between: entry.rank for entry in central.service.correlations}
    return Sampler(list(central.service.parameters), draws, seed, method, pairs, uncertain)


def correlations_of(service: Service, uncertain: Mapping[str, Uncertain]) -> dict[tuple[str, str], float]:
    """Return the rank correlations that the file states between parameters that are drawn."""
    return {each.between: each.rank for each in service.correlations if set(each.between) <= set(uncertain)}


class Simulation:
    """What a service comes to over many draws.

    Attributes
    ----------
    central : Result
        The result at the central values.
    draws, seed, method, preset :
        As asked for.
    uncertain : mapping of str to Uncertain
        Every parameter that is drawn, with its spread and where that comes from.
    """

    def __init__(self, run: Run, results: Sequence[str], seed: int, method: str, preset: str | None) -> None:
        self._run = run
        self.central = run.central
        self.uncertain = run.uncertain
        self.draws_made = run.draws
        self.results = tuple(results)
        self.seed, self.method, self.preset = seed, method, preset
        self._summaries: dict[str, Summary] = {}
        self._held: dict[str, Array] = {}
        self._pays = self._below = math.nan
        self._sum_up()

    def _sum_up(self) -> None:
        wanted = tuple(dict.fromkeys(("npsv", *self.results)))
        collectors = {name: Accumulator() for name in wanted}
        pays = below = 0
        for segment in self._run.segments(tuple(dict.fromkeys((*wanted, "pv_costs")))):
            for name, collector in collectors.items():
                collector.add(segment[name])
            pays += int(np.count_nonzero(segment["npsv"] > 0))
            # Over a cost below zero a ratio is no guide.
            below += int(np.count_nonzero(segment["pv_costs"] < 0))
            if self.draws_made <= SEGMENT:
                self._held = segment
        self._run.progress = None
        self._pays, self._below = pays / self.draws_made, below / self.draws_made
        self._summaries = {name: collector.summary() for name, collector in collectors.items()}
        self._words = {name: words for name, words in self._run.words.items() if name in self.results}

    # Tables ---------------------------------------------------------------------------------------------------

    def summary(self) -> pd.DataFrame:
        """Return one row for each result.

        Columns: ``label``, ``unit``, ``central`` (at the central values), ``mean``, ``median``, ``p5``, ``p25``,
        ``p75``, ``p95``, ``standard_error`` (of the mean), ``error_median``, ``error_p5``, …, ``sd``, ``undefined``
        (draws without a number: the other columns are over the rest), ``status`` (the words that hold, with counts),
        ``written`` (no more exactly than it is known).
        """
        rows: dict[str, dict[str, Any]] = {}
        for name in self.results:
            found = self._summaries[name]
            errors = {f"error_{key}": error for key, error in found.errors.items() if key != "mean"}
            rows[name] = {
                "label": tables.label_of(name),
                "unit": tables.unit_of(name),
                "central": getattr(self.central, name),
                "mean": found.mean,
                **{key: found.quantiles[key] for key in ("median", "p5", "p25", "p75", "p95")},
                "standard_error": found.errors["mean"],
                **errors,
                "sd": found.sd,
                "undefined": found.undefined,
                "status": "; ".join(
                    f"{word} in {count:,} draw{'' if count == 1 else 's'}"
                    for word, count in self._words.get(name, {}).items()
                ),
            }
        frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("name").astype({"central": float})
        frame["written"] = [
            saying.written(name, row, self.central, self._words.get(name, {}), self._below, self.draws_made)
            for name, row in rows.items()
        ]
        return frame

    def summary_of(self, name: str) -> Summary:
        """Return the summary of one result."""
        return self._summaries[name]

    def chance(self, condition: str) -> float:
        """Return the share of all draws in which a condition holds; a draw without a number does not meet it.

        Parameters
        ----------
        condition : str
            Comparisons in the formula language over results, such as ``"npsv > 0"`` or
            ``"sroi_ratio >= 2 and npsv > 1e6"``.
        """
        if condition == PAYS:
            return self._pays
        return float(self.chances([condition])["chance"].iloc[0])

    def chances(self, conditions: Sequence[str]) -> pd.DataFrame:
        """Return for each condition its chance, Monte Carlo standard error, and the draws that were undefined."""
        trees = {condition: conditions_of.read(self.central.service.id, condition) for condition in conditions}
        names = {name for parts in trees.values() for name in conditions_of.names(parts)}
        met, undefined = dict.fromkeys(conditions, 0), dict.fromkeys(conditions, 0)
        for segment in self._segments(sorted(names)):
            for condition, parts in trees.items():
                holds, missing = conditions_of.holds(parts, segment)
                met[condition] += int(np.count_nonzero(holds))
                undefined[condition] += int(np.count_nonzero(missing))
        chances = {condition: count / self.draws_made for condition, count in met.items()}
        return pd.DataFrame(
            {
                "chance": chances,
                "standard_error": {key: chance_error(chance, self.draws_made) for key, chance in chances.items()},
                "undefined": undefined,
            }
        ).rename_axis("condition")

    def _segments(self, names: Sequence[str]) -> Iterator[Mapping[str, Array]]:
        """Yield results of all draws: those that are held, or drawn again."""
        if all(name in self._held for name in names):
            return iter([self._held])
        return self._run.segments(names)

    def draws(self) -> pd.DataFrame:
        """Return every draw, made again from the seed: the uncertain parameters and the results, a row each."""
        parts = []
        start = 0
        for segment in self._segments(self.results):
            size = next(iter(segment.values())).size
            drawn = self._run.parameters(start, start + size) if self.uncertain else {}
            index = pd.RangeIndex(start, start + size, name="draw")
            parts.append(pd.DataFrame({**drawn, **{name: segment[name].copy() for name in self.results}}, index=index))
            start += size
        return pd.concat(parts)

    def at_least(self, draws: int) -> Simulation:
        """Return this simulation, or its net value alone over so many draws where it has fewer."""
        if draws <= self.draws_made:
            return self
        sampler = _sampler(self.central, draws, self.seed, self.method, self.uncertain)
        run = Run(self.central, self.uncertain, sampler, draws, self._run.workers, self._run.chunk)
        return Simulation(run, ("npsv",), self.seed, self.method, self.preset)

    def column(self, name: str, most: int) -> Array:
        """Return the first draws of one result, at most so many, shape (draws,)."""
        if name in self._held:
            return self._held[name][:most]
        return next(self._run.segments((name,), (), most))[name].copy()

    def parameters(self, most: int) -> dict[str, Array]:
        """Return the first draws of every uncertain parameter, at most so many."""
        return self._run.parameters(0, min(most, self.draws_made)) if self.uncertain else {}

    def uniforms(self, most: int) -> dict[str, Array]:
        """Return the first draws of every uncertain parameter as places in its distribution, at most so many."""
        return dict(self._run.sampler.uniforms(0, min(most, self.draws_made)))

    def at(self, name: str, uniforms: Array) -> Array:
        """Return one result at given places of every distribution: shape (parameters, cases) in, (cases,) out."""
        return self._run.at(name, uniforms)

    @property
    def no_guide(self) -> str:
        """Why a ratio over the cost says nothing here, or an empty text."""
        return saying.no_guide(self._below, self.draws_made)

    @property
    def correlated(self) -> Mapping[tuple[str, str], float]:
        """The rank correlations between the parameters that are drawn."""
        return correlations_of(self.central.service, self.uncertain)

    def inputs(self) -> pd.DataFrame:
        """Return what is drawn: one row for each uncertain parameter.

        Columns: ``label``, ``unit``, ``central``, ``p5``, ``p95``, ``shape``, ``origin`` (``stated`` in the file,
        ``scaled`` to a value of yours, by the ``preset``, or ``yours``), ``source`` and ``note`` of the spread.
        """
        return frames.inputs(self.central, self.uncertain)

    def correlations(self) -> pd.DataFrame:
        """Return the rank correlations that the file states, and whether the draws have them: one row for each.

        Columns: ``first``, ``second``, ``rank``, ``drawn`` and ``says``. A correlation with a parameter that is not
        drawn is left out: a number that is held says nothing about another.
        """
        return frames.correlations(self.central.service, self.uncertain)

    def convergence(self) -> pd.DataFrame:
        """Return for each result whether the draws are enough, and how many would be.

        Enough is when the standard errors of mean, median, 5th and 95th percentile are each at most 1% of the width
        of the likely range. Where no draw has a number, they are not enough, and how many would be is not known.
        """
        rows = {name: enough(self._summaries[name], PRECISION) for name in self.results}
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=["enough", "draws_needed"]).rename_axis("name")
        return frame.astype({"draws_needed": "Int64"})

    def by(self, what: str) -> pd.DataFrame:
        """Return the present value of benefits of each bearer, stakeholder or kind, with its range.

        Two sides of a transfer stand with their owners, as in :meth:`sroi.Result.by`. From at most 262,144 draws.
        """
        return frames.by(self._run, what)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints: for each result its summary, the chance that it pays back, and the terms.

        Each result has the Monte Carlo standard errors of its mean (``standard_error``) and of its quantiles.
        """
        frame = self.summary()
        keys = ["central", "mean", "median", "p5", "p25", "p75", "p95", "standard_error"]
        keys += [f"error_{key}" for key in ("median", "p5", "p25", "p75", "p95")]
        numbers = {key: frame[key].to_numpy(float) for key in keys}
        rows: dict[str, dict[str, float | None]] = {
            name: {key: None if math.isnan(numbers[key][row]) else float(numbers[key][row]) for key in keys}
            | {"undefined": self._summaries[name].undefined}
            for row, name in enumerate(self.results)
        }
        pairs = self.correlations()
        return {
            **tables.stated_under(self.central),
            "draws": self.draws_made,
            "seed": self.seed,
            "method": self.method,
            "preset": self.preset,
            **rows,
            "chance_npsv_positive": self._pays,
            "chance_standard_error": chance_error(self._pays, self.draws_made),
            "share_cost_below_zero": self._below,
            "non_monetised": [entry.label for entry in self.central.service.non_monetised],
            "headline": self.headline(),
            "status": {name: frame.at[name, "status"] for name in self.results if frame.at[name, "status"]},
            "correlations_left_out": pairs.loc[~pairs["drawn"], "says"].tolist(),
        }

    def headline(self) -> str:
        """Say the result in a sentence, with its likely range and the chance that it returns more than it costs."""
        return saying.headline(self.central, self._summaries, self._pays, self._below, self.draws_made)

    def __repr__(self) -> str:
        return f"<Simulation {tables.heading(self.central)}: {self.draws_made:,} draws; {self.headline()}>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.headline())}</p>{self.summary().to_html()}"
