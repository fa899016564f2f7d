"""The register of what the review names: every entry is modelled or says why not, and no service is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

import sroi
from sroi import library, review

HEAD = """
[review]
title = "Deep Value"
author = "Bell and Smerdon"
publisher = "Community Links"
year = 2011
edition = "2011"
how_sure = "second-hand"
note = "From notes."
"""
ENTRY = '\n[[named]]\nid = "{id}"\nname = "A service"\nevidence = "It helps."\n{rest}\n'


def test_every_service_is_named_by_the_review_or_listed_as_beyond_it() -> None:
    register = review.read()
    modelled = {name for each in register.named for name in each.modelled}
    assert modelled | set(register.beyond) == set(library.ids())


def test_what_cannot_be_costed_says_why() -> None:
    table = sroi.register()
    left_out = table[table["modelled"] == ""]
    assert set(left_out["id"]) >= {"individual_budgets", "user_control", "co_production", "choice_of_provider"}
    assert (left_out["why_not"] != "").all()
    assert (table.loc[table["modelled"] != "", "why_not"] == "").all()


def test_each_entry_says_what_the_evidence_is_in_a_sentence() -> None:
    for each in review.read().named:
        assert each.evidence.endswith("."), each.id
        assert each.why_not is None or each.why_not.endswith("."), each.id


def test_figures_of_the_review_are_its_own() -> None:
    """Figures that the review quotes, with the source that it names."""
    evidence = sroi.register().set_index("id")["evidence"]
    for said in ("£2.34 (housing)", "£2.98 (debt)", "£8.80 (benefits)", "£7.13 (employment)", "Citizens Advice 2010"):
        assert said in evidence["civil_legal_aid_advice"]
    for said in ("40%", "50%", "30%", "35% to 85%", "Gottlieb"):
        assert said in evidence["nuka"]
    assert "119 studies" in evidence["teacher_pupil_relationships"]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (ENTRY.format(id="a", rest=""), "named.1 is not in order. Write either the ids in modelled, or the reason"),
        (ENTRY.format(id="a", rest='modelled = ["b"]\nwhy_not = "No."'), "Write either the ids in modelled"),
        (ENTRY.format(id="a", rest='why_not = "No."') * 2, "'a' stands twice: give each entry an id of its own"),
        (ENTRY.format(id="a", rest='whynot = "No."'), "Did you mean 'why_not'?"),
        (ENTRY.format(id="A b", rest='why_not = "No."'), "Names are small letters, digits and _"),
        ("", "named is missing"),
    ],
)
def test_a_faulty_register_is_refused(entries: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text(HEAD + entries, encoding="utf-8")
    with pytest.raises(sroi.ServiceError) as refused:
        review.read(file)
    assert said in str(refused.value)


def test_a_service_is_not_both_named_and_beyond(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text('beyond = ["b"]\n' + HEAD + ENTRY.format(id="a", rest='modelled = ["b"]'), encoding="utf-8")
    with pytest.raises(sroi.ServiceError, match="'b' cannot be both modelled and beyond the review"):
        review.read(file)
