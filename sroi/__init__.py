"""Social return on investment of public services: models as data, one stated method, every number sourced."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sroi.errors import Fault, FormulaError, ServiceError

if TYPE_CHECKING:
    import pandas as pd

    from sroi.compare import compare_conventions, compare_elasticities, compare_scenarios, headline
    from sroi.deep_value import Lens, relationship
    from sroi.elasticity import elasticities
    from sroi.evidence_pages import evidence_page
    from sroi.explain import Explanation
    from sroi.export import write_csv, write_json
    from sroi.library import load
    from sroi.method import RESULTS
    from sroi.options import compare_options
    from sroi.overview import library_results
    from sroi.published_reports import benchmarks, compare_benchmarks
    from sroi.reference import Convention
    from sroi.result import Result, evaluate
    from sroi.review import register
    from sroi.service import Service
    from sroi.service_file import to_toml
    from sroi.spread import Spread
    from sroi.uncertainty import (
        Simulation,
        contributions,
        one_way,
        parameter_information,
        perfect_information,
        scenario_bridge,
        simulate,
        sobol_indices,
        switching_values,
        two_way,
    )
    from sroi.workbook.read import read_workbook, workbook_changes
    from sroi.workbook.value_map import ValueMap, read_value_map
    from sroi.workbook.write import workbook_bytes, write_workbook

__version__: str

# Public name -> the room that holds it. Imported when first used, so that `sroi --help` is quick.
_ROOMS = {
    "RESULTS": "method",
    "Convention": "reference",
    "Explanation": "explain",
    "Result": "result",
    "Service": "service",
    "Lens": "deep_value",
    "benchmarks": "published_reports",
    "compare_benchmarks": "published_reports",
    "compare_conventions": "compare",
    "compare_elasticities": "compare",
    "compare_options": "options",
    "compare_scenarios": "compare",
    "elasticities": "elasticity",
    "relationship": "deep_value",
    "evaluate": "result",
    "evidence_page": "evidence_pages",
    "headline": "compare",
    "library_results": "overview",
    "load": "library",
    "register": "review",
    "Spread": "spread",
    "to_toml": "service_file",
    "write_csv": "export",
    "read_workbook": "workbook.read",
    "workbook_bytes": "workbook.write",
    "workbook_changes": "workbook.read",
    "write_workbook": "workbook.write",
    "write_json": "export",
    "ValueMap": "workbook.value_map",
    "read_value_map": "workbook.value_map",
    **dict.fromkeys(
        (
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
        ),
        "uncertainty",
    ),
}

__all__ = [
    "RESULTS",
    "Convention",
    "Explanation",
    "Fault",
    "FormulaError",
    "Lens",
    "Result",
    "Service",
    "ServiceError",
    "Simulation",
    "Spread",
    "ValueMap",
    "benchmarks",
    "compare_benchmarks",
    "compare_conventions",
    "compare_elasticities",
    "compare_options",
    "compare_scenarios",
    "contributions",
    "conventions",
    "elasticities",
    "evaluate",
    "evidence_page",
    "headline",
    "library_results",
    "load",
    "one_way",
    "parameter_information",
    "perfect_information",
    "read_value_map",
    "read_workbook",
    "register",
    "relationship",
    "scenario_bridge",
    "services",
    "simulate",
    "sobol_indices",
    "switching_values",
    "to_toml",
    "two_way",
    "workbook_bytes",
    "workbook_changes",
    "write_csv",
    "write_json",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("sroi")
    if name not in _ROOMS:
        raise AttributeError(f"module 'sroi' has no {name!r}. Public names: {', '.join(__all__)}.")
    return getattr(import_module(f"sroi.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def services() -> pd.DataFrame:
    """Return the library: one row for each service with id, title, field, currency and scenarios."""
    import pandas as pd

    from sroi import library

    rows = [
        {
            "id": service.id,
            "title": service.title,
            "field": service.about.field,
            "currency": service.about.currency,
            "scenarios": ", ".join(service.scenarios),
        }
        for service in library.all_services()
    ]
    return pd.DataFrame(rows)


def conventions() -> pd.DataFrame:
    """Return the conventions: one row for each with id, label, edition, source and description."""
    import pandas as pd

    from sroi import reference

    rows = [
        {"id": key, **convention.model_dump(include={"label", "edition", "source", "description"})}
        for key, convention in reference.conventions().items()
    ]
    return pd.DataFrame(rows)
