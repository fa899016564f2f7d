"""How cells look. Colour is never the only sign: inputs have a border and stand in a column of their own."""

from __future__ import annotations

from typing import Any

FONT = {"font_name": "Arial", "font_size": 10}
# Government Analysis Function palette, and pale fills on which its dark blue reads well.
BLUE, TEAL, PLUM, ORANGE, GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D"
PALE_YELLOW, PALE_GREY, PALE_RED, PALE_GREEN = "#FFF6CC", "#F2F2F2", "#FBE3E4", "#DFF2EC"
INPUT_BLUE = "#0000C0"
TABS = {"inputs": "#FFD966", "workings": "#BFBFBF", "outputs": BLUE, "control": TEAL}

NUMBERS = {
    "money": "[>=100]{symbol}#,##0;[Red][<=-100]-{symbol}#,##0;{symbol}#,##0.00",
    "share": "0.0%",
    "ratio": "0.00",
    "years": "0.0##",
    "quantity": "[>=1000]#,##0;[<=-1000]-#,##0;0.0###",
    "factor": "0.0000",
    "rate": "0.00%",
    "whole": "0",
    "option": "General",
    "tiny": "0E+00",
}
# On the axis of a chart, where long numbers would run into each other: m is a million.
AXIS = '[>=1000000]#,##0.0,,"m";[<=-1000000]-#,##0.0,,"m";#,##0'
# Money of which a penny matters.
EXACT_MONEY = "{symbol}#,##0.00;[Red]-{symbol}#,##0.00"
TOP: dict[str, Any] = {"valign": "top"}
# A word such as "undefined" in a column of numbers stands where they do.
NUMBER: dict[str, Any] = {"align": "right", **TOP}


def styles(symbol: str) -> dict[str, dict[str, Any]]:
    """Return every style by name; ``symbol`` is the sign of the currency."""
    sign = symbol.replace('"', "")
    formats = {name: code.format(symbol=f'"{sign}"') for name, code in NUMBERS.items()}
    plain: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 16, "font_color": BLUE},
        "description": {"font_color": GREY, "italic": True},
        "header": {
            "bold": True, "font_color": "#FFFFFF", "bg_color": BLUE, "text_wrap": True, "valign": "top", "border": 1,
            "border_color": "#FFFFFF",
        },
        "label": {"bold": True, **TOP},
        "label_indented": {"bold": True, "align": "left", "indent": 1, **TOP},
        "label_wrapped": {"bold": True, "text_wrap": True, **TOP},
        "text": dict(TOP),
        "wrapped": {"text_wrap": True, "align": "left", "indent": 1, **TOP},
        "spread": dict(TOP),
        "note": {"italic": True, "font_color": GREY, **TOP},
        "aside": {"italic": True, "font_color": GREY, "align": "left", "indent": 1, **TOP},
        "headline": {"bold": True, "font_size": 12, "font_color": BLUE, **TOP},
        "choice": {"locked": False, "bg_color": PALE_YELLOW, "border": 1, "font_color": INPUT_BLUE, "bold": True},
        "free": {
            "locked": False, "bg_color": PALE_YELLOW, "border": 1, "font_color": INPUT_BLUE, "text_wrap": True, **TOP,
        },
        "flag": {"align": "center", **TOP},
        "flag_changed": {"bg_color": PALE_RED, "bold": True},
        "flag_fail": {"bg_color": PALE_RED, "bold": True, "font_color": PLUM},
        "flag_pass": {"bg_color": PALE_GREEN},
        "link": {"font_color": BLUE, "underline": True, **TOP},
        "constant": {"font_color": INPUT_BLUE, "num_format": "#,##0.0000", **TOP},
        "code": {"font_name": "Courier New", "font_size": 9, "text_wrap": True, **TOP},
    }  # fmt: skip
    for name, code in formats.items():
        plain[name] = {"num_format": code, **NUMBER}
        plain[f"given_{name}"] = {"num_format": code, "font_color": INPUT_BLUE, **NUMBER}
        plain[f"constant_{name}"] = {"num_format": code, "font_color": INPUT_BLUE, **NUMBER}
        plain[f"static_{name}"] = {"num_format": code, "font_color": GREY, "bg_color": PALE_GREY, **NUMBER}
        plain[f"input_{name}"] = {
            "num_format": code, "locked": False, "bg_color": PALE_YELLOW, "border": 1, "font_color": INPUT_BLUE,
            **NUMBER,
        }  # fmt: skip
        plain[f"strong_{name}"] = {"num_format": code, "bold": True, **NUMBER}
    for name in ("money", "given_money", "input_money", "static_money"):
        # Not everything that is worth money is worth it to the penny: prices are.
        plain[name.replace("money", "price")] = {**plain[name], "num_format": EXACT_MONEY.format(symbol=f'"{sign}"')}
    return plain
