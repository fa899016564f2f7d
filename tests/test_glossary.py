"""The glossary: every result and every word of an outcome has its meaning."""

from __future__ import annotations

from sroi import glossary
from sroi.method import RESULTS


def test_every_result_has_a_meaning() -> None:
    assert [name for name in RESULTS if not glossary.meaning(name)] == []


def test_what_is_not_a_term_has_none() -> None:
    assert glossary.meaning("nothing_of_this_name") == ""


def test_what_is_taken_off_completes_a_sentence() -> None:
    for key in ("deadweight", "displacement", "attribution", "leakage", "substitution"):
        assert glossary.terms()[key].short
