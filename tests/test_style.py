"""The linter, the formatter and the type checker, as part of the gate."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str) -> None:
    """Run a tool of the dev group in the checkout; on failure show what it said."""
    finished = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        said = f"{finished.stdout}\n{finished.stderr}".strip()
        pytest.fail(f"python -m {' '.join(arguments)} found faults:\n\n{said}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    run("ruff", "check", "--output-format=concise", ".")


def test_code_is_formatted() -> None:
    run("ruff", "format", "--check", "--diff", ".")


def test_types_are_strict() -> None:
    typed = [name for name in ("sroi", "app.py") if (ROOT / name).exists()]
    run("mypy", "--no-error-summary", *typed)


def test_lock_names_only_the_public_registry() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    strangers: list[str] = []
    for package in lock["package"]:
        source = package["source"]
        if source not in ({"registry": "https://pypi.org/simple"}, {"editable": "."}):
            strangers.append(f"{package['name']}: {source}")
        for file in [package.get("sdist"), *package.get("wheels", [])]:
            if file is not None and urlsplit(file.get("url", "")).hostname != "files.pythonhosted.org":
                strangers.append(f"{package['name']}: {file}")
    assert not strangers, "uv.lock has packages from elsewhere:\n" + "\n".join(strangers)
