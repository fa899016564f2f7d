"""The benchmark service written by hand in numpy, as tight as a careful analyst would: the yardstick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

NAMES = ("rough_sleeping", "offending", "emergency_visits", "employment", "wellbeing", "volunteering")
YEARS, COHORTS, RATE = 10, 3, 0.035


def evaluate(values: Mapping[str, Any], price_factor: float) -> dict[str, Any]:
    """Return npsv, sroi_ratio, pv_benefits and pv_costs for floats or arrays of shape (draws,)."""
    supported = values["people"] * values["take_up"]
    gross = sum(values[f"share_{name}"] * values[f"worth_{name}"] for name in NAMES)
    yearly = supported * gross * price_factor * (1 - values["deadweight"]) * (1 - values["attribution"])
    kept, lasts = 1 - values["drop_off"], values["lasts"]
    # With one profile for all outcomes, the discounted years of effect are one number for each draw.
    years_of_effect = 0.0
    decay = 1.0
    for age in range(YEARS):
        weight = sum((1 + RATE) ** -(age + cohort) for cohort in range(COHORTS) if age + cohort < YEARS)
        years_of_effect = years_of_effect + decay * np.minimum(1, np.maximum(0, lasts - age)) * weight
        decay = decay * kept
    pv_benefits = yearly * years_of_effect
    costs = (values["cost_a_person"] * supported + values["overheads"]) * price_factor
    pv_costs = costs * sum((1 + RATE) ** -cohort for cohort in range(COHORTS))
    return {
        "npsv": pv_benefits - pv_costs,
        "sroi_ratio": pv_benefits / pv_costs,
        "pv_benefits": pv_benefits,
        "pv_costs": pv_costs,
    }
