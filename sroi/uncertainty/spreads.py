"""Which parameters of a service are uncertain, by which spread, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sroi import reference, sentences, units
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.rules import spread_about, spread_problems
from sroi.schema import Parameter
from sroi.service import Service
from sroi.shapes import Unmet
from sroi.spread import Spread
from sroi.uncertainty.distributions import Distribution, default_spread, distribution

PRESET = "by_grade"


@dataclass(frozen=True)
class Uncertain:
    """A parameter that is drawn.

    Attributes
    ----------
    spread : Spread
    distribution : Distribution
        In the parameter's own unit and price year.
    origin : str
        ``"stated"`` in the file, ``"scaled"`` from there to a value of the user's own, by the ``"preset"`` of the
        evidence grade, or ``"yours"``.
    """

    spread: Spread
    distribution: Distribution
    origin: str


def uncertain_parameters(
    service: Service, values: Mapping[str, Any], preset: str | None, spreads: Mapping[str, Any]
) -> dict[str, Uncertain]:
    """Return the parameters that are drawn, in the order of the file.

    Parameters
    ----------
    service : Service
        With its scenario applied.
    values : mapping of str to float
        Values of the user's own. The file's spread goes with them, scaled; where there is none, or it cannot be
        scaled, they are drawn as assumptions. What the file says is not uncertain stays so.
    preset : str or None
        The preset for parameters without a spread.
    spreads : mapping of str to Spread or dict
        Spreads of the user's own.
    """
    if preset is not None and preset not in reference.spread_presets():
        known = nearest(str(preset), reference.spread_presets())
        raise ServiceError(service.id, [Fault("preset", f"is {shown(preset)}, an unknown preset. {known}")])
    own = _checked(service, values, spreads)
    whole = _stays_as_it_is(service)
    found = {}
    for name, parameter in service.parameters.items():
        value = values.get(name, parameter.value)
        if value is None:
            continue
        if name in own:
            spread: Spread | None = own[name]
            origin = "yours"
        else:
            spread, origin = _spread_of(parameter, value)
        if spread is None and preset is not None and name not in whole:
            graded = parameter if name not in values else parameter.model_copy(update={"value": value, "grade": "F"})
            spread, origin = default_spread(graded, preset), "preset"
        if spread is not None and spread.shape != "fixed":
            try:
                made = distribution(spread, float(value), share=units.is_share(parameter.unit))
            except Unmet as error:
                raise ServiceError(
                    service.id, [Fault(f"parameters.{name}.spread", f"cannot be met. {error}")]
                ) from None
            found[name] = Uncertain(spread, made, origin)
    return found


def _spread_of(parameter: Parameter, value: float) -> tuple[Spread | None, str]:
    """Return the file's spread of a parameter about a value, and its origin."""
    around = spread_about(parameter, value)
    return around, "stated" if around is parameter.spread else "scaled"


def _stays_as_it_is(service: Service) -> set[str]:
    """Return parameters that a preset leaves alone: whole years, and years in which a cost must fall."""
    years = {outcome.onset_year for outcome in service.outcomes}
    years |= {name for cost in service.costs for name in (cost.start_year, cost.years)}
    return {name for name in years if name is not None}


def _checked(service: Service, values: Mapping[str, Any], spreads: Mapping[str, Any]) -> dict[str, Spread]:
    checked, faults = {}, []
    for name, given in spreads.items():
        parameter: Parameter | None = service.parameters.get(name)
        if parameter is None:
            problem = f"is not a parameter of this service. {nearest(str(name), service.parameters)}"
            faults.append(Fault(f"spreads.{str(name)[:60]}", problem))
            continue
        if isinstance(given, Spread):
            spread: Spread | None = given
        else:
            spread, said = sentences.read(f"spreads.{name}", Spread, given)
            faults += said
        if spread is not None:
            value = values.get(name, parameter.value)
            problems = spread_problems(parameter, spread, value)
            faults += [Fault(f"spreads.{name}.", problem) for problem in problems]
            checked[name] = spread
    if faults:
        raise ServiceError(service.id, faults)
    return checked
