"""What the cover of a workbook says of every service."""

WHO = "Commissioners, bid writers and analysts of funders, who may change every input and follow every formula."
HOW = (
    "1. Choose scenario and convention on Inputs. 2. Type your own numbers into the yellow cells there: every sheet"
    " follows. 3. Read Summary, and Checks, which must show no fail. 4. Write what you changed into Change log."
    " Cells that are not yellow are protected against slips of the hand, without a password."
)
COLOURS = (
    "Yellow with a border and blue figures: type here. Blue figures without fill: given numbers, with their sources."
    " Black: formulas. Grey fill: worked out at export and not live. Tabs: yellow inputs, grey workings, dark blue"
    " outputs, green control."
)
METHOD = (
    "The lines of the calculation stand in words on the sheet Lines. They are those of sroi's method page,"
    " docs/method.md, and are written here from the same statement that its engine reads."
)
_CHOICES = (
    "Years stand in the same column on every sheet but the Value map, whose columns follow Social Value International's"
    " order, and Effect, which counts years since the onset.",
    "Names are used for single global numbers only.",
    "Beside 0 and 1 formulas hold two constants: 1E-12, the share by which totals may differ that are equal, and 2, for"
    " half and for the second period; a number in a service's own line stands in its words on Lines. The search for the"
    " internal rate has its ends on its sheet.",
    "What a service file leaves out, such as a deduction of 0, stands as a given number on Outcomes, Costs or Impact.",
    "Longer than 120 characters are only: the share that remains (Cohorts, Effect), differences of totals (Totals), a"
    " price factor where scenarios state other years of prices and the word on a value's order (Values), the headline"
    " and its caution (Summary), the service's own lines (Workings).",
    "Summary and About print upright. A sheet wider than a page prints on pages side by side, each with the headings"
    " and the first columns again, and with the title above.",
    "The horizon is fixed, since each year has a column.",
    "Likely ranges were simulated at export and are not live; parts of a result, on By whom and Totals, have none.",
    "The internal rate is found by halving, since a spreadsheet's own IRR gives wrong rates or none for some flows.",
    "Bearers and stakeholders stand by short names where sums look them up; By whom and Value map have the full ones.",
    "How many are in each group of stakeholders is not part of a service file: the Value map says so.",
    "Options and Relationship, where they are, were worked out at export and are not live either.",
    "Cohorts keeps an empty column for an opening value, so that each year stands in its column.",
    "On paper a line of the Service file of more than thirty rows is cut; in the cell it stands whole.",
    "Costs and inputs are one sum under two names, as their standards have them.",
)
CHOICES = "\n".join(f"• {choice}" for choice in _CHOICES)
LICENCES = (
    "sroi is licensed under Apache-2.0. Price series: see Reference. Sources keep the licences stated on Sources."
)
ROLES = {"inputs": "Inputs", "workings": "Workings", "outputs": "Outputs", "control": "Control"}
