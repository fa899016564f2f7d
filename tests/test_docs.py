"""Pages that are printed from the code are fresh, and what README shows is what comes out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sroi
from sroi import cli
from sroi.method_page import page
from sroi.service import Service

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_method_page_is_fresh() -> None:
    said = "docs/method.md is stale. Write: uv run sroi method > docs/method.md"
    assert (ROOT / "docs" / "method.md").read_text(encoding="utf-8") == page() + "\n", said


def test_schema_is_fresh() -> None:
    written = json.loads((ROOT / "models" / "schema.json").read_text(encoding="utf-8"))
    said = "models/schema.json is stale. Write: uv run sroi schema > models/schema.json"
    assert written == Service.model_json_schema(by_alias=True), said


def test_readme_example_is_what_comes_out() -> None:
    quoted = [" ".join(re.findall(r"(?m)^> (.*)$", block)) for block in re.findall(r"(?m)(?:^> .*\n)+", README)]
    run = sroi.headline(sroi.evaluate(sroi.load("legal_advice")))
    assert quoted == [run, sroi.simulate(sroi.load("nurse_family_partnership")).headline()]


def test_readme_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("0.57971")  # 0.60 over 1.035


def test_readme_names_every_service_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    for name in sroi.services()["id"]:
        assert f"`{name}`" in README
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = re.findall(r"^    (\w+)  ", capsys.readouterr().out, flags=re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        assert f"sroi {command}" in README, command


def test_links_lead_somewhere() -> None:
    for page_name in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page_name).read_text(encoding="utf-8")):
            assert target.startswith("https://") or (ROOT / target).exists(), f"{page_name}: {target}"


def test_pages_speak_of_the_project_alone() -> None:
    for file in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\.\./shared|/work/|/root/", text), file
