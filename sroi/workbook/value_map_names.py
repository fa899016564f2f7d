"""Names made from what people wrote in a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

LONGEST_SLUG = 40


def slug(text: str, instead: str) -> str:
    """Return a name of small letters, digits and _ made from a text; ``instead`` where none can be made."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:LONGEST_SLUG].strip("_")
    return name if name[:1].isalpha() else f"{instead}_{name}".strip("_")


def unique(name: str, taken: Container[str]) -> str:
    """Return the name, with a number where it is taken."""
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found
