"""A straight list of steps over arrays of draws: what to work out, in which order, into which buffer.

Draws come in chunks. A chunk stays small enough for the processor's cache, every step writes into a buffer that
is used again as soon as nobody needs its content, and so a million draws cost little more than the arithmetic.
All arrays have the axes (outcome, cohort, year, draw), the first of length 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sroi.formula import Array
from sroi.kernels import Write

Shape = tuple[int, int]  # cohorts and years; draws are known only when the steps run


@dataclass(frozen=True, eq=False)
class Register:
    """Where an array over draws will stand; ``shape`` is its length along cohorts and years."""

    number: int
    shape: Shape


Operand = Register | float | Array


@dataclass(frozen=True)
class Step:
    """One operation: ``write(*operands, out)``; a check has no ``out`` and raises what it finds."""

    write: Write
    operands: tuple[Operand, ...]
    out: Register | None


def _needed(steps: Sequence[Step], wanted: Collection[Operand]) -> list[Step]:
    """Return the steps that checks and what is wanted rest on, in order."""
    needed = {operand for operand in wanted if isinstance(operand, Register)}
    found = []
    for step in reversed(steps):
        if step.out is None or step.out in needed:
            found.append(step)
            needed.update(operand for operand in step.operands if isinstance(operand, Register))
    return found[::-1]


class Runner:
    """Runs steps for one chunk after another in the same buffers; each thread has its own.

    Parameters
    ----------
    steps : sequence of Step
        In order: a step uses only what stands above it.
    drawn : mapping of str to Register
        Where the parameters that vary stand.
    wanted : mapping of str to Register or constant
        What is asked for.
    """

    def __init__(self, steps: Sequence[Step], drawn: Mapping[str, Register], wanted: Mapping[str, Operand]) -> None:
        self._drawn = drawn
        self._wanted = wanted
        self._size = 0
        self._buffers: list[Array] = []
        self._shapes: list[Shape] = []
        self._steps = self._placed(_needed(steps, wanted.values()))

    def _placed(self, steps: Sequence[Step]) -> list[tuple[Step, int]]:
        """Give each step a buffer: one whose content nobody below needs any more, or a new one."""
        last = {register: len(steps) for register in self._wanted.values() if isinstance(register, Register)}
        for place, step in reversed(list(enumerate(steps))):
            for operand in step.operands:
                if isinstance(operand, Register):
                    last.setdefault(operand, place)
        self._of: dict[Register, int] = {}
        free: dict[Shape, list[int]] = {}
        placed = []
        for place, step in enumerate(steps):
            if step.out is not None:
                waiting = free.setdefault(step.out.shape, [])
                if not waiting:
                    waiting.append(len(self._shapes))
                    self._shapes.append(step.out.shape)
                self._of[step.out] = waiting.pop()
            placed.append((step, -1 if step.out is None else self._of[step.out]))
            for operand in {each for each in step.operands if isinstance(each, Register)}:
                if last[operand] == place and operand in self._of:
                    free.setdefault(operand.shape, []).append(self._of[operand])
            if step.out is not None and step.out not in last:
                free[step.out.shape].append(self._of[step.out])
        return placed

    def run(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """Return what is wanted for one chunk, each with axes (1, cohort, year, draw): valid until the next run.

        Parameters
        ----------
        values : mapping of str to array of shape (draws,)
            Every parameter that varies, in its own unit and price year.
        """
        size = next(iter(values.values())).size
        if size != self._size:
            self._buffers = [np.empty((1, *shape, size)) for shape in self._shapes]
            self._size = size
        held: dict[Register, Array] = {
            register: values[name].reshape(1, 1, 1, -1) for name, register in self._drawn.items()
        }
        with np.errstate(all="ignore"):
            for step, buffer in self._steps:
                operands = [held[each] if isinstance(each, Register) else each for each in step.operands]
                if step.out is None:
                    step.write(*operands)
                else:
                    held[step.out] = self._buffers[buffer]
                    step.write(*operands, self._buffers[buffer])
        found = {}
        for name, operand in self._wanted.items():
            array = held[operand] if isinstance(operand, Register) else np.array(operand, float, ndmin=4)
            found[name] = np.broadcast_to(array, (*array.shape[:-1], size))
        return found
