"""What the server keeps of visits for a while, so that a reload or a lost connection loses nothing."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


def new_token() -> str:
    """Return a name that nobody can guess: whoever has it can look at the visit."""
    return secrets.token_urlsafe(16)


class Store(Generic[Thing]):
    """Things under tokens, in memory: the oldest go when there are too many, and each when nobody has used it long.

    Parameters
    ----------
    most : int
        The weight that is kept at most.
    seconds : float
        How long a thing is kept that nobody uses.
    weigh : callable
        The weight of a thing.
    clock : callable
        Seconds that only grow.
    """

    def __init__(
        self,
        most: int,
        seconds: float,
        weigh: Callable[[Thing], int] = lambda _: 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._seconds, self._weigh, self._clock = most, seconds, weigh, clock
        self._things: OrderedDict[str, tuple[float, Thing]] = OrderedDict()
        self._lock = Lock()

    def keep(self, token: str, thing: Thing) -> None:
        """Keep a thing, as the one that was used last."""
        with self._lock:
            self._things[token] = self._clock(), thing
            self._things.move_to_end(token)
            self._clear()

    def get(self, token: str) -> Thing | None:
        """Return what is kept under a token; ``None`` where nothing is, or no longer."""
        with self._lock:
            self._clear()
            found = self._things.get(token)
        return None if found is None else found[1]

    def _clear(self) -> None:
        # The one used last is kept whatever it weighs. Weights are taken anew: a thing may have grown since.
        weight = sum(self._weigh(thing) for _, thing in self._things.values())
        while self._things:
            token, (used, thing) = next(iter(self._things.items()))
            too_much = weight > self._most and len(self._things) > 1
            if not too_much and self._clock() - used <= self._seconds:
                return
            weight -= self._weigh(thing)
            del self._things[token]
