"""Uncertainty: spreads and draws, simulation, what matters, and what to measure next."""

from sroi.uncertainty.measure import parameter_information, perfect_information
from sroi.uncertainty.sensitivity import one_way, scenario_bridge, two_way
from sroi.uncertainty.simulation import Simulation, simulate
from sroi.uncertainty.switching import switching_values
from sroi.uncertainty.variance_of import contributions, sobol_indices

__all__ = [
    "Simulation",
    "contributions",
    "one_way",
    "parameter_information",
    "perfect_information",
    "scenario_bridge",
    "simulate",
    "sobol_indices",
    "switching_values",
    "two_way",
]
