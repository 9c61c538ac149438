"""What a language model writes, and what of it is shown: how much is struck, and what should not have got through.

    python -m evals.performance.generated_claims --backend NAME[:MODEL] [--cases 60] [--context TOKENS]
        [--reply TOKENS] [--dump FILE] [--labels FILE]

Asks gold questions that the articles answer, drawn with a fixed seed. Of the sentences that the model wrote it
counts those shown and struck; of the shown ones those with a figure or a name that stands in no passage that they
cite, by a check of its own that knows nothing of the one that decides; and compares what the raw text and the
shown one contain of the gold answers. `--dump` writes every sentence, one JSON a line, for people to label
(`"good": true` where the articles prove it); with `--labels` such a file tells how many good ones were struck, and
how many others shown.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.answer import Answer, Claim
from assistant.answering.reply import Reply
from assistant.assistant import Answered, Assistant, Delta
from assistant.backends.choosing import Choice, backend_for
from assistant.backends.protocol import LONGEST_REPLY, Backend, BackendEvent, Request
from assistant.commands.narration import Narrator
from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.metrics import wilson
from evals.scorers.answer import contained
from index.encoder import OnnxEmbedder

SEED = 11
MOST_STRANGE = 0.05
"""Share of shown sentences with a strange figure or name, above which it fails; none is the goal."""
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’.-]+")
"""A capital inside a sentence; the first word says nothing."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, and what became of it."""

    case: str
    question: str
    text: str
    shown: bool
    reason: str | None
    quotes: tuple[str, ...]
    """Of the sentences that it cites."""
    strange: tuple[str, ...]
    """Figures and names in it that stand in no passage that it cites."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and what came of it."""

    raw_right: bool | None
    """Whether the raw text contains a gold answer; None where none is expected word for word."""
    shown_right: bool | None
    written: tuple[Written, ...]


class Narrowed:
    """A backend that is shown and asked for less, so that a small machine can be asked many questions."""

    def __init__(self, backend: Backend, context: int | None, longest_reply: int) -> None:
        self.name = backend.name
        self.context = context
        self._backend = backend
        self._longest_reply = longest_reply

    def stream(self, request: Request) -> AsyncGenerator[BackendEvent]:
        """The reply to a request, cut off where it gets too long."""
        return self._backend.stream(replace(request, longest_reply=self._longest_reply))

    async def aclose(self) -> None:
        """Close the backend."""
        await self._backend.aclose()


def ask(assistant: Assistant, case: Case) -> Asked:
    """Put a question to the model."""
    raw = ""
    for event in assistant.stream(case.question):
        if isinstance(event, Delta):
            raw = event.text if event.anew else raw + event.text
        if isinstance(event, Answered):
            answer = event.answer
    reply = Reply()
    reply.feed(raw)
    shown = {claim.text: claim for claim in answer.claims}
    written = tuple(
        _written(case, sentence.text, shown.get(sentence.text), answer) for sentence in reply.sentences()
    )
    return Asked(_contains(case, raw), _contains(case, answer.text), written)


def _written(case: Case, text: str, claim: Claim | None, answer: Answer) -> Written:
    """A sentence of the reply; where no answer was left, no claims are, either."""
    citations = claim.citations if claim else ()
    return Written(
        case.id,
        case.question,
        text,
        claim is not None and claim.support != "unsupported",
        claim.reason if claim else None,
        tuple(answer.citations[number - 1].quote for number in citations),
        strange_in(text, answer, citations),
    )


def strange_in(text: str, answer: Answer, citations: Sequence[int]) -> tuple[str, ...]:
    """Figures and names of a text that stand nowhere in the passages around its citations."""
    cited = [answer.citations[number - 1] for number in citations]
    passages = [
        passage.text
        for passage in answer.evidence
        for citation in cited
        if passage.source == citation.source and passage.start <= citation.start and citation.end <= passage.end
    ]
    sources = [
        f"{item.source.outlet or ''} {item.source.title or ''} {item.source.published or ''}" for item in cited
    ]
    there = " ".join([*passages, *sources]).casefold().replace(",", "")
    told = [*_FIGURE.findall(text), *(part for name in _NAME.findall(text) for part in name.split("-"))]
    return tuple(item for item in told if item.casefold().replace(",", "").rstrip(".'’s") not in there)


def _contains(case: Case, text: str) -> bool | None:
    attempt = Attempt(case.id, case.question, "answered" if text else "not_found", text=text)
    value = contained(case, attempt).value
    return None if value is None else bool(value)


def report(asked: Sequence[Asked], labels: Sequence[dict[str, object]]) -> None:
    """Print the figures."""
    written = [item for one in asked for item in one.written]
    shown = [item for item in written if item.shown]
    print(f"{len(asked)} questions, {len(written)} sentences written and checked")
    print(f"  struck: {_share(len(written) - len(shown), len(written))}")
    strange = [item for item in shown if item.strange]
    print(f"  shown with a figure or name that stands in no passage cited: {len(strange)} of {len(shown)}")
    for item in strange:
        print(f"    {item.case}: {', '.join(item.strange)} in {item.text!r}")
    holding = sum(any(item.shown for item in one.written) for one in asked)
    print(f"  answers that still hold a sentence of the model's: {_share(holding, len(asked))}")
    judged = [one for one in asked if one.raw_right is not None]
    raw, right = sum(bool(one.raw_right) for one in judged), sum(bool(one.shown_right) for one in judged)
    print(f"  a gold answer stands in the raw text: {_share(raw, len(judged))}")
    print(f"  and in what is shown: {_share(right, len(judged))}")
    good = {(str(label["case"]), str(label["text"])): bool(label["good"]) for label in labels}
    known = [(item, good[item.case, item.text]) for item in written if (item.case, item.text) in good]
    if known:
        of_good = [item for item, is_good in known if is_good]
        of_shown = [is_good for item, is_good in known if item.shown]
        print(f"  labelled by hand: {len(known)}")
        print(f"  good, and struck: {_share(sum(not item.shown for item in of_good), len(of_good))}")
        print(f"  shown, and not good: {_share(of_shown.count(False), len(of_shown))}")


def _share(count: int, of: int) -> str:
    if not of:
        return "none of none"
    low, high = wilson(count, of)
    return f"{count} of {of}, {count / of:.3f} [{low:.3f}, {high:.3f}]"


def main() -> int:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backend", required=True, help="as parley ask takes it")
    parser.add_argument("--base-url", help="where its server is")
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--context", type=int, help="show it less: as much as fits so many tokens, with the reply")
    parser.add_argument("--reply", type=int, default=LONGEST_REPLY, help="tokens that it may reply with at most")
    parser.add_argument("--dump", type=Path, help="write the sentences there")
    parser.add_argument("--labels", type=Path, help="sentences that people labelled")
    arguments = parser.parse_args()
    suite = Suite.gold()
    cases = [case for case in suite.cases if case.answerable and not case.history]
    random.Random(SEED).shuffle(cases)  # noqa: S311  a sample, no secret
    backend = backend_for(Choice.of(arguments.backend), arguments.base_url)
    if backend is None:
        parser.error("the extractive backend writes nothing")
    narrowed = Narrowed(backend, arguments.context or backend.context, arguments.reply)
    with (
        tempfile.TemporaryDirectory() as states,
        Assistant.open(
            suite.corpus, Path(states), OnnxEmbedder(), Narrator(quiet=True), backend=narrowed
        ) as assistant,
    ):
        asked = []
        for number, case in enumerate(cases[: arguments.cases], start=1):
            print(f"\r{number} of {arguments.cases}", end="", file=sys.stderr, flush=True)
            asked.append(ask(assistant, case))
        print("\r", end="", file=sys.stderr)
    if arguments.dump:
        lines = [json.dumps(asdict(item), ensure_ascii=False) for one in asked for item in one.written]
        arguments.dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    labels = arguments.labels.read_text(encoding="utf-8").splitlines() if arguments.labels else []
    report(asked, [json.loads(line) for line in labels])
    shown = [item for one in asked for item in one.written if item.shown]
    return int(sum(bool(item.strange) for item in shown) > MOST_STRANGE * len(shown))


if __name__ == "__main__":
    sys.exit(main())
