"""Results as files for other programs: a set of CSV files that spreadsheets open safely, or one JSON file."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from sroi import tables
from sroi.breakdown import one_case
from sroi.errors import LONGEST, Fault, ServiceError, brief, shown
from sroi.result import Result

# What a spreadsheet may take for the beginning of a formula (OWASP, CSV Injection), full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
GUARD = "'"
GUARD_SAYS = "Text that begins like a formula has an apostrophe (') before it, so that no spreadsheet runs it."
BASE = "base"
# What every row of every CSV file says of itself.
STAMP = ("service", "scenario", "convention", "values", "price_base_year", "version", "date")


def data_tables(result: Result) -> dict[str, pd.DataFrame]:
    """Return every table of a result by name, each with its index as ordinary columns.

    Parameters
    ----------
    result : Result
        Of one case.

    Returns
    -------
    dict of str to DataFrame
        ``summary``, ``cash_flow``, ``impact_map``, ``evidence``, ``bridge``, ``by_bearer``, ``by_stakeholder``,
        ``by_kind``, ``non_monetised``; and ``stated_under``, with columns ``key`` and ``value``: the service, scenario,
        convention, prices, horizon, version and date, and each value of the user's own as ``values.<parameter>``.

    Raises
    ------
    ServiceError
        When the result holds many cases.
    """
    one_case(result, "export")
    found = {
        "summary": result.summary(),
        "cash_flow": result.cash_flow(),
        "impact_map": result.impact_map(),
        "evidence": result.evidence(),
        "bridge": result.bridge(),
        "by_bearer": result.by("bearer"),
        "by_stakeholder": result.by("stakeholder"),
        "by_kind": result.by("kind"),
        "non_monetised": result.non_monetised(),
    }
    ready = {name: frame if frame.index.name is None else frame.reset_index() for name, frame in found.items()}
    return ready | {"stated_under": _keys_and_values(_stated(result))}


def _keys_and_values(stated: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({"key": list(stated), "value": pd.Series(list(stated.values()), dtype=object)})


def _stated(result: Result) -> dict[str, Any]:
    values = {f"values.{name}": float(value) for name, value in result.values.items()}
    return tables.stated_under(result) | {"date": date.today().isoformat()} | values


def file_stem(result: Result) -> str:
    """Return how files of a result begin: service, scenario (or ``base``) and convention."""
    # A convention of one's own may be called anything.
    convention = re.sub(r"[^\w-]+", "_", result.convention_name).strip("_")
    return f"{result.service.id}_{result.scenario or BASE}_{convention}"


def dated_stem(result: Result, day: date | None = None) -> str:
    """Return how a file is called that somebody keeps: after the case, the day (today when not given), the version."""
    version = tables.stated_under(result)["version"]
    return f"{file_stem(result)}_{(day or date.today()).isoformat()}_sroi-{version}"


def write_csv(result: Result, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write every table of a result as a CSV file of its own.

    Parameters
    ----------
    result : Result
        Of one case.
    folder : str or Path
        Where to write; it exists. Files are called ``<service>_<scenario or base>_<convention>_<table>.csv``.
    force : bool
        Whether to write over files that are there. Without it nothing is written when one of them is.

    Returns
    -------
    list of Path
        The files: one for each of :func:`data_tables`. ``stated_under`` says what the others were computed under; the
        last columns of every other row say so too, so that rows of several files can be put together.

    Raises
    ------
    ServiceError
        When the folder is not there, a file is, or cannot be written.

    Notes
    -----
    UTF-8 with a byte order mark, without which Excel misreads £; numbers to the last digit, undefined ones empty;
    values by year as ``[1.0, 2.0]``. A text (never a number) that begins with ``= + - @``, a tab or the end of a line
    has an apostrophe put before it, as OWASP advises against formula injection.
    """
    path = Path(folder)
    if not is_folder(path):
        raise not_a_folder(path)
    contents = {path / name: content for name, content in csv_files(result).items()}
    save(contents, force=force)
    return list(contents)


def csv_files(result: Result) -> dict[str, bytes]:
    """Return the files that :func:`write_csv` writes, by name."""
    every = data_tables(result)
    stated = _stated(result) | {"scenario": result.scenario or BASE}
    values = "; ".join(f"{name}={value!r}" for name, value in result.values.items())
    stamp = {key: stated.get(key, values) for key in STAMP}
    frames = {name: frame.assign(**stamp) for name, frame in every.items()}
    frames["stated_under"] = _keys_and_values(stated | {"text": GUARD_SAYS})
    return {f"{file_stem(result)}_{name}.csv": _csv(frame) for name, frame in frames.items()}


def _csv(frame: pd.DataFrame) -> bytes:
    guarded = frame.astype(object).map(_cell)
    return guarded.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """Return what stands in a cell: text guarded, a series as one text, anything else as it is."""
    if isinstance(value, (tuple, list)):
        return str([float(number) for number in value])
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return GUARD + value
    return value


def write_json(result: Result, path: str | Path, *, force: bool = False) -> Path:
    """Write every table of a result as one JSON file.

    Parameters
    ----------
    result : Result
        Of one case.
    path : str or Path
        The file; its folder exists.
    force : bool
        Whether to write over a file that is there.

    Returns
    -------
    Path
        The file. It holds one object: ``stated_under``, and for each other name of :func:`data_tables` a list with one
        object for each row. Numbers are exact, undefined ones ``null``; text is as it is, without a guard.

    Raises
    ------
    ServiceError
        When the file is there, or cannot be written.
    """
    save({Path(path): json_bytes(result)}, force=force)
    return Path(path)


def json_bytes(result: Result) -> bytes:
    """Return the file that :func:`write_json` writes."""
    every = data_tables(result)
    content: dict[str, Any] = {"stated_under": _stated(result)}
    for name, frame in every.items():
        if name != "stated_under":
            rows = frame.astype(object).to_dict("records")
            content[name] = [{str(key): _plain(value) for key, value in row.items()} for row in rows]
    return f"{json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what is undefined as null."""
    return None if isinstance(value, float) and math.isnan(value) else value


def save(contents: Mapping[Path, bytes], *, force: bool) -> None:
    """Write files, or none of them where one is there already and ``force`` is not given.

    Raises
    ------
    ServiceError
        When a file is there, or cannot be written.
    """
    refuse_existing(contents, force=force)
    for path, content in contents.items():
        try:
            # Whoever made the file since the look above is not written over either.
            with path.open("wb" if force else "xb") as file:
                file.write(content)
        except (OSError, ValueError) as error:
            raise unwritable(path, error) from None


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse to write where something is, unless told to: it may hold somebody's work."""
    found = [path for path in paths if not force and os.path.lexists(path)]
    if found:
        more = f" (and {len(found) - 1} more of its files)" if len(found) > 1 else ""
        raise refused(found[0], f"is there already{more}. Write --force (in Python force=True) to write over it.")


def is_folder(path: Path) -> bool:
    """Say whether there is a folder; a path that nothing could be called is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def not_a_folder(path: Path) -> ServiceError:
    """Return the error for a folder to write to that is not there."""
    return refused(path, "is not a folder that is there. Make it first, or write another.")


def unwritable(path: Path, error: Exception) -> ServiceError:
    """Return the error that says why a file cannot be written."""
    reason = brief(getattr(error, "strerror", None) or str(error))
    return refused(path, f"cannot be written: {reason}. Check the path, and close the file where it is open.")


def refused(path: Path, sentence: str) -> ServiceError:
    """Return the error for a path that cannot be written to; of a long one the end is shown, which says most."""
    text = str(path)
    ending = text if len(text) < LONGEST else f"…{text[-LONGEST // 2 :]}"
    return ServiceError("the export", [Fault(shown(ending), sentence)])
