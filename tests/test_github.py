"""What GitHub is told about the project names things that are there."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.stem != "config")
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
PAGES = sorted(GITHUB.glob("*.md"))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
OLDEST = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"][2:]
INPUTS = {"input", "textarea", "dropdown", "checkboxes"}


def read(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs() -> list[dict]:
    return [job for path in WORKFLOWS for job in read(path)["jobs"].values()]


def steps() -> list[dict]:
    return [step for job in jobs() for step in job["steps"]]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_is_what_github_looks_for():
    pages = {"CONTRIBUTING.md", "SECURITY.md", "PULL_REQUEST_TEMPLATE.md"}
    assert pages <= {path.name for path in PAGES}
    assert {path.stem for path in FORMS} == {"bug", "feature"}
    assert WORKFLOWS


@pytest.mark.parametrize("path", [*PAGES, *WORKFLOWS, *FORMS, GITHUB / "dependabot.yml"], ids=name)
def test_a_target_of_make_that_is_named_exists(path):
    named = set(re.findall(r"(?:^ +|`|run: )make ([a-z]+)", path.read_text(), re.MULTILINE))
    assert named <= TARGETS


@pytest.mark.parametrize("path", [*PAGES, *FORMS], ids=name)
def test_a_file_that_is_named_exists(path):
    text = path.read_text(encoding="utf-8")
    linked = [target.partition("#")[0] for target in re.findall(r"\]\(([^):]+)\)", text)]
    files = [path.parent / target for target in linked if not target.endswith("/")]
    files += [ROOT / target for target in re.findall(r"`([\w./-]+\.(?:py|md|yaml|example))`", text)]
    assert [str(file) for file in files if not file.exists()] == []


def test_workflows_may_read_only_and_end_by_themselves():
    for path in WORKFLOWS:
        workflow = read(path)
        assert workflow["permissions"] == {"contents": "read"}
        assert workflow["concurrency"]["group"]
        assert {"push", "pull_request"} == set(workflow[True])  # "on" is YAML 1.1 for true
    assert all(0 < job["timeout-minutes"] <= 90 for job in jobs())
    assert {job["runs-on"] for job in jobs()} == {"ubuntu-latest"}


def test_actions_are_pinned_by_their_major_version():
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [action for action in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", action)] == []


def test_what_a_workflow_runs_is_make_or_a_script_of_ours():
    commands = [step["run"] for step in steps() if "run" in step]
    assert "make test" in commands
    assert ".ci/run" in commands
    for command in commands:
        assert command.startswith("make ") or os.access(ROOT / command, os.X_OK), command


def test_the_tests_run_on_every_python_from_the_oldest_on():
    (job,) = (job for job in jobs() if "strategy" in job)
    versions = job["strategy"]["matrix"]["python"]
    first, last = (int(version.removeprefix("3.")) for version in (versions[0], versions[-1]))
    assert versions == [f"3.{minor}" for minor in range(first, last + 1)]
    assert versions[0] == OLDEST


def test_dependabot_looks_where_dependencies_are():
    updates = read(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}
    for update in updates:
        assert update["schedule"] == {"interval": "monthly"}
        for folder in update.get("directories", [update.get("directory")]):
            assert (ROOT / folder.strip("/")).is_dir()


@pytest.mark.parametrize("path", FORMS, ids=name)
def test_a_form_asks_each_thing_once(path):
    form = read(path)
    assert {"name", "description", "body"} <= form.keys()
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in asked} <= INPUTS
    assert len({field["id"] for field in asked}) == len(asked)
    assert len({field["attributes"]["label"] for field in asked}) == len(asked)
    for field in asked:
        options = field["attributes"].get("options", [])
        assert bool(options) is (field["type"] in {"dropdown", "checkboxes"})
        assert all(isinstance(option, dict | str) for option in options)


def test_there_is_no_issue_without_a_form():
    assert read(GITHUB / "ISSUE_TEMPLATE" / "config.yml") == {"blank_issues_enabled": False}


def test_hooks_run_what_make_fix_runs_and_fetch_nothing():
    repositories = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    recipe = (ROOT / "Makefile").read_text().partition("\nfix: ")[2].partition("\n\n")[0]
    fixes = [line.strip() for line in recipe.splitlines()[1:]]
    run = [hook["entry"].replace(".venv/bin", "$(BIN)") + " $(CODE)" for hook in hooks]
    assert run == fixes
