"""From a run file to figures: what applies to whom, what counts as wrong, and what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.fingerprints import corpus_fingerprint, suite_fingerprint
from evals.results import Scored
from evals.run_file import Run, RunFileError
from evals.scoring import MEASURES, score_run
from scored_cases import FAILED, REFUSED, UNANSWERABLE, answered, case, retrieved, suite_in

OPENED = "The harbour opened in 1911."
CLOSED = "It closed in 1954."


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    made = suite_in(tmp_path)
    made.questions.write_text("{}", encoding="utf-8")
    return made


def scored(suite: Suite, tried: Sequence[tuple[Case, Attempt]], solver: str = "full") -> Scored:
    """The attempts, each at its case, scored as a run."""
    suite.cases = [replace(case, id=str(number)) for number, (case, _) in enumerate(tried)]
    attempts = {str(number): replace(attempt, case=str(number)) for number, (_, attempt) in enumerate(tried)}
    header = {"suite": {"fingerprint": suite_fingerprint(suite)}, "solver": solver}
    return score_run(Run(Path("run.jsonl"), header, attempts, 0), suite)


ASKED = case([("harbour", OPENED)])
TOLD = replace(answered(OPENED), confidence=0.8)
MISTOLD = replace(answered(CLOSED), confidence=0.6)


def test_every_case_counts_once_in_right_and_failures_are_wrong(suite: Suite) -> None:
    run = scored(suite, [(ASKED, TOLD), (ASKED, MISTOLD), (ASKED, FAILED), (UNANSWERABLE, REFUSED)])
    assert run.metric("right").n == 4
    assert run.metric("right").value == 2 / 4
    assert run.failures == 1
    assert [item.right for item in run.cases] == [True, False, False, True]


def test_each_measure_says_how_many_cases_it_applies_to(suite: Suite) -> None:
    run = scored(suite, [(ASKED, TOLD), (ASKED, REFUSED), (UNANSWERABLE, REFUSED)])
    counts = {name: run.metric(name).n for name in MEASURES}
    assert (counts["recall@5"], counts["needs_met"]) == (2, 2)  # both answerable ones
    assert (counts["citation_precision"], counts["quotes_verbatim"]) == (1, 1)  # the answered one
    assert (counts["refusal_precision"], counts["refusal_recall"]) == (2, 1)
    assert (counts["short_em"], run.metric("short_em").value) == (0, None)


def test_refusals_are_scored_over_all_cases_together(suite: Suite) -> None:
    run = scored(suite, [(ASKED, TOLD), (ASKED, REFUSED), (UNANSWERABLE, REFUSED), (UNANSWERABLE, MISTOLD)])
    # Of two refusals one is right, of two unanswerable cases one is refused: precision 1/2, recall 1/2.
    assert run.metric("refusal_f1").value == pytest.approx(0.5)


def test_confidence_is_scored_against_what_came_of_it(suite: Suite) -> None:
    unsure = replace(REFUSED, confidence=0.1)
    run = scored(suite, [(ASKED, TOLD), (ASKED, MISTOLD), (UNANSWERABLE, unsure)])
    assert run.metric("auroc").value == 1.0  # .8 and .6 on answerable cases, .1 on the other
    # Surest first: risk 0 after the right one, 1/2 after both; their mean is 1/4.
    assert run.metric("aurc").value == pytest.approx(0.25)
    # The right one is .2 too unsure, the wrong one .6 too sure: in two bins of one each, (.2 + .6) / 2.
    assert run.metric("ece").value == pytest.approx(0.4)
    assert run.risk_coverage == ((1 / 3, 0.0), (2 / 3, 0.5))


def test_metrics_by_tag_are_those_of_its_cases(suite: Suite) -> None:
    good, bad = replace(ASKED, tags=("single", "date")), replace(ASKED, tags=("single",))
    run = scored(suite, [(good, TOLD), (bad, MISTOLD)])
    right = {tag: metrics[0].estimate for tag, metrics in run.by_tag.items()}
    assert list(right) == ["date", "single"]
    assert (right["date"].value, right["single"].value) == (1.0, 0.5)


def test_of_passages_alone_only_retrieval_is_scored(suite: Suite) -> None:
    run = scored(suite, [(ASKED, retrieved(CLOSED, OPENED)), (ASKED, FAILED)], solver="lexical")
    assert run.metric("recall@3").value == 0.5
    assert run.metric("right").n == 0
    assert {item.scores["contained"].why for item in run.cases} == {"the solver only retrieves"}
    assert [item.right for item in run.cases] == [None, None]


def test_a_run_on_other_questions_or_articles_is_refused(suite: Suite) -> None:
    suite.cases = [ASKED]
    with pytest.raises(RunFileError, match="was run on questions or articles"):
        score_run(Run(Path("run.jsonl"), {"suite": {"fingerprint": "0"}, "solver": "full"}, {}, 0), suite)


def test_a_run_that_has_not_come_to_a_case_is_refused(suite: Suite) -> None:
    suite.cases = [ASKED]
    header = {"suite": {"fingerprint": suite_fingerprint(suite)}, "solver": "full"}
    with pytest.raises(RunFileError, match="holds no case yet"):
        score_run(Run(Path("run.jsonl"), header, {}, 0), suite)


def test_a_fingerprint_is_of_content_and_not_of_places(tmp_path: Path) -> None:
    suites = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        suites.append(suite_in(tmp_path / name))
        suites[-1].questions.write_text("{}\n", encoding="utf-8")
    here, there = suites
    assert suite_fingerprint(here) == suite_fingerprint(there)
    there.questions.write_bytes(b"{}\r\n")  # as a checkout on another system has it
    assert suite_fingerprint(here) == suite_fingerprint(there)
    there.questions.write_text('{"id": 1}\n', encoding="utf-8")
    assert suite_fingerprint(here) != suite_fingerprint(there)
    assert corpus_fingerprint(here) == corpus_fingerprint(there)
    (there.folder / "metadata.jsonl").write_text('{"doc": "harbour", "title": "Ports"}\n', encoding="utf-8")
    assert corpus_fingerprint(here) != corpus_fingerprint(there)
