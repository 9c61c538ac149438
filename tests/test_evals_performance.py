import argparse
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.answer import Evidence, Source
from evals.cases import Suite
from evals.performance import retrieval_ablation, retrieval_quality, retrieval_rows
from evals.performance.retrieval_quality import Question, Scores, complete, recall
from evals.performance.retrieval_rows import ROWS, Row
from evals.performance.variant_questions import rewrite
from index.articles import Article, Metadata
from index.encoder import OnnxEmbedder
from index.passages import Passage

# Four candidates, three needs: the first candidate meets none, the second two, the last the third.
MET = np.array([[0, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)


@pytest.mark.parametrize(
    ("ranking", "k", "share"),
    [
        ([0, 1, 2, 3], 1, 0.0),
        ([1, 0, 2, 3], 1, 2 / 3),
        ([2, 1, 0, 3], 2, 2 / 3),  # a need met twice counts once
        ([0, 1, 2, 3], 4, 1.0),
        ([0, 1, 2, 3], 10, 1.0),
        ([2], 5, 1 / 3),
        ([], 5, 0.0),
    ],
)
def test_recall_is_the_share_of_needs_met_by_the_first_k(ranking: list[int], k: int, share: float) -> None:
    assert recall(MET, ranking, k) == pytest.approx(share)
    assert complete(MET, ranking, k) is (share == 1.0)


def question(lexical: list[float], dense: list[float], met: list[bool], article: str = "a.txt") -> Question:
    """A question with one need whose candidates all come from both legs."""
    words = sorted(range(len(lexical)), key=lambda number: -lexical[number])
    meaning = sorted(range(len(dense)), key=lambda number: -dense[number])
    return Question(
        article, np.array(lexical), np.array(dense), tuple(words), tuple(meaning), np.array(met)[:, np.newaxis]
    )


def crowd(place: int, leg: str) -> Question:
    """Seven candidates in fused order; the evidence is the first, but one leg has it at `place`."""
    up, down = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    scores = up if place == 0 else down
    legs = {"lexical": up, "dense": up} | {leg: scores}
    return question(legs["lexical"], legs["dense"], [True] + [False] * 6)


def test_each_ranking_is_scored_on_its_own_and_the_gain_is_their_difference() -> None:
    scores = Scores([crowd(6, "lexical"), crowd(6, "lexical"), crowd(6, "dense"), crowd(0, "dense")])
    assert scores.recall("fused", 1).tolist() == [1, 1, 1, 1]
    assert scores.recall("lexical", 5).tolist() == [0, 0, 1, 1]
    assert scores.recall("dense", 5).tolist() == [1, 1, 0, 1]
    assert scores.recall("lexical", 10).tolist() == [1, 1, 1, 1]
    assert scores.complete("dense", 5) == 0.75
    assert scores.better_leg() == "dense"
    mean, low, high = scores.gain("lexical")
    assert mean == 0.5
    assert low <= 0.5 <= high


def test_a_leg_returns_its_own_candidates_only() -> None:
    asked = Question("a.txt", np.array([0.9, 0.8]), np.array([0.1, 0.9]), (0,), (1,), np.array([[False], [True]]))
    scores = Scores([asked])
    assert [scores.recall(name, 5).item() for name in ("lexical", "dense", "fused")] == [0, 1, 1]


def test_a_gain_that_every_question_shares_has_no_width() -> None:
    assert Scores([crowd(6, "lexical")] * 30).gain("lexical") == (1.0, 1.0, 1.0)


def test_scores_are_normalised_by_bound_by_maximum_and_by_range() -> None:
    scores = np.array([-0.2, 0.2, 0.4])
    assert retrieval_quality.by_bound(scores).tolist() == [0.0, 0.2, 0.4]
    assert retrieval_quality.by_maximum(scores).tolist() == [0.0, 0.5, 1.0]
    assert retrieval_quality.by_range(scores) == pytest.approx([0.0, 2 / 3, 1.0])
    for normalise in retrieval_quality.NORMALISATIONS.values():
        assert normalise(np.array([])).tolist() == []
        assert normalise(np.zeros(2)).tolist() == [0.0, 0.0]


def test_a_sweep_weighs_the_dense_score() -> None:
    # Six candidates beat the evidence in the dense leg, none in the lexical one.
    asked = question([0.6, 0, 0, 0, 0, 0, 0], [0.3, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8], [True] + [False] * 6)
    scores = Scores([asked])
    swept = [scores.swept(retrieval_quality.by_bound, weight) for weight in (0.0, 0.5, 0.6, 1.0)]
    assert swept == [1, 1, 0, 0]  # .6(1-w) + .3w against .8w: they meet at w = .545
    assert scores.swept(retrieval_quality.by_range, 0.6) == 0


def targets(
    require: tuple[str, ...] = (), above: tuple[str, ...] = (), not_below: tuple[str, ...] = ()
) -> argparse.Namespace:
    return argparse.Namespace(require=list(require), above=list(above), not_below=list(not_below))


def test_targets_that_are_missed_are_named() -> None:
    even = Scores([crowd(0, "lexical")] * 30)
    better = Scores([crowd(6, "lexical")] * 15 + [crowd(6, "dense")] * 15)
    worse = Scores([question([0.5, 0.9], [0.5, 0.9], [False, True])] * 30)
    missed = retrieval_quality.missed_targets
    assert list(missed("s", better, targets(("s:0.9",), ("s",), ("s",)))) == []
    assert list(missed("s", even, targets(above=("s",)))) == [
        "s: fused is not above lexical alone",
        "s: fused is not above dense alone",
    ]
    assert list(missed("s", even, targets(require=("s:1.01",)))) == ["s: recall@5 1.000 is below 1.01"]
    assert list(missed("other", even, targets(("s:1.01",), ("s",), ("s",)))) == []
    assert list(missed("s", worse, targets(not_below=("s",)))) == []


def test_fused_below_the_better_leg_is_missed_beyond_the_interval() -> None:
    # In fused order the evidence comes seventh; by words it comes first.
    low = question([0.3] * 6 + [0.9], [0.9] * 6 + [0.1], [False] * 6 + [True])
    assert list(retrieval_quality.missed_targets("s", Scores([low] * 30), targets(not_below=("s",)))) == [
        "s: fused is below lexical alone, beyond the 95 % interval"
    ]


def test_a_header_names_what_the_article_states() -> None:
    article = Article("a.txt", "One. Two.", Metadata("Title", None, date(2019, 2, 2)), ())
    passage = Passage(5, 9, 2, ())
    assert retrieval_quality.no_header(article, passage) == "Two."
    assert retrieval_quality.full_header(article, passage) == "Title · 2019-02-02\nTwo."
    unnamed = Article("a.txt", "One. Two.", Metadata(), ())
    assert retrieval_quality.full_header(unnamed, passage) == "Two."


def write_suite(folder: Path) -> Path:
    texts = {"port": "The harbour opened in 1911.", "town": "The mayor sold the old mill."}
    (folder / "corpus").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "corpus" / f"{name}.txt").write_text(text, encoding="utf-8")
    cases = [
        {
            "id": name,
            "question": asked,
            "answers": [],
            "answerable": True,
            "evidence": [{"doc": name, "quote": text}],
        }
        for (name, text), asked in zip(
            texts.items(), ("When did the harbour open?", "Who sold the mill?"), strict=True
        )
    ]
    lines = [json.dumps(case) for case in [*cases, {"id": "no", "question": "Why?", "answerable": False}]]
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_quality_of_a_small_suite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = str(write_suite(tmp_path / "tiny"))
    wanted = ["--require", "tiny:1.0", "--not-below", "tiny", "--state", str(tmp_path / "state")]
    assert retrieval_quality.main([suite, "--sweep", *wanted]) == 0
    printed = capsys.readouterr().out
    assert "tiny: 2 questions, 2 articles, 2 passages; header: title" in printed
    assert "  fused       1.000     1.000      1.000       1.000" in printed
    assert retrieval_quality.main([suite, "--header", "none", "--above", "tiny", *wanted[4:]]) == 1
    assert "tiny: fused is not above dense alone" in capsys.readouterr().out
    assert (tmp_path / "state" / "header-none").is_dir()


# What one change does to retrieval


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """A suite of two articles that carry the same words, a third with others, and one question to each story."""
    folder = tmp_path / "twins"
    (folder / "corpus").mkdir(parents=True)
    story = "The ministry of aluminium said on Monday that the new smelter would open in the north next spring."
    texts = {"first": story, "second": story, "third": "The mayor sold the old mill to a baker from the coast."}
    for name, text in texts.items():
        (folder / "corpus" / f"{name}.txt").write_text(text, encoding="utf-8")
    asked = {"second": "Where would the aluminum smelter open?", "third": "Who bought the organisation's mill?"}
    cases = [
        {"id": doc, "question": question, "answers": [], "answerable": True,
         "evidence": [{"doc": doc, "quote": texts[doc]}]}
        for doc, question in asked.items()
    ]  # fmt: skip
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    return folder


def test_every_row_is_measured_on_each_suite_and_on_all(twins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [name for name, row in ROWS.items() if not row.tokens]
    retrieval_ablation.main([str(twins), str(twins), "--row", *rows])
    printed = capsys.readouterr().out
    for name in rows:
        assert printed.count(f"twins, {name}: 2 questions, 2 articles") == 2
        assert f"together, {name}: 4 questions, 2 articles" in printed
    assert "  recall@5   1.000, ships 1.000: +0.000 [no case differs]" in printed


def test_a_copy_that_is_left_out_meets_no_need(twins: Path, tmp_path: Path) -> None:
    suite, embedder = Suite(twins), OnnxEmbedder()
    (shipped, _), (collapsed, _) = (
        retrieval_ablation.measure(suite, suite.cases, row, tmp_path, embedder)
        for row in (Row(), Row(collapsed=True))
    )
    assert (shipped, collapsed) == ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))


def test_an_ablation_asks_what_it_is_told_to(twins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = ["--row", "weight-0.4"]
    for told, count in {("--articles", "2"): 1, ("--limit", "1"): 1, ("--rewritten", "spelling"): 2}.items():
        retrieval_ablation.main([str(twins), *row, *told])
        assert f"twins, weight-0.4: {count} questions" in capsys.readouterr().out
    retrieval_ablation.main([str(twins), *row, "--leave-out", str(twins)])
    assert "twins, weight-0.4: 0 questions, 0 articles" in capsys.readouterr().out


def test_a_passage_gains_from_its_neighbours_and_from_no_other() -> None:
    def found(article: str, start: int, score: float) -> Evidence:
        return Evidence(Source(article, None, None, None), start, start + 100, "", (), score, None, score)

    pool = [found("a", 500, 0.9), found("b", 0, 0.5), found("a", 101, 0.4), found("a", 0, 0.3)]
    lifted = retrieval_rows.in_context(pool, 0.5)
    assert [(item.source.article, item.start) for item in lifted] == [("a", 500), ("a", 101), ("b", 0), ("a", 0)]
    assert [item.score for item in lifted] == pytest.approx([0.9, 0.55, 0.5, 0.5])


@pytest.mark.parametrize(
    ("kind", "question", "other"),
    [
        ("abbreviations", "Who leads the United States?", "Who leads the U.S.?"),
        ("abbreviations", "Who leads the U.S.?", "Who leads the US?"),
        ("abbreviations", "When did NBC start?", "When did N.B.C. start?"),
        ("numbers", "Were 1,000 people there?", "Were 1000 people there?"),
        ("numbers", "Who paid $5 million?", "Who paid $5m?"),
        ("numbers", "Were two people there?", "Were 2 people there?"),
        ("spelling", "Which color is the center?", "Which colour is the center?"),
        ("spelling", "How was it organized?", "How was it organised?"),
        ("hyphens", "Is it a non-profit body?", "Is it a nonprofit body?"),
        ("spelling", "Who is it?", "Who is it?"),
    ],
)
def test_a_question_is_put_otherwise(kind: str, question: str, other: str) -> None:
    assert rewrite(question, kind) == other
