"""A page as headings, paragraphs, lists and tables, written as Markdown or as accessible HTML.

What stands in it may come from a stranger's file: text is text in either, whatever it holds, and only web addresses
and pages beside it become links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote


@dataclass(frozen=True)
class Link:
    """Text that leads to an address."""

    text: str
    url: str


Words = str | Link | tuple[str | Link, ...]


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is the page's own."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    words: Words


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Grid:
    """A table; its first column names the rows.

    Attributes
    ----------
    caption : str
        What the table holds, in a sentence.
    columns : sequence of str
    rows : sequence of sequence of Words
    numeric : frozenset of str
        Columns that are set to the right.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Words]]
    numeric: frozenset[str] = frozenset()


Block = Heading | Paragraph | Bullets | Grid

# No scripts, and nothing is asked of the network: the page works from a folder, in an e-mail or in an archive.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, "Liberation Sans", Arial, sans-serif; color: #1d1d1d; background: #fff;
  max-width: 88rem; margin: 0 auto; padding: 1.5rem; }
h1, h2, h3 { line-height: 1.25; color: #12436D; }
h2 { margin-top: 2.5rem; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
a { color: #12436D; }
.table { overflow-x: auto; margin: 1rem 0; }
.table:focus-visible, a:focus-visible { outline: 3px solid #F46A25; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
caption { text-align: left; padding: .25rem 0 .5rem; color: #3D3D3D; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #b1b4b6; }
thead th { border-bottom: 2px solid #12436D; vertical-align: bottom; }
tbody th { font-weight: 600; }
td { overflow-wrap: break-word; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) { body { padding: 1rem; } table { min-width: 72rem; }
  caption span { display: inline-block; max-width: calc(100vw - 3rem); } }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 9pt; max-width: none; padding: 0; }
  .table { overflow: visible; }
  table { font-size: 7.5pt; min-width: 0; }
  thead { display: table-header-group; }
  tr, li { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  p, li { max-width: none; }
}
"""


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return a page as Markdown, as GitHub and most programs read it."""
    return "\n\n".join("\n".join(_markdown(block)) for block in blocks) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {_plain(block.text)}"
        case Paragraph():
            yield _no_marker(_inline(block.words))
        case Bullets():
            yield from (f"- {_no_marker(_inline(item))}" for item in block.items)
        case Grid():
            yield from (_no_marker(_plain(block.caption)), "")
            yield f"| {' | '.join(map(_plain, block.columns))} |"
            yield f"|{''.join('---:|' if column in block.numeric else '---|' for column in block.columns)}"
            for first, *others in block.rows:
                yield f"| {' | '.join([f'**{_inline(first)}**', *map(_inline, others)])} |"


def _inline(words: Words) -> str:
    parts = words if isinstance(words, tuple) else (words,)
    return "".join(_plain(part) if isinstance(part, str) else _link(part) for part in parts)


def _link(link: Link) -> str:
    return f"[{_plain(link.text)}]({_address(link.url)})" if _may_lead(link.url) else _plain(link.text)


def _plain(text: str) -> str:
    """Return text that Markdown reads as itself, in one line."""
    escaped = re.sub(r"([\\`*_\[\]|~$])", r"\\\1", re.sub(r"\s+", " ", text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _no_marker(line: str) -> str:
    """Return a line that begins no list, heading or rule of Markdown, whatever its first character."""
    return re.sub(r"^ *([#+=-]|\d+[.)](?=\s|$))", lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", line)


def _may_lead(url: str) -> bool:
    return url.lower().startswith(("https://", "http://")) or re.fullmatch(r"\w+\.md", url) is not None


def _address(url: str) -> str:
    """Return an address without what would end a link early."""
    return quote(url, safe="/:?&=#%+,;@!~-._$*'")


def to_html(blocks: Sequence[Block], title: str, *, style: str = "") -> str:
    """Return a page as one HTML file: in English, with a heading for every table column and row, ready to print.

    Parameters
    ----------
    blocks : sequence of Block
    title : str
    style : str
        More CSS, of our own, that comes after what every page has. Nothing of a stranger's belongs in it.
    """
    body = "\n".join(row for place, block in enumerate(blocks) for row in _html(block, place))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{_STYLE}{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _html(block: Block, place: int) -> Iterator[str]:
    match block:
        case Heading():
            yield f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
        case Paragraph():
            yield f"<p>{_marked(block.words)}</p>"
        case Bullets():
            yield "<ul>"
            yield from (f"<li>{_marked(item)}</li>" for item in block.items)
            yield "</ul>"
        case Grid():
            yield from _table(block, f"table-{place}")


def _table(grid: Grid, key: str) -> Iterator[str]:
    # A table that is wider than the screen scrolls by keyboard too, and says what it is.
    yield f'<div class="table" role="region" aria-labelledby="{key}" tabindex="0">'
    yield f'<table><caption id="{key}"><span>{html.escape(grid.caption)}</span></caption>'
    kinds = [' class="n"' if column in grid.numeric else "" for column in grid.columns]
    heads = zip(kinds, grid.columns, strict=True)
    named = "".join(f'<th scope="col"{kind}>{html.escape(column)}</th>' for kind, column in heads)
    yield f"<thead><tr>{named}</tr></thead>"
    yield "<tbody>"
    for first, *others in grid.rows:
        cells = zip(kinds[1:], others, strict=True)
        rest = "".join(f"<td{kind}>{_marked(words)}</td>" for kind, words in cells)
        yield f'<tr><th scope="row">{_marked(first)}</th>{rest}</tr>'
    yield "</tbody></table></div>"


def _marked(words: Words) -> str:
    parts = words if isinstance(words, tuple) else (words,)
    return "".join(html.escape(part) if isinstance(part, str) else _anchor(part) for part in parts)


def _anchor(link: Link) -> str:
    text = html.escape(link.text)
    return f'<a href="{html.escape(link.url)}" rel="noreferrer">{text}</a>' if _may_lead(link.url) else text
