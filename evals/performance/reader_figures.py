"""Score a reader: F1 and exact match where the paragraph answers, and how well its margin tells where none does.

    python -m evals.performance.reader_figures DATA MODEL [--hard] [--passages] [--telegraph] [--sample N] [--dev]

DATA is the folder with `train.json.gz` and `dev.json.gz`; MODEL is `weights.safetensors` or an ONNX file. The
held-out tenth of train is scored, with 500 questions put to another paragraph, and with `--dev` dev instead: look
there for reporting only. `--hard` adds questions put to passages that our own retrieval ranks high, and questions
with a name or number exchanged; `--passages` cuts paragraphs as the index does; `--telegraph` asks in search
style. The measures are those of Rajpurkar et al., 2016 (F1, exact match) and 2018 (no answer); AUROC is the chance
that an answerable question has a higher margin than an unanswerable one. Intervals are of 95 %, from resampling
articles.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.reader_model.data import Question, read_articles, split
from assistant.answering.reader_model.selection import SEED, Selection, collect
from assistant.answering.reader_model.windows import Cutter, Floats, Window, best_of, best_span, open_cutter
from evals import calibration
from evals.squad_text import exact_match, token_f1
from index.errors import ModelError
from index.onnx_runtime import count_cores, import_runtime, open_session

Logits = Callable[[Sequence[Window]], list[tuple[Floats, Floats]]]
"""The logits of starts and ends of each window, in order, one number a wordpiece."""

Scores = Sequence[float] | NDArray[np.float64]

RESAMPLES = 1_000
BATCH = 24
MADE = 500
"""Questions made unanswerable in each way that is asked for."""


@dataclass(frozen=True)
class Reading:
    """What the reader made of one question."""

    question: Question
    text: str
    """The best span."""
    margin: float
    """In logits: above nought the reader says that the paragraph answers."""
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
        f1, exact = (token_f1(text, golds), exact_match(text, golds)) if golds else (0.0, 0.0)
        readings.append(Reading(question, text, best.margin, f1, exact))
    return readings


def auroc(positives: Scores, negatives: Scores) -> float:
    """`evals.calibration.auroc` of two groups of scores; nan where one is empty."""
    truth = np.arange(len(positives) + len(negatives)) < len(positives)
    return float(calibration.auroc(truth, [*positives, *negatives], np.ones((1, len(truth))))[0])


def summarise(readings: Sequence[Reading]) -> dict[str, float]:
    """The measures over some readings; nan where there is nothing to measure."""
    answerable = [reading for reading in readings if reading.question.answers]
    lacking = [reading for reading in readings if not reading.question.answers]
    margins = [reading.margin for reading in answerable]
    kinds: dict[str, list[float]] = {}
    for reading in lacking:
        kinds.setdefault(reading.question.made or "asked to be unanswerable", []).append(reading.margin)
    return {
        "F1": mean([reading.f1 for reading in answerable]),
        "exact match": mean([reading.exact for reading in answerable]),
        **{f"AUROC, {kind}": auroc(margins, kinds[kind]) for kind in sorted(kinds)},
        "no answer at margin 0, F1": refusal_f1(margins, [reading.margin for reading in lacking]),
        "no answer at margin 0, of the answerable": mean([float(margin <= 0) for margin in margins]),
    }


def refusal_f1(answerable: Sequence[float], lacking: Sequence[float]) -> float:
    """F1 of saying that there is no answer wherever the margin is not above nought; nan with nothing lacking."""
    if not lacking:
        return float("nan")
    right, wrong = (sum(margin <= 0 for margin in margins) for margins in (lacking, answerable))
    return 2 * right / (right + wrong + len(lacking))


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
    return {
        name: _interval(np.array([one.get(name, float("nan")) for one in drawn])) for name in summarise(readings)
    }


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

    from assistant.answering.reader_model.batches import collate
    from assistant.answering.reader_model.items import NO_ANSWER, Item
    from assistant.answering.reader_model.model import point

    device = weights["span.bias"].device

    def run(windows: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        order = sorted(range(len(windows)), key=lambda number: len(windows[number].ids))
        made: dict[int, tuple[Floats, Floats]] = {}
        with torch.inference_mode():
            for at in range(0, len(order), BATCH):
                numbers = order[at : at + BATCH]
                batch = collate([Item(windows[n].ids, windows[n].first, (NO_ANSWER,)) for n in numbers]).to(device)
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
    starts, ends = session.run(["start_logits", "end_logits"], {"input_ids": ids, "token_type_ids": types})
    return starts[0], ends[0]


def open_logits(model: Path, threads: int) -> Logits:
    """Logits of whichever kind of file this is."""
    if model.suffix == ".onnx":
        return onnx_logits(model)
    import torch  # 1.5 s
    from safetensors.torch import load_file  # type: ignore[import-not-found,unused-ignore]

    torch.set_num_threads(threads)
    return torch_logits(load_file(model))


def choose(data: Path, selection: Selection, sample: int | None = None, *, dev: bool = False) -> list[Question]:
    """Questions of the held-out tenth of train, or of the nine articles never trained on; a sample if given.

    Raises OSError and ValueError as reading and collecting do.
    """
    articles = read_articles(data / "dev.json.gz") if dev else split(read_articles(data / "train.json.gz"))[1]
    with tempfile.TemporaryDirectory() as folder:
        return collect(articles, selection, SEED, Path(folder), sample)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when done, 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(description="Score a reader.")
    parser.add_argument("data", type=Path, help="the folder with train.json.gz and dev.json.gz")
    parser.add_argument("model", type=Path, help="weights.safetensors or an ONNX file")
    parser.add_argument("--hard", action="store_true", help=f"{MADE} each retrieved and swapped, too")
    parser.add_argument("--passages", action="store_true", help="paragraphs cut as the index does")
    parser.add_argument("--telegraph", action="store_true", help="questions in search style")
    parser.add_argument("--sample", type=int, help="so many questions only")
    parser.add_argument("--dev", action="store_true", help="the nine articles left out; for reporting only")
    parser.add_argument("--threads", type=int, default=count_cores(), help="for torch; an ONNX file has one")
    asked = parser.parse_args(arguments)
    hard = MADE if asked.hard else 0
    selection = Selection(MADE, hard, hard, float(asked.telegraph), float(asked.passages))
    try:
        questions = choose(asked.data, selection, asked.sample, dev=asked.dev)
        logits = open_logits(asked.model, asked.threads)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(describe(read(questions, open_cutter(), logits)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
