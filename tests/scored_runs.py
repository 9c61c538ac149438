"""Small scored runs, made by hand: over the sample articles, with all that a report has to cope with."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

from evals.attempts import Attempt, Cited, Claimed, Found, Short
from evals.cases import Case, Suite
from evals.results import Bin, Effort, Estimate, Group, Metric, Scored, ScoredCase
from evals.scorers import Score
from scored_questions import ARTICLES, HOSTILE, HOSTILE_ARTICLE, JOINT, QUESTIONS, SCRIPT, SEEDS

GROUPS: dict[str, tuple[str, Group]] = {
    "right": ("right", "outcome"),
    "recall@1": ("recall@1", "retrieval"),
    "recall@3": ("recall@3", "retrieval"),
    "recall@5": ("recall@5", "retrieval"),
    "recall@10": ("recall@10", "retrieval"),
    "mrr": ("reciprocal rank of the first evidence", "retrieval"),
    "contained": ("gold answer contained", "answer"),
    "needs_met": ("needs met by what is cited", "answer"),
    "citation_precision": ("citation precision", "citation"),
    "quotes_verbatim": ("quotes verbatim in the file", "citation"),
    "refusal_precision": ('precision of "not found"', "abstention"),
    "refusal_recall": ("unanswerable questions refused", "abstention"),
    "answer_rate": ("answerable questions answered", "abstention"),
}


def sample_run(folder: Path) -> Scored:
    """Fourteen cases: right, wrong, refused rightly and wrongly, failed, two needs, and hostile text."""
    suite = _suite(folder, QUESTIONS)
    attempts = [_attempt(suite, case) for case in suite.cases]
    return scored(suite, attempts)


def retrieval_only(folder: Path) -> Scored:
    """The same without answers: a solver that only looks for passages."""
    suite = _suite(folder, QUESTIONS)
    attempts = [
        Attempt(case.id, case.question, "retrieved", retrieved=_found(suite, case), timings_ms={"total": 3.0})
        for case in suite.cases
    ]
    whole = scored(suite, attempts)
    return replace(
        whole,
        header={**whole.header, "solver": "hybrid", "backend": None},
        metrics=_of_retrieval(whole.metrics),
        by_tag={tag: _of_retrieval(metrics) for tag, metrics in whole.by_tag.items()},
        tokens={},
    )


def many_cases(folder: Path, number: int) -> Scored:
    """A run of so many cases, one like the other."""
    copies = [{**QUESTIONS[at % len(QUESTIONS)], "id": f"q{at}"} for at in range(number)]
    suite = _suite(folder, copies)
    return scored(suite, [_attempt(suite, case) for case in suite.cases])


def saying_everywhere(run: Scored, text: str) -> Scored:
    """Two cases of a run, made wrong and failed, in which every text from outside is this one."""
    wrong, failed = (
        replace(
            item,
            case=replace(item.case, id=f"{number}{text}", question=text, answers=(text,), tags=(text,)),
            right=False,
        )
        for number, item in enumerate(run.cases[:2])
    )
    said = Attempt(
        wrong.case.id,
        text,
        "answered",
        0.5,
        text,
        Short(text, 1, 0, 1),
        (Claimed(text, (1,), "verbatim", None), Claimed(text, (), "unsupported", text)),
        (Cited(1, JOINT, 0, 10, text),),
        (Found(JOINT, 0, 90, 0.5), Found(text, 0, 90, 0.4)),
    )
    erred = Attempt(failed.case.id, text, "failed", error=text)
    cases = (replace(wrong, attempt=said), replace(failed, attempt=erred))
    header = {**run.header, "suite": {**run.header["suite"], "name": text}}
    return replace(run, header=header, cases=cases, by_tag={text: run.metrics})


def rate(name: str, number: int, of: int) -> Metric:
    """A rate with its Wilson interval."""
    title, group = GROUPS[name]
    if not of:
        return Metric(name, title, group, Estimate(0, None, None, None, "none"))
    share, z = number / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Metric(name, title, group, Estimate(of, share, middle - half, middle + half, "wilson"))


def scored(suite: Suite, attempts: Iterable[Attempt]) -> Scored:
    """A scored run of these attempts; its scores are near the truth, and exact where a test needs it."""
    items = tuple(
        ScoredCase(case, attempt, _scores(suite, case, attempt), _right(suite, case, attempt))
        for case, attempt in zip(suite.cases, attempts, strict=True)
    )
    tags = sorted({tag for item in items for tag in item.case.tags})
    surest = sorted(
        (item for item in items if item.attempt.status == "answered"),
        key=lambda item: -(item.attempt.confidence or 0.0),
    )
    wrong = [sum(not item.right for item in surest[: number + 1]) for number in range(len(surest))]
    return Scored(
        header=_header(suite),
        suite=suite,
        cases=items,
        metrics=_metrics(items),
        by_tag={tag: _metrics([item for item in items if tag in item.case.tags]) for tag in tags},
        risk_coverage=tuple(
            ((number + 1) / len(items), wrong[number] / (number + 1)) for number in range(len(surest))
        ),
        reliability=_bins(surest),
        effort=(Effort("retrieve", len(items), 8.25, 21.5), Effort("answer", len(items), 96.0, 1240.5)),
        tokens={"prompt": 15230, "completion": 812},
    )


def _metrics(items: Iterable[ScoredCase]) -> tuple[Metric, ...]:
    items = list(items)
    made = []
    for name in GROUPS:
        values = [item.scores[name].value for item in items]
        known = [value for value in values if value is not None]
        made.append(rate(name, round(sum(known)), len(known)))
    return tuple(made)


def _of_retrieval(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    return tuple(metric for metric in metrics if metric.group == "retrieval")


def _bins(answered: Iterable[ScoredCase]) -> tuple[Bin, ...]:
    by_tenth: dict[int, list[ScoredCase]] = {}
    for item in answered:
        by_tenth.setdefault(int(10 * (item.attempt.confidence or 0.0)), []).append(item)
    return tuple(
        Bin(
            tenth / 10,
            (tenth + 1) / 10,
            len(items),
            sum(item.attempt.confidence or 0.0 for item in items) / len(items),
            sum(bool(item.right) for item in items) / len(items),
        )
        for tenth, items in sorted(by_tenth.items())
    )


def _scores(suite: Suite, case: Case, attempt: Attempt) -> dict[str, Score]:
    refused = attempt.status == "not_found"
    values: dict[str, bool | str | None] = {
        name: all(suite.needs_met(case, attempt.found[:k])) if case.needs else "unanswerable"
        for name, k in {"recall@1": 1, "recall@3": 3, "recall@5": 5, "recall@10": 10, "mrr": 1}.items()
    }
    values["right"] = (
        "the solver only retrieves" if attempt.status == "retrieved" else _right(suite, case, attempt)
    )
    values["contained"] = (
        any(answer in attempt.text for answer in case.answers) if case.answers else "no gold answer"
    )
    values["needs_met"] = all(suite.needs_met(case, attempt.cited)) if case.needs else "unanswerable"
    cited = bool(attempt.citations)
    values["citation_precision"] = any(suite.needs_met(case, attempt.cited)) if cited else "nothing cited"
    values["quotes_verbatim"] = True if cited else "nothing cited"
    values["refusal_precision"] = not case.answerable if refused else "it was not refused"
    values["refusal_recall"] = refused if not case.answerable else "answerable"
    values["answer_rate"] = attempt.status == "answered" if case.answerable else "unanswerable"
    return {
        name: Score(None, str(value)) if isinstance(value, str) else Score(float(bool(value)))
        for name, value in values.items()
    }


def _right(suite: Suite, case: Case, attempt: Attempt) -> bool | None:
    if attempt.status == "retrieved":
        return None
    if not case.answerable:
        return attempt.status == "not_found"
    return attempt.status == "answered" and all(suite.needs_met(case, attempt.cited))


def _header(suite: Suite) -> dict[str, Any]:
    return {
        "schema": "parley.run/1",
        "suite": {"name": suite.name, "fingerprint": "3f9c21ab77d0", "cases": len(suite.cases)},
        "corpus": {"fingerprint": "90aa17fe2210", "articles": 6},
        "index": {
            "fingerprint": "51b0c3d4e5f6",
            "encoder": "all-MiniLM-L6-v2",
            "dimension": 384,
            "splitter": "sentences",
            "passages": 41,
        },
        "solver": "full",
        "backend": "extractive",
        "settings": {"threshold": 0.35},
        "version": "0.1.0",
        "commit": "2f1482e72e822011ee996474063041669f41d283",
        "selection": {"limit": None, "seed": 0, "cases": [case.id for case in suite.cases]},
        "run": {
            "suite": "suite",
            "started": "2026-01-15T09:30:00+00:00",
            "python": "3.11.2",
            "machine": "x86_64, 2 cores",
        },
    }


def _suite(folder: Path, questions: Iterable[dict[str, Any]]) -> Suite:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for path in SEEDS.glob("*.txt"):
        shutil.copy(path, corpus)
    (corpus / HOSTILE_ARTICLE).write_text(f"Notes\n\n{HOSTILE} stands here. It ends.\n", encoding="utf-8")
    lines = [json.dumps(question) for question in questions]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Suite(folder)


def _attempt(suite: Suite, case: Case) -> Attempt:
    """What the case itself scripts: what was said and cited, or that it was refused or failed."""
    scripted = SCRIPT[case.question]
    if "error" in scripted:
        return Attempt(case.id, case.question, "failed", error=scripted["error"], timings_ms={"total": 5000.0})
    found = _found(suite, case)
    if not scripted["cited"]:
        return Attempt(
            case.id,
            case.question,
            "not_found",
            scripted["confidence"],
            retrieved=found,
            timings_ms={"total": 44.5},
        )
    cited = tuple(_cited(suite, number, *place) for number, place in enumerate(scripted["cited"], 1))
    claims = [Claimed(said, (number,), "verbatim", None) for number, said in enumerate(scripted["said"], 1)]
    claims += [
        Claimed(said, (), "unsupported", "the article does not hold its quote")
        for said in scripted.get("struck", [])
    ]
    short = Short(scripted["short"], 1, cited[0].start, cited[0].end) if "short" in scripted else None
    return Attempt(
        case.id,
        case.question,
        "answered",
        scripted["confidence"],
        " ".join(scripted["said"]),
        short,
        tuple(claims),
        cited,
        found,
        {"prompt": 900, "completion": 60},
        None,
        {"total": 104.25},
    )


def _cited(suite: Suite, number: int, article: str, quote: str) -> Cited:
    text = suite.text(article)
    start = text.index(quote)
    return Cited(number, article, start, start + len(quote), quote)


def _found(suite: Suite, case: Case) -> tuple[Found, ...]:
    """Ten passages; the evidence stands at the rank that the script names, and another need after it."""
    others = [(article, start, start + 400) for start in (0, 1500) for article in ARTICLES]
    wanted = {need[0]: suite.spans(need[0]) for need in case.needs}
    evidence = [
        (article, max(0, places[0][0] - 150), min(places[0][1] + 150, len(suite.text(article))))
        for article, places in wanted.values()
    ]
    rank = SCRIPT[case.question]["rank"] - 1
    ranked = [*others[:rank], *evidence, *others[rank:]][:10]
    return tuple(Found(*place, round(0.91 - 0.07 * at, 4)) for at, place in enumerate(ranked))
