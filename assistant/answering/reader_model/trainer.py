"""One training run: its recipe, its steps, and checkpoints from which it goes on as if nothing had happened.

The loss and the schedule are those of Devlin et al., BERT, 2019, section 4.3 and appendix A.3, for spans.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor

from assistant.answering.reader_model.batches import Batch, collate
from assistant.answering.reader_model.devices import computing
from assistant.answering.reader_model.items import Item, plan
from assistant.answering.reader_model.model import MASKED, point

CHECKPOINT = "checkpoint.pt"
REPORT_EVERY = 20
LARGEST_GRADIENT = 1.0
DECAY = 0.01


@dataclass(frozen=True)
class Recipe:
    """All that decides what is learned; a checkpoint goes on under its own recipe only."""

    epochs: int
    batch: int
    tokens: int
    """Wordpieces of the longest window."""
    rate: float
    """The highest learning rate, reached after the warm-up; it falls to 0 in a straight line."""
    warm_up: float
    """The share of steps over which the rate rises."""
    dropout: float
    any_answer: bool
    """Whether each annotator's answer is right, or the most frequent one alone."""
    made: int
    """Questions put to another paragraph of their article, which does not answer them."""
    held_out: bool
    """Whether a tenth of the articles is kept from training."""
    limit: int | None
    """Questions in all; None for every one."""
    seed: int
    precision: str
    """`fp32` or `bf16`."""
    data: str
    """sha256 of the questions' file."""
    start: str | None = None
    """sha256 of the weights of ours that it goes on from; None for the encoder's official ones."""
    retrieved: int = 0
    """Questions put to a passage that retrieval ranks high but that lacks the answer."""
    swapped: int = 0
    """Questions of which a name or number is exchanged."""
    telegraph: float = 0.0
    """The share of questions in search style."""
    passages: float = 0.0
    """The share of paragraphs cut to a passage of the index."""


@dataclass
class Trainer:
    """A run: the weights, the optimiser and how far they are."""

    recipe: Recipe
    items: list[Item]
    weights: dict[str, Tensor]
    device: torch.device
    step: int = 0
    """Batches learned from so far, over all epochs; it says where in which epoch the run stands."""

    def __post_init__(self) -> None:
        for values in self.weights.values():
            values.requires_grad_(True)
        plain = [values for values in self.weights.values() if values.ndim < 2]
        matrices = [values for values in self.weights.values() if values.ndim >= 2]
        groups = [{"params": matrices, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=self.recipe.rate, fused=True)
        self.lengths = [len(item.ids) for item in self.items]
        self.digest = digest(self.items)
        torch.manual_seed(self.recipe.seed)

    @property
    def steps_an_epoch(self) -> int:
        """Batches in an epoch, the last and smaller one included."""
        return -(-len(self.items) // self.recipe.batch)

    @property
    def steps(self) -> int:
        """Batches in all epochs."""
        return self.steps_an_epoch * self.recipe.epochs

    def run(self, folder: Path, every: int, stop_after: int | None) -> None:
        """Learn from here to the end, or to a step; a checkpoint every so many steps, and where it stops."""
        end = self.steps if stop_after is None else min(self.steps, stop_after)
        epoch, batches, progress = -1, [], Progress(self.step, self.steps)
        while self.step < end:
            if self.step // self.steps_an_epoch != epoch:
                epoch = self.step // self.steps_an_epoch
                batches = plan(self.lengths, self.recipe.batch, self.recipe.seed, epoch)
            numbers = batches[self.step % self.steps_an_epoch]
            loss = self.learn(collate([self.items[number] for number in numbers]).to(self.device))
            self.step += 1
            progress.add(loss, sum(self.lengths[number] for number in numbers))
            if self.step % every == 0 or self.step == end:
                self.save(folder / CHECKPOINT)

    def learn(self, batch: Batch) -> float:
        """One step; the loss, in nats a boundary."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate(self.step)
        self.optimiser.zero_grad()
        with computing(self.device, self.recipe.precision):
            logits = point(self.weights, batch.ids, batch.types, batch.mask, self.recipe.dropout)
        loss = span_loss(logits, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), LARGEST_GRADIENT)
        self.optimiser.step()
        return float(loss.detach())

    def rate(self, step: int) -> float:
        """The learning rate of a step: up in a straight line, then down in another."""
        warm = max(1, round(self.steps * self.recipe.warm_up))
        rising, falling = (step + 1) / warm, (self.steps - step) / max(1, self.steps - warm)
        return self.recipe.rate * min(1.0, rising, falling)

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all. The schedule is a function of the step."""
        state = {
            "recipe": asdict(self.recipe),
            "items": self.digest,
            "step": self.step,
            "weights": {name: values.detach() for name, values in self.weights.items()},
            "optimiser": self.optimiser.state_dict(),
            "draws": torch.get_rng_state(),
            "device_draws": torch.cuda.get_rng_state() if self.device.type == "cuda" else None,
        }
        write_whole(path, lambda part: torch.save(state, part))

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint. Raises ValueError when it was made under another recipe or items."""
        mine, other = asdict(self.recipe), asdict(Recipe(**state["recipe"]))
        changed = [f"{key} {other[key]!r}, not {mine[key]!r}" for key in mine if other[key] != mine[key]]
        if changed:
            raise ValueError(f"The checkpoint was made with {'; '.join(changed)}. Resume with the same options.")
        if state["items"] != self.digest:
            raise ValueError("The checkpoint was made with other items: the code that makes them has changed.")
        with torch.no_grad():
            for name, values in self.weights.items():
                values.copy_(state["weights"][name])
        self.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["draws"].cpu())
        if state["device_draws"] is not None and self.device.type == "cuda":
            torch.cuda.set_rng_state(state["device_draws"].cpu())
        self.step = state["step"]


def digest(items: Iterable[Item]) -> str:
    """The sha256 of the items, in order."""
    content = hashlib.sha256()
    for item in items:
        content.update(repr((item.ids, item.first, item.targets)).encode())
    return content.hexdigest()


def span_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Minus the log of the chance of a right start, and of a right end, meaned.

    Where several are right their chances are added up (Clark and Gardner, 2018).
    """
    chances = logits.masked_fill(~batch.allowed, MASKED).log_softmax(-1)
    return -chances.masked_fill(~batch.right, MASKED).logsumexp(-1).mean()


class Progress:
    """Says on stderr how far a run is, how fast, and how long it will take."""

    def __init__(self, step: int, steps: int) -> None:
        self._first = self._step = step
        self._steps, self._started = steps, time.monotonic()
        self._losses: list[float] = []
        self._tokens = 0

    def add(self, loss: float, tokens: int) -> None:
        """Count a step; every twentieth says something."""
        self._step += 1
        self._losses.append(loss)
        self._tokens += tokens
        if self._step % REPORT_EVERY and self._step != self._steps:
            return
        passed = time.monotonic() - self._started
        pace = (self._step - self._first) / passed
        recent = self._losses[-REPORT_EVERY:]
        say(
            f"step {self._step} of {self._steps}: loss {sum(recent) / len(recent):.3f}, {pace:.2f} steps/s, "
            f"{self._tokens / passed:,.0f} wordpieces/s, {(self._steps - self._step) / pace / 60:.0f} min left"
        )


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` make a file beside `path`, then put it in its place; a crash leaves the old one."""
    part = path.with_name(f"{path.name}.part")
    write(part)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def say(line: str) -> None:
    """Print a line of progress."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
