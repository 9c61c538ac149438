"""Two runs of one suite, case by case: figures worked out by hand, and what people and programs read of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pytest

from assistant.errors import ConfigurationError
from assistant.fields import Fields
from assistant.sanitize import json_line
from evals.attempts import Attempt, Short
from evals.cases import Case, Suite
from evals.compare import Comparison, Flips, compare
from evals.results import Scored, ScoredCase
from evals.scorers import Measure, Score

MEASURES = {
    item.name: item
    for item in (
        Measure("right", "right", "rate"),
        Measure("recall@5", "recall@5", "mean"),
        Measure("cited", "answers whose citations hold them", "rate"),
        Measure("unused", "nothing", "rate"),
    )
}


def scored(
    name: str,
    right: bool | None,
    attempt: Attempt | None = None,
    article: str | None = None,
    **scores: float | None,
) -> ScoredCase:
    case = Case(name, f"Question {name}?", ("x",), True, (), asked_on=article)
    attempt = attempt or Attempt(name, case.question, "answered", 0.5, f"Text of {name}.")
    named = {title.replace("recall", "recall@5"): Score(value) for title, value in scores.items()}
    named["right"] = Score(right if right is None else float(right))
    return ScoredCase(case, attempt, named, right)


def run(cases: Sequence[ScoredCase], suite: Mapping[str, Any] | None = None, solver: str = "full") -> Scored:
    header = {"suite": suite or {"name": "gold", "fingerprint": "f1"}, "solver": solver, "backend": "extractive"}
    return Scored(header, Suite(Path("gold")), tuple(cases), (), {}, (), (), (), {})


def both(a: ScoredCase, b: ScoredCase) -> Comparison:
    return compare(run([a]), run([b]), MEASURES)


def test_cases_are_paired_by_their_ids() -> None:
    a = run([scored("q1", True), scored("q2", True), scored("q3", False)])
    b = run([scored("q4", True), scored("q3", True), scored("q1", False)])
    found = compare(a, b, MEASURES)
    assert (found.pairs, found.only_a, found.only_b) == (2, 1, 1)
    assert [(x.case.id, y.case.id) for x, y in found.worse] == [("q1", "q1")]
    assert [(x.right, y.right) for x, y in found.better] == [(False, True)]


def test_whether_a_case_came_out_right_comes_first_with_mcnemars_test() -> None:
    # 1 better, 7 worse of 10: p = 2 * (1 + 8) / 256.
    a = run([scored(f"q{n}", n != 0, recall=0.5) for n in range(10)])
    b = run([scored(f"q{n}", n in (0, 8, 9), recall=0.5) for n in range(10)])
    right, recall = compare(a, b, MEASURES).measures
    assert (right.measure.name, right.a, right.b, right.difference.n) == ("right", 0.9, 0.3, 10)
    assert right.difference.value == -0.6
    assert right.flips == Flips(1, 7, 18 / 256)
    assert (recall.measure.name, recall.flips) == ("recall@5", None)


def test_a_measure_counts_the_cases_in_which_it_applies_to_both() -> None:
    # Both have q1 (.2, .6) and q3 (.4, .4): means .3 and .5.
    a = run([scored("q1", True, recall=0.2), scored("q2", True, recall=1), scored("q3", True, recall=0.4)])
    b = run([scored("q1", True, recall=0.6), scored("q2", True, recall=None), scored("q3", True, recall=0.4)])
    recall = compare(a, b, MEASURES).measures[1]
    assert recall.difference.n == 2
    assert (recall.a, recall.b) == pytest.approx((0.3, 0.5))
    assert recall.difference.value == pytest.approx(0.2)
    assert (recall.difference.low, recall.difference.high) == pytest.approx((0, 0.4))


def test_a_measure_that_applies_to_no_pair_is_left_out() -> None:
    found = both(scored("q1", True, cited=1), scored("q1", True, recall=1))
    assert [item.measure.name for item in found.measures] == ["right"]


def test_only_a_rate_of_noughts_and_ones_counts_flips() -> None:
    found = both(scored("q1", True, cited=1, recall=0), scored("q1", True, cited=0, recall=1))
    assert [(item.measure.name, item.flips) for item in found.measures] == [
        ("right", Flips(0, 0, 1)),
        ("recall@5", None),
        ("cited", Flips(0, 1, 1)),
    ]
    assert both(scored("q1", True, cited=0.5), scored("q1", True, cited=1)).measures[1].flips is None


def test_cases_about_one_article_are_drawn_together() -> None:
    def cases(right: bool) -> list[ScoredCase]:
        return [scored(f"q{n}", right and n % 2 == 0, article=f"{n // 2}.txt") for n in range(40)]

    # Of each article, the first case got better: articles are all alike, and no resample differs.
    estimate = compare(run(cases(False)), run(cases(True)), MEASURES).measures[0].difference
    assert (estimate.value, estimate.low, estimate.interval) == (0.5, None, "none")


def test_runs_that_only_retrieve_have_no_outcomes_and_are_compared_by_what_they_found() -> None:
    found = both(scored("q1", None, recall=0), scored("q1", None, recall=1))
    assert [item.measure.name for item in found.measures] == ["recall@5"]
    assert found.worse == found.better == ()


@pytest.mark.parametrize(
    ("suite", "told"),
    [
        ({"name": "gold", "fingerprint": "f2"}, "two versions of the suite 'gold'"),
        ({"name": "mine", "fingerprint": "f2"}, "the suite 'gold', the other of 'mine'"),
    ],
)
def test_runs_of_different_suites_are_refused(suite: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        compare(run([scored("q1", True)]), run([scored("q1", True)], suite), MEASURES)


def test_runs_without_a_common_case_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no case in common"):
        compare(run([scored("q1", True)]), run([scored("q2", True)]), MEASURES)


def test_programs_read_every_figure_and_both_attempts_verbatim() -> None:
    hostile = Attempt("q1", "Who\x1b[2J?", "answered", 0.5, "She\u2028did.", Short("She", 1, 0, 3))
    found = compare(
        run([scored("q1", False), scored("q2", True)], solver="dense"),
        run([scored("q1", True, hostile), scored("q2", True)]),
        MEASURES,
    )
    stated = json.loads(json_line(found.to_json()))
    assert stated["schema"] == "parley.comparison/1"
    assert (stated["a"]["solver"], stated["b"]["solver"]) == ("dense", "full")
    assert stated["cases"] == {"both": 2, "only_a": 0, "only_b": 0}
    right = stated["measures"][0]
    assert (right.pop("low"), right.pop("high")) == pytest.approx((0, 1))
    assert right == {
        "name": "right",
        "title": "right",
        "n": 2,
        "a": 0.5,
        "b": 1.0,
        "difference": 0.5,
        "interval": "bootstrap",
        "rose": 1,
        "fell": 0,
        "p": 1.0,
    }
    (flipped,) = stated["flipped"]
    assert flipped["change"] == "better"
    assert Attempt.from_json(Fields(flipped["b"])) == hostile
    assert flipped["a"]["text"] == "Text of q1."


def test_people_read_a_table_and_what_got_worse_before_what_got_better() -> None:
    a = run(
        [
            scored("q1", False, Attempt("q1", "", "not_found"), cited=0),
            scored("q2", True, cited=1),
            scored("q3", True, Attempt("q3", "", "answered", 0.9, "It opened in 1911.", Short("1911", 1, 0, 4))),
            scored("q4", True, recall=0.5),
        ],
        solver="dense",
    )
    b = run(
        [
            scored("q1", True, cited=1),
            scored("q2", False, Attempt("q2", "", "failed", error="no\nanswer")),
            scored("q3", False, Attempt("q3", "", "answered", 0.5, "It opened\nin 1954.")),
            scored("q4", True, recall=0.75),
        ]
    )
    assert compare(a, b, MEASURES).to_text().splitlines() == [
        "a: dense, extractive",
        "b: full, extractive",
        "4 cases in both, 0 only in a, 0 only in b",
        "",
        "                                         n      a      b   b - a  95 % interval          p  flips",
        "right                                    4  0.750  0.500  -0.250  -1.000 to +0.506       1  +1 -2",
        "recall@5                                 1  0.500  0.750  +0.250",
        "answers whose citations hold them        1  0.000  1.000  +1.000                         1  +1 -0",
        "",
        "2 got worse",
        "  q2: Question q2?",
        "    a: Text of q2.",
        "    b: error: no answer",
        "  q3: Question q3?",
        "    a: 1911",
        "    b: It opened in 1954.",
        "",
        "1 got better",
        "  q1: Question q1?",
        "    a: not found",
        "    b: Text of q1.",
    ]


def test_hostile_and_long_texts_are_shown_harmless_and_short() -> None:
    a = scored("q1", True, Attempt("q1", "", "answered", 0.5, "\x1b[31m\u202e" + "word " * 50))
    b = scored("q1", False, Attempt("q1", "", "answered", 0.5, "港口于一九一一年开放。" * 9))
    first, second = both(a, b).to_text().splitlines()[-4:-2]
    assert first.startswith("    a: ␛[31m\N{REPLACEMENT CHARACTER}word word")
    assert (first[-1], len(first)) == ("…", 96)
    assert second.endswith("…")
    assert 90 <= sum(1 + (east_asian_width(character) == "W") for character in second) <= 96
