"""Pages that are printed from the code are fresh, and what README shows is what comes out."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import sroi
from sroi import cli
from sroi.method_page import page
from sroi.service import Service

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "adding-a-service.md").read_text(encoding="utf-8")


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
    for page_name in ("README.md", "CONTRIBUTING.md", "docs/adding-a-service.md", "docs/evidence/README.md"):
        file = ROOT / page_name
        for target in re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (file.parent / target).exists(), f"{page_name}: {target}"


def test_adding_a_service_works_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Follow the page from top to bottom: run what it runs, write what it writes, and see what it shows."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "community_transport.toml"
    written, said = "", ""
    for kind, block in re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", GUIDE):
        if kind == "toml":
            written += block + "\n"
            file.write_text(written, encoding="utf-8")
        elif kind == "sh":
            statuses = [cli.main(shlex.split(command.removeprefix("uv run sroi "))) for command in block.splitlines()]
            printed = capsys.readouterr()
            said = " ".join(f"{printed.out} {printed.err}".split())
            # The form is refused until it is filled in; all else works.
            assert statuses == ([0] * len(statuses) if written or "Wrote" in said else [2]), block
        else:
            shown = block.splitlines() if kind == "text" else pytest.fail(f"a block of {kind}")
            assert all(part in said for part in _sentences(shown)), f"{block}\n\n{said}"
    assert {each.suffix for each in tmp_path.iterdir()} == {".toml", ".html", ".xlsx"}
    # What a number with a source looks like takes the place of the invented one.
    (fragment,) = re.findall(r"(?ms)^```toml fragment\n(.*?)^```$", GUIDE)
    content, cited = tomllib.loads(written), tomllib.loads(fragment)
    content |= {"sources": cited["sources"], "parameters": content["parameters"] | cited["parameters"]}
    assert sroi.evaluate(Service.model_validate(content)).sroi_ratio == sroi.evaluate(sroi.load(file)).sroi_ratio


def _sentences(shown: list[str]) -> list[str]:
    """Return what a block shows: lines, and those that go on in the next one as one."""
    return " ".join(shown).replace(". £", ".\n£").split("\n")


def test_commands_in_running_text_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    for command in re.findall(r"`(?:uv run )?sroi (\w+)", GUIDE):
        with pytest.raises(SystemExit) as left:
            cli.main([command, "--help"])
        assert left.value.code == 0
    capsys.readouterr()


def test_guide_is_linked() -> None:
    for page_name in ("README.md", "CONTRIBUTING.md"):
        assert "(docs/adding-a-service.md)" in (ROOT / page_name).read_text(encoding="utf-8")


def test_pages_speak_of_the_project_alone() -> None:
    for file in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\.\./shared|/work/|/root/", text), file
