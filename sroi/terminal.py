"""How the command line writes: lines wrapped to the terminal, lists under headings, and how far a run is."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from sroi.result import Result

WIDEST = 100
# From so many draws on a run shows how far it is, with a bar of so many characters.
LONG, BAR = 200_000, 30


def columns() -> int:
    """Return how wide lines may be."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def paragraphs(heading: str, sentences: Sequence[str]) -> None:
    """Print a list under its heading, wrapped to the terminal; nothing when there is nothing to say."""
    if sentences:
        print(f"\n{heading}")
    for sentence in sentences:
        print(textwrap.fill(sentence, columns(), initial_indent="  - ", subsequent_indent="    "))


def rows(frame: DataFrame) -> None:
    """Print labels and what is written of each, long sentences over several lines."""
    width = max(len(label) for label in frame["label"])
    for row in frame.itertuples():
        before = f"  {row.label:<{width}}  "
        print(textwrap.fill(str(row.written), columns(), initial_indent=before, subsequent_indent=" " * len(before)))


def left_out(result: Result) -> None:
    """Print what no figure holds, and what a reader might wrongly conclude."""
    unpriced = [f"{entry.label}: {entry.description}" for entry in result.service.non_monetised]
    paragraphs("Not priced, and not in any figure above:", unpriced)
    paragraphs("What the evidence does not show:", result.service.about.does_not_show)


class Progress:
    """Shows how far a long run is, in the terminal only; Ctrl-C ends it."""

    def __init__(self) -> None:
        self._done = 0
        self._open = False

    def __call__(self, done: int, asked: int) -> None:
        """Take note of how far the run is."""
        self._done = done
        if asked >= LONG and sys.stderr.isatty():
            filled = BAR * done // asked
            bar = f"\r  {'#' * filled}{'.' * (BAR - filled)} {done:,} of {asked:,} draws"
            print(bar, end="", file=sys.stderr, flush=True)
            self._open = True

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._open:
            print(file=sys.stderr)
        self._open = False

    def stop(self, asked: int) -> None:
        """Say how far the run came."""
        self.end()
        print(f"stopped after {self._done:,} of {asked:,} draws", file=sys.stderr)
