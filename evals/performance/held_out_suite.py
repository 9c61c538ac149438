"""Write the encyclopedia articles that no reader was trained on as a suite: what choices are made on.

    python -m evals.performance.held_out_suite DATA FOLDER

DATA is the folder with `train.json.gz`; of its articles the tenth that training holds out is taken, without heaps
of posts and reviews, which are no articles. Questions that the article was found not to answer come along: near
misses. A question's evidence is the sentences that hold its answers, alternatives of one need.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.answering.reader_model.data import Article, Question, read_articles, split
from assistant.answering.reader_model.retrieved import LEANING
from index.segmentation import segment

FEWEST_PARAGRAPHS = 10
"""An article of fewer is a post or a review."""


def write_suite(data: Path, folder: Path) -> int:
    """Write the suite in the layout that docs/evaluation.md describes; the number of its questions.

    Raises OSError and ValueError for data that cannot be read.
    """
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    lines = []
    for article in split(read_articles(data / "train.json.gz"))[1]:
        if len(article.paragraphs) >= FEWEST_PARAGRAPHS and article.paragraphs[0][0].source not in LEANING:
            name = article.title.lower().replace("_", "-")
            (folder / "corpus" / f"{name}.txt").write_text(_text(article), encoding="utf-8")
            lines += [json.dumps(entry, ensure_ascii=False) for entry in _entries(article, name)]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def _text(article: Article) -> str:
    paragraphs = "\n\n".join(asked[0].paragraph for asked in article.paragraphs)
    return f"Title: {article.title.replace('_', ' ')}\n\n{paragraphs}\n"


def _entries(article: Article, name: str) -> Iterator[dict[str, Any]]:
    for asked in article.paragraphs:
        sentences = [(item.start, item.end) for item in segment(asked[0].paragraph)]
        for question in asked:
            quotes = _quotes(question, sentences)
            if quotes or not question.answers:
                yield {
                    "id": question.id,
                    "question": question.text,
                    "answers": list(dict.fromkeys(answer.text for answer in question.answers)),
                    "answerable": bool(question.answers),
                    "evidence": [{"doc": name, "quote": quote, "need": 0} for quote in quotes],
                    "asked_on": {"doc": name},
                }


def _quotes(question: Question, sentences: list[tuple[int, int]]) -> list[str]:
    """The sentences in which answers stand whole, in order."""
    held = [
        (start, end)
        for answer in question.answers
        for start, end in sentences
        if start <= answer.start and answer.end <= end
    ]
    return [question.paragraph[start:end] for start, end in dict.fromkeys(held)]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with train.json.gz")
    parser.add_argument("folder", type=Path, help="where the suite goes")
    arguments = parser.parse_args()
    print(f"{write_suite(arguments.data, arguments.folder)} questions")


if __name__ == "__main__":
    main()
