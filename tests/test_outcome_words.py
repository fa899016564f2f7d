"""An outcome in words: what the small service states, and what is taken off with its reason."""

from __future__ import annotations

import sroi
from sroi import outcome_words


def test_a_share_is_said_with_its_meaning_and_a_zero_with_its_reason() -> None:
    result = sroi.evaluate(sroi.load("teacher_relationships"))
    outcome = next(each for each in result.service.outcomes if each.attribution)
    sentence = dict(outcome_words.said_of(result, outcome))["What is taken off"]
    assert "70.0% is owed to other services or people (attribution to others)." in sentence
    assert "No deadweight: Only the exclusions that coaching is taken to avert are counted." in sentence


def test_a_number_per_year_is_summed_over_the_delivery_years() -> None:
    result = sroi.evaluate(sroi.load("nuka_primary_care"))
    found = dict(outcome_words.said_of(result, result.service.outcomes[0]))["How many"]
    assert found == "47,300 visits in the 5 years of delivery together, before anything is taken off."


def test_what_counts_for_nothing_says_so() -> None:
    result = sroi.evaluate(sroi.load("debt_advice"))
    worthless = [each for each in result.service.outcomes if not result.impact_map().at[each.id, "quantity"]]
    found = dict(outcome_words.said_of(result, worthless[0]))
    assert found["What is left"] == "Nothing, with these inputs."
    assert "counts for nothing" in found["How many"]


def test_a_present_value_says_why_it_stands_as_one_sum() -> None:
    result = sroi.evaluate(sroi.load("nurse_family_partnership"))
    assert dict(outcome_words.said_of(result, result.service.outcomes[0]))["How long"].startswith(
        "It stands as one sum, because: "
    )
