"""One small valid service as the dict that a file holds, and how to change one thing in it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import sroi

REMOVED: Any = object()
DEDUCTIONS = ("deadweight", "attribution", "displacement", "drop_off")
STUDY = {"title": "A study", "author": "A. Author", "year": 2024, "locator": "page 1", "how_sure": "derived"}


def number(value: Any, unit: str, **more: Any) -> dict[str, Any]:
    """Write a parameter."""
    money = {"price_year": "2024-25"} if "GBP" in unit else {}
    return {"label": "A number", "value": value, "unit": unit, "source": "study", "grade": "B", **money, **more}


SMALL: dict[str, Any] = {
    "service": {
        "id": "small",
        "title": "Small",
        "description": "Made up for tests.",
        "currency": "GBP",
        "price_base_year": "2024-25",
        "first_year": 2025,
        "appraisal_years": 5,
    },
    "sources": {"study": STUDY},
    "parameters": {
        "people": number(100, "people"),
        "worth": number(10, "GBP per person"),
        "half": number(0.5, "share", spread={"shape": "triangular", "low": 0.4, "high": 0.6}),
        "zero": number(0, "ratio"),
        "big": number(1e200, "ratio"),
        "lasts": number(2, "years"),
        "starts": number(0, "years"),
        "budget": number(500, "GBP"),
        "income": number(20_000, "GBP per person per year"),
        "dollars": number(5, "USD per person", price_year="2019"),
        "series": {**number(0, "people"), "value": None, "by_year": [1, 2, 3, 4, 5]},
        "guess": number(3, "ratio", source="assumption", grade="F", note="Chosen."),
    },
    "lines": {
        "reached": {"label": "Reached", "unit": "people", "formula": "people * half"},
        "twice": {"label": "Twice", "unit": "people", "formula": "reached * 2"},
    },
    "outcomes": [
        {
            "id": "gain",
            "stakeholder": "clients",
            "bearer": "clients",
            "kind": "social",
            "quantity": "reached",
            "proxy": "worth",
            "benefit_period": "lasts",
            **dict.fromkeys(DEDUCTIONS, "half"),
        },
        {
            "id": "saving",
            "stakeholder": "clients",
            "bearer": "council",
            "kind": "fiscal",
            "quantity": "twice",
            "proxy": "worth",
            "benefit_period": "lasts",
            **dict.fromkeys(DEDUCTIONS, "half"),
        },
    ],
    "costs": [{"id": "grant", "funder": "council", "kind": "revenue", "amount": "budget"}],
    "non_monetised": [
        {"id": "pride", "label": "Pride", "stakeholder": "clients", "description": "Felt.", "importance": "low"}
    ],
    "bearers": {"council": {"label": "Council", "public": True}, "clients": {"label": "Clients", "public": False}},
    "stakeholders": {"clients": {"label": "Clients", "income": "income"}},
    "scenarios": {"low": {"why": "Fewer", "changes": {"people": {"value": 50, "why": "Fewer", "source": "study"}}}},
}


def tables(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the small service with changes by dotted path, such as ``{"outcomes.0.bearer": "nobody"}``."""
    content = copy.deepcopy(SMALL)
    for path, value in (changes or {}).items():
        *before, last = path.split(".")
        place: Any = content
        for part in before:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        key: Any = int(last) if isinstance(place, list) else last
        if value is REMOVED:
            del place[key]
        elif isinstance(place, list) and key == len(place):
            place.append(value)
        else:
            place[key] = value
    return content


def service(changes: Mapping[str, Any] | None = None) -> sroi.Service:
    """Build the small service with changes."""
    return sroi.Service.model_validate(tables(changes))


def faults(changes: Mapping[str, Any]) -> list[str]:
    """Return the faults of the small service with changes, as they are said."""
    try:
        service(changes)
    except sroi.ServiceError as error:
        return [str(fault) for fault in error.faults]
    return []
