"""What is built from this folder holds what its README's commands need, and the licences of the models in it."""

import importlib
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def test_every_model_that_ships_states_its_licence() -> None:
    stated = {ROOT / path for path in PROJECT["project"]["license-files"]}
    models = [path for package in PACKAGES for path in (ROOT / package).rglob("model.onnx")]
    assert len(models) == 2
    assert {model.with_name("LICENSE") for model in models} <= stated
    assert [path for path in stated if "Copyright" not in path.read_text(encoding="utf-8")] == []


def test_the_extract_of_wordnet_states_its_licence() -> None:
    assert "assistant/answering/support/wordnet/LICENSE" in PROJECT["project"]["license-files"]
    assert "LicenseRef-WordNet-3.0" in PROJECT["project"]["license"]


def test_the_readme_names_each_licence_that_ships() -> None:
    readme = (ROOT / PROJECT["project"]["readme"]).read_text(encoding="utf-8")
    assert [path for path in PROJECT["project"]["license-files"] if f"]({path})" not in readme] == []


def test_the_script_that_is_installed_begins_where_an_interruption_is_quiet() -> None:
    module, _, function = PROJECT["project"]["scripts"]["parley"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert module == "assistant.__main__"


def test_a_source_distribution_holds_what_the_readmes_commands_run() -> None:
    held = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    bootstrap = (ROOT / "bootstrap.py").read_text(encoding="utf-8")
    locks = [path.name for path in ROOT.glob("*.lock") if path.name in bootstrap]
    assert len(locks) == 2
    assert {"Makefile", "bootstrap.py", *locks, *PACKAGES, PROJECT["project"]["readme"]} <= set(held)
    assert [path for path in held if not (ROOT / path).exists()] == []
