"""What the lines of the method take from the service file, the convention and the schedule."""

from __future__ import annotations

# What the lines of an outcome take from the service file, with what stands in when the file gives nothing.
OUTCOME_INPUTS: dict[str, tuple[str, float]] = {
    "quantity": ("Quantity", 0),
    "proxy": ("Proxy", 0),
    "deadweight": ("Deadweight", 0),
    "displacement": ("Displacement", 0),
    "attribution": ("Attribution to others", 0),
    "leakage": ("Leakage", 0),
    "substitution": ("Substitution", 0),
    "multiplier": ("Multiplier", 1),
    "drop_off": ("Drop-off", 0),
    "onset_year": ("Onset year", 0),
    "benefit_period": ("Benefit period", 1),
    "growth": ("Real growth of the proxy", 0),
    "cashable": ("Cashable share", 0),
}
COST_INPUTS: dict[str, tuple[str, float]] = {
    "amount": ("Amount", 0),
    "per": ("Multiplied by", 1),
    "start_year": ("First year of the cost", 0),
    "years": ("Years of the cost", 1),
    "cost_bias": ("Optimism bias of the cost", 0),
    "mitigation": ("Share of the bias mitigated", 0),
}
# What the lines take from the convention, the schedule and the kind of entry.
SETTINGS: dict[str, str] = {
    "t": "year",
    "c": "year in which the cohort starts",
    "a": "years since onset",
    "horizon": "appraisal years",
    "outcome_timing": "part of the year after which outcomes count",
    "cost_timing": "part of the year after which costs count",
    "standard_rate": "standard discount rate of the year",
    "standard_next_rate": "standard discount rate of the next year",
    "health_rate": "health discount rate of the year",
    "health_next_rate": "health discount rate of the next year",
    "additive": "the switch “deductions are added”",
    "drop_off_at_once": "the switch “drop-off begins in the first year of effect”",
    "is_health": "the switch “valued in QALYs”",
    "is_present_value": "the switch “already a present value”",
    "cost_is_present_value": "the switch “already a present value”",
    "is_transfer": "1 for a transfer",
    "bias": "optimism bias of the evidence grade",
    "first_proxy": "proxy in the first year",
    "fiscal_sign": "share that falls to public bodies",
    "funder_sign": "share that falls to the public bodies that pay",
    "people_sign": "share that falls to people and firms",
    "weight": "distributional weight",
    "funder_is_public": "1 where a public body pays",
}

# Settings that the convention chooses; the rest follow from the service file.
CONVENTION_SETTINGS = frozenset(
    {
        "outcome_timing",
        "cost_timing",
        "standard_rate",
        "standard_next_rate",
        "health_rate",
        "health_next_rate",
        "additive",
        "drop_off_at_once",
    }
)
