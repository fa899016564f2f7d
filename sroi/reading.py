"""Read files from outside: bytes to TOML tables, with one clear sentence for whatever stands in the way."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sroi.errors import Fault, ServiceError, brief, shown

LARGEST_FILE = 1_000_000


def tables_of(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file, or raise :class:`sroi.ServiceError`."""
    return parse_tables(path.name, bytes_of(path))


def parse_tables(name: str, content: bytes) -> dict[str, Any]:
    """Parse the bytes of a service file called ``name``."""
    if len(content) > LARGEST_FILE:
        rule = (
            f"The file has more than {LARGEST_FILE:,} bytes, the most for a service file: take out what is not needed."
        )
        raise ServiceError(name, [Fault("", rule)])
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ServiceError(name, [Fault("", f"Byte {error.start + 1} is not UTF-8. Save the file as UTF-8.")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ServiceError(
            name, [Fault("", f"This is not TOML: {error}. Mend it there; each key stands once.")]
        ) from None
    except (RecursionError, ValueError) as error:
        raise ServiceError(
            name, [Fault("", f"This is not TOML that can be read: {shown(str(error))}. Simplify it.")]
        ) from None


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, one more than allowed of a file that is too large."""
    try:
        if not path.is_file():
            raise ServiceError(path.name, [Fault("", f"There is no file {shown(str(path))}. Check the path.")])
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ServiceError(
            path.name, [Fault("", f"The file cannot be read: {brief(reason)}. Check the path.")]
        ) from None
