"""What was changed in the visit: what, from, to, when, and why, which the visitor can write."""

from __future__ import annotations

import streamlit as st

from sroi.ui.visit import Visit, visit
from sroi.ui.words import plain

# So many changes are shown with a field for the reason; earlier ones can still be undone and travel along.
SHOWN = 20


def show(here: Visit) -> None:
    """Show the changes, the last one first."""
    count = len(here.past)
    with st.expander(f"Changes of this visit ({count})", key="open_changes"):
        if not count:
            st.markdown("Nothing has been changed yet. What you change is noted here, with room to say why.")
            return
        st.markdown("The last one first. Say why, so that others can follow: it travels with the workbook.")
        if count > SHOWN:
            st.markdown(f"The last {SHOWN} of {count} are shown.")
        for place in reversed(range(max(0, count - SHOWN), count)):
            _one(here, place)


def _one(here: Visit, place: int) -> None:
    entry = here.past[place][1]
    st.markdown(plain(f"{entry.when:%H:%M} {entry.what}: from {entry.before} to {entry.after}"))
    # The moment belongs to the key: after an undo another change may stand at the same place.
    key = f"why/{place}/{entry.when.isoformat()}"
    if key not in st.session_state:
        st.session_state[key] = entry.why
    label = f"Why change {place + 1}, {plain(entry.what)}?"
    st.text_input(label, key=key, max_chars=500, on_change=_take, args=(place, key), placeholder="Reason or source")


def _take(place: int, key: str) -> None:
    visit().explain(place, " ".join(st.session_state[key].split()))
