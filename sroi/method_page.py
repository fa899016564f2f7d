"""The method page: every line of the method, convention and schedule as Markdown, so that the page cannot go stale."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import formula, printing, reference
from sroi.method import (
    BRIDGE_LINES,
    COST_INPUTS,
    COST_LINES,
    FLOW_LINES,
    LINES,
    OUTCOME_INPUTS,
    OUTCOME_LINES,
    SERVICE_LINES,
    SETTINGS,
    YEAR_LINES,
)

_SECTIONS = (
    ("Discount factors", "One for each year t, counted from 0 in the first year.", YEAR_LINES),
    ("Outcomes", "For each outcome, from its quantity to its present value.", OUTCOME_LINES),
    (
        "The gross-to-net bridge",
        "Cumulative totals of each outcome, one deduction further each; a step is the difference of two totals,"
        " so the steps sum exactly.",
        BRIDGE_LINES,
    ),
    ("Costs", "For each cost.", COST_LINES),
    ("Results", "For the service as a whole.", SERVICE_LINES),
    ("Yearly flows and payback", "For each year, over all outcomes and costs.", FLOW_LINES),
)
_OPTIONS = (
    ("outcome_timing", "Outcomes counted at the ... of the year"),
    ("cost_timing", "Costs counted at the ... of the year"),
    ("schedule", "Discounting schedule"),
    ("health_schedule", "Schedule for effects valued in QALYs"),
    ("deductions", "Deductions"),
    ("drop_off_in_first_year", "Drop-off in the first year of effect"),
    ("optimism_bias", "Optimism bias"),
    ("bcr_fiscal_savings", "Fiscal savings in the BCR"),
    ("headline", "Headline results"),
)


def page() -> str:
    """Return the method page as Markdown."""
    parts = (_opening, _lines, _results_not_lines, _conventions, _schedules, _grades, _uncertainty, _choices, _reasons)
    return "\n".join(row for part in parts for row in part())


def _opening() -> Iterator[str]:
    yield "# How the numbers are computed"
    yield ""
    yield "This page is written by `sroi method` from the lines that the engine computes. Do not edit it by hand."
    yield ""
    yield (
        "Every value is worked out for each outcome or cost, each cohort (the people who start in one delivery year)"
        " and each year. Prices are brought to the service's price base year before anything else: price × index of"
        " the base year ÷ index of the price's own year. Rates are real. A present value is counted at t = 0, the"
        " first year. SVI stands for Social Value International, A Guide to SROI; GB for HM Treasury, The Green Book"
        " (2026); GMCA for Greater Manchester Combined Authority's cost-benefit guidance."
    )


def _lines() -> Iterator[str]:
    for heading, said, lines in _SECTIONS:
        yield from ("", f"## {heading}", "", said, "", "| Line | Formula | In words | Source |", "|---|---|---|---|")
        for line in lines:
            words = formula.to_words(line.tree, _label)
            yield f"| **{line.label}** `{line.name}` | `{line.expression}` | {words} | {line.source} |"


def _label(name: str) -> str:
    if name in LINES:
        return LINES[name].label
    return SETTINGS[name] if name in SETTINGS else (OUTCOME_INPUTS | COST_INPUTS)[name][0]


def _results_not_lines() -> Iterator[str]:
    yield ""
    yield (
        "Two results are not lines. The **benefit-cost ratio** (`bcr`) is one of the two BCR lines, as the convention"
        " says. The **internal rate of return** (`irr`) is the rate at which the net flows, discounted, sum to nothing;"
        " it is stated only when the net flow changes sign exactly once. For payback and for the internal rate a"
        " year's flow stands at the start of its year, whatever the convention's timing within the year; only the"
        " factors of the discounted payback follow it."
    )
    yield ""
    yield (
        "The MVPF and the return on public sector cost are undefined where the public purse gains and nobody loses"
        " (`pays_for_itself`), and to be read the other way where it gains and people lose."
    )


def _conventions() -> Iterator[str]:
    bundles = reference.conventions()
    yield from ("", "## Conventions", "", "The choices on which the field disagrees, in named bundles.", "")
    yield f"| Option | {' | '.join(f'`{name}`' for name in bundles)} |"
    yield f"|---|{'---|' * len(bundles)}"
    for option, label in _OPTIONS:
        yield f"| {label} | {' | '.join(_said(getattr(bundle, option)) for bundle in bundles.values())} |"
    yield f"| Edition | {' | '.join(bundle.edition for bundle in bundles.values())} |"
    yield f"| Source | {' | '.join(bundle.source for bundle in bundles.values())} |"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _schedules() -> Iterator[str]:
    yield from ("", "## Discounting schedules", "", "| Schedule | Rates | Edition and source |", "|---|---|---|")
    for name, schedule in reference.schedules().items():
        rates = ", ".join(
            f"{band.rate:.4g} {f'to year {band.to_year}' if band.to_year else 'after that'}" for band in schedule.bands
        )
        if len(schedule.bands) == 1:
            rates = f"{schedule.bands[0].rate:.4g} in every year"
        yield f"| `{name}` | {rates} | {schedule.edition}. {schedule.source} |"


def _grades() -> Iterator[str]:
    yield from ("", "## Evidence grades", "", "| Grade | Meaning |", "|---|---|")
    yield from (f"| {grade} | {meaning} |" for grade, meaning in reference.grades().items())


_DRAWN = (
    "A parameter's **spread** is a distribution as an analyst states it: triangular, PERT (λ = 4), uniform, "
    "normal, truncated normal, lognormal, gamma, beta, or values with weights. Low and high are the ends, or "
    "bound an `interval` such as 0.95, which then comes out again. Shares stay between 0 and 1 by their "
    "distribution.",
    "A parameter that states none follows its evidence grade by a preset, by assumption: a PERT distribution from"
    " value − w × |value| to value + w × |value|, for a share p from p − w × min(p, 1 − p) to p + w × min(p, 1 − "
    "p). A value of one's own keeps the spread that the file states, scaled to the value; where the file states none,"
    " or the scaled one passes what the parameter can be, it is drawn as grade F. The preset can be left out.",
    "**Correlation** is stated as Spearman's rank correlation and met by a Gaussian copula. A set of correlations"
    " that no numbers can have is refused, with the smallest set that fails.",
    "**Draws** are plain Monte Carlo, Latin hypercube or scrambled Sobol points. The first two have one stream "
    "for each parameter's name, the last has one dimension for each parameter of the file. The same seed gives the "
    "same bits whatever the workers and chunks.",
    "**Likely** means from the 5th to the 95th percentile of the draws. The headline is the ratio at the central "
    "values; the median of the draws is said as well where it is printed differently and lies more than a hundredth "
    "of the likely range away. Ends are rounded by up to a tenth, the figure and the median by up to 3.5%, or by a "
    "hundredth of the range. Standard errors are those of plain Monte Carlo. A draw without a number is counted, is in "
    "no mean or quantile, and meets no condition. Quantiles of more than 262,144 draws are read off 65,536 bins.",
    "**One-way** moves each parameter alone between its 5th and 95th percentile; first come those that take the result "
    "to where it has no number. A **switching value** is where the net present social value is 0, or a result reaches "
    "a threshold, all else at its central value, and not where a ratio has no bound because what it is divided by "
    "passes through 0; the range that was searched is stated.",
    "**What rests on a number** is its elasticity: by how many percent the SROI ratio rises when the number alone is "
    "1% larger, half the difference between 1% more and 1% less, from one side only at a bound. Where the ratio is "
    "undefined, the net present social value says it. Its share is its size out of the sum over all numbers. It says "
    "how much depends on a number, not how uncertain the number is; of a number that is 0 it says nothing.",
    "**Sobol's indices** are estimated as by Saltelli and others (2010), with 95% intervals; they are refused for "
    "correlated parameters, and for a result that has no number at some of the points. A parameter's **contribution to"
    " variance** is its squared rank correlation with the result, normalised.",
    "**EVPI** is E[max over options] − max over options of E. **EVPPI** is what following a regression on the "
    "parameter would bring, the regression fitted on one half of the draws and followed on the other (Strong, "
    "Oakley and Brennan 2014, with cross-fitting). It is an estimate from below, on average too low: where few "
    "draws change the decision it misses part of the value, which its standard error does not show, and 10,000 draws "
    "may find little more than half of it; the command line rests it on 100,000. The regression bends as far as it "
    "foretells the other half better. The chance that the decision changes is 0 where the value is within two "
    "standard errors of nothing. The options are to fund the service and to do nothing, or those that are given, "
    "which are then stated in one currency, price base and convention.",
    "The **bridge** from one scenario to another is Shapley's value: the average over every order of the changes,"
    " or beyond 16 changes over 1,000 orders; the parts sum to the difference.",
)


def _uncertainty() -> Iterator[str]:
    yield from ("", "## Uncertainty", "")
    for sentence in _DRAWN:
        yield from (sentence, "")
    presets = reference.spread_presets()
    grades = list(reference.grades())
    yield f"| Preset, w by grade | {' | '.join(grades)} | Source |"
    yield f"|---|{'---|' * len(grades)}---|"
    for name, preset in presets.items():
        yield f"| `{name}` | {' | '.join(f'{preset.width[grade]:g}' for grade in grades)} | {preset.source} |"


_CHOSEN = (
    "An **option** is another way to run a service: it changes parameters, leaves outcomes and costs out, and "
    "adds others. A scenario says what is known and an option what is done, so that no scenario changes back what "
    "an option decides. Every option is worked out at the same draws, and its **extra** costs and benefits are "
    "over the service as it stands.",
    "An option is **dominated** where another costs no more and returns no less, and **extendedly dominated** "
    "where a mix of two others returns more for the same cost; the rest, doing nothing among them, are the "
    "**frontier**, along which each further pound buys less. These are the rules of cost-effectiveness analysis, "
    "with the present value of benefits for the effect.",
    "An **investment in the relationship** is an option. Its extra benefits, without those of staff and employer, "
    "over its extra costs are what an extra pound returns. **Break-even** is the least value, of the parameter "
    "that says how far the outcome depends on the relationship, from which on extra benefits cover extra costs. "
    "Gains of staff and employer are kept apart: better outcomes that come from staff who stay are counted once. "
    "Findings stand beside it, each with what it would return if it were the effect; an association is at most "
    "that. Where no evidence says how far outcomes depend on the relationship, break-even is the whole answer.",
    "The **profile** rates six elements and five conditions of an effective relationship (Bell and Smerdon 2011, "
    "sections 6 and 8) from 1 to 5, by anchors in `models/reference/relationship.toml`. It has no price and moves "
    "no figure.",
    "**Editions.** A service states the edition of each series of prices and unit costs that it was built with, "
    "and opens with the same numbers later; `sroi rerun` says what moves under today's.",
)


def _choices() -> Iterator[str]:
    yield from ("", "## Options, the relationship, editions", "")
    for sentence in _CHOSEN:
        yield from (sentence, "")


def _reasons() -> Iterator[str]:
    yield from ("", "## Results that are undefined", "", "| Status | Meaning |", "|---|---|")
    yield from (f"| `{word}` | {meaning} |" for word, meaning in printing.REASONS.items())
