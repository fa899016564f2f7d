"""A new service file: the form, with a small example in it, or a copy of a service of the library."""

from __future__ import annotations

import re
from importlib.metadata import version

import tomlkit

from sroi import library
from sroi.editions import models_folder
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.schema import LONGEST_NAME, NAME_PATTERN

FORM = "service_form.toml"
# What the form has where the name of the new service goes.
NAME = "NAME"
INSTEAD = "my_service"


def check_name(name: str) -> None:
    """Refuse what no service of one's own can be called, and say what to write.

    Raises
    ------
    ServiceError
        When it is not a name, or that of a service of the library.
    """
    if not re.fullmatch(NAME_PATTERN, name) or len(name) > LONGEST_NAME:
        rule = "cannot be the name of a service: small letters, digits and _, beginning with a letter."
        raise ServiceError("the request", [Fault(shown(name), f"{rule} Write {suggested(name)}.")])
    if name in library.ids():
        rule = f"is a service of the library. Write another name, such as {name}_here."
        raise ServiceError("the request", [Fault(shown(name), rule)])


def suggested(name: str) -> str:
    """Return the nearest that is a name: ``Big Bus.toml`` becomes ``big_bus``."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower().removesuffix(".toml"), flags=re.ASCII)
    found = re.sub(r"^[^a-z]+|_+$", "", words)[:LONGEST_NAME].rstrip("_")
    return found if found and found not in library.ids() else INSTEAD


def form(name: str) -> str:
    """Return the form for a new service: TOML with comments, which is refused until it is filled in.

    Parameters
    ----------
    name : str
        What :func:`check_name` lets pass.
    """
    text = (models_folder() / "reference" / FORM).read_text(encoding="utf-8")
    return re.sub(rf"\b{NAME}\b", name, text)


def copy_of(identifier: str, name: str) -> str:
    """Return the file of a service of the library under another name, its comments kept, with a note where it is from.

    Parameters
    ----------
    identifier : str
        A service of the library.
    name : str
        What :func:`check_name` lets pass.

    Raises
    ------
    ServiceError
        When there is no such service.
    """
    if identifier not in library.ids():
        rule = f"is not a service of the library. {nearest(identifier, library.ids())}"
        raise ServiceError("the request", [Fault(f"--from {shown(identifier)}", rule)])
    document = tomlkit.parse(library.find(identifier).read_text(encoding="utf-8"))
    about = document["service"]
    about["id"] = name
    about["title"] = f"{about['title']} (copied as {name})"
    note = (
        f"Copied from the service {identifier} of sroi {version('sroi')}. Its numbers are those of that service until"
        " they are replaced."
    )
    if "notes" in about:
        about["notes"].insert(0, note)
    else:
        about["notes"] = [note]
    return f"# {name}: begun as a copy of {identifier}, from the library of sroi.\n{tomlkit.dumps(document)}"
