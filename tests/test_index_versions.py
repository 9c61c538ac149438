"""Versions of packages are what `importlib.metadata` says they are, found without it."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from index.versions import installed_version


@pytest.mark.parametrize("package", ["chromadb", "llama-index-core", "numpy"])
def test_it_is_the_version_of_the_metadata(package: str) -> None:
    assert installed_version(package) == version(package)


def test_what_comes_first_on_the_path_is_what_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some_package-1.2.3.dist-info").mkdir()
    (tmp_path / "some_package_extras-9.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path / "missing.zip"), str(tmp_path), *sys.path])
    assert installed_version("some-package") == "1.2.3"


def test_metadata_of_an_older_kind_is_left_to_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "some_package.egg-info"
    kept.mkdir()
    (kept / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: some-package\nVersion: 4.5\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert installed_version("some-package") == "4.5"


def test_a_package_that_is_not_installed_is_told() -> None:
    with pytest.raises(PackageNotFoundError):
        installed_version("no-such-package-here")


def test_an_answer_does_without_the_parser_of_mail(python: str) -> None:
    looked = "import sys, assistant.opening; print('email.message' in sys.modules)"
    ran = subprocess.run([python, "-c", looked], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
