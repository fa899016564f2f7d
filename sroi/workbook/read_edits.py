"""What was changed in a workbook, as data: for people a table of differences, for the schema numbers and entries."""

from __future__ import annotations

from dataclasses import dataclass, field

from sroi.service_file import Value


@dataclass(frozen=True)
class Difference:
    """One difference between a workbook and the service that was written into it, and what reading does with it."""

    sheet: str
    cell: str
    what: str
    field: str
    old: object
    new: object
    takes: str


@dataclass
class Edits:
    """What was changed.

    Attributes
    ----------
    chosen : str
        The scenario chosen, ``""`` for the base case.
    numbers : dict
        For each scenario, ``""`` for the base case: the parameters that have another value, with it.
    entries : dict
        For each parameter: the keys that have another content, ``None`` for one that was emptied.
    places : dict of str to str
        For each place of a service file that a fault can name: where its content stands in the workbook.
    years : dict
        For each place of numbers by year, and each number as faults write it: where it was typed.
    """

    chosen: str = ""
    differences: list[Difference] = field(default_factory=list)
    numbers: dict[str, dict[str, Value]] = field(default_factory=dict)
    entries: dict[str, dict[str, str | float | None]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    years: dict[tuple[str, str], str] = field(default_factory=dict)
