"""A page as Markdown and as HTML: text stays text whatever it holds, and the HTML can be used by everybody."""

from __future__ import annotations

import re
import xml.dom.minidom

import pytest

from sroi import page
from sroi.page import Bullets, Grid, Heading, Link, Paragraph

HOSTILE = '<script>alert(1)</script> | a \\ *b* _c_ `d` [e](javascript:f) $1 & "g" ~~h~~ \n# i'
BLOCKS = [
    Heading(1, HOSTILE),
    Paragraph(("See ", Link(HOSTILE, 'https://example.org/a?b="c"&d=(e)|<f>'), ".")),
    Paragraph(Link("no address", "javascript:alert(1)")),
    Bullets((HOSTILE, "+ plus", "1. one", "- minus")),
    Grid(HOSTILE, ("What", "How much"), [[HOSTILE, "1"], ["b", HOSTILE]], frozenset({"How much"})),
]


def test_html_is_well_formed_and_holds_no_markup_of_others() -> None:
    text = page.to_html(BLOCKS, HOSTILE)
    assert "<script" not in text
    assert "javascript:" not in re.sub(r">[^<]*<", "><", text)
    # As strict as XML but for the doctype and the elements that have no end.
    body = re.search(r"<main>.*</main>", text, re.DOTALL)
    assert body
    xml.dom.minidom.parseString(body[0])


def test_html_says_its_language_heads_its_tables_and_asks_the_network_for_nothing() -> None:
    text = page.to_html(BLOCKS, "Title")
    assert '<html lang="en">' in text
    assert "<title>Title</title>" in text
    assert text.count("<h1>") == 1
    assert text.count('scope="col"') == 2
    assert text.count('scope="row"') == 2
    assert "default-src 'none'" in text
    assert not re.search(r"<(img|link|script|iframe)|@import|url\(", text)
    key = re.search(r'aria-labelledby="([\w-]+)"', text)
    assert key
    assert f'<caption id="{key[1]}">' in text


def test_markdown_is_escaped() -> None:
    text = page.to_markdown(BLOCKS)
    heading, linked, plain, listed, *table = text.strip().split("\n\n")
    assert heading.startswith(
        "# &lt;script&gt;alert(1)&lt;/script&gt; \\| a \\\\ \\*b\\* \\_c\\_ \\`d\\` \\[e\\](javascript:f)"
    )
    assert "\n" not in heading
    assert "\\$1 &amp;" in heading
    assert linked.endswith("](https://example.org/a?b=%22c%22&d=%28e%29%7C%3Cf%3E).")
    assert plain == "no address"
    assert listed.split("\n")[1:] == ["- &#43; plus", "- 1&#46; one", "- &#45; minus"]
    assert table[-1].split("\n")[1] == "|---|---:|"
    for row in table[-1].split("\n")[2:]:
        assert len(re.findall(r"(?<!\\)\|", row)) == 3


@pytest.mark.parametrize("text", ["8.8 GBP", "2010 and later", "12.5%"])
def test_numbers_stay_as_they_are(text: str) -> None:
    assert page.to_markdown([Paragraph(text)]).replace("&#46;", ".") == f"{text}\n"
