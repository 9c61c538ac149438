"""The questions that a first run offers, for folders of articles, to be read by somebody.

    python -m evals.performance.starter_questions CORPUS... [--state DIR]

For each folder it prints what was offered, with the short answer and the first sentence of each, what was tried
and left out, and how long it took once models and index were loaded; then how many answers hold the sentence that
their question was made from. Whether a question is good English only its reader can tell.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.assistant import Assistant
from assistant.commands.narration import Narrator
from assistant.sanitize import sanitize_line
from assistant.starters.asking import Tried, stands_in, try_out

OFFERED = 3
"""Questions that a first run shows."""


def try_folder(corpus: Path, states: Path) -> tuple[list[Tried], float]:
    """What was tried, and the seconds that took without loading."""
    with Assistant.open(corpus, states, listener=Narrator(quiet=True)) as assistant:
        assistant.ask("Is everything loaded?")
        began = time.perf_counter()
        return list(try_out(assistant, OFFERED)), time.perf_counter() - began


def rests_on_source(tried: Tried) -> bool:
    """Whether the answer cites the sentence that its question was made from."""
    made = tried.made_from
    return made is not None and any(stands_in(citation, made.reading) for citation in tried.answer.citations)


def _show(tried: Tried) -> None:
    answer = tried.answer
    told = [answer.short.text] if answer.short else []
    told += [citation.quote for citation in answer.citations[:1]]
    mark = "+" if tried.made_from else "-"
    print(f"  {mark} {tried.question}  ({answer.confidence:.2f})")
    for line in told if tried.made_from else ():
        print(f"      {sanitize_line(line)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is offered for each folder; 1 if nothing is for any."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--state", type=Path, metavar="DIR", help="where the indexes are kept, else nowhere")
    chosen = parser.parse_args(arguments)
    offered: list[Tried] = []
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as states:
        for corpus in chosen.corpora:
            tried, spent = try_folder(corpus, chosen.state or Path(states))
            print(f"{corpus.name}: {spent:.2f} s")
            for one in tried:
                _show(one)
            offered += [one for one in tried if one.made_from]
            seconds.append(spent)
    rested = sum(map(rests_on_source, offered))
    print(f"{len(offered)} questions for {len(seconds)} folders, {rested} answered with their own sentence;")
    print(f"at most {max(seconds):.2f} s a folder")
    return int(not offered)


if __name__ == "__main__":
    sys.exit(main())
