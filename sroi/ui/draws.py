"""The draws behind the page: a few at once, many in the background, where they can be watched and stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

import streamlit as st

from sroi.errors import ServiceError
from sroi.result import Result
from sroi.service import Service
from sroi.ui.state import Case
from sroi.ui.words import plain
from sroi.uncertainty import Simulation, simulate

DRAWS = (10_000, 100_000, 1_000_000, 10_000_000)
# A run that takes no longer than this many seconds is waited for, and one that does is looked at so often.
PATIENCE, EVERY = 1, 0.5

Ask = Callable[[Callable[[int, int], None]], Simulation]


class _StoppedError(Exception):
    """Raised in the run's own thread where somebody has stopped it."""


@dataclass
class LongRun:
    """A simulation in a thread of its own, which touches nothing of the page."""

    key: str
    asked: int
    done: int = 0
    found: Simulation | None = None
    problems: list[str] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)

    def start(self, ask: Ask) -> None:
        """Begin to draw."""
        Thread(target=self._work, args=(ask,), daemon=True).start()

    def _work(self, ask: Ask) -> None:
        try:
            self.found = ask(self._tell)
        except _StoppedError:
            pass
        except ServiceError as error:
            self.problems = [str(fault) for fault in error.faults]
        except Exception:
            logging.getLogger(__name__).exception("the draws stopped")
            self.problems = ["The draws stopped for a reason of the program's own."]
        finally:
            self.over.set()

    def _tell(self, done: int, _: int) -> None:
        self.done = done
        if self.stopped.is_set():
            raise _StoppedError


def drawn(base: Service, result: Result, case: Case) -> tuple[Simulation | None, list[str]]:
    """Return the simulation of the case that the page shows, or what stands in its way.

    While many draws are made, and where they were stopped, that of the fewest draws is shown.
    """
    draws = st.session_state.get("draws", DRAWS[0])
    preset = "by_grade" if st.session_state.get("preset", True) else None
    values = dict(result.values)

    def ask(count: int, progress: Callable[[int, int], None] | None) -> Simulation:
        return simulate(
            base,
            count,
            values=values,
            scenario=result.scenario,
            convention=result.convention_name,
            preset=preset,
            progress=progress,
        )

    try:
        few = ask(DRAWS[0], None)
    except ServiceError as error:
        _drop()
        return None, [str(fault) for fault in error.faults]
    if draws == DRAWS[0] or not few.uncertain:
        _drop()
        return few, []
    key = repr((base.id, sorted(values.items()), result.scenario, result.convention_name, preset, draws))
    run = _run(key, draws, lambda progress: ask(draws, progress))
    return run.found or few, []


def _run(key: str, draws: int, ask: Ask) -> LongRun:
    """Return the run of a case: the one that is under way, or a new one that ends it."""
    run: LongRun | None = st.session_state.get("run")
    if run is None or run.key != key:
        _drop()
        run = LongRun(key, draws)
        st.session_state["run"] = run
        run.start(ask)
        run.over.wait(PATIENCE)
    return run


def _drop() -> None:
    run: LongRun | None = st.session_state.pop("run", None)
    if run is not None:
        run.stopped.set()


def watch() -> None:
    """Show how far a long run is, with a button that stops it, or why its draws are not those shown."""
    run: LongRun | None = st.session_state.get("run")
    if run is None or run.found is not None:
        return
    if not run.over.is_set():
        _progress(run)
        return
    if run.problems:
        st.warning(f"The figures are of {DRAWS[0]:,} draws, as among {run.asked:,} some cannot be worked out:")
        st.markdown("\n".join(f"- {plain(problem)}" for problem in run.problems))
    else:
        st.warning(f"Stopped after {run.done:,} of {run.asked:,} draws. The figures are of {DRAWS[0]:,} draws.")
    st.button("Draw again", on_click=_drop)


@st.fragment(run_every=EVERY)
def _progress(run: LongRun) -> None:
    if run.over.is_set():
        st.rerun()
    said = f"{run.done:,} of {run.asked:,} draws. Until all are made, the figures are of {DRAWS[0]:,} draws."
    st.progress(run.done / run.asked, said)
    if st.button("Stop"):
        run.stopped.set()


def forget() -> None:
    """Stop a run and forget it: the service that it was of has changed."""
    _drop()
