"""The benchmarks run, and what they compare is the same service. Nothing is timed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_benchmark_runs_and_both_programs_agree(root: Path) -> None:
    """The script itself refuses to time two programs that differ by more than 1e-12."""
    command = [sys.executable, root / "benchmarks" / "evaluate.py", "--quick"]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "| milliseconds |" in finished.stdout
    assert "| sroi --help |" in finished.stdout


@pytest.mark.slow
def test_exports_are_timed(root: Path) -> None:
    command = [sys.executable, root / "benchmarks" / "export.py", "--quick"]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "| legal_advice |" in finished.stdout


@pytest.mark.slow
def test_the_library_is_timed(root: Path) -> None:
    command = [sys.executable, root / "benchmarks" / "library.py", "--quick"]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "| services |" in finished.stdout


def test_the_app_is_timed(root: Path, chromium: Path) -> None:
    """The visitors without a browser refuse to go on when a change of theirs leaves the headline as it was."""
    command = [sys.executable, root / "benchmarks" / "app.py", "--quick"]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "| memory a visitor |" in finished.stdout
