"""Uniform numbers for every uncertain parameter: any part of the draws, by itself, always the same.

Plain Monte Carlo and Latin hypercube have one stream for each parameter's name, so that another parameter moves no
draw. A Sobol sequence has one dimension for each parameter of the file, in its order, drawn or not: so what two
scenarios of a file both draw, they draw alike.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

import numpy as np

from sroi.correlation import Pairs, components, normal_matrix, root, smallest_impossible
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.uncertainty.sobol import SobolPoints

METHODS = ("monte_carlo", "latin_hypercube", "sobol")
MOST_DRAWS = 100_000_000
# A Latin hypercube holds a permutation for each parameter.
MOST_STRATA = 1_000_000
MOST_DIMENSIONS = 21_201
# A draw keeps this far from the ends of its stratum, so that rounding does not move it to the next.
EDGE = 2.0**-30
NEAREST = 2.0**-54


class Sampler:
    """Uniform numbers between 0 and 1.

    Parameters
    ----------
    names : sequence of str
        Every name that could be drawn.
    draws : int
        How many in all, from 1 to 100 million.
    seed : int
    method : {"monte_carlo", "latin_hypercube", "sobol"}
    correlations : mapping of (str, str) to float
        Rank correlations between some of the names, met by a Gaussian copula.
    drawn : collection of str, optional
        The names whose numbers are wanted; all when not given. The others move none of these.

    Raises
    ------
    ServiceError
        When draws, seed or method cannot be, or the correlations contradict each other.
    """

    def __init__(
        self,
        names: Sequence[str],
        draws: int,
        seed: int,
        method: str = "monte_carlo",
        correlations: Pairs | None = None,
        drawn: Collection[str] | None = None,
    ) -> None:
        faults = list(_faults(len(names), draws, seed, method))
        pairs = correlations or {}
        failing = smallest_impossible(list(dict.fromkeys(name for pair in pairs for name in pair)), pairs)
        if failing:
            rule = "No numbers can be correlated like this: bring one of their correlations nearer to 0."
            faults.append(Fault("correlations", f"of {', '.join(failing)} contradict each other. {rule}"))
        if faults:
            raise ServiceError("the simulation", faults)
        self.names = list(names)
        self._wanted = self.names if drawn is None else [name for name in names if name in drawn]
        # Who is correlated with a wanted name takes part, even where nobody asks for its own numbers.
        groups = [sorted(each, key=self.names.index) for each in components(pairs)]
        groups = [group for group in groups if set(group) & set(self._wanted)]
        taking_part = {*self._wanted, *(name for group in groups for name in group)}
        self._drawn = [name for name in names if name in taking_part]
        self._draws, self._seed, self._method = int(draws), int(seed), method
        self._own = threading.local()
        self._permutations: dict[str, Any] = {}
        if method == "latin_hypercube":
            self._permutations = {n: self._stream(n, "strata").permutation(self._draws) for n in self._drawn}
        # With no names there is no sequence either.
        self._points: SobolPoints | None = None
        if method == "sobol" and self._drawn:
            places = [place for place, name in enumerate(names) if name in taking_part]
            self._points = SobolPoints(len(names), self._draws, self._seed, places)
        self._groups = [(group, root(normal_matrix(group, pairs))) for group in groups]

    def _stream(self, name: str, what: str = "") -> np.random.Generator:
        """Return the stream of one name, at its start."""
        words = np.frombuffer(hashlib.sha256(f"{name}/{what}".encode()).digest(), np.uint32)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self._seed, *words.tolist()])))

    def uniforms(self, start: int, stop: int) -> Iterator[tuple[str, Array]]:
        """Yield every wanted name with its draws from start to stop, shape (stop - start,), from 0 to below 1.

        One name after another, so that whoever works on each as it comes finds it in the processor's cache.
        """
        found: Iterator[tuple[str, Array]]
        if self._points is not None:
            found = zip(self._drawn, self._points.rows(start, stop), strict=True)
        else:
            found = ((name, self._plain(name, start, stop)) for name in self._drawn)
        if self._method == "latin_hypercube":
            found = ((name, self._stratum(name, start, stop, within)) for name, within in found)
        if not self._groups:
            return found
        mixed = self._correlated(dict(found))
        return iter([(name, mixed[name]) for name in self._wanted])

    def _stratum(self, name: str, start: int, stop: int, within: Array) -> Array:
        found: Array = (self._permutations[name][start:stop] + np.clip(within, EDGE, 1 - EDGE)) / self._draws
        return found

    def _plain(self, name: str, start: int, stop: int) -> Array:
        # Each thread goes on where it stopped, or moves there: one number takes one step of the stream.
        streams = self._own.__dict__.setdefault("streams", {})
        at, stream = streams.get(name, (-1, None))
        if at != start:
            stream = self._stream(name)
            cast(np.random.PCG64, stream.bit_generator).advance(start)
        streams[name] = (stop, stream)
        found: Array = stream.random(stop - start)
        return found

    def _correlated(self, found: dict[str, Array]) -> dict[str, Array]:
        """Give correlated names their common part; the first of a group keeps its own draws."""
        from scipy import special

        for group, lower in self._groups:
            scores = [special.ndtri(np.maximum(found[name], NEAREST)) for name in group]
            for row in range(1, len(group)):
                # One after another, so that a draw does not depend on how many are made at once.
                mixed = lower[row, 0] * scores[0]
                for column in range(1, row + 1):
                    mixed += lower[row, column] * scores[column]
                found[group[row]] = special.ndtr(mixed)
        return found


def _faults(names: int, draws: object, seed: object, method: object) -> list[Fault]:
    faults = []
    if not _whole(draws) or not 1 <= int(draws) <= MOST_DRAWS:  # type: ignore[call-overload]
        faults.append(Fault("draws", f"is {shown(draws)}. Write a whole number from 1 to {MOST_DRAWS:,}."))
    if not _whole(seed) or int(seed) < 0:  # type: ignore[call-overload]
        faults.append(Fault("seed", f"is {shown(seed)}. Write a whole number of at least 0."))
    if method not in METHODS:
        faults.append(Fault("method", f"is {shown(method)}. {nearest(str(method), METHODS)}"))
    if method == "latin_hypercube" and not faults and int(draws) > MOST_STRATA:  # type: ignore[call-overload]
        rule = f"A Latin hypercube takes at most {MOST_STRATA:,}: write fewer, or method monte_carlo or sobol."
        faults.append(Fault("draws", f"is {shown(draws)}. {rule}"))
    if method == "sobol" and names > MOST_DIMENSIONS:
        rule = f"A Sobol sequence has at most {MOST_DIMENSIONS:,} dimensions: write method monte_carlo."
        faults.append(Fault("method", f"is 'sobol', for {names:,} parameters. {rule}"))
    return faults


def _whole(number: object) -> bool:
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)
