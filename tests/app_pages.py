"""The app's pages as AppTest runs them, and ways to find things on them that do not rest on how a page is laid out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from sroi.ui import words

ROOT = Path(__file__).resolve().parent.parent
SAYING = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error")


def page(name: str = "explore", **query: str) -> AppTest:
    """Open a page of the app at an address; nothing on it may fail."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if name != "start":
        app.switch_page(f"sroi/ui/pages/{name}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return sound(app.run())


def turn_to(app: AppTest, name: str) -> AppTest:
    """Go to another page in the same visit."""
    return sound(app.switch_page(f"sroi/ui/pages/{name}.py").run())


def sound(app: AppTest) -> AppTest:
    """Hold that no page stopped: neither with an exception nor with the sentence that stands for one."""
    assert not app.exception, app.exception
    assert not any("This page could not be shown" in error.value for error in app.error)
    return app


def texts(app: AppTest) -> list[str]:
    """Everything that a page says in words, part by part."""
    return [str(each.value) for kind in SAYING for each in getattr(app, kind)]


def says(app: AppTest, sentence: str) -> bool:
    """Whether a text of the page is, or holds, a sentence that is written as it stands."""
    return any(words.plain(sentence) in text for text in texts(app))


def holds_figure(app: AppTest, written: str) -> bool:
    """Whether the page shows a figure and, wherever it stands, the range or the reason written behind it."""
    shown = "\n".join(texts(app))
    return all(words.plain(part) in shown for part in re.split(r" (?=\()|; ", written, maxsplit=1))


def with_label(elements: Any, start: str) -> Any:
    """The first widget whose label starts so."""
    found = [each for each in elements if each.label.startswith(start)]
    assert found, f"nothing is labelled {start!r}: {[each.label for each in elements]}"
    return found[0]


def choose_service(app: AppTest, name: str) -> AppTest:
    return sound(app.selectbox(key="choose/service/").set_value(name).run())
