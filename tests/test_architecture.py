"""The shape of the code: floors, no circles, no numbers in code, one room for each library.

The tables at the top are the architecture. Change them when the design changes, and say why.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sroi"

# A room is a module of sroi/, or a folder of it with all its modules. A room imports only from lower floors.
FLOORS = {
    "errors": 0,
    "entry": 0,
    "printing": 0,
    "page": 0,
    "ranges": 1,
    "formula": 1,
    "units": 1,
    "method": 2,
    "shapes": 1,
    "spread_keys": 1,
    "spread": 2,
    "correlation": 2,
    "sentences": 2,
    "reading": 2,
    "schema": 3,
    "schema_options": 3,
    "editions": 4,
    "unit_costs": 4,
    "glossary": 5,
    "reference": 4,
    "citing": 5,
    "draft": 4,
    "review": 5,
    "examples": 5,
    "rules": 5,
    "rules_lines": 5,
    "rules_flow": 5,
    "rules_scenarios": 5,
    "rules_spreads": 5,
    "rules_form": 5,
    "rules_options": 5,
    "service": 6,
    "library": 7,
    "service_file": 7,
    "form": 8,
    "inputs": 7,
    "kernels": 2,
    "steps": 3,
    "tracing": 4,
    "engine": 8,
    "plan": 8,
    "stated": 8,
    "figures": 9,
    "explain": 10,
    "breakdown": 10,
    "tables": 11,
    "outcome_words": 12,
    "method_page": 11,
    "result": 12,
    "compare": 13,
    "published_reports": 13,
    "elasticity": 13,
    "export": 13,
    "uncertainty": 13,
    "advice": 14,
    "evidence": 14,
    "evidence_pages": 14,
    "charts": 14,
    "charts_uncertain": 14,
    "side_by_side": 14,
    "charts_compare": 15,
    "charts_reports": 15,
    "options": 14,
    "deep_value": 14,
    "workbook": 15,
    "dependence": 15,
    "charts_lens": 15,
    "summary_page": 15,
    "chart_files": 15,
    "overview": 14,
    "ui": 16,
    "cli_evidence": 16,
    "cli_export": 16,
    "terminal": 13,
    "cli_simulation": 15,
    "cli_choices": 16,
    "cli_units": 16,
    "rerun": 13,
    "cli_import": 16,
    "cli_own": 15,
    "cli_read": 16,
    "cli": 17,
    "__init__": 18,
    "__main__": 18,
    "app": 19,  # app.py at the top of the checkout
    "cli_list": 15,
}

# Rooms of one floor that may be imported by a neighbour: importer -> imported.
NEIGHBOURS = {
    "units": {"formula"},
    "schema_options": {"schema"},
    "chart_files": {"charts_lens", "dependence"},
    "deep_value": {"options"},
    "draft": {"reference"},
    "reference": {"editions"},
    "unit_costs": {"editions"},
    "rules_lines": {"rules"},
    "rules_flow": {"rules", "rules_lines"},
    "rules_spreads": {"rules"},
    "rules_options": {"rules", "rules_scenarios"},
    "charts_uncertain": {"charts"},
    "evidence_pages": {"evidence"},
    "rules_scenarios": {"rules", "rules_flow"},
    "cli_read": {"cli_export"},
    "overview": {"evidence"},
}

# Third-party library -> the rooms that may import it.
LIBRARIES = {
    "altair": {"charts", "charts_lens", "charts_uncertain", "charts_compare", "charts_reports", "chart_files", "ui"},
    "numpy": {
        *("formula", "kernels", "steps", "tracing", "inputs", "engine", "plan", "stated", "figures"),
        "elasticity",
        *(
            "explain",
            "breakdown",
            "tables",
            "result",
            "shapes",
            "correlation",
            "uncertainty",
            "workbook",
            "options",
            *("deep_value", "dependence"),
        ),
    },
    "openpyxl": {"workbook"},
    "pandas": {
        "__init__",
        "breakdown",
        "tables",
        "result",
        "compare",
        *("advice", "elasticity", "evidence", "evidence_pages"),
        "export",
        "uncertainty",
        "charts",
        "charts_uncertain",
        *("side_by_side", "charts_compare", "charts_reports"),
        "ui",
        "workbook",
        *(
            "options",
            "deep_value",
            "dependence",
            "charts_lens",
            "summary_page",
            "rerun",
            "review",
            "published_reports",
            "overview",
            "cli_choices",
        ),
        *("terminal", "cli_simulation", "cli_units"),  # for types only
    },
    "platformdirs": {"editions"},
    "pydantic": {
        *("entry", "sentences", "schema", "schema_options", "editions", "reference", "service"),
        *("review", "published_reports", "examples"),
    },
    "scipy": {"stated", "shapes", "uncertainty", "deep_value"},
    "streamlit": {"ui", "app"},
    "tomlkit": {"form", "service_file"},
    "vl_convert": {"chart_files"},
    "xlsxwriter": {"workbook"},
}

# Numbers that code may hold anywhere: identity, sign, halves and pairs. All others belong in models/.
PLAIN_NUMBERS = {0, 1, 2, 0.5}

# File or folder of sroi/ -> numbers that are not facts about a service, each with its reason.
# Positions in a text or list (`year[:4]`) need no entry.
NUMBERS: dict[str, set[float]] = {
    "errors.py": {12, 100, 200, 500},  # how much of a list, a text, the faults and the known names a message weighs
    "formula": {
        *(1000, 40, 8192),  # longest formula, deepest nesting; the longest that a spreadsheet holds
        *(3, 4),  # arguments of where(), number of the draw axis, strength of operators
        1e-12,  # totals this near to each other are equal
        53,  # whole numbers are exact in floating point up to 2**53
    },
    "schema_options.py": {5},  # highest rating
    "cli_units.py": {20},  # unit costs that a search prints
    "options.py": {1e-9, 10_000},  # totals this near to each other are equal; draws
    "deep_value.py": {257, 10_000},  # places at which break-even is looked for; draws
    "units.py": {3},  # a word this short has no plural
    "schema.py": {
        *(200, 1900, 2200),  # longest horizon; years that are no slip of the pen
        *(100, 20_000),  # longest name and longest text
    },
    "rules.py": {100},  # percent to share, in the hint of a message
    "rules_lines.py": {50, 7, 12, 24, 52, 60, 100, 365, 1000, 1_000_000},  # lines one upon another; unit constants
    "shapes.py": {
        4,  # weight of a PERT's mode
        *(9, 20, 0.01, 40, 100, 1024),  # reach, width and grid of the numerical searches; how many are remembered
        *(1e6, 10, 1e4),  # where a gamma is a normal; widths and reach beyond which a spread says nothing
        1e-15,  # how near a root is closed in on
    },
    "spread.py": {
        *(0.01, 0.9999),  # intervals that can be meant
        *(1e-100, 1e100, 1e-9, 1e9),  # sizes and widths that a double carries through every shape, largest sample
    },
    "workbook": {
        *range(3, 151),  # places on sheets: rows, columns, widths in characters, heights in points
        *(200, 15_000, 32_767, 255, 225),  # longest effect; what a cell, a message and a footer hold
        *(0.05, 0.95),  # what "likely" means
        *(1e-9, 1e100),  # tolerance of checks; the widest that a validation allows
        1e-14,  # how far a program that saves 15 digits may carry a number
        *(0.4, 0.6, 0.9, 2.25, 900, 380, 230),  # margins, lines and sizes of charts; characters on a page
        *(26, 10_000, 100_000),  # letters of columns; draws when none are asked for; most cells of a line
    },
    "correlation.py": {1e-9, 6},  # rounding of an eigenvalue, largest subset searched; pi / 6 of Pearson's formula
    "uncertainty": {
        *(
            8,
            19,
            16,
            52,
            1023,
            1024,
            4096,
            54,
        ),  # bits, halvings, knots of a table; a double; how many are kept; rounding
        *(12, 3, 18),  # moments of a uniform and of a triangular distribution
        *(14, 22),  # block and table of Sobol points as powers of 2
        *(18, 16, 0.01, 0.02),  # draws of a segment and bins as powers of 2; ends of the bins; density at a quantile
        *(100_000_000, 1_000_000, 21_201, 30),  # most draws, strata and dimensions; binary digits of a Sobol point
        *(0.05, 0.25, 0.75, 0.95),  # quantiles that are stated
        *(100_000, 0.005, 40, 101),  # draws, ends, bars and points of a picture
        *(20, 8, 10, 1e-10),  # knots, parameters crossed and ridge of the regression
        *(99, 4096, 500),  # resamples, points and orders
        *(401, 50, 11),  # values tried, halvings, points of a grid
        *(60, 6, 10_000),  # longest name quoted, pi / 6, draws when none are asked for
        *(4, 100),  # significant digits; fewest draws of a headline
    },
    "advice.py": {0.05},  # from which share of the result on a number matters
    "cli_own.py": {100},  # draws
    "rules_form.py": {8, 300},  # how deep a text can stand, longest guide
    "elasticity.py": {0.01, 1e-9, 4},  # the step of 1%; what rounding leaves, digits to which shares are equal
    "evidence.py": {3, 5, 0.05},  # how many numbers are said to carry a result, and what one that is named carries
    "evidence_pages.py": {0.005, 3},  # what is under 1%; level of a heading
    "page.py": {3},  # level of a heading
    "cli.py": {8501, 100, 130, 10_000},  # port, percent, exit status, draws
    "overview.py": {10_000},  # draws, as many as `sroi simulate` makes
    "cli_simulation.py": {5, 1.1},  # how many of the things that matter are said; how near to enough draws is enough
    "terminal.py": {100, 200_000, 30},  # widest text; draws from which progress is shown, width of its bar
    "explain.py": {1e5},  # from here on without decimals
    "figures.py": {3, 20},  # cells of a chunk as a power of 2
    "stated.py": {30, 600},  # reach of the search for the internal rate
    "plan.py": {19, 14, 8},  # cells of a buffer, most and fewest draws of a chunk: powers of 2
    "steps.py": {4},  # axes of an array
    "reading.py": {1_000_000},  # largest file in bytes
    "inputs.py": {1e-9},  # how far rounding may carry a share
    "sentences.py": {60, 100},  # longest name unquoted; percent to share in a hint
    "printing.py": {
        *(100, 1_000, 1e6, 1e9, 1e15),  # where pence, decimals, words and powers of ten begin
        *(0.995, 3, 0.01),  # the surest chance that is written; outcomes named; a penny
    },
    "ranges.py": {
        *(5, 10, 3, 0.1, 0.01, 0.035),  # steps in a range, and how far they and rounding go
        *(100, 12, 1e-9),  # percent, fewest draws; rounding
        0.05,  # years that are at once
    },
    "result.py": {3},  # results in a repr
    "service.py": {100},  # longest name shown
    "reference.py": {100},  # two digits of a financial year: 1999-00
    "cli_import.py": {100},  # widest text
    "cli_read.py": {5},  # how many changes of one sheet are said
    "workbook/guard.py": {
        *(20, 100, 500, 200),  # megabytes of a file and unpacked, its parts, how many times a part may grow
        *(5_000, 200),  # rows and columns that are read
    },
    "workbook/read_rest.py": {1_000, 1_000_000},  # rows of a margin, most draws that are made again
    "workbook/value_map_cells.py": {
        120,
        200,
        20_000,
        1e15,
        100,
        10,
    },  # longest label, heading and text, largest number; percent
    "workbook/value_map_headings.py": {
        *(100, 5, 3),  # rows that may hold headings, how many of them, numbers of a row
        4096,  # how many are remembered
    },
    "workbook/value_map.py": {1_000},  # most rows of a map
    "workbook/value_map_rows.py": {0.3},  # no discount rate that is meant lies above
    "workbook/value_map_names.py": {40},  # longest name made from a text
    "workbook/value_map_audit.py": {1e-9},  # rounding
    "charts.py": set(range(3, 1000)),  # sizes in pixels, digits, shares of a layout: whole numbers only
    "charts_lens.py": set(range(3, 1000)),  # the same
    "chart_files.py": {640, 80, 18, 12},  # pixels and characters of an image
    "summary_page.py": {3, 5, 6, 7, 8, 260},  # how much of each fits on two pages
    "dependence.py": {101, 0.001},  # points of a curve; the least share that is written
    "charts_compare.py": {*range(3, 1000), 0.45},  # the same, and how faint a range is
    "charts_reports.py": {*range(3, 1000)},  # the same
    "charts_uncertain.py": {*range(3, 1000), 0.05, 0.95},  # the same, and the quantiles that are stated
    "ui": {*range(3, 1000), 10_000, 100_000, 1_000_000, 10_000_000},  # the same, and the draws of a page
}

LINES_IN_A_FILE = 350
LINES_IN_A_FUNCTION = 60  # without its docstring


def source_files() -> list[Path]:
    app = ROOT / "app.py"
    return [*sorted(PACKAGE.rglob("*.py")), *([app] if app.exists() else [])]


FILES = source_files()
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def module_name(file: Path) -> str:
    """Dotted name within sroi: "engine", "ui.state"; the __init__ of a folder has the folder's name."""
    if file == ROOT / "app.py":
        return "app"
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    return module.split(".")[0]


MODULES = {module_name(file): file for file in FILES}


def resolve(dotted: list[str]) -> str:
    """The module that a dotted name below sroi leads to: its longest beginning that is a module."""
    for length in range(len(dotted), 0, -1):
        name = ".".join(dotted[:length])
        if name in MODULES:
            return name
    return "__init__"


def absolute_imports(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Line and dotted name of everything that a file imports, inside functions too."""
    package = ["sroi", *file.relative_to(PACKAGE).parent.parts] if file.is_relative_to(PACKAGE) else []
    for node in ast.walk(parse(file)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            for alias in node.names:
                yield node.lineno, [*base, alias.name]


def inner_imports(file: Path) -> Iterator[tuple[int, str]]:
    for line, dotted in absolute_imports(file):
        if dotted[0] == "sroi":
            yield line, resolve(dotted[1:])


def report(faults: list[str]) -> None:
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def where(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT).as_posix()}:{line}"


@each_file
def test_a_room_imports_only_from_lower_floors(file: Path) -> None:
    here = room(module_name(file))
    faults = []
    if here not in FLOORS:
        pytest.fail(f"sroi/{here} has no floor: add {here!r} to FLOORS in {Path(__file__).name}", pytrace=False)
    for line, module in inner_imports(file):
        there = room(module)
        if there == here or there in NEIGHBOURS.get(here, set()):
            continue
        if there not in FLOORS:
            faults.append(f"{where(file, line)}: {there} has no floor: add {there!r} to FLOORS")
        elif FLOORS[there] >= FLOORS[here]:
            floors = f"{here} (floor {FLOORS[here]}) imports {there} (floor {FLOORS[there]})"
            rule = "a room imports only from lower floors, or from those that NEIGHBOURS lists"
            faults.append(f"{where(file, line)}: {floors}: {rule}")
    report(faults)


def test_imports_run_in_no_circle() -> None:
    graph = {name: {module for _, module in inner_imports(file) if module != name} for name, file in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(f"circle of imports: {' <- '.join(circle.args[1])}", pytrace=False)


@each_file
def test_a_library_is_imported_only_in_its_rooms(file: Path) -> None:
    here = room(module_name(file))
    faults = []
    for line, dotted in absolute_imports(file):
        library = dotted[0]
        if library == "sroi" or library in sys.stdlib_module_names:
            continue
        if library not in LIBRARIES:
            faults.append(f"{where(file, line)}: imports {library}: add {library!r} to LIBRARIES, with its rooms")
        elif here not in LIBRARIES[library]:
            allowed = ", ".join(sorted(LIBRARIES[library]))
            faults.append(f"{where(file, line)}: {here} imports {library}, which belongs in: {allowed}")
    report(faults)


def permitted_numbers(file: Path) -> set[float]:
    if not file.is_relative_to(PACKAGE):
        return set()
    name = file.relative_to(PACKAGE).as_posix()
    return set().union(*(numbers for key, numbers in NUMBERS.items() if name == key or name.startswith(key + "/")))


def numbers_in(tree: ast.Module) -> list[ast.Constant]:
    """All numbers written in a file, other than positions in a text or list."""
    positions = {inner for node in ast.walk(tree) if isinstance(node, ast.Subscript) for inner in ast.walk(node.slice)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | complex)
        and not isinstance(node.value, bool)
        and node not in positions
    ]


@each_file
def test_code_holds_no_numbers(file: Path) -> None:
    permitted = PLAIN_NUMBERS | permitted_numbers(file)
    report(
        [
            f"{where(file, node.lineno)}: the number {node.value!r}: a fact goes to models/; "
            "a number of the code's own goes to NUMBERS, with its reason"
            for node in numbers_in(parse(file))
            if node.value not in permitted
        ]
    )


@each_file
def test_a_file_can_be_read_in_one_sitting(file: Path) -> None:
    length = len(file.read_text(encoding="utf-8").splitlines())
    assert length <= LINES_IN_A_FILE, f"{file.name} has {length} lines: divide it by what it knows"


def lines_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


@each_file
def test_a_function_fits_on_a_page(file: Path) -> None:
    functions = [node for node in ast.walk(parse(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    report(
        [
            f"{where(file, node.lineno)}: {node.name} has {length} lines: name its parts"
            for node in functions
            if (length := lines_without_docstring(node)) > LINES_IN_A_FUNCTION
        ]
    )


def test_every_room_has_a_name_that_says_what_it_knows() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    found = sorted(name for name in MODULES if vague & set(name.split(".")))
    assert not found, f"name them for what they know: {found}"


def test_models_hold_no_code() -> None:
    code = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "models").rglob("*.py"))
    assert not code, f"models/ holds data only: {code}"
