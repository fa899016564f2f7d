"""Rank correlations between named numbers: is the matrix possible, and which names make it fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from sroi.formula import Array

# An eigenvalue is taken for 0 down to this far below it.
ROUNDING = 1e-9
# Subsets up to this size are searched for the smallest that fails; beyond, all names are said.
LARGEST = 6

Pairs = Mapping[tuple[str, str], float]


def normal_matrix(names: Sequence[str], pairs: Pairs) -> Array:
    """Return the correlations of the normal scores: 2 sin(pi rank / 6) for Spearman's rank (Pearson 1907)."""
    matrix = np.eye(len(names))
    place = {name: number for number, name in enumerate(names)}
    for (first, second), rank in pairs.items():
        if first in place and second in place:
            score = 2 * np.sin(np.pi * rank / 6) if abs(rank) < 1 else rank
            matrix[place[first], place[second]] = matrix[place[second], place[first]] = score
    return matrix


def possible(names: Sequence[str], pairs: Pairs) -> bool:
    """Say whether numbers can have these correlations: whether the matrix is positive semi-definite."""
    return bool(np.linalg.eigvalsh(normal_matrix(names, pairs)).min() >= -ROUNDING)


def smallest_impossible(names: Sequence[str], pairs: Pairs) -> tuple[str, ...]:
    """Return the smallest set of names that already fails; empty when all is possible."""
    if not names or possible(names, pairs):
        return ()
    for size in range(2, min(len(names), LARGEST) + 1):
        for subset in combinations(names, size):
            if not possible(subset, pairs):
                return subset
    return tuple(names)


def components(pairs: Pairs) -> list[list[str]]:
    """Return the names that hang together, in order of first mention."""
    groups: list[list[str]] = []
    for pair in pairs:
        touched = [group for group in groups if set(group) & set(pair)]
        merged = list(dict.fromkeys([name for group in touched for name in group] + list(pair)))
        groups = [group for group in groups if group not in touched] + [merged]
    return groups


def root(matrix: Array) -> Array:
    """Return the lower triangle L with L L' = matrix; a row that others determine has nothing of its own."""
    lower = np.zeros_like(matrix)
    for row in range(len(matrix)):
        for column in range(row):
            rest = matrix[row, column] - lower[row, :column] @ lower[column, :column]
            lower[row, column] = rest / lower[column, column] if lower[column, column] > ROUNDING else 0.0
        lower[row, row] = np.sqrt(max(0.0, matrix[row, row] - lower[row, :row] @ lower[row, :row]))
    return lower
