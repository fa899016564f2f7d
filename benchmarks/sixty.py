"""A made-up service of sixty inputs, put into the library of the process that imports this module."""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

from sroi import library
from sroi.service import Service

INPUTS = 60
ID = "sixty_inputs"
FILE = Path(__file__).with_name("uncertain_service.toml")


def service() -> Service:
    """Return the made-up service of the other benchmarks with outcomes added until it has sixty inputs."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    tables["service"] |= {"id": ID, "title": "Made up for timing: sixty inputs"}
    parameters, model = tables["parameters"], dict(tables["outcomes"][0])
    old = model["id"]
    for place in range((INPUTS - len(parameters)) // 3):
        new = f"change_{place + 1}"
        for prefix in ("share", "worth", "lasts"):
            label = f"{prefix.capitalize()} {new.replace('_', ' ')}"
            parameters[f"{prefix}_{new}"] = parameters[f"{prefix}_{old}"] | {"label": label}
        formula = f"people * share_{new}"
        tables["lines"][f"reached_{new}"] = {"label": f"Reached {new}", "unit": "people", "formula": formula}
        own = {"id": new, "quantity": f"reached_{new}", "proxy": f"worth_{new}", "benefit_period": f"lasts_{new}"}
        tables["outcomes"].append(model | own)
    # As in the services of the library, inputs stand in groups.
    for place, parameter in enumerate(parameters.values()):
        parameter["group"] = f"Group {place // 10 + 1}"
    made = Service.model_validate(tables)
    assert len(made.parameters) == INPUTS
    return made


_SERVICE, _FOUND = service(), library.all_services
library.all_services = lambda: chain(_FOUND(), [_SERVICE])
