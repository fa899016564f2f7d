"""The chain from quantity to result, written once as named lines in the formula language.

The engine and the method page read these lines. Axes are (outcome or cost, cohort, year, draw); ``t`` is
the year, ``c`` the year in which the cohort starts and ``a`` the years since onset, all counted from 0.
Sources: SVI is Social Value International, *A Guide to SROI*; GB is HM Treasury, *The Green Book* (2026).
"""

from sroi.method.inputs import CONVENTION_SETTINGS, COST_INPUTS, OUTCOME_INPUTS, SETTINGS
from sroi.method.line import MethodLine
from sroi.method.outcomes import BRIDGE_LINES, BRIDGE_STEPS, OUTCOME_LINES, YEAR_LINES
from sroi.method.results import CALLED, COST_LINES, FLOW_LINES, RESULTS, SERVICE_LINES

LINES: dict[str, MethodLine] = {
    line.name: line for line in (*YEAR_LINES, *OUTCOME_LINES, *BRIDGE_LINES, *COST_LINES, *SERVICE_LINES, *FLOW_LINES)
}

__all__ = [
    "BRIDGE_LINES",
    "BRIDGE_STEPS",
    "CALLED",
    "CONVENTION_SETTINGS",
    "COST_INPUTS",
    "COST_LINES",
    "FLOW_LINES",
    "LINES",
    "OUTCOME_INPUTS",
    "OUTCOME_LINES",
    "RESULTS",
    "SERVICE_LINES",
    "SETTINGS",
    "YEAR_LINES",
    "MethodLine",
]
