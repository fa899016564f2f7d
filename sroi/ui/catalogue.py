"""The services that a visitor can choose: those of the library, and the visitor's own."""

from __future__ import annotations

from collections.abc import MutableMapping

import streamlit as st

from sroi import library
from sroi.service import Service

_OWN = "own_services"


@st.cache_resource(show_spinner=False)
def _library() -> dict[str, Service]:
    # One for all visitors: a service cannot be changed.
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
