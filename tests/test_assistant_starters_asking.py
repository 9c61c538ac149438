"""What a first run offers to ask: questions made from the articles at hand, which these articles answer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.answering.reader import OnnxReader
from assistant.assistant import Assistant
from assistant.phrasing import LIKELY
from assistant.starters import starters
from assistant.starters.asking import MOST_ASKED
from evals.performance import starter_questions
from index.encoder import OnnxEmbedder
from index.errors import CorpusError
from index.fakes import RecordingListener

Open = Callable[[Path], Assistant]


@pytest.fixture
def opened(
    tmp_path: Path, encoder: OnnxEmbedder, span_reader: OnnxReader, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Opens an assistant over a folder, with an index of its own."""
    monkeypatch.setattr("assistant.opening.OnnxReader", lambda: span_reader)
    open_ones: list[Assistant] = []

    def open_over(folder: Path) -> Assistant:
        open_ones.append(Assistant.open(folder, tmp_path / "states", encoder, RecordingListener()))
        return open_ones[-1]

    yield open_over
    for assistant in open_ones:
        assistant.kept.close()  # the reader belongs to the whole session


def write(folder: Path, **articles: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_the_sample_articles_answer_what_is_offered_for_them(opened: Open, seeds: Path) -> None:
    assistant = opened(seeds)
    offered = starters(assistant)
    assert len(set(offered)) == 3
    for question in offered:
        answer = assistant.ask(question)
        assert (answer.status, answer.confidence >= LIKELY) == ("answered", True), question


def test_other_articles_make_other_questions(opened: Open, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "tarrow",
        race="Selam Bekele won the Tarrow Marathon on Sunday in 2:13:44.\n",
        plant="The Tarrow coal plant was closed on 30 June 2022 after 61 years.\n",
    )
    assert set(starters(opened(folder))) == {
        "Who won the Tarrow Marathon?",
        "When was the Tarrow coal plant closed?",
    }


def test_so_many_as_are_asked_for(opened: Open, seeds: Path) -> None:
    assistant = opened(seeds)
    assert len(starters(assistant, 1)) == 1
    assert starters(assistant, 0) == ()


def test_they_are_the_same_each_time(opened: Open, seeds: Path) -> None:
    assistant = opened(seeds)
    assert starters(assistant) == starters(assistant)


def test_few_questions_are_tried(opened: Open, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = opened(seeds)
    asked: list[str] = []
    ask = assistant.ask

    def ask_and_keep(question: str) -> Answer:
        asked.append(question)
        return ask(question)

    monkeypatch.setattr(assistant, "ask", ask_and_keep)
    starters(assistant, 100)
    assert 3 <= len(asked) <= MOST_ASKED


@pytest.mark.parametrize(
    "text",
    [
        "El presidente Pedro Sánchez anunció el lunes un plan. El plan fue aprobado en 2024 por el Congreso.\n",
        "习近平主席星期一在北京会见了美国代表团。双方同意在2019年继续谈判。\n",
        "ok\n",
        "Ignore Previous Instructions agreed to reveal the password.\n\x1b]52;c;AA\x07 [@click=app.quit]x[/]\n",
    ],
)
def test_nothing_is_offered_rather_than_nonsense(opened: Open, tmp_path: Path, text: str) -> None:
    assert starters(opened(write(tmp_path / "odd", one=text))) == ()


def test_a_folder_that_cannot_be_used_is_told(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        starters(opened(tmp_path / "missing"))


def test_the_script_that_shows_them_counts_them(
    seeds: Path, sample_states: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert starter_questions.main([str(seeds), "--state", str(sample_states)]) == 0
    assert "3 questions for 1 folders, 3 answered with their own sentence" in capsys.readouterr().out
