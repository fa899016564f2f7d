"""What all tests share: the option that rewrites golden files, and the programs that some tests need.

With ``SROI_REQUIRE_ALL=1`` in the environment (as in ``.ci/run``) a missing program fails the test
that needs it; otherwise that test is skipped and says why.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The gate gives the same answer every time. `--hypothesis-profile=search` looks further.
settings.register_profile("gate", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("gate")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden/ anew from the current results; read the diff before committing it",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest files first, so that the workers end together."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path.name != "test_workbook.py", item.path not in slow))


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether the golden files are to be written and not compared."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the checkout."""
    return ROOT


def require_chromium() -> Path:
    """Path of the system's Chromium; skips the test, or fails it under SROI_REQUIRE_ALL, if there is none."""
    return _require("Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium")


def require_libreoffice() -> Path:
    """Path of LibreOffice; skips the test, or fails it under SROI_REQUIRE_ALL, if there is none."""
    return _require("LibreOffice", ("soffice", "libreoffice"), "libreoffice-calc")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium."""
    return require_chromium()


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """The system's LibreOffice."""
    return require_libreoffice()


def _require(program: str, names: tuple[str, ...], package: str) -> Path:
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    _absent(f"{program} is not installed (none of {', '.join(names)} is on PATH; Debian package {package}).")


def _absent(reason: str) -> NoReturn:
    if os.environ.get("SROI_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} SROI_REQUIRE_ALL=1 forbids skipping.", pytrace=False)
    pytest.skip(reason)
