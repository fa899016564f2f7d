"""A visit found again: after a reload, in a second tab, or when the connection was lost.

The case stands in the address. What does not fit there (own services, changes, ratings of the relationship, the draft
on Build) is kept on the server for some hours under the token that the address names. Whoever opens the address goes
on with a copy: what two people or two tabs do then stays apart.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

from sroi import printing
from sroi.service import Service
from sroi.ui import catalogue
from sroi.ui.build_draft import Desk
from sroi.ui.kept import Store
from sroi.ui.state import Case, read, short
from sroi.ui.visit import Visit
from sroi.ui.words import scenario_name

TOKEN = "visit"
HOURS, MOST = 8, 999
# A token is 22 characters long: longer ones are not looked for.
_LONGEST = 64


@dataclass(frozen=True)
class Kept:
    """What is kept of a visit: that visit itself, its own services and its drafts, as they are now."""

    visit: Visit
    own: MutableMapping[str, Service]
    desk: Desk


# One for all visitors of this process. A service weighs about as much as a visit, or more.
VISITS: Store[Kept] = Store(MOST, HOURS * 60 * 60, lambda kept: 1 + len(kept.own) + kept.desk.weight)


def begun(query: Mapping[str, str], own: MutableMapping[str, Service], desk: Desk) -> Visit:
    """Return a new visit at the case of an address, with what is kept of the visit that the address names.

    Parameters
    ----------
    query : mapping
        The parts of the address.
    own : mapping
        The visitor's own services, among which those that are kept are put before the address is read.
    desk : Desk
        Where the visitor builds; what is kept of it is laid there.
    """
    token = query.get(TOKEN, "")
    kept = VISITS.get(token) if len(token) <= _LONGEST else None
    if kept is None:
        case, said = read(query)
        if said and token and query.get("service", case.service) != case.service:
            said.append(f"A service of your own is kept for {HOURS} hours only: open the file you saved, on Start.")
        return Visit(case, said=said)
    own.update({name: service for name, service in kept.own.items() if name not in own})
    desk.take_up(kept.desk)
    was = kept.visit
    here = Visit(
        was.case,
        list(was.past),
        list(was.future),
        valid=dict(was.valid),
        profiles={service: dict(ratings) for service, ratings in was.profiles.items()},
        sums=dict(was.sums),
    )
    go_on(here, query)
    return here


def go_on(here: Visit, query: Mapping[str, str]) -> None:
    """Go on to the case of an address, where it is another: one step back or forward where it is the case there."""
    wanted = {key: text for key, text in query.items() if key != TOKEN}
    if not wanted or wanted == short(here.case):
        return
    case, said = read(wanted)
    if here.past and short(here.past[-1][0]) == wanted:
        here.undo()
    elif here.future and short(here.future[-1][0]) == wanted:
        here.redo()
    else:
        here.change(case, "Link or address", _said(here.case), _said(case))
    here.said[:] = said


def _said(case: Case) -> str:
    """Say a case in words."""
    service = catalogue.load(case.service)
    parts = [service.title]
    if case.scenario:
        parts.append(scenario_name(service, case.scenario))
    if case.values:
        parts.append(f"{printing.counted(len(case.values), 'input')} changed")
    return ", ".join(parts)


def keep(token: str, here: Visit, own: MutableMapping[str, Service], desk: Desk) -> bool:
    """Keep a visit, if there is anything that the address alone would lose; return whether it is kept."""
    worth = bool(here.past or own or here.profiles or here.sums or desk.weight or short(here.case) != here.case.query())
    if worth:
        VISITS.keep(token, Kept(here, own, desk))
    return worth
