"""Small files in the format of SQuAD, for the tests of the reader's training."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NORMANS = (
    "The Normans were the people who in the 10th century gave their name to Normandy, a region in France. "
    "Their leader Rollo agreed to swear fealty to King Charles in 911."
)
VIKINGS = (
    "Vikings from Denmark first raided the coast of England in 793. "
    "Their ships, of oak and pine, reached the walls of Paris in 845."
)


def qa(identity: str, question: str, paragraph: str, *answers: str, offset: int | None = None) -> dict[str, Any]:
    """A question in the format of SQuAD; an answer stands where it first does, unless told otherwise."""
    found = [
        {"text": text, "answer_start": paragraph.index(text) if offset is None else offset} for text in answers
    ]
    return {"id": identity, "question": question, "answers": found, "is_impossible": not answers}


def article(
    title: str, *paragraphs: tuple[str, Sequence[dict[str, Any]]], source: str = "squad2"
) -> dict[str, Any]:
    """An article in the format of SQuAD."""
    held = [{"context": text, "qas": list(asked)} for text, asked in paragraphs]
    return {"title": title, "source": source, "paragraphs": held}


def write(path: Path, *articles: dict[str, Any]) -> Path:
    """Write a gzip file in the format of SQuAD."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"version": "test", "data": list(articles)}, file)
    return path


def peoples() -> dict[str, Any]:
    """An article of two paragraphs with two answerable questions each and one that has no answer."""
    return article(
        "Peoples",
        (
            NORMANS,
            [
                qa("n1", "In what country is Normandy located?", NORMANS, "France"),
                qa("n2", "Who was the leader of the Normans?", NORMANS, "Rollo"),
                qa("n3", "Who was the leader of the Danes?", NORMANS),
            ],
        ),
        (
            VIKINGS,
            [
                qa("v1", "When did Vikings from Denmark raid the coast of England?", VIKINGS, "793", "in 793"),
                qa("v2", "What were their ships made of?", VIKINGS, "oak and pine"),
            ],
        ),
    )
