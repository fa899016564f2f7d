"""The method's lines as formulas: each stands once on a sheet, and leads back to the inputs.

The formulas come from the same trees that the engine reads. An operation along an axis becomes a sum or a running total
over cells; what it runs over gets cells of its own. Every formula carries the engine's value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sroi import formula
from sroi.formula import Array, Node
from sroi.formula.tree import Name, Number, Operation
from sroi.inputs import BY_COHORT, FLAGS
from sroi.method import LINES
from sroi.workbook.blocks import COHORT_OF, COST, EFFECT, OUTCOME, YEAR, At, Block
from sroi.workbook.grid import Formula, Sheet
from sroi.workbook.inputs_sheets import Inputs
from sroi.workbook.links import UNITS, Links, Text, bare
from sroi.workbook.request import Request
from sroi.workbook.settings_sheets import RATES, Bias, Rates

# What a reduction along an axis is in a spreadsheet, and the axis.
REDUCES = {"total_years": ("SUM", YEAR), "total_cohorts": ("SUM", COHORT_OF), "earliest": ("MIN", YEAR)}
# What a running total begins with.
OPENS = {"cumulate": 0.0, "compound": 1.0}
NAMED_SETTINGS = frozenset({"horizon", "outcome_timing", "cost_timing", "additive", "drop_off_at_once"})


# Longer than so many characters no step stands by its words alone.
LONGEST_STEP = 90
# Whose unit a product has: that of the first of these in it.
WEIGHS = ("money", "quantity", "years", "ratio")


class Calculation(Links):
    """Writes lines of the method onto sheets, each once, in the order in which they are asked for."""

    def __init__(self, request: Request, inputs: Inputs, rates: Rates, bias: Bias) -> None:
        super().__init__(request, inputs, rates, bias)
        self._helpers = 0
        self._line_unit = self._line_label = ""

    # Names ----------------------------------------------------------------------------------------------------------

    def text(self, name: str) -> Text:
        """Return what gives the reference to a line, an input or a setting, writing it first where it is not yet."""
        if name not in self._texts:
            self._texts[name] = self._find(name)
        return self._texts[name]

    def _find(self, name: str) -> Text:
        if name in NAMED_SETTINGS:
            return lambda at: name
        if name in LINES:
            return self.block(name).at
        if name == "t":
            return self.layout.t.at
        if name == "a":
            return self.layout.a.at
        if name == "c":
            return self.layout.c.at
        if name in RATES:
            return self._own(name, lambda at: self.rates.formula(name, at.year, at.sheet)).at
        if name == "first_proxy":
            return self.text("proxy first" if YEAR in self._axes_of("proxy") else "proxy")
        if name in ("weight", "bias") or name in FLAGS:
            return self._flag(name)
        return self._input(name)

    def block(self, name: str) -> Block:
        """Return where a line of the method stands, writing it first where it does not yet."""
        if name not in self._blocks:
            line = LINES[name]
            self._write_first(line.tree, line.needs)
            self._line_unit, self._line_label = line.unit, line.label
            text = self._excel(self._rewritten(line.tree))
            words = formula.to_words(line.tree, self._spoken)
            block = self._blocks[name] = self.layout.new(name, line.label, line.unit, words, self._axes_of(name))
            self._write(block, line.unit, self._value_of_line(name), text, line.needs)
        return self._blocks[name]

    def _write_first(self, node: Node, *names: str) -> None:
        """Write what a formula reads before its own cells, so that sheets read from top to bottom."""
        for name in (*(each.id for each in formula.names(node)), *filter(None, names)):
            self.text(name)

    def block_of(self, name: str) -> Block:
        """Return where a line, or an input that has cells of its own, stands."""
        self.text(name)
        return self._blocks[name]

    def _value_of_line(self, name: str) -> Array:
        found = self.engine(name)
        return found.reshape((1, 1, 1, 1) if found.ndim == 0 else found.shape)

    # Writing ----------------------------------------------------------------------------------------------------------

    def _write(
        self, block: Block, unit: str, values: Array, text: Text, needs: str = "", opening: float | None = None
    ) -> None:
        """Write one formula along the axes of a block."""
        undefined = self.text(needs) if needs else None
        for row, cohort, year in self.layout.places(block.axes):
            at = At(block.sheet, row, cohort, year)
            said = text(at)
            value = self._one(values, row, cohort, year)
            content: float | str = value
            if undefined:
                said = f'IF({undefined(at)}=0,"undefined",{said})'
                content = value if math.isfinite(value) else "undefined"
            block.sheet.put(*block.place(row, cohort, year), Formula(bare(said), content), self.layout.style(unit))
        if opening is not None:
            for row in range(self.layout.count(block.axes)):
                place = block.place(row, 0, 0)
                block.sheet.put(place[0], place[1] - 1, opening, "constant_whole")

    def _excel(self, node: Node) -> Text:
        """Return what writes a formula as a spreadsheet has it, for a cell."""
        return lambda at: formula.to_excel(node, lambda name: self.text(name)(at))

    def _own(self, name: str, text: Text) -> Block:
        """Write a setting that has cells of its own."""
        label = self._spoken(name).capitalize()
        block = self._blocks[name] = self.layout.new(name, label, "rate", "", self._axes_of(name))
        self._write(block, "rate", self.engine(name), text)
        return block

    # Operations along an axis -----------------------------------------------------------------------------------------

    def _rewritten(self, node: Node) -> Node:
        """Return the tree with every operation along an axis replaced by the name of what stands for it."""
        if not isinstance(node, Operation):
            return node
        if node.symbol in REDUCES or node.symbol == "total":
            return self._reduced(node)
        if node.symbol in OPENS:
            return self._running(node)
        if node.symbol == "lag":
            return self._lagged(node)
        return Operation(node.symbol, tuple(self._rewritten(argument) for argument in node.arguments))

    def _standing(self, node: Node) -> Block:
        """Return where a formula's own cells stand."""
        if isinstance(node, Name) and (node.id in LINES or node.id in self._blocks or node.id in BY_COHORT):
            self.text(node.id)
            return self._blocks[node.id]
        key = repr(node)
        if key not in self._blocks:
            words, unit = formula.to_words(node, self._spoken), self._unit(node)
            self._write_first(node)
            text = self._excel(self._rewritten(node))
            block = self._blocks[key] = self.layout.new(key, self._step(words), unit, words, self.axes(node))
            self._write(block, unit, self._value(node), text)
        return self._blocks[key]

    def _step(self, words: str) -> str:
        """Return what a step between lines is called: its words where they are few, else what it leads to."""
        if len(words) <= LONGEST_STEP:
            return words[:1].upper() + words[1:]
        return f"Step towards: {self._line_label}"

    def _unit(self, node: Node) -> str:
        """Return the unit of a step between lines: years where the line's is, else what weighs most in it."""
        if self._line_unit == "years":
            return "years"
        found = [LINES[e.id].unit if e.id in LINES else UNITS.get(e.id, "factor") for e in formula.names(node)]
        return min(found, key=lambda unit: WEIGHS.index(unit) if unit in WEIGHS else len(WEIGHS), default="factor")

    def _new_name(self, text: Text) -> Name:
        self._helpers += 1
        name = f"@{self._helpers}"
        self._texts[name] = text
        return Name(name)

    def _reduced(self, node: Operation) -> Node:
        block = self._standing(node.arguments[0])
        if node.symbol == "total":
            function, axis = "SUM", (COST if COST in block.axes else OUTCOME)
        else:
            function, axis = REDUCES[node.symbol]
            axis = EFFECT if EFFECT in block.axes and axis == YEAR else axis
        count = self.layout.length(axis)
        if not count:
            return Number(0)
        return self._new_name(lambda at: f"{function}({block.along(at, axis, count)})")

    def _running(self, node: Operation) -> Node:
        argument, symbol = node.arguments[0], node.symbol
        key = repr(node)
        if key not in self._blocks:
            self._write_first(argument)
            inner = self._excel(self._rewritten(argument))
            words, unit = formula.to_words(node, self._spoken), self._unit(argument)
            block = self._blocks[key] = self.layout.new(key, self._step(words), unit, words, self.axes(argument))
            sign = "+" if symbol == "cumulate" else "*"
            self._write(
                block, unit, self._value(node), lambda at: f"{block.before(at)}{sign}{inner(at)}", opening=OPENS[symbol]
            )
        return self._new_name(self._blocks[key].at)

    def _lagged(self, node: Operation) -> Node:
        block = self._standing(node.arguments[0])
        first = block.place(0, 0, 0)
        block.sheet.put(first[0], first[1] - 1, 0.0, "constant_whole")
        return self._new_name(block.before)

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets of workings, those without content left out."""
        yield from self.layout.sheets()
