"""The wheel, installed into an empty environment away from the checkout, does its work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVICES = sorted(file.stem for file in (ROOT / "models").glob("*.toml"))

EVALUATE_ALL = """
import json, sys
import sroi
npsv = {name: sroi.evaluate(sroi.load(name)).npsv for name in sys.argv[1:]}
print(json.dumps({"file": sroi.__file__, "npsv": npsv}))
"""

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command outside the checkout's own environment; return what it printed, or fail with it."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = f"{finished.stdout}\n{finished.stderr}".strip()
        pytest.fail(f"{' '.join(map(str, command))} ended with {finished.returncode}:\n{said}", pytrace=False)
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a new environment that holds the wheel and its core dependencies."""
    place = tmp_path_factory.mktemp("elsewhere")
    environment = place / "environment"
    bin_folder = environment / ("Scripts" if os.name == "nt" else "bin")
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        run(sys.executable, "-m", "venv", environment, cwd=place)
        run(bin_folder / "python", "-m", "pip", "install", "--quiet", wheel, cwd=place)
        return bin_folder
    # The locked core dependencies first: they are in uv's cache, so this asks the network for nothing.
    sync = ("sync", "--frozen", "--no-dev", "--no-install-project", "--python", sys.executable)
    run(uv, *sync, "--project", ROOT, cwd=place, UV_PROJECT_ENVIRONMENT=str(environment))
    run(uv, "pip", "install", "--no-deps", "--python", bin_folder / "python", wheel, cwd=place)
    run(uv, "pip", "check", "--python", bin_folder / "python", cwd=place)
    return bin_folder


def test_wheel_holds_the_code_and_every_model(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"sroi/__init__.py", "sroi/py.typed"}
    for file in (ROOT / "models").rglob("*"):
        if file.suffix in {".toml", ".csv", ".json"}:
            wanted.add(f"sroi/{file.relative_to(ROOT).as_posix()}")
    assert not wanted - inside
    strangers = {name for name in inside if not name.startswith(("sroi/", "sroi-"))}
    assert not strangers, "the wheel would install these beside the package"


def test_there_is_a_service_to_try() -> None:
    assert SERVICES


def test_installed_program_lists_every_service(scripts: Path, tmp_path: Path) -> None:
    printed = run(scripts / "sroi", "list", cwd=tmp_path)
    assert not [name for name in SERVICES if name not in printed]


def test_installed_program_runs_a_service(scripts: Path, tmp_path: Path) -> None:
    result = json.loads(run(scripts / "sroi", "run", SERVICES[0], "--json", cwd=tmp_path))
    assert {"npsv", "sroi_ratio", "bcr", "pv_benefits", "pv_costs"} <= result.keys()


def test_installed_package_evaluates_every_service(scripts: Path, tmp_path: Path) -> None:
    found = json.loads(run(scripts / "python", "-c", EVALUATE_ALL, *SERVICES, cwd=tmp_path))
    assert Path(found["file"]).is_relative_to(scripts.parent), "the checkout was imported, not the wheel"
    assert set(found["npsv"]) == set(SERVICES)


def test_app_without_its_libraries_says_what_to_install(scripts: Path, tmp_path: Path) -> None:
    finished = subprocess.run([scripts / "sroi", "app"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert "pip install 'sroi[app]'" in finished.stderr
    assert "Traceback" not in finished.stderr
