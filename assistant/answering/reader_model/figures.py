"""Score a reader: F1 and exact match where the paragraph answers, and how well its margin tells where none does.

    python -m assistant.answering.reader_model.figures DATA MODEL [--sample N] [--dev]

DATA is the folder with `train.json.gz` and `dev.json.gz`; MODEL is `weights.safetensors` or an ONNX file. The
held-out tenth of train is scored, and with `--dev` dev instead: look there for reporting only. The measures are
those of Rajpurkar et al., 2016 (F1, exact match) and 2018 (no answer); AUROC is the chance that an answerable
question has a higher margin than an unanswerable one. Intervals are of 95 %, from resampling articles.
"""

from __future__ import annotations

import argparse
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.reader_model.data import Question, read_articles, split
from assistant.answering.reader_model.selection import ELSEWHERE, SEED, Selection, collect
from assistant.answering.reader_model.windows import Cutter, Floats, Window, best_of, best_span, open_cutter
from index.errors import ModelError
from index.onnx_runtime import count_cores, import_runtime, open_session

Logits = Callable[[Sequence[Window]], list[tuple[Floats, Floats]]]
"""The logits of starts and ends of each window, in order, one number a wordpiece."""

RESAMPLES = 1_000
BATCH = 24
HELD_OUT_MADE = ELSEWHERE // 10
ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True)
class Reading:
    """What the reader made of one question."""

    question: Question
    text: str
    """The best span."""
    margin: float
    f1: float
    """Against the best of the answers; 0 where there is none."""
    exact: float


def read(questions: Iterable[Question], cutter: Cutter, logits: Logits) -> list[Reading]:
    """Put each question to its paragraph; each window is scored, the one with the highest margin counts."""
    asked = sorted(questions, key=lambda question: question.paragraph)
    windows = [cutter.cut(question.text, question.paragraph) for question in asked]
    scored = iter(logits([window for group in windows for window in group]))
    readings = []
    for question, group in zip(asked, windows, strict=True):
        best = best_of([best_span(window, *next(scored)) for window in group])
        text = question.paragraph[best.start : best.end]
        golds = [answer.text for answer in question.answers]
        f1 = max((token_f1(text, gold) for gold in golds), default=0.0)
        exact = max((float(tokens(text) == tokens(gold)) for gold in golds), default=0.0)
        readings.append(Reading(question, text, best.margin, f1, exact))
    return readings


def tokens(text: str) -> list[str]:
    """The words of a text as SQuAD compares them: lower case, no ASCII punctuation, no articles."""
    kept = text.lower().translate(str.maketrans("", "", string.punctuation))
    return [word for word in kept.split() if word not in ARTICLES]


def token_f1(prediction: str, gold: str) -> float:
    """2PR / (P + R) of the words, as bags; where one has no words, whether both have none."""
    said, known = Counter(tokens(prediction)), Counter(tokens(gold))
    if not said or not known:
        return float(said == known)
    return 2 * (said & known).total() / (said.total() + known.total())


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The chance that a positive lies above a negative, ties counting half (Mann and Whitney, 1947)."""
    if not positives or not negatives:
        return float("nan")
    low = np.sort(np.asarray(negatives))
    below, upto = np.searchsorted(low, positives, "left"), np.searchsorted(low, positives, "right")
    return float((below + upto).mean() / 2 / len(low))


def summarise(readings: Sequence[Reading]) -> dict[str, float]:
    """The measures over some readings; nan where there is nothing to measure."""
    answerable = [reading for reading in readings if reading.question.answers]
    positives = [reading.margin for reading in answerable]
    lacking = [reading for reading in readings if not reading.question.answers]
    made = [reading.margin for reading in lacking if reading.question.made]
    asked = [reading.margin for reading in lacking if not reading.question.made]
    return {
        "F1": mean([reading.f1 for reading in answerable]),
        "exact match": mean([reading.exact for reading in answerable]),
        "AUROC, made unanswerable": auroc(positives, made),
        "AUROC, asked to be unanswerable": auroc(positives, asked),
    }


def mean(values: Sequence[float]) -> float:
    """The mean; nan of nothing."""
    return sum(values) / len(values) if values else float("nan")


def intervals(readings: Sequence[Reading], resamples: int = RESAMPLES) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each measure, by resampling whole articles (Efron and Tibshirani, 1993)."""
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.question.group, []).append(reading)
    parts, draw = list(groups.values()), np.random.default_rng(SEED)
    drawn = [
        summarise([reading for number in draw.integers(len(parts), size=len(parts)) for reading in parts[number]])
        for _ in range(resamples)
    ]
    return {name: _interval(np.array([one[name] for one in drawn])) for name in summarise(readings)}


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    if np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def describe(readings: Sequence[Reading], resamples: int = RESAMPLES) -> str:
    """The measures with their intervals, and F1 by source, as lines of text."""
    answerable = [reading for reading in readings if reading.question.answers]
    lines = [f"{len(answerable)} answerable questions, {len(readings) - len(answerable)} unanswerable"]
    bounds = intervals(readings, resamples)
    for name, value in summarise(readings).items():
        low, high = bounds[name]
        lines.append(f"{name}: {value:.3f} ({low:.3f} to {high:.3f})")
    sources: dict[str, list[float]] = {}
    for reading in answerable:
        sources.setdefault(reading.question.source, []).append(reading.f1)
    lines += [f"F1, {source}: {mean(values):.3f} of {len(values)}" for source, values in sorted(sources.items())]
    return "\n".join(lines)


def torch_logits(weights: Mapping[str, Any]) -> Logits:
    """Logits of torch weights in fp32, windows of like length in one batch."""
    import torch  # type: ignore[import-not-found,unused-ignore]  # 1.5 s

    from assistant.answering.reader_model.batches import Item, collate
    from assistant.answering.reader_model.model import point

    device = weights["span.bias"].device

    def run(windows: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        order = sorted(range(len(windows)), key=lambda number: len(windows[number].ids))
        made: dict[int, tuple[Floats, Floats]] = {}
        with torch.inference_mode():
            for at in range(0, len(order), BATCH):
                numbers = order[at : at + BATCH]
                batch = collate([Item(windows[n].ids, windows[n].first, ((0, 0),)) for n in numbers]).to(device)
                starts, ends = point(weights, batch.ids, batch.types, batch.mask).cpu().numpy()
                made |= {n: (starts[row], ends[row]) for row, n in enumerate(numbers)}
        return [made[number] for number in range(len(windows))]

    return run


def onnx_logits(path: Path) -> Logits:
    """Logits of an ONNX file, one window a run, unpadded, on one core, as the shipped reader is run."""
    import_runtime(ModelError)
    session = open_session(path.read_bytes())

    def run(windows: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        return [run_window(session, window) for window in windows]

    return run


def run_window(session: Any, window: Window) -> tuple[Floats, Floats]:
    """The logits of starts and ends of one window."""
    ids = np.array([window.ids], dtype=np.int64)
    types = np.array([window.types], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
    starts, ends = session.run(["start_logits", "end_logits"], inputs)
    return starts[0], ends[0]


def held_out(data: Path, sample: int | None = None) -> list[Question]:
    """The held-out tenth of train with 500 questions made unanswerable, or a sample of it."""
    return collect(split(read_articles(data / "train.json.gz"))[1], Selection(HELD_OUT_MADE), SEED, data, sample)


def dev(data: Path, sample: int | None = None) -> list[Question]:
    """The nine articles never trained on, with 500 questions made unanswerable. For reporting only."""
    return collect(read_articles(data / "dev.json.gz"), Selection(HELD_OUT_MADE), SEED, data, sample)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when done, 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(description="Score a reader.")
    parser.add_argument("data", type=Path, help="the folder with train.json.gz and dev.json.gz")
    parser.add_argument("model", type=Path, help="weights.safetensors or an ONNX file")
    parser.add_argument("--sample", type=int, help="so many questions only")
    parser.add_argument("--dev", action="store_true", help="the nine articles left out; for reporting only")
    parser.add_argument("--threads", type=int, default=count_cores(), help="for torch; an ONNX file has one")
    asked = parser.parse_args(arguments)
    try:
        questions = (dev if asked.dev else held_out)(asked.data, asked.sample)
        logits = open_logits(asked.model, asked.threads)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{describe(read(questions, open_cutter(), logits))}\n")
    return 0


def open_logits(model: Path, threads: int) -> Logits:
    """Logits of whichever kind of file this is."""
    if model.suffix == ".onnx":
        return onnx_logits(model)
    import torch  # 1.5 s
    from safetensors.torch import load_file  # type: ignore[import-not-found,unused-ignore]

    torch.set_num_threads(threads)
    return torch_logits(load_file(model))


if __name__ == "__main__":
    sys.exit(main())
