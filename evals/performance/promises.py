"""What an answer promises, looked at once more by a cruder check than those that made it.

It opens the files itself, compares characters, and knows neither the verifier nor the sanitiser.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from assistant.answer import Answer, Claim
from assistant.commands.ask import Printer
from assistant.commands.draft_screen import DraftScreen
from evals.performance.generated_claims import strange_in
from index.lexical import STOP_WORDS, words

_STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_MARKS = "\u061c\u200e\u200f"
_OF_RICH = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""Colours and movements of a terminal, which only the program may have printed where drafts are painted."""
_NUMBERED = re.compile(r"\[[\d.]+\]")


class _Screen(io.StringIO):
    """A terminal that keeps what is printed."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def broken_claims(answer: Answer, corpus: Path, *, own_words: bool) -> list[str]:
    """Each promise about claims and citations that an answer breaks, in a sentence.

    Args:
        answer: to whatever question.
        corpus: the folder as it stands.
        own_words: whether a claim may be in a model's own words, if its sentences hold them; else it must quote.
    """
    texts = {path.name: path.read_text(encoding="utf-8-sig") for path in corpus.iterdir()}
    found = [
        f"{item.source.article}:{item.start}-{item.end} is not {item.quote!r}"
        for item in answer.citations
        if texts[item.source.article][item.start : item.end] != item.quote or not item.quote
    ]
    if [item.id for item in answer.citations] != list(range(1, len(answer.citations) + 1)):
        found.append("citations are not numbered from 1 on")
    shown = [claim for claim in answer.claims if claim.support != "unsupported"]
    for claim in shown:
        found += _broken(claim, answer, own_words=own_words)
    told = " ".join(f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}" for claim in shown)
    if answer.text != told:
        found.append("the text is not that of the claims that hold")
    for short in answer.shorts:
        article = answer.citations[short.citation - 1].source.article
        if texts[article][short.start : short.end] != short.text:
            found.append(f"the short answer {short.text!r} does not stand in {article}")
    for passage in answer.evidence:
        if texts[passage.source.article][passage.start : passage.end] != passage.text:
            found.append(f"a passage of {passage.source.article} is not what stands there")
    return found


def _broken(claim: Claim, answer: Answer, *, own_words: bool) -> Iterator[str]:
    if not claim.citations or not set(claim.citations) <= {item.id for item in answer.citations}:
        yield f"{claim.text!r} cites {claim.citations}"
        return
    cited = [answer.citations[number - 1] for number in claim.citations]
    if is_quoted(claim, answer):
        return
    if any(f" {bare(claim.text)} " in f" {bare(item.quote)} " for item in cited):
        return  # a part of a sentence, word for word
    if claim.support == "verbatim":
        yield f"{claim.text!r} is called verbatim, and is not"
    if not own_words:
        yield f"shown in words that no article has: {claim.text!r}"
        return
    quotes = " ".join(item.quote for item in cited)
    strange = [*strange_in(claim.text, answer, claim.citations)]
    strange += [mark for mark in _NUMBERED.findall(claim.text) if mark not in quotes]
    if strange:
        yield f"{', '.join(strange)} in {claim.text!r} stands in no passage cited"
    telling = set(words(claim.text)) - STOP_WORDS
    if 2 * len(telling & set(words(quotes))) < len(telling):
        yield f"most words of {claim.text!r} stand in no sentence cited"


def is_quoted(claim: Claim, answer: Answer) -> bool:
    """Whether a claim is one of the sentences that it cites, or all of them in the order of the file."""
    cited = [answer.citations[number - 1] for number in claim.citations]
    in_order = sorted(cited, key=lambda item: (item.source.article, item.start))
    joined = " ".join(item.quote for item in in_order)
    return " ".join(claim.text.split()) in {" ".join(text.split()) for text in (joined, *(i.quote for i in cited))}


def bare(text: str) -> str:
    """Its words without signs, in lower case, a space between them."""
    return " ".join(words(text))


def printed(answer: Answer, draft: str) -> dict[str, str]:
    """What `parley ask` prints of an answer in a pipe, as JSON, and on a terminal, its draft apart."""
    shown: dict[str, str] = {}
    for name, as_json in (("pipe", False), ("json", True)):
        with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as out:
            Printer(as_json=as_json).answer(answer, {})
            out.seek(0)
            shown[name] = out.read()
    # A terminal without colours gets no sequence of the program's own: any that is there is a stranger's.
    with _terminal("dumb"), redirect_stdout(_Screen()) as screen:
        Printer(as_json=False).answer(answer, {})
        shown["terminal"] = screen.getvalue()
    with _terminal("xterm"), redirect_stdout(_Screen()) as screen:
        with DraftScreen(answer.backend) as drafts:
            drafts.add(draft)
        shown["draft"] = _OF_RICH.sub("", screen.getvalue()).replace("\r", "")
    return shown


def hostile_in(text: str) -> list[str]:
    """Characters that steer a terminal, or the order in which text is read, as Unicode classes them."""
    return sorted(
        {
            f"U+{ord(sign):04X}"
            for sign in text
            if (unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} and sign != "\n")
            or unicodedata.bidirectional(sign) in _STEERING
            or sign in _MARKS
        }
    )


@contextmanager
def _terminal(kind: str) -> Iterator[None]:
    before = os.environ.get("TERM")
    os.environ["TERM"] = kind
    try:
        yield
    finally:
        if before is None:
            del os.environ["TERM"]
        else:
            os.environ["TERM"] = before
