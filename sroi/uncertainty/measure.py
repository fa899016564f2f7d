"""What to measure next: what knowing a parameter, or everything, would be worth to the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sroi import printing, tables
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.uncertainty import asked, information
from sroi.uncertainty.simulation import Simulation

# Draws that the value of information rests on at most, and those by which to see whether options are drawn alike.
MOST, FEW = 100_000, 8
NOTHING = "do nothing"


def net_benefits(simulations: Simulation | Mapping[str, Simulation]) -> tuple[list[str], Array]:
    """Return the options and their net benefit, shape (draws, options); to do nothing is the first and brings 0.

    Parameters
    ----------
    simulations : Simulation or mapping of str to Simulation
        One service: fund it or not. Several options of one decision, such as scenarios: in one currency, price base
        and convention, and with one seed, method and number of draws, so that a parameter that they share is drawn
        alike. A parameter that an option does not have, or does not draw, does not move it.

    Raises
    ------
    ServiceError
        When the options cannot be compared, or a parameter that they share is not drawn alike.
    """
    options = _options(simulations, "perfect_information")
    columns = [each.column("npsv", MOST) for each in options.values()]
    return [NOTHING, *options], np.column_stack([np.zeros(columns[0].size), *columns])


def perfect_information(simulations: Simulation | Mapping[str, Simulation], decisions: float = 1) -> pd.Series[Any]:
    """Return the expected value of perfect information: what it would be worth to know everything.

    Parameters
    ----------
    simulations
        As for :func:`net_benefits`.
    decisions : float
        In how many decisions the answer would be used.

    Returns
    -------
    Series
        ``chosen`` (the option that is best on average), ``value`` for each decision, ``standard_error``,
        ``all_decisions`` (value times ``decisions``), ``chance_wrong`` (the share of draws in which another option
        would have been best), ``says``.
    """
    options = _options(simulations, "perfect_information")
    _check_decisions(decisions)
    names, benefits = net_benefits(options)
    found = information.evpi(benefits)
    chosen, symbol = names[found.chosen], tables.symbol_of(_first(options).central)
    now = f"the best choice now, “{chosen}”"
    if information.nothing_shown(found.value, found.standard_error):
        said = f"Knowing everything would be worth nothing that these draws can show: {now}, would stay the best."
    else:
        wrong = f"in {printing.chance(found.chance_wrong)} of cases another would be better than {now}"
        said = f"Knowing everything would be worth about {_worth(found.value, decisions, symbol)}; {wrong}."
    return pd.Series(
        {
            "chosen": chosen,
            "value": found.value,
            "standard_error": found.standard_error,
            "all_decisions": found.value * decisions,
            "chance_wrong": found.chance_wrong,
            "says": said,
        }
    )


def parameter_information(
    simulations: Simulation | Mapping[str, Simulation],
    groups: Mapping[str, Sequence[str]] | None = None,
    decisions: float = 1,
) -> pd.DataFrame:
    """Return what it would be worth to know each parameter, or each group, the most valuable first.

    Parameters
    ----------
    simulations
        As for :func:`net_benefits`.
    groups : mapping of str to sequence of str, optional
        Parameters that one study would measure together; each parameter by itself when not given.
    decisions : float
        In how many decisions the answer would be used.

    Returns
    -------
    DataFrame
        One row for each: ``label``, ``value`` for each decision, ``standard_error``, ``all_decisions``,
        ``chance_changes`` (the share of cases in which the best option given the measured value is another than the
        best one now; 0 where the value is within two standard errors of nothing), ``says``.
    """
    options = _options(simulations, "parameter_information")
    _check_decisions(decisions)
    _, benefits = net_benefits(options)
    drawn: dict[str, Array] = {}
    for each in options.values():
        for name, array in each.parameters(len(benefits)).items():
            # Where options give it other spreads, each value rises with the same uniform number, and so does the sum:
            # to know the sum is to know them all.
            drawn[name] = drawn[name] + array if name in drawn else array
    labels = {
        name: option.central.service.parameters[name].label
        for option in options.values()
        for name in drawn
        if name in option.central.service.parameters
    }
    chosen = {name: [name] for name in drawn} if groups is None else _groups(_first(options), groups, drawn)
    symbol, rows = tables.symbol_of(_first(options).central), {}
    for key, names in chosen.items():
        found = information.evppi(np.column_stack([drawn[name] for name in names]), benefits)
        label = labels[key] if groups is None else key
        rows[key] = {
            "label": label,
            "value": found.value,
            "standard_error": found.standard_error,
            "all_decisions": found.value * decisions,
            "chance_changes": found.chance_changes,
            "says": _says(label, found, decisions, symbol),
        }
    columns = ["label", "value", "standard_error", "all_decisions", "chance_changes", "says"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")
    return frame.sort_values("value", ascending=False, kind="stable")


def _says(label: str, found: information.Partial, decisions: float, symbol: str) -> str:
    """Say what measuring something is worth, to no more figures than are known."""
    if information.nothing_shown(found.value, found.standard_error):
        return f"Measuring “{label}” would be worth nothing that these draws can show: the decision stays as it is."
    changed = f"it would change the decision in {printing.chance(found.chance_changes)} of cases"
    return f"Knowing “{label}” for certain would be worth about {_worth(found.value, decisions, symbol)}; {changed}."


def _worth(value: float, decisions: float, symbol: str) -> str:
    each = f"{printing.to_figures(value, symbol)} a decision"
    if decisions == 1:
        return each
    count = f"{decisions:,.0f}" if decisions == int(decisions) else f"{decisions:,}"
    return f"{each}, {printing.to_figures(value * decisions, symbol)} over {count} decisions"


# What cannot be asked --------------------------------------------------------------------------------


def _options(simulations: Simulation | Mapping[str, Simulation], asker: str) -> dict[str, Simulation]:
    """Return the options by name, or say why they are not options of one decision."""
    if not isinstance(simulations, Mapping):
        return {"fund it": asked.simulated(simulations, asker)}
    options = {str(name): asked.simulated(each, asker) for name, each in simulations.items()}
    if not options:
        rule = "Name at least one: {'fund it': sroi.simulate(service)}."
        raise ServiceError(asked.THE_REQUEST, [Fault("options", f"is empty. {rule}")])
    faults = [Fault("options", fault) for fault in _unlike(options)]
    if faults:
        raise ServiceError(asked.THE_REQUEST, faults)
    return options


def _first(options: Mapping[str, Simulation]) -> Simulation:
    return next(iter(options.values()))


def _unlike(options: Mapping[str, Simulation]) -> Iterator[str]:
    """Yield why options cannot be compared draw by draw."""
    cases = {name: each.central for name, each in options.items()}
    stated = {
        name: (case.service.about.currency, f"prices of {case.service.about.price_base_year}", case.convention.label)
        for name, case in cases.items()
    }
    if len(set(stated.values())) > 1:
        said = "; ".join(f"{shown(name)} in {', '.join(terms)}" for name, terms in stated.items())
        yield (
            f"are stated in different terms: {said}. Nothing is converted: compare options in one currency, "
            "price base and convention."
        )
    if len({(each.seed, each.method, each.draws_made) for each in options.values()}) > 1:
        yield "were drawn differently. Simulate every option with one seed, method and number of draws."
        return
    if _first(options).method == "sobol" and len({tuple(case.service.parameters) for case in cases.values()}) > 1:
        yield (
            "are services with different parameters, which a Sobol sequence does not draw alike. Simulate every "
            "option with method 'monte_carlo'."
        )
        return
    yield from _drawn_otherwise(options)


def _drawn_otherwise(options: Mapping[str, Simulation]) -> Iterator[str]:
    """Yield the parameters that options share by name but not in what they mean, or how they are drawn."""
    seen: dict[str, tuple[str, str, Array]] = {}
    for option, each in options.items():
        for name, places in each.uniforms(FEW).items():
            parameter = each.central.service.parameters[name]
            meant = f"“{parameter.label}” ({parameter.unit})"
            first, other, before = seen.setdefault(name, (option, meant, places))
            if meant != other:
                rule = "Parameters of one name are drawn alike: give one of them another name."
                yield f"use {name!r} for {other} in {first!r} and for {meant} in {option!r}. {rule}"
            elif not np.array_equal(places, before):
                rule = "State the same correlations in every option."
                yield f"do not draw {name!r} alike in {first!r} and {option!r}: it is correlated otherwise. {rule}"


def _check_decisions(decisions: object) -> None:
    if not asked.finite(decisions) or not float(decisions) > 0:  # type: ignore[arg-type]
        rule = "Write in how many decisions the answer would be used: a number above 0."
        raise ServiceError(asked.THE_REQUEST, [Fault("decisions", f"is {shown(decisions)}. {rule}")])


def _groups(first: Simulation, groups: object, drawn: Mapping[str, Array]) -> dict[str, Sequence[str]]:
    service = first.central.service
    if not isinstance(groups, Mapping):
        rule = "Write a dictionary of names and lists of parameters."
        raise ServiceError(service.id, [Fault("groups", f"is {shown(groups)}. {rule}")])
    found = {str(key): asked.names(service, names, f"groups.{key}") for key, names in groups.items()}
    faults = []
    for key, names in found.items():
        if not names:
            faults.append(Fault(f"groups.{key}", "names no parameter. Write at least one."))
        for name in names:
            if name not in drawn:
                problem = f"holds {shown(name)}, which is not an uncertain parameter. {nearest(name, drawn)}"
                faults.append(Fault(f"groups.{key}", problem))
    if faults:
        raise ServiceError(service.id, faults)
    return found
