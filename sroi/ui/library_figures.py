"""What every service of the library costs and returns: worked out once for all visitors, behind the page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

from sroi import overview
from sroi.errors import ServiceError
from sroi.service import Service


@dataclass(frozen=True)
class Figures:
    """What a service comes to.

    Attributes
    ----------
    cases : mapping of str to mapping
        By case, as in :func:`sroi.library_results`.
    evidence : mapping
        As :func:`sroi.overview.evidence_of` returns it.
    problem : str
        Why there is neither; empty where there is.
    """

    cases: Mapping[str, Mapping[str, Any]]
    evidence: Mapping[str, Any]
    problem: str = ""


def figures_of(service: Service) -> Figures:
    """Work out what a service comes to; a service that cannot be has a sentence instead."""
    try:
        return Figures({row["case"]: row for row in overview.cases_of(service)}, overview.evidence_of(service))
    except ServiceError as error:
        return Figures({}, {}, f"No figures: {error.faults[0]}")
    except Exception:
        logging.getLogger(__name__).exception("the figures of %s stopped", service.id)
        return Figures({}, {}, "The figures of this service could not be worked out.")


class InBackground:
    """The figures of many services, one after the other, in a thread that touches no page."""

    def __init__(self) -> None:
        self.found: dict[str, Figures] = {}
        self.over = Event()
        self._lock = Lock()
        self._begun = False

    def begin(self, services: Mapping[str, Service]) -> None:
        """Begin, unless somebody has."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
        Thread(target=self._work, args=(services,), daemon=True).start()

    def _work(self, services: Mapping[str, Service]) -> None:
        try:
            for name, service in services.items():
                self.found[name] = figures_of(service)
        finally:
            self.over.set()


LIBRARY = InBackground()
