"""The profile of a relationship: six elements and five conditions, rated by the visitor, kept for the whole visit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sroi.reference import Anchored, relationship_profile
from sroi.schema_options import RATINGS, Rating
from sroi.service import Service
from sroi.ui.visit import visit
from sroi.ui.words import plain

NOT_RATED = "Not rated"
# A rating of a file has a reason; one typed here may still want it.
MOST = 900
NO_REASON = "No reason was written down."
HEADINGS = {"elements": "Elements of the relationship", "conditions": "Conditions that let it grow"}


def ratings_of(service: Service) -> dict[str, Rating]:
    """Return the ratings of a service as the visit has them: those of its file until the visitor changes one."""
    return visit().profiles.get(service.id, dict(service.profile))


def rated(service: Service) -> Service:
    """Return a service with the ratings of the visit, as it goes into workbook, file and print-out."""
    found = ratings_of(service)
    return service if found == dict(service.profile) else service.replace(profile=found)


def show(service: Service) -> None:
    """Show every element and condition with its anchors, to be rated, and the profile so far."""
    st.header("Profile of the relationship", anchor=False)
    st.markdown(
        "Rate how well each element and condition is met, from 1 to 5, with people who know the service. The words"
        " beside 1, 3 and 5 say what these mean; 2 and 4 lie between. **No figure rests on a rating, and none is"
        " priced.** The ratings stay while you look at other pages, and go into the workbook and the summary of"
        " Take away."
    )
    _table(service)
    for kind, entries in relationship_profile().items():
        st.subheader(HEADINGS[kind], anchor=False)
        for key, entry in entries.items():
            _one(service, key, entry)


def _table(service: Service) -> None:
    found = ratings_of(service)
    known = {key: entry for entries in relationship_profile().values() for key, entry in entries.items()}
    if not found:
        st.info("Nothing is rated yet.")
        return
    st.markdown(f"Rated so far: {len(found)} of {len(known)}.")
    rows = {
        plain(entry.label): {"Rating": str(found[key].rating), "What it rests on": plain(found[key].why)}
        for key, entry in known.items()
        if key in found
    }
    st.table(pd.DataFrame.from_dict(rows, orient="index").rename_axis("What"))


def _one(service: Service, key: str, entry: Anchored) -> None:
    found = ratings_of(service).get(key)
    score, why = f"profile/{service.id}/{key}/rating", f"profile/{service.id}/{key}/why"
    # Streamlit forgets a widget that another page does not show: it begins again from the visit.
    if score not in st.session_state:
        st.session_state[score] = found.rating if found else None
    if why not in st.session_state:
        st.session_state[why] = found.why if found and found.why != NO_REASON else ""
    with st.container(border=True):
        label = plain(entry.label)
        st.markdown(f"**{label}**: {plain(entry.meaning)}")
        st.markdown("\n".join(f"- **{place}**: {plain(said)}" for place, said in entry.anchors.items()))
        choices = [None, *range(RATINGS[0], RATINGS[1] + 1)]
        st.radio(
            f"Rating: {label}", choices, key=score, horizontal=True, format_func=_called, on_change=_take,
            args=(service, key),
        )  # fmt: skip
        st.text_input(
            f"What the rating rests on: {label}", key=why, max_chars=MOST, on_change=_take, args=(service, key),
            help="Who rated it and what they saw, such as interviews, records or a survey.",
        )  # fmt: skip
        if st.session_state[why] and st.session_state[score] is None:
            st.markdown("Choose a rating too: a reason alone is not kept.")


def _called(rating: int | None) -> str:
    return NOT_RATED if rating is None else str(rating)


def _take(service: Service, key: str) -> None:
    here, found = visit(), ratings_of(service)
    rating = st.session_state[f"profile/{service.id}/{key}/rating"]
    why = st.session_state[f"profile/{service.id}/{key}/why"].strip()
    if rating is None:
        found.pop(key, None)
    else:
        found[key] = Rating(rating=rating, why=why or NO_REASON)
    here.profiles[service.id] = found
