"""What a page shows: the case worked out, or the last one that could be, with what is in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sroi.errors import Fault, ServiceError
from sroi.result import Result, evaluate
from sroi.service import Service
from sroi.ui import catalogue, draws
from sroi.ui.state import Case
from sroi.ui.visit import Visit
from sroi.uncertainty import Simulation


@dataclass(frozen=True)
class View:
    """The case of a visit, worked out.

    Attributes
    ----------
    visit : Visit
    base : Service
        Without a scenario, at the horizon and price base of the case.
    applied : Service
        With the scenario.
    result : Result
        Of the case, or of the last one that could be worked out.
    problems : mapping of str to str
        What is wrong with a value that was typed, by parameter.
    general : tuple of str
        What else is in the way.
    simulation : Simulation or None
    in_the_way : list of str
        Why there is no simulation.
    """

    visit: Visit
    base: Service
    applied: Service
    result: Result
    problems: Mapping[str, str]
    general: tuple[str, ...]
    simulation: Simulation | None
    in_the_way: list[str]

    @property
    def case(self) -> Case:
        """The case as it was asked for."""
        return self.visit.case


def base_of(case: Case) -> Service:
    """Return the service of a case at its horizon and price base, without its scenario."""
    service = catalogue.load(case.service)
    about = service.about
    terms = {"appraisal_years": case.years, "price_base_year": case.prices}
    changed = {key: value for key, value in terms.items() if value not in (None, getattr(about, key))}
    return service.replace(about=about.model_copy(update=changed)) if changed else service


def view(visit: Visit) -> View:
    """Work out the case of a visit."""
    case = visit.case
    base = base_of(case)
    result, problems, general = _evaluated(visit, base)
    simulation, in_the_way = draws.drawn(base, result, case)
    return View(visit, base, base.apply(case.scenario), result, problems, general, simulation, in_the_way)


def evaluated(case: Case) -> Result:
    """Work a case out.

    Raises
    ------
    ServiceError
        With every fault of its values.
    """
    return evaluate(base_of(case), case.values, scenario=case.scenario, convention=case.convention)


def _evaluated(visit: Visit, base: Service) -> tuple[Result, dict[str, str], tuple[str, ...]]:
    case = visit.case
    try:
        result = evaluated(case)
    except ServiceError as error:
        named = {fault.where.removeprefix("values."): fault.sentence for fault in error.faults}
        problems = {name: sentence for name, sentence in named.items() if name in base.parameters}
        general = tuple(str(fault) for fault in error.faults if fault.where.removeprefix("values.") not in problems)
    else:
        visit.valid[case.service] = case
        return result, {}, ()
    candidates = [visit.valid.get(case.service), case.without(problems), replace(case, values={})]
    for candidate in candidates:
        try:
            if candidate is not None:
                return evaluated(candidate), problems, general
        except ServiceError:
            continue
    raise ServiceError(case.service, [Fault("", "cannot be shown as it stands. Choose another scenario.")])
