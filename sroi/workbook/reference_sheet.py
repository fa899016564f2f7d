"""The sheet of what else the workbook rests on: grades, reasons, schedules, price series, constants."""

from __future__ import annotations

from sroi import printing, reference
from sroi.formula.excel import ROUNDING
from sroi.workbook.grid import HEADER_ROW, Sheet
from sroi.workbook.layout import FIRST
from sroi.workbook.request import Request


class Reference:
    """The sheet, and where each reason stands."""

    def __init__(self, request: Request) -> None:
        self.sheet = Sheet(
            "Reference", "control", "Reference",
            "What grades, words and constants mean, and where the series come from.",
        )  # fmt: skip
        rows = [*self._rows(request)]
        self.sheet.header(HEADER_ROW, ("Kind", "Name", "Meaning", "Source"), "tbl_reference", len(rows))
        self._reasons: dict[str, int] = {}
        for row, (kind, name, meaning, source) in enumerate(rows, FIRST):
            for column, text in enumerate((kind, name, meaning, source)):
                self.sheet.put(row, column, text, "wrapped")
            if kind == REASON:
                self._reasons[name] = row
        self.sheet.widths = {0: 22, 1: 34, 2: 80, 3: 60}

    def _rows(self, request: Request) -> list[tuple[str, str, str, str]]:
        currency = reference.currencies()[request.service.about.currency]
        prices = currency.edition(request.service.about.editions)
        schedules = {
            reference.schedule(each).label: reference.schedule(each)
            for convention in request.conventions.values()
            for each in (convention.schedule, convention.health_schedule)
        }
        return [
            *(("Evidence grade", grade, meaning, "") for grade, meaning in reference.grades().items()),
            *(
                ("Convention", request.convention_labels[key], convention.description, convention.source)
                for key, convention in request.conventions.items()
            ),
            *(
                ("Discounting schedule", label, f"{each.edition}. {each.note or ''}".strip(), each.source)
                for label, each in schedules.items()
            ),
            ("Price series", currency.name, f"{prices.note or ''} {prices.licence or ''}".strip(), prices.source),
            (
                "Constant", ROUNDING,
                "Two totals that differ by no more than this share of their size are equal: what is left is rounding.",
                "sroi, docs/method.md",
            ),
            *((REASON, word, said, "sroi, docs/method.md") for word, said in printing.REASONS.items()),
        ]  # fmt: skip

    def reason(self, word: str, home: Sheet) -> str:
        """Return the reference to the sentence of a status word."""
        return self.sheet.cell(self._reasons[word], 2, home)


REASON = "Reason"
