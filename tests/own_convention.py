"""Evaluate under a shipped convention with some options changed, and with schedules of the test's own."""

from __future__ import annotations

from typing import Any

import sroi
from sroi import reference

OWN = {"edition": "a test", "source": "a test"}


def evaluate_with(
    service: sroi.Service,
    *,
    convention: str,
    changed: dict[str, Any] | None = None,
    schedules: dict[str, Any] | None = None,
    scenario: str | None = None,
    values: dict[str, Any] | None = None,
) -> sroi.Result:
    bundle = reference.conventions()[convention].model_dump() | (changed or {})
    for key in ("schedule", "health_schedule"):
        if bundle[key] in (schedules or {}):
            bundle[key] = OWN | (schedules or {})[bundle[key]]
    return sroi.evaluate(service, values, scenario=scenario, convention=sroi.Convention.model_validate(bundle))
