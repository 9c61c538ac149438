"""How well the check of claims tells proven ones from others: false accepts and false rejects, by kind.

    python -m evals.performance.claim_checks --half tuning [--ids] [--bare]

The claims are those of `evals/gold/claims`. The rules were made on the tuning half, on `further` claims about the
same articles and on `made_up` ones about sentences that stand in no article; `second` claims are about articles
that no rule was made on. An unproven claim that passes is a
false accept (asked: at most 2 %), a proven one that is struck a false reject (asked: at most 15 %); intervals are
Wilson's, of 95 %. `--ids` lists the mistakes with their reasons; of the frozen half and of `second` nobody should
learn more than figures. `--bare` leaves embeddings out. The last line gives the time for a claim, embeddings
apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.support.checking import why_unsupported
from assistant.answering.support.cited import Cited
from assistant.locations import sample_corpus
from evals.metrics import wilson
from index.articles import Article, parse_article
from index.encoder import OnnxEmbedder
from index.remembering import RememberingEmbedder

CLAIMS = Path(__file__).parent.parent / "gold" / "claims"
ARTICLES = CLAIMS / "articles"
"""What the claims of `second` cite."""
HALVES = ("tuning", "frozen")
FURTHER, MADE_UP = "further", "made_up"
SECOND = "second"
UNSEEN = ("frozen", SECOND)
"""Of these only figures are told."""
AROUND = 700
"""Characters of the article on either side of a cited sentence that are its context: about a passage."""
MOST_FALSE_ACCEPTS, MOST_FALSE_REJECTS = 0.02, 0.15

Similarity = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True)
class Labelled:
    """A claim of the gold file with what it cites."""

    id: str
    kind: str
    supported: bool
    claim: str
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class Checked:
    """A labelled claim, and why it was found unsupported; None where it passed."""

    labelled: Labelled
    reason: str | None

    @property
    def wrong(self) -> bool:
        """Whether the check and the label differ."""
        return (self.reason is None) != self.labelled.supported


def read_claims(half: str) -> Iterator[Labelled]:
    """The claims of one half, in the order of the file."""
    if half == MADE_UP:
        yield from _read_made_up()
        return
    articles: dict[str, Article] = {}
    for line in (CLAIMS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        cited = []
        for cite in entry["cites"]:
            doc = cite["doc"]
            if doc not in articles:
                folder = ARTICLES if half == SECOND else sample_corpus()
                articles[doc] = parse_article(doc, (folder / f"{doc}.txt").read_bytes())
            cited.append(cite_sentence(articles[doc], cite["quote"]))
        yield Labelled(
            entry["id"], entry.get("kind", half), entry["label"] == "supported", entry["claim"], tuple(cited)
        )


def _read_made_up() -> Iterator[Labelled]:
    for line in (CLAIMS / f"{MADE_UP}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        context = " ".join(entry["sentences"])
        cited = tuple(Cited(sentence, context=context) for sentence in entry["sentences"])
        for label in ("supported", "unsupported"):
            for number, claim in enumerate(entry[label], 1):
                identity = f"{entry['id']}-{label[0]}{number}"
                yield Labelled(identity, "made up", label == "supported", claim, cited)


def cite_sentence(article: Article, quote: str) -> Cited:
    """A sentence as an answer cites it, with the text around it."""
    start = article.text.index(quote)
    context = article.text[max(0, start - AROUND) : start + len(quote) + AROUND]
    known = article.metadata
    return Cited(quote, known.outlet, known.title, known.published, context)


def similarity_of(embedder: RememberingEmbedder) -> Similarity:
    """The cosine of a text and each of others, by the encoder."""

    def similarity(text: str, others: Sequence[str]) -> list[float]:
        rows = embedder.embed([text, *others])
        return [float(rows[0] @ row) for row in rows[1:]]

    return similarity


def rate(mistakes: int, n: int) -> str:
    """A share with its interval: `1.0 % (1 of 100; 0.2 to 5.4 %)`."""
    low, high = wilson(mistakes, n)
    return f"{100 * mistakes / n:.1f} % ({mistakes} of {n}; {100 * low:.1f} to {100 * high:.1f} %)"


def report(checked: Sequence[Checked], ids: bool) -> bool:
    """Print rates, all and by kind; whether both are as asked."""
    kept = True
    for supported, name, most in (
        (False, "false accepts", MOST_FALSE_ACCEPTS),
        (True, "false rejects", MOST_FALSE_REJECTS),
    ):
        group = [each for each in checked if each.labelled.supported is supported]
        mistakes = sum(each.wrong for each in group)
        print(f"{name}: {rate(mistakes, len(group))}, asked: at most {100 * most:.0f} %")
        for kind in dict.fromkeys(each.labelled.kind for each in group):
            of_kind = [each for each in group if each.labelled.kind == kind]
            print(f"  {kind:<12}{rate(sum(each.wrong for each in of_kind), len(of_kind))}")
        kept = kept and mistakes <= most * len(group)
        for each in group:
            if ids and each.wrong:
                print(f"  {each.labelled.id} {each.labelled.kind}: {each.reason or 'passed'}")
    return kept


def main() -> int:
    """Check one half and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=[*HALVES, FURTHER, MADE_UP, SECOND], required=True)
    parser.add_argument("--ids", action="store_true", help="list the mistakes; not of unseen claims")
    parser.add_argument("--bare", action="store_true", help="without embeddings")
    arguments = parser.parse_args()
    if arguments.ids and arguments.half in UNSEEN:
        parser.error(f"of {arguments.half} figures alone are told")
    claims = list(read_claims(arguments.half))
    spent = time_check(claims)
    similarity = None if arguments.bare else similarity_of(RememberingEmbedder(OnnxEmbedder()))
    checked = [Checked(each, why_unsupported(each.claim, each.cited, similarity)) for each in claims]
    kept = report(checked, arguments.ids)
    print(f"{spent:.1f} ms a claim, its sentences included and embeddings left out")
    return 0 if kept else 1


def time_check(claims: Sequence[Labelled]) -> float:
    """Milliseconds for a claim, sentences and all, once the word lists are read."""
    why_unsupported(claims[0].claim, claims[0].cited, None)
    began = time.perf_counter()
    for each in claims[1:]:
        why_unsupported(each.claim, each.cited, None)
    return 1000 * (time.perf_counter() - began) / (len(claims) - 1)


if __name__ == "__main__":
    sys.exit(main())
