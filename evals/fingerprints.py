"""Fingerprints of content: equal for equal suites and indexes, wherever they lie and whoever made them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from evals.cases import Suite
from index.catalog import Manifest

LENGTH = 16
"""Hexadecimal digits kept: 64 bits, far more than it takes to tell suites apart."""


def corpus_fingerprint(suite: Suite) -> str:
    """Of what the articles hold and what is stated beside them; of no name of a file."""
    stated = [path for path in _metadata(suite) if path.is_file()]
    articles = [suite.corpus / path for path in sorted(set(suite.files.values()))]
    return _digest(sorted(_content(path) for path in (*articles, *stated)))


def suite_fingerprint(suite: Suite) -> str:
    """Of the questions and of the articles they are asked about."""
    return _digest([_content(suite.questions), corpus_fingerprint(suite)])


def index_fingerprint(manifest: Manifest, passage_ids: Iterable[str]) -> str:
    """Of the passages, what was encoded of them, and how: equal indexes answer alike."""
    return _digest([manifest.encoder, manifest.space, manifest.splitter, *sorted(passage_ids)])


def _metadata(suite: Suite) -> tuple[Path, ...]:
    """The two places where a suite may state titles and dates."""
    return suite.corpus / "metadata.jsonl", suite.folder / "metadata.jsonl"


def _content(path: Path) -> str:
    # A checkout may have turned the ends of lines; the text, and with it every offset, is the same.
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:LENGTH]
