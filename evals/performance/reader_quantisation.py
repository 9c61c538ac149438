"""Compare the reader in eight bits with the one in fp32: figures over held-out questions, and speed.

    python -m evals.performance.reader_quantisation DATA FP32 INT8 [--sample 500]

FP32 and INT8 are ONNX files that assistant/answering/reader_model/export.py wrote, with `--fp32` and `--out`. The
exit code is 1 where eight bits lose more than .01 F1. A model trained on the held-out tenth, too, looks better
here than it is; the comparison stays fair.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.answering.reader_model.data import Question
from assistant.answering.reader_model.selection import Selection
from assistant.answering.reader_model.windows import Window, best_span, open_cutter
from evals.performance.reader_figures import MADE, choose, describe, onnx_logits, read, run_window, summarise
from index.errors import ModelError
from index.onnx_runtime import import_runtime, open_session

MOST_LOST = 0.01
"""F1 that eight bits may lose."""
SAMPLE = 500
TIMED = 100
WORDPIECES = (100, 180)
"""A passage of about 110 wordpieces and its question make a window between these."""


def compare(questions: Sequence[Question], fp32: Path, int8: Path) -> float:
    """Print both models' figures over the same questions; returns the F1 that eight bits lose."""
    whole, short = (read(questions, open_cutter(), onnx_logits(path)) for path in (fp32, int8))
    print(f"fp32\n{describe(whole)}\n\nint8\n{describe(short)}\n")
    pairs = list(zip(whole, short, strict=True))
    same = sum(one.text == other.text for one, other in pairs) / len(pairs)
    moved = statistics.mean(abs(one.margin - other.margin) for one, other in pairs)
    lost = summarise(whole)["F1"] - summarise(short)["F1"]
    print(f"int8 loses {lost:.4f} F1; same span: {same:.3f}; margins differ by {moved:.2f}")
    return lost


def describe_speed(path: Path, windows: Sequence[Window]) -> str:
    """How long a passage takes on one core, tokenising left out: wall time and processor time."""
    import_runtime(ModelError)
    session: Any = open_session(path.read_bytes())
    walls, works = [], []
    for window in [windows[0], *windows]:
        wall, work = time.perf_counter(), time.process_time()
        best_span(window, *run_window(session, window))
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    size = statistics.mean(len(window.ids) for window in windows)
    median, worked = (statistics.median(taken[1:]) * 1000 for taken in (walls, works))
    return f"{median:.1f} ms a passage, {worked:.1f} ms CPU (medians of {len(windows)}, of {size:.0f} wordpieces)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when done, 1 when eight bits lose more than .01 F1, 2 when a file does not do."""
    parser = argparse.ArgumentParser(description="Compare the reader in eight bits with the one in fp32.")
    parser.add_argument("data", type=Path, help="the folder with train.json.gz")
    parser.add_argument("fp32", type=Path, help="the ONNX file in fp32")
    parser.add_argument("int8", type=Path, help="the ONNX file in eight bits")
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"so many questions (default: {SAMPLE})")
    asked = parser.parse_args(arguments)
    try:
        questions = choose(asked.data, Selection(MADE), asked.sample)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    lost = compare(questions, asked.fp32, asked.int8)
    cutter = open_cutter()
    windows = [window for question in questions for window in cutter.cut(question.text, question.paragraph)]
    timed = [window for window in windows if WORDPIECES[0] <= len(window.ids) <= WORDPIECES[1]][:TIMED]
    if timed:
        print(f"int8: {describe_speed(asked.int8, timed)}")
    return int(lost > MOST_LOST)


if __name__ == "__main__":
    sys.exit(main())
