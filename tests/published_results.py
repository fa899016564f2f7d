"""The page docs/published-results.md: each published figure beside ours, with the difference and its reason.

``uv run python tests/published_results.py`` writes it from ``published/``; a test keeps it fresh.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sroi
from sroi import reference, tables

PUBLISHED = Path(__file__).resolve().parent / "published"
PAGE = PUBLISHED.parent.parent / "docs" / "published-results.md"
OPENING = """# Published results, and ours

Each figure that a study publishes and that a service of the library can be held against, with what the service
comes to. Written by `uv run python tests/published_results.py` from `tests/published/`, whose figures the tests
hold to their stated rounding. Beneath each table stands what is not met, or met only by construction, and why.
Figures that are arithmetic on published ones are tests too and are not listed here.
"""


def figure_of(result: sroi.Result, figure: dict[str, Any]) -> float:
    """The result that a figure names, in the prices that it states."""
    kind, _, name = figure["result"].rpartition(".")
    if kind:
        assert name in getattr(result.service, kind), f"the service has no {figure['result']}"
        value = float(result.named(name).reshape(-1)[0])
    else:
        value = getattr(result, name)
    if "price_year" in figure:
        about = result.service.about
        value *= reference.price_factor(about.currency, about.price_base_year, figure["price_year"])
    return value


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([OPENING, *(row for path in sorted(PUBLISHED.glob("*/figures.toml")) for row in _service(path))])


def _service(path: Path) -> Iterator[str]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    if "service" not in content:
        return
    service = sroi.load(content["service"])
    shown = [figure for figure in content["figure"] if figure["kind"] == "published"]
    yield f"## {service.title} (`{service.id}`)\n"
    if shown:
        yield "| claim | source | published | ours | difference | reason |"
        yield "|---|---|---:|---:|---:|---|"
        yield from (_row(service, figure) for figure in shown)
        yield ""
    told = path.with_name("differences.md").read_text(encoding="utf-8")
    yield told.split("\n", 1)[1].strip() + "\n"


def _row(service: sroi.Service, figure: dict[str, Any]) -> str:
    every = figure["conventions"]
    convention = service.about.convention if every == "all" or service.about.convention in every else every[0]
    result = sroi.evaluate(service, figure["set"], scenario=figure["scenario"], convention=convention)
    ours, stated = figure_of(result, figure), float(figure["value"])
    kind, _, name = figure["result"].rpartition(".")
    what = getattr(service, kind)[name].label if kind else tables.label_of(name)
    scenario = figure["scenario"]
    claim = f"{what} ({scenario})" if scenario else what
    apart = ours - stated
    rounding = 0.5 * 10.0 ** -figure["decimals"] * (1 + 1e-9) if "decimals" in figure else 1e-9 * max(abs(stated), 1)
    difference = "none" if abs(apart) <= rounding else _number(apart, signed=True)
    cells = (claim, f"{figure['source']}: {figure['locator']}", _number(stated), _number(ours), difference)
    return f"| {' | '.join(_cell(cell) for cell in (*cells, figure.get('note', 'met')))} |"


def _number(value: float, *, signed: bool = False) -> str:
    size = f"{value:+,.4g}" if signed else f"{value:,.4g}"
    if abs(value) >= 10_000:
        size = f"{value:+,.0f}" if signed else f"{value:,.0f}"
    return size.replace("-", "−")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("$", "\\$")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
