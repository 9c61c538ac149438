"""How a case is tried: the checked answer, or passages by one way of finding them."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.conversation import Turn
from evals.attempts import SOLVERS
from evals.cases import Case, Suite
from evals.earlier_turns import earlier_turns
from evals.run_file import read_run
from evals.solvers import DENSE_WEIGHTS, DegradedError, solver_over
from index.encoder import OnnxEmbedder
from index.fakes import RecordingListener
from index.segmentation import segment
from index.view import IndexView

QUESTION = "For what was ZTE punished?"
CASE = Case("zte", QUESTION, (), True, ())
GOLD = Suite.gold()


@pytest.fixture
def open_over(sample: Path, sample_states: Path, encoder: OnnxEmbedder) -> Iterator[dict[str, Assistant]]:
    """An assistant for each solver."""
    opened = {
        name: Assistant.open(sample, sample_states, encoder, RecordingListener(), weight)
        for name, weight in DENSE_WEIGHTS.items()
    }
    yield opened
    for assistant in opened.values():
        assistant.close()


def test_the_full_solver_gives_the_answer_of_the_program(open_over: dict[str, Assistant]) -> None:
    attempt = solver_over(open_over["full"], "full", GOLD).solve(CASE)
    answer = open_over["full"].ask(QUESTION)
    assert (attempt.case, attempt.status, attempt.text) == ("zte", answer.status, answer.text)
    assert attempt.confidence == answer.confidence
    assert [item.quote for item in attempt.citations] == [item.quote for item in answer.citations]
    assert [item.score for item in attempt.retrieved] == [item.score for item in answer.evidence]
    assert {"retrieve", "answer", "verify", "total"} <= attempt.timings_ms.keys()


@pytest.mark.parametrize("name", [name for name in SOLVERS if name != "full"])
def test_the_others_give_passages_and_no_answer(open_over: dict[str, Assistant], name: str) -> None:
    attempt = solver_over(open_over[name], name, GOLD).solve(CASE)
    assert (attempt.status, attempt.text, attempt.confidence) == ("retrieved", "", None)
    # Only two passages share a word with the question.
    assert len(attempt.retrieved) == (2 if name == "lexical" else 10)
    scores = [item.score for item in attempt.retrieved]
    assert scores == sorted(scores, reverse=True)


def test_words_and_meaning_rank_each_their_own_way_and_the_full_one_orders_anew_what_both_find(
    open_over: dict[str, Assistant],
) -> None:
    ranked = {name: solver_over(open_over[name], name, GOLD).solve(CASE).found for name in SOLVERS}
    assert set(ranked["hybrid"]) == set(ranked["full"])
    assert ranked["lexical"] != ranked["dense"]


def test_by_words_alone_nothing_is_encoded(
    sample: Path, sample_states: Path, encoder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant.open(sample, sample_states, encoder, RecordingListener(), 0.0) as assistant:

        def refuse(*arguments: object) -> None:
            raise AssertionError("nothing is encoded")

        monkeypatch.setattr(OnnxEmbedder, "embed", refuse)
        assert solver_over(assistant, "lexical", GOLD).solve(CASE).retrieved


def test_processes_agree_to_the_last_digit_whatever_order_their_sets_have(
    sample: Path, tmp_path: Path, python: str
) -> None:
    attempts = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.jsonl"
        command = (python, "-m", "assistant.cli", "eval", "--quiet", "--limit", "40", "--out", str(out))
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(command, env=environment, cwd=sample.parent, check=True, capture_output=True)
        found = read_run(out).attempts
        attempts.append([replace(attempt, timings_ms={}) for attempt in found.values()])
    assert attempts[0] == attempts[1]


@pytest.mark.parametrize("name", ["dense", "hybrid", "full"])
def test_what_was_tried_without_vectors_is_no_measurement(
    open_over: dict[str, Assistant], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IndexView, "has_vectors", property(lambda view: False))
    with pytest.raises(DegradedError, match="vectors could not be asked"):
        solver_over(open_over[name], name, GOLD).solve(CASE)
    assert solver_over(open_over["lexical"], "lexical", GOLD).solve(CASE).retrieved


@pytest.mark.parametrize("name", SOLVERS)
def test_a_follow_up_is_tried_with_what_came_before_it(open_over: dict[str, Assistant], name: str) -> None:
    asked = replace(CASE, question="And for what was Huawei punished?", history=(Turn(QUESTION, ""),))
    followed = replace(asked, question="And Huawei?")
    whole, put = (solver_over(open_over[name], name, GOLD).solve(case) for case in (asked, followed))
    assert (whole.standalone, put.standalone) == (None, "For what was Huawei punished?")
    assert put.question == "And Huawei?"
    assert put.retrieved


def test_earlier_answers_are_cited_where_the_articles_hold_their_sentences() -> None:
    article = next(iter(GOLD.files.values()))
    first, second = segment(GOLD.text(article))[3:5]
    told = " ".join(" ".join(GOLD.text(article)[item.start : item.end].split()) for item in (first, second))
    case = replace(CASE, history=(Turn("What?", told), Turn("Who?", ""), Turn("Why?", "No article says this.")))
    cited, refused, made_up = (turn.cited for turn in earlier_turns(GOLD, case))
    assert (cited[0].source.article, cited[0].start) == (article, first.start)
    assert all(GOLD.text(item.source.article)[item.start : item.end] == item.quote for item in cited)
    assert refused == made_up == ()
