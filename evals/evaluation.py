"""One evaluation from start to end: open the index, try the cases, and keep what came of them in a run file."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant.answering.confidence import threshold
from assistant.assistant import Assistant
from assistant.retrieval import DEPTH
from evals.cases import Suite
from evals.fingerprints import corpus_fingerprint, index_fingerprint, suite_fingerprint
from evals.run_file import SCHEMA, RunFileError, RunWriter, read_run
from evals.runner import Progress, Selection, run
from evals.solvers import DENSE_WEIGHTS, solver_over
from index.keeping import KeptIndex


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Who words the answers."""

    backend: str
    """As it is called with --backend, the model included."""
    base_url: str | None = None
    """Where its server is; None where none is asked."""
    price: str | None = None
    """READ/WRITTEN: what a million tokens cost; None where nobody said."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A suite and how it is tried; the assistant must be open over its articles."""

    suite: Suite
    solver: str
    asked: AskedOf
    tell: Callable[[Progress], None]
    min_confidence: float | None = None
    """What the assistant was opened with; None for the shipped threshold."""

    def start(self, assistant: Assistant, path: Path, selection: Selection) -> None:
        """Try the selected cases, into a new file.

        Raises:
            RunFileError: the file exists, or cannot be written.
            ConfigurationError: the suite has no such case.
            IndexingError: corpus or index cannot be used.
        """
        cases = selection.of(self.suite)
        chosen = {"limit": selection.limit, "seed": selection.seed, "cases": [case.id for case in cases]}
        with RunWriter.begin(path, {**self._header(assistant.kept), "selection": chosen}) as writer:
            run(cases, solver_over(assistant, self.solver, self.suite), writer, self.tell)

    def resume(self, assistant: Assistant, path: Path) -> None:
        """Try the cases that a run has not come to.

        Raises:
            RunFileError: it is no run, or one of something else.
            IndexingError: corpus or index cannot be used.
        """
        header = self._header(assistant.kept)
        writer, begun = RunWriter.resume(path)
        with writer:
            others = [name for name in header if name != "run" and header[name] != begun.header.get(name)]
            if others:
                told = f"{path} was begun with another {' and '.join(others)}"
                raise RunFileError(told, "go on with what it was begun with, or begin anew without --resume")
            missing = set(begun.missing)
            left = [case for case in self.suite.cases if case.id in missing]
            run(left, solver_over(assistant, self.solver, self.suite), writer, self.tell)

    @property
    def _threshold(self) -> float:
        return threshold(read=True) if self.min_confidence is None else self.min_confidence

    def _header(self, kept: KeptIndex) -> dict[str, Any]:
        """What was run, and on what. Brings the index up to date first."""
        kept.refresh()
        return {
            "schema": SCHEMA,
            "suite": {
                "name": self.suite.name,
                "fingerprint": suite_fingerprint(self.suite),
                "cases": len(self.suite.cases),
            },
            "corpus": {"fingerprint": corpus_fingerprint(self.suite), "articles": kept.reader.catalog.counts()[0]},
            "index": _index(kept),
            "solver": self.solver,
            "backend": self.asked.backend if self.solver == "full" else None,
            "base_url": self.asked.base_url if self.solver == "full" else None,
            "min_confidence": self.min_confidence,
            "settings": {"dense_weight": DENSE_WEIGHTS[self.solver], "depth": DEPTH, "threshold": self._threshold},
            "version": metadata.version("parley"),
            "commit": commit(),
            "run": {
                "started": datetime.now(UTC).isoformat(timespec="seconds"),
                "suite": str(self.suite.folder.resolve()),
                "python": platform.python_version(),
                "machine": f"{platform.system()} {platform.machine()}",
                "price": self.asked.price if self.solver == "full" else None,
            },
        }


def _index(kept: KeptIndex) -> dict[str, Any]:
    catalog = kept.reader.catalog
    manifest = catalog.manifest()
    assert manifest is not None  # noqa: S101 - a refreshed index has one
    passage_ids = catalog.passage_ids()
    return {
        "fingerprint": index_fingerprint(manifest, passage_ids),
        "encoder": manifest.encoder,
        "splitter": manifest.splitter,
        "passages": len(passage_ids),
    }


def commit() -> str | None:
    """The commit this program was checked out at, with a plus sign where files differ from it; None elsewhere."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    asked = ("git", "-C", str(root), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+")
    try:
        described = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None


def unfinished(folder: Path) -> Path:
    """The latest run in a folder that cases are missing from.

    What is no run, such as a file whose first line was never finished, is passed over.

    Raises:
        RunFileError: there is none.
    """
    for path in sorted(folder.glob("*.jsonl"), reverse=True):
        with suppress(RunFileError):
            if read_run(path).missing:
                return path
    raise RunFileError(f"{folder} holds no unfinished run", "leave --resume out to begin a new one")


def new_run(folder: Path, solver: str) -> Path:
    """Where a run goes that nobody named a file for; later ones sort behind earlier ones."""
    return folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{solver}.jsonl"
