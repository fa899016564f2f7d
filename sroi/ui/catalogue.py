"""The services that a visitor can choose: those of the library, and the visitor's own."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import cache

import streamlit as st

from sroi import library
from sroi.errors import Fault, ServiceError
from sroi.service import Service

_OWN = "own_services"
# Of a visitor's own services: they are kept on the server for a while.
MOST_OWN = 20


@cache
def _library() -> dict[str, Service]:
    # One for all visitors: a service cannot be changed. Not Streamlit's cache, which wants a page around it.
    return {service.id: service for service in library.all_services()}


def own() -> MutableMapping[str, Service]:
    """Return the services that this visitor has opened or built, by id."""
    found: MutableMapping[str, Service] = st.session_state.setdefault(_OWN, {})
    return found


def ids() -> list[str]:
    """Return the ids of every service that can be chosen, the visitor's own first."""
    return [*own(), *(name for name in _library() if name not in own())]


def load(name: str) -> Service:
    """Return a service; one of the visitor's own stands before one of the library of the same id."""
    found = own().get(name)
    return _library()[name] if found is None else found


def is_own(name: str) -> bool:
    """Say whether a service is the visitor's own."""
    return name in own()


def library_services() -> Mapping[str, Service]:
    """Return the services of the library by id."""
    return _library()


def add(service: Service) -> Service:
    """Make a service one of the visitor's own, and return it as it then is.

    What is there already stays: where the id is taken by a service that says something else, this one gets another id,
    and a title that can be told apart. One that is there already, word for word, is returned as it is.

    Raises
    ------
    ServiceError
        When the visitor has as many as are kept.
    """
    mine = own()
    known = {**_library(), **mine}
    found, count = service, 1
    while found.id in known and known[found.id] != found:
        count += 1
        name = f"{service.id}_{count}"
        taken = any(each.title == service.title for key, each in known.items() if key != name)
        named = {"id": name, "title": f"{service.title} ({count})" if taken else service.title}
        found = service.replace(about=service.about.model_copy(update=named))
    if found.id in known:
        return known[found.id]
    if len(mine) >= MOST_OWN:
        rule = f"{MOST_OWN} services of your own are open, the most in one visit. Open the app in a new tab for more."
        raise ServiceError(service.title, [Fault("", rule)])
    mine[found.id] = found
    return found
