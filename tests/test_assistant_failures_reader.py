"""When the reader's files cannot be used: answers by ranked sentences, and one warning that says what is wrong."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.reader import READER_FOLDER, OnnxReader

MILL = "The old mill of Kirkwall burned down in May.\n"
QUESTION = "What burned down in May?"


@pytest.fixture
def built(parley: Callable[..., Any], folder: Callable[..., Path]) -> None:
    """An indexed corpus of one article."""
    folder({"a.txt": MILL})
    assert parley("index").code == 0


@pytest.fixture
def cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader whose file lacks its second half; its folder."""
    folder = tmp_path / "reader"
    folder.mkdir()
    shutil.copyfile(READER_FOLDER / "manifest.json", folder / "manifest.json")
    whole = (READER_FOLDER / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(whole[: len(whole) // 2])
    for user in ("assistant.opening", "assistant.answering.reader"):
        monkeypatch.setattr(f"{user}.OnnxReader", partial(OnnxReader, folder))
    return folder


def test_a_damaged_reader_leaves_ranked_sentences_with_a_warning(
    parley: Callable[..., Any], built: None, cut_short: Path
) -> None:
    ran = parley("ask", "--json", QUESTION)
    answer = json.loads(ran.out)
    assert (ran.code, answer["short"], answer["shorts"]) == (0, None, [])
    assert answer["citations"][0]["quote"] == MILL.strip()
    assert f"The reader's file {cut_short / 'model.onnx'} has" in ran.err
    assert "Answering by ranked sentences alone. Install Parley again" in ran.err


def test_a_reader_that_is_gone_is_told_once_for_many_questions(
    parley: Callable[..., Any], built: None, cut_short: Path
) -> None:
    (cut_short / "manifest.json").unlink()
    ran = parley("ask", "-", stdin=f"{QUESTION}\n{QUESTION}\n".encode())
    assert (ran.code, ran.err.count("cannot be read"), ran.out.count(MILL.strip())) == (0, 1, 2)


def test_a_search_needs_no_reader(parley: Callable[..., Any], built: None, cut_short: Path) -> None:
    ran = parley("search", QUESTION)
    assert (ran.code, "reader" in ran.err) == (0, False)


def test_doctor_finds_a_damaged_reader(parley: Callable[..., Any], built: None, cut_short: Path) -> None:
    ran = parley("doctor")
    assert ran.code == 5
    assert "The reader's file" in ran.out
