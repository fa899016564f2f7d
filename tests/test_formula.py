"""The formula language: what may be written, what may not, and three readings that agree."""

from __future__ import annotations

import ast
import keyword
import math
import random
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from excel_reader import excel
from hypothesis import given, settings
from hypothesis import strategies as st
from small_service import service

import sroi
from sroi import FormulaError, formula
from sroi.formula import METHOD_FUNCTIONS, SERVICE_FUNCTIONS, Name, Node, Number, Operation, parse, to_words

CELLS = {"a": 3.0, "b": -2.0, "c": 0.5, "z": 0.0, "big": 1e200}
BINARY = ("+", "-", "*", "/", "**", "<", "<=", ">", ">=")


def number(node: Node, cells: dict[str, float] = CELLS) -> float:
    with np.errstate(all="ignore"):
        return float(formula.evaluate(node, cells.__getitem__))


def written(node: Node) -> str:
    """Write a tree in the language again, every bracket there."""
    if isinstance(node, Number):
        return repr(node.value)
    if isinstance(node, Name):
        return node.id
    arguments = [written(argument) for argument in node.arguments]
    if node.symbol == "neg":
        return f"(-{arguments[0]})"
    if node.symbol in BINARY:
        return f"({arguments[0]} {node.symbol} {arguments[1]})"
    return f"{node.symbol}({', '.join(arguments)})"


def bare(node: Node) -> Node:
    """Take out where names stood."""
    if isinstance(node, Name):
        return Name(node.id)
    if isinstance(node, Operation):
        return Operation(node.symbol, tuple(bare(argument) for argument in node.arguments))
    return node


# What each thing comes to -----------------------------------------------------------------------------------------

WORTH: list[tuple[str, float, str]] = [
    ("2", 2, "2"),
    ("2.50", 2.5, "2.5"),
    (".5", 0.5, "0.5"),
    ("1e3", 1000, "1000"),
    ("a", 3, "A"),
    ("a + b", 1, "A + B"),
    ("a - b", 5, "A − B"),
    ("a * b", -6, "A × B"),
    ("a / b", -1.5, "A ÷ B"),
    ("a ** 2", 9, "A to the power of 2"),
    ("-a", -3, "−A"),
    ("+a", 3, "A"),
    ("--a", 3, "−−A"),
    ("a < b", 0, "A is below B"),
    ("a <= 3", 1, "A is at most 3"),
    ("a > b", 1, "A is above B"),
    ("a >= 4", 0, "A is at least 4"),
    ("min(a, b)", -2, "the smaller of (A) and (B)"),
    ("max(a, b)", 3, "the larger of (A) and (B)"),
    ("where(a > b, 1, 2)", 1, "(1 if A is above B, otherwise 2)"),
    ("where(a < b, 1, 2)", 2, "(1 if A is below B, otherwise 2)"),
    ("where(z, 1, 2)", 2, "(1 if Z is not 0, otherwise 2)"),
    ("where(c, 1, 2)", 1, "(1 if C is not 0, otherwise 2)"),
    # Precedence, where a spreadsheet or a hasty reader goes wrong.
    ("-2 ** 2", -4, "−(2 to the power of 2)"),
    ("(-2) ** 2", 4, "(−2) to the power of 2"),
    ("2 ** 3 ** 2", 512, "2 to the power of (3 to the power of 2)"),
    ("(2 ** 3) ** 2", 64, "(2 to the power of 3) to the power of 2"),
    ("2 ** -1", 0.5, "2 to the power of (−1)"),
    ("0 ** 0", 1, "0 to the power of 0"),
    ("z ** z", 1, "Z to the power of Z"),
    ("1 - 2 - 3", -4, "1 − 2 − 3"),
    ("1 - (2 - 3)", 2, "1 − (2 − 3)"),
    ("1 - (2 + 3)", -4, "1 − (2 + 3)"),
    ("8 / 4 / 2", 1, "8 ÷ 4 ÷ 2"),
    ("8 / (4 / 2)", 4, "8 ÷ (4 ÷ 2)"),
    ("8 / (4 * 2)", 1, "8 ÷ (4 × 2)"),
    ("1 + 2 * 3", 7, "1 + 2 × 3"),
    ("(1 + 2) * 3", 9, "(1 + 2) × 3"),
    ("a * -b", 6, "A × −B"),
    ("a - -b", 1, "A − −B"),
    ("-a * b", 6, "−A × B"),
    ("-(a + b)", -1, "−(A + B)"),
    ("1 + (a > b)", 2, "1 + (A is above B)"),
    ("(a > b) * (a < b)", 0, "(A is above B) × (A is below B)"),
    ("a > b + 4", 1, "A is above B + 4"),
    ("(a > b) > z", 1, ""),
    ("  a\t+\tb ", 1, "A + B"),
    ("(a\n + b)", 1, "A + B"),
    ("a\n + b", 1, "A + B"),
    ("where(z <= 0, 0, a / z)", 0, ""),
    ("where(z > 0, a / z, c)", 0.5, ""),
]


@pytest.mark.parametrize(("text", "worth", "words"), WORTH)
def test_three_readings(text: str, worth: float, words: str) -> None:
    tree = parse(text)
    assert number(tree) == worth
    assert excel(formula.to_excel(tree, str), CELLS) == worth
    if words:
        assert to_words(tree, str.upper) == words
    assert bare(parse(written(tree))) == bare(tree)


def test_every_operator_and_function_of_a_service_file_is_above() -> None:
    seen: set[str] = set()

    def walk(node: Node) -> None:
        if isinstance(node, Operation):
            seen.add(node.symbol)
            for argument in node.arguments:
                walk(argument)

    for text, _, _ in WORTH:
        walk(parse(text))
    assert seen == {*BINARY, "neg", *SERVICE_FUNCTIONS}


@pytest.mark.parametrize(
    ("text", "expected", "words"),
    [
        ("total_years(x)", [[10.0], [26.0]], "the sum over years of (X)"),
        ("cumulate(x)", [[1, 3, 6, 10], [5, 11, 18, 26]], "the running sum over years of (X)"),
        ("compound(x)", [[1, 2, 6, 24], [5, 30, 210, 1680]], "the running product over years of (X)"),
        ("lag(x)", [[0, 1, 2, 3], [0, 5, 6, 7]], "the year before's (X)"),
        ("earliest(x)", [[1], [5]], "the earliest of (X)"),
        ("total(x)", [[6, 8, 10, 12]], "the sum over rows of (X)"),
        ("total_cohorts(x)", [[1, 2, 3, 4], [5, 6, 7, 8]], "the sum over cohorts of (X)"),
    ],
)
def test_functions_of_the_method(text: str, expected: list[list[float]], words: str) -> None:
    x = np.arange(1.0, 9).reshape(2, 1, 4, 1)
    tree = parse(text, METHOD_FUNCTIONS)
    found = np.asarray(formula.evaluate(tree, lambda _: x))
    np.testing.assert_array_equal(found[:, 0, :, 0], expected)
    many = np.asarray(formula.evaluate(tree, lambda _: np.repeat(x, 3, axis=3)))
    np.testing.assert_array_equal(many, np.repeat(found, 3, axis=3))
    assert to_words(tree, str.upper) == words
    with pytest.raises(FormulaError, match=f"^{text.partition('(')[0]} runs along an axis"):
        formula.to_excel(tree, str)
    with pytest.raises(FormulaError, match="There is no function"):
        parse(text)


def test_every_function_of_the_method_is_above() -> None:
    assert set(METHOD_FUNCTIONS) - set(SERVICE_FUNCTIONS) == {
        "difference",
        "total_years",
        "total_cohorts",
        "total",
        "cumulate",
        "compound",
        "lag",
        "earliest",
    }


@pytest.mark.parametrize(
    ("text", "character"),
    [("peple + a", 1), ("a + peple", 5), ("(a + peple)", 6), ("   peple", 4), ("\tpeple", 2), ("(a +\n peple)", 7)],
)
def test_a_name_says_where_it_stands(text: str, character: int) -> None:
    assert [name.character for name in formula.names(parse(text)) if name.id == "peple"] == [character]


# What is refused --------------------------------------------------------------------------------------------------

ALIEN = "is not part of the language: numbers, names, + - * / **, brackets, < <= > >=, min, max, where."
BROKEN = "The formula is not complete or not in order: check brackets and operators."
STRANGE = "This is not part of the language: use numbers, names, operators, min, max, where."
HOSTILE: list[tuple[str, str]] = [
    ("", "The formula is empty: write one, such as 'people * share'."),
    (" \n\t ", "The formula is empty: write one"),
    ("print(1)", "There is no function 'print'. The functions are min, max, where."),
    ("exec(a)", "There is no function 'exec'."),
    ("__import__(os)", "There is no function '__import__'."),
    ("__import__('os').system('ls')", f'"\'" {ALIEN}'),
    ("open(a, b)", "There is no function 'open'."),
    ("total(a)", "There is no function 'total'."),
    ("MIN(a, b)", "There is no function 'MIN'."),
    ("min(a)", "min takes 2 arguments, found 1."),
    ("min()", "min takes 2 arguments, found 0."),
    ("min(a, b, c)", "min takes 2 arguments, found 3."),
    ("where(a, b)", "where takes 3 arguments, found 2."),
    ("min(a, b=c)", f"'=' {ALIEN}"),
    ("min(*a)", STRANGE),
    ("min(**a)", STRANGE),
    ("min(a, *b)", STRANGE),
    ("min(min)(a, b)", STRANGE),
    ("(a)(b)", "There is no function 'a'."),
    ("1(a)", STRANGE),
    ("a.b", f"'.' {ALIEN}"),
    ("a.__class__", f"'.' {ALIEN}"),
    ("().__class__", f"'.' {ALIEN}"),
    ("1..real", f"'1' {ALIEN}"),
    ("a[0]", f"'[' {ALIEN}"),
    ("[a]", f"'[' {ALIEN}"),
    ("{a}", f"'{{' {ALIEN}"),
    ("(a, b)", STRANGE),
    ("a, b", STRANGE),
    ("()", STRANGE),
    ("lambda: 1", f"'lambda' {ALIEN}"),
    ("lambda x: x", f"'lambda' {ALIEN}"),
    ("'a'", f'"\'" {ALIEN}'),
    ('"a"', f"'\"' {ALIEN}"),
    ('f"{a}"', f"'\"' {ALIEN}"),
    ("b'1'", f'"\'" {ALIEN}'),
    ("(a := 1)", f"':' {ALIEN}"),
    ("a = 1", f"'=' {ALIEN}"),
    ("a == b", f"'=' {ALIEN}"),
    ("a != b", f"'!' {ALIEN}"),
    ("a <> b", BROKEN),
    ("[x for x in a]", f"'[' {ALIEN}"),
    ("(x for x in a)", f"'for' {ALIEN}"),
    ("a if b else c", f"'if' {ALIEN}"),
    ("a and b", f"'and' {ALIEN}"),
    ("not a", f"'not' {ALIEN}"),
    ("a in b", f"'in' {ALIEN}"),
    ("a is b", f"'is' {ALIEN}"),
    ("True", f"'True' {ALIEN}"),
    ("None", f"'None' {ALIEN}"),
    ("yield", f"'yield' {ALIEN}"),
    ("await a", f"'await' {ALIEN}"),
    ("import os", ""),
    ("a; b", f"';' {ALIEN}"),
    ("a # b", f"'#' {ALIEN}"),
    ("a \\\n + b", f"'\\\\' {ALIEN}"),
    ("a\nb", BROKEN),
    ("a // b", STRANGE),
    ("a % b", f"'%' {ALIEN}"),
    ("a @ b", f"'@' {ALIEN}"),
    ("a ^ b", f"'^' {ALIEN}"),
    ("a & b", f"'&' {ALIEN}"),
    ("a << b", STRANGE),
    ("~a", f"'~' {ALIEN}"),
    ("27%", f"'%' {ALIEN}"),
    ("£5", f"'\\xa3' {ALIEN}"),
    ("1,000", STRANGE),
    ("a < b < c", "Compare two things at a time: write where(a < b, …, …)."),
    ("where(a < b < c, 1, 2)", "Compare two things at a time:"),
    ("0x10", f"'0' {ALIEN}"),
    ("0b1", f"'0' {ALIEN}"),
    ("0o7", f"'0' {ALIEN}"),
    ("1_000", f"'1' {ALIEN}"),
    ("1j", f"'1' {ALIEN}"),
    ("1e", f"'1' {ALIEN}"),
    ("1e5e5", f"'1' {ALIEN}"),
    ("1.2.3", f"'1' {ALIEN}"),
    ("2a", f"'2' {ALIEN}"),
    ("007", BROKEN),
    ("1e400", "The number is too large."),
    ("9" * 400, "The number is too large."),
    ("1 2", BROKEN),
    ("a b", BROKEN),
    ("a +", BROKEN),
    ("* a", BROKEN),
    ("a ** ** b", BROKEN),
    ("(a", BROKEN),
    ("a)", "A bracket closes that was not opened: take it out."),
    ("a\0b", f"'\\x00' {ALIEN}"),
    ("\ufeffa", f"'\\ufeff' {ALIEN}"),
    ("a\u00a0+ b", f"'\\xa0' {ALIEN}"),
    ("a − b", f"'\\u2212' {ALIEN}"),
    ("a × b", f"'\\xd7' {ALIEN}"),
    ("\u0430 + b", f"'\\u0430' {ALIEN}"),  # a Cyrillic a
    ("ａ + b", f"'\\uff41' {ALIEN}"),  # a wide a
    ("mi\u0307n(a, b)", f"'\\u0307' {ALIEN}"),
    ("ﬁ", f"'\\ufb01' {ALIEN}"),
    ("²", f"'\\xb2' {ALIEN}"),
    ("٣", f"'\\u0663' {ALIEN}"),  # an Arabic three
    ("a\u202eb", f"'\\u202e' {ALIEN}"),
    ("(" * 1000 + "a" + ")" * 1000, "The formula has 2001 characters; the most is 1000: split it into lines."),
    ("(" * 100 + "a" + ")" * 100, "Brackets are nested deeper than 40: split the formula."),
    ("-" * 990 + "a", ""),
    ("a ** " * 190 + "a", "The formula is nested deeper than 40: split it into lines."),
    ("a + " * 240 + "a", "The formula is nested deeper than 40: split it into lines."),
    ("min(a, " * 60 + "a" + ")" * 60, "Brackets are nested deeper than 40: split the formula."),
    ("a" * 1_000_000, "The formula has 1000000 characters; the most is 1000: split it into lines."),
    ("(" * 1_000_000, "The formula has 1000000 characters"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE, ids=[ascii(text)[:30] for text, _ in HOSTILE])
def test_hostile_text_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.sentence.startswith(said)
    assert caught.value.sentence.isprintable()
    assert caught.value.sentence.endswith(".")
    assert len(caught.value.sentence) < 300


@pytest.mark.parametrize("word", keyword.kwlist)
def test_no_keyword_is_a_name(word: str) -> None:
    with pytest.raises(FormulaError):
        parse(f"{word} + 1")


def test_a_formula_may_run_over_lines() -> None:
    assert parse("  a\n  + b") == Operation("+", (Name("a", 3), Name("b", 9)))


def test_powers_of_powers_are_numbers_not_work() -> None:
    """``10**10**10`` would be ten billion digits in Python's integers; here it is a float that is too large."""
    for text in ("10**10**10", "2**2**2**2**2**2", "9**9**9**9", "-10**10**10"):
        assert not math.isfinite(number(parse(text)))


# Any text, any tree -----------------------------------------------------------------------------------------------

PIECES = [
    "a",
    "b",
    "1",
    "2.5",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "**",
    "<",
    ">=",
    ",",
    " ",
    "min",
    "where(",
    ".",
    "e5",
    "\n",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except FormulaError as error:
        assert error.sentence.isprintable()  # noqa: PT017
        return
    assert bare(parse(written(tree))) == bare(tree)
    assert isinstance(formula.to_excel(tree, str), str)
    assert to_words(tree, str)
    # Python reads the same text in the same way.
    names = {name.id: 3.0 for name in formula.names(tree)}
    functions = {"min": min, "max": max, "where": lambda c, x, y: x if c else y, "__builtins__": {}}
    try:
        code = compile(ast.parse(text.strip(), mode="eval"), "formula", "eval")
        there = eval(code, functions, names)
    except (ZeroDivisionError, OverflowError, SyntaxWarning):
        return
    if not isinstance(there, complex):
        assert number(tree, names) == pytest.approx(float(there), rel=1e-12, nan_ok=True)


def trees() -> st.SearchStrategy[Node]:
    leaves: st.SearchStrategy[Node] = st.one_of(
        st.sampled_from([Name(name) for name in CELLS]), st.sampled_from([0.0, 1.0, 2.0, 0.5, 7.0]).map(Number)
    )

    def more(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return st.one_of(
            st.builds(lambda s, a, b: Operation(s, (a, b)), st.sampled_from([*BINARY, "min", "max"]), inner, inner),
            st.builds(lambda a: Operation("neg", (a,)), inner),
            st.builds(lambda c, a, b: Operation("where", (c, a, b)), inner, inner, inner),
        )

    return st.recursive(leaves, more, max_leaves=12)


def operations(node: Node) -> list[Operation]:
    return [node, *(o for a in node.arguments for o in operations(a))] if isinstance(node, Operation) else []


@settings(max_examples=2_000)
@given(trees())
def test_the_numpy_reading_equals_the_excel_reading(tree: Node) -> None:
    here, there = number(tree), excel(formula.to_excel(tree, str), CELLS)
    if math.isnan(there):
        # The sheet shows an error: ours may not be a finite number.
        assert not math.isfinite(here)
    else:
        assert here == pytest.approx(there, rel=1e-12)


@given(trees())
def test_many_draws_are_each_draw_alone(tree: Node) -> None:
    cells = {name: np.array([value, value + 1, 2 * value]).reshape(1, 1, 1, -1) for name, value in CELLS.items()}
    with np.errstate(all="ignore"):
        together = np.broadcast_to(formula.evaluate(tree, cells.__getitem__), (1, 1, 1, 3)).reshape(-1)
        alone = [number(tree, {name: array.reshape(-1)[place] for name, array in cells.items()}) for place in range(3)]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


@given(trees())
def test_what_is_written_is_read_back(tree: Node) -> None:
    assert bare(parse(written(tree))) == tree


# Nothing that is not finite passes the engine ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "people / zero",
        "people * zero / zero",
        "people * (0 - 1) ** half",
        "people * big * big",
        "people * zero ** (0 - 1)",
        "people * big ** 2 - people * big ** 2",
        "where(zero >= 0, people / zero, people)",
        "people / (1 / zero)",
        "min(people / zero, people)",
        "max(0 - people / zero, people)",
        "where(1 / zero > 2, people, 0)",
        "where(0 / zero > 2, 0, people)",
        "people * (0 / zero) ** 0",
        "people * 1 ** (0 / zero)",
        "people / big ** 2",
        "people * (big ** 2 > 1)",
    ],
)
@pytest.mark.parametrize("draws", [1, 3])
def test_a_number_that_is_not_finite_is_refused_with_its_line(text: str, draws: int) -> None:
    found = service({"lines.reached.formula": text})
    values: dict[str, Any] = (
        {} if draws == 1 else {"zero": [1.0, 0.0, 2.0], "half": [0.5] * 3, "big": [1.0, 1e200, 2.0]}
    )
    with pytest.raises(sroi.ServiceError, match=r"lines\.reached does not come out as a finite number"):
        sroi.evaluate(found, values)


def test_the_branch_not_taken_may_divide_by_zero() -> None:
    found = service({"lines.reached.formula": "where(zero > 0, people / zero, people)"})
    assert sroi.evaluate(found).named("reached").item() == 100
    result = sroi.evaluate(found, {"zero": [0.0, 2.0]})
    assert result.named("reached").reshape(-1).tolist() == [100, 50]


# LibreOffice ------------------------------------------------------------------------------------------------------


def random_tree(source: random.Random, depth: int) -> Node:
    if depth == 0 or source.random() < 0.15:
        return source.choice([Name("a"), Name("b"), Name("c"), Name("z"), Number(2.0), Number(0.0), Number(1.5)])
    symbol = source.choice([*BINARY, *BINARY, "neg", "min", "max", "where"])
    count = {"neg": 1, "where": 3}.get(symbol, 2)
    return Operation(symbol, tuple(random_tree(source, depth - 1) for _ in range(count)))


@pytest.mark.slow
def test_libreoffice_reads_the_same(libreoffice: Path, tmp_path: Path) -> None:
    import openpyxl

    source = random.Random(20261123)
    found = [parse(text) for text, _, _ in WORTH if "big" not in text]
    found += [random_tree(source, source.randint(1, 4)) for _ in range(300)]
    book = openpyxl.Workbook()
    sheet = book.active
    places = {}
    for column, name in enumerate(("a", "b", "c", "z"), 1):
        sheet.cell(1, column, CELLS[name])
        places[name] = f"${'ABCD'[column - 1]}$1"
    for row, tree in enumerate(found, 2):
        sheet.cell(row, 1, f"={formula.to_excel(tree, places.__getitem__)}")
    book.save(tmp_path / "formulas.xlsx")
    # openpyxl stores no results, so LibreOffice has nothing to trust and works every cell out.
    subprocess.run(
        [
            *(libreoffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"),
            *("xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", tmp_path / "formulas.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    read = openpyxl.load_workbook(tmp_path / "out" / "formulas.xlsx", data_only=True).active
    wrong = []
    for row, tree in enumerate(found, 2):
        there, here = read.cell(row, 1).value, number(tree)
        if isinstance(there, str):
            agree = not math.isfinite(here)
        else:
            agree = math.isclose(here, there, rel_tol=1e-12, abs_tol=1e-15)
        if not agree:
            wrong.append(f"{written(tree)}: here {here!r}, LibreOffice {there!r}")
    assert not wrong, "\n".join(wrong)
