"""What pydantic found, in the project's own sentences: where, what was found, what to write."""

from __future__ import annotations

import math
import re
from typing import Any, TypeVar

from pydantic import ValidationError

from sroi.entry import Entry
from sroi.errors import Fault, nearest, shown

_BRANCHES = frozenset({"int", "str", "[key]", "Schedule", "constrained-str", "constrained-int"})

_NAME_A_PARAMETER = "Every number is a parameter: declare one with this value and write its name here."

Read = TypeVar("Read", bound=Entry)


def read(where: str, kind: type[Read], value: object) -> tuple[Read | None, list[Fault]]:
    """Read one table; return it, or ``None`` with every fault of its shape and types."""
    try:
        return kind.model_validate(value), []
    except ValidationError as error:
        found = [_fault(where, kind, item) for item in error.errors(include_url=False)]
        # The branches of a union each have their say: one fault for each place is enough.
        return None, list({fault.where: fault for fault in reversed(found)}.values())[::-1]
    except RecursionError:
        return None, [Fault(where, "is nested too deeply. Write it as the schema shows.")]


def label(name: str) -> str:
    """Write a name as it is where it can be read, quoted where not."""
    return name if len(name) <= 60 and name.isprintable() else shown(name)


def _fault(where: str, kind: type[Entry], item: Any) -> Fault:
    # pydantic adds the branch of a union and the word [key] to the place; a reader has no use for either.
    parts = [str(part) for part in item["loc"] if part not in _BRANCHES and not str(part).startswith("function-")]
    place = ".".join([*([where] if where else []), *map(label, parts)])
    found = shown(item.get("input"))
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return Fault(place, "is missing: write it.")
        case "extra_forbidden":
            return Fault(place, f"is not a key of this table. {nearest(str(item['loc'][-1]), kind.model_fields)}")
        case "finite_number":
            return Fault(place, f"is {found}. Numbers are finite: write a number.")
        case "float_type" if isinstance(item.get("input"), str):
            return Fault(place, f"is {found}. {as_number(item['input'])}")
        case "float_type" | "int_type" | "int_from_float":
            return Fault(place, f"is {found}. Write a{' whole' if 'int' in item['type'] else ''} number.")
        case "literal_error":
            return Fault(place, f"is {found}. Write {context['expected']}.")
        case "string_type":
            return Fault(place, f"is {found}. {_as_text(kind, parts, item.get('input'))}")
        case "string_too_short":
            return Fault(place, "is empty. Write what it asks for.")
        case "string_too_long":
            return Fault(place, f"has more than {context['max_length']} characters. Shorten it.")
        case "string_pattern_mismatch":
            rule = "Names are small letters, digits and _, beginning with a letter."
            return Fault(place, f"is {found}. {rule if not _is_number(item['input']) else _NAME_A_PARAMETER}")
        case "bool_type":
            return Fault(place, f"is {found}. Write true or false.")
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            bounds = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
            limit = ", ".join(f"{bounds[key]} {context[key]}" for key in bounds if key in context)
            return Fault(place, f"is {found}. Write a number of {limit}.")
        case "tuple_type" | "list_type":
            return Fault(place, f"is {found}. Write a list in square brackets.")
        case "value_error":
            return Fault(place, f"is not in order. {context['error']}.")
        case "model_type" | "dict_type" | "model_attributes_type":
            return Fault(place, f"is {found}. Write it as a table with keys.")
        case _:
            return Fault(place, f"is {found}. {item['msg']}.")


def _as_text(kind: type[Entry], parts: list[str], value: object) -> str:
    if parts and parts[-1] in {"price_year", "price_base_year"}:
        return "Write a year in quotation marks: '2024', or '2024-25' for a financial year."
    wanted = kind.model_json_schema()["properties"].get(parts[-1] if parts else "", {})
    if "pattern" in str(wanted) and isinstance(value, int | float) and not isinstance(value, bool):
        return _NAME_A_PARAMETER
    return "Write text in quotation marks."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_number(text: str) -> str:
    """Say how a text that should be a number is written as one."""
    value = number_meant(text)
    if value is None:
        return "Write a number without quotation marks."
    if text.strip().endswith("%"):
        return f"Shares are fractions from 0 to 1: write {value:g}."
    return f"Write the number without quotation marks: {value:g}."


def number_meant(text: str) -> float | None:
    """Return the number that a text such as ``"1,200"`` or ``"30%"`` means; ``None`` where it means none."""
    number = text.strip().removesuffix("%").strip()
    # A comma before exactly three digits parts thousands; any other is a decimal comma.
    number = re.sub(r",(?=\d{3}(\D|$))", "", number).replace(",", ".")
    try:
        value = float(number)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return value / 100 if text.strip().endswith("%") else value
