"""The formula language: parsed once, then read as numpy arrays, as an Excel formula and as words."""

from sroi.formula.arrays import (
    COHORT_AXIS,
    DRAW_AXIS,
    OUTCOME_AXIS,
    YEAR_AXIS,
    Array,
    Value,
    apply,
    evaluate,
    evaluate_unchecked,
)
from sroi.formula.excel import to_excel
from sroi.formula.tree import (
    METHOD_FUNCTIONS,
    SERVICE_FUNCTIONS,
    Name,
    Node,
    Number,
    Operation,
    names,
    numbers,
    parse,
)
from sroi.formula.words import to_words

__all__ = [
    "COHORT_AXIS",
    "DRAW_AXIS",
    "METHOD_FUNCTIONS",
    "OUTCOME_AXIS",
    "SERVICE_FUNCTIONS",
    "YEAR_AXIS",
    "Array",
    "Name",
    "Node",
    "Number",
    "Operation",
    "Value",
    "apply",
    "evaluate",
    "evaluate_unchecked",
    "names",
    "numbers",
    "parse",
    "to_excel",
    "to_words",
]
