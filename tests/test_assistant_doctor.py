"""`parley doctor` and `parley index`: what they look at, say and mend. Damage is in test_assistant_failures.py."""

import importlib.util
import json
import os
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from assistant import diagnosis
from assistant.diagnosis import check_packages, check_versions
from index.encoder import OnnxEmbedder
from index.locks import FileLock
from index.state import StateFolder

CHECKS = [
    "versions",
    "packages",
    "configuration",
    "backend",
    "encoder",
    "reader",
    "corpus",
    "state",
    "lock",
    "index",
    "vectors",
]


def test_a_healthy_installation_passes_every_check(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("doctor")
    assert ran.code == 0
    assert [line.split()[1].rstrip(":") for line in ran.out.splitlines()] == CHECKS
    assert {line.split()[0] for line in ran.out.splitlines()} == {"ok"}


def test_the_json_of_doctor_lists_the_same_checks(parley: Callable[..., Any], sample: Path) -> None:
    found = json.loads(parley("doctor", "--json").out)
    assert (found["schema"], found["healthy"]) == ("parley.doctor/1", True)
    assert [check["name"] for check in found["checks"]] == CHECKS
    assert all(list(check) == ["name", "status", "found", "mend"] for check in found["checks"])


def test_a_corpus_not_indexed_yet_is_a_note_and_no_problem(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "A note.\n"})
    ran = parley("doctor")
    assert ran.code == 0
    assert "note     index: not built yet -> parley index" in ran.out
    assert "note     vectors: none yet -> parley index" in ran.out


def test_the_command_that_mends_names_the_folder_that_was_named(
    parley: Callable[..., Any], folder: Callable[..., Path], tmp_path: Path
) -> None:
    corpus = folder({"a.txt": "A note.\n"})
    spaced = corpus.rename(tmp_path / "two words")
    ran = parley("doctor", "--corpus", str(spaced))
    assert f"index: not built yet -> parley index --corpus '{spaced}'\n" in ran.out
    checks = json.loads(parley("doctor", "--corpus", str(spaced), "--json").out)["checks"]
    assert f"parley index --corpus '{spaced}'" in [check["mend"] for check in checks]


def test_a_missing_corpus_is_a_problem_among_the_other_checks(parley: Callable[..., Any], tmp_path: Path) -> None:
    ran = parley("doctor", "--json", "--corpus", str(tmp_path / "none"))
    by_name = {check["name"]: check for check in json.loads(ran.out)["checks"]}
    assert (ran.code, by_name["corpus"]["status"], by_name["encoder"]["status"]) == (5, "problem", "ok")


def test_a_corpus_whose_folder_went_away_after_indexing(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    corpus = folder({"a.txt": "A note.\n"})
    assert parley("index").code == 0
    (corpus / "a.txt").unlink()
    (corpus / "b.pdf").write_text("x")
    ran = parley("doctor")
    assert ran.code == 5
    assert (
        f"PROBLEM  corpus: {corpus}: 0 files to read; passed over: 1 .pdf -> put .txt or .md files there"
        in ran.out
    )
    (corpus / "b.pdf").unlink()
    corpus.rmdir()
    assert "PROBLEM  index: there is no folder" in parley("doctor").out


def test_files_that_are_skipped_and_changes_not_yet_read_are_noted(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "A note.\n", "b.txt": b"\x00"})
    assert parley("index").code == 0
    folder({"c.txt": "Another note.\n"})
    out = parley("doctor").out
    assert "skipped: b.txt holds NUL; the folder has to be looked at again -> parley index" in out


def test_a_state_that_cannot_be_made_is_a_problem_with_its_mend(
    parley: Callable[..., Any], folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder({"a.txt": "A note.\n"})
    (tmp_path / "file").write_text("in the way")
    ran = parley("doctor", "--state", str(tmp_path / "file" / "states"))
    assert ran.code == 5
    assert f"cannot be made: {tmp_path / 'file'} is no folder -> give yourself the right" in ran.out


def test_whoever_holds_the_lock_is_named(
    parley: Callable[..., Any], folder: Callable[..., Path], tmp_path: Path
) -> None:
    corpus = folder({"a.txt": "A note.\n"})
    with FileLock(StateFolder.of(corpus, tmp_path / "states").lock).held():
        ran = parley("doctor", "--state", str(tmp_path / "states"))
    assert f"note     lock: held by process {os.getpid()} (" in ran.out


def test_the_index_of_a_corpus_that_was_moved_is_adopted(
    parley: Callable[..., Any], folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = folder({"a.txt": "The old mill of Kirkwall burned down in May.\n"})
    assert parley("index").code == 0
    moved = corpus.rename(tmp_path / "moved")
    monkeypatch.setenv("PARLEY_CORPUS", str(moved))
    ran = parley("doctor", "--fix")
    assert ran.code == 0
    assert f"parley: adopted the index that was made when the articles stood in {corpus}" in ran.err
    again = json.loads(parley("index", "--json").out)
    assert (again["articles"], again["encoded"]) == (1, 0)


def test_packages_of_ours_that_come_from_elsewhere_are_found_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = importlib.util.find_spec

    def find(name: str) -> ModuleSpec | None:
        if name == "evals":
            return ModuleSpec(name, None, origin=str(tmp_path / "evals" / "__init__.py"))
        return None if name == "tui" else real(name)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    check = check_packages()
    assert check.status == "problem"
    assert f"evals from {tmp_path}" in check.found
    assert "tui from None" in check.found


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "tiktoken":
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(diagnosis, "version", version)
    assert (check_versions().status, check_versions().found) == ("problem", "not installed: tiktoken")


@pytest.mark.parametrize(
    ("damage", "deviation", "said"),
    [("model.onnx is altered", 0.0, "model.onnx is altered"), (None, 0.9, "off its reference vectors by 0.90000")],
)
def test_an_encoder_that_is_altered_or_rounds_otherwise_is_a_problem(
    parley: Callable[..., Any],
    sample: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: str | None,
    deviation: float,
    said: str,
) -> None:
    from dataclasses import replace

    verified = OnnxEmbedder().verify()
    monkeypatch.setattr(OnnxEmbedder, "verify", lambda self: replace(verified, damage=damage, deviation=deviation))
    ran = parley("doctor")
    assert ran.code == 5
    assert "PROBLEM  encoder: " in ran.out
    assert said in ran.out


# parley index


def test_index_says_what_it_did_and_then_that_nothing_changed(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "A note.\n", "b.txt": "Another.\n"})
    first = parley("index")
    assert first.out == "indexed 2 articles, 2 passages (2 added; 2 encoded, 0 reused)\n"
    assert parley("index").out == "indexed 2 articles, 2 passages (nothing changed)\n"


def test_the_json_of_index_counts_articles_passages_and_what_was_passed_over(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "A note.\n", "b.txt": b"", "c.pdf": "x"})
    found = json.loads(parley("index", "--json").out)
    assert (found["schema"], found["articles"], found["added"], found["others"]) == (
        "parley.index/1", 1, 1, {".pdf": 1},
    )  # fmt: skip
    assert found["warnings"] == ["b.txt is empty; skipped"]
    rebuilt = json.loads(parley("index", "--rebuild", "--json").out)
    assert (rebuilt["rebuilt"], rebuilt["encoded"]) == ("asked for", 1)


def test_quiet_keeps_progress_and_remarks_to_itself(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": "A note.\n", "b.txt": b"", "c.pdf": "x"})
    assert parley("index", "--quiet").err == ""


def test_progress_in_a_pipe_is_plain_lines(parley: Callable[..., Any], folder: Callable[..., Path]) -> None:
    folder({"a.txt": "A note.\n"})
    assert parley("index").err == ""
    folder({f"{number}.txt": f"Note {number} is short.\n" for number in range(210)})
    assert parley("index").err.splitlines()[0] == "parley: encoding 0/210 passages"
