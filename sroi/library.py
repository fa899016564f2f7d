"""Find and read service files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sroi import reading
from sroi.editions import models_folder as models_folder
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.schema import NAME_PATTERN
from sroi.service import Service


def ids() -> list[str]:
    """Return the ids of the services in the library."""
    return sorted(path.stem for path in models_folder().glob("*.toml"))


def all_services() -> Iterator[Service]:
    """Load every service of the library."""
    return (load(name) for name in ids())


def load(name: str | Path) -> Service:
    """Load a service.

    Parameters
    ----------
    name : str or Path
        An id of the library, such as ``"legal_advice"``, or a path to a ``.toml`` file.

    Raises
    ------
    ServiceError
        When there is no such service, or with every fault of the file.
    """
    path = find(name)
    tables = reading.tables_of(path)
    faults = _name_faults(path, tables)
    try:
        service = Service.model_validate(tables)
    except ServiceError as error:
        raise ServiceError(path.name, [*faults, *error.faults]) from None
    if faults:
        raise ServiceError(path.name, faults)
    return service


def _name_faults(path: Path, tables: dict[str, Any]) -> list[Fault]:
    about = tables.get("service")
    identifier = about.get("id") if isinstance(about, dict) else None
    if not isinstance(identifier, str) or identifier == path.stem:
        return []
    return [
        Fault(
            "service.id",
            f"is {shown(identifier)}, but the file is called {path.name!r}."
            f" Write id = '{path.stem}', or rename the file.",
        )
    ]


def find(name: str | Path) -> Path:
    """Return the file of a service, given its id or a path that ends in ``.toml``."""
    text = str(name)
    if text.endswith(".toml"):
        return Path(text)
    if not re.fullmatch(NAME_PATTERN, text):
        raise ServiceError(
            "the library",
            [
                Fault(
                    shown(text),
                    "is neither an id nor a path to a .toml file. Ids are small letters, digits and _.",
                )
            ],
        )
    if text not in ids():
        raise ServiceError(
            "the library", [Fault(shown(text), f"is not a service of the library. {nearest(text, ids())}")]
        )
    return models_folder() / f"{text}.toml"
